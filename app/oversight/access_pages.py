"""HTML and JSON doors of accesses that nothing explains: the report, the question, the answer, the end."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.kit.errors import Unknown
from app.oversight import accesses
from app.oversight.accesses import MOST_DAYS, Question, Report
from app.oversight.explaining import EXPLAINED
from app.oversight.forms import CAME_OF_IT, WHY, AskWhy, CloseQuestion, SayWhy
from app.safeguards.matrix import MATRIX
from app.safeguards.words import Role
from app.web.binding import bind
from app.web.door import Door, Typed
from app.web.drawing import draw
from app.web.page import language_of, render
from app.web.repeats import see_other, told

router = APIRouter()
HERE, MINE = "/oversight/accesses", "/questions"
Days = Annotated[int, Query(ge=1, le=MOST_DAYS)]


@router.get(HERE, name="oversight.accesses")
def report(request: Request, work: Door, days: Days = 30) -> Response:
    """Show what the reader’s people opened, and what of it nothing explains."""
    language = language_of(request)
    return render(
        request, "oversight/accesses.html", report=accesses.report(work, days), explained=EXPLAINED, why=WHY,
        outcomes=CAME_OF_IT, spans=(7, 30, MOST_DAYS), stands_in=work.actor.role is Role.AUD,
        role_name=lambda code: MATRIX.name(Role(code), language),
    )  # fmt: skip


@router.post(HERE + "/{case_id}/{user_id}/{day}", name="oversight.ask_access")
def ask(request: Request, work: Door, case_id: UUID, user_id: UUID, day: dt.date) -> Response:
    """Ask a person why."""
    accesses.ask(work, case_id, user_id, day)
    return see_other(request, HERE)


@router.post(HERE + "/{question_id}", name="oversight.close_access")
def close(request: Request, work: Door, question_id: UUID, sent: Typed) -> Response:
    """Say what came of a question, with the button that was pressed."""
    code = next((each for each in CAME_OF_IT if each in sent), None)
    if code is None:
        raise Unknown
    accesses.close(work, question_id, code)
    return see_other(request, "/begin/data_breach" if code == "breach" else HERE)


@router.get(MINE, name="oversight.questions")
def questions(request: Request, work: Door) -> Response:
    """Show the questions that were put to the reader."""
    return render(request, "oversight/questions.html", questions=accesses.to_answer(work), form=draw(SayWhy))


@router.post(MINE + "/{question_id}", name="oversight.answer_access")
def answer(request: Request, work: Door, question_id: UUID, sent: Typed) -> Response:
    """Answer a question."""
    bound = bind(SayWhy, sent)
    if bound.value is None:
        form = draw(SayWhy, bound.typed, faults=bound.faults)
        waiting = [each for each in accesses.to_answer(work) if each.id == question_id]
        return render(request, "oversight/questions.html", 422, questions=waiting, form=form)
    accesses.answer(work, question_id, bound.value.answer)
    return see_other(request, MINE)


@router.get("/api" + HERE, name="api.oversight.accesses")
def told_report(work: Door, days: Days = 30) -> dict[str, Any]:
    """Return what the reader’s people opened, and what of it nothing explains."""
    found: Report = accesses.report(work, days)
    return {**vars(found), "share": found.share}


@router.post("/api" + HERE, name="api.oversight.ask_access", status_code=201)
def told_ask(request: Request, work: Door, form: AskWhy) -> Response:
    """Ask a person why."""
    return told(request, {"question_id": str(accesses.ask(work, form.case_id, form.user_id, form.day))}, 201)


@router.post("/api" + HERE + "/{question_id}", name="api.oversight.close_access")
def told_close(request: Request, work: Door, question_id: UUID, form: CloseQuestion) -> Response:
    """Say what came of a question."""
    accesses.close(work, question_id, form.outcome)
    return told(request, {})


@router.get("/api" + MINE, name="api.oversight.questions")
def told_questions(work: Door) -> list[Question]:
    """Return the questions that were put to the reader."""
    return accesses.to_answer(work)


@router.post("/api" + MINE + "/{question_id}", name="api.oversight.answer_access")
def told_answer(request: Request, work: Door, question_id: UUID, form: SayWhy) -> Response:
    """Answer a question."""
    accesses.answer(work, question_id, form.answer)
    return told(request, {})
