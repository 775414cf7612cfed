"""Services that depend on nothing, a search that keeps the shelter's secret, a hotline that keeps the caller's."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.procedure.clocks import due_at, started_by
from app.procedure.effects import Alert, DestroyKeys, EndShares, JoinTeam, OpenTrack, Share
from app.safeguards.fields import questions
from app.safeguards.words import Category, Relation, Role
from app.tracks import TRACKS
from app.tracks.support.assistance_service import MINIMUM, minimum_open
from tests.procedure.scene import TIMER, actor, rules
from tests.procedure.test_no_conditionality import FORBIDDEN, GUARDIAN, fields_of, read_by, rules_of
from tests.tracks.returns_children import Whole
from tests.tracks.sayings import PARTNER

NGO, SHE, SUP, HOT, POL = (actor(role) for role in (Role.NGO, Role.SHE, Role.SUP, Role.HOT, Role.POL))
HOT2 = actor(Role.HOT)
ASSISTANCE = (
    "assistance_service",
    "bia",
    "bid",
    "durable_solution",
    "post_return_monitoring",
    "missing_person",
)


@pytest.mark.parametrize("slug", ASSISTANCE)
def test_inv_01_no_rule_and_no_form_of_help_reads_cooperation_or_status(slug: str) -> None:
    for step in TRACKS[slug].steps:
        for rule in rules_of(TRACKS[slug], step):
            names, _where = read_by(rule)
            assert not [name for name in names if FORBIDDEN.search(name)], (step.name, rule)
            assert "consents" not in names
        # Whether the police learn of a missing person is the step itself, never a condition of help.
        words = [word for word in fields_of(step.form) if FORBIDDEN.search(word)]
        assert not words, (step.name, words)


def test_inv_26_no_service_waits_for_a_guardian() -> None:
    for slug in ("assistance_service", "bia"):
        for step in TRACKS[slug].steps:
            assert "INV-07" not in step.invariants
            for rule in step.guards:
                names, _where = read_by(rule)
                assert not [name for name in names if GUARDIAN.search(name)], (slug, step.name)


def planned(kind: str = "psychological", age: str = "adult") -> Whole:
    scene = Whole(age)
    scene.take("assistance_service", "plan", NGO, type=kind, provider=PARTNER, goal="g", need="n")
    return scene


def active() -> Whole:
    scene = planned()
    scene.take("assistance_service", "offer", NGO, language="ro", informed=["what", "free"])
    scene.take("assistance_service", "accept", NGO, agreed="aloud")
    scene.take("assistance_service", "start", NGO, start_on="2026-03-02")
    return scene


def test_a_service_that_is_declined_is_offered_again() -> None:
    scene = planned()
    scene.take("assistance_service", "offer", NGO, language="ro", informed=["what"])
    scene.take("assistance_service", "decline", NGO, declined_on="2026-03-02")
    scene.take("assistance_service", "offer_again", SHE, language="ro", informed=["what"])
    assert scene.tracks["assistance_service"].state == "offered"


def test_a_service_ends_by_the_persons_wish_or_with_a_supervisors_word() -> None:
    ends = {"ended_for": "provider_closed", "ended_on": "2026-03-02"}
    scene = active()
    assert rules(scene.refused("assistance_service", "discontinue", NGO, **ends)) == {"INV-20"}
    assert not scene.refused("assistance_service", "discontinue", NGO, **{**ends, "ended_for": "victim_wish"})
    scene.take("assistance_service", "sign_off", SUP, code="moved", something_else_offered="yes")
    assert scene.refused("assistance_service", "discontinue", NGO, **ends), "another reason"
    scene.take("assistance_service", "sign_off", SUP, code="provider_closed", something_else_offered="yes")
    assert not scene.refused("assistance_service", "discontinue", NGO, **ends)
    scene.wait(hours=1)
    scene.take("assistance_service", "suspend", NGO, reason="provider", review_on="2026-03-09")
    assert scene.refused("assistance_service", "discontinue", NGO, **ends), "it was signed before it moved on"


def test_a_gap_is_counted() -> None:
    effects = planned().take(
        "assistance_service", "no_capacity", NGO, reason="no_place", waiting_since="2026-03-02"
    )
    assert Role.NCR in {each.role for each in effects if isinstance(each, Alert)}


@pytest.mark.parametrize(
    ("kind", "age", "name", "ends"),
    [
        ("emergency_medical", "adult", "emergency", datetime(2026, 3, 3, 9, tzinfo=UTC)),
        ("psychological", "adult", "emergency", None),
        ("legal_information", "adult", "legal", datetime(2026, 3, 9, 22, 59, 59, tzinfo=UTC)),
        ("accommodation", "child", "child_at_once", datetime(2026, 3, 3, 9, tzinfo=UTC)),
        ("accommodation", "adult", "child_at_once", None),
        ("psychological", "uncertain", "child_soon", datetime(2026, 3, 9, 22, 59, 59, tzinfo=UTC)),
        ("education", "child", "school", datetime(2026, 4, 1, 21, 59, 59, tzinfo=UTC)),
        ("education", "adult", "school", None),
    ],
)  # fmt: skip
def test_each_service_has_the_clock_of_the_law(kind: str, age: str, name: str, ends: datetime | None) -> None:
    scene = planned(kind, age)
    track = scene.law["assistance_service"]
    deadline = next(each for each in track.deadlines if each.name == name)
    assert deadline in started_by(track, track.step("plan"))
    assert due_at(deadline, scene.facts(slug="assistance_service"), scene.now) == ends


def test_the_minimum_is_open_until_it_is_given_or_declined() -> None:
    scene = Whole("adult")
    assert set(minimum_open(scene.facts())) == set(MINIMUM) - {"education"}
    for number, kind in enumerate(("accommodation", "material", "psychological", "interpretation")):
        scene.stand("assistance_service", "active" if number else "declined", key=kind, type=kind)
    assert set(minimum_open(scene.facts())) == {"emergency_medical", "information", "proceedings"}
    scene.stand("assistance_service", "planned", key="planned", type="legal_information")
    assert "information" in minimum_open(scene.facts())
    scene.age_class = "child"
    assert "education" in minimum_open(scene.facts())


TELLS = {
    "police": PARTNER,
    "identity_set": ["name", "photo"],
    "basis": "vital_interest",
    "cross_border": "unknown",
}


def test_the_timer_reports_a_child_whom_the_shelter_misses() -> None:
    scene = Whole("child")
    effects = scene.take("missing_person", "report", TIMER)
    assert Role.GUA in {each.role for each in effects if isinstance(each, Alert)}
    assert [each.field for each in Whole("child").refused("missing_person", "report", SHE)] == ["last_seen"]


def test_inv_12_the_police_learn_who_and_not_where() -> None:
    scene = Whole("adult")
    scene.take("missing_person", "report", TIMER)
    effects = scene.take("missing_person", "inform_police", SHE, **TELLS)
    share = next(each for each in effects if isinstance(each, Share))
    assert share.categories == {Category.ID}
    assert share.basis == "vital_interest"
    assert share.until is not None
    joined = next(each for each in effects if isinstance(each, JoinTeam))
    assert (joined.role, joined.until) == (Role.POL, share.until)
    step = scene.law["missing_person"].step("inform_police")
    assert Category.LOC not in {each.category for each in questions(step.form).values()}


def test_inv_17_protection_of_children_is_no_ground_for_an_adult() -> None:
    scene = Whole("adult")
    scene.take("missing_person", "report", TIMER)
    childs = {**TELLS, "basis": "child_protection"}
    assert rules(scene.refused("missing_person", "inform_police", SHE, **childs)) == {"INV-17"}


def test_who_is_found_is_no_longer_lent_and_is_looked_at_anew() -> None:
    scene = Whole("adult")
    scene.take("missing_person", "report", TIMER)
    scene.take("missing_person", "inform_police", SHE, **TELLS)
    effects = scene.take("missing_person", "find_safe", POL, found_on="2026-03-02", wishes_privacy="yes")
    assert effects[0] == EndShares()
    assert OpenTrack("inra", "plan", {"kind": "trigger", "trigger": "missing"}) in effects


def test_a_search_rests_by_another_person_and_is_looked_at_again() -> None:
    scene = Whole("adult")
    scene.take("missing_person", "report", NGO, last_seen="Monday.")
    scene.take("missing_person", "inform_police", NGO, **TELLS)
    rests = {"reason": "no_new_trace", "reviewed_on": "2026-03-02", "next_review_on": "2026-05-01"}
    assert scene.refused("missing_person", "close_search", SUP, **{**rests, "next_review_on": "2026-12-01"})
    scene.take("missing_person", "close_search", SUP, **rests)
    effects = scene.take("missing_person", "reopen_search", POL, reason="sighting")
    assert [each for each in effects if isinstance(each, Share)]


def call(**more: Any) -> dict[str, Any]:
    return {
        "received_at": "2026-03-02T08:00:00Z", "channel": "call", "caller_role": "neighbour", "anonymous": "yes",
        "language": "de", "narrative": "People are locked in at night.", "coarse_location": "east",
        "in_danger_now": "no", "child_indicated": "no", **more,
    }  # fmt: skip


def told(**more: Any) -> Whole:
    scene = Whole(None)
    scene.take("hotline_report", "take", HOT, **call(**more))
    return scene


def triaged(indicators: list[str] | None = None, **more: Any) -> Whole:
    scene = told(**more)
    scene.take(
        "hotline_report", "triage", HOT, indicators=indicators or [], immediate_danger="no", risk_level="low",
        advice_given=["shelter"],
    )  # fmt: skip
    return scene


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("caller_name", "A. N."), ("caller_contact", "+43 1 23"), ("narrative", "Call me: +43 660 123 45 67"),
        ("narrative", "Write to me@example.org"), ("narrative", "I am @somebody there"),
        ("narrative", "My address is 10.20.30.40"), ("narrative", "See https://example.org/x"),
    ],
)  # fmt: skip
def test_inv_14_nothing_that_leads_to_an_anonymous_caller_is_kept(field: str, value: str) -> None:
    faults = Whole(None).refused("hotline_report", "take", HOT, **call(**{field: value}))
    assert [(fault.rule, fault.field) for fault in faults] == [("INV-14", field)]
    assert not Whole(None).refused("hotline_report", "take", HOT, **call(anonymous="no", **{field: value}))


def test_a_date_is_no_trace() -> None:
    assert not Whole(None).refused(
        "hotline_report", "take", HOT, **call(narrative="Since 02.03.2026, 12 people.")
    )


def test_the_callers_name_is_for_the_hotline_alone() -> None:
    about = questions(Whole.law["hotline_report"].step("take").form)
    assert {about[name].category for name in ("caller_name", "caller_contact")} == {Category.STA}


def test_inv_23_no_image_of_abuse_comes_in() -> None:
    image = call(child_indicated="yes", narrative="He sent https://x/y.jpg", anonymous="no")
    assert rules(Whole(None).refused("hotline_report", "take", HOT, **image)) == {"INV-23"}


@pytest.mark.parametrize(
    ("danger", "name", "other"), [("no", "triage", "triage_danger"), ("yes", "triage_danger", "triage")]
)
def test_a_danger_is_looked_at_within_the_hour(danger: str, name: str, other: str) -> None:
    scene = told(in_danger_now=danger)
    clocks = {each.name: each for each in scene.law["hotline_report"].deadlines}
    hours = 1 if danger == "yes" else 24
    ends = due_at(clocks[name], scene.facts(slug="hotline_report"), scene.now)
    assert ends is not None
    assert (ends - scene.now).total_seconds() == hours * 3600
    assert due_at(clocks[other], scene.facts(slug="hotline_report"), scene.now) is None


CLOSES = {"reason_code": "no_sign", "closed_on": "2026-03-02", "second_look": True}


def test_inv_15_a_sign_or_a_child_is_put_aside_only_by_a_supervisor() -> None:
    assert not triaged().refused("hotline_report", "close", HOT2, **CLOSES)
    assert rules(triaged().refused("hotline_report", "close", HOT, **CLOSES)) == {"INV-20"}
    for scene in (triaged(["ilo.debt"]), triaged(child_indicated="yes"), triaged(child_indicated="unknown")):
        assert rules(scene.refused("hotline_report", "close", HOT2, **CLOSES)) == {"INV-15"}
        assert not scene.refused("hotline_report", "close", SUP, **CLOSES)
    advice = {"topics": ["child"], "sheet_language": "ro"}
    assert rules(
        triaged(child_indicated="yes").refused("hotline_report", "close_with_advice", HOT, **advice)
    ) == {"INV-15"}


def test_a_report_becomes_the_draft_of_a_referral() -> None:
    effects = triaged(["ilo.debt"]).take(
        "hotline_report", "convert", HOT, receiving_organisation_id=PARTNER, basis="consent"
    )
    assert JoinTeam(Relation.REFERRER, user_id="actor") in effects
    opened = next(each for each in effects if isinstance(each, OpenTrack))
    assert (opened.slug, opened.step, opened.values["receiving_organisation_id"]) == (
        "referral",
        "create",
        str(PARTNER),
    )
    child = triaged(child_indicated="yes")
    asked = {"receiving_organisation_id": PARTNER, "basis": "consent"}
    assert rules(child.refused("hotline_report", "convert", HOT, **asked)) == {"INV-15"}


def test_help_is_sent_on_a_ground_that_fits_and_the_auditor_hears_of_it() -> None:
    sends = {"recipient": PARTNER, "minimal_data": "Locked in.", "basis": "child_protection"}
    assert rules(triaged().refused("hotline_report", "dispatch", HOT, **sends)) == {"INV-17"}
    effects = triaged().take("hotline_report", "dispatch", HOT, **{**sends, "basis": "vital_interest"})
    assert Role.AUD in {each.role for each in effects if isinstance(each, Alert)}
    assert next(each for each in effects if isinstance(each, Share)).categories == {Category.EXP}


def test_an_anonymous_report_is_erased_and_nothing_else_with_it() -> None:
    scene = triaged()
    scene.take("hotline_report", "close", HOT2, **CLOSES)
    assert DestroyKeys() in scene.take("hotline_report", "erase", TIMER)
    scene = triaged(anonymous="no")
    scene.take("hotline_report", "close", HOT2, **CLOSES)
    assert scene.refused("hotline_report", "erase", TIMER)
    scene = triaged()
    scene.take("hotline_report", "close", HOT2, **CLOSES)
    scene.stand("case", "open")
    assert scene.refused("hotline_report", "erase", TIMER)
