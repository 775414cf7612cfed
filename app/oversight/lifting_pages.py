"""HTML and JSON doors of quotas: who reached an end, and lifting it for an hour."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.kit.errors import Unknown
from app.oversight import lifting
from app.oversight.forms import KINDS, LIFTED_FOR, LiftQuota
from app.oversight.lifting import Reached
from app.safeguards.matrix import MATRIX
from app.safeguards.rationing import LIFTABLE
from app.safeguards.words import Role
from app.web.door import Door, Typed
from app.web.page import language_of, render
from app.web.repeats import see_other, told

router = APIRouter()
HERE = "/oversight/quotas"


@router.get(HERE, name="oversight.quotas")
def quotas(request: Request, work: Door) -> Response:
    """Show who of the reader’s people reached the end of what they may do."""
    language = language_of(request)
    return render(
        request, "oversight/quotas.html", reached=lifting.reached(work), kinds=KINDS, reasons=LIFTED_FOR,
        liftable=LIFTABLE if work.actor.role is Role.SUP else (),
        role_name=lambda code: MATRIX.name(Role(code), language),
    )  # fmt: skip


@router.post(HERE + "/{user_id}/{kind}", name="oversight.lift_quota")
def lift(request: Request, work: Door, user_id: UUID, kind: str, sent: Typed) -> Response:
    """Lift it for an hour, for the reason whose button was pressed."""
    reason = next((each for each in LIFTED_FOR if each in sent), None)
    if reason is None or kind not in KINDS:
        raise Unknown
    lifting.lift(work, LiftQuota(user_id=user_id, kind=kind, reason=reason))
    return see_other(request, HERE)


@router.get("/api" + HERE, name="api.oversight.quotas")
def told_quotas(work: Door) -> list[Reached]:
    """Return who of the reader’s people reached the end of what they may do."""
    return lifting.reached(work)


@router.post("/api" + HERE, name="api.oversight.lift_quota")
def told_lift(request: Request, work: Door, form: LiftQuota) -> Response:
    """Lift it for an hour."""
    lifting.lift(work, form)
    return told(request, {})
