"""What a form asks, told: every field with its kind, category, help and codes."""

from collections.abc import Iterator
from functools import cache

from app.kit.i18n import _, translate
from app.kit.places import Names
from app.law.told import FieldTold
from app.law.words import KINDS
from app.procedure.soundness import forms_in
from app.safeguards.fields import Asked, Form, questions
from app.safeguards.matrix import MATRIX

MANY = 40  # a longer list of codes is counted, not told


@cache
def fields_told(form: type[Form], language: str) -> tuple[FieldTold, ...]:
    """Return the questions of a form, those of its rows inside them."""
    asked = questions(form)
    return tuple(_field(form, name, about, asked, language) for name, about in asked.items())


def _field(form: type[Form], name: str, about: Asked, asked: dict[str, Asked], language: str) -> FieldTold:
    info = form.model_fields[name]
    codes = tuple(_codes(about, language))
    inner = [each for held in forms_in(info.annotation) for each in fields_told(held, language)]
    return FieldTold(
        name=name,
        label=translate(about.label, language),
        help=translate(about.guide, language),
        kind=translate(KINDS[about.widget], language),
        category=MATRIX.name(about.category, language),
        needed=info.is_required(),
        minimal=about.minimal,
        clear=translate(about.clear, language) if about.clear else "",
        when=_when(about, asked, language),
        standard=about.standard or "",
        codes=codes if len(codes) <= MANY else (),
        counted=len(codes) if len(codes) > MANY else 0,
        inner=tuple(inner),
    )


def _codes(about: Asked, language: str) -> Iterator[tuple[str, str]]:
    if isinstance(about.choices, Names):
        yield from about.choices.shown(language).items()
    else:
        yield from ((code, translate(label, language)) for code, label in (about.choices or {}).items())


def _when(about: Asked, asked: dict[str, Asked], language: str) -> str:
    """Return on which answer to which question a field is shown."""
    if about.when is None:
        return ""
    name, codes = about.when
    other = asked.get(name)
    if other is None:
        return ""
    answers = [translate((other.choices or {}).get(code, code), language) for code in codes]
    said = translate(_("“{question}” is: {answers}"), language)
    return said.format(question=translate(other.label, language), answers=", ".join(answers))
