"""Durable solution: return, local integration or a third country; return only where all four findings are yes."""

from collections.abc import Iterator
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import Alert, CallIn, Effect, OpenTrack, SetMarks
from app.procedure.facts import Facts
from app.procedure.predicates_child import (
    CHILD_RETURN,
    FINDINGS,
    INTEGRATION,
    RESETTLEMENT,
    RETURN,
    SOLUTION_LAW,
    determination,
    is_determined,
)
from app.procedure.refusal import refuse
from app.safeguards.words import Category, Relation, Role
from app.tracks.child import solution_forms as forms
from app.tracks.removal_again import removal_blocked_now
from app.tracks.rules import needed_when

WORKERS = frozenset({Role.SOC, Role.NGO})
PANEL = frozenset({Role.BIP})
SEEKING = ("assessing", "proposed", "decided", "implementing")
UNDECIDED = ("assessing", "proposed")
SOLUTION = "OSCE Addendum 9; Directive 2011/36/EU art. 16"
NOT_KNOWN = dict.fromkeys(FINDINGS, "unknown")


def _each_yes_is_shown(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    if form is None:
        return None
    shown = {each.aspect for each in form.evidence}
    missing = [name for name in FINDINGS if getattr(form, name) == "yes" and name not in shown]
    if not missing:
        return None
    return refuse(
        _("A yes needs something that shows it"), field=missing[0], rule="INV-06", source=CHILD_RETURN,
        unblock=_("Evidence for this finding; otherwise “not sure”, which counts as no"),
    )  # fmt: skip


def _somebody_receives(facts: Facts, form: Any) -> bool:  # noqa: ARG001 -- whether the answer is needed
    return bool(form.receiver != "nobody")


def _determined_so(facts: Facts, form: Any) -> Fault | None:
    if form is None or is_determined(facts, form.option):
        return None
    return refuse(
        _("The determination of best interests does not say so, or it was reopened"), field="option",
        rule="INV-18", source=SOLUTION_LAW, unblock=_("A determination that decides for this solution"),
    )  # fmt: skip


def _settled_here(facts: Facts, form: Any) -> Fault | None:
    option = facts.this.marks.get("option") if facts.this else None
    if form is None or option != INTEGRATION or set(form.integration) >= forms.STAYS.keys():
        return None
    return refuse(
        _("Local integration needs a right to stay, school, a guardian until 18 and help afterwards"),
        field="integration", rule=SOLUTION, source=SOLUTION, unblock=_("All four, each settled"),
    )  # fmt: skip


def _followed_up(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    option = facts.this.marks.get("option") if facts.this else None
    if option != RETURN or facts.in_state("post_return_monitoring", "concluded"):
        return None
    return refuse(
        _("After a return the solution holds only when the follow-up is concluded"), rule=CHILD_RETURN,
        source="OSCE Addendum 10", unblock=_("The end of the follow-up"),
    )  # fmt: skip


def _proposed(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001 -- the signature of a consequence
    yield CallIn(Role.BIP, Relation.ASSIGNED)
    if determination(facts) is None:
        yield Alert(
            _("A durable solution is proposed: a determination of best interests is needed"), role=Role.SOC
        )


def _decided(facts: Facts, form: Any) -> Iterator[Effect]:
    held = determination(facts)
    if held is not None:
        yield SetMarks({"determination": str(held.id)})
    if form.option == RETURN:
        yield OpenTrack("voluntary_return", "open")
        yield Alert(
            _("Return is decided for a child: counselling, safety and follow-up come before any journey")
        )
    elif form.option == INTEGRATION:
        yield Alert(
            _("Local integration is decided for a child: see to a right to stay that lasts"), role=Role.LEG
        )
    elif form.option == RESETTLEMENT:
        yield Alert(
            _("A third country is decided for a child: prepare the transnational referral"), role=Role.SOC
        )


def _anew(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Forget what was found: a return needs each finding anew, and stands still until then."""
    yield SetMarks({**NOT_KNOWN, "receiver": "nobody"})
    yield Alert(_("A durable solution is sought anew: what rested on it stands still"), urgent=True)
    yield from removal_blocked_now()


def _found(facts: Facts, form: Any) -> Iterator[Effect]:
    running = facts.in_state("voluntary_return", "approved", "preparation")
    if running and any(getattr(form, name) != "yes" for name in FINDINGS):
        yield Alert(
            _("A finding about a place of return is no longer yes: the return stands still"), urgent=True
        )
    yield from removal_blocked_now()


def _find(state: str) -> Step:
    return Step(
        "find_reception", _("Record what was found about the place of return"), (state,), state,
        WORKERS | {Role.GUA}, CHILD_RETURN, _("{who} recorded what was found about the place of return"),
        forms.FindReception,
        guards=(_each_yes_is_shown, needed_when("receiver_name", _somebody_receives)), then=_found,
    )  # fmt: skip


TRACK = Track(
    slug="durable_solution",
    number="C5",
    label=_("Durable solution"),
    purpose=_("A lasting solution for the child: return, staying or a third country; return only on four proofs."),
    family="child",
    sources="OSCE Addendum 9 and 10; Directive 2011/36/EU art. 14 and 16; CETS 197 art. 16(7)",
    summary=Category.CHI,
    states=(
        State("assessing", _("Being looked for")),
        State("proposed", _("Proposed")),
        State("decided", _("Decided")),
        State("implementing", _("Being carried out")),
        State("achieved", _("Achieved"), terminal=True),
        State("failed", _("Failed")),
    ),
    steps=(
        Step(
            "open", _("Look for a durable solution"), (), "assessing", frozenset({Role.SYS, Role.SOC}), SOLUTION,
            _("{who} began to look for a durable solution"), forms.OpenSolution, invariants=("INV-26",),
        ),
        Step(
            "note_determination", _("A determination has begun"), ("assessing",), "assessing",
            frozenset({Role.SYS}), SOLUTION, _("{who} noted that a determination of best interests has begun"),
        ),
        *map(_find, SEEKING),
        Step(
            "propose", _("Propose a durable solution"), ("assessing", "failed"), "proposed", WORKERS | {Role.GUA},
            SOLUTION, _("{who} proposed a durable solution"), forms.ProposeSolution,
            invariants=("INV-18", "INV-07"), then=_proposed,
        ),
        Step(
            "decide", _("Decide on the durable solution"), ("proposed",), "decided", PANEL, SOLUTION,
            _("{who} decided on the durable solution"), forms.DecideSolution, guards=(_determined_so,),
            invariants=("INV-18", "INV-06"), then=_decided,
            help=_("Return only where safety, protection, rehabilitation and reintegration are each found."),
        ),
        Step(
            "send_back", _("Send it back"), ("proposed",), "assessing", PANEL | {Role.GUA}, SOLUTION,
            _("{who} sent the proposal back"), forms.SendBack,
        ),
        Step(
            "start", _("Begin to carry it out"), ("decided",), "implementing", frozenset({Role.SOC}), SOLUTION,
            _("{who} began to carry out the durable solution"), forms.StartSolution, guards=(_settled_here,),
            invariants=("INV-07",),
        ),
        Step(
            "reopen", _("Look for a solution anew"), ("decided", "implementing"), "assessing",
            frozenset({Role.SYS, Role.GUA, Role.SOC}), SOLUTION, _("{who} began to look for a solution anew"),
            forms.ReopenSolution, then=_anew,
        ),
        Step(
            "achieve", _("The solution is achieved"), ("implementing",), "achieved",
            frozenset({Role.SOC, Role.SUP}), SOLUTION, _("{who} recorded that the durable solution is achieved"),
            forms.AchieveSolution, guards=(_followed_up,), invariants=("INV-20",), apart_from=("start",),
        ),
        Step(
            "fail", _("The solution does not hold"), ("implementing",), "failed",
            frozenset({Role.SOC, Role.GUA}), SOLUTION, _("{who} recorded that the solution does not hold"),
            forms.FailSolution, then=_anew,
        ),
    ),
    deadlines=(
        Deadline(
            "begin", _("Determination of best interests begun"), ("open",), ("assessing",), SOLUTION, Role.SOC,
            lasts=national("bid.start_days"), stops=("note_determination",), proposal=True,
        ),
        Deadline(
            "review", _("Review of an undecided case"), ("open", "propose", "send_back", "reopen"), UNDECIDED,
            SOLUTION, Role.SOC, lasts=national("solution.review_days"), proposal=True,
        ),
    ),
    notes=(
        _("Return is decided only on four findings of the workers, with evidence, and four of the panel itself."),
        _("Not known counts as no; what is found later to be no stops the return at once."),
        _("Local integration means a right to stay, school, a guardian until 18 and help afterwards."),
        _("A third country includes reunion with the family there."),
    ),
)  # fmt: skip
