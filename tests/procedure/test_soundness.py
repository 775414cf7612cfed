"""A declaration with a flaw is refused when it is made, by name."""

from dataclasses import replace
from typing import Any

import pytest

from app.kit.i18n import _
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.soundness import Unsound
from app.procedure.span import Span
from app.safeguards.fields import Form, asked
from app.safeguards.words import Category, Role
from app.tracks import TRACKS

NGO = frozenset({Role.NGO})


class Undeclared(Form):
    name: str


class Inner(Form):
    day: str


class Outer(Form):
    rows: tuple[Inner, ...] = asked(Category.SVC, _("Day"), widget="group")


class Needy(Form):
    reason: str = asked(Category.SVC, _("Day"))


def step(name: str, from_: tuple[str, ...], to: str, **more: Any) -> Step:
    settings: dict[str, Any] = {"by": NGO, "basis": "law", "sentence": "{who} did it", **more}
    return Step(name=name, label="label", from_=from_, to=to, **settings)


def clock(**more: Any) -> Deadline:
    settings: dict[str, Any] = {
        "name": "clock", "label": "Clock", "starts": ("begin",), "runs_in": ("begun",), "basis": "law",
        "responsible": Role.NGO, "lasts": lambda facts: Span(1, "days"), **more,
    }  # fmt: skip
    return Deadline(**settings)


STATES = (State("begun", "Begun"), State("done", "Done", terminal=True))
STEPS = (step("begin", (), "begun"), step("finish", ("begun",), "done"))


def track(states: tuple[State, ...] = STATES, steps: tuple[Step, ...] = STEPS, **more: Any) -> Track:
    return Track(
        slug="try",
        number="T0",
        label="Try",
        purpose="To try.",
        family="core",
        sources="law",
        states=states,
        steps=steps,
        **more,
    )


def test_a_sound_track_is_made() -> None:
    assert track(deadlines=(clock(),)).step("begin").to == "begun"


@pytest.mark.parametrize(
    ("flaw", "settings"),
    [
        ("state begun is declared twice", {"states": (*STATES, STATES[0])}),
        ("step finish from begun is declared twice", {"steps": (*STEPS, STEPS[1])}),
        ("step begin from the beginning is declared twice", {"steps": (*STEPS, STEPS[0])}),
        ("names unknown state nowhere", {"steps": (*STEPS, step("go", ("begun",), "nowhere"))}),
        ("names unknown state nowhere", {"steps": (*STEPS, step("go", ("nowhere",), "done"))}),
        ("state lost cannot be reached", {"states": (*STATES, State("lost", "Lost", terminal=True))}),
        (
            "has no way out",
            {
                "states": (*STATES, State("stuck", "Stuck")),
                "steps": (*STEPS, step("go", ("begun",), "stuck")),
            },
        ),
        ("begun is called a dead end and is none", {"dead_ends": ("begun",)}),
        ("dead end nowhere is no state", {"dead_ends": ("nowhere",)}),
        ("terminal state done has a way out", {"steps": (*STEPS, step("back", ("done",), "begun"))}),
        ("step go has no legal basis", {"steps": (*STEPS, step("go", ("begun",), "done", basis=" "))}),
        (
            "step go may be taken by nobody",
            {"steps": (*STEPS, step("go", ("begun",), "done", by=frozenset()))},
        ),
        ("without {who}", {"steps": (*STEPS, step("go", ("begun",), "done", sentence="done"))}),
        (
            "unknown invariant INV-99",
            {"steps": (*STEPS, step("go", ("begun",), "done", invariants=("INV-99",)))},
        ),
        ("apart from unknown step", {"steps": (*STEPS, step("go", ("begun",), "done", apart_from=("x",)))}),
        (
            "Undeclared.name has no category",
            {"steps": (*STEPS, step("go", ("begun",), "done", form=Undeclared))},
        ),
        ("Inner.day has no category", {"steps": (*STEPS, step("go", ("begun",), "done", form=Outer))}),
        (
            "asks the timer for reason",
            {"steps": (*STEPS, step("go", ("begun",), "done", form=Needy, by=frozenset({Role.SYS})))},
        ),
        ("deadline clock has no legal basis", {"deadlines": (clock(basis=""),)}),
        ("deadline clock is declared twice", {"deadlines": (clock(), clock())}),
        ("runs in unknown state nowhere", {"deadlines": (clock(runs_in=("begun", "nowhere")),)}),
        ("names unknown step never", {"deadlines": (clock(starts=("begin", "never")),)}),
        ("names unknown step never", {"deadlines": (clock(stops=("never",)),)}),
        ("is started by no step", {"deadlines": (clock(starts=()),)}),
        ("is started by finish, which leads", {"deadlines": (clock(starts=("begin", "finish")),)}),
        ("needs either a length or an end", {"deadlines": (clock(lasts=None),)}),
        ("needs either a length or an end", {"deadlines": (clock(at="day"),)}),
        ("cannot take finish from begun", {"deadlines": (clock(expires="finish"),)}),
    ],
)
def test_each_flaw_is_refused_and_named(flaw: str, settings: dict[str, Any]) -> None:
    with pytest.raises(Unsound) as refused:
        track(**settings)
    assert "track try" in str(refused.value)
    assert flaw in str(refused.value)


def test_a_dead_end_may_be_argued() -> None:
    stuck = (*STATES, State("stuck", "Stuck"))
    assert track(stuck, (*STEPS, step("go", ("begun",), "stuck")), dead_ends=("stuck",))


@pytest.mark.parametrize("slug", TRACKS)
def test_each_track_of_the_law_refuses_to_lose_an_exit(slug: str) -> None:
    """Take all steps out of one state away, and the track is refused."""
    sound = TRACKS[slug]
    ways_out = {name for each in sound.steps for name in each.from_ if each.to != name}
    for name in ways_out:
        steps = tuple(
            replace(each, from_=tuple(origin for origin in each.from_ if origin != name))
            for each in sound.steps
            if each.from_ != (name,)
        )
        with pytest.raises(Unsound):
            replace(sound, steps=steps, deadlines=())
