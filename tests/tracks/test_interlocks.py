"""What each track must tell the others: every row of the law is wired, and done in the transaction of the step."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import uuid4

import pytest

from app.procedure import effects as fx
from app.safeguards.words import Role
from app.tracks import TRACKS
from tests.procedure.scene import Scene, actor
from tests.tracks.made import OURS

CASE = actor(Role.NGO)
ORGANISATION = str(uuid4())
REFERRED = {
    "age_class": "uncertain", "receiving_organisation_id": OURS, "urgency": "today", "immediate_safety": "safe",
    "legal_basis": "child_protection", "shared_categories": ("ID",), "indicators": (),
}  # fmt: skip
AT_ORIGIN = {"identity_document": ("verification_sent", {}), "removal_measure": ("clear", {})}
PERIOD = {"identification": ("rg_positive", {})}
GONE = {"capacity": "suspect"}
SENT_ON = {"purpose": "return", "recipients": [ORGANISATION]}

# What happens -> track, step, age, where the track and others stand, what was typed -> what must follow.
# "open" a track, "take" a step of one, "tell" a role, start a "clock" of the track itself, or "do" something else.
ROWS: dict[str, tuple[str, str, str, str | None, dict[str, Any], dict[str, Any], str]] = {
    "a child, or somebody whose age is not certain, is referred": (
        "referral", "submit", "uncertain", "draft", {}, REFERRED,
        ("open age_assessment.presume, open guardian.open, open identification.open, open bia.trigger, "
        "open inra.plan, do Share, do JoinTeam, clock child_handed_over"),
    ),
    "reasonable grounds are found": (
        "identification", "find_reasonable_grounds", "adult", "presumed", {}, {},
        ("open reflection_period.open, take removal_measure.evaluate_block, open legal_representation.open, "
        "open proceedings_participation.open, tell NGO, tell LEG, clock conclusive, clock explain"),
    ),
    "a negative decision": (
        "identification", "confirm_no_reasonable_grounds", "adult", "rg_negative_proposed",
        {"this": {"outcome": "labour_law_violation_only"}}, {}, "tell LEG, tell NGO, clock explain",
    ),
    "the time for the remedy runs from its explanation": (
        "identification", "explain_decision", "adult", "rg_negative", {}, {}, "clock ask_review",
    ),
    "the reflection period comes to its last days": (
        "reflection_period", "grant", "adult", "offered", PERIOD, {"work_allowed": True},
        ("clock first_alert, clock last_alert, clock end, take removal_measure.evaluate_block, tell NGO, tell LEG, "
        "open work_permit.open, take work_permit.by_law"),
    ),
    "the reflection period ends": (
        "reflection_period", "expire", "adult", "active", {}, {}, "take inra.replace, open inra.plan, tell NGO",
    ),
    "a residence permit ends": (
        "residence_permit", "expire", "adult", "granted", {}, {},
        "take inra.replace, open inra.plan, tell NGO, tell LEG",
    ),
    "somebody asks for asylum": (
        "asylum_claim", "express", "adult", "none", AT_ORIGIN, {},
        ("take removal_measure.evaluate_block, take identity_document.freeze, do EndSharesFor, tell NGO, tell LEG, "
        "tell GUA, clock lodge"),
    ),
    "somebody asks for asylum again": (
        "asylum_claim", "subsequent", "adult", "withdrawn", AT_ORIGIN, {},
        "take removal_measure.evaluate_block, take identity_document.freeze, do EndSharesFor",
    ),
    "a claim is not pursued": (
        "asylum_claim", "not_pursued", "adult", "intention", AT_ORIGIN, {},
        "take removal_measure.check, take identity_document.thaw",
    ),
    "a claim is withdrawn": (
        "asylum_claim", "withdraw", "adult", "lodged", AT_ORIGIN, {},
        "take removal_measure.check, take identity_document.thaw, tell LEG",
    ),
    "asylum is finally refused": (
        "asylum_claim", "appeal_lost", "adult", "appeal_pending", {}, {},
        "tell LEG, tell NGO, take removal_measure.check",
    ),
    "somebody will take part in proceedings": (
        "proceedings_participation", "choose_yes", "adult", "advised", {}, {},
        "open witness_protection.open, take witness_protection.look_again, tell LEG",
    ),
    "somebody stops taking part": (
        "proceedings_participation", "stop", "adult", "will_cooperate", {}, {}, "tell LEG",
    ),
    "a suspect is released": (
        "proceedings_participation", "suspect_released", "adult", "statement_given", {}, {},
        "take witness_protection.look_again, take inra.replace, open inra.plan, tell SHE, tell NGO",
    ),
    "a hearing is fixed": (
        "proceedings_participation", "fix_hearing", "adult", "trial", {}, {},
        "take witness_protection.look_again, take inra.replace, open inra.plan, tell SHE",
    ),
    "a victim is recorded as a suspect": (
        "proceedings_participation", "statement", "adult", "will_cooperate", {"this": GONE}, GONE,
        "open non_punishment.detect",
    ),
    "non-punishment is opened": (
        "non_punishment", "detect", "adult", None, {}, {"held": True},
        "tell LEG, tell SUP, open legal_representation.open",
    ),
    "somebody does not come back to the house": (
        "shelter_placement", "not_back", "adult", "placed", {}, {}, "clock adult_check",
    ),
    "a child does not come back to the house": (
        "shelter_placement", "not_back", "child", "placed", {}, {}, "clock child_missing",
    ),
    "somebody is declared missing": (
        "shelter_placement", "declare_missing", "child", "absent", {}, {},
        "open missing_person.report, tell SUP",
    ),
    "a determination of best interests is reopened": (
        "bid", "reopen", "child", "decided", {"this": {"question": "durable_solution"}}, {},
        "take durable_solution.reopen",
    ),
    "a durable solution is sought anew": (
        "durable_solution", "reopen", "child", "decided", {}, {}, "take removal_measure.evaluate_block",
    ),
    "somebody may be a child": (
        "age_assessment", "doubt", "adult", None, {}, {},
        "open guardian.open, take removal_measure.evaluate_block, do SetAgeClass",
    ),
    "somebody turns 18": (
        "age_assessment", "turn_18", "child", "concluded_child", {}, {},
        "take inra.replace, open inra.plan, tell SOC, tell GUA, tell NGO, take removal_measure.check",
    ),
    "a consent is withdrawn": (
        "consent", "withdraw", "adult", "given", {"this": SENT_ON}, {"scope": "everything"},
        "do EndShares, tell anybody, take voluntary_return.consent_ended",
    ),
    "whereabouts got into wrong hands": (
        "data_breach", "confirm", "adult", "suspected", {"case": ("open", {})}, {"whereabouts_affected": "yes"},
        "tell SHE, take inra.replace, open inra.plan",
    ),
    "emergency access was misused": (
        "break_glass", "review_abuse", "adult", "expired", {}, {}, "open data_breach.detect, tell DPO",
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", list(ROWS))
def test_what_must_follow_follows(row: str) -> None:
    slug, name, age, state, stand, typed, expected = ROWS[row]
    scene = Scene(age)
    for other, held in stand.items():
        if other != "this":
            scene.put(other, held[0], **held[1])
    step = TRACKS[slug].step(name, state)
    before = scene.put(slug, state or step.to, **stand.get("this", {}))
    scene.put(slug, step.to, **before.marks)
    facts = scene.facts(CASE, slug)
    follows = set(_named(step.then(facts, step.form.model_construct(**typed)) if step.then else ()))
    follows |= {f"clock {each.name}" for each in TRACKS[slug].deadlines if name in each.starts}
    assert set(expected.split(", ")) <= follows, follows


def _named(effects: Iterable[fx.Effect]) -> Iterator[str]:
    for each in effects:
        if isinstance(each, fx.OpenTrack | fx.TakeStep):
            yield f"{'open' if isinstance(each, fx.OpenTrack) else 'take'} {each.slug}.{each.step}"
        elif isinstance(each, fx.Alert):
            yield f"tell {each.role or 'anybody'}"
        else:
            yield f"do {type(each).__name__}"


def test_a_shelter_records_a_word_about_asylum_and_does_not_learn_how_the_claim_stands() -> None:
    claim, house = TRACKS["asylum_claim"], actor(Role.SHE)  # on the case team, beside her
    scene = Scene()
    scene.put("asylum_claim", "none")
    assert set(scene.offers("asylum_claim", house)) == {"express"}
    scene.take("asylum_claim", "express", house, said_on="2026-03-02", told_asylum=True, language="ti")
    assert not scene.offers("asylum_claim", house)
    assert not claim.may_know(Role.SHE)
