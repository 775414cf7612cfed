"""JSON doors of casework: the case and one's work as the pages show them, and a typed door for every step."""

from collections.abc import Callable, Iterator
from functools import reduce
from operator import or_
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Header, Request
from fastapi.responses import Response
from pydantic import ValidationError

from app.cases import service as cases
from app.casework import supervision
from app.casework.asking import asked_opening, asked_step, sent_version
from app.casework.classified import JOURNEYS
from app.casework.forms import PersonRecord, StateReason
from app.casework.person import held_now
from app.casework.queries import case_page
from app.casework.service import Taken, open_track, take_step
from app.casework.shown import CasePage
from app.casework.worklist import MyWork, worklist
from app.kit.errors import Invalid, Stale
from app.procedure.available import NEVER_HER_VOICE
from app.procedure.declaration import Track
from app.safeguards.doors import ACCESS
from app.safeguards.fields import Form
from app.safeguards.words import Role
from app.tracks import TRACKS
from app.web.complaints import faults
from app.web.door import Door
from app.web.faults import answer
from app.web.page import language_of
from app.web.repeats import told

PURPOSE = ACCESS.entries["casework.step"].purpose
IfMatch = Annotated[
    str, Header(alias="If-Match", pattern=r'^"?\d{1,9}"?$', description="version that was read")
]
router = APIRouter(prefix="/api", tags=["casework"])


@router.get("/work", name="api.casework.work")
def my_work(request: Request, work: Door) -> MyWork:
    """Return what needs the actor now, in order of harm."""
    return worklist(work, language_of(request))


@router.get("/cases/{case_id}", name="api.casework.case")
def case(request: Request, work: Door, case_id: UUID) -> CasePage:
    """Return a case as far as it is this reader's; answers carry their kept value and their words."""
    return case_page(work, case_id, language_of(request))


@router.put("/cases/{case_id}/person", name="api.casework.person")
def person(request: Request, work: Door, case_id: UUID, form: PersonRecord, if_match: IfMatch) -> Response:
    """Replace the person's record in the categories that the actor may write."""
    try:
        with work.attempt():
            version = cases.correct_person(work, case_id, form, sent_version(if_match))
    except Stale as stale:  # answered here, so that the look at what is held stays on the ledger
        held, now = held_now(work, case_id)
        return answer(request, Stale(sent=stale.sent, held={"version": now, **held}, detail=stale.detail))
    return told(request, {"case_id": str(case_id), "version": version})


@router.post("/cases/{case_id}/oversight", name="api.casework.oversee")
def oversee(request: Request, work: Door, case_id: UUID, form: StateReason) -> Response:
    """Let somebody in by office for a few hours, with the reason on the ledger."""
    supervision.oversee(work, case_id, form.reason)
    return told(request, {"case_id": str(case_id)})


def _answered(request: Request, taken: Taken) -> Response:
    said = {
        "case_id": str(taken.case_id), "track_id": str(taken.track_id), "step_id": str(taken.step_id),
        "slug": taken.slug, "step": taken.step, "state": taken.state, "version": taken.version,
    }  # fmt: skip
    return told(request, said)


def _opening(declared: Track, name: str, forms: list[type[Form]]) -> Callable[..., Response]:
    slug = declared.slug

    def open_(request: Request, work: Door, case_id: UUID, form: Any) -> Response:
        asked_opening(work, case_id, slug, name).against()
        return _answered(request, open_track(work, case_id, slug, name, form))

    return _typed(open_, forms)


def _step(declared: Track, name: str, forms: list[type[Form]]) -> Callable[..., Response]:
    def take(  # noqa: PLR0913, PLR0917 -- the parts of the address, the body, a header
        request: Request, work: Door, case_id: UUID, track_id: UUID, form: Any, if_match: IfMatch
    ) -> Response:
        asked = asked_step(work, case_id, track_id, name, declared.slug)
        asked.against()
        fitting = _fitting(asked.step.form, form)
        return _answered(request, take_step(work, track_id, name, fitting, version=sent_version(if_match)))

    return _typed(take, forms)


def _fitting(form: type[Form], sent: Form) -> Form:
    """Return what was sent in the form that the step has from where the track stands now."""
    if isinstance(sent, form):
        return sent
    try:
        return form.model_validate(sent.model_dump(exclude_unset=True))
    except ValidationError as error:
        raise Invalid(*faults(error.errors(include_url=False), form)) from error


def _typed(door: Callable[..., Response], forms: list[type[Form]]) -> Callable[..., Response]:
    """Give the door its body's type: the form of the step, or of each of the steps that share its name."""
    door.__annotations__["form"] = Annotated[reduce(or_, forms), Body()]
    return door


def _named(declared: Track, *, opening: bool) -> Iterator[tuple[str, list[type[Form]], frozenset[Role], str]]:
    """Yield each name of a step with the forms, roles and text of the steps that share it."""
    steps = [each for each in declared.steps if bool(each.from_) is not opening]
    for name in dict.fromkeys(each.name for each in steps if (declared.slug, each.name) not in JOURNEYS):
        alike = [each for each in steps if each.name == name]
        by = frozenset[Role]().union(*(each.by for each in alike)) - {Role.SYS}
        if by:
            yield name, list(dict.fromkeys(each.form for each in alike)), by, alike[0].label


def _admitted(by: frozenset[Role]) -> frozenset[Role]:
    """Return the roles that may knock: her own act is recorded by those who stand by her."""
    return by if Role.VIC not in by else by | (frozenset(Role) - NEVER_HER_VOICE - {Role.SYS})


def _add_doors() -> None:
    """Add one door for each step of each track, and its line to the access list."""
    for slug, declared in TRACKS.items():
        for opening, make, path in (
            (True, _opening, f"/cases/{{case_id}}/tracks/{slug}"),
            (False, _step, f"/cases/{{case_id}}/tracks/{slug}/{{track_id}}"),
        ):
            for name, forms, by, label in _named(declared, opening=opening):
                door = f"api.{'open' if opening else 'step'}.{slug}.{name}"
                router.add_api_route(
                    f"{path}/{name}", make(declared, name, forms), methods=["POST"], name=door, operation_id=door,
                    summary=f"{declared.label}: {label}", tags=[slug],
                )  # fmt: skip
                ACCESS.add_step(door, _admitted(by), PURPOSE)


_add_doors()
