"""A child's guardian: somebody acts at once, and a guardian stays until the child is safe or grown."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import Alert, CallIn, Effect, JoinTeam, LeaveTeam, OpenTrack
from app.procedure.facts import Facts
from app.procedure.predicates import is_system
from app.procedure.refusal import refuse
from app.procedure.span import Span
from app.safeguards.words import Category, Relation, Role
from app.tracks.child import guardian_forms as forms
from app.tracks.removal_again import removal_blocked_now
from app.tracks.rules import not_in_future

SOC = frozenset({Role.SOC})
WATCHING = frozenset({Role.SOC, Role.SUP})
WITHOUT = ("needed", "suspended", "replaced")
STAGES = "OSCE Addendum 6; CETS 197 art. 10(4)"
RECEPTION = "Directive (EU) 2024/1346 art. 27"


def _for_a_child(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    if facts.is_child:
        return None
    return refuse(
        _("The person is an adult and acts without a guardian"), rule="INV-16", source="CETS 197 art. 10(3)",
        unblock=_("Doubt about the age"),
    )  # fmt: skip


def _not_too_many(facts: Facts, form: Any) -> Fault | None:
    most = facts.profile.number("guardian.max_wards")
    if form is None or form.caseload < most:
        return None
    return refuse(
        _("A guardian has at most {most} children"), field="caseload", rule="guardian.max_wards",
        source=RECEPTION, unblock=_("Another guardian"), most=most,
    )  # fmt: skip


def _was_appointed(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    if facts.this and facts.this.history and facts.this.history[-1].from_ == "active":
        return None
    return refuse(
        _("Only an appointed guardian can be reinstated"), rule=STAGES, source=STAGES,
        unblock=_("A provisional person, and an appointment"),
    )  # fmt: skip


def _not_their_own(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    marks = facts.this.marks if facts.this else {}
    if str(facts.actor.user_id) not in {str(marks.get(key)) for key in ("guardian_user", "provisional_user")}:
        return None
    return refuse(
        _("Nobody decides on a concern about themselves"), rule="INV-20",
        source="UNHCR Best Interests Procedure Guidelines", unblock=_("Ask another person who has this role"),
    )  # fmt: skip


def _first_meeting(facts: Facts) -> Span | None:
    """Short, unless they have met already; a meeting with a guardian who was replaced does not count."""
    met = facts.this.day("met_on") if facts.this else None
    left = facts.this.took("replace") if facts.this else None
    has_met = met is not None and (left is None or met > left.at.date())
    return None if has_met else national("guardian.first_meeting_working_days")(facts)


def _needed(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    if is_system(facts) or facts.actor.role is not Role.SOC:
        yield CallIn(Role.SOC, Relation.ASSIGNED)
    yield OpenTrack("durable_solution", "open")
    yield Alert(_("A child needs somebody who acts for them"), role=Role.SOC, urgent=True)


def _acts_meanwhile(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield LeaveTeam(Relation.GUARDIAN)
    yield JoinTeam(Relation.GUARDIAN, Role.GUA, user_id=form.provisional_user)


def _appointed(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Whoever acted provisionally leaves as the guardian comes."""
    yield LeaveTeam(Relation.GUARDIAN)
    nominated = facts.this.marks.get("guardian_user") if facts.this else None
    if nominated:
        yield JoinTeam(Relation.GUARDIAN, Role.GUA, user_id=UUID(str(nominated)))


