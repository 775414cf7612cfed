"""After a child’s return: visits at fixed times, the four findings asked again, and an alarm for a missed visit."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import Alert, Effect
from app.procedure.facts import Facts
from app.procedure.predicates_child import FINDINGS
from app.procedure.refusal import refuse
from app.procedure.span import due
from app.safeguards.words import Category, Role
from app.tracks.returns import monitoring_forms as forms
from app.tracks.rules import not_in_future

WORKERS = frozenset({Role.SOC, Role.NGO})
WATCHING = frozenset({Role.SOC, Role.SUP})
AFTER = "OSCE Addendum 10"
SCHEDULE = (
    "monitoring.first_visit_days", "monitoring.second_visit_months", "monitoring.third_visit_months",
    "monitoring.fourth_visit_months", "monitoring.last_visit_months",
)  # fmt: skip
AHEAD = ("arrive", "visit", "resolve")


def _for_a_child(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    if facts.is_child:
        return None
    return refuse(
        _("This follow-up is for children; an adult’s is part of the return itself"), rule=AFTER, source=AFTER,
        unblock=_("Nothing: go on with the return"),
    )  # fmt: skip


def _has_been_received(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    if facts.in_state("voluntary_return", "received", "reintegration", "concluded"):
        return None
    return refuse(
        _("Nobody has recorded that the child was received"), rule=AFTER, source=AFTER,
        unblock=_("The record of the arrival in the track of the return"),
    )  # fmt: skip


def visits_made(facts: Facts) -> int:
    """Return how many visits are on record."""
    return sum(each.name == "visit" for each in facts.this.history) if facts.this else 0


def next_visit(facts: Facts) -> datetime | None:
    """Return when the next visit of the schedule is due, counted from the arrival; None after the last."""
    arrived = facts.this.day("arrived_on") if facts.this else None
    made = visits_made(facts)
    if arrived is None or made >= len(SCHEDULE):
        return None
    begun = datetime.combine(arrived, time(12), ZoneInfo(facts.profile.zone))
    return due(begun, national(SCHEDULE[made])(facts), facts.profile)


def missed_visit(facts: Facts) -> datetime | None:
    """Return when a visit that is due counts as missed; a concern that was settled gives the time anew."""
    planned = next_visit(facts)
    if planned is None:
        return None
    settled = facts.this.took("resolve") if facts.this else None
    begun = max(planned, settled.at) if settled else planned
    return due(begun, national("monitoring.missed_working_days")(facts), facts.profile)


def _all_visits(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    left = len(SCHEDULE) - visits_made(facts)
    if left <= 0:
        return None
    return refuse(
        _("{left} visits of the schedule are still to come"), rule=AFTER, source=AFTER,
        unblock=_("All visits, each with its findings"), left=left,
    )  # fmt: skip


def _visited(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001 -- the signature of a consequence
    if any(getattr(form, name) != "yes" for name in FINDINGS):
        yield Alert(
            _("A visit after a return found something that is not well: record a concern"), urgent=True
        )


def _alarm(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    alarm = _("A concern after a child’s return: act, and ask whether the determination is reopened")
    for role in (Role.SOC, Role.GUA, Role.SUP):
        yield Alert(alarm, role=role, urgent=True)


TRACK = Track(
    slug="post_return_monitoring",
    number="C6",
    label=_("Follow-up after a child’s return"),
    purpose=_("A child who returned is visited at fixed times, and a missed visit raises the alarm."),
    family="returns",
    sources="OSCE Addendum 10",
    summary=Category.CHI,
    states=(
        State("planned", _("Planned")),
        State("ongoing", _("Going on")),
        State("concern", _("Something is not well")),
        State("concluded", _("Concluded"), terminal=True),
    ),
    steps=(
        Step(
            "plan", _("Plan the follow-up"), (), "planned", WORKERS | {Role.GUA}, AFTER,
            _("{who} planned the follow-up after the return"), forms.PlanFollowUp, guards=(_for_a_child,),
            invariants=("INV-07",), help=_("No child departs before this stands."),
        ),
        Step(
            "arrive", _("The child has arrived"), ("planned",), "ongoing", WORKERS, AFTER,
            _("{who} recorded that the child has arrived"), forms.ChildArrived,
            guards=(_has_been_received, not_in_future("arrived_on")),
        ),
        Step(
            "visit", _("Record a visit"), ("ongoing",), "ongoing", WORKERS, AFTER,
            _("{who} recorded a visit to the child"), forms.VisitChild, guards=(not_in_future("visited_on"),),
            then=_visited,
        ),
        Step(
            "raise_concern", _("Something is not well"), ("ongoing",), "concern",
            WORKERS | {Role.SYS, Role.VIC}, AFTER, _("{who} recorded that something is not well"),
            forms.RaiseConcern, then=_alarm,
        ),
        Step(
            "resolve", _("The concern is settled"), ("concern",), "ongoing", WORKERS | {Role.SUP}, AFTER,
            _("{who} recorded that the concern is settled"), forms.ResolveConcern, invariants=("INV-20",),
            apart_from=("raise_concern",),
        ),
        Step(
            "conclude", _("Conclude the follow-up"), ("ongoing",), "concluded", WATCHING, AFTER,
            _("{who} concluded the follow-up"), forms.ConcludeFollowUp, guards=(_all_visits,),
            invariants=("INV-20",), apart_from=("visit",),
        ),
    ),
    deadlines=(
        Deadline(
            "visit", _("Visit to the child"), AHEAD, ("ongoing",), AFTER, Role.SOC, at=next_visit, proposal=True,
        ),
        Deadline(
            "missed", _("A visit counts as missed"), AHEAD, ("ongoing",), AFTER, Role.SOC, at=missed_visit,
            expires="raise_concern", alerts=Role.SUP, proposal=True,
        ),
    ),
    notes=(
        _("The visits are those of the profile: after a week, and after 1, 3, 6 and 12 months."),
        _("A visit that does not take place is a concern by itself."),
        _("The durable solution of a return holds only when this is concluded."),
    ),
)  # fmt: skip
