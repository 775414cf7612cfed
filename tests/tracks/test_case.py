"""The case: follow-up, closure through its list, retention, and a key that is destroyed by two for a child."""

from datetime import UTC, datetime

import pytest

from app.procedure.clocks import due_at
from app.procedure.effects import Alert, AssignLead, DestroyKeys, EndAllShares, LeaveTeam, OpenTrack, SetMarks
from app.safeguards.words import Relation, Role
from app.tracks import TRACKS
from app.tracks.core.case_forms import CLOSURE_REASONS
from tests.procedure.scene import TIMER, Scene, actor, rules
from tests.tracks.sayings import OTHER, closes

NGO = actor(Role.NGO, Relation.LEAD)
SUP = actor(Role.SUP, Relation.OVERSIGHT)
DPO = actor(Role.DPO, Relation.OVERSIGHT)


def opened(age: str = "adult") -> Scene:
    scene = Scene(age)
    scene.take("case", "open", TIMER)
    return scene


def closed(age: str = "adult", **more: object) -> Scene:
    scene = opened(age)
    if age != "adult":
        scene.put("guardian", "ended")
        scene.put("durable_solution", "achieved")
    scene.take("case", "request_closure", NGO, **closes(**more))
    scene.take("case", "approve_closure", SUP, comment="Agreed.")
    return scene


def test_the_timer_opens_a_case_and_a_person_names_its_lead() -> None:
    assert opened().tracks["case"].state == "open"
    assert [f.field for f in Scene().refused("case", "open", NGO)] == ["lead"]
    effects = Scene().take("case", "open", NGO, lead=OTHER)
    assert effects == [AssignLead(OTHER), OpenTrack("voluntary_return", "open")]


def test_who_closes_a_case_hears_of_no_claim_that_stands_against_it() -> None:
    scene = opened()
    scene.put("asylum_claim", "lodged")
    scene.take("case", "request_closure", NGO, **closes())
    (fault,) = scene.refused("case", "approve_closure", SUP, comment="Agreed.")
    assert (fault.rule, fault.withheld) == ("protected-status", "INV-27")


def test_closure_ends_every_grant_keeps_the_lead_and_stores_that_the_list_was_passed() -> None:
    scene = opened()
    effects = scene.take("case", "request_closure", NGO, **closes())
    assert [each.role for each in effects if isinstance(each, Alert)] == [Role.SUP]
    effects = scene.take("case", "approve_closure", SUP, comment="Agreed.")
    assert EndAllShares() in effects
    assert SetMarks({"closure_list": "passed", "closed_for": "goals_reached"}) in effects
    left = {each.relation for each in effects if isinstance(each, LeaveTeam)}
    assert {
        Relation.ASSIGNED,
        Relation.SHELTER,
        Relation.AUTHORITY,
        Relation.MANDATE,
        Relation.GUARDIAN,
    } <= left
    assert not {Relation.LEAD, Relation.OVERSIGHT} & left


def test_a_closure_may_be_refused_and_a_closed_case_opened_again() -> None:
    scene = opened()
    scene.take("case", "request_closure", NGO, **closes())
    scene.take("case", "refuse_closure", SUP, comment="The claim is open.")
    assert scene.tracks["case"].state == "open"
    scene = closed()
    scene.take("case", "reopen", NGO, reason="new_danger")
    assert scene.tracks["case"].state == "open"


@pytest.mark.parametrize(
    ("last", "days", "closes_"),
    [
        ("2025-11-01", ["2026-01-05", "2026-02-01", "2026-03-01"], True),
        ("2026-01-01", ["2026-01-05", "2026-02-01", "2026-03-01"], False),  # too soon
        ("2025-11-01", ["2026-01-05", "2026-02-01"], False),  # too few
        ("2025-11-01", ["2026-01-05", "2026-01-05", "2026-01-05"], False),  # one day is one attempt
        (None, ["2026-01-05", "2026-02-01", "2026-03-01"], False),
    ],
)
def test_silence_closes_a_case_only_after_time_and_safe_attempts(
    last: str | None, days: list[str], closes_: bool
) -> None:
    attempts = [{"on": day, "channel": "phone"} for day in days]
    said = closes(closure_reason="no_contact", attempts=attempts, last_contact_on=last)
    faults = opened().refused("case", "request_closure", NGO, **said)
    assert (not faults) == closes_
    assert rules(faults) <= {"case.no_contact_days"}


def test_whoever_is_known_to_have_a_contact_names_it() -> None:
    faults = opened().refused("case", "request_closure", NGO, **closes(knows_contact="given"))
    assert [f.field for f in faults] == ["aftercare_contact"]


def test_no_reason_to_close_is_want_of_cooperation() -> None:
    assert set(CLOSURE_REASONS) == {
        "goals_reached", "victim_wish", "moved_away", "transferred", "returned_and_followed",
        "child_solution_achieved", "no_contact", "not_victim_final", "deceased", "duplicate",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("age", "said", "year"),
    [
        ("adult", {}, 2031), ("adult", {"claims_run": True}, 2036), ("child", {"years_to_limit": 9}, 2035),
        ("child", {}, 2051), ("child", {"years_to_limit": 2, "claims_run": True}, 2036),
    ],
)  # fmt: skip
def test_a_file_is_kept_as_long_as_the_law_says(age: str, said: dict[str, object], year: int) -> None:
    scene = closed(age, **said)
    scene.wait(days=190)
    scene.take("case", "restrict", TIMER)
    clocks = [each for each in TRACKS["case"].deadlines if each.name.startswith("anonymise")]
    ends = [due_at(each, scene.facts(slug="case"), scene.now) for each in clocks]
    assert [each for each in ends if each] == [datetime(year, 3, 2, 22, 59, 59, tzinfo=UTC)]


def test_an_adults_file_is_anonymised_by_time_alone_and_never_before() -> None:
    scene = closed()
    scene.wait(days=190)
    scene.take("case", "restrict", TIMER)
    assert rules(scene.refused("case", "expire", TIMER)) == {"case.anonymise_years"}
    scene.wait(days=5 * 366)
    assert scene.take("case", "expire", TIMER) == [DestroyKeys()]


def test_a_childs_file_is_anonymised_by_two_persons() -> None:
    scene = closed("child", years_to_limit=5)
    scene.wait(days=190)
    scene.take("case", "restrict", TIMER)
    scene.wait(days=5 * 366)
    assert rules(scene.refused("case", "expire", TIMER)) == {"INV-20"}
    scene.take("case", "propose_anonymisation", DPO, rule="Child, until 25")
    assert rules(scene.refused("case", "confirm_anonymisation", DPO)) == {"INV-20"}
    assert scene.take("case", "confirm_anonymisation", actor(Role.DPO, Relation.OVERSIGHT)) == [DestroyKeys()]
