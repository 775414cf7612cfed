"""Shelter placement: a safe place for whoever needs one, asked for by needs, left at will."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import (
    Alert,
    Effect,
    FreePlace,
    HoldPlace,
    JoinTeam,
    LeaveTeam,
    OccupyPlace,
    OpenTrack,
    TakeStep,
)
from app.procedure.facts import Facts
from app.procedure.refusal import refuse
from app.procedure.span import Span
from app.safeguards.words import Relation, Role
from app.tracks.rules import not_in_future
from app.tracks.support.shelter_forms import (
    AskTransfer,
    Back,
    ClosePlace,
    DeclareMissing,
    DeclineOffer,
    LeaveShelter,
    NoPlace,
    NotBack,
    OfferPlace,
    PlacePerson,
    ProtectiveMeasure,
    RequestPlace,
    TransferPerson,
)

SHELTER = "OSCE Action Plan V.4.1 to V.4.3; CETS 197 art. 12(1)a"
UNCONDITIONAL = "OSCE Action Plan V.4.2; CETS 197 art. 12(6); Directive 2011/36/EU art. 11(3)"
FREE_TO_GO = "OSCE Action Plan IV.5.2; Protocol 4 to the ECHR art. 2"
STAFF = frozenset({Role.SHE})
TIMER = frozenset({Role.SYS})
LIVES = ("placed", "transfer_requested")
CHECKLIST = ("rights_information", "advice_offered", "medical_checked", "reflection_offered")


def no_child_among_strangers(facts: Facts, form: Any) -> Fault | None:
    """Keep a child from living among strangers before its best interests were assessed (OSCE Addendum 8)."""
    if form is None or not facts.is_child or form.housed_with != "adults" or form.best_interests_on:
        return None
    return refuse(
        _("A child lives with adults who are not family only after its best interests were assessed"),
        field="best_interests_on", rule="shelter.child", source="OSCE Addendum 8; CETS 197 art. 12(7)",
        unblock=_("The day of the best interests assessment, or another place"),
    )  # fmt: skip


PLACE_ASKED = _("A place is asked for")


def agrees_to_stay(facts: Facts, form: Any) -> Fault | None:
    """Lodge an adult only where she agrees to be; a child is lodged at once (INV-26)."""
    if form is None or facts.is_child or form.consent == "yes":
        return None
    return refuse(
        _("The person does not agree to stay here: record that the offer was declined"), field="consent",
        rule="INV-19", source=FREE_TO_GO, unblock=_("The person’s consent, or another offer"),
    )  # fmt: skip


def _asked(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001 -- the signature of a consequence
    for organisation in form.shelters_asked:
        yield JoinTeam(Relation.SHELTER_ASKED, Role.SHE, organisation)
        yield Alert(PLACE_ASKED, Role.SHE, organisation, urgent=True)


def _none_free(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield Alert(_("No place is free: ask other shelters"), urgent=True)
    yield Alert(_("One more request for a place is waiting"), Role.NCR)


def _offered(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield HoldPlace(form.place_id)
    yield Alert(_("A place is offered"))


def _placed(facts: Facts, form: Any) -> Iterator[Effect]:
    held = facts.this.marks.get("place_id") if facts.this else None
    if held:
        yield OccupyPlace(UUID(str(held)))
    yield JoinTeam(Relation.SHELTER, Role.SHE)
    yield LeaveTeam(Relation.SHELTER_ASKED)
    if any(getattr(form, name) == "no" for name in CHECKLIST):
        yield Alert(_("Something of the list on arrival is still open"))


def _transferred(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield FreePlace()
    yield OccupyPlace(form.place_id)  # before the old house leaves: it may be the same one, which writes this
    yield LeaveTeam(Relation.SHELTER)
    yield JoinTeam(Relation.SHELTER, Role.SHE)
    yield LeaveTeam(Relation.SHELTER_ASKED)


def _given_back(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield FreePlace()
    yield LeaveTeam(Relation.SHELTER)
    yield LeaveTeam(Relation.SHELTER_ASKED)


def _absent(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield Alert(_("Somebody did not come back as agreed"), urgent=facts.is_child)


def _missing(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield OpenTrack("missing_person", "report")
    yield Alert(_("Somebody is missing"), urgent=True)
    yield Alert(_("Somebody is missing"), Role.SUP, urgent=True)


def _found(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    anew = {"kind": "trigger", "trigger": "missing"}
    yield TakeStep("inra", "replace", anew)  # where an approved assessment stands
    yield OpenTrack("inra", "plan", anew)  # where none is in progress


def _emergency(facts: Facts) -> Span | None:
    pressing = facts.this is not None and facts.this.marks.get("urgency") in ("immediate", "today")
    return national("shelter.emergency_hours")(facts) if pressing or facts.is_child else None


def _child_missing(facts: Facts) -> Span | None:
    return national("shelter.child_missing_hours")(facts) if facts.is_child else None


def _adult_check(facts: Facts) -> Span | None:
    return None if facts.is_child else national("shelter.adult_check_hours")(facts)


FINDING = (
    Step(
        "request", _("Ask for a shelter place"), (), "requested",
        frozenset({Role.NGO, Role.SOC, Role.HOT, Role.GUA, Role.POL, Role.LAB, Role.HEA, Role.VIC}),
        UNCONDITIONAL, _("{who} asked for a shelter place"), RequestPlace, invariants=("INV-01",),
        then=_asked,
    ),
    Step(
        "offer", _("Offer a place"), ("requested", "waiting"), "offered",
        frozenset({Role.SHE, Role.NGO, Role.SOC}), UNCONDITIONAL, _("{who} offered a place"), OfferPlace,
        guards=(no_child_among_strangers,), invariants=("INV-01", "INV-12"), then=_offered,
    ),
    Step(
        "no_place", _("Say that there is no place now"), ("requested",), "waiting", STAFF | TIMER, SHELTER,
        _("{who} said that there is no place now"), NoPlace, then=_none_free,
    ),
    Step(
        "place", _("Record the arrival"), ("offered",), "placed", STAFF, SHELTER,
        _("{who} recorded the arrival in a shelter"), PlacePerson, guards=(agrees_to_stay,),
        invariants=("INV-12", "INV-26"), then=_placed,
    ),
    Step(
        "decline", _("Decline the offer"), ("offered",), "declined",
        frozenset({Role.VIC, Role.GUA, Role.NGO, Role.SOC, Role.SHE}), UNCONDITIONAL,
        _("{who} recorded that the place was declined"), DeclineOffer, then=_given_back,
    ),
)  # fmt: skip

STAYING = (
    Step(
        "ask_transfer", _("Ask for another place"), ("placed",), "transfer_requested",
        frozenset({Role.VIC, Role.GUA, Role.SHE, Role.NGO, Role.SOC}), SHELTER,
        _("{who} asked for another place"), AskTransfer, then=_asked,
    ),
    Step(
        "transfer", _("Record the move"), ("transfer_requested",), "placed", STAFF, SHELTER,
        _("{who} recorded the move to another place"), TransferPerson, invariants=("INV-12",),
        then=_transferred,
    ),
    Step(
        "record_measure", _("Record a protective measure for a child"), ("placed",), "placed",
        frozenset({Role.SOC}), FREE_TO_GO, _("{who} recorded a protective measure for a child"), ProtectiveMeasure,
        guards=(not_in_future("decided_on"),), invariants=("INV-19",),
        help=_("Only child protection decides one, for a time. An adult is free to go."),
    ),
    Step(
        "leave", _("Leave the shelter"), ("placed",), "exited", frozenset({Role.VIC, Role.GUA, Role.SHE}),
        FREE_TO_GO, _("{who} recorded the departure"), LeaveShelter, invariants=("INV-19", "INV-01"),
        then=_given_back,
    ),
    Step(
        "leave", _("Leave the shelter"), ("transfer_requested",), "exited", frozenset({Role.VIC, Role.SHE}),
        FREE_TO_GO, _("{who} recorded the departure"), LeaveShelter, invariants=("INV-19", "INV-01"),
        then=_given_back,
    ),
)  # fmt: skip

AWAY = (
    Step(
        "not_back", _("Record an absence"), LIVES, "absent", STAFF, SHELTER,
        _("{who} recorded an absence"), NotBack, then=_absent,
    ),
    Step("back", _("Record the return"), ("absent",), "placed", STAFF, SHELTER,
         _("{who} recorded the return"), Back),
    Step(
        "declare_missing", _("Say that the person is missing"), ("absent",), "missing",
        frozenset({Role.SHE, Role.SYS, Role.SOC, Role.GUA}), "OSCE Addendum 8; CETS 197 art. 12(2)",
        _("{who} said that the person is missing"), DeclareMissing, then=_missing,
    ),
    Step(
        "found_back", _("Record that the person is back"), ("missing",), "placed", STAFF, SHELTER,
        _("{who} recorded that the person is back"), Back, then=_found,
    ),
    Step(
        "close_place", _("Give the place back"), ("missing", "absent"), "exited",
        frozenset({Role.SHE, Role.SUP}), SHELTER, _("{who} gave the place back"), ClosePlace,
        invariants=("INV-01",), then=_given_back,
    ),
)  # fmt: skip

TRACK = Track(
    slug="shelter_placement",
    number="T07",
    label=_("Shelter placement"),
    purpose=_("Whoever needs a safe place has one, asked for by needs, left at will, and known to few."),
    family="support",
    sources="OSCE Action Plan V.4.1 to V.4.4; OSCE Addendum 8; CETS 197 art. 12(1)a",
    states=(
        State("requested", _("Asked for")),
        State("offered", _("Offered")),
        State("waiting", _("Waiting for a place")),
        State("declined", _("Declined by the person"), terminal=True),
        State("placed", _("Housed")),
        State("transfer_requested", _("Housed, another place asked for")),
        State("absent", _("Absent")),
        State("missing", _("Missing")),
        State("exited", _("Left"), terminal=True),
    ),
    steps=FINDING + STAYING + AWAY,
    deadlines=(
        Deadline(
            "emergency", _("A place for the night"), ("request",), ("requested", "waiting", "offered"),
            SHELTER, Role.SHE, _emergency, proposal=True,
        ),
        Deadline(
            "child_missing", _("An absent child counts as missing"), ("not_back",), ("absent",),
            "OSCE Addendum 8", Role.SHE, _child_missing, expires="declare_missing", proposal=True,
        ),
        Deadline(
            "adult_check", _("Look after an absent adult"), ("not_back",), ("absent",), SHELTER, Role.SHE,
            _adult_check, proposal=True,
        ),
        Deadline(
            "review", _("Review of the placement"), ("place", "transfer", "back", "found_back"), LIVES,
            SHELTER, Role.SHE, national("shelter.review_days"), proposal=True,
        ),
        Deadline(
            "measure", _("A protective measure is looked at again"), ("record_measure",), LIVES, FREE_TO_GO, Role.SOC,
            at="measure_review_on",
        ),
    ),
    notes=(
        _("A place is for everybody who needs one, whatever they say to the police."),
        _("An adult leaves whenever they wish; nobody’s approval is asked."),
        _("A house that ends a stay for safety has offered another place."),
        _("The address is known to the house, the lead worker, the guardian of a child and the person."),
    ),
)  # fmt: skip
