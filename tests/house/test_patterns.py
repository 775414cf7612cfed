"""Patterns that end, scripts that read no element by its name, small cookies, and files of known kinds."""

import ast
import re
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

from tests.fixtures.service import Enter
from tests.house.source import APP, python, tree

ENDS = (
    r"(?:\.\d+)*)",
    r"(\.[A-Za-z0-9-]+)+",
)  # each round begins with a dot, which the inner one cannot take
REPEATS = {_constants.MAX_REPEAT, _constants.MIN_REPEAT}
ENDLESS = _constants.MAXREPEAT


def nested(parsed: Any, *, within: bool = False) -> bool:
    """Say whether something that repeats without end holds something that does: it may take for ever to say no."""
    for kind, given in parsed:
        again = kind in REPEATS and given[1] is ENDLESS
        if again and within:
            return True
        if any(nested(each, within=within or again) for each in _below(given)):
            return True
    return False


def _below(given: Any) -> list[Any]:
    if isinstance(given, _parser.SubPattern):
        return [given]
    return [found for each in given for found in _below(each)] if isinstance(given, list | tuple) else []


def test_no_pattern_repeats_a_repetition() -> None:
    found = []
    for path in python(under=APP):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.") and node.args:
                given = node.args[0]
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    found.append(given.value)
    assert len(found) > 10
    assert not [each for each in found if nested(_parser.parse(each)) and not each.endswith(ENDS)]
    assert nested(_parser.parse(r"^(a+)+$"))
    assert not nested(_parser.parse(r"^a+b*$"))


# What a document has by itself; anything else could be an element that bears the name.
OWN = {
    "querySelector", "querySelectorAll", "createElement", "documentElement", "body", "forms", "addEventListener",
}  # fmt: skip


def test_our_scripts_read_nothing_by_a_name_that_an_element_could_bear() -> None:
    for path in (APP / "web" / "static").glob("*.js"):
        text = path.read_text("utf-8")
        assert set(re.findall(r"\bdocument\.(\w+)", text)) <= OWN, path.name
        assert not re.search(r"\bwindow\[|\bdocument\[|^var ", text, re.MULTILINE), path.name
    layout = (APP / "web" / "templates" / "web" / "layout.html").read_text("utf-8")
    assert not re.findall(r"<script(?! type=\"module\")", layout)  # a module shares no names with the page


def test_every_cookie_is_small(enter: Enter) -> None:
    client = enter("ngo").client
    client.get("/account?lang=fr")
    kept = {each.name: len(each.name + (each.value or "")) for each in client.cookies.jar}
    assert len(kept) == 2
    assert max(kept.values()) < 200


def test_only_known_kinds_of_files_are_served() -> None:
    static = APP / "web" / "static"
    assert {path.suffix for path in static.rglob("*") if path.is_file()} <= {".css", ".js", ".svg", ".json"}
