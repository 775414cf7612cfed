"""The door: one request, one Work, one transaction, committed before the answer leaves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Protocol
from urllib.parse import unquote_to_bytes
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import Engine, event
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import ORMExecuteState, Session
from starlette.datastructures import FormData

from app.kit.clock import Clock
from app.kit.errors import Fault, NotAllowed, OutOfReach, Problem, Refused, SignInNeeded, TooMany, Unknown
from app.kit.i18n import _
from app.safeguards.access import Actor, anonymous, require_fresh
from app.safeguards.doors import ACCESS, ALWAYS, Entry
from app.safeguards.rationing import ration_openings
from app.safeguards.ties import why_unknown
from app.safeguards.vault.keys import DataKeys
from app.safeguards.words import Act
from app.safeguards.work import Work
from app.web import csrf, repeats
from app.web.faults import Malformed, WrongKind
from app.web.pace import Pace, keep_human
from app.web.turns import turn

COOKIE = "__Host-session"
SAFE = ("GET", "HEAD")
FORM = "application/x-www-form-urlencoded"
WATCHING = "watching"


class SignedIn(Protocol):
    """What a session cookie stands for."""

    @property
    def actor(self) -> Actor: ...  # noqa: D102
    @property
    def user_id(self) -> UUID: ...  # noqa: D102
    @property
    def csrf_secret(self) -> bytes: ...  # noqa: D102
    @property
    def expired(self) -> bool: ...  # noqa: D102
    @property
    def fresh(self) -> bool: ...  # noqa: D102
    @property
    def seconds_left(self) -> int: ...  # noqa: D102


class Calling(Protocol):
    """What the token of a program stands for."""

    @property
    def actor(self) -> Actor: ...  # noqa: D102
    @property
    def doors(self) -> frozenset[str]: ...  # noqa: D102


@dataclass
class Runtime:
    """What a process keeps between requests; nothing of any case."""

    engine: Engine
    keys: DataKeys
    clock: Clock
    identify: Callable[[Work, str | None], SignedIn | None]
    calling: Callable[[Work, Request], Calling | None] = lambda *_asked: None
    pace: Pace | None = None  # tests and benchmarks ask faster than people do
    writing: Pace | None = None


async def sent_form(request: Request) -> FormData | None:
    """Read a sent form once, in the event loop; other bodies are left to FastAPI."""
    if request.method in SAFE or _kind(request) != FORM:
        return None
    body = await request.body()
    try:
        unquote_to_bytes(body).decode()
    except UnicodeDecodeError as broken:
        raise Malformed from broken  # read on with marks in the place of letters, it would be kept like that
    if not body.isascii():
        raise Malformed
    return await request.form(max_fields=3000, max_files=0)


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def typed(form: Annotated[FormData | None, Depends(sent_form)]) -> FormData:
    """Return what a page sent; without a body, nothing was typed."""
    return form if form is not None else FormData()


def open_work(
    request: Request,
    form: Annotated[FormData | None, Depends(sent_form)],
    _turn: Annotated[None, Depends(turn, scope="function")],
) -> Iterator[Work]:
    """Give the endpoint its Work; commit when it is done, and only then let the answer go."""
    runtime: Runtime = request.app.state.runtime
    entry = ACCESS.entries[request.scope["route"].name]
    if form is not None and "_hold" not in form and _is_from_here(request):
        request.state.unsent = form  # where something is out of reach, its page holds it to be sent once more
    with Session(runtime.engine, expire_on_commit=False) as session:
        work = Work(anonymous(), entry.purpose, session, runtime.clock, runtime.keys)
        work.may_lend = entry.fresh is not None
        try:
            yield from _one_act(request, work, entry, form)
        except (OperationalError, InterfaceError, InternalError, PoolTimeout) as failure:
            session.rollback()
            raise OutOfReach(
                Fault(_("The database cannot be reached. Nothing was lost; try again."))
            ) from failure


def _one_act(request: Request, work: Work, entry: Entry, form: FormData | None) -> Iterator[Work]:
    """Admit, act, commit; a refusal undoes the act, and stands on the ledger in its place."""
    try:
        _admit(request, work, entry, form)
        once = request.method not in SAFE and not entry.public  # the public would share one key
        claim = repeats.claim(work, request, form) if once else None
        if request.method in SAFE:
            _only_read(request, work.session)
        yield work
        ration_openings(work)
        if claim is not None:
            repeats.keep(work, claim, getattr(request.state, "answer", None))
        _tell_those_who_watch(request, work)
        work.commit()
    except Problem as problem:
        if problem.keeps:
            _tell_those_who_watch(request, work)
            work.commit()
        else:
            work.session.rollback()
            _record_refusal(request, work, problem)
            _hold_text(request, work, problem, form)
        raise


def _admit(request: Request, work: Work, entry: Entry, form: FormData | None) -> None:
    runtime: Runtime = request.app.state.runtime
    if request.headers.get("authorization", "").partition(" ")[0].lower() in ("dpop", "bearer"):
        _admit_program(request, work, entry, runtime.calling(work, request))
        return
    signed = runtime.identify(work, request.cookies.get(COOKIE))
    request.state.signed_in = signed
    if signed is not None and not signed.expired:
        work.actor, work.is_fresh = signed.actor, signed.fresh
        request.state.actor = signed.actor
        request.state.csrf = csrf.token(signed.csrf_secret)
    work.begin()
    request.state.purpose = entry.purpose
    _keep_pace(request, work)
    if request.method not in SAFE:
        _check_origin(request)
    if entry.public:
        return
    if signed is None or signed.expired or (form is not None and "_hold" in form):
        raise SignInNeeded  # a page that was left sends its text with `_hold`, to be kept and not to be done
    if request.method not in SAFE:
        _check_token(request, signed, form)
        _check_kind(request)
        keep_human(request.app.state.runtime.writing, work.actor.user_id)
    if not entry.admits(signed.actor.role):
        case_id = _case_of(request)
        if case_id is not None and work.standing(case_id).relations:
            raise NotAllowed(Fault(_("Your role does not include this.")))
        raise Unknown
    if entry.fresh == ALWAYS and request.method not in SAFE:
        require_fresh(work)


def _admit_program(request: Request, work: Work, entry: Entry, found: Calling | None) -> None:
    """Let a program through the doors that it was given; each of its calls stands on the ledger."""
    request.state.signed_in = None
    door = request.scope["route"].name
    if found is not None:
        work.actor = found.actor
        request.state.actor = found.actor
    work.begin()
    request.state.purpose = entry.purpose
    _keep_pace(request, work)
    if found is None:
        raise SignInNeeded
    if entry.public or door not in found.doors or not entry.admits(found.actor.role) or entry.fresh == ALWAYS:
        raise Unknown  # no program signs in just now
    if request.method not in SAFE:
        _check_kind(request)
    work.record(Act.CALL, case_id=_case_of(request), door=door)


def _keep_pace(request: Request, work: Work) -> None:
    """Refuse whoever asks without end: a person under the own account, anybody else under the address."""
    pace, known = request.app.state.runtime.pace, work.actor.user_id != anonymous().user_id
    asker = str(work.actor.user_id) if known else request.client.host if request.client else ""
    if pace is not None and not pace.allows(asker):
        raise TooMany(detail=_("You asked very often within a minute. Wait a minute, then go on."))


def _check_origin(request: Request) -> None:
    """Refuse a send that another site's page started; browsers say so in headers a page cannot change."""
    if not _is_from_here(request):
        raise NotAllowed(Fault(_("This was sent from another site, so it was not accepted.")))


