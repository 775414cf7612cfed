"""HTML doors of accounts: signing in and out, accepting an invitation, one's own account."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from app.accounts import (
    administration,
    admission_pages,
    client_pages,
    forms,
    news,
    oidc,
    oidc_pages,
    queries,
    recovery_pages,
    service,
    sessions,
)
from app.accounts.passkeys import DEVICE_BOUND
from app.kit.errors import Invalid
from app.safeguards.matrix import MATRIX
from app.web.binding import bind
from app.web.door import Door, Typed
from app.web.drawing import draw
from app.web.page import SWITCH, language_of, render
from app.web.repeats import local, see_other

router = APIRouter()
router.include_router(administration.router)
router.include_router(admission_pages.router)
router.include_router(client_pages.router)
router.include_router(oidc_pages.router)
router.include_router(recovery_pages.router)
ACCOUNT = "/account"


def provider_name(request: Request) -> str | None:
    """Return what the provider of single sign-on is called, if there is one."""
    given = request.app.state.settings
    return given.oidc_name if given.oidc_issuer else None


@router.get("/sign-in", name="accounts.sign_in")
def sign_in(request: Request, work: Door) -> Response:
    """Show the button that signs in with a passkey."""
    going = local(request.query_params.get("next", "/"))
    return render(
        request, "accounts/sign_in.html", next=going, purpose=work.purpose, provider=provider_name(request),
        was_here=sessions.COOKIE in request.cookies and getattr(request.state, "actor", None) is None,
    )  # fmt: skip


def sign_in_again(request: Request, going: str) -> Response:
    """Ask for a new sign-in, there and then, before what outlasts a stolen session; then it goes on."""
    kept = hasattr(request.state, "come_back")
    return render(
        request,
        "accounts/sign_in.html",
        401,
        next=going,
        again=True,
        kept=kept,
        provider=provider_name(request),
    )


@router.get("/invitation", name="accounts.invitation")
def invitation(request: Request, work: Door) -> Response:
    """Show the page that opens an invitation; its secret stays in the browser until the person acts."""
    return render(request, "accounts/invitation.html", purpose=work.purpose)


@router.post("/sign-out", name="accounts.sign_out")
def sign_out(request: Request, work: Door) -> Response:
    """Sign out of this browser."""
    sessions.end_session(work)
    answer = see_other(request, "/sign-in")
    sessions.clear_cookie(answer)
    return answer


@router.get(ACCOUNT, name="accounts.account")
def account(request: Request, work: Door) -> Response:
    """Show one's own passkeys, language and sessions."""
    return _account(request, work)


def _account(
    request: Request, work: Door, problem: Invalid | None = None, typed: dict[str, Any] | None = None
) -> Response:
    language = language_of(request)
    return render(
        request,
        "accounts/account.html",
        422 if problem else 200,
        faults=problem.faults if problem else (),
        news=news.mine(work),
        passkeys=queries.my_passkeys(work),
        sessions=queries.my_sessions(work),
        languages_form=draw(forms.ChooseLanguage, typed or {"language": language}),
        reference=queries.account_reference(work.actor.user_id),
        role=MATRIX.name(work.actor.role, language),
        organisation=queries.organisation_names(work).get(work.actor.organisation_id),  # type: ignore[arg-type]
        fresh=request.state.signed_in.fresh,
        provider=provider_name(request) if work.actor.role not in DEVICE_BOUND else None,
        linked=oidc.is_linked(work, work.actor.user_id),
    )


@router.post("/account/news/seen", name="accounts.see_news")
def see_news(request: Request, work: Door) -> Response:
    """Note that the person read what happened to how they sign in."""
    news.mark_seen(work)
    return see_other(request, ACCOUNT)


@router.post("/account/language", name="accounts.language")
def language(request: Request, work: Door, typed: Typed) -> Response:
    """Keep the language that was chosen."""
    bound = bind(forms.ChooseLanguage, typed or FormData())
    if bound.value is None:
        return _account(request, work, Invalid(*bound.faults), bound.typed)
    service.choose_language(work, bound.value.language)
    return see_other(request, f"{ACCOUNT}?{SWITCH}={bound.value.language}")


@router.post("/account/passkeys/{passkey_id}/name", name="accounts.name_passkey")
def name_passkey(request: Request, work: Door, passkey_id: UUID, typed: Typed) -> Response:
    """Keep the name of a passkey."""
    bound = bind(forms.NamePasskey, typed or FormData())
    if bound.value is None:
        return _account(request, work, Invalid(*bound.faults))
    service.name_passkey(work, passkey_id, bound.value.name)
    return see_other(request, ACCOUNT)


@router.post("/account/passkeys/{passkey_id}/remove", name="accounts.remove_passkey")
def remove_passkey(request: Request, work: Door, passkey_id: UUID) -> Response:
    """Remove a passkey; the last one stays."""
    service.remove_passkey(work, passkey_id)
    return see_other(request, ACCOUNT)


@router.post("/account/sessions/end-others", name="accounts.end_others")
def end_others(request: Request, work: Door) -> Response:
    """Sign out of all other browsers."""
    sessions.end_others(work)
    return see_other(request, ACCOUNT)


@router.post("/account/sessions/{session_id}/end", name="accounts.end_session")
def end_session(request: Request, work: Door, session_id: UUID) -> Response:
    """Sign out of one other browser."""
    sessions.end_one(work, session_id)
    return see_other(request, ACCOUNT)
