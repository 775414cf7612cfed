"""Nothing that the law gives the referral, the assessment and the placement is missing."""

from typing import Any

import pytest

from app.procedure.declaration import Track
from app.safeguards.words import Role
from app.tracks.intake.referral import TRACK as REFERRAL
from app.tracks.support.needs_risk import TRACK as ASSESSMENT
from app.tracks.support.shelter_placement import TRACK as PLACEMENT
from tests.tracks.made import facts, track

SENDERS = "POL LAB NGO SOC HEA IMM HOT SHE LEG GUA CON"
RECEIVERS = "NGO SOC CAU SHE HEA LEG POL LAB IMM"

SUBMITTED = (
    "age_class indicators immediate_safety immediate_needs language interpreter safe_contact "
    "current_region urgency reason consent_id legal_basis shared_categories"
)

# event, from, to, by, fields
LAW: dict[str, tuple[Track, list[tuple[str, str, str, str, str]]]] = {
    "referral": (
        REFERRAL,
        [
            ("create", "", "draft", SENDERS, "type receiving_organisation_id"),
            (
                "submit", "draft", "submitted", SENDERS,
                SUBMITTED,
            ),
            ("discard", "draft", "withdrawn", f"{SENDERS} SYS", "reason"),
            ("acknowledge", "submitted escalated", "acknowledged", RECEIVERS, "received_by received_on"),
            ("accept", "submitted acknowledged escalated", "accepted", RECEIVERS, "lead_worker"),
            (
                "decline", "submitted acknowledged escalated", "declined", RECEIVERS,
                "decline_code alternative_organisation_id",
            ),
            ("reroute", "declined", "rerouted", "NGO SOC SUP POL HOT LAB HEA IMM GUA", "new_referral_id"),
            ("escalate", "declined", "escalated", "SYS SUP", ""),
            ("timeout", "submitted acknowledged", "escalated", "SYS", "overdue_since"),
            (
                "withdraw", "submitted acknowledged accepted escalated", "withdrawn", SENDERS + " VIC",
                "reason",
            ),
            ("complete", "accepted", "completed", RECEIVERS, "outcome"),
        ],
    ),
    "inra": (
        ASSESSMENT,
        [
            ("plan", "", "planned", "NGO SOC SHE SYS", "due_at kind"),
            ("start", "planned", "in_progress", "NGO SOC SHE", "interpreter persons_present"),
            ("complete", "in_progress", "completed", "NGO SOC SHE", "findings victim_view next_review_on"),
            ("approve", "completed", "approved", "SUP", "comment"),
            ("return_for_rework", "completed", "in_progress", "SUP", "comment"),
            ("replace", "approved", "superseded", "SYS NGO SOC", "kind"),
        ],
    ),
    "shelter_placement": (
        PLACEMENT,
        [
            (
                "request", "", "requested", "NGO SOC HOT GUA POL LAB HEA VIC",
                "house age people access pets security urgency language",
            ),
            (
                "offer", "requested waiting", "offered", "SHE NGO SOC",
                "place_id capability_match house_rules_language",
            ),
            ("no_place", "requested", "waiting", "SHE SYS", "since"),
            (
                "place", "offered", "placed", "SHE",
                "placed_on rights_information advice_offered medical_checked reflection_offered consent",
            ),
            ("decline", "offered", "declined", "VIC GUA NGO SOC SHE", "declined_on other_help_offered"),
            ("ask_transfer", "placed", "transfer_requested", "VIC GUA SHE NGO SOC", "reason safe_now"),
            ("transfer", "transfer_requested", "placed", "SHE", "place_id"),
            ("leave", "transfer_requested", "exited", "VIC SHE", "code"),
            ("leave", "placed", "exited", "VIC GUA SHE", "code"),
            ("not_back", "placed transfer_requested", "absent", "SHE", "last_seen_at"),
            ("back", "absent", "placed", "SHE", "back_at"),
            ("declare_missing", "absent", "missing", "SHE SYS SOC GUA", "risk"),
            ("found_back", "missing", "placed", "SHE", "back_at"),
            ("close_place", "missing absent", "exited", "SHE SUP", "code"),
        ],
    ),
}  # fmt: skip
ROWS = [(declared, *row) for declared, rows in LAW.values() for row in rows]

# What we add, and why: a notification has a form of its own; whoever was referred in vain can still be sent
# elsewhere; the rule engine opens the draft of a re-routed referral.
# A measure that child protection decided for a child is recorded, with the day of its review (INV-19).
ADDED = {
    ("shelter_placement", "record_measure"), ("referral", "notify"), ("referral", "reroute", "escalated"),
    ("referral", "create", "SYS"),
}  # fmt: skip


@pytest.mark.parametrize(("declared", "event", "from_", "to", "by", "fields"), ROWS)
def test_each_transition_of_the_law_is_declared(  # noqa: PLR0917 -- a row of the table
    declared: Track, event: str, from_: str, to: str, by: str, fields: str
) -> None:
    step = declared.step(event, from_.split(maxsplit=1)[0] if from_ else None)
    extra_states = {row[2] for row in ADDED if row[:2] == (declared.slug, event) and len(row) == 3}
    assert set(step.from_) - extra_states == set(from_.split())
    assert step.to == to
    assert {role.value for role in step.by} - extra_states == set(by.split())
    assert set(fields.split()) <= set(step.form.model_fields)
    assert step.basis


