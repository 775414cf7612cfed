"""A lawyer, a union or an organisation that acts for the person: offered early, free, and of their own choice."""

from collections.abc import Iterator
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import Alert, Effect, JoinTeam, LeaveTeam
from app.procedure.facts import Facts
from app.procedure.predicates import adults_only
from app.safeguards.words import Category, Relation, Role
from app.tracks.justice import representation_forms as forms

HERS = frozenset({Role.VIC, Role.GUA, Role.LEG})
ADVICE = "OSCE Action Plan III.4.5 and V.6.1; CETS 197 art. 15(1) and 15(2); Directive 2011/36/EU art. 12"


def _somebody(facts: Facts, form: Any) -> Fault | None:
    if form is None or form.representative_user or form.name or facts.actor.role is Role.LEG:
        return None
    return Fault(_("Say who acts for the person"), "representative_user")


def _needed(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield Alert(_("A lawyer is needed: offer one"), role=Role.NGO)


def _appointed(facts: Facts, form: Any) -> Iterator[Effect]:
    """Give access to whoever acts, and to nobody else of their office."""
    if form.representative_user is not None:
        yield JoinTeam(Relation.MANDATE, user_id=form.representative_user)
    elif facts.actor.role is Role.LEG and form.name is None:
        yield JoinTeam(Relation.MANDATE, user_id="actor")


def _left(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield LeaveTeam(Relation.MANDATE)
    yield Alert(
        _("A mandate has ended: see who acts now, and which last days run"), role=Role.NGO, urgent=True
    )


TRACK = Track(
    slug="legal_representation",
    number="T19",
    label=_("Legal representation"),
    purpose=_("Somebody acts for the person early, free of charge, and of their own choice."),
    family="justice",
    sources="OSCE Action Plan III.4.5 and V.6.1; OSCE Ministerial Council Decision 8/07, 1 and 6; OSCE Addendum 6; "
    "CETS 197 art. 15; Directive 2011/36/EU art. 12",
    summary=Category.LEG,
    states=(
        State("needed", _("A lawyer is needed")),
        State("offered", _("A lawyer was offered")),
        State("declined", _("A lawyer is not wanted")),
        State("appointed", _("A lawyer acts")),
        State("ended", _("Ended"), terminal=True),
    ),
    steps=(
        Step(
            "open", _("A lawyer is needed"), (), "needed",
            frozenset({Role.SYS, Role.NGO, Role.SOC, Role.GUA, Role.POL}), ADVICE,
            _("{who} recorded that a lawyer is needed"), forms.RepresentationNeeded, then=_needed,
        ),
        Step(
            "offer", _("Offer a lawyer"), ("needed", "declined"), "offered",
            frozenset({Role.NGO, Role.SOC, Role.LEG, Role.GUA, Role.CAU}), ADVICE,
            _("{who} offered a lawyer"), forms.OfferRepresentation, invariants=("INV-01",),
            help=_("It is offered to everybody, whatever they say to the police."),
        ),
        Step(
            "decline", _("The person does not want a lawyer"), ("offered",), "declined", frozenset({Role.VIC}),
            ADVICE, _("{who} recorded that the person does not want a lawyer"), guards=(adults_only,),
            invariants=("INV-16",), help=_("It is offered again before each important decision."),
        ),
        Step(
            "appoint", _("Record the mandate"), ("offered",), "appointed", HERS, ADVICE,
            _("{who} recorded who acts for the person"), forms.AppointRepresentative, guards=(_somebody,),
            then=_appointed,
        ),
        Step(
            "replace", _("Look for somebody else"), ("appointed",), "offered", HERS, ADVICE,
            _("{who} recorded that somebody else is to act"), forms.ReplaceRepresentative, then=_left,
        ),
        Step(
            "end", _("The mandate ends"), ("appointed",), "ended", HERS, ADVICE,
            _("{who} recorded the end of the mandate"), forms.EndRepresentation, then=_left,
        ),
    ),
    deadlines=(
        Deadline(
            "offer", _("A lawyer is offered"), ("open",), ("needed",), ADVICE, Role.NGO,
            lasts=national("representation.offer_working_days"), proposal=True,
        ),
    ),
    notes=(
        _("Nobody acts both for a victim and for a suspect."),
        _("The access of a lawyer ends with the mandate."),
        _("A lawyer is offered before the choice about proceedings, and before any remedy lapses."),
    ),
)  # fmt: skip
