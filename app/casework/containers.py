"""What stands on a container of its own because there is no case for it yet: a call, a request, a breach."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Request
from fastapi.responses import Response

from app.cases import service as cases
from app.casework import service as engine
from app.casework.acts import bar
from app.casework.asking import Asked
from app.casework.offered import first_typed
from app.casework.reader import Reader
from app.casework.service import Taken
from app.kit.clock import local_day
from app.kit.errors import Fault, Refused
from app.procedure.declaration import Step, Track
from app.procedure.facts import ActorFacts, Facts
from app.profiles.profile import load
from app.safeguards.doors import ACCESS
from app.safeguards.fields import Form
from app.safeguards.words import Act, Role
from app.safeguards.work import Work
from app.settings import settings
from app.tracks import TRACKS
from app.tracks.rules import needed_now
from app.web.binding import bind
from app.web.door import Door, Typed
from app.web.drawing import draw
from app.web.page import language_of, render
from app.web.repeats import see_other, told

CONTAINERS = {"hotline_report": "take", "data_subject_request": "receive", "data_breach": "detect"}
PURPOSES = {"hotline_report": "referral", "data_subject_request": "oversight", "data_breach": "oversight"}
NOWHERE = UUID(int=0)  # the case that there is not yet
router = APIRouter()


def open_container(work: Work, slug: str, form: Form) -> Taken:
    """Open a container with one track on it; whoever opens it is its first member."""
    case_id = cases.begin_case(work)
    return engine.open_track(work, case_id, slug, CONTAINERS[slug], form)


def _show(  # noqa: PLR0913 -- the last two are named at the call
    request: Request,
    work: Work,
    declared: Track,
    step: Step,
    *,
    typed: Any = None,
    faults: Iterable[Fault] = (),
) -> Response:
    told_of = tuple(faults)
    begun = Asked(NOWHERE, None, declared, step, _nothing_yet(work))
    reader = Reader(work.actor, language_of(request), load(settings().profile).zone)
    bars = [bar(each, reader) for each in told_of if each.source or each.rule]
    return render(
        request, "casework/begin.html", 422 if told_of else 200, declared=declared, step=step, bars=bars,
        form=draw(
            step.form, first_typed(begun, {}) if typed is None else typed, faults=told_of,
            needed=needed_now(step, begun.facts),
        ),
    )  # fmt: skip


def _nothing_yet(work: Work) -> Facts:
    """Return the facts of a container that is still to be begun."""
    profile, now, actor = load(settings().profile), work.clock.now(), work.actor
    who = ActorFacts(actor.user_id, actor.role, actor.organisation_id)
    return Facts(now, local_day(now, profile.zone), profile, None, who)


def _asking(declared: Track, step: Step) -> Callable[..., Response]:
    def ask(request: Request, work: Door) -> Response:
        return _show(request, work, declared, step)

    return ask


def _beginning(declared: Track, step: Step) -> Callable[..., Response]:
    def begin(request: Request, work: Door, sent: Typed) -> Response:
        bound = bind(step.form, sent)
        if bound.value is None:
            return _show(request, work, declared, step, typed=bound.typed, faults=bound.faults)
        try:
            with work.attempt():
                taken = open_container(work, declared.slug, bound.value)
        except Refused as refused:
            work.record(Act.REFUSE, door=request.scope["route"].name, kind=refused.kind, **refused.named)
            return _show(request, work, declared, step, typed=bound.typed, faults=refused.faults)
        return see_other(request, f"/cases/{taken.case_id}?done={declared.slug}.{step.name}")

    return begin


def _telling(declared: Track, step: Step) -> Callable[..., Response]:
    def begin(request: Request, work: Door, form: Any) -> Response:
        taken = open_container(work, declared.slug, form)
        said = {"case_id": str(taken.case_id), "track_id": str(taken.track_id), "step_id": str(taken.step_id),
                "slug": taken.slug, "step": taken.step, "state": taken.state, "version": taken.version}  # fmt: skip
        return told(request, said)

    begin.__annotations__["form"] = Annotated[step.form, Body()]
    return begin


def _add_doors() -> None:
    """Add for each container a page, its form and a JSON door, with their lines on the access list."""
    for slug, name in CONTAINERS.items():
        declared = TRACKS[slug]
        step = declared.step(name)
        for door, make, method, path in (
            (f"casework.ask_begin.{slug}", _asking, "GET", f"/begin/{slug}"),
            (f"casework.begin.{slug}", _beginning, "POST", f"/begin/{slug}"),
            (f"api.casework.begin.{slug}", _telling, "POST", f"/api/begin/{slug}"),
        ):
            router.add_api_route(
                path, make(declared, step), methods=[method], name=door, operation_id=door,
                summary=f"{declared.label}: {step.label}",
            )  # fmt: skip
            ACCESS.add_step(door, step.by - {Role.SYS, Role.VIC}, PURPOSES[slug])


_add_doors()
