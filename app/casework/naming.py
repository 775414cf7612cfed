"""Gathering the names that a reader may see: organisations, users, places."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import select

from app.accounts.queries import organisation_names, user_names
from app.casework.reader import Reader
from app.safeguards.words import Category, Relation
from app.safeguards.work import Work
from app.shelters.models import Place
from app.shelters.queries import sheltering_organisations


def reader_of(  # noqa: PLR0913 -- the last two are named at the call
    work: Work, case_id: UUID, zone: str, language: str | None = None, *,
    users: Iterable[UUID] = (), places: Collection[UUID] = (),
) -> Reader:  # fmt: skip
    """Return who reads this case, with the names that they may see; places by their opaque codes."""
    wanted = set(users)
    return Reader(
        actor=work.actor,
        language=language or work.actor.language,
        zone=zone,
        organisations=organisation_names(work),
        shelters=sheltering_organisations(work),
        users=user_names(work, wanted) if wanted else {},
        places=_codes(work, places) if places else {},
        knows_place=work.may(case_id, Category.LOC).allowed,
        bare=work.standing(case_id).relations == {Relation.REFERRER},
    )


def _codes(work: Work, places: Collection[UUID]) -> dict[UUID, str]:
    rows = work.session.execute(select(Place.id, Place.code).where(Place.id.in_(list(places))))
    return {place_id: code for place_id, code in rows}  # noqa: C416 -- typed rows
