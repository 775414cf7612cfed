"""HTML doors of single sign-on: out to the provider, back, and one's own link."""

from urllib.parse import quote, unquote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts import limits, oidc, sessions
from app.web.door import Door, Typed
from app.web.page import render
from app.web.repeats import local, see_other

router = APIRouter()
ROUND = "__Host-round"  # binds a round at the provider to the browser that began it
GOING = "__Host-going"  # where that browser was going, so that it goes on there
BROUGHT = ("code", "state", "iss")
LONGEST = 2000
LASTS = int(oidc.GOOD_FOR.total_seconds())


def _provider(request: Request) -> oidc.Provider:
    return oidc.Provider.of(request.app.state.settings)


def _sent_out(request: Request, work: Door, purpose: str) -> Response:
    """Answer with a page that leads out; a redirect of a sent form may lead nowhere but here (form-action)."""
    provider = _provider(request)
    with limits.watched(work, limits.address_of(request)):
        begun = oidc.begin(work, provider, purpose)
    answer = render(request, "accounts/provider.html", address=begun.address, provider=provider.name)
    answer.set_cookie(
        ROUND, begun.browser, max_age=LASTS, path="/", secure=True, httponly=True, samesite="lax"
    )  # fmt: skip
    return answer


@router.post("/sign-in/provider", name="accounts.begin_oidc")
def begin_oidc(request: Request, work: Door, typed: Typed) -> Response:
    """Begin to sign in through the provider."""
    answer = _sent_out(request, work, oidc.SIGNING_IN)
    going = quote(local(str(typed.get("next", "/"))[:LONGEST]))
    answer.set_cookie(GOING, going, max_age=LASTS, path="/", secure=True, httponly=True, samesite="lax")
    return answer


@router.post("/account/provider", name="accounts.link_oidc")
def link_oidc(request: Request, work: Door) -> Response:
    """Begin to link one's account with the provider."""
    return _sent_out(request, work, oidc.LINKING)


@router.get("/sign-in/provider", name="accounts.answer_oidc")
def answer_oidc(request: Request, work: Door) -> Response:
    """Take the browser back; what it brings is looked at once it is sent on, for to read a page changes nothing."""
    brought = {name: request.query_params.get(name, "")[:LONGEST] for name in BROUGHT}
    return render(
        request,
        "accounts/returned.html",
        sent=brought,
        provider=_provider(request).name,
        purpose=work.purpose,
    )


@router.post("/sign-in/provider/finish", name="accounts.finish_oidc")
def finish_oidc(request: Request, work: Door, typed: Typed) -> Response:
    """Sign in, or link, with what the provider said."""
    sent = {name: str(typed.get(name, ""))[:LONGEST] for name in BROUGHT}
    with limits.watched(work, limits.address_of(request)):
        cookie = oidc.finish(work, _provider(request), sent, request.cookies.get(ROUND))
    if cookie is not None:
        sessions.end_cookie(work, request.cookies.get(sessions.COOKIE))
    going = local(unquote(request.cookies.get(GOING, "/")))
    answer = see_other(request, going if cookie is not None else "/account")
    for name in (ROUND, GOING):
        answer.delete_cookie(name, path="/", secure=True, httponly=True, samesite="lax")
    if cookie is not None:
        sessions.set_cookie(answer, cookie)
    return answer


@router.post("/account/provider/end", name="accounts.unlink_oidc")
def unlink_oidc(request: Request, work: Door) -> Response:
    """End the link of one's account with the provider."""
    oidc.unlink(work)
    return see_other(request, "/account")
