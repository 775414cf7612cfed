"""Fifteen workers on one farm: said once, referred each alone; wages worked out, and kept from immigration."""

from collections.abc import Callable
from typing import Any

from tests.journey.decided import time_to_recover
from tests.journey.told import REFERRED, Told

FARM = "Strawberry farm at Mill Row, greenhouse 4"
EMPLOYER = "Sunfield Growers Ltd"
OWN = ("age_class", "consent", "consent_explained", "consent_notice", "immediate_needs")
COMMON: dict[str, Any] = {
    **{name: each for name, each in REFERRED.items() if name not in OWN}, "immediate_needs": ["safe_place"],
    "places_details": FARM, "current_place": "The sports hall behind the school",
    "indicators": [{"source": "seen", "signs": ["ilo.wages", "ilo.conditions", "ilo.documents"], "note": EMPLOYER}],
}  # fmt: skip
AGREES = {"age_class": "adult", "consent": "yes", "consent_explained": "yes", "consent_notice": "yes"}
NAMES = (
    "Andrei", "Bogdan", "Cosmin", "Dan", "Emil", "Florin", "Gelu", "Horia", "Ilie", "Jan", "Liviu", "Marin", "Nelu",
)  # fmt: skip
PEOPLE: tuple[dict[str, Any], ...] = (
    *({**AGREES, "name_to_use": name, "gender": "Masculine"} for name in NAMES),
    {"age_class": "uncertain", "name_to_use": "Ovidiu"},
    {**AGREES, "consent": "no", "name_to_use": "Pavel", "nationalities": ["MD"], "gender": "Masculine"},
)


def found_together(told: Told) -> None:
    """Refer fifteen at once: thirteen who agree, one who may be a child, one who says no."""
    common = {**COMMON, "receiving_organisation_id": told.house("Harbour Association")}
    told.cases = told.hand.refer_group("inspector", common, PEOPLE)
    assert len(set(told.cases)) == len(PEOPLE)
    andrei, bogdan, ovidiu, pavel = (told.cases[at] for at in (0, 1, 13, 14))
    assert told.hand.waits("ngo", andrei)
    told.case = andrei
    told.act("ngo", "referral", "accept")
    told.shows("ngo", "Andrei", FARM, EMPLOYER, "The sports hall behind the school")
    told.hides("ngo", *NAMES[1:], "Ovidiu", "Pavel")
    told.hides("inspector", "Bogdan", "sports hall")
    told.is_closed_to("ngo2", "immigration", "police")
    told.case = bogdan
    told.hides("ngo", FARM, "Bogdan", "Andrei")  # asked, and not yet taken on
    told.case = ovidiu
    told.act("ngo", "referral", "accept")
    told.stands("ngo", age_assessment="presumed_child", guardian="needed")
    told.case = pavel
    told.hides("authority", "Pavel", FARM, EMPLOYER)
    told.is_closed_to("ngo")
    told.case = andrei


def inspected(told: Told) -> None:
    """Record what the inspectors found, and what each worker is owed."""
    told.act(
        "inspector", "labour_inspection_finding", "record", inspected_on=told.today(), worksite=FARM,
        sector="A_AgricultureForestryAndFishing", employer=[{"kind": "legal", "part": "employer", "name": EMPLOYER}],
        chain=[{"kind": "legal", "part": "client", "name": "Freshways Retail"}], recruiter="Quickwork Agency",
        worker_count=15, minors_seen=True,
    )  # fmt: skip
    told.runs("inspector", labour_inspection_finding__minor="2 March 2026, ")
    told.act(
        "inspector", "labour_inspection_finding", "screen", signs=["ilo.wages", "ilo.documents"], weekly_hours=72,
        pay="under_minimum", taken_for=["lodging", "transport"], documents_held="yes", housing="on_site",
        hazards=["chemicals"], worst_forms=False,
        debts=[{"principal": {"amount": "1800", "currency": "EUR"}, "creditor": "Quickwork Agency"}],
    )  # fmt: skip
    # A sign was seen: whoever saw it cannot say alone that there is nothing.
    told.refuses(
        "inspector", "labour_inspection_finding", "clear", "INV-20", "OSCE Ministerial Council Decision 8/07",
        reasons="They seem content.",
    )  # fmt: skip
    told.act(
        "inspector", "labour_inspection_finding", "classify", currency="EUR", claim_route="labour_inspectorate",
        wages=[
            {"worker": "A", "weeks": "10", "length_shown_by": "papers", "weekly_hours": "40", "agreed_rate": "9.50",
             "least_rate": "11.00", "overtime_hours": "320", "paid": "2100", "taken_off": "350"},
            {"worker": "B", "weeks": "4", "length_shown_by": "presumed", "weekly_hours": "40", "agreed_rate": "11.00",
             "paid": "0"},
        ],
    )  # fmt: skip
    told.shows("inspector", "10 × 40 h × 11.00 + 320 h × 11.00 − 2,100.00 + 350.00 = 6,170.00", "€7,930.00")
    told.act("inspector", "labour_inspection_finding", "upgrade", new_signs=["ilo.debt"])
    told.stands("ngo", labour_inspection_finding="thb_referred", case="open")


def firewall(told: Told) -> None:
    """Let immigration grant him time to recover: of the inspection it learns nothing, not even that there was one."""
    time_to_recover(told, "RP-0419")
    told.knows_nothing_of("immigration", "labour_inspection_finding")
    told.hides("immigration", EMPLOYER, FARM, "7,930", "Quickwork", "sports hall")
    told.never_offers("immigration", "labour_inspection_finding", "record", "act", "close")
    told.stands("ngo", reflection_period="active", identification="rg_positive", case="open")
    told.hides(("inspector", "authority"), "sports hall")


def story(told: Told) -> None:
    found_together(told)
    inspected(told)
    firewall(told)


def test_fifteen_are_referred_at_once_and_each_alone_and_what_they_are_owed_is_worked_out(
    by_both_hands: Callable[[Callable[[Told], None]], None],
) -> None:
    by_both_hands(story)
