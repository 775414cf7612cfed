"""What is owed is worked out and adds up, whatever was typed; where nothing shows how long, the law presumes."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.procedure.clocks import due_at
from app.procedure.effects import SetMarks
from app.profiles.profile import load
from app.safeguards.words import Relation, Role
from app.tracks import TRACKS
from app.tracks.justice.compensation_forms import AssessClaim, AwardClaim
from app.tracks.justice.inspection_forms import ClassifyViolation
from app.tracks.justice.wages import WorkStretch, due, owed, total
from tests.procedure.scene import Scene, actor, rules

CLAIM = "compensation_claim"
LAWYER = actor(Role.LEG, Relation.MANDATE)
SUMS = st.decimals(0, 100_000, places=2)


def stretch(**more: Any) -> dict[str, Any]:
    return {
        "weeks": "26", "length_shown_by": "person", "weekly_hours": "60", "agreed_rate": "5.00", "paid": "1500",
        **more,
    }  # fmt: skip


def assesses(**more: Any) -> dict[str, Any]:
    return {
        "currency": "eur", "wages": [stretch()],
        "respondents": [{"kind": "legal", "name": "X", "part": "employer"}],
        "routes": [
            {"route": "labour_court", "limitation_on": "2027-06-01"},
            {"route": "state_fund", "limitation_on": "2027-03-01"},
        ],
        **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given_", "amount", "working"),
    [
        ({}, "6300.00", "26 × 60 h × 5.00 − 1500.00 = 6300.00"),
        ({"least_rate": "12.41"}, "17859.60", "26 × 60 h × 12.41 − 1500.00 = 17859.60"),
        ({"least_rate": "4"}, "6300.00", "26 × 60 h × 5.00 − 1500.00 = 6300.00"),
        ({"overtime_hours": "10", "overtime_rate": "8"}, "6380.00",
         "26 × 60 h × 5.00 + 10 h × 8.00 − 1500.00 = 6380.00"),
        ({"overtime_hours": "10", "overtime_rate": "1"}, "6350.00",
         "26 × 60 h × 5.00 + 10 h × 5.00 − 1500.00 = 6350.00"),
        ({"taken_off": "400"}, "6700.00", "26 × 60 h × 5.00 − 1500.00 + 400.00 = 6700.00"),
        ({"paid": "9000"}, "0.00", "26 × 60 h × 5.00 − 9000.00 = 0.00"),
        ({"weeks": "0.5", "weekly_hours": "37.5", "agreed_rate": "9.99", "paid": "0"}, "187.31",
         "0.5 × 37.5 h × 9.99 − 0.00 = 187.31"),
    ],
)  # fmt: skip
def test_the_sum_and_its_working(given_: dict[str, Any], amount: str, working: str) -> None:
    row = WorkStretch.model_validate(stretch(**given_))
    assert owed(row) == Decimal(amount)
    assert row.working == working


@given(
    st.decimals("0.1", 500, places=1), st.decimals("0.5", 168, places=1), SUMS, st.none() | SUMS, SUMS, SUMS, SUMS,
)  # fmt: skip
def test_nothing_is_ever_owed_below_nought_and_every_deduction_counts(  # noqa: PLR0917 -- the numbers of a row
    weeks: Decimal, hours: Decimal, agreed: Decimal, least: Decimal | None, overtime: Decimal, paid: Decimal,
    taken_off: Decimal,
) -> None:  # fmt: skip
    row = WorkStretch(
        weeks=weeks, weekly_hours=hours, length_shown_by="person", agreed_rate=agreed, least_rate=least,
        overtime_hours=overtime, paid=paid, taken_off=taken_off,
    )  # fmt: skip
    assert owed(row) >= 0
    assert owed(row) >= due(row) - paid
    assert owed(row) == max(Decimal(0), due(row) - paid + taken_off)
    assert due(row) >= weeks * hours * max(agreed, least or Decimal(0)) - Decimal("0.01")
    assert row.working is not None
    assert row.working.endswith(f"= {owed(row):.2f}")


def test_wages_and_heads_add_up_in_one_currency() -> None:
    heads = [{"head": "moral", "amount": "5000"}, {"head": "medical", "amount": "120.50"}]
    claim = AssessClaim.model_validate(assesses(heads=heads))
    assert claim.wages_owed is not None
    assert claim.total is not None
    assert (claim.wages_owed.amount, claim.wages_owed.currency) == (total(claim.wages), "EUR")
    assert claim.total.amount == total(claim.wages) + Decimal("5120.50")


def test_a_sum_that_was_typed_and_does_not_follow_is_refused() -> None:
    right = {"amount": "6300.00", "currency": "EUR"}
    assert AssessClaim.model_validate(assesses(wages_owed=right)).wages_owed is not None
    for wrong in ({"amount": "6300.01", "currency": "EUR"}, {"amount": "6300.00", "currency": "USD"}):
        with pytest.raises(ValidationError, match="does not follow"):
            AssessClaim.model_validate(assesses(wages_owed=wrong))


def test_an_award_and_an_inspection_add_up_too() -> None:
    rows = [{"head": "wages", "amount": "100"}, {"head": "moral", "amount": "50.25"}]
    award = AwardClaim.model_validate({"awarded_on": "2026-03-02", "currency": "EUR", "awards": rows})
    assert award.total is not None
    assert award.total.amount == Decimal("150.25")
    two = [{**stretch(), "worker": name} for name in ("A", "B")]
    found = ClassifyViolation.model_validate({"currency": "EUR", "wages": two, "claim_route": "labour_court"})
    assert found.wages_owed is not None
    assert found.wages_owed.amount == Decimal("12600.00")


@pytest.mark.parametrize(("weeks", "fine"), [("12", False), ("13", True), ("20", True)])
def test_where_nothing_shows_how_long_the_law_presumes_three_months(weeks: str, fine: bool) -> None:
    scene = Scene()
    scene.put(CLAIM, "informed")
    said = assesses(wages=[stretch(weeks=weeks, length_shown_by="presumed")])
    faults = scene.refused(CLAIM, "assess", LAWYER, **said)
    assert (not faults) == fine
    assert rules(faults) <= {"compensation.presumed_months"}
    assert not scene.refused(CLAIM, "assess", LAWYER, **assesses(wages=[stretch(weeks="2")]))


def test_the_first_last_day_of_all_ways_is_watched_and_no_sum_leaves_the_seal() -> None:
    scene = Scene()
    scene.put(CLAIM, "informed")
    effects = scene.take(CLAIM, "assess", LAWYER, **assesses())
    assert effects == [SetMarks({"limitation_on": "2027-03-01"})]
    assert scene.tracks[CLAIM].marks == {"limitation_on": "2027-03-01"}
    ends = {each.name: due_at(each, scene.facts(slug=CLAIM), scene.now) for each in TRACKS[CLAIM].deadlines}
    days = {name: ends[f"limitation_{name}"] for name in ("first", "second", "last")}
    assert [day and day.date().isoformat() for day in days.values()] == [
        "2026-09-02",
        "2026-12-01",
        "2027-01-30",
    ]
    assert [load().number(f"compensation.{name}_alert_days") for name in days] == [180, 90, 30]
    assert scene.refused(CLAIM, "assess", LAWYER, **assesses(wages=[]))


def test_a_claim_that_is_not_wanted_may_be_taken_up_again() -> None:
    scene = Scene()
    scene.put(CLAIM, "informed")
    scene.take(CLAIM, "decline", LAWYER)
    assert not scene.refused(CLAIM, "assess", LAWYER, **assesses())


def test_a_child_claims_with_whoever_acts_for_the_child() -> None:
    scene = Scene("child")
    scene.put(CLAIM, "assessed")
    said = {"route": "civil", "reference": "1", "filed_on": "2026-03-02"}
    assert "INV-07" in rules(scene.refused(CLAIM, "file", LAWYER, **said))
    scene.put("guardian", "active")
    assert not scene.refused(CLAIM, "file", LAWYER, **said, guardian_heard=True)