def _is_from_here(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    own = f"{request.url.scheme}://{request.url.netloc}"
    return site in (None, "same-origin", "none") and origin in (None, own, "null")


def _is_own(request: Request, signed: SignedIn, form: FormData | None) -> bool:
    given = request.headers.get("x-csrf-token") or (form.get("csrf") if form is not None else None)
    return isinstance(given, str) and csrf.matches(signed.csrf_secret, given)


def _check_token(request: Request, signed: SignedIn, form: FormData | None) -> None:
    if not _is_own(request, signed, form):
        raise NotAllowed(Fault(_("The page was too old to send. Open it again; then send it once more.")))


def _check_kind(request: Request) -> None:
    """Refuse a body of a kind that nobody here reads, instead of taking it for an empty one."""
    kind, length = _kind(request), request.headers.get("content-length", "0")
    is_empty = length == "0" and "transfer-encoding" not in request.headers
    is_json = kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
    if not is_empty and not (is_json if request.url.path.startswith("/api/") else kind == FORM):
        raise WrongKind


def _only_read(request: Request, session: Session) -> None:
    """Let a reading door fail as soon as it writes a record, be it through an object or by a statement."""
    name = request.scope["route"].name

    def watch_objects(*_given: object) -> None:
        if not session.info.get(WATCHING) and (session.new or session.dirty or session.deleted):
            raise RuntimeError(f"{name} changed records on a read")

    def watch_statements(state: ORMExecuteState) -> None:
        if not session.info.get(WATCHING) and (state.is_insert or state.is_update or state.is_delete):
            raise RuntimeError(f"{name} wrote on a read")

    event.listen(session, "before_flush", watch_objects)
    event.listen(session, "do_orm_execute", watch_statements)


def _tell_those_who_watch(request: Request, work: Work) -> None:
    """Tell them what was seen, in the same transaction: a look that nobody hears of is not answered."""
    if work.sights:
        work.session.info[WATCHING] = True  # from here on a reading door writes as well
        request.app.state.watch(work)


def _record_refusal(request: Request, work: Work, problem: Problem) -> None:
    """Put a refusal on the ledger, in a transaction of its own: what was attempted was undone."""
    told = isinstance(problem, (NotAllowed, Refused, Unknown)) and work.actor.user_id != anonymous().user_id
    if not told and not work.has_alarms and not work.sights:
        return
    work.begin()
    _tell_those_who_watch(request, work)
    if told:
        case_id = _case_of(request)
        if case_id is not None and isinstance(problem, Unknown):
            problem.unsaid += (why_unknown(work, case_id),)
        work.record(
            Act.REFUSE, case_id=case_id or problem.behind, door=request.scope["route"].name, kind=problem.kind,
            **problem.named,
        )  # fmt: skip
    work.commit()


def _hold_text(request: Request, work: Work, problem: Problem, form: FormData | None) -> None:
    """Keep what was typed when the session had ended, was not fresh enough, or was too quick; never another's."""
    signed = getattr(request.state, "signed_in", None)
    if problem.goes_on is not None and form is not None and signed and _is_own(request, signed, form):
        from app.web.held import hold  # noqa: PLC0415 -- that page is itself behind a door

        if at := hold(work, signed.user_id, request.url.path, form, goes_on=problem.goes_on):
            work.commit()
            request.state.come_back = at


def _case_of(request: Request) -> UUID | None:
    try:
        return UUID(str(request.path_params.get("case_id")))
    except ValueError:
        return None


Door = Annotated[Work, Depends(open_work, scope="function")]
Typed = Annotated[Any, Depends(typed)]  # the sent form
