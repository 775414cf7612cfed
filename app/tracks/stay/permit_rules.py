"""The rules of residence permits: grounds, lengths, what may never count against a child, what follows."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.effects import Alert, Effect, OpenTrack, SetMarks, TakeStep
from app.procedure.facts import Facts
from app.procedure.predicates import REFLECTION_RUNS
from app.procedure.refusal import refuse
from app.procedure.span import Span, due, end_of
from app.safeguards.words import Role
from app.tracks.days import ahead_of
from app.tracks.needs_again import needs_again
from app.tracks.stay.work_rules import work_ends

PERMIT = "CETS 197 art. 14(1)"
CHILD = "CETS 197 art. 14(2)"
NEVER_A_CHILDS = ("renewed_contact", "ceased_cooperation", "case_closed")
BY_COOPERATION = ("cooperation", "both")


def ground_is_open(facts: Facts, form: Any) -> Fault | None:
    """Let a child apply on their best interests and not on proceedings; else as the national law says."""
    if form is None:
        return None
    if facts.is_child and form.ground_claimed in BY_COOPERATION:
        return refuse(
            _("A child’s permit never depends on taking part in proceedings"), field="ground_claimed",
            rule="INV-16", source=CHILD, unblock=_("The best interests of the child as the ground"),
        )  # fmt: skip
    closed = {
        "cooperation": not facts.profile.says("residence.ground_cooperation"),
        "humanitarian": not facts.profile.says("residence.ground_humanitarian"),
    }
    if not closed.get(form.ground_claimed, False):
        return None
    return refuse(
        _("The law of this country does not know this ground"), field="ground_claimed", rule=PERMIT,
        source=PERMIT, unblock=_("The personal situation as the ground"),
    )  # fmt: skip


def long_enough(facts: Facts, form: Any) -> Fault | None:
    """Directive 2004/81/EC art. 8(3): a permit for a time lasts at least the national minimum."""
    if form is None or getattr(form, "permit_type", "temporary") != "temporary" or form.valid_to is None:
        return None
    months = facts.profile.number("residence.min_validity_months")
    start = end_of(form.valid_from, facts.profile)
    if end_of(form.valid_to, facts.profile) >= due(start, Span(months, "months"), facts.profile):
        return None
    return refuse(
        _("The permit lasts at least {months} months"), field="valid_to", rule="residence.min_validity_months",
        source="Directive 2004/81/EC art. 8(3)", unblock=_("A later end"), months=months,
    )  # fmt: skip


def all_grounds_examined(facts: Facts, form: Any) -> Fault | None:
    """Refuse a permit only after the ground that needs nobody's testimony was examined."""
    if form is None:
        return None
    examined = {row.ground for row in form.grounds}
    needed = "child_best_interests" if facts.is_child else "personal_situation"
    if needed in examined:
        return None
    return refuse(
        _("The personal situation, or the best interests of a child, must be examined first"), field="grounds",
        rule="INV-16" if facts.is_child else PERMIT, source=CHILD if facts.is_child else PERMIT,
        unblock=_("That ground, with reasons"),
    )  # fmt: skip


def nothing_against_a_child(facts: Facts, form: Any) -> Fault | None:
    """Keep proceedings out of the reasons by which a child's permit is refused."""
    if form is None or not facts.is_child or all(row.ground != "cooperation" for row in form.grounds):
        return None
    return refuse(
        _("A child’s permit never depends on taking part in proceedings"), field="grounds", rule="INV-16",
        source=CHILD, unblock=_("Reasons without it"),
    )  # fmt: skip


