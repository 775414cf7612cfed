"""On what a disclosure rests: a consent in force for that purpose, or a ground that is recorded (INV-17)."""

from typing import Any
from uuid import UUID

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.declaration import Guard
from app.procedure.facts import Facts, TrackFacts
from app.procedure.refusal import refuse
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks.answers import Answers, choice

BASES = {
    "own_wish": _("The person asks for it"),
    "guardian_wish": _("The guardian asks for it, and the child was heard"),
    "vital_interest": _("Danger to life or health"),
    "child_protection": _("Protection of a child"),
    "court_order": _("An order of a court"),
    "statutory_duty": _("A duty by law"),
}
# Which consents carry the disclosures of a track: those for one of these purposes.
RESTS_ON: dict[str, tuple[str, ...]] = {
    "identity_document": ("share_consular", "transnational_referral"),
    "labour_inspection_finding": ("referral", "assistance"),
    "non_punishment": ("share_police",),
}


class Grounded(Answers):
    """Answers that leave the mechanism, with what they rest on."""

    consent: UUID | None = asked(
        Category.CNS,
        _("Consent on which this rests"),
        default=None,
        widget="track",
        clear=_("what it rests on"),
    )
    legal_basis: str | None = choice(
        Category.CNS, _("Without a recorded consent: on what ground?"), BASES, clear=_("what it rests on")
    )


def rests_on(slug: str) -> Guard:
    """Return a guard that asks for a consent in force that carries this, or for a recorded ground."""
    purposes = RESTS_ON[slug]

    def guard(facts: Facts, form: Any) -> Fault | None:
        if form is None or form.legal_basis is not None:
            return None
        given = any(
            each.track_id == form.consent and each.purpose in purposes
            for each in facts.consents
            if form.consent is not None and (each.until is None or each.until > facts.now)
        )
        if given:
            return None
        return refuse(
            _("A request needs the person’s consent, or another recorded ground"), field="legal_basis",
            rule="INV-17", source="CETS 197 art. 12(7); Regulation (EU) 2016/679 art. 6",
            unblock=_("A consent for this purpose, or the ground on which it rests"),
        )  # fmt: skip

    return guard


def carrying(slug: str, facts: Facts) -> list[TrackFacts]:
    """Return the consents in force on which a disclosure of that track can rest."""
    given = {
        each.track_id
        for each in facts.consents
        if each.purpose in RESTS_ON.get(slug, ()) and (each.until is None or each.until > facts.now)
    }
    return [each for each in facts.tracks if each.slug == "consent" and each.id in given]


def recipients(facts: Facts, consent: UUID | None, purpose: str) -> tuple[UUID, ...]:
    """Return whom a consent names as recipients for a purpose."""
    return tuple(
        each.recipient_organisation_id
        for each in facts.consents
        if consent is not None and each.track_id == consent and each.purpose == purpose
    )
