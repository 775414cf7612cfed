"""The 27 invariants once more, said of what happened: each looks at a step that was taken, and at the case after it.

They are written from the law and read states, marks and histories; none calls the rule that it judges, but where the
rule is a question that only it answers, such as what blocks a removal.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import UUID

from app.procedure.available import refusals
from app.procedure.facts import ConsentFacts, StepTaken, TrackFacts
from app.procedure.predicates import removal_blocked
from app.safeguards.fields import questions
from app.safeguards.words import Category, Role
from tests.walks.happened import ON_THE_WAY, PROTECTED, REFLECTING, SEEKING, After, latest
from tests.walks.holding_return import (
    border_needs_a_ground,
    child_returns_only_to_safety,
    gate_of_departure,
    one_solution_of_three,
    origin_hears_nothing,
    return_is_safe,
    return_is_wished,
)

HELP = ("assistance_service", "shelter_placement", "inra", "witness_protection")
OF_HELP = ("referral", "assistance", "share_health", "work_placement", "research_statistics")
NOT_ASKED_FOR_HELP = (
    "proceedings_participation", "residence_permit", "asylum_claim", "removal_measure", "compensation_claim",
    "identity_document", "work_permit",
)  # fmt: skip
DECIDING = (
    "presumed", "rg_negative_proposed", "rg_positive", "conclusive_negative_proposed", "reconsideration_requested",
    "judicial_review", "rg_negative", "conclusive_negative", "negative_final",
)  # fmt: skip


def broken(after: After) -> Iterator[str]:
    """Yield the number of every invariant that does not hold."""
    return (number for number, holds in HOLDS.items() if not holds(after))


def _same_help(after: After, forgotten: tuple[str, ...]) -> bool:
    """Say whether help would have been given or refused alike, had those tracks never been."""
    if after.slug not in HELP:
        return True
    moved, before = after.moved, after.before
    without = replace(before, tracks=tuple(each for each in before.tracks if each.slug not in forgotten))
    for form in (None, moved.form):
        told = refusals(moved.track, moved.step, before, form)
        if refusals(moved.track, moved.step, without, form) != told:
            return False
    return True


def no_conditions(after: After) -> bool:
    return _same_help(after, NOT_ASKED_FOR_HELP)


def identification_protects(after: After) -> bool:
    return _protects(after, "identification", DECIDING, "INV-02")


def reflection_protects(after: After) -> bool:
    return _protects(after, "reflection_period", REFLECTING, "INV-03")


def asylum_protects(after: After) -> bool:
    led_home = after.is_one_of("voluntary_return", "wish", "approve", "prepare", "depart")
    if led_home and after.before.in_state("asylum_claim", *PROTECTED):
        return False
    return _protects(after, "asylum_claim", PROTECTED, "INV-04")


def _protects(after: After, slug: str, states: tuple[str, ...], number: str) -> bool:
    if after.before.in_state(slug, *states) and after.is_one_of("removal_measure", "record_execution"):
        return False
    if not after.case.in_state(slug, *states):
        return True
    return number in {fault.rule for fault in removal_blocked(after.case)}


def guardian_stands_by(after: After) -> bool:
    if "INV-07" not in after.moved.step.invariants or not after.before.is_child:
        return True
    held = latest(after.before, "guardian")
    acting = held is not None and (
        held.state in ("provisional", "active", "parent_acts")
        or (held.state == "nominated" and held.history[-1].from_ == "provisional")
    )
    in_danger = after.slug == "child_interview" and after.now.marks.get("immediate_danger") == "yes"
    return acting or in_danger


def advice_came_first(after: After) -> bool:
    if "INV-10" not in after.moved.step.invariants:
        return True
    if after.slug == "proceedings_participation":
        return after.now.took("advise") is not None
    return after.said("legal_advice") != "not_offered"


def suspect_is_defended(after: After) -> bool:
    suspected = any(
        each.slug == "proceedings_participation"
        and each.marks.get("capacity") in ("suspect", "accused", "detained")
        for each in after.case.tracks
    )
    return not suspected or latest(after.case, "non_punishment") is not None


def whereabouts_stay_sealed(after: After) -> bool:
    asked = questions(after.moved.step.form)
    return not any(
        about.category is Category.LOC and about.clear for about in asked.values() if not about.choices
    ) or (
        after.slug == "shelter_placement"  # which place is held, by an opaque number
    )


def no_child_is_published(after: After) -> bool:
    asked = after.is_one_of("consent", "ask") and after.said("purpose") == "media"
    return not (asked and after.before.is_child)


def anonymous_has_no_name(after: After) -> bool:
    if not after.is_one_of("referral", "notify"):
        return True
    asked = questions(after.moved.step.form)
    personal = {Category.ID, Category.CON, Category.LOC, Category.FAM, Category.HEA, Category.PSY}
    told = [name for name, about in asked.items() if about.category in personal]
    return (all(after.said(name) in (None, ()) for name in told) and not after.case.is_child) or not told


def child_is_cared_for_at_once(after: After) -> bool:
    if after.is_one_of("referral", "notify"):
        return after.before.age_class not in ("child", "uncertain")
    if not after.is_one_of("referral", "submit") or after.said("age_class") == "adult":
        return True
    return all(
        latest(after.case, slug) is not None
        for slug in ("identification", "guardian", "bia", "age_assessment")
    )


def doubt_is_childhood(after: After) -> bool:
    gives_up = (
        after.is_one_of("reflection_period", "waive", "own_decision")
        or after.is_one_of("legal_representation", "decline")
        or after.is_one_of("voluntary_return", "want_no_more")
        or after.is_one_of("identification", "decline_formal")
    )
    if gives_up and after.before.is_child and "INV-16" in after.moved.step.invariants:
        return False
    grown = after.case.age_class == "adult"
    last = latest(after.case, "age_assessment")
    settled = last is None or last.state in ("adult_final", "not_in_doubt_adult")
    return after.case.is_child or (grown and settled)


def sharing_has_a_ground(after: After) -> bool:
    by_id = {each.id: each for each in after.case.tracks}
    for loan in after.case.consents:
        ground = by_id[loan.track_id] if loan.track_id else None
        if ground is None or not loan.basis:
            return False
        if ground.slug == "consent" and ground.state != "given":
            return False
        if ground.slug == "consent" and not _in_two_hands(loan, ground, after.case.authorities):
            return False
        if ground.slug == "referral" and ground.state in ("withdrawn", "declined", "draft"):
            return False
    return True


def _in_two_hands(loan: ConsentFacts, ground: TrackFacts, authorities: frozenset[UUID]) -> bool:
    """Say whether two people lent what hands the file beyond help, or to somebody who could turn it against her."""
    if loan.purpose in OF_HELP and loan.recipient_organisation_id not in authorities:
        return True
    given, asked = ground.took("give"), ground.took("ask", "ask_again")
    return given is not None and asked is not None and given.actor_id != asked.actor_id


def nobody_is_held(after: After) -> bool:
    return not after.is_one_of("shelter_placement", "record_measure") or after.before.is_child


def another_decides(after: After) -> bool:
    if after.slug == "break_glass" and after.now.state.startswith("reviewed_"):
        found = [each for each in after.now.history if each.name.startswith("review_")]
        if len(found) != len({each.actor_id for each in found}) or len(found) != 2:
            return False
    step, this, who = after.moved.step, after.before.this, after.before.actor
    if "INV-20" not in step.invariants or this is None or who.role is Role.SYS:
        return True
    earlier: list[StepTaken]
    if step.apart_from:
        earlier = [found for name in step.apart_from if (found := this.took(name))]
    else:
        earlier = [this.history[-1]]
    return all(each.actor_id != who.user_id for each in earlier)


def everything_is_written(after: After) -> bool:
    last = after.now.history[-1]
    counted = all(each.version == len(each.history) for each in after.case.tracks)
    return counted and (last.name, last.actor_id) == (after.name, after.before.actor.user_id)


def workers_are_apart(after: After) -> bool:
    return after.slug != "labour_inspection_finding" or after.before.actor.role is not Role.IMM


def no_files(after: After) -> bool:
    return not any(isinstance(value, bytes) for _name, value in after.moved.form)


def help_needs_no_guardian(after: After) -> bool:
    return _same_help(after, ("guardian",))


def closes_by_its_list(after: After) -> bool:
    if not after.is_one_of("case", "approve_closure"):
        return True
    facts, reason = after.before, after.now.marks.get("closure_reason")
    if reason in ("deceased", "duplicate") or (reason == "victim_wish" and not facts.is_child):
        return True
    still = (
        ("reflection_period", REFLECTING), ("asylum_claim", SEEKING), ("missing_person", ("reported", "search")),
        ("shelter_placement", ("requested", "offered", "placed", "absent", "missing")),
        ("assistance_service", ("accepted", "active", "suspended")),
        ("identification", ("rg_negative", "conclusive_negative", "reconsideration_requested", "judicial_review")),
        ("voluntary_return", (*ON_THE_WAY, "departed", "received", "reintegration")),
        ("non_punishment", ("opened", "assessed", "notice_sent", "rejected", "appeal")),
    )  # fmt: skip
    return not any(facts.in_state(slug, *states) for slug, states in still)


HOLDS: dict[str, Callable[[After], bool]] = {
    "INV-01": no_conditions,
    "INV-02": identification_protects,
    "INV-03": reflection_protects,
    "INV-04": asylum_protects,
    "INV-05": origin_hears_nothing,
    "INV-06": child_returns_only_to_safety,
    "INV-07": guardian_stands_by,
    "INV-08": return_is_safe,
    "INV-09": return_is_wished,
    "INV-10": advice_came_first,
    "INV-11": suspect_is_defended,
    "INV-12": whereabouts_stay_sealed,
    "INV-13": no_child_is_published,
    "INV-14": anonymous_has_no_name,
    "INV-15": child_is_cared_for_at_once,
    "INV-16": doubt_is_childhood,
    "INV-17": sharing_has_a_ground,
    "INV-18": one_solution_of_three,
    "INV-19": nobody_is_held,
    "INV-20": another_decides,
    "INV-21": everything_is_written,
    "INV-22": workers_are_apart,
    "INV-23": no_files,
    "INV-24": border_needs_a_ground,
    "INV-25": gate_of_departure,
    "INV-26": help_needs_no_guardian,
    "INV-27": closes_by_its_list,
}
