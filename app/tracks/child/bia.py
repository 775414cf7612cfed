"""Best interests assessment: before each decision about a child, quickly, and without waiting for a guardian."""

from collections.abc import Iterator
from typing import Any

from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import Alert, Effect
from app.procedure.facts import Facts
from app.safeguards.words import Category, Role
from app.tracks.child import bia_forms as forms

ASSESSING = frozenset({Role.SOC, Role.NGO})
INTERESTS = "OSCE Action Plan V.10.1; Convention on the Rights of the Child art. 3 and 12"


def _waits(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001 -- the signature of a consequence
    yield Alert(_("An assessment of best interests waits for approval"), role=Role.SUP)


def _approved(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield Alert(_("An assessment of best interests is approved: the decision can go on"))


def _outdated(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield Alert(_("An assessment of best interests is out of date: look again before the next decision"))


TRACK = Track(
    slug="bia",
    number="C3",
    label=_("Best interests assessment"),
    purpose=_("Before each decision about a child, what is best for the child is asked, quickly and with the child."),
    family="child",
    sources="OSCE Action Plan V.10.1; Convention on the Rights of the Child art. 3 and 12; UNHCR Best Interests "
    "Procedure Guidelines",
    summary=Category.CHI,
    per_case=False,  # one for each decision at stake
    states=(
        State("due", _("Due")),
        State("in_progress", _("In progress")),
        State("completed", _("Completed")),
        State("approved", _("Approved")),
        State("outdated", _("Out of date")),
        State("closed", _("Closed"), terminal=True),
    ),
    steps=(
        Step(
            "trigger", _("Ask for a best interests assessment"), (), "due",
            frozenset({Role.SYS, Role.SOC, Role.NGO, Role.GUA}), INTERESTS,
            _("{who} asked for a best interests assessment"), forms.TriggerAssessment,
        ),
        Step(
            "start", _("Begin the best interests assessment"), ("due", "outdated"), "in_progress", ASSESSING,
            INTERESTS, _("{who} began the best interests assessment"), forms.StartBia, invariants=("INV-26",),
        ),
        Step(
            "complete", _("Complete the best interests assessment"), ("in_progress",), "completed", ASSESSING,
            INTERESTS, _("{who} completed the best interests assessment"), forms.CompleteBia,
            invariants=("INV-26",), then=_waits,
        ),
        Step(
            "approve", _("Approve the best interests assessment"), ("completed",), "approved",
            frozenset({Role.SUP}), INTERESTS, _("{who} approved the best interests assessment"), forms.DecideBia,
            invariants=("INV-20",), apart_from=("complete",), then=_approved,
        ),
        Step(
            "rework", _("Send it back"), ("completed",), "in_progress", frozenset({Role.SUP}), INTERESTS,
            _("{who} sent the best interests assessment back"), forms.ReworkBia,
        ),
        Step(
            "age_out", _("It is out of date"), ("approved",), "outdated", frozenset({Role.SYS}), INTERESTS,
            _("{who} noted that the best interests assessment is out of date"), then=_outdated,
        ),
        Step(
            "close", _("Close the best interests assessment"), ("due", "approved", "outdated"), "closed",
            frozenset({Role.SYS, Role.SOC}), INTERESTS, _("{who} closed the best interests assessment"),
            forms.CloseBia,
        ),
    ),
    deadlines=(
        Deadline(
            "initial", _("Best interests assessment completed"), ("trigger",), ("due", "in_progress"), INTERESTS,
            Role.SOC, lasts=national("bia.initial_hours"), proposal=True,
        ),
        Deadline(
            "valid", _("Best interests assessment valid"), ("approve",), ("approved",), INTERESTS, Role.SOC,
            lasts=national("bia.valid_days"), expires="age_out", alerts=Role.SOC, proposal=True,
        ),
    ),
    notes=(
        _("Placement, school and questioning need an approved assessment; an emergency place does not wait."),
        _("The child is heard, or it is said why not; the guardian is heard as soon as there is one."),
    ),
)  # fmt: skip
