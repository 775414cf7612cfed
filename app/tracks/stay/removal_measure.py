"""The removal that a State has ordered: the service blocks, warns and records; it never orders or plans one."""

from collections.abc import Iterator
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import Alert, Effect, SetMarks, TakeStep
from app.procedure.facts import Facts
from app.procedure.predicates import removal_blocked
from app.procedure.refusal import refuse
from app.safeguards.words import Category, Role
from app.tracks.rules import not_in_future
from app.tracks.stay import removal_forms as forms

TIMER = frozenset({Role.SYS})
HERS = frozenset({Role.LEG, Role.GUA, Role.VIC})
OPEN = ("notified", "blocked", "clear", "challenged")
BLOCKS = "CETS 197 art. 10(2) and 13(1); Directive 2004/81/EC art. 6(2); CJEU C-66/21"
LAWFUL = "OSCE Action Plan V.7.2 and V.9.1"
GATES = ("INV-02", "INV-03", "INV-04")  # the test of a child’s return is among the blocks too


def no_protected_status(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    """Refuse to record a removal as lawful while anything protects; why is not told to who removes."""
    if not removal_blocked(facts):
        return None
    return refuse(
        _("Protected status is in force: this measure may not be carried out"), rule="protected-status",
        source=f"{BLOCKS}; CETS 197 art. 14; Convention relating to the Status of Refugees art. 33",
        unblock=_("The end of the protected status"),
    )  # fmt: skip


def _is_blocked(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    if removal_blocked(facts):
        return None
    return refuse(
        _("Nothing blocks this measure"), rule=LAWFUL, source=LAWFUL, unblock=_("A protected status in force")
    )


def _is_clear(facts: Facts, form: Any) -> Fault | None:
    this = facts.this
    if this is not None and this.state == "challenged" and this.marks.get("suspensive") is True:
        return refuse(
            _("A court has suspended this measure"), rule=LAWFUL, source=LAWFUL,
            unblock=_("The decision of the court"),
        )  # fmt: skip
    return no_protected_status(facts, form)


def _evaluate() -> Iterator[Effect]:
    """Ask for both; only the one that is true is taken."""
    yield TakeStep("removal_measure", "evaluate_block")
    yield TakeStep("removal_measure", "evaluate_clear")


def _notified(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    for role in (Role.LEG, Role.GUA, Role.SUP):
        yield Alert(_("A measure was ordered against the person: act today"), role=role, urgent=True)
    if form.held:
        for role in (Role.LEG, Role.SUP):
            yield Alert(_("The person is held: act now"), role=role, urgent=True)
    yield from _evaluate()


def _checked(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield from _evaluate()


def _blocked(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    held = sorted({fault.rule for fault in removal_blocked(facts) if fault.rule})
    yield SetMarks({"holding": held, "evaluated_on": facts.today.isoformat()})
    yield Alert(
        _("A measure is blocked: tell the authority that protected status is in force, and no more"),
        role=Role.LEG, urgent=True,
    )  # fmt: skip


def _cleared(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield SetMarks({"holding": [], "evaluated_on": facts.today.isoformat()})
    yield Alert(
        _("Nothing blocks a measure now: check at once what it would expose the person to"),
        role=Role.LEG, urgent=True,
    )  # fmt: skip


def _executed(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield Alert(_("The person was taken abroad: offer help on arrival"), role=Role.NGO, urgent=True)


def _breached(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    for role in (Role.AUD, Role.NCR):
        yield Alert(_("A measure was carried out against a block"), role=role, urgent=True)
    yield Alert(_("A measure was carried out against a block: act now"), role=Role.LEG, urgent=True)
    yield Alert(_("The person was taken abroad: offer help on arrival"), role=Role.NGO, urgent=True)


def _in_place(name: str, label: str, by: frozenset[Role], sentence: str, **more: Any) -> tuple[Step, ...]:
    return tuple(Step(name, label, (state,), state, by, BLOCKS, sentence, **more) for state in OPEN)


TRACK = Track(
    slug="removal_measure",
    number="T27",
    label=_("Removal measure"),
    purpose=_("A removal that a State has ordered is blocked, challenged and recorded; none is planned here."),
    family="stay",
    sources="CETS 197 art. 10(2) and 13(1); Directive 2004/81/EC art. 6(2); CJEU C-66/21; OSCE Action Plan V.7.2 "
    "and V.9.1",
    summary=Category.NAT,
    per_case=False,
    states=(
        State("notified", _("Ordered")),
        State("blocked", _("Protected status in force")),
        State("clear", _("No block in force")),
        State("challenged", _("Challenged")),
        State("lifted", _("Lifted"), terminal=True),
        State("executed", _("Carried out"), terminal=True),
        State("executed_in_breach", _("Carried out against a block"), terminal=True),
    ),
    steps=(
        Step(
            "notify", _("Record a removal measure"), (), "notified",
            HERS | {Role.IMM, Role.NGO, Role.SHE, Role.SOC}, LAWFUL,
            _("{who} recorded a removal measure"), forms.NotifyRemoval,
            guards=(not_in_future("ordered_on"),), then=_notified,
            help=_("Those who can stop it are told at once, and every rule that blocks it is looked at."),
        ),
        Step(
            "evaluate_block", _("It is blocked"), ("notified", "clear", "challenged"), "blocked", TIMER,
            BLOCKS, _("{who} found that protected status is in force"), guards=(_is_blocked,),
            invariants=GATES, then=_blocked,
        ),
        Step(
            "evaluate_clear", _("Nothing blocks it"), ("notified", "blocked", "challenged"), "clear", TIMER,
            LAWFUL, _("{who} found that nothing blocks the measure"), guards=(_is_clear,), then=_cleared,
        ),
        *_in_place(
            "check", _("Look at every block again"), TIMER, _("{who} looked at every block again"),
            then=_checked,
        ),
        *_in_place(
            "acknowledge", _("Take it in hand"), frozenset({Role.LEG}),
            _("{who} took the removal measure in hand"), form=forms.AcknowledgeRemoval,
        ),
        Step(
            "challenge", _("Challenge the measure"), ("notified", "blocked", "clear"), "challenged", HERS,
            LAWFUL, _("{who} challenged the removal measure"), forms.ChallengeRemoval,
        ),
        Step(
            "challenge_lost", _("The court lets it stand"), ("challenged",), "notified",
            frozenset({Role.LEG, Role.IMM}), LAWFUL, _("{who} recorded that the court let the measure stand"),
            forms.ChallengeLost, then=_checked,
        ),
        Step(
            "lift", _("The measure is lifted"), OPEN, "lifted", frozenset({Role.IMM, Role.LEG}), LAWFUL,
            _("{who} recorded that the measure is lifted"), forms.LiftRemoval,
        ),
        Step(
            "record_execution", _("Record that it was carried out"), ("clear",), "executed",
            frozenset({Role.IMM}), LAWFUL, _("{who} recorded that the measure was carried out"),
            forms.RecordExecution, guards=(no_protected_status, not_in_future("executed_on")),
            invariants=(*GATES, "INV-21"), then=_executed,
        ),
        Step(
            "record_breach", _("Record that it was carried out against a block"),
            ("blocked", "notified", "challenged"), "executed_in_breach",
            frozenset({Role.LEG, Role.NGO, Role.GUA, Role.SUP}), BLOCKS,
            _("{who} recorded that the measure was carried out against a block"), forms.RecordBreach,
            guards=(not_in_future("executed_on"),), invariants=("INV-21",), then=_breached,
        ),
    ),
    deadlines=(
        Deadline(
            "nightly", _("Every block is looked at again"),
            ("notify", "evaluate_block", "evaluate_clear", "check", "challenge", "challenge_lost"), OPEN,
            BLOCKS, Role.SUP, lasts=national("removal.evaluate_days"), expires="check", alerts=None,
            proposal=True,
        ),
        Deadline(
            "acknowledge", _("The lawyer takes it in hand"), ("notify",), OPEN, LAWFUL, Role.LEG,
            lasts=national("removal.acknowledge_working_hours"), stops=("acknowledge",), proposal=True,
        ),
        Deadline(
            "remedy", _("The time for the remedy will end"), ("notify",), ("notified", "blocked", "clear"),
            LAWFUL, Role.LEG, at="remedy_until", alerts=Role.LEG,
        ),
    ),
    notes=(
        _("The service never orders, plans or schedules a removal; it warns and records."),
        _("Who removes is told that protected status is in force, and not why."),
        _("Every block is looked at as soon as something changes, and every night."),
    ),
)  # fmt: skip
