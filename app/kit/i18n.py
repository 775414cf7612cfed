"""Words in two languages: mark a string with `_`, show it with `translate`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES = ("en", "fr")
ROOT = Path(__file__).resolve().parents[1]


def _(text: str) -> str:
    """Mark a text for translation; it stays as it is until it is shown."""
    return text


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return every translated text of a language, gathered from each room's `locale/<language>.po`."""
    words: dict[str, str] = {}
    for path in sorted(ROOT.glob(f"**/locale/{language}.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id and isinstance(message.id, str) and isinstance(message.string, str):
                    words[message.id] = message.string
    return words


def translate(text: str, language: str) -> str:
    """Return a marked text in the language asked for, or as it was written where none is known."""
    return catalogue(language).get(text) or text if language != "en" else text
