"""Needs and risk assessment: what endangers the person, what is needed, who does what by when."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import Alert, Effect, OpenTrack
from app.procedure.facts import Facts
from app.procedure.predicates import REFLECTION_RUNS
from app.procedure.refusal import refuse
from app.procedure.span import Span
from app.safeguards.words import Role
from app.tracks.support.needs_codes import CHILD, THREATS, TWENTY
from app.tracks.support.needs_forms import (
    ApproveAssessment,
    CompleteAssessment,
    PlanAssessment,
    ReplaceAssessment,
    ReturnForRework,
    StartAssessment,
)

HELPERS = frozenset({Role.NGO, Role.SOC, Role.SHE})
SAFETY = "OSCE Action Plan III.4.2; CETS 197 art. 12(1) and 12(2)"
PLAN = "CETS 197 art. 12(1); Directive 2011/36/EU art. 11(3) and 11(5)"
WHOLE = ("full", "review")


def _kind(facts: Facts) -> str:
    return str(facts.this.marks.get("kind", "full")) if facts.this else "full"


def all_threats(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    """Ask for each of the four threats, in every assessment."""
    if form is None or {row.domain for row in form.threats} >= THREATS.keys():
        return None
    return refuse(
        _("Say of each of the four threats what you found"), field="threats", rule="inra.threats",
        source="A/65/113, 23", unblock=_("A finding on life, body, mind and property"),
    )  # fmt: skip


def all_domains(facts: Facts, form: Any) -> Fault | None:
    """Ask for all twenty domains in a full assessment or review; for a child, for the child’s as well."""
    if form is None or _kind(facts) not in WHOLE:
        return None
    wanted = TWENTY | CHILD.keys() if facts.is_child else TWENTY
    found = {row.domain for group, row in form.rows() if group != "threats"}
    if found >= wanted:
        return None
    return refuse(
        _("A full assessment looks at all domains: {count} are still without a finding"), field="findings",
        rule="inra.domains", source="CETS 197 art. 12; A/65/113, 39",
        unblock=_("A finding in each domain; “nothing found” is one"), count=len(wanted - found),
    )  # fmt: skip


def risks_are_answered(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    """Ask who does what by when wherever the risk is high."""
    for group, row in form.rows() if form is not None else ():
        if row.risk in ("high", "critical") and not (row.action and row.owner and row.due_on):
            return refuse(
                _("Where the risk is high, say what is done, by whom and by when"), field=group,
                rule="inra.action", source=SAFETY, unblock=_("An action, an owner and a day"),
            )  # fmt: skip
    return None


def _alarm(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    if any(row.risk == "critical" for group, row in form.rows()):
        alarm = _("A critical risk was found: read the assessment now")
        yield Alert(alarm, urgent=True)
        yield Alert(alarm, role=Role.SUP, urgent=True)


def _anew(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    due = {"due_at": form.due_at.isoformat()} if form.due_at else {}
    trigger = {"trigger": form.trigger} if form.trigger else {}
    yield OpenTrack("inra", "plan", {"kind": form.kind, **due, **trigger})


def _of_kind(key: str, *kinds: str) -> Callable[[Facts], Span | None]:
    span = national(key)
    return lambda facts: span(facts) if _kind(facts) in kinds else None


def review_on(facts: Facts) -> date:
    """Return the day of the next review: the one agreed on, and no later than the profile allows."""
    resting = facts.in_state("reflection_period", *REFLECTION_RUNS)
    days = facts.profile.number("inra.review_reflection_days" if resting else "inra.review_days")
    agreed = facts.this.day("next_review_on") if facts.this else None
    latest = facts.today + timedelta(days=days)
    return min(agreed, latest) if agreed else latest


TRACK = Track(
    slug="inra",
    number="T05",
    label=_("Needs and risk assessment"),
    purpose=_("What endangers the person and what is needed is known, and somebody does it by a day."),
    family="support",
    sources="OSCE Action Plan III.4.2; A/65/113, 23 and 39; CETS 197 art. 12",
    states=(
        State("planned", _("Planned")),
        State("in_progress", _("In progress")),
        State("completed", _("Completed")),
        State("approved", _("Approved")),
        State("superseded", _("Replaced"), terminal=True),
    ),
    steps=(
        Step(
            "plan", _("Plan an assessment"), (), "planned", HELPERS | {Role.SYS}, SAFETY,
            _("{who} planned a needs and risk assessment"), PlanAssessment,
        ),
        Step(
            "start", _("Begin the assessment"), ("planned",), "in_progress", HELPERS, SAFETY,
            _("{who} began the needs and risk assessment"), StartAssessment, invariants=("INV-26",),
        ),
        Step(
            "complete", _("Complete the assessment"), ("in_progress",), "completed", HELPERS, PLAN,
            _("{who} completed the needs and risk assessment"), CompleteAssessment,
            guards=(all_threats, all_domains, risks_are_answered), invariants=("INV-01",), then=_alarm,
        ),
        Step(
            "approve", _("Approve the assessment"), ("completed",), "approved", frozenset({Role.SUP}), PLAN,
            _("{who} approved the needs and risk assessment"), ApproveAssessment, invariants=("INV-20",),
            apart_from=("complete",),
        ),
        Step(
            "return_for_rework", _("Send it back"), ("completed",), "in_progress", frozenset({Role.SUP}),
            PLAN,
            _("{who} sent the needs and risk assessment back"), ReturnForRework,
        ),
        Step(
            "replace", _("Assess again"), ("approved",), "superseded",
            frozenset({Role.SYS, Role.NGO, Role.SOC}), PLAN,
            _("{who} replaced the assessment by a new one"), ReplaceAssessment, then=_anew,
        ),
    ),
    deadlines=(
        Deadline(
            "initial", _("Safety and what is needed at once"), ("plan",), ("planned", "in_progress"), SAFETY,
            Role.NGO, _of_kind("inra.initial_hours", "initial"), proposal=True,
        ),
        Deadline(
            "full", _("Full assessment"), ("plan",), ("planned", "in_progress"), PLAN, Role.NGO,
            _of_kind("inra.full_days", "full", "review"), proposal=True,
        ),
        Deadline(
            "full_after_initial", _("Full assessment after the first look"), ("plan",),
            ("planned", "in_progress", "completed", "approved"), PLAN, Role.NGO,
            _of_kind("inra.full_days", "initial"), proposal=True,
        ),
        Deadline(
            "trigger", _("Assessment after something happened"), ("plan",), ("planned", "in_progress"),
            SAFETY, Role.NGO, _of_kind("inra.trigger_working_days", "trigger"), proposal=True,
        ),
        Deadline(
            "review", _("Review of the assessment"), ("approve",), ("approved",), PLAN, Role.NGO,
            at=review_on, proposal=True,
        ),
    ),
    notes=(
        _("Four threats are looked at in every assessment: to life, body, mind and property."),
        _("A child is assessed at once; the guardian is heard as soon as there is one."),
        _("Whoever completes an assessment does not approve it."),
    ),
)  # fmt: skip
