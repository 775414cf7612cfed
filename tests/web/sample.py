"""A throwaway application with one form of every widget, for the tests of the shell."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import FileSystemLoader
from pydantic import model_validator

import app.web.page
from app.kit.errors import Fault, NotAllowed, OutOfReach, Refused, SignInNeeded, Stale, TooMany, Unknown
from app.kit.values import Money, PartialDate
from app.safeguards.fields import Form, asked
from app.safeguards.words import Category
from app.web import csrf, faults, guards
from app.web.binding import bind
from app.web.drawing import draw
from app.web.page import render

router = APIRouter()
TEMPLATES = Path(__file__).parent / "templates"
SECRET = b"a secret of thirty-two bytes ....."
HOUSES = [(UUID(int=number), name) for number, name in enumerate(("Blue house", "Green house"), 1)]
KINDS = {"work": "Work", "home": "Work in a household", "other": "Something else"}
SIGNS = {
    "papers": "Papers were taken away",
    "wages": "Wages were not paid",
    "watched": "Watched all the time",
}
MAYBE = {"yes": "Yes", "no": "No", "unsure": "Not sure"}


class Child(Form):
    """A block inside a block."""

    name: str = asked(Category.FAM, "Name of the child", max_length=40)


class Situation(Form):
    """One block of a group."""

    place: str = asked(Category.EXP, "Where was it?", max_length=60)
    began: PartialDate | None = asked(Category.EXP, "When did it begin?", default=None, widget="partial_date")
    children: list[Child] = asked(Category.FAM, "Children there", default=[], widget="group", max_length=3)


class Everything(Form):
    """One question of every kind."""

    full_name: str = asked(Category.ID, "Full name", help="As the person says it.", max_length=200)
    account: str | None = asked(Category.EXP, "What happened?", default=None, widget="area", max_length=2000)
    note: str | None = asked(Category.SVC, "Note", default=None, widget="area")
    kind: str = asked(Category.EXP, "What kind of work was it?", widget="choice", choices=KINDS)
    kind_other: str | None = asked(
        Category.EXP, "Which?", default=None, when=("kind", ("other",)), max_length=50
    )
    region: str | None = asked(
        Category.STA, "Region", default=None, widget="select", choices={"n": "North", "s": "South"}
    )
    signs: list[str] = asked(Category.EXP, "What was seen?", widget="ticks", choices=SIGNS)
    seen_on: date = asked(Category.STA, "When was it seen?", widget="date")
    born: PartialDate | None = asked(Category.ID, "Date of birth", default=None, widget="partial_date")
    hours: int | None = asked(Category.LAB, "Hours a week", default=None, widget="number", ge=0, le=168)
    share: Decimal | None = asked(Category.LAB, "Share", default=None, widget="number")
    safe_now: str = asked(Category.LOC, "Is she safe now?", widget="yes_no", choices=MAYBE)
    interpreter: bool | None = asked(Category.CON, "Is an interpreter needed?", default=None, widget="yes_no")
    owed: Money | None = asked(Category.LAB, "Wages owed", default=None, widget="money")
    house: UUID | None = asked(Category.SVC, "Which house?", default=None, widget="organisation")
    houses: list[UUID] = asked(Category.SVC, "Who may know?", default=[], widget="organisation")
    situations: list[Situation] = asked(Category.EXP, "Situations", default=[], widget="group", max_length=3)
    source: str | None = asked(Category.STA, "Source", default=None, widget="hidden")

    @model_validator(mode="after")
    def _not_both(self) -> "Everything":
        if self.interpreter and self.full_name == "mute":
            raise ValueError("Somebody with this name needs no interpreter.")
        return self


OPTIONS = {"house": HOUSES, "houses": HOUSES}
PROBLEMS = {
    "unknown": Unknown(),
    "not-allowed": NotAllowed(),
    "refused": Refused(
        Fault("The clock {name} still runs.", rule="INV-03", source="CETS 197 art. 13(1)", values={"name": 1})
    ),
    "stale": Stale(sent={"place_name": "Lyon", "hours": 3}, held={"place_name": "Lille", "hours": 3}),
    "too-many": TooMany(),
    "out-of-reach": OutOfReach(),
    "sign-in": SignInNeeded(),
}  # fmt: skip


def make() -> FastAPI:
    """Return the sample application."""
    sample = FastAPI(openapi_url=None)
    sample.state.demonstration = True
    sample.mount("/static", StaticFiles(directory=app.web.page.STATIC), name="static")
    for language in ("en", "fr", "ar"):
        loaders = app.web.page.environment(language).loader.loaders
        if len(loaders) == 2:
            loaders.append(FileSystemLoader(TEMPLATES))
    sample.include_router(router)
    faults.install(sample)
    guards.install(sample, "http://localhost")
    return sample


def show(request: Request, status: int = 200, **about: object) -> Response:
    """Return the page of everything."""
    request.state.csrf = csrf.token(SECRET)
    return render(request, "sample/everything.html", status, **about)


@router.get("/everything")
def everything(request: Request, sheet: str | None = None) -> Response:
    """Show an empty form."""
    return show(request, form=draw(Everything, options=OPTIONS), language=sheet)


@router.get("/one")
def one(request: Request) -> Response:
    """Show one question a page."""
    return show(request, form=draw(Everything, only=["kind", "kind_other"], heading="kind"))


@router.post("/kept")
def kept(request: Request) -> Response:
    """Lose the session while a text was sent."""
    request.state.come_back = "/held/1"
    raise SignInNeeded


@router.post("/everything")
async def sent(request: Request, sheet: str | None = None) -> Response:
    """Take the form, or show it again."""
    bound = bind(Everything, await request.form())
    if bound.value is not None:
        return Response("stored", media_type="text/plain")
    drawn = draw(Everything, bound.typed, faults=bound.faults, options=OPTIONS)
    return show(request, 422 if bound.faults else 200, form=drawn, language=sheet)


@router.api_route("/problem/{kind}", methods=["GET", "POST"])
@router.api_route("/api/problem/{kind}", methods=["GET", "POST"])
def problem(kind: str) -> Response:
    """Have that problem; one that nobody foresaw by default."""
    raise PROBLEMS.get(kind, ValueError("the name of somebody"))


@router.post("/api/everything")
def take(body: Everything) -> dict[str, str]:
    """Take the form as JSON."""
    return {"name": body.full_name}


@router.get("/values")
def values(request: Request) -> Response:
    """Show values of every kind."""
    return render(request, "sample/values.html")


@router.get("/cases/{case_id}")
@router.get("/api/cases/{case_id}")
def case(case_id: UUID) -> dict[str, str]:
    """Take an identifier."""
    return {"id": str(case_id)}
