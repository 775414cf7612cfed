"""Consents as a table: for each purpose and recipient what would be shared, until when, and how it stands."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from app.casework.reader import Reader
from app.casework.shown import Agreed
from app.kit.i18n import _
from app.procedure.facts import ConsentFacts, Facts, TrackFacts
from app.safeguards.words import Category
from app.safeguards.work import Work
from app.tracks import TRACKS
from app.tracks.core.consent_forms import PURPOSES
from app.tracks.grounds import BASES
from app.tracks.intake.referral_codes import LEGAL_BASES

CONSENT = _("Consent")
IN_FORCE = _("In force")
REFERRAL = _("Referral")
GROUNDS = {**BASES, **LEGAL_BASES}  # what a disclosure may rest on instead


def consents(work: Work, case_id: UUID, facts: Facts, reader: Reader) -> tuple[Agreed, ...] | None:
    """Return the table, or None where the reader may not know who receives what."""
    if not work.may(case_id, Category.CNS).allowed:
        return None
    consent_tracks = [each for each in facts.tracks if each.slug == "consent"]
    own_lines = {each.id for each in consent_tracks}
    rest = [each for each in facts.consents if each.track_id not in own_lines]
    asked = [line for track in consent_tracks for line in _asked(track, facts, reader)]
    return (*asked, *(_lent(each, reader) for each in rest))


def _asked(track: TrackFacts, facts: Facts, reader: Reader) -> Iterator[Agreed]:
    """Yield one line for each recipient that a consent names, whatever became of it."""
    until = track.marks.get("valid_until")
    for recipient in track.marks.get("recipients", ()):
        in_force = (track.id, str(recipient)) in {
            (each.track_id, str(each.recipient_organisation_id)) for each in facts.consents
        }
        yield Agreed(
            purpose=reader.say(PURPOSES.get(track.marks.get("purpose", ""), CONSENT)),
            recipient=reader.organisation(UUID(str(recipient))),
            categories=tuple(reader.word(Category(each)) for each in track.marks.get("categories", ())),
            basis=reader.say(CONSENT),
            state=reader.say(TRACKS["consent"].state(track.state).label),
            in_force=in_force,
            until=reader.day(date.fromisoformat(str(until)[:10])) if until else None,
        )


def _lent(each: ConsentFacts, reader: Reader) -> Agreed:
    """Return what rests on a referral or a legal basis alone."""
    basis = CONSENT if each.basis == "consent" else GROUNDS.get(each.basis, each.basis)
    return Agreed(
        purpose=reader.say(PURPOSES.get(each.purpose, REFERRAL)),
        recipient=reader.organisation(each.recipient_organisation_id),
        categories=tuple(sorted(reader.word(category) for category in each.categories)),
        basis=reader.say(basis),
        state=reader.say(IN_FORCE),
        in_force=True,
        until=reader.day(each.until) if each.until else None,
    )


def agreed_in_words(track: TrackFacts, facts: Facts, reader: Reader) -> str:
    """Return what a consent allows in one line: for what, to whom, which information, until when."""
    lines = list(_asked(track, facts, reader))
    said = {
        "purpose": lines[0].purpose, "recipients": ", ".join(each.recipient for each in lines),
        "categories": ", ".join(lines[0].categories), "until": lines[0].until,
    }  # fmt: skip
    if lines[0].until is None:
        return reader.say(_("{purpose}, for {recipients}: {categories}"), **said)
    return reader.say(_("{purpose}, for {recipients}: {categories}, until {until}"), **said)
