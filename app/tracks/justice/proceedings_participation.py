"""Whether somebody takes part in criminal proceedings: chosen freely, after advice, and taken back at any time."""

from collections.abc import Iterator
from typing import Any

from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import Alert, CallIn, Effect, LeaveTeam, OpenTrack, SetMarks, TakeStep
from app.procedure.facts import Facts
from app.procedure.predicates_stay import AS_A_SUSPECT
from app.safeguards.words import Category, Relation, Role
from app.tracks.justice import participation_forms as forms
from app.tracks.needs_again import needs_again
from app.tracks.rules import for_a_child, needed_when, not_in_future

POL = frozenset({Role.POL})
HERS = frozenset({Role.VIC, Role.GUA, Role.LEG})
PROSECUTING = frozenset({Role.POL, Role.LEG})
CHOICE = "OSCE Action Plan III.2.7 and III.4.5; CETS 197 art. 12(6)"
HEARD = "OSCE Action Plan III.4.4 to III.4.6; CETS 197 art. 30; OSCE Addendum 7"
UNTIL_TRIAL = ("undecided", "advised", "will_cooperate", "will_not_cooperate", "statement_given", "trial")
GUARDIAN_HEARD = needed_when("guardian_heard", for_a_child)


def _protection_looked_at() -> Iterator[Effect]:
    """Look at threats within two days: for the first time, or again."""
    yield TakeStep("witness_protection", "look_again")
    yield OpenTrack("witness_protection", "open")


