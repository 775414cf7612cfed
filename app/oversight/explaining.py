"""What explains that somebody opened a case: an act that tied them to it, something asked of them, or work done there.

Pure: it reads what the ledger, the clocks and the notices said of that instant, and nothing of what a case says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.kit.i18n import _
from app.safeguards.words import Act, Relation

NEAR = timedelta(days=7)  # work done, or something lent, so near before or after explains a look
LENT = "lent"
# The first that fits is told.
EXPLAINED = {
    "assigned": _("An act ties the person to the case by name"),
    "emergency": _("An emergency, or a stated reason, for hours"),
    "asked": _("The organisation was asked to take the case, or to give a place"),
    "houses": _("The house shelters the person of the case"),
    "acted": _("The person did something there within seven days"),
    "clock": _("A clock ran for which the person’s office answers"),
    "told": _("A notice about the case waited for them"),
    "lent": _("It was shared with the organisation within seven days before"),
}
REASONED = (Relation.EMERGENCY.value, Relation.OVERSIGHT.value)
ANSWERING = (
    Relation.LEAD.value, Relation.AUTHORITY.value, Relation.GUARDIAN.value, Relation.MANDATE.value,
    Relation.SHELTER.value,
)  # fmt: skip
ASKED = (Relation.RECIPIENT.value, Relation.SHELTER_ASKED.value)


@dataclass(frozen=True)
class Access:
    """That somebody opened a case."""

    case_id: UUID
    user_id: UUID
    role: str
    organisation_id: UUID
    at: datetime


@dataclass(frozen=True)
class Span:
    """Something that stood for a time: a tie, a clock, a notice; for a person, or for a desk."""

    what: str
    from_at: datetime
    until_at: datetime | None
    user_id: UUID | None = None
    role: str | None = None
    organisation_id: UUID | None = None

    def ran(self, at: datetime) -> bool:
        """Say whether it stood at that instant."""
        return self.from_at <= at and (self.until_at is None or at < self.until_at)

    def is_desk_of(self, access: Access) -> bool:
        """Say whether it was meant for the desk of whoever opened the case."""
        ours = self.organisation_id in (None, access.organisation_id)
        return self.user_id is None and ours and self.role in (None, access.role)


@dataclass(frozen=True)
class Known:
    """What is known of one case: ties by acts, clocks, notices, and who did something when."""

    ties: tuple[Span, ...] = ()
    clocks: tuple[Span, ...] = ()
    notices: tuple[Span, ...] = ()
    acts: tuple[tuple[UUID, datetime], ...] = field(default=())


def explanation(access: Access, known: Known) -> str | None:
    """Return the code of what explains an access, or None: then somebody should be asked."""
    ties = [each for each in known.ties if each.ran(access.at)]
    by_name = [each for each in ties if each.user_id == access.user_id]
    desk = {each.what for each in ties if each.is_desk_of(access)}
    answers = any(each.what in ANSWERING and each.organisation_id == access.organisation_id for each in ties)
    lent = (each for each in known.ties if each.what == LENT and each.is_desk_of(access))
    fits = {
        "assigned": any(each.what not in REASONED for each in by_name),
        "emergency": bool(by_name),
        "asked": not desk.isdisjoint(ASKED),
        "houses": Relation.SHELTER.value in desk,
        "acted": any(who == access.user_id and abs(access.at - at) <= NEAR for who, at in known.acts),
        "clock": answers and any(each.ran(access.at) and each.is_desk_of(access) for each in known.clocks),
        "told": any(each.ran(access.at) and each.is_desk_of(access) for each in known.notices),
        "lent": any(each.from_at <= access.at <= each.from_at + NEAR for each in lent),
    }
    return next((code for code in EXPLAINED if fits[code]), None)


def ties_of(events: Iterable[Mapping[str, Any]]) -> tuple[Span, ...]:
    """Return the ties that the events of one case gave and ended, in the order in which they stand on the ledger."""
    ties: list[Span] = []
    for each in events:
        if each["act"] == Act.GRANT.value:
            ties.append(_given(each))
        elif each["act"] == Act.DISCLOSE.value and each.get("recipient"):
            ties.append(Span(LENT, _at(each), None, organisation_id=UUID(each["recipient"])))
        elif each["act"] == Act.REVOKE.value:
            ties = [replace(tie, until_at=_at(each)) if _ends(each, tie) else tie for tie in ties]
    return tuple(ties)


def _given(event: Mapping[str, Any]) -> Span:
    until, user, house = event.get("until"), event.get("to_user"), event.get("recipient")
    return Span(
        event.get("relation", ""), _at(event), datetime.fromisoformat(until) if until else None,
        UUID(user) if user else None, event.get("to_role"), UUID(house) if house else None,
    )  # fmt: skip


def _ends(event: Mapping[str, Any], tie: Span) -> bool:
    """Say whether an event ended a tie that still ran: what it leaves open, it ends for all."""
    if not tie.ran(_at(event)):
        return False
    if "relation" not in event:
        return tie.what == LENT
    named = tie.what in event["relation"].split(",")
    whose = event.get("to_user") in (None, str(tie.user_id))
    return named and whose and event.get("recipient") in (None, str(tie.organisation_id))


def _at(event: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(event["at"])
