"""JSON doors of accounts: the passkey ceremonies, one's own session, and what an administrator does."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.accounts import (
    challenges,
    clients,
    forms,
    invitations,
    limits,
    news,
    passkeys,
    proofs,
    queries,
    service,
    sessions,
)
from app.accounts.passkeys import Site
from app.safeguards.matrix import MATRIX
from app.web.door import Door, Typed
from app.web.page import language_of
from app.web.repeats import told

router = APIRouter(prefix="/api", tags=["accounts"])


def site(request: Request) -> Site:
    """Return where this service stands."""
    return Site.at(request.app.state.settings.origin)


@router.get("/session", name="api.accounts.session")
def session(request: Request, work: Door) -> dict[str, Any]:
    """Say who is signed in and for how long, and give the token that JSON writes bring in X-CSRF-Token.

    To ask is to be there: like every other request, it keeps the session from ending unused.
    """
    return {
        "user": work.actor.user_id,
        "role": work.actor.role.value,
        "organisation": work.actor.organisation_id,
        "csrf": request.state.csrf,
        "seconds_left": request.state.signed_in.seconds_left,
    }


@router.post("/sign-in/challenge", name="api.accounts.sign_in_challenge")
def sign_in_challenge(request: Request, work: Door) -> Response:
    """Pose a challenge to whichever passkey a person picks."""
    limits.require(work, limits.address_of(request))
    return told(request, passkeys.sign_in_options(work, site(request)))


@router.post("/sign-in", name="api.accounts.sign_in")
def sign_in(request: Request, work: Door, sent: forms.SignIn) -> Response:
    """Sign in with a passkey: the answer sets the session's cookie."""
    with limits.watched(work, limits.address_of(request)), challenges.failures_kept(work, sent.credential):
        user = passkeys.verified_user(work, site(request), sent.credential)
        if limits.is_exhausted(work, user.id):
            sessions.refuse_sign_in(work, "too many", user.id)
        cookie = sessions.open_session(work, user, "passkey", work.clock.now())
        if limits.failed_lately(work, user.id):
            news.tell(work, user.id, "after_failures")
    return _entered(request, work, cookie, user.id)


@router.post("/sign-out", name="api.accounts.sign_out")
def sign_out(request: Request, work: Door) -> Response:
    """Sign out of this browser."""
    sessions.end_session(work)
    answer = told(request, {"signed_in": False})
    sessions.clear_cookie(answer)
    return answer


@router.post("/sessions/end-others", name="api.accounts.end_others")
def end_others(request: Request, work: Door) -> Response:
    """Sign out of all other browsers."""
    return told(request, {"ended": sessions.end_others(work)})


@router.get("/sessions", name="api.accounts.sessions")
def my_sessions(work: Door) -> list[queries.SessionLine]:
    """Return the browsers in which one is signed in."""
    return queries.my_sessions(work)


@router.post("/sessions/{session_id}/end", name="api.accounts.end_session")
def end_session(request: Request, work: Door, session_id: UUID) -> Response:
    """Sign out of one other browser."""
    sessions.end_one(work, session_id)
    return told(request, {"id": str(session_id), "state": "ended"})


@router.post("/invitations/open", name="api.accounts.open_invitation")
def open_invitation(request: Request, work: Door, sent: forms.OpenInvitation) -> dict[str, Any]:
    """Say for whom an invitation is; its secret comes in the body, so that no log sees it."""
    with limits.watched(work, limits.address_of(request)):
        found = invitations.opened(work, sent.token)
    return {
        "name": found.name,
        "organisation": found.organisation,
        "role": found.role.value,
        "role_name": MATRIX.name(found.role, language_of(request)),
        "expires_at": found.expires_at,
    }


@router.post("/invitations/challenge", name="api.accounts.invitation_challenge")
def invitation_challenge(request: Request, work: Door, sent: forms.OpenInvitation) -> Response:
    """Pose a challenge for the first passkey of an invited person."""
    with limits.watched(work, limits.address_of(request)):
        return JSONResponse(invitations.accepting_options(work, site(request), sent.token))


@router.post("/invitations/accept", name="api.accounts.accept_invitation")
def accept_invitation(request: Request, work: Door, sent: forms.AcceptInvitation) -> Response:
    """Make the account with its first passkey and sign in: the answer sets the session's cookie.

    Where a second person has to open the account first, nobody is signed in yet.
    """
    with limits.watched(work, limits.address_of(request)), challenges.failures_kept(work, sent.credential):
        cookie = invitations.accept(work, site(request), sent)
    if cookie is None:
        return told(request, {"signed_in": False, "user": None}, 202)
    return _entered(request, work, cookie, None)


def _entered(request: Request, work: Door, cookie: str, user_id: UUID | None) -> Response:
    sessions.end_cookie(work, request.cookies.get(sessions.COOKIE))
    answer = told(request, {"signed_in": True, "user": str(user_id) if user_id else None})
    sessions.set_cookie(answer, cookie)
    return answer


@router.get("/passkeys", name="api.accounts.passkeys")
def my_passkeys(work: Door) -> list[queries.PasskeyLine]:
    """Return one's own passkeys."""
    return queries.my_passkeys(work)


@router.post("/passkeys/challenge", name="api.accounts.passkey_challenge")
def passkey_challenge(request: Request, work: Door) -> Response:
    """Pose a challenge for a further passkey."""
    return JSONResponse(service.adding_options(work, site(request)))


