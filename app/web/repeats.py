"""A repeated send does nothing twice: the second gets the answer of the first."""

import hashlib
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from starlette.datastructures import FormData

from app.kit.errors import Fault, Invalid
from app.kit.i18n import _
from app.kit.lengths import fitting
from app.safeguards.canonical import canonical
from app.safeguards.work import Work
from app.web.models import Answered

LONGEST = 100


class Repeated(Exception):
    """Raised instead of doing it again; carries the first answer."""

    def __init__(self, response: Response) -> None:
        """Keep the answer."""
        super().__init__("already answered")
        self.response = response


@dataclass(frozen=True)
class Claim:
    """The right to answer a send with this key."""

    key: str
    digest: bytes


@dataclass(frozen=True)
class Answer:
    """What an endpoint answered; ids and states only, so that it may be kept unsealed."""

    status: int
    location: str | None = None
    body: dict[str, Any] | None = None


def local(address: str) -> str:
    """Return an address of this service to go on to; anything that could lead elsewhere becomes the start."""
    ours = address.startswith("/") and not address.startswith("//")
    plain = address.isascii() and address.isprintable() and "\\" not in address
    return fitting(address, "/") if ours and plain else "/"


def see_other(request: Request, location: str) -> Response:
    """Answer a sent form with the page to read next (POST, redirect, GET)."""
    request.state.answer = Answer(303, location)
    return RedirectResponse(location, 303)


def told(request: Request, body: dict[str, Any], status: int = 200) -> Response:
    """Answer a JSON send with ids and states; personal data is never repeated in the answer to a write."""
    request.state.answer = Answer(status, None, body)
    return JSONResponse(body, status)


def claim(work: Work, request: Request, form: FormData | None) -> Claim | None:
    """Claim the key of a send, or raise Repeated with the first answer; None where no key was given."""
    given = request.headers.get("idempotency-key") or (
        form.get("idempotency_key") if form is not None else None
    )
    if not isinstance(given, str) or not given:
        return None
    if len(given) > LONGEST:
        raise Invalid(Fault(_("The idempotency key is too long."), field="idempotency_key"))
    digest = _digest(request, form)
    mine = insert(Answered).values(
        user_id=work.actor.user_id, key=given, digest=digest, status=0, at=work.clock.now()
    )
    if work.session.execute(mine.on_conflict_do_nothing().returning(Answered.key)).first():
        return Claim(given, digest)
    first = work.session.scalars(
        select(Answered).where(Answered.user_id == work.actor.user_id, Answered.key == given)
    ).one()
    if first.digest != digest:
        raise Invalid(
            Fault(_("This key was used for something else. Send with a new one."), field="idempotency_key")
        )
    raise Repeated(_again(first))


def keep(work: Work, held: Claim, answer: Answer | None) -> None:
    """Keep the answer with the claim, in the same transaction; an answer without one frees the key again."""
    row = (Answered.user_id == work.actor.user_id, Answered.key == held.key)
    if answer is None:  # the form was drawn again, so nothing was done
        work.session.execute(delete(Answered).where(*row).execution_options(synchronize_session=False))
        return
    body = canonical(answer.body) if answer.body is not None else None
    work.session.execute(
        update(Answered)
        .where(*row)
        .values(status=answer.status, location=answer.location, body=body)
        .execution_options(synchronize_session=False)
    )


def _digest(request: Request, form: FormData | None) -> bytes:
    said = getattr(request, "_body", b"")
    if form is not None:
        said = canonical(
            [[name, str(value)] for name, value in form.multi_items() if name != "csrf"]
        ).encode()
    return hashlib.sha256(request.url.path.encode() + b"\0" + said).digest()


def _again(first: Answered) -> Response:
    if first.location is not None:
        return RedirectResponse(first.location, first.status)
    return Response(first.body or "{}", first.status, media_type="application/json")
