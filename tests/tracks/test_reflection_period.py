"""The reflection period: at least the treaty's length, protecting until it is truly over, ended by no silence."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.procedure.clocks import due_at
from app.procedure.effects import Alert, JoinTeam, OpenTrack, TakeStep
from app.procedure.predicates import removal_blocked
from app.profiles.profile import Profile, load
from app.safeguards.words import Relation, Role
from app.tracks import TRACKS
from app.tracks.stay.reflection_forms import EXTENSION_REASONS, TERMINATION_GROUNDS
from tests.procedure.scene import TIMER, Scene, actor, rules
from tests.tracks.sayings import PARTNER, decides

PERIOD = "reflection_period"
OFFICER, SECOND = (actor(Role.IMM, Relation.AUTHORITY) for _one in range(2))
WORKER = actor(Role.NGO, Relation.LEAD)
TOLD = dict.fromkeys(("told_reflection", "told_residence", "told_asylum", "told_consular"), True)
EVIDENCE = [{"kind": "observation", "what": "Seen at the flat."}]


def profile(**numbers: int) -> Profile:
    text = load().model_dump(mode="json")
    for key, value in numbers.items():
        text["numbers"][f"reflection.{key}"]["value"] = value
    return Profile.model_validate(text)


def offered(age: str = "adult", **numbers: int) -> Scene:
    scene = Scene(age, profile(**numbers))
    scene.put("identification", "rg_positive")
    scene.take(PERIOD, "open", TIMER)
    scene.take(PERIOD, "inform", WORKER, language="ro", **TOLD)
    return scene


def granted(age: str = "adult", **numbers: int) -> Scene:
    scene = offered(age, **numbers)
    scene.take(PERIOD, "grant", OFFICER, **grants())
    return scene


def grants(**more: Any) -> dict[str, Any]:
    return {
        "start_on": "2026-03-02", "end_on": "2026-04-16", "document_number": "R 1", "work_allowed": True,
        **more,
    }  # fmt: skip


def proposed(age: str = "adult", ground: str = "public_order", **numbers: int) -> Scene:
    scene = granted(age, **numbers)
    scene.take(PERIOD, "propose_termination", OFFICER, ground=ground, evidence=EVIDENCE)
    return scene


def confirms(**more: Any) -> dict[str, Any]:
    return {"reasons": "Same.", "remedy": "The court.", "remedy_lapsed_on": "2026-03-02", **more}


def test_it_opens_on_reasonable_grounds_or_earlier_where_the_law_says_so() -> None:
    scene = Scene()
    scene.put("identification", "presumed")
    assert scene.refused(PERIOD, "open", TIMER)
    early = Scene(profile=profile(open_while_presumed=1))
    early.put("identification", "presumed")
    assert not early.refused(PERIOD, "open", TIMER)


def test_it_is_offered_only_when_each_of_the_four_things_was_told() -> None:
    scene = Scene()
    scene.put(PERIOD, "not_offered")
    form = TRACKS[PERIOD].step("inform").form
    for left in TOLD:
        with pytest.raises(ValueError, match=left):
            form.model_validate({"language": "ro", **TOLD, left: False})
    effects = scene.take(PERIOD, "inform", WORKER, language="ro", authority=PARTNER, **TOLD)
    assert effects == [JoinTeam(Relation.AUTHORITY, Role.IMM, organisation_id=PARTNER)]


@pytest.mark.parametrize(
    ("least", "ends", "fine"),
    [
        (30, "2026-03-31", False),
        (30, "2026-04-01", True),
        (45, "2026-04-15", False),
        (45, "2026-04-16", True),
    ],
)
def test_it_is_never_shorter_than_the_law_says(least: int, ends: str, fine: bool) -> None:
    faults = offered(min_days=least).refused(PERIOD, "grant", OFFICER, **grants(end_on=ends))
    assert (not faults) == fine
    assert rules(faults) <= {"reflection.min_days"}
    assert [fault.source for fault in faults] == ["CETS 197 art. 13(1)"] * len(faults)


def test_it_blocks_removal_from_the_grant_to_the_end() -> None:
    scene = granted()
    scene.tracks.pop("identification")
    assert rules(removal_blocked(scene.facts())) == {"INV-03"}
    scene.take(PERIOD, "propose_termination", OFFICER, ground="public_order", evidence=EVIDENCE)
    assert rules(removal_blocked(scene.facts())) == {"INV-03"}
    scene.take(PERIOD, "confirm_termination", SECOND, **confirms())
    assert not removal_blocked(scene.facts())


def test_its_clocks_follow_its_length_and_its_extension() -> None:
    scene = granted()

    def clock(name: str) -> datetime | None:
        deadline = next(each for each in TRACKS[PERIOD].deadlines if each.name == name)
        return due_at(deadline, scene.facts(slug=PERIOD), scene.now)

    assert clock("review") == datetime(2026, 4, 1, 21, 59, 59, tzinfo=UTC)  # day 30 of 45
    assert clock("first_alert") == datetime(2026, 4, 6, 21, 59, 59, tzinfo=UTC)
    assert clock("last_alert") == datetime(2026, 4, 13, 21, 59, 59, tzinfo=UTC)
    assert clock("end") == datetime(2026, 4, 16, 21, 59, 59, tzinfo=UTC)
    assert [
        f.field for f in scene.refused(PERIOD, "extend", OFFICER, end_on="2026-04-16", reason="health")
    ] == ["end_on"]
    scene.take(PERIOD, "extend", OFFICER, end_on="2026-05-16", reason="health")
    assert clock("end") == datetime(2026, 5, 16, 21, 59, 59, tzinfo=UTC)


def test_it_ends_by_time_and_help_goes_on() -> None:
    scene = granted()
    assert scene.refused(PERIOD, "expire", TIMER)
    scene.wait(days=45, hours=14)
    effects = scene.take(PERIOD, "expire", TIMER)
    assert [each for each in effects if isinstance(each, Alert)]
    assert {each.slug for each in effects if isinstance(each, OpenTrack)} == {"inra"}


def test_where_the_law_says_so_it_waits_for_the_identification() -> None:
    scene = granted(wait_for_identification=1)
    scene.wait(days=46)
    assert scene.refused(PERIOD, "expire", TIMER)
    authority = actor(Role.CAU, Relation.AUTHORITY)
    found = decides(act="found", means="found", purpose="found", panel=[PARTNER])
    effects = scene.take("identification", "identify", authority, **found)
    assert TakeStep(PERIOD, "expire") in effects
    assert not scene.refused(PERIOD, "expire", TIMER)


@pytest.mark.parametrize(
    ("advice", "told"), [("taken", set()), ("declined", set()), ("not_offered", {"INV-10"})]
)
def test_legal_advice_is_offered_before_the_person_decides(advice: str, told: set[str]) -> None:
    assert (
        rules(granted().refused(PERIOD, "own_decision", WORKER, decision="return", legal_advice=advice))
        == told
    )
    assert rules(offered().refused(PERIOD, "waive", WORKER, legal_advice=advice, language="ro")) == told


def test_a_child_cannot_waive_and_who_waived_may_come_back() -> None:
    said = {"legal_advice": "taken", "language": "ro"}
    assert rules(offered("child").refused(PERIOD, "waive", WORKER, **said)) == {"INV-16"}
    scene = offered()
    scene.take(PERIOD, "waive", WORKER, **said)
    scene.take(PERIOD, "grant", OFFICER, **grants())
    assert scene.tracks[PERIOD].state == "active"


def test_two_officers_end_it_and_only_after_the_remedy() -> None:
    scene = granted()
    effects = scene.take(PERIOD, "propose_termination", OFFICER, ground="public_order", evidence=EVIDENCE)
    assert {each.role for each in effects if isinstance(each, Alert)} == {Role.LEG, Role.GUA, Role.NGO}
    assert rules(scene.refused(PERIOD, "confirm_termination", OFFICER, **confirms())) == {"INV-20"}
    for day in ("2026-03-03", "2026-03-01"):  # not over yet; over before it began
        faults = scene.refused(PERIOD, "confirm_termination", SECOND, **confirms(remedy_lapsed_on=day))
        assert [fault.field for fault in faults] == ["remedy_lapsed_on"]
    scene.take(PERIOD, "reject_termination", SECOND, reasons="Not proved.")
    assert scene.tracks[PERIOD].state == "active"


def test_renewed_contact_is_a_ground_only_where_that_law_applies_and_never_for_a_child() -> None:
    said = {"ground": "renewed_contact", "evidence": EVIDENCE}
    assert granted().refused(PERIOD, "propose_termination", OFFICER, **said)
    assert not granted(renewed_contact_ground=1).refused(PERIOD, "propose_termination", OFFICER, **said)
    child = granted("child", renewed_contact_ground=1)
    assert rules(child.refused(PERIOD, "propose_termination", OFFICER, **said)) == {"INV-16"}
    grown_younger = proposed("adult", "renewed_contact", renewed_contact_ground=1)
    grown_younger.age_class = "uncertain"  # doubt about the age came up in between
    assert rules(grown_younger.refused(PERIOD, "confirm_termination", SECOND, **confirms())) == {"INV-16"}


def test_no_reason_knows_of_testimony() -> None:
    assert set(TERMINATION_GROUNDS) == {"public_order", "improper_claim", "renewed_contact"}
    assert set(EXTENSION_REASONS) == {
        "health", "psychology", "child_best_interests", "intimidation", "identification_pending", "other",
    }  # fmt: skip
