"""The application: rooms put together, every door on the access list, few threads."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import anyio.to_thread
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.staticfiles import StaticFiles
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount

from app.accounts import api as accounts_api
from app.accounts import pages as accounts_pages
from app.accounts.proofs import calling
from app.accounts.sessions import identify
from app.cases import api as cases_api
from app.cases import pages as cases_pages
from app.casework import api as casework_api
from app.casework import conflict_pages, containers
from app.casework import pages as casework_pages
from app.jobs import resting
from app.kit.clock import Clock, SystemClock
from app.kit.database import make_engine
from app.kit.i18n import _
from app.law import pages as law_pages
from app.notices import api as notices_api
from app.notices import pages as notices_pages
from app.oversight import (
    access_pages,
    accesses,
    alarms,
    emergency_pages,
    lifting_pages,
    planting_pages,
    protection_pages,
    roles_pages,
)
from app.oversight import api as oversight_api
from app.oversight import pages as oversight_pages
from app.oversight.words import step_name
from app.profiles.profile import load as load_profile
from app.referrals import api as referrals_api
from app.referrals import pages as referrals_pages
from app.safeguards.access import Actor
from app.safeguards.doors import ACCESS
from app.safeguards.vault.chosen import keys_of
from app.settings import Settings
from app.shelters import api as shelters_api
from app.shelters import pages as shelters_pages
from app.tracks import TRACKS
from app.web import faults, guards, held, openapi
from app.web.door import Runtime
from app.web.pace import ACTS_AT_ONCE, Pace
from app.web.repeats import Repeated

ROUTERS = (
    accounts_pages, accounts_api,
    cases_pages, cases_api,
    casework_pages, casework_api, conflict_pages, containers,
    referrals_pages, referrals_api,
    shelters_pages, shelters_api,
    notices_pages, notices_api,
    oversight_pages, emergency_pages, protection_pages, planting_pages, access_pages,
    lifting_pages, roles_pages, oversight_api,
    law_pages, held,
)  # fmt: skip
PLACES = (
    ("/", _("My work"), "casework.my_work"),
    ("/search", _("Find a person"), "cases.ask_search"),
    ("/referrals/new", _("Refer a person"), "referrals.start"),
    ("/referrals/inbox", _("Referrals waiting"), "referrals.inbox"),
    ("/shelters", _("Beds tonight"), "shelters.board"),
    ("/begin/hotline_report", _("Take a report"), "casework.ask_begin.hotline_report"),
    ("/protection", _("Requests and breaches"), "oversight.protection"),
    ("/oversight", _("Who looked"), "oversight.looks"),
    ("/oversight/accesses", _("Unexplained accesses"), "oversight.accesses"),
    ("/oversight/roles", _("Roles"), "oversight.roles"),
    ("/oversight/emergency", _("Reviews"), "oversight.reviews"),
    ("/emergency", _("Emergency access"), "oversight.ask_emergency"),
    ("/administration", _("Administration"), "accounts.administration"),
    ("/newcomers", _("New accounts"), "accounts.newcomers"),
    ("/recoveries", _("Lost passkeys"), "accounts.recoveries"),
    ("/law", _("The law"), "law.list"),
    ("/account", _("My account"), "accounts.account"),
)
BENEATH = (  # what anybody may have to do one day: at the foot of every page
    ("/begin/data_breach", _("Data may have got into wrong hands"), "casework.ask_begin.data_breach"),
    (
        "/begin/data_subject_request",
        _("Somebody asks about their own data"),
        "casework.ask_begin.data_subject_request",
    ),
    ("/questions", _("Questions about what I opened"), "oversight.questions"),
)
LEADS = {  # what is told of no case -> where it is dealt with
    alarms.OPENED: "/oversight",
    alarms.REACHED: "/oversight/quotas",
    accesses.ASKED: "/questions",
    accesses.ANSWERED: "/oversight/accesses",
    **dict.fromkeys((resting.DUE, resting.LEADS, resting.RESTS), "/oversight/roles"),
}
STATIC = Path(__file__).parent / "web" / "static"


def create_app(settings: Settings, *, clock: Clock | None = None, demonstration: bool = False) -> FastAPI:
    """Return the application; raises Unlisted when a door is missing from the access list."""
    app = FastAPI(
        title="Casework", version="0.1.0", lifespan=_few_threads, openapi_url="/api/openapi.json",
        docs_url=None, redoc_url=None,
    )  # fmt: skip
    load_profile(settings.profile)  # a profile that is unknown or below the floor stops the start
    app.state.settings = settings
    app.state.demonstration = demonstration
    app.state.navigation = places_for
    app.state.beneath = beneath_for
    app.state.leads = LEADS
    app.state.door_name = door_name
    app.state.watch = alarms.sound
    app.state.sign_in_again = accounts_pages.sign_in_again
    app.state.runtime = runtime_of(settings, clock)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for room in ROUTERS:
        app.include_router(room.router)
    if demonstration:
        from app.demo import pages as demo_pages  # noqa: PLC0415 -- in earnest, none of it is even read

        app.include_router(demo_pages.router)
    faults.install(app)
    app.add_exception_handler(Repeated, _first_answer)
    guards.install(app, settings.origin)
    openapi.describe(app)
    check_doors(app, demonstration=demonstration)
    return app


def places_for(actor: Actor | None) -> list[tuple[str, str]]:
    """Return where a reader may go from every page: the pages that the access list opens to the role."""
    return _open_to(actor, PLACES)


def beneath_for(actor: Actor | None) -> list[tuple[str, str]]:
    """Return what stands at the foot of every page for this reader."""
    return _open_to(actor, BENEATH)


def door_name(door: str, language: str) -> str | None:
    """Return what the step behind a JSON door is called: its track, then itself; None for another door."""
    slug, name = door.split(".")[-2:]
    return step_name(f"{slug}: {name}", language) if slug in TRACKS else None


def _open_to(actor: Actor | None, places: Sequence[tuple[str, str, str]]) -> list[tuple[str, str]]:
    if actor is None:
        return []
    return [(path, label) for path, label, door in places if ACCESS.entries[door].admits(actor.role)]


def runtime_of(settings: Settings, clock: Clock | None = None) -> Runtime:
    """Return what a process keeps: connections as the application's role, and as the role of keys."""
    if not (settings.app_database_url and settings.keys_database_url):
        raise SystemExit("Set NRM_APP_DATABASE_URL and NRM_KEYS_DATABASE_URL (see deploy/nrm.env.example).")
    keys = keys_of(settings, pool_size=2)
    engine = make_engine(settings.app_database_url, pool_size=settings.threads)
    pace, writing = Pace(settings.requests_per_minute), Pace(settings.acts_per_minute, burst=ACTS_AT_ONCE)
    return Runtime(engine, keys, clock or SystemClock(), identify, calling, pace, writing)


def check_doors(app: FastAPI, *, demonstration: bool) -> None:
    """Stop unless doors and access list are the same set."""
    names = _names(app.routes) - {"openapi"}
    pretended = {name for name in ACCESS.entries if name.startswith("demo.")}
    ACCESS.compare(names if demonstration else names | pretended)


def _names(routes: Sequence[BaseRoute]) -> set[str]:
    """Return the names of all routes below; what is mounted holds files, not doors."""
    found = [context.route for context in iter_route_contexts(routes)]
    return {str(getattr(route, "name", None)) for route in found if not isinstance(route, Mount)}


@asynccontextmanager
async def _few_threads(app: FastAPI) -> AsyncIterator[None]:
    """Keep few worker threads: a large pool under one process is a convoy."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = app.state.settings.threads
    yield
    app.state.runtime.engine.dispose()
    app.state.runtime.keys.engine.dispose()


async def _first_answer(_request: Request, found: Exception) -> Response:
    assert isinstance(found, Repeated)
    return found.response
