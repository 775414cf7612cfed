"""The rules of identification: what carries a yes or a no, when it may be decided, when a remedy is over."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.declaration import Guard
from app.procedure.effects import Alert, CallIn, Effect, JoinTeam, OpenTrack, SetMarks, TakeStep
from app.procedure.facts import Facts
from app.procedure.predicates import is_system
from app.procedure.refusal import refuse
from app.procedure.span import end_of
from app.safeguards.words import Relation, Role

ON_GROUNDS = ("found", "reasonable_grounds")
TO_GROUNDS = ("find_reasonable_grounds", "uphold_reasonable_grounds", "court_remits")
FIRST_DECIDERS = (
    "propose_no_reasonable_grounds", "confirm_no_reasonable_grounds", "propose_not_identified",
    "confirm_not_identified",
)  # fmt: skip
REVIEW = "OSCE Action Plan V.3.2; CETS 197 art. 10"


def by_hand(facts: Facts, form: Any) -> bool:
    """Say whether a person opens the track without a referral."""
    return not is_system(facts) and form.referral is None


def _elements(facts: Facts, form: Any, enough: tuple[str, ...]) -> bool:
    """Say whether act, purpose and, for an adult, means are found; for a child means count for nothing."""
    child = facts.is_child or form.age_at_exploitation in ("child", "both")
    return bool(form.act in enough and form.purpose in enough and (child or form.means in enough))


def yes_needs_elements(*enough: str) -> Guard:
    """Return a guard that lets a yes through only where the findings carry it."""

    def guard(facts: Facts, form: Any) -> Fault | None:
        if form is None or _elements(facts, form, enough):
            return None
        return refuse(
            _("A yes needs act and purpose, and for an adult also means"), field="act",
            rule="CETS 197 art. 4",
            source="CETS 197 art. 4", unblock=_("Findings that carry the decision, or the other decision"),
        )  # fmt: skip

    return guard


def no_needs_a_lack(*enough: str) -> Guard:
    """Return a guard that lets a no through only where the findings do not carry a yes."""

    def guard(facts: Facts, form: Any) -> Fault | None:
        if form is None or not _elements(facts, form, enough):
            return None
        return refuse(
            _("The findings carry a yes: act, purpose and what else is needed are there"), field="act",
            rule="CETS 197 art. 4", source="CETS 197 art. 4",
            unblock=_("The decision that follows from the findings"),
        )  # fmt: skip

    return guard


def earliest_conclusive(facts: Facts) -> date | None:
    """Return the first day for a conclusive decision, or None once the reflection period has ended."""
    period = facts.track("reflection_period")
    if period and period.state in ("ended_expired", "ended_by_decision", "terminated"):
        return None
    grounds = facts.this.took(*TO_GROUNDS) if facts.this else None
    wait = timedelta(days=facts.profile.number("identification.conclusive_not_before_days"))
    return grounds.at.date() + wait if grounds else None


def not_too_early(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- decided before anything is typed
    """CETS 197 art. 13(1): nobody is decided on before there was time to recover."""
    first = earliest_conclusive(facts)
    if first is None or facts.today >= first:
        return None
    return refuse(
        _("Time to recover comes first: no conclusive decision before {first}"),
        rule="identification.conclusive_not_before_days", source="CETS 197 art. 13(1)",
        unblock=_("Time, or the end of the reflection period"), first=first,
    )  # fmt: skip


def was_explained(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    """Let a remedy run out only after it was explained."""
    last = review_until(facts)
    if last is not None and end_of(last, facts.profile) <= facts.now:
        return None
    return refuse(
        _("The time to ask for a review has not run out; it begins when the decision is explained"),
        rule="identification.ask_review_days", source=REVIEW, unblock=_("The explanation, and time"),
    )  # fmt: skip


def court_time_is_over(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    """Close the way to court only after the decision was explained."""
    last = court_until(facts)
    if last is not None and end_of(last, facts.profile) <= facts.now:
        return None
    return refuse(
        _("The time to go to court has not run out; it begins when the decision is explained"),
        rule="identification.court_days", source=REVIEW, unblock=_("The explanation, and time"),
    )  # fmt: skip


def _explained_since(facts: Facts, *decisions: str) -> date | None:
    """Return the day on which the latest of these decisions was explained, or None if it was not yet."""
    told = facts.this.took("explain_decision") if facts.this else None
    decided = facts.this.took(*decisions) if facts.this else None
    after = told and (decided is None or told.at >= decided.at)
    return facts.this.day("notified_on") if facts.this and after else None


def review_until(facts: Facts) -> date | None:
    """Return the last day to ask for a review; the time runs from the explanation to the person."""
    told = _explained_since(facts, "confirm_no_reasonable_grounds", "confirm_not_identified")
    return told + timedelta(days=facts.profile.number("identification.ask_review_days")) if told else None


def court_until(facts: Facts) -> date | None:
    """Return the last day to go to court: named in the decision or by law, the later."""
    ended = facts.this.took("reject_review", "court_dismisses", "remedy_lapsed") if facts.this else None
    if ended is None:
        return None
    # Who let the review go by was told before; every other decision has to be explained first.
    told = ended.at.date() if ended.name == "remedy_lapsed" else _explained_since(facts, ended.name)
    if told is None:
        return None
    usual = told + timedelta(days=facts.profile.number("identification.court_days"))
    named = facts.this.day("court_until") if facts.this else None
    return max(usual, named) if named else usual


def presumed(facts: Facts, form: Any) -> Iterator[Effect]:
    """Call in the authority, and a guardian for a child, without delay."""
    if form.authority is not None:
        yield JoinTeam(Relation.AUTHORITY, Role.CAU, organisation_id=form.authority)
    else:
        yield CallIn(Role.CAU, Relation.AUTHORITY)
    if facts.is_child:
        yield OpenTrack("guardian", "open")
    yield OpenTrack("asylum_claim", "open")
    yield from no_removal(facts, form)


def no_removal(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Have any removal measure looked at: it is blocked from now on (INV-02)."""
    yield TakeStep("removal_measure", "evaluate_block")