def _chose_yes(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Only now do the police come onto the case, for these proceedings and for as long as she takes part."""
    yield CallIn(Role.POL, Relation.ASSIGNED)
    yield from _protection_looked_at()
    yield Alert(_("See whether a permit can be asked for"), role=Role.LEG)


def _personal_ground(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Nothing changes but this: somebody sees to a permit on the personal situation (INV-01)."""
    yield Alert(_("See whether a permit on the personal situation can be asked for"), role=Role.LEG)


def _stopped(facts: Facts, form: Any) -> Iterator[Effect]:
    yield LeaveTeam(Relation.ASSIGNED, role=Role.POL)
    yield from _personal_ground(facts, form)


def recorded_as_suspect(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """INV-11: whoever is heard as a suspect is defended as a victim from that moment (CETS 197 art. 26)."""
    if form.capacity in AS_A_SUSPECT:
        yield OpenTrack(
            "non_punishment", "detect", {"kind": "criminal", "offences": ["unknown"], "held": False}
        )


def _interviewed(facts: Facts, form: Any) -> Iterator[Effect]:
    count = int(facts.this.marks.get("interviews", 0)) + 1 if facts.this else 1
    yield SetMarks({"interviews": count})
    yield from recorded_as_suspect(facts, form)
    if facts.is_child and count > facts.profile.number("proceedings.child_interviews"):
        for role in (Role.GUA, Role.SUP):
            yield Alert(
                _("A child was interviewed more often than is good: stop and ask why"), role=role, urgent=True
            )


def _hearing_fixed(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield from _protection_looked_at()
    yield from needs_again("hearing")
    yield Alert(_("Look again at whether the house is safe"), role=Role.SHE)


def _released(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield from _protection_looked_at()
    yield from needs_again("suspect_released")
    yield Alert(_("Look again at whether the house is safe"), role=Role.SHE, urgent=True)
    yield Alert(_("Somebody dangerous may be free: look at safety today"), role=Role.NGO, urgent=True)


def _ended(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield LeaveTeam(Relation.ASSIGNED, role=Role.POL)
    yield Alert(_("Proceedings have ended: help goes on"), role=Role.NGO)
    yield from needs_again("decision")
    if getattr(form, "compensation_ordered", False):
        yield Alert(_("Compensation was ordered: see that it is paid"), role=Role.LEG, urgent=True)


def _again(state: str) -> Step:
    return Step(
        "further_statement", _("Record a further interview"), (state,), state, POL, HEARD,
        _("{who} recorded a further interview"), forms.Statement,
        guards=(GUARDIAN_HEARD, not_in_future("held_on")), invariants=("INV-07", "INV-10"),
        then=_interviewed, help=_("Use what was recorded before; ask only what is still needed."),
    )  # fmt: skip


def _freed(state: str) -> Step:
    return Step(
        "suspect_released", _("A suspect is free"), (state,), state, PROSECUTING, "CETS 197 art. 28(1)",
        _("{who} recorded that a suspect is free"), forms.SuspectReleased, then=_released,
    )  # fmt: skip


TRACK = Track(
    slug="proceedings_participation",
    number="T16",
    label=_("Criminal proceedings: the person’s choice"),
    purpose=_("Whether to take part in criminal proceedings is chosen freely, after advice, and can be taken back."),
    family="justice",
    sources="OSCE Action Plan III.2.7, III.4.4 to III.4.6 and V.8.1; OSCE Addendum 7; CETS 197 art. 12(6) and 30",
    summary=Category.LEG,
    seen_by=frozenset({Role.NGO, Role.SOC, Role.LEG, Role.GUA, Role.VIC, Role.POL}),
    states=(
        State("undecided", _("Not decided")),
        State("advised", _("Informed and advised")),
        State("will_cooperate", _("Takes part")),
        State("will_not_cooperate", _("Does not take part")),
        State("statement_given", _("Statement made")),
        State("trial", _("Trial")),
        State("concluded", _("Proceedings ended"), terminal=True),
    ),
    steps=(
        Step(
            "open", _("Open the question of proceedings"), (), "undecided", frozenset({Role.SYS}), CHOICE,
            _("{who} opened the question of proceedings"),
        ),
        Step(
            "advise", _("Record that advice was offered"), ("undecided", "will_not_cooperate"), "advised",
            frozenset({Role.LEG, Role.NGO, Role.GUA}), CHOICE, _("{who} recorded that legal advice was offered"),
            forms.Advise, guards=(not_in_future("offered_on"),),
        ),
        Step(
            "choose_yes", _("The person will take part"), ("advised",), "will_cooperate", HERS, CHOICE,
            _("{who} recorded that the person will take part"), forms.ChooseYes, guards=(GUARDIAN_HEARD,),
            invariants=("INV-10", "INV-07"), then=_chose_yes, help=_("It can be taken back at any time."),
        ),
        Step(
            "choose_no", _("The person will not take part"), ("advised",), "will_not_cooperate", HERS, CHOICE,
            _("{who} recorded that the person will not take part"), invariants=("INV-10",),
            then=_personal_ground, help=_("No reason is asked. Nothing else changes."),
        ),
        Step(
            "statement", _("Record the first interview"), ("will_cooperate",), "statement_given", POL, HEARD,
            _("{who} recorded an interview"), forms.Statement,
            guards=(GUARDIAN_HEARD, not_in_future("held_on")), invariants=("INV-07", "INV-10"),
            then=_interviewed,
        ),
        Step(
            "stop", _("The person stops taking part"), ("will_cooperate", "statement_given", "trial"),
            "will_not_cooperate", HERS, CHOICE, _("{who} recorded that the person stops taking part"),
            invariants=("INV-10",), then=_stopped,
            help=_("No reason is asked. Help, shelter and the reflection period stay as they are."),
        ),
        Step(
            "indictment", _("Record the indictment"), ("statement_given",), "trial", PROSECUTING, HEARD,
            _("{who} recorded the indictment"), forms.Indictment, then=_hearing_fixed,
        ),
        Step(
            "fix_hearing", _("Record a hearing"), ("trial",), "trial", PROSECUTING, HEARD,
            _("{who} recorded a hearing"), forms.FixHearing, then=_hearing_fixed,
        ),
        *map(_again, ("statement_given", "trial")),
        *map(_freed, UNTIL_TRIAL),
        Step(
            "end", _("The proceedings have ended"), ("will_cooperate", "statement_given", "trial"),
            "concluded", PROSECUTING, "Directive 2011/36/EU art. 11(1)",
            _("{who} recorded the end of the proceedings"), forms.EndProceedings, then=_ended,
        ),
        Step(
            "end_without", _("The proceedings have ended without the person"),
            ("will_not_cooperate", "advised", "undecided"), "concluded", frozenset({Role.POL, Role.SYS}),
            "Directive 2011/36/EU art. 11(1)", _("{who} recorded that the proceedings have ended"), then=_ended,
        ),
    ),
    deadlines=(
        Deadline(
            "services", _("Look at what help is still needed after the proceedings"), ("end", "end_without"),
            ("concluded",), "Directive 2011/36/EU art. 11(1)", Role.NGO,
            lasts=national("proceedings.services_months"), reminder=True, alerts=Role.NGO, proposal=True,
        ),
    ),
    notes=(
        _("Legal advice is offered before the choice, and before the first statement."),
        _("Who does not take part, or no longer, loses nothing."),
        _("No rule of help reads what was chosen here."),
    ),
)  # fmt: skip