@router.post("/passkeys", name="api.accounts.add_passkey", status_code=201)
def add_passkey(request: Request, work: Door, sent: forms.AddPasskey) -> Response:
    """Keep a further passkey."""
    with challenges.failures_kept(work, sent.credential):
        added = service.add_passkey(work, site(request), sent)
    return told(request, {"id": str(added)}, 201)


@router.post("/passkeys/{passkey_id}/name", name="api.accounts.name_passkey")
def name_passkey(request: Request, work: Door, passkey_id: UUID, sent: forms.NamePasskey) -> Response:
    """Give one of one's passkeys a name."""
    service.name_passkey(work, passkey_id, sent.name)
    return told(request, {"id": str(passkey_id)})


@router.delete("/passkeys/{passkey_id}", name="api.accounts.remove_passkey")
def remove_passkey(request: Request, work: Door, passkey_id: UUID) -> Response:
    """Remove one of one's passkeys; the last one stays."""
    service.remove_passkey(work, passkey_id)
    return told(request, {"id": str(passkey_id)})


@router.post("/language", name="api.accounts.language")
def choose_language(request: Request, work: Door, sent: forms.ChooseLanguage) -> Response:
    """Keep the language in which one reads the service."""
    service.choose_language(work, sent.language)
    return told(request, {"language": sent.language})


@router.get("/organisations", name="api.accounts.organisations")
def organisations(work: Door) -> list[queries.OrganisationLine]:
    """Return the organisations of the mechanism."""
    return queries.organisations(work)


@router.post("/organisations", name="api.accounts.add_organisation", status_code=201)
def add_organisation(request: Request, work: Door, sent: forms.AddOrganisation) -> Response:
    """Add an organisation."""
    return told(request, {"id": str(service.add_organisation(work, **sent.model_dump()))}, 201)


@router.get("/users", name="api.accounts.users")
def users(work: Door) -> list[queries.UserLine]:
    """Return all accounts; shelter staff by reference only."""
    return queries.everybody(work)


@router.post("/users/{user_id}/close", name="api.accounts.close_account")
def close_account(request: Request, work: Door, user_id: UUID) -> Response:
    """Close an account and end its sessions."""
    service.disable_user(work, user_id)
    return told(request, {"id": str(user_id), "state": "closed"})


@router.post("/users/{user_id}/open", name="api.accounts.open_account")
def open_account(request: Request, work: Door, user_id: UUID) -> Response:
    """Open a closed account again."""
    service.enable_user(work, user_id)
    return told(request, {"id": str(user_id), "state": "open"})


@router.get("/invitations", name="api.accounts.invitations")
def open_invitations(work: Door) -> list[queries.InvitationLine]:
    """Return the invitations that wait for an answer."""
    return queries.open_invitations(work)


@router.post("/invitations", name="api.accounts.invite", status_code=201)
def invite(request: Request, work: Door, sent: forms.Invite) -> Response:
    """Invite a person; the link is in this answer and nowhere else, so the answer is never kept."""
    link = invitations.link(site(request), invitations.invite(work, sent))
    repeated = told(request, {"link": None}, 201)  # what a repeated send gets
    return JSONResponse({"link": link}, repeated.status_code)


REFUSED_AS_OAUTH = {
    "description": "refused, in the words of RFC 6749, 5.2",
    "content": {"application/json": {"schema": {"type": "object", "required": ["error"]}}},
}


@router.post("/token", name="api.accounts.token", responses={400: REFUSED_AS_OAUTH})
def token(request: Request, work: Door, typed: Typed) -> Response:
    """Give a program a token for its secret (RFC 6749, 4.4), bound to the key whose proof it brings (RFC 9449).

    It calls with `Authorization: DPoP` and in the header `DPoP` a proof for this call alone, with ES256 or Ed25519.

    What is wrong, if anything, stands on the ledger; the answer is one and the same.
    """
    sent = {name: str(typed.get(name, "")) for name in ("grant_type", "client_id", "client_secret")}
    address, given = limits.address_of(request), None
    limits.require(work, address)
    key = proofs.holder(work, request)
    if key is None:
        limits.note(work, address)
        return JSONResponse({"error": "invalid_dpop_proof"}, 400)
    if sent["grant_type"] == "client_credentials":
        given = clients.issue(work, sent["client_id"], sent["client_secret"], key)
    if given is None:
        limits.note(work, address)
        return JSONResponse({"error": "invalid_client"}, 400)
    seconds = int(clients.GOOD_FOR.total_seconds())
    return JSONResponse({"access_token": given, "token_type": "DPoP", "expires_in": seconds})


@router.get("/programs", name="api.accounts.clients")
def programs(work: Door) -> list[clients.ClientLine]:
    """Return the programs that may call, and those that were ended."""
    return clients.clients(work)


@router.post("/programs", name="api.accounts.add_client", status_code=201)
def add_client(request: Request, work: Door, sent: forms.AddClient) -> Response:
    """Add a program; its secret is in this answer and nowhere else, so the answer is never kept."""
    added, secret = clients.add_client(work, sent)
    repeated = told(
        request, {"client_id": str(added), "client_secret": None}, 201
    )  # what a repeated send gets
    return JSONResponse({"client_id": str(added), "client_secret": secret}, repeated.status_code)


@router.post("/programs/{client_id}/end", name="api.accounts.end_client")
def end_client(request: Request, work: Door, client_id: UUID) -> Response:
    """End a program's access for good; its next call is refused."""
    clients.end_client(work, client_id)
    return told(request, {"id": str(client_id), "state": "ended"})
