"""Doors of conflicts of interest: one's own, somebody else's, and lifting them by two."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.queries import organisation_names
from app.cases.queries import case_line
from app.casework import conflicts
from app.casework.conflicts import Conflict
from app.casework.forms import DeclareConflict, OwnConflict
from app.kit.errors import Invalid
from app.safeguards.conflicts import lift, may_bar, refuse_others
from app.safeguards.work import Work
from app.web.binding import bind
from app.web.door import Door, Typed
from app.web.drawing import Drawing, draw
from app.web.page import render
from app.web.repeats import see_other, told

router = APIRouter()


@router.get("/cases/{case_id}/conflicts", name="casework.conflicts")
def show(request: Request, work: Door, case_id: UUID) -> Response:
    """Show who is barred, and ask whether the reader must be."""
    return _page(request, work, case_id, draw(OwnConflict))


def _page(request: Request, work: Work, case_id: UUID, own: Drawing, status: int = 200) -> Response:
    may = may_bar(work.actor.role, work.member(case_id))
    return render(
        request, "casework/conflicts.html", status, case_id=case_id, reference=case_line(work, case_id).reference,
        conflicts=conflicts.standing(work, case_id), own=own, may_bar=may,
    )  # fmt: skip


@router.post("/cases/{case_id}/conflicts", name="casework.own_conflict")
def own_conflict(request: Request, work: Door, case_id: UUID, sent: Typed) -> Response:
    """Step back from a case: from now on there is no such case for the actor."""
    work.member(case_id)
    bound = bind(OwnConflict, sent)
    if bound.value is None:
        return _page(request, work, case_id, draw(OwnConflict, bound.typed, faults=bound.faults), 422)
    conflicts.declare_own(work, case_id, bound.value)
    return see_other(request, "/")


@router.get("/cases/{case_id}/conflicts/others", name="casework.ask_conflict")
def ask_conflict(request: Request, work: Door, case_id: UUID) -> Response:
    """Ask who else must not come near the case."""
    return _others(request, work, case_id)


def _others(request: Request, work: Work, case_id: UUID, bound: Any = None, faults: Any = ()) -> Response:
    refuse_others(work, case_id)
    options = {"organisation_id": tuple(organisation_names(work).items())}
    return render(
        request, "casework/conflict_others.html", 422 if bound else 200, case_id=case_id,
        form=draw(DeclareConflict, bound.typed if bound else {}, faults=faults, options=options),
    )  # fmt: skip


@router.post("/cases/{case_id}/conflicts/others", name="casework.declare_conflict")
def declare_conflict(request: Request, work: Door, case_id: UUID, sent: Typed) -> Response:
    """Bar somebody else, or an organisation."""
    refuse_others(work, case_id)
    bound = bind(DeclareConflict, sent)
    if bound.value is None:
        return _others(request, work, case_id, bound, bound.faults)
    try:
        conflicts.declare(work, case_id, bound.value)
    except Invalid as invalid:
        return _others(request, work, case_id, bound, invalid.faults)
    return see_other(request, f"/cases/{case_id}/conflicts" if work.standing(case_id).relations else "/")


@router.post("/cases/{case_id}/conflicts/{conflict_id}/lift", name="casework.lift_conflict")
def lift_conflict(request: Request, work: Door, case_id: UUID, conflict_id: UUID) -> Response:
    """Propose to lift a conflict, or confirm it."""
    lift(work, case_id, conflict_id)
    return see_other(request, f"/cases/{case_id}/conflicts")


@router.get("/api/cases/{case_id}/conflicts", name="api.casework.conflicts", tags=["casework"])
def listed(work: Door, case_id: UUID) -> list[Conflict]:
    """Return the conflicts that stand, to those who may lift them."""
    work.member(case_id)
    return conflicts.standing(work, case_id)


@router.post("/api/cases/{case_id}/conflicts", name="api.casework.own_conflict", tags=["casework"])
def own(request: Request, work: Door, case_id: UUID, form: OwnConflict) -> Response:
    """Step back from a case."""
    conflicts.declare_own(work, case_id, form)
    return told(request, {"case_id": str(case_id)})


@router.post("/api/cases/{case_id}/conflicts/others", name="api.casework.declare_conflict", tags=["casework"])
def declared(request: Request, work: Door, case_id: UUID, form: DeclareConflict) -> Response:
    """Bar somebody else, or an organisation."""
    conflicts.declare(work, case_id, form)
    return told(request, {"case_id": str(case_id)})


@router.post(
    "/api/cases/{case_id}/conflicts/{conflict_id}/lift", name="api.casework.lift_conflict", tags=["casework"]
)
def lifted(request: Request, work: Door, case_id: UUID, conflict_id: UUID) -> Response:
    """Propose to lift a conflict, or confirm it."""
    return told(request, {"case_id": str(case_id), "lifted": lift(work, case_id, conflict_id)})
