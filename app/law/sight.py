"""Who sees what a track holds: the matrix of access in words, for the categories that the track asks for."""

from collections.abc import Iterator

from app.kit.i18n import translate
from app.law.told import SightTold
from app.law.words import CONDITIONS
from app.procedure.declaration import Track
from app.procedure.soundness import forms_in
from app.safeguards.fields import Form, questions
from app.safeguards.matrix import MATRIX, Grant
from app.safeguards.words import Category, Level, Role

OPEN = (Level.READ, Level.WRITE)


def sight(track: Track, language: str) -> Iterator[SightTold]:
    """Yield each category of the track with who reads it, who reads only their own, who sees that it exists."""
    held = {track.summary}.union(*(categories(step.form) for step in track.steps))
    roles = [role for role in Role if role is not Role.SYS and track.may_know(role)]
    for category in (each for each in Category if each in held):
        cells = {role: MATRIX.cell(role, category) for role in roles}
        read = [role for role, cell in cells.items() if _opens(cell.foreign)]
        own = [role for role, cell in cells.items() if role not in read and _opens(cell.own)]
        seen = [
            role for role, cell in cells.items() if role not in read and cell.foreign.level is Level.EXISTENCE
        ]
        yield SightTold(
            category.value,
            MATRIX.name(category, language),
            tuple(_named(role, cells[role].foreign, language) for role in read),
            tuple(_named(role, cells[role].own, language) for role in own),
            tuple(MATRIX.name(role, language) for role in seen),
        )


def categories(form: type[Form]) -> frozenset[Category]:
    """Return every category that a form asks for."""
    found = {about.category for about in questions(form).values()}
    for info in form.model_fields.values():
        found.update(*(categories(inner) for inner in forms_in(info.annotation)))
    return frozenset(found)


def _opens(grant: Grant) -> bool:
    return grant.level in OPEN and "g" not in grant.qualifiers


def _named(role: Role, grant: Grant, language: str) -> str:
    """Return a role with the conditions under which it sees."""
    said = [translate(words, language) for code, words in CONDITIONS.items() if code in grant.qualifiers]
    return f"{MATRIX.name(role, language)} ({', '.join(said)})" if said else MATRIX.name(role, language)
