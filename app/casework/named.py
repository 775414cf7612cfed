"""Answers that name an organisation, a person of the service or a place: they must be ones that there are."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select

from app.accounts.models import Organisation, UserAccount
from app.kit.errors import Invalid
from app.safeguards.work import Work
from app.shelters.models import Place
from app.web.complaints import complaint
from app.web.shape import shapes

Path = tuple[str | int, ...]
Named = tuple[Path, str, UUID]  # where in the form, as what, whom
KNOWN: dict[str, Any] = {
    "organisation": select(Organisation.id),
    "user": select(UserAccount.id).where(UserAccount.disabled_at.is_(None)),
    "shelter_place": select(Place.id),
}
IDS = {"organisation": Organisation.id, "user": UserAccount.id, "shelter_place": Place.id}


def refuse_unknown(work: Work, form: BaseModel) -> None:
    """Raise Invalid for each answer that names nobody: what follows from the step would find nobody to do it for."""
    named = list(_named(form, ()))
    there: set[tuple[str, UUID]] = set()
    for kind in {kind for _path, kind, _id in named}:
        asked = {each for _path, of, each in named if of == kind}
        there |= {(kind, each) for each in work.session.scalars(KNOWN[kind].where(IDS[kind].in_(asked)))}
    faults = {
        path: complaint("not_a_choice", path, type(form))
        for path, kind, each in named
        if (kind, each) not in there
    }
    if faults:
        raise Invalid(*faults.values())


def _named(form: BaseModel, at: Path) -> Iterator[Named]:
    for shape in shapes(type(form)).values():
        value = getattr(form, shape.name)
        if value is None:
            continue
        if shape.group:
            for number, block in enumerate(value if shape.many else (value,)):
                yield from _named(block, (*at, shape.name, number) if shape.many else (*at, shape.name))
        elif shape.about.widget in KNOWN:
            for each in value if shape.many else (value,):
                if isinstance(each, UUID):
                    yield (*at, shape.name), shape.about.widget, each
