"""Interview of a child: few, prepared, recorded, with the guardian; never just because it is convenient."""

from collections.abc import Iterator
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import Alert, Effect, SetMarks
from app.procedure.facts import Facts
from app.procedure.predicates_child import life_at_stake
from app.procedure.refusal import refuse
from app.safeguards.words import Category, Role
from app.tracks.child import interview_forms as forms
from app.tracks.rules import for_a_child, needed_when

QUESTIONING = frozenset({Role.POL, Role.CAU, Role.LAB, Role.IMM})
CLEARING = frozenset({Role.SOC, Role.SUP})
INTERVIEW = "OSCE Addendum 7; Directive 2011/36/EU art. 15; CETS 197 art. 30"


def _danger_is_said(facts: Facts, form: Any) -> bool:  # noqa: ARG001 -- whether the answer is needed
    return bool(form.immediate_danger == "yes")


def _for_a_child(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    if facts.is_child:
        return None
    return refuse(
        _("These rules are for children: an adult is interviewed as an adult"), rule=INTERVIEW, source=INTERVIEW,
        unblock=_("Nothing: record the interview in the proceedings"),
    )  # fmt: skip


def _assessed(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    """Question a child only after an approved assessment said that it may be, unless a life is in danger."""
    approved = any(
        each.slug == "bia" and each.state == "approved" and each.marks.get("decision") == "interview"
        for each in facts.tracks
    )
    if approved or life_at_stake(facts):
        return None
    return refuse(
        _("The child’s best interests were not assessed for an interview"), rule=INTERVIEW,
        source="OSCE Action Plan V.10.1; OSCE Addendum 7", unblock=_("An approved assessment for an interview"),
    )  # fmt: skip


def _ends_after_it_began(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    if form is None or form.began_at <= form.ended_at:
        return None
    return Fault(_("The end cannot lie before the beginning"), "ended_at")


def _heard(facts: Facts, form: Any) -> bool:
    return for_a_child(facts, form) and not life_at_stake(facts)


def _proposed(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001 -- the signature of a consequence
    yield Alert(_("An interview of a child is proposed: the guardian is told first"), role=Role.GUA)
    yield Alert(_("An interview of a child is proposed: is it in the child’s interest?"), role=Role.SOC)


def _held(facts: Facts, form: Any) -> Iterator[Effect]:
    count = sum(each.slug == "child_interview" and each.state == "held" for each in facts.tracks)
    yield SetMarks({"interviews": count})
    if count > facts.profile.number("interview.most"):
        yield Alert(_("A child was interviewed too often: use what is recorded"), role=Role.SUP, urgent=True)
    if form.wellbeing == "needs_help":
        yield Alert(_("A child needs help after an interview"), urgent=True)


TRACK = Track(
    slug="child_interview",
    number="C7",
    label=_("Interview of a child"),
    purpose=_("A child is interviewed seldom, prepared, recorded and accompanied, or not at all."),
    family="child",
    sources="OSCE Addendum 7; Directive 2011/36/EU art. 15; CETS 197 art. 30; UNICEF, guidelines on child victims",
    summary=Category.CHI,
    per_case=False,
    states=(
        State("proposed", _("Proposed")),
        State("cleared", _("Allowed")),
        State("held", _("Held"), terminal=True),
        State("stopped", _("Stopped"), terminal=True),
        State("rejected", _("Not in the child’s interest"), terminal=True),
    ),
    steps=(
        Step(
            "propose", _("Propose an interview"), (), "proposed", QUESTIONING, INTERVIEW,
            _("{who} proposed an interview of the child"), forms.ProposeInterview,
            guards=(_for_a_child, needed_when("danger", _danger_is_said)), then=_proposed,
        ),
        Step(
            "clear", _("Allow the interview"), ("proposed",), "cleared", CLEARING, INTERVIEW,
            _("{who} allowed the interview"), forms.ClearInterview,
            guards=(_assessed, needed_when("guardian_heard", _heard)), invariants=("INV-07", "INV-20"),
            apart_from=("propose",),
        ),
        Step(
            "reject", _("Do not allow the interview"), ("proposed",), "rejected", CLEARING, INTERVIEW,
            _("{who} did not allow the interview"), forms.RejectInterview,
        ),
        Step(
            "hold", _("Record the interview"), ("cleared",), "held", QUESTIONING, INTERVIEW,
            _("{who} recorded the interview"), forms.HoldInterview,
            guards=(_ends_after_it_began, needed_when("guardian_heard", _heard)), invariants=("INV-07",), then=_held,
        ),
        Step(
            "stop", _("Stop the interview"), ("cleared",), "stopped", QUESTIONING | {Role.VIC, Role.GUA}, INTERVIEW,
            _("{who} stopped the interview"), forms.StopInterview,
        ),
    ),
    deadlines=(
        Deadline(
            "decide", _("Answer on an interview, without unjustified delay"), ("propose",), ("proposed",), INTERVIEW,
            Role.SOC, lasts=national("interview.clear_working_days"), proposal=True,
        ),
    ),
    notes=(
        _("There is no interview before somebody acts for the child, except where a life is in danger at this moment."),
        _("Interviews are counted; above the number of the profile a supervisor is told."),
        _("What is recorded already is used again."),
    ),
)  # fmt: skip
