"""What labour inspectors found: children first, signs of trafficking next, wages always; never anybody's status."""

from collections.abc import Iterator
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import Alert, Effect, SetMarks
from app.procedure.facts import Facts
from app.procedure.refusal import refuse
from app.procedure.span import Span
from app.safeguards.words import Category, Role
from app.tracks.grounds import rests_on
from app.tracks.intake.indicators import advise
from app.tracks.justice import inspection_forms as forms
from app.tracks.rules import not_in_future

LAB = frozenset({Role.LAB})
SUP = Role.SUP
INSPECTS = "OSCE Ministerial Council Decision 8/07, 4, 9 and 11"
DETECTS = "OSCE Ministerial Council Decision 8/07, 12 and 13; OSCE Action Plan IV.3.2"
SANCTIONS = "OSCE Ministerial Council Decision 8/07, 14 to 17"
FIREWALL = ("INV-22",)
PARTLY = "concern"  # a worry without one of the eleven signs


def child_is_referred(facts: Facts, form: Any) -> Fault | None:
    """INV-15: where a child was seen, a child is referred."""
    marks = facts.this.marks if facts.this else {}
    seen = marks.get("minors_seen") or marks.get("worst_forms")
    if form is None or not seen or form.children_referred > 0:
        return None
    return refuse(
        _("A child was seen: a child is referred, and not only counted"), field="children_referred",
        rule="INV-15", source="OSCE Addendum 3 and 5", unblock=_("The referral of the child"),
    )  # fmt: skip


def signed_off(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- decided before anything is typed
    """Let a finding with a sign or a child end without more only by the supervisor's hand."""
    marks = facts.this.marks if facts.this else {}
    telling = marks.get("any_sign") or marks.get("minors_seen") or marks.get("worst_forms")
    if not telling or facts.actor.role is SUP:
        return None
    return refuse(
        _("There is a sign, or a child was seen: only the supervisor can say that nothing points to exploitation"),
        rule="INV-20", source=DETECTS, unblock=_("The supervisor’s decision, or a referral"),
    )  # fmt: skip


def _recorded(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    if form.minors_seen:
        yield Alert(_("A child may be at work: refer the child now"), role=Role.LAB, urgent=True)


def _screened(facts: Facts, form: Any) -> Iterator[Effect]:
    yield SetMarks({"any_sign": any(sign != PARTLY for sign in form.signs)})
    if form.worst_forms:
        yield Alert(_("A child may be at work: refer the child now"), role=Role.LAB, urgent=True)
    if advise(form.signs, is_child=facts.is_child).ask_further:
        yield Alert(_("There are signs: go through the long list, and refer on any concern"), role=Role.LAB)


def _violation(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    for role in (Role.LEG, Role.NGO):
        yield Alert(_("Wages are owed: explain the ways to claim them"), role=role)


def _minor(facts: Facts) -> Span | None:
    marks = facts.this.marks if facts.this else {}
    child = marks.get("minors_seen") or marks.get("worst_forms")
    return national("labour.minor_minutes")(facts) if child else None


TRACK = Track(
    slug="labour_inspection_finding",
    number="T20",
    label=_("Labour inspection finding"),
    purpose=_("What inspectors find leads to protection and wages, and never to anybody’s immigration status."),
    family="justice",
    sources="OSCE Action Plan IV.3.2; OSCE Ministerial Council Decision 8/07, 4 and 11 to 17; Vienna Declaration 14",
    summary=Category.LAB,
    per_case=False,
    states=(
        State("recorded", _("Recorded")),
        State("screened", _("Screened")),
        State("thb_referred", _("Referred as presumed trafficking")),
        State("labour_violation", _("Violation of labour law")),
        State("no_indication", _("Nothing points to it"), terminal=True),
        State("enforcement", _("Measures taken")),
        State("closed", _("Closed"), terminal=True),
    ),
    steps=(
        Step(
            "record", _("Record an inspection"), (), "recorded", LAB, INSPECTS,
            _("{who} recorded an inspection"), forms.RecordFinding, guards=(not_in_future("inspected_on"),),
            invariants=FIREWALL, then=_recorded, help=_("Nobody’s nationality or permit is asked."),
        ),
        Step(
            "screen", _("Look for signs"), ("recorded",), "screened", LAB, DETECTS,
            _("{who} looked for signs of exploitation"), forms.ScreenFinding, invariants=FIREWALL, then=_screened,
        ),
        Step(
            "refer", _("Refer as presumed trafficking"), ("screened",), "thb_referred", LAB, DETECTS,
            _("{who} referred workers as presumed victims"), forms.ReferWorkers,
            guards=(child_is_referred, rests_on("labour_inspection_finding")),
            invariants=("INV-15", "INV-17", *FIREWALL),
        ),
        Step(
            "classify", _("A violation of labour law"), ("screened",), "labour_violation", LAB,
            "OSCE Ministerial Council Decision 8/07, 7 and 13", _("{who} found a violation of labour law"),
            forms.ClassifyViolation, invariants=FIREWALL, then=_violation,
            help=_("What each worker is owed is worked out, and can be claimed."),
        ),
        Step(
            "clear", _("Nothing points to exploitation"), ("screened",), "no_indication", LAB | {SUP}, DETECTS,
            _("{who} found that nothing points to exploitation"), forms.NoIndication, guards=(signed_off,),
            invariants=("INV-20", *FIREWALL), apart_from=("screen",),
        ),
        Step(
            "act", _("Record what was done"), ("thb_referred", "labour_violation"), "enforcement",
            LAB | {Role.POL}, SANCTIONS, _("{who} recorded measures against whoever exploited"),
            forms.ActOnFinding, invariants=FIREWALL,
        ),
        Step(
            "upgrade", _("New signs: refer"), ("labour_violation",), "thb_referred", LAB, DETECTS,
            _("{who} recorded new signs and referred"), forms.UpgradeFinding, invariants=("INV-15", *FIREWALL),
        ),
        Step(
            "close", _("Close the finding"), ("enforcement", "labour_violation", "thb_referred"), "closed", LAB,
            SANCTIONS, _("{who} closed the finding"), forms.CloseFinding, invariants=FIREWALL,
        ),
    ),
    deadlines=(
        Deadline(
            "screen", _("Look for signs"), ("record",), ("recorded",), DETECTS, Role.LAB,
            lasts=national("labour.screen_working_days"), proposal=True,
        ),
        Deadline(
            "minor", _("The child is referred"), ("record", "screen"), ("recorded", "screened"),
            "OSCE Addendum 5", Role.LAB, lasts=_minor,
        ),
        Deadline(
            "wages", _("Wages are worked out"), ("screen",), ("screened",),
            "OSCE Ministerial Council Decision 8/07, 7", Role.LAB, lasts=national("labour.wages_days"),
            proposal=True,
        ),
    ),
    notes=(
        _("Nothing here asks for anybody’s nationality or permit, and the immigration authority reads none of it."),
        _("Who complained is kept apart, and hidden from those who inspect."),
        _("A violation of labour law alone still opens the way to what is owed."),
    ),
)  # fmt: skip
