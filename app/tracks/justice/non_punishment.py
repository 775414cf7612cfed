"""A victim is not punished for what they were made to do: opened by itself, told to the lawyer within the hour."""

from collections.abc import Iterator
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import Alert, Effect, OpenTrack
from app.procedure.facts import Facts
from app.procedure.predicates import is_system
from app.procedure.refusal import refuse
from app.procedure.span import Span
from app.safeguards.words import Category, Role
from app.tracks.grounds import rests_on
from app.tracks.justice import non_punishment_forms as forms
from app.tracks.rules import needed_when, not_in_future

LEG = frozenset({Role.LEG})
DECIDES = frozenset({Role.POL, Role.LEG})
UNPUNISHED = "OSCE Action Plan III.1.8; Vienna Declaration 10; CETS 197 art. 26; Directive 2011/36/EU art. 8"


def no_compulsion_test_for_a_child(facts: Facts, form: Any) -> Fault | None:
    """INV-16: for a child the link is enough; nobody asks whether the child was compelled."""
    if form is None or not facts.is_child or form.compulsion is None:
        return None
    return refuse(
        _("For a child the link is enough: compulsion is not asked"), field="compulsion", rule="INV-16",
        source="CETS 197 art. 4(c) and 26", unblock=_("No answer to this question"),
    )  # fmt: skip


def _an_adult(facts: Facts, form: Any) -> bool:  # noqa: ARG001 -- whether the answer is needed
    return not facts.is_child


def _by_hand(facts: Facts, form: Any) -> bool:  # noqa: ARG001 -- whether the answer is needed
    return not is_system(facts)


def _detected(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Tell the lawyer and the supervisor at once (INV-11); see that there is a lawyer."""
    for role in (Role.LEG, Role.SUP):
        yield Alert(
            _("A victim is suspected of an offence: see that they are not punished"), role=role, urgent=True
        )
        if form.held:
            yield Alert(_("The person is held: act now"), role=role, urgent=True)
    yield OpenTrack("legal_representation", "open", {"matters": ["criminal"]})


def _rejected(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield Alert(_("A remedy is open"), role=Role.LEG, urgent=True)


def _held(facts: Facts) -> Span | None:
    held = facts.this is not None and facts.this.marks.get("held") is True
    return national("non_punishment.detention_hours")(facts) if held else None


TRACK = Track(
    slug="non_punishment",
    number="T21",
    label=_("Non-punishment"),
    purpose=_("Nobody is punished for what they were made to do."),
    family="justice",
    sources="OSCE Action Plan III.1.8; Vienna Declaration 10; OSCE Ministerial Council Decision 8/07, 10; CETS 197 "
    "art. 26; Directive 2011/36/EU art. 8",
    summary=Category.LEG,
    states=(
        State("opened", _("Suspected of an offence")),
        State("assessed", _("Link with exploitation looked at")),
        State("notice_sent", _("Notice sent")),
        State("applied", _("Not punished"), terminal=True),
        State("rejected", _("Notice not followed")),
        State("appeal", _("Under appeal")),
        State("closed", _("Closed"), terminal=True),
    ),
    steps=(
        Step(
            "detect", _("A victim is suspected"), (), "opened",
            frozenset({Role.SYS, Role.LEG, Role.NGO, Role.GUA, Role.POL, Role.SHE}), UNPUNISHED,
            _("{who} recorded that the person is suspected of an offence"), forms.DetectSuspicion,
            guards=(needed_when("authority", _by_hand),), invariants=("INV-11",), then=_detected,
            help=_("It serves to protect the person. Nothing recorded here may be used against them."),
        ),
        Step(
            "lawyer_present", _("A lawyer is with the person"), ("opened",), "opened", LEG, UNPUNISHED,
            _("{who} recorded that a lawyer is with the person"), forms.LawyerPresent,
        ),
        Step(
            "assess", _("Look at the link with exploitation"), ("opened",), "assessed",
            frozenset({Role.LEG, Role.NGO, Role.CAU}), UNPUNISHED,
            _("{who} looked at the link with exploitation"), forms.AssessCompulsion,
            guards=(no_compulsion_test_for_a_child, needed_when("compulsion", _an_adult)), invariants=("INV-16",),
        ),
        Step(
            "notify", _("Send the notice"), ("assessed",), "notice_sent", LEG, UNPUNISHED,
            _("{who} sent the notice on non-punishment"), forms.SendNotice,
            guards=(rests_on("non_punishment"), not_in_future("sent_on")), invariants=("INV-17",),
        ),
        Step(
            "no_link", _("There is no link"), ("assessed",), "closed", LEG | {Role.SUP}, UNPUNISHED,
            _("{who} found no link with exploitation"), forms.NoLink, invariants=("INV-20",),
            apart_from=("assess",),
        ),
        Step(
            "accept", _("The person is not punished"), ("notice_sent",), "applied", DECIDES, UNPUNISHED,
            _("{who} recorded that the person is not punished"), forms.NotPunished,
        ),
        Step(
            "reject", _("The notice is not followed"), ("notice_sent",), "rejected", DECIDES, UNPUNISHED,
            _("{who} recorded that the notice was not followed"), forms.NoticeRejected, then=_rejected,
        ),
        Step(
            "appeal", _("Appeal"), ("rejected",), "appeal", LEG | {Role.GUA}, UNPUNISHED,
            _("{who} recorded the appeal"), forms.AppealPunishment, guards=(not_in_future("filed_on"),),
        ),
        Step(
            "win", _("The appeal succeeds"), ("appeal",), "applied", LEG, UNPUNISHED,
            _("{who} recorded that the appeal succeeded"), forms.WonAppeal,
        ),
        Step(
            "end", _("Nothing more can be done"), ("appeal", "rejected"), "closed", LEG, UNPUNISHED,
            _("{who} recorded that nothing more can be done"),
        ),
    ),
    deadlines=(
        Deadline(
            "detention", _("A lawyer is with the person who is held"), ("detect",), ("opened",), UNPUNISHED,
            Role.LEG, lasts=_held, stops=("lawyer_present",), proposal=True,
        ),
        Deadline(
            "notice", _("The notice is sent"), ("detect",), ("opened", "assessed"), UNPUNISHED, Role.LEG,
            lasts=national("non_punishment.notice_working_days"), proposal=True,
        ),
    ),
    notes=(
        _("Whatever the outcome, help and identification stay as they are."),
        _("For a child nobody asks about compulsion."),
        _("Nothing here is given out to prosecute the person."),
    ),
)  # fmt: skip