def test_nothing_is_declared_that_the_law_does_not_know() -> None:
    for slug, (declared, rows) in LAW.items():
        extra = {step.name for step in declared.steps} - {row[0] for row in rows}
        assert extra == {name for name in extra if (slug, name) in ADDED}


def test_the_states_are_those_of_the_law() -> None:
    assert {state.name for state in REFERRAL.states} == {
        "draft", "submitted", "acknowledged", "accepted", "declined", "completed", "withdrawn", "rerouted",
        "escalated",
    }  # fmt: skip
    assert {state.name for state in REFERRAL.states if state.terminal} == {
        "completed", "withdrawn", "rerouted",
    }  # fmt: skip
    assert {state.name for state in ASSESSMENT.states if state.terminal} == {"superseded"}
    assert {state.name for state in PLACEMENT.states if state.terminal} == {"declined", "exited"}


def _length(declared: Track, name: str, **given: Any) -> tuple[int, str] | None:
    clock = next(each for each in declared.deadlines if each.name == name)
    assert clock.lasts is not None
    span = clock.lasts(facts(**given))
    return (span.amount, span.unit) if span else None


@pytest.mark.parametrize(
    ("declared", "name", "given", "length"),
    [
        (REFERRAL, "acknowledge", {}, (1, "working_days")),
        (REFERRAL, "answer", {}, (2, "working_days")),
        (REFERRAL, "acknowledge", {"age_class": "child"}, None),
        (REFERRAL, "answer", {"age_class": "uncertain"}, None),
        (REFERRAL, "child_handed_over", {"age_class": "child"}, (24, "hours")),
        (REFERRAL, "child_handed_over", {"age_class": "uncertain"}, (24, "hours")),
        (REFERRAL, "child_handed_over", {}, None),
        (
            REFERRAL, "notification", {"this": track("referral", "draft", type="anonymous_notification")},
            (5, "working_days"),
        ),
        (REFERRAL, "notification", {"this": track("referral", "draft", type="initial")}, None),
        (ASSESSMENT, "initial", {"this": track("inra", "planned", kind="initial")}, (24, "hours")),
        (ASSESSMENT, "full", {"this": track("inra", "planned", kind="full")}, (14, "days")),
        (ASSESSMENT, "full_after_initial", {"this": track("inra", "planned", kind="initial")}, (14, "days")),
        (ASSESSMENT, "trigger", {"this": track("inra", "planned", kind="trigger")}, (3, "working_days")),
        (ASSESSMENT, "trigger", {"this": track("inra", "planned", kind="full")}, None),
        (
            PLACEMENT, "emergency", {"this": track("shelter_placement", "requested", urgency="immediate")},
            (24, "hours"),
        ),
        (
            PLACEMENT, "emergency", {"this": track("shelter_placement", "requested", urgency="later")}, None,
        ),
        (PLACEMENT, "child_missing", {"age_class": "uncertain"}, (2, "hours")),
        (PLACEMENT, "child_missing", {}, None),
        (PLACEMENT, "adult_check", {}, (24, "hours")),
        (PLACEMENT, "adult_check", {"age_class": "child"}, None),
        (PLACEMENT, "review", {}, (30, "days")),
    ],
)  # fmt: skip
def test_each_clock_has_the_length_of_the_law(
    declared: Track, name: str, given: dict[str, Any], length: tuple[int, str] | None
) -> None:
    assert _length(declared, name, **given) == length


def test_a_childs_clock_runs_from_the_step_that_says_so() -> None:
    """The mark of the step counts although the case has not been told yet."""
    sent = track("referral", "submitted", "submit", age_class="uncertain")
    assert _length(REFERRAL, "child_handed_over", age_class=None, this=sent) == (24, "hours")
    assert _length(REFERRAL, "acknowledge", age_class=None, this=sent) is None


def test_what_runs_out_is_escalated_by_the_timer() -> None:
    expiring = {each.name: each.expires for each in REFERRAL.deadlines}
    assert expiring["acknowledge"] == expiring["answer"] == expiring["child_handed_over"] == "timeout"
    assert expiring["alternative"] == "escalate"
    assert {each.name: each.expires for each in PLACEMENT.deadlines}["child_missing"] == "declare_missing"


@pytest.mark.parametrize("declared", [REFERRAL, ASSESSMENT, PLACEMENT])
def test_the_invariants_of_the_law_are_named(declared: Track) -> None:
    named = {number for step in declared.steps for number in step.invariants}
    wanted = {
        "referral": {"INV-01", "INV-14", "INV-15", "INV-17"},
        "inra": {"INV-01", "INV-20", "INV-26"},
        "shelter_placement": {"INV-01", "INV-12", "INV-19", "INV-26"},
    }
    assert named == wanted[declared.slug]


def test_only_the_shelter_writes_whereabouts() -> None:
    for name in ("place", "transfer", "not_back", "back", "found_back"):
        assert PLACEMENT.step(name).by == {Role.SHE}


def test_leaving_has_no_guard() -> None:
    assert not [step for step in PLACEMENT.steps if step.name == "leave" and step.guards]
