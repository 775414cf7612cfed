"""Whatever goes wrong becomes a page that says what to do next, or problem details (RFC 9457) under /api/."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from app.kit.errors import FreshSignInNeeded, Invalid, Problem, SignInNeeded, Stale, TooMany, TooMuch, Unknown
from app.kit.i18n import _, translate
from app.kit.lengths import fitting
from app.safeguards.fields import Form
from app.web.complaints import faults as complaints
from app.web.page import language_of, render
from app.web.wording import said

LOG = logging.getLogger("app.web")
SIGN_IN = "/sign-in"
NEXT = {  # kind of problem -> what to do, where the problem itself does not say
    "not-found": _("Check the address. The page may have moved, or it may not be open to you."),
    "not-allowed": _("Your role does not include this. If your work needs it, ask your supervisor."),
    "sign-in-needed": _(
        "You have been signed out, to protect what the page shows. Sign in, and come back here."
    ),
    "invalid": _("Nothing was stored. Go back, check what is named here, and send it again."),
    "refused": _("Nothing was changed. What stands against it is named here, with its source."),
    "stale": _("Nothing of yours was stored. Compare both versions, then open the page again and change it."),
    "too-large": _("Nothing was stored. Send less at once: 1 MB is the most."),
    "too-many": _("Wait a few minutes, then try again."),
    "unavailable": _("Nothing was lost, and nothing was done by halves. Try again in a few minutes."),
    "internal": _(
        "What you sent was not stored. Try again; if it fails again, tell the help desk this number."
    ),
    "wrong-method": _("Go back to the page before, and use its buttons and links."),
    "wrong-kind": _("Nothing was stored. Pages send forms; programs send JSON and say so in Content-Type."),
    "malformed": _("What was sent could not be read. Nothing was stored. Go back and send it again."),
}
# What no page of ours sends, and what comes too often or too large: told to the log, without a word of what was sent.
ODD = {"not-allowed", "invalid", "too-large", "too-many", "malformed", "wrong-kind"}
UNEXPLAINED = ("not-allowed", "too-many")  # kinds that may have a reason of their own, which says more
REASONS_FOLLOW = _("Nothing was changed. The reason is named here.")


class WrongMethod(Problem):
    """405: the address is there, but takes no such request."""

    status, title, kind = 405, _("This cannot be opened in that way"), "wrong-method"


class Malformed(Problem):
    """400: what was sent is not even readable."""

    status, title, kind = 400, _("That could not be read"), "malformed"


class WrongKind(Problem):
    """415: a body of a kind that is not read here."""

    status, title, kind = 415, _("That kind of content is not read here"), "wrong-kind"


BY_STATUS: dict[int, type[Problem]] = {
    400: Malformed, 404: Unknown, 405: WrongMethod, 413: TooMuch, 415: WrongKind, 422: Invalid, 429: TooMany,
}  # fmt: skip


def install(app: FastAPI) -> None:
    """Let every exception that a door can raise become an answer; the last resort is `guards.Shield`."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(HTTPException, _http)


def answer(request: Request, problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return the page or the problem details of a problem."""
    if problem.kind in ODD:
        door = getattr(request.scope.get("route"), "name", "-")
        LOG.warning("request %s: %s at %s", request_id(request), problem.kind, door)
    made = _details(request, problem) if request.url.path.startswith("/api/") else _page(request, problem)
    made.headers.update(headers or {})
    return made


def advice(problem: Problem) -> str:
    """Return the marked text that says what to do."""
    if problem.detail is None and problem.faults and problem.kind in UNEXPLAINED:
        return REASONS_FOLLOW
    return problem.detail or NEXT.get(problem.kind, NEXT["internal"])


def request_id(request: Request) -> str:
    """Return the number of the request, by which a help desk finds it in the log."""
    return str(getattr(request.state, "request_id", "")) or "-"


def _details(request: Request, problem: Problem) -> JSONResponse:
    language = language_of(request)
    body: dict[str, Any] = {
        "type": f"/problems/{problem.kind}",
        "title": translate(problem.title, language),
        "status": problem.status,
        "detail": translate(advice(problem), language),
        "instance": f"urn:uuid:{request_id(request)}",
        "faults": [
            {"field": each.field, "message": said(each, language), "rule": each.rule, "source": each.source}
            for each in problem.faults
        ],
    }
    if isinstance(problem, Stale):
        body |= {"sent": jsonable_encoder(problem.sent), "held": jsonable_encoder(problem.held)}
    return JSONResponse(
        body, problem.status, media_type="application/problem+json",
        headers={"Content-Language": language, "Cache-Control": "no-store"},
    )  # fmt: skip


def _page(request: Request, problem: Problem) -> Response:
    come_back = getattr(request.state, "come_back", None) or str(request.url.path)
    sign_in = fitting(f"{SIGN_IN}?next={quote(come_back, safe='/')}", SIGN_IN)
    if isinstance(problem, SignInNeeded) and request.method in ("GET", "HEAD"):
        return RedirectResponse(sign_in, HTTPStatus.SEE_OTHER, headers={"Cache-Control": "no-store"})
    again = getattr(request.app.state, "sign_in_again", None)
    if isinstance(problem, FreshSignInNeeded) and again is not None:
        asked: Response = again(request, come_back)
        return asked
    return render(
        request,
        "web/problem.html",
        problem.status,
        problem=problem,
        advice=advice(problem),
        rows=_rows(problem) if isinstance(problem, Stale) else [],
        request_id=request_id(request),
        sign_in=sign_in,
        is_kept=hasattr(request.state, "come_back"),
        come_back=come_back,
        unsent=getattr(request.state, "unsent", None),
    )


def _rows(stale: Stale) -> list[tuple[str, Any, Any, bool]]:
    """Return each field with what was sent, what is held now, and whether they differ."""
    labels = getattr(stale, "labels", {})
    names = list(dict.fromkeys([*stale.held, *stale.sent]))
    return [
        (labels.get(name) or name.replace("_", " ").capitalize(), sent, held, sent != held)
        for name in names
        for sent, held in [(stale.sent.get(name), stale.held.get(name))]
    ]


def _problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    return answer(request, problem)


def _unfit(request: Request, error: Exception) -> Response:
    """Say what does not fit; an address with an impossible part is one where nothing is."""
    assert isinstance(error, RequestValidationError)
    errors = [dict(each) for each in error.errors()]
    if any(each["loc"][0] == "path" for each in errors):
        return answer(request, Unknown())
    around = [
        each for each in errors if each["loc"][0] != "body"
    ]  # headers and queries are no form's questions
    within = [each for each in errors if each["loc"][0] == "body"]
    for each in errors:
        each["loc"] = () if each["type"] == "json_invalid" else each["loc"][1:]
    told = [*complaints(around), *complaints(within, _form_of(request))]  # type: ignore[arg-type]
    return answer(request, Invalid(*told, detail=NEXT["invalid"]))


def _form_of(request: Request) -> type[BaseModel] | None:
    """Return the form that the door takes as its body, if the body is exactly one form."""
    asked = getattr(getattr(request.scope.get("route"), "dependant", None), "body_params", [])
    kind = asked[0].field_info.annotation if len(asked) == 1 else None
    return kind if isinstance(kind, type) and issubclass(kind, Form) else None


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    problem = BY_STATUS.get(error.status_code, Problem)()
    if isinstance(problem, Problem) and type(problem) is Problem:
        problem.status = error.status_code
    return answer(request, problem, error.headers)
