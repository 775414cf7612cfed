"""What follows from a step, done to the case in memory."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from app.kit.errors import Fault
from app.procedure import effects as fx
from app.procedure.available import refusals
from app.procedure.facts import ActorFacts, ConsentFacts
from app.procedure.predicates_stay import protected
from app.safeguards.words import Relation, Role
from app.tracks import TRACKS
from tests.walks.made_case import DESKS, TIMER, MadeCase, Rejected
from tests.walks.made_world import Somebody

MAY_BE = {
    Relation.GUARDIAN: (Role.GUA, Role.SOC, Role.NGO, Role.LEG),
    Relation.MANDATE: (Role.LEG,),
    Relation.LEAD: DESKS,
}


def _open(case: MadeCase, who: ActorFacts, track_id: UUID, effect: fx.OpenTrack) -> None:
    track = TRACKS[effect.slug]
    ends = {state.name for state in track.states if state.terminal}
    if track.per_case and any(each.state not in ends for each in case.of_kind(effect.slug)):
        return
    step = track.step(effect.step)
    case.take(TIMER, effect.slug, None, step, step.form.model_validate(effect.values))


def _take_too(case: MadeCase, who: ActorFacts, track_id: UUID, effect: fx.TakeStep) -> None:
    for each in case.of_kind(effect.slug):
        declared = TRACKS[effect.slug]
        fitting = [
            s for s in declared.steps if s.name == effect.step and case.tracks[each.id].state in s.from_
        ]
        if not fitting:
            continue
        form = fitting[0].form.model_validate(effect.values)
        if not refusals(declared, fitting[0], case.facts(TIMER, each.id), form):
            case.take(TIMER, effect.slug, each.id, fitting[0], form)


def _fitting(case: MadeCase, user_id: UUID, relation: Relation) -> Somebody:
    user = case.world.of(user_id)
    if relation in MAY_BE and user.role not in MAY_BE[relation]:
        raise Rejected(Fault("another", rule="part-in-case", source="CETS 197"))
    return user


def _join(case: MadeCase, who: ActorFacts, track_id: UUID, effect: fx.JoinTeam) -> None:
    user_id = who.user_id if effect.user_id == "actor" else effect.user_id
    if user_id is not None:
        user = _fitting(case, UUID(str(user_id)), effect.relation)
        case.grant(effect.relation, user.role, user.organisation_id, user.id, effect.until)
        return
    organisation = effect.organisation_id or who.organisation_id
    if organisation is None:
        return
    held = {each.role for each in case.world.people if each.organisation_id == organisation}
    for role in [effect.role] if effect.role else [each for each in DESKS if each in held]:
        case.grant(effect.relation, role, organisation, None, effect.until)


def _call_in(case: MadeCase, who: ActorFacts, track_id: UUID, effect: fx.CallIn) -> None:
    if effect.role is Role.CON and protected(case.facts(who, track_id)):
        return
    able = {each.organisation_id for each in case.world.people if each.role is effect.role}
    known = [row.organisation_id for row in case.team if row.role is effect.role]
    fitting = [each for each in case.world.organisations if each in able and each in (effect.named or able)]
    found = next((each for each in fitting if each in known), fitting[0] if fitting else None)
    if found is not None:
        case.grant(effect.relation, effect.role, found, None, None)


def _leave(case: MadeCase, who: ActorFacts, track_id: UUID, effect: fx.LeaveTeam) -> None:
    case.dismiss(effect.relation, effect.organisation_id, effect.role, effect.user_id)


def _lead(case: MadeCase, who: ActorFacts, track_id: UUID, effect: fx.AssignLead) -> None:
    named = who.user_id if effect.user_id == "actor" else UUID(str(effect.user_id))
    user = _fitting(case, named, Relation.LEAD)
    beside = effect.only_if_vacant and case.is_led()
    if not beside:
        case.dismiss(Relation.LEAD)
    case.grant(Relation.ASSIGNED if beside else Relation.LEAD, user.role, user.organisation_id, user.id, None)
    case.dismiss(Relation.RECIPIENT, user.organisation_id)


def _share(case: MadeCase, who: ActorFacts, track_id: UUID, effect: fx.Share) -> None:
    for each in effect.organisation_ids:
        if effect.categories:
            case.loans.append(
                ConsentFacts(effect.purpose, each, effect.categories, effect.until, effect.basis, track_id)
            )


def _end_loans(case: MadeCase, track_ids: set[UUID | None]) -> None:
    case.loans = [each for each in case.loans if each.track_id not in track_ids]


def _hold(case: MadeCase, who: ActorFacts, track_id: UUID, effect: fx.HoldPlace) -> None:
    if effect.place_id == case.stays:
        raise Rejected(Fault("not free", "place_id"))
    case.held = effect.place_id


def _occupy(case: MadeCase, who: ActorFacts, track_id: UUID, effect: fx.OccupyPlace) -> None:
    if who.role is not Role.SHE or case.world.places[effect.place_id] != who.organisation_id:
        raise Rejected(Fault("staff only", rule="INV-12"))
    if effect.place_id == case.stays:
        raise Rejected(Fault("not free", "place_id"))
    if case.stays is not None:
        raise Rejected(Fault("has another", "place_id"))
    case.held, case.stays = None, effect.place_id


def _free(case: MadeCase) -> None:
    case.held = case.stays = None


def _age(case: MadeCase, effect: fx.SetAgeClass) -> None:
    case.age_class = effect.age_class


def _shred(case: MadeCase) -> None:
    case.shredded = True


Does = Callable[[MadeCase, ActorFacts, UUID, Any], None]
DOES: dict[type[Any], Does] = {
    fx.SetMarks: lambda *_all: None,
    fx.Alert: lambda *_all: None,
    fx.OpenTrack: _open,
    fx.OpenCase: lambda case, who, track_id, _fx: _open(case, who, track_id, fx.OpenTrack("case", "open")),
    fx.TakeStep: _take_too,
    fx.JoinTeam: _join,
    fx.CallIn: _call_in,
    fx.LeaveTeam: _leave,
    fx.AssignLead: _lead,
    fx.Share: _share,
    fx.EndShares: lambda case, _who, track_id, _fx: _end_loans(case, {track_id}),
    fx.EndSharesFor: lambda case, _who, _id, effect: _end_loans(
        case, {each.track_id for each in case.loans if each.purpose == effect.purpose}
    ),
    fx.EndAllShares: lambda case, *_all: case.loans.clear(),
    fx.SetAgeClass: lambda case, _who, _id, effect: _age(case, effect),
    fx.HoldPlace: _hold,
    fx.OccupyPlace: _occupy,
    fx.FreePlace: lambda case, *_all: _free(case),
    fx.DestroyKeys: lambda case, *_all: _shred(case),
}
