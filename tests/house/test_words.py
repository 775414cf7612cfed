"""Every word that a reader sees stands in French too, with the same gaps to fill, and nothing else does."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from app.kit.i18n import catalogue
from tests.house.source import APP, place, python, tracked

KEYWORDS = {"_": None}
GAP = re.compile(r"\{[^{}]*\}")
NARROW, WIDE = "\u202f", "\u00a0"  # either is a space that does not break
UNTYPED = re.compile(
    rf"\w'\w|[^{NARROW}{WIDE}\s][;!?»](\s|$)|«[^{NARROW}{WIDE}]|\s(?<![{NARROW}{WIDE}])[:;!?»]"
)


def templates() -> list[Path]:
    return [path for path in tracked() if path.suffix in {".html", ".txt"} and "templates" in path.parts]


def catalogues() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".po" and path.is_relative_to(APP)]


@cache
def marked() -> dict[str, str]:
    """Every marked text, with one place where it is used."""
    words: dict[str, str] = {}
    for path in python(under=APP):
        for text, line in _from(path, "python"):
            words.setdefault(text, f"{place(path)}:{line}")
    for path in templates():
        for text, line in _from_page(path):
            words.setdefault(text, f"{place(path)}:{line}")
    return words


def _from(path: Path, method: str) -> Iterator[tuple[str, int]]:
    with path.open("rb") as file:
        for line, text, _comments, _context in extract(method, file, keywords=KEYWORDS):
            assert isinstance(text, str), f"{place(path)}:{line}: only a plain text can be marked"
            yield text, line


def _from_page(path: Path) -> Iterator[tuple[str, int]]:
    """The texts that a page marks itself; `_(variable)` shows one that Python has marked."""
    options = {"encoding": "utf-8", "silent": "false", "extensions": "jinja2.ext.do,jinja2.ext.loopcontrols"}
    with path.open("rb") as file:
        for line, _function, found, _comments in babel_extract(file, ["_"], [], options):
            text = found if isinstance(found, str) or found is None else found[0]
            if text:
                yield text, line


def entries(path: Path) -> list[Message]:
    with path.open("rb") as file:
        return [message for message in read_po(file, locale=path.stem) if message.id]


def test_every_marked_text_has_its_french() -> None:
    french = catalogue("fr")
    missing = [f"{where}: {text}" for text, where in marked().items() if not french.get(text, "").strip()]
    assert not missing, "\n".join(["no French for:", *missing])


def test_both_languages_leave_the_same_gaps() -> None:
    french = catalogue("fr")
    different = [
        f"{text} / {french[text]}"
        for text in marked()
        if text in french and set(GAP.findall(text)) != set(GAP.findall(french[text]))
    ]
    assert not different, "\n".join(different)


def test_no_catalogue_holds_a_text_that_nothing_shows() -> None:
    used = marked()
    idle = [
        f"{place(path)}: {message.id}"
        for path in catalogues()
        for message in entries(path)
        if message.id not in used
    ]
    assert not idle, "\n".join(["never used:", *idle])


def test_no_text_is_put_into_french_in_two_ways() -> None:
    seen: dict[str, str] = {}
    for path in catalogues():
        for message in entries(path):
            assert isinstance(message.id, str)
            first = seen.setdefault(message.id, str(message.string))
            assert first == message.string, f"{place(path)}: {message.id!r} is {first!r} in another room"
            assert not message.fuzzy, f"{place(path)}: {message.id!r} waits for a translator"


def test_pages_mark_their_words_in_one_way_only() -> None:
    blocks = re.compile(r"\{%-?\s*(trans|pluralize)\b|\b(gettext|ngettext)\(")
    assert not [place(path) for path in templates() if blocks.search(path.read_text())]


def test_french_is_set_as_french_is() -> None:
    wrong = [
        f"{place(path)}: {message.string}"
        for path in catalogues()
        if path.stem == "fr"
        for message in entries(path)
        if UNTYPED.search(str(message.string))
    ]
    assert not wrong, "\n".join(
        ["apostrophe ’, or a non-breaking space before ; : ! ? » and after «:", *wrong]
    )


@pytest.mark.parametrize("text", ["l'enfant", "Qui?", "Qui ?", "« oui »", "Nom :"])
def test_what_is_not_set_as_french_is_found(text: str) -> None:
    assert UNTYPED.search(text)


@pytest.mark.parametrize(
    "text", ["l’enfant", f"Qui{NARROW}?", f"«{WIDE}oui{WIDE}»", f"Nom{WIDE}:", "8:30", "a/b?c=d"]
)
def test_what_is_set_as_french_is_passes(text: str) -> None:
    assert not UNTYPED.search(text)