def reasonable_grounds(facts: Facts, form: Any) -> Iterator[Effect]:
    """Offer the reflection period and what else is due by law."""
    yield OpenTrack("reflection_period", "open")
    yield OpenTrack("legal_representation", "open", {"matters": ["criminal", "civil", "residence"]})
    yield OpenTrack("proceedings_participation", "open")
    yield from no_removal(facts, form)
    yield Alert(_("Reasonable grounds found: explain rights, stay, asylum and consular help"), role=Role.NGO)
    yield Alert(_("Reasonable grounds found: offer legal advice"), role=Role.LEG)


def negative(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Tell those who help: help goes on, a remedy is open."""
    yield from _period_that_waited(facts)
    yield Alert(_("A decision is to be explained, and its remedy; help goes on"), role=Role.NGO)
    yield Alert(_("A remedy is open"), role=Role.LEG, urgent=True)
    if facts.this and facts.this.marks.get("outcome") == "labour_law_violation_only":
        yield Alert(_("Wages or damages may be due: see to the labour remedies"), role=Role.LEG)


def second_needed(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Ask the authority for a second decider (INV-20)."""
    yield Alert(_("A second decider is needed"), role=Role.CAU)


def lapsed(facts: Facts, form: Any) -> Iterator[Effect]:
    """Keep the day on which the time for a review was over."""
    yield SetMarks({"lapsed_on": facts.today.isoformat()})
    yield from final(facts, form)


def final(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Plan what comes next; labour remedies stay open."""
    yield from _period_that_waited(facts)
    yield Alert(_("The decision is final: plan what comes next; labour remedies stay open"), role=Role.NGO)


def identified(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Tell those who see to residence and compensation."""
    yield from _period_that_waited(facts)
    yield Alert(_("The person is identified: see to residence and compensation"), role=Role.LEG)


def _period_that_waited(facts: Facts) -> Iterator[Effect]:
    """End a reflection period whose time was over and that waited for this decision, where the law has it wait."""
    period = facts.track("reflection_period")
    if period is None or period.state not in ("active", "extended"):
        return
    ends = period.day("end_on")
    if facts.profile.says("reflection.wait_for_identification") and ends and ends <= facts.today:
        yield TakeStep("reflection_period", "expire")
