"""What is shared without consent waits for nobody, and a second person looks at it afterwards."""

from uuid import UUID

from app.procedure.effects import Alert, Effect
from app.safeguards.words import Role
from app.tracks.disclosed import WITHOUT_CONSENT
from app.tracks.intake.hotline_rules import HELP_WAS_SENT
from tests.procedure.scene import TIMER
from tests.tracks.returns_children import Whole
from tests.tracks.sayings import PARTNER
from tests.tracks.test_services_missing import HOT, POL, SHE, SUP, TELLS, triaged


def looked_at(effects: list[Effect]) -> list[tuple[Role | None, UUID | None]]:
    """Who is told that something was shared on one person's word."""
    kinds = (WITHOUT_CONSENT, HELP_WAS_SENT)
    return [
        (each.role, each.organisation_id)
        for each in effects
        if isinstance(each, Alert) and each.kind in kinds
    ]


def test_a_search_is_looked_at_when_it_begins_and_when_it_is_taken_up_again() -> None:
    scene = Whole("adult")
    scene.take("missing_person", "report", TIMER)
    begun = scene.take("missing_person", "inform_police", SHE, **TELLS)
    assert looked_at(begun) == [(Role.SUP, SHE.organisation_id), (Role.AUD, None)]
    scene.take(
        "missing_person", "close_search", SUP, reason="no_new_trace", reviewed_on="2026-03-02",
        next_review_on="2026-05-01",
    )  # fmt: skip
    again = scene.take("missing_person", "reopen_search", POL, reason="sighting")
    assert looked_at(again) == [(Role.SUP, POL.organisation_id), (Role.AUD, None)]


def test_help_that_is_sent_is_looked_at() -> None:
    sends = {"recipient": PARTNER, "minimal_data": "Locked in.", "basis": "vital_interest"}
    effects = triaged().take("hotline_report", "dispatch", HOT, **sends)
    assert looked_at(effects) == [(Role.SUP, HOT.organisation_id), (Role.AUD, None)]