def _without(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """End the guardian's access with this step, and ask for a provisional person the same day."""
    yield LeaveTeam(Relation.GUARDIAN)
    yield Alert(_("A child is without a guardian: name somebody today"), role=Role.SOC, urgent=True)
    yield from removal_blocked_now()


def _ended(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield LeaveTeam(Relation.GUARDIAN)
    yield from removal_blocked_now()


TRACK = Track(
    slug="guardian",
    number="C2",
    label=_("Guardian"),
    purpose=_("Somebody acts for the child at once, and a guardian stays until the child is safe or grown."),
    family="child",
    sources="OSCE Addendum 6; CETS 197 art. 10(4); Directive 2011/36/EU art. 14(2) and 16(3); Directive (EU) "
    "2024/1346 art. 27",
    summary=Category.CHI,
    states=(
        State("needed", _("Needed")),
        State("provisional", _("Provisional person")),
        State("nominated", _("Nominated")),
        State("active", _("Appointed")),
        State("suspended", _("Suspended over a concern")),
        State("replaced", _("Being replaced")),
        State("ended", _("Ended"), terminal=True),
        State("parent_acts", _("A parent acts, without conflict")),
    ),
    steps=(
        Step(
            "open", _("A guardian is needed"), (), "needed",
            frozenset({Role.SYS, Role.SOC, Role.POL, Role.NGO, Role.IMM}), STAGES,
            _("{who} recorded that a guardian is needed"), forms.GuardianNeeded, guards=(_for_a_child,),
            then=_needed,
        ),
        Step(
            "parents_ok", _("A parent acts for the child"), (), "parent_acts", SOC,
            "Directive 2011/36/EU art. 14(2)", _("{who} recorded that a parent acts for the child"),
            forms.ParentActs, guards=(_for_a_child,),
        ),
        # The rule engine opens the track as needed for every child; a parent may turn out to act well.
        Step(
            "parents_ok", _("A parent acts for the child"), ("needed",), "parent_acts", SOC,
            "Directive 2011/36/EU art. 14(2)", _("{who} recorded that a parent acts for the child"),
            forms.ParentActs,
        ),
        Step(
            "conflict", _("A conflict with the parents came out"), ("parent_acts",), "needed",
            frozenset({Role.SOC, Role.NGO, Role.POL, Role.GUA}), "Directive 2011/36/EU art. 14(2)",
            _("{who} recorded a conflict between parents and child"), forms.ConflictFound, then=_needed,
        ),
        Step(
            "name_provisional", _("Name a provisional person"), WITHOUT, "provisional", SOC, RECEPTION,
            _("{who} named somebody to act for the child meanwhile"), forms.ProvisionalPerson,
            then=_acts_meanwhile,
        ),
        Step(
            "nominate", _("Nominate a guardian"), ("needed", "provisional"), "nominated", SOC, STAGES,
            _("{who} nominated a guardian"), forms.Nominate,
            guards=(_not_too_many, not_in_future("vetted_on"), not_in_future("trained_on")),
        ),
        Step(
            "appoint", _("Appoint the guardian"), ("nominated",), "active", SOC, STAGES,
            _("{who} recorded the guardian’s appointment"), forms.Appoint,
            guards=(not_in_future("order_on"), not_in_future("met_on")), then=_appointed,
        ),
        Step(
            "record_meeting", _("Guardian and child have met"), ("active",), "active",
            frozenset({Role.GUA, Role.SOC}), STAGES, _("{who} recorded that guardian and child have met"),
            forms.FirstMeeting, guards=(not_in_future("met_on"),),
        ),
        Step(
            "report", _("Report on the child"), ("active",), "active", frozenset({Role.GUA, Role.SOC}),
            STAGES,
            _("{who} reported on the child"), forms.GuardianReport,
        ),
        Step(
            "suspend", _("Suspend the guardian"), ("active", "provisional"), "suspended", WATCHING, STAGES,
            _("{who} suspended the guardian"), forms.Suspend, guards=(_not_their_own,), then=_without,
        ),
        Step(
            "reinstate", _("Reinstate the guardian"), ("suspended",), "active", WATCHING, STAGES,
            _("{who} reinstated the guardian"), forms.Reinstate, guards=(_was_appointed, _not_their_own),
            invariants=("INV-20",), apart_from=("suspend",), then=_appointed,
        ),
        Step(
            "replace", _("Look for another guardian"), ("active",), "replaced",
            frozenset({Role.SOC, Role.VIC, Role.NGO}), STAGES, _("{who} asked for another guardian"),
            forms.Replace, then=_without,
        ),
        Step(
            "end", _("End the guardianship"), ("active", "provisional", "parent_acts"), "ended", SOC, STAGES,
            _("{who} recorded the end of the guardianship"), forms.EndGuardianship, then=_ended,
        ),
    ),
    deadlines=(
        Deadline(
            "provisional", _("Somebody acts for the child"), ("open", "conflict", "suspend", "replace"),
            WITHOUT,
            RECEPTION, Role.SOC, lasts=national("guardian.provisional_hours"), proposal=True,
        ),
        Deadline(
            "target", _("Guardian appointed: target"), ("open", "conflict"),
            ("needed", "provisional", "nominated"), STAGES, Role.SOC,
            lasts=national("guardian.target_working_days"), proposal=True,
        ),
        Deadline(
            "limit", _("Guardian appointed: limit of the law"), ("open", "conflict"),
            ("needed", "provisional", "nominated"), RECEPTION, Role.SOC,
            lasts=national("guardian.limit_working_days"),
        ),
        Deadline(
            "first_meeting", _("Guardian and child meet"), ("appoint",), ("active",), STAGES, Role.GUA,
            lasts=_first_meeting, stops=("record_meeting",), proposal=True,
        ),
        Deadline(
            "report", _("Guardian’s report"), ("appoint", "reinstate", "report"), ("active",), STAGES,
            Role.GUA,
            lasts=national("guardian.report_days"), proposal=True,
        ),
    ),
    notes=(
        _("Decisions for a child wait for whoever acts for the child; help never waits."),
        _("A guardian sees their own wards only, and is told before every decision."),
    ),
)  # fmt: skip
