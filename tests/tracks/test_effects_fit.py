"""What one track asks of another can be done: the step exists, the rule engine may take it, nothing is missing."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.safeguards.words import Role
from app.tracks import TRACKS
from tests.house.source import APP, place, tree

TRACKS_ROOM: Path = APP / "tracks"


def asked() -> Iterator[tuple[str, str, str, str]]:
    """Every OpenTrack and TakeStep that names its track and step: where, which, slug, step."""
    for path in sorted(TRACKS_ROOM.rglob("*.py")):
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in ("OpenTrack", "TakeStep"):
                slug, step = node.args[:2]
                if isinstance(slug, ast.Constant) and isinstance(step, ast.Constant):
                    yield place(path, node), node.func.id, str(slug.value), str(step.value)


@pytest.mark.parametrize(("where", "kind", "slug", "step"), list(asked()))
def test_the_rule_engine_can_do_what_is_asked_of_it(where: str, kind: str, slug: str, step: str) -> None:
    named = [each for each in TRACKS[slug].steps if each.name == step]
    assert named, where
    for each in named:
        assert Role.SYS in each.by, where
        assert (not each.from_) == (kind == "OpenTrack"), where
        assert "INV-07" not in each.invariants, f"{where}: a decision for a child is not taken by the engine"


def values() -> Iterator[tuple[str, str, str, set[str]]]:
    """The fields that those calls fill in, where they are written out."""
    for path in sorted(TRACKS_ROOM.rglob("*.py")):
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or len(node.args) < 3:
                continue
            given = node.args[2]
            if (
                node.func.id in ("OpenTrack", "TakeStep")
                and isinstance(given, ast.Dict)
                and None not in given.keys
            ):
                slug, step = (str(each.value) for each in node.args[:2] if isinstance(each, ast.Constant))
                yield place(path, node), slug, step, {str(ast.literal_eval(key)) for key in given.keys if key}


@pytest.mark.parametrize(("where", "slug", "step", "names"), list(values()))
def test_what_is_filled_in_is_asked_there(where: str, slug: str, step: str, names: set[str]) -> None:
    form = next(each for each in TRACKS[slug].steps if each.name == step).form
    assert names <= set(form.model_fields), where


@pytest.mark.parametrize(
    ("slug", "step"),
    [(slug, each.name) for slug, track in TRACKS.items() for each in track.steps if Role.SYS in each.by],
)  # fmt: skip
def test_the_timer_needs_to_type_nothing_where_a_clock_lets_it_act(slug: str, step: str) -> None:
    if step in {each.expires for each in TRACKS[slug].deadlines}:
        for each in TRACKS[slug].steps:
            if each.name == step and Role.SYS in each.by:
                each.form()