def may_be_withdrawn(facts: Facts, form: Any) -> Fault | None:
    """Withdraw only on a reason that the law knows, and never against a personal situation that holds."""
    if form is None:
        return None
    if facts.is_child and form.code in NEVER_A_CHILDS:
        return refuse(
            _("A child’s permit is not withdrawn for this reason"), field="code", rule="INV-16", source=CHILD,
            unblock=_("Another reason that the law knows, or none"),
        )  # fmt: skip
    if form.personal_situation == "holds":
        return refuse(
            _("The personal situation calls for the permit: it is not withdrawn"), field="personal_situation",
            rule=PERMIT, source=PERMIT, unblock=_("Nothing: leave the permit as it is"),
        )  # fmt: skip
    ended = form.code in ("ceased_cooperation", "case_closed", "renewed_contact")
    if not ended or facts.profile.says("residence.withdrawal_by_proceedings"):
        return None
    return refuse(
        _("The law of this country does not know this ground"), field="code", rule="CETS 197 art. 14(3)",
        source="Directive 2004/81/EC art. 14", unblock=_("A reason that the law of this country knows"),
    )  # fmt: skip


def valid_until(facts: Facts) -> date | None:
    """Return the last day of a permit for a time; a permanent one has none."""
    marks = facts.this.marks if facts.this else {}
    return facts.this.day("valid_to") if facts.this and marks.get("permit_type") != "permanent" else None


def time_is_over(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    """Let a permit expire only after its last day."""
    last = valid_until(facts)
    if last is not None and end_of(last, facts.profile) <= facts.now:
        return None
    return refuse(
        _("The permit is still valid"), rule=PERMIT, source=PERMIT, unblock=_("The end of its last day")
    )


def apply_by(facts: Facts) -> date | None:
    """Return the day by which to apply, so that no gap opens after the reflection period."""
    period = facts.track("reflection_period")
    if period is None or period.state not in REFLECTION_RUNS:
        return None
    return ahead_of(facts, period.day("end_on"), "residence.apply_before_days")


def for_a_time(facts: Facts, form: Any) -> bool:  # noqa: ARG001 -- whether the answer is needed
    """Say whether a permit that is not permanent is granted, which has a last day."""
    return bool(form.permit_type == "temporary")


def informed(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Open the question of work beside that of stay."""
    yield OpenTrack("work_permit", "open")


def applied(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """From now on a removal waits for the decision."""
    yield TakeStep("removal_measure", "evaluate_block")


def granted(facts: Facts, form: Any) -> Iterator[Effect]:
    """Let work follow from the permit where it says so; removal is blocked while it is valid."""
    if not hasattr(form, "permit_type"):
        yield SetMarks({"permit_type": "temporary"})
    yield Alert(_("A residence permit was granted: see to housing, work and school"), role=Role.NGO)
    yield OpenTrack("work_permit", "open")
    if getattr(form, "work_right", False):
        yield TakeStep("work_permit", "by_law")
    if facts.in_state("residence_permit", "granted") and (
        form.valid_to is None or form.valid_to >= facts.today
    ):
        yield TakeStep("removal_measure", "evaluate_block")


def refused(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Tell the lawyer that time runs."""
    yield Alert(_("A decision on stay was negative: a remedy is open"), role=Role.LEG, urgent=True)
    yield Alert(_("A decision is to be explained, and its remedy; help goes on"), role=Role.NGO)


def withdrawal_proposed(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Tell those who stand by the person; the permit still stands."""
    for role in (Role.LEG, Role.GUA, Role.NGO):
        yield Alert(
            _("It is proposed to withdraw a residence permit; it still stands"), role=role, urgent=True
        )
    yield TakeStep("removal_measure", "evaluate_block")


def ended(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Help goes on (INV-01): look at what is needed now, and at what may follow."""
    yield Alert(_("A right to stay has ended: help goes on; look at what may follow"), role=Role.NGO)
    yield Alert(
        _("A right to stay has ended: look at remedies and other grounds"), role=Role.LEG, urgent=True
    )
    yield from work_ends(facts)
    yield from needs_again("stay_ended")


def final(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Offer advice on what else there is, return among it; nobody is pressed."""
    yield Alert(
        _("No permit, finally: offer advice on other ways, a voluntary return among them"), role=Role.NGO
    )
