"""Who reads: in which language and time zone, and by which names organisations and people are shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from babel.dates import format_date, format_datetime, get_timezone

from app.kit.clock import local_day
from app.kit.i18n import _, translate
from app.safeguards.access import Actor
from app.safeguards.matrix import MATRIX
from app.safeguards.words import Category, Relation, Role
from app.web.filters import locale

SERVICE = _("The service")
SOMEBODY_ELSE = _("Another service")
SHELTER = _("A shelter")


@dataclass(frozen=True)
class Reader:
    """Says things as this reader may hear them."""

    actor: Actor
    language: str
    zone: str
    organisations: Mapping[UUID, str] = field(default_factory=dict)
    shelters: frozenset[UUID] = frozenset()  # organisations that run a house
    users: Mapping[UUID, str] = field(default_factory=dict)
    places: Mapping[UUID, str] = field(default_factory=dict)
    knows_place: bool = False  # may read whereabouts, so may also know which house it is
    bare: bool = False  # sees a bare status: kinds of service, never which

    def say(self, text: str, **values: Any) -> str:
        """Return a marked text in the reader's language, with values filled in."""
        said = translate(text, self.language)
        return said.format_map({name: str(each) for name, each in values.items()}) if values else said

    def stands(self, kind: str, state: str) -> str:
        """Return how a proceeding stands, in one line; the space before the colon is the language's affair."""
        return self.say(_("{kind}: {state}"), kind=self.say(kind), state=self.say(state))

    def word(self, word: Role | Relation | Category) -> str:
        """Return the name of a role, relation or category."""
        named = MATRIX.words["roles" if isinstance(word, Role) else _kind(word)].get(word.value, {})
        return str(named.get(self.language) or named.get("en") or self.say(SERVICE))

    def organisation(self, organisation_id: UUID | None) -> str:
        """Return an organisation's name; which house shelters her is part of her whereabouts (INV-12)."""
        if organisation_id is None:
            return self.say(SERVICE)
        own = organisation_id == self.actor.organisation_id
        if organisation_id in self.shelters and not (own or self.knows_place):
            return self.say(SHELTER)
        return self.organisations.get(organisation_id) or self.say(SOMEBODY_ELSE)

    def who(self, role: Role, organisation_id: UUID | None, user_id: UUID | None = None) -> str:
        """Return who did something: the kind of service and, unless that stays unsaid, which one."""
        if role is Role.SYS:
            return self.say(SERVICE)
        kind = self.word(role)
        kind = kind[:1].upper() + kind[1:]
        if user_id == self.actor.user_id:
            return self.say(_("{who} (you)"), who=kind)
        if self.bare and organisation_id != self.actor.organisation_id:
            return kind
        if role is Role.SHE and organisation_id != self.actor.organisation_id and not self.knows_place:
            return kind
        return f"{kind}, {self.organisation(organisation_id)}"

    def user(self, user_id: UUID) -> str | None:
        """Return the name of a user as the reader may see it."""
        return self.users.get(user_id)

    def day(self, at: datetime | date) -> str:
        """Return a day in words."""
        on = local_day(at, self.zone) if isinstance(at, datetime) else at
        return format_date(on, "d MMMM y", locale=locale(self.language))

    def instant(self, at: datetime) -> str:
        """Return a day and the time of day in words."""
        return format_datetime(
            at, "d MMMM y, HH:mm", tzinfo=get_timezone(self.zone), locale=locale(self.language)
        )


def _kind(word: Relation | Category) -> str:
    return "relations" if isinstance(word, Relation) else "categories"
