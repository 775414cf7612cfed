"""Pages of steps: the form with what was typed, what stands against it, both versions after a conflict."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from app.casework import asking, offered, service
from app.casework.acts import bar
from app.casework.answers import answers
from app.casework.asking import Asked
from app.casework.naming import reader_of
from app.casework.panels import timeline
from app.casework.reader import Reader
from app.casework.service import Taken
from app.kit.errors import Fault, Problem, Stale
from app.safeguards.fields import Form
from app.safeguards.words import Act
from app.safeguards.work import Work
from app.web.door import Typed
from app.web.drawing import draw
from app.web.page import language_of, render


def take(work: Work, asked: Asked, form: Form, version: int | None) -> Taken:
    """Take the step, or leave everything as it was; raises Refused and Stale."""
    with work.attempt():
        if asked.track_id is None:
            return service.open_track(work, asked.case_id, asked.declared.slug, asked.step.name, form)
        return service.take_step(work, asked.track_id, asked.step.name, form, version=version)


def sent_version(asked: Asked, sent: Typed) -> int | None:
    """Return the version that a page was drawn for; a track that is being opened has none."""
    return asking.sent_version(sent.get("version")) if asked.track_id else None


def record_refused(request: Request, work: Work, asked: Asked, problem: Problem) -> None:
    """Put a refusal on the ledger; the page keeps what was typed, so the door does not see the problem."""
    work.record(
        Act.REFUSE, case_id=asked.case_id, door=request.scope["route"].name, kind=problem.kind,
        **problem.named,
    )  # fmt: skip


def show(  # noqa: PLR0913 -- the last two are named at the call
    request: Request, work: Work, asked: Asked, typed: Any = None, *, faults: Iterable[Fault] = (),
    status: int = 200,
) -> Response:  # fmt: skip
    """Draw the step's form with what was typed, and what is wrong or stands against it."""
    told = tuple(faults)
    choices = offered.options(work, asked, language_of(request))
    begun = offered.first_typed(asked, choices) if typed is None else typed
    form = draw(
        asked.step.form, begun, faults=told, options=choices, only=offered.fitting(asked, choices),
        needed=offered.must_answer(asked, choices),
    )  # fmt: skip
    reader = _reader(request, work, asked)
    ruled = [bar(each, reader) for each in told if each.source or each.rule]
    return render(request, "casework/step.html", status, asked=asked, form=form, bars=ruled)


def show_blocked(request: Request, work: Work, asked: Asked, against: Iterable[Fault]) -> Response:
    """Say calmly which rules stand against the step and what would unblock it."""
    reader = _reader(request, work, asked)
    bars = [bar(each, reader) for each in against]
    return render(request, "casework/blocked.html", asked=asked, bars=bars)


def show_stale(request: Request, work: Work, asked: Asked, typed: Any, stale: Stale) -> Response:
    """Show what was sent beside how the track stands now; what was typed stays in the form, if it still fits."""
    assert asked.track_id is not None
    now = asking.asked_step(work, asked.case_id, asked.track_id, asked.step.name)
    reader = _reader(request, work, asked)
    sent = answers(
        asked.step.form, {name: each for name, each in stale.sent.items() if name != "version"}, reader
    )
    against, track = now.against(), now.facts.this
    assert track is not None
    missed = replace(track, history=track.history[stale.sent["version"] :])
    form = (
        None
        if against
        else draw(now.step.form, typed, options=offered.options(work, now, language_of(request)))
    )
    return render(
        request, "casework/stale_step.html", stale.status, asked=now, sent=sent, form=form,
        told=timeline([missed], reader), state=now.declared.state(track.state).label,
        bars=[bar(each, reader) for each in against],
    )  # fmt: skip


def _reader(request: Request, work: Work, asked: Asked) -> Reader:
    return reader_of(work, asked.case_id, asked.facts.profile.zone, language_of(request))
