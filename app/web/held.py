"""Nothing typed is lost: what was sent after the session ended is sealed until its writer signs in again."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import select
from starlette.datastructures import FormData

from app.kit.errors import Unknown
from app.kit.ids import new_id
from app.safeguards.vault.envelope import Context, open_, seal
from app.safeguards.words import Category
from app.safeguards.work import Work
from app.web.door import Door
from app.web.models import HeldText
from app.web.names import OURS
from app.web.page import render

router = APIRouter()
SEALED_AS = Category.EXP  # the text may hold anything, so it is kept as the most guarded account
GO = "#go"  # behind the address, for the script: it goes on by itself, once, right after the new sign-in
NOT_KEPT = ("csrf", "idempotency_key", "_review", "_hold")


def has_text(form: FormData) -> bool:
    """Say whether anything was typed; a bare button is pressed again, and never by coming back."""
    return any(name not in OURS and not name.startswith("_") and value for name, value in form.multi_items())


def hold(work: Work, user_id: UUID, path: str, form: FormData, *, goes_on: bool) -> str | None:
    """Seal what was typed for that user alone; return where it is held, or None where nothing was typed.

    It `goes_on` where only a new sign-in was missing; otherwise it comes back to be read, and to be sent again.
    """
    if not (goes_on or has_text(form)):
        return None
    held_id = new_id()
    key_id = work.keys.for_sealing(user_id, [SEALED_AS], work.clock.now())[SEALED_AS]
    typed = [[name, str(value)] for name, value in form.multi_items() if name not in NOT_KEPT]
    envelope = seal(
        work.keys.opened([key_id])[key_id],
        {"typed": typed, "goes_on": goes_on},
        Context(user_id, SEALED_AS.value, held_id, 1, key_id),
        work.keys.form,
    )
    work.session.add(
        HeldText(
            id=held_id, user_id=user_id, path=path, key_id=key_id, envelope=envelope, at=work.clock.now()
        )
    )
    work.session.flush()
    return f"/held/{held_id}{GO if goes_on else ''}"


@router.get("/held/{held_id}", name="web.held")
def held(request: Request, work: Door, held_id: UUID) -> Response:
    """Show that the text is still there, and lead back to its page with everything as it was typed."""
    row = work.session.scalars(
        select(HeldText).where(HeldText.id == held_id, HeldText.user_id == work.actor.user_id)
    ).one_or_none()
    if row is None:
        raise Unknown
    kept = _opened(work, row)
    return render(
        request, "web/held.html", path=row.path, typed=kept["typed"], goes_on=kept.get("goes_on"), key=held_id
    )


def _opened(work: Work, row: HeldText) -> dict[str, Any]:
    key = work.keys.opened([row.key_id]).get(row.key_id)
    if key is None:
        raise Unknown
    context = Context(row.user_id, SEALED_AS.value, row.id, 1, row.key_id)
    return open_(key, row.envelope, context)
