"""Consents as a table: for each purpose and recipient what would be shared, until when, and how it stands."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from app.casework.reader import Reader
from app.casework.shown import Agreed
from app.consents.queries import Lent, lent_now
from app.kit.i18n import _
from app.procedure.facts import Facts, TrackFacts
from app.safeguards.words import Category
from app.safeguards.work import Work
from app.tracks import TRACKS
from app.tracks.core.consent_forms import PURPOSES
from app.tracks.intake.referral_codes import LEGAL_BASES

CONSENT = _("Consent")
IN_FORCE = _("In force")
REFERRAL = _("Referral")


def consents(work: Work, case_id: UUID, facts: Facts, reader: Reader) -> tuple[Agreed, ...] | None:
    """Return the table, or None where the reader may not know who receives what."""
    if not work.may(case_id, Category.CNS).allowed:
        return None
    lent = lent_now(work, case_id)
    rest = [each for each in lent if _slug(facts, each.track_id) != "consent"]
    asked = [
        line for track in facts.tracks if track.slug == "consent" for line in _asked(track, lent, reader)
    ]
    return (*asked, *(_lent(each, reader) for each in rest))


def _slug(facts: Facts, track_id: UUID) -> str | None:
    return next((each.slug for each in facts.tracks if each.id == track_id), None)


def _asked(track: TrackFacts, lent: list[Lent], reader: Reader) -> Iterator[Agreed]:
    """Yield one line for each recipient that a consent names, whatever became of it."""
    until = track.marks.get("valid_until")
    for recipient in track.marks.get("recipients", ()):
        runs = any(each.track_id == track.id and str(each.organisation_id) == str(recipient) for each in lent)
        yield Agreed(
            purpose=reader.say(PURPOSES.get(track.marks.get("purpose", ""), CONSENT)),
            recipient=reader.organisation(UUID(str(recipient))),
            categories=tuple(reader.word(Category(each)) for each in track.marks.get("categories", ())),
            basis=reader.say(CONSENT),
            state=reader.say(TRACKS["consent"].state(track.state).label),
            in_force=runs,
            until=reader.day(date.fromisoformat(str(until)[:10])) if until else None,
        )


def _lent(each: Lent, reader: Reader) -> Agreed:
    """Return what rests on a referral or a legal basis alone."""
    basis = CONSENT if each.basis == "consent" else LEGAL_BASES.get(each.basis, each.basis)
    return Agreed(
        purpose=reader.say(PURPOSES.get(each.purpose, REFERRAL)),
        recipient=reader.organisation(each.organisation_id),
        categories=tuple(reader.word(category) for category in each.categories),
        basis=reader.say(basis),
        state=reader.say(IN_FORCE),
        in_force=True,
        until=reader.day(each.until) if each.until else None,
    )
