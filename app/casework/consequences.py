"""Doing what a declaration says follows from a step, in the same transaction, as the rule engine."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select, true

from app.accounts.models import Organisation, UserAccount
from app.cases import service as cases
from app.casework.facts import facts_of
from app.casework.models import CaseTrack
from app.kit.errors import Refused
from app.kit.i18n import _
from app.kit.plain import plain
from app.notices import service as notices
from app.notices.telling import call_off
from app.procedure import effects as fx
from app.procedure.available import refusals
from app.procedure.declaration import Step
from app.procedure.facts import Facts
from app.procedure.predicates_stay import protected
from app.procedure.refusal import refuse
from app.safeguards import access, ties
from app.safeguards.fields import Form
from app.safeguards.invented import is_invented
from app.safeguards.models import Share, TeamMember
from app.safeguards.ties import running
from app.safeguards.words import Relation, Role
from app.safeguards.work import Work
from app.shelters import service as shelters
from app.tracks import TRACKS

RECEIVERS = (Role.NGO, Role.SOC, Role.CAU, Role.SHE, Role.HEA, Role.LEG, Role.POL, Role.LAB, Role.IMM)

# Whoever enforces the law against her, or stands for the State of origin, neither acts for her nor speaks for her.
FITTING = {
    Relation.GUARDIAN: frozenset({Role.GUA, Role.SOC, Role.NGO, Role.LEG}),
    Relation.MANDATE: frozenset({Role.LEG}),
    Relation.LEAD: frozenset(RECEIVERS),
}


def effects_of(step: Step, facts: Facts, form: Form) -> list[fx.Effect]:
    """Return what follows from a step, in the order in which it was declared."""
    return list(step.then(facts, form)) if step.then else []


def mark(row: CaseTrack, effects: Iterable[fx.Effect]) -> None:
    """Keep the marks that rules worked out; before the clocks, which read them."""
    for effect in effects:
        if isinstance(effect, fx.SetMarks):
            row.marks = {
                **row.marks,
                **plain({name: each for name, each in effect.values.items() if each is not None}),
            }


def follow(work: Work, row: CaseTrack, effects: Iterable[fx.Effect]) -> None:
    """Do each effect that is not a mark."""
    for effect in effects:
        if not isinstance(effect, fx.SetMarks):
            DOES[type(effect)](work, row, effect)


def _open_track(work: Work, row: CaseTrack, effect: fx.OpenTrack) -> None:
    from app.casework import service  # noqa: PLC0415 -- the engine calls its consequences, which call the engine

    declared = TRACKS.get(effect.slug)
    if declared is None:
        return  # a track that this stage of the mechanism does not have yet
    ends = [state.name for state in declared.states if state.terminal]
    running = select(CaseTrack.id).where(
        CaseTrack.case_id == row.case_id, CaseTrack.slug == effect.slug, CaseTrack.state.not_in(ends)
    )
    if declared.per_case and work.session.scalar(running):
        return
    form = declared.step(effect.step).form.model_validate(effect.values)
    service.open_track(work.as_system(), row.case_id, effect.slug, effect.step, form)


def _take_step(work: Work, row: CaseTrack, effect: fx.TakeStep) -> None:
    from app.casework import service  # noqa: PLC0415 -- as above

    tracks = work.session.scalars(
        select(CaseTrack)
        .where(CaseTrack.case_id == row.case_id, CaseTrack.slug == effect.slug)
        .order_by(CaseTrack.opened_at, CaseTrack.id)
    ).all()
    system = work.as_system()
    for track in tracks:
        declared = TRACKS[track.slug]
        if not any(each.name == effect.step and track.state in each.from_ for each in declared.steps):
            continue
        step = declared.step(effect.step, track.state)
        form = step.form.model_validate(effect.values)
        if not refusals(declared, step, facts_of(system, row.case_id, track.id), form):
            service.take_step(system, track.id, effect.step, form)


def _join(work: Work, row: CaseTrack, effect: fx.JoinTeam) -> None:
    user_id = work.actor.user_id if effect.user_id == "actor" else effect.user_id
    if user_id is not None:
        user = _fitting(work, UUID(str(user_id)), effect.relation)
        access.grant(
            work, row.case_id, effect.relation, role=Role(user.role), organisation_id=user.organisation_id,
            user_id=user.id, until=effect.until, reason=effect.reason, categories=effect.categories,
        )  # fmt: skip
        return
    organisation_id = effect.organisation_id or work.actor.organisation_id
    if organisation_id is None:
        return
    for role in [effect.role] if effect.role else _desks(work, organisation_id):
        access.grant(
            work, row.case_id, effect.relation, role=role, organisation_id=organisation_id, until=effect.until
        )  # fmt: skip


def _fitting(work: Work, user_id: UUID, relation: Relation) -> UserAccount:
    """Return the account of whoever is to have a part in the case, if their work allows it; raises Refused."""
    user = work.session.get_one(UserAccount, user_id)
    if relation in FITTING and Role(user.role) not in FITTING[relation]:
        raise Refused(
            refuse(
                _("The work of this person does not go with this part in a case"), rule="part-in-case",
                source="CETS 197 art. 10(4); OSCE Addendum 6; OSCE Action Plan V.3.1",
                unblock=_("Another person, whose work it is"),
            )
        )  # fmt: skip
    return user


def _desks(work: Work, organisation_id: UUID) -> list[Role]:
    """Return the roles in an organisation that can be asked to take a case."""
    query = select(UserAccount.role).where(
        UserAccount.organisation_id == organisation_id, UserAccount.disabled_at.is_(None)
    )
    held = set(work.session.scalars(query.distinct()))
    return [role for role in RECEIVERS if role.value in held]


def _call_in(work: Work, row: CaseTrack, effect: fx.CallIn) -> None:
    """Bring in one organisation that does this work: one that knows the case, else the country's, else the oldest.

    To an invented case only those who watch are brought: nobody else has anything to do there.
    """
    if effect.role not in notices.WATCHING and is_invented(work.keys, row.case_id):
        return
    if effect.role is Role.CON and protected(facts_of(work, row.case_id)):  # INV-05
        return
    known = select(TeamMember.organisation_id).where(
        TeamMember.case_id == row.case_id, TeamMember.role == effect.role.value, running(work.clock.now())
    )
    organisation_id = work.session.scalar(
        select(UserAccount.organisation_id)
        .join(Organisation, Organisation.id == UserAccount.organisation_id)
        .where(UserAccount.role == effect.role.value, UserAccount.disabled_at.is_(None))
        .where(Organisation.id.in_(effect.named) if effect.named else true())
        .order_by(
            Organisation.id.in_(known).desc(),
            Organisation.region.is_not(None),
            Organisation.created_at,
            Organisation.id,
        )
        .limit(1)
    )
    if organisation_id is not None:
        access.grant(work, row.case_id, effect.relation, role=effect.role, organisation_id=organisation_id)


def _leave(work: Work, row: CaseTrack, effect: fx.LeaveTeam) -> None:
    access.end(
        work, row.case_id, [effect.relation], organisation_id=effect.organisation_id, user_id=effect.user_id,
        role=effect.role,
    )  # fmt: skip


def _lead(work: Work, row: CaseTrack, effect: fx.AssignLead) -> None:
    user_id = work.actor.user_id if effect.user_id == "actor" else UUID(str(effect.user_id))
    user = _fitting(work, user_id, Relation.LEAD)
    beside = effect.only_if_vacant and _is_led(work, row.case_id)
    if not beside:
        access.end(work, row.case_id, [Relation.LEAD])
    access.grant(
        work, row.case_id, Relation.ASSIGNED if beside else Relation.LEAD, role=Role(user.role),
        organisation_id=user.organisation_id, user_id=user.id,
    )  # fmt: skip
    access.end(work, row.case_id, [Relation.RECIPIENT], organisation_id=user.organisation_id)


def _is_led(work: Work, case_id: UUID) -> bool:
    leads = (TeamMember.case_id == case_id, TeamMember.relation == Relation.LEAD.value)
    return bool(ties.rows(work, *leads))


def _share(work: Work, row: CaseTrack, effect: fx.Share) -> None:
    for organisation_id in effect.organisation_ids:
        access.share(
            work, row.case_id, organisation_id=organisation_id, categories=effect.categories,
            purpose=effect.purpose, basis=effect.basis, track_id=row.id, until=effect.until,
        )  # fmt: skip


def _end_shares_for(work: Work, row: CaseTrack, effect: fx.EndSharesFor) -> None:
    resting = select(Share.track_id).where(
        Share.case_id == row.case_id, Share.purpose == effect.purpose, Share.ended_at.is_(None)
    )
    for track_id in work.session.scalars(resting.distinct()).all():
        access.end_shares(work, row.case_id, track_id)


def _alert(work: Work, row: CaseTrack, effect: fx.Alert) -> None:
    notices.alert(
        work,
        row.case_id,
        effect.kind,
        role=effect.role,
        organisation_id=effect.organisation_id,
        urgent=effect.urgent,
    )


def _destroy_keys(work: Work, row: CaseTrack, _effect: fx.DestroyKeys) -> None:
    """Shred the case: its sealed parts stay, and nobody can open them again; what waits to be sent is not sent."""
    call_off(work, row.case_id)
    work.destroy_keys(row.case_id)


DOES: dict[type[fx.Effect], Callable[[Work, CaseTrack, Any], None]] = {
    fx.OpenTrack: _open_track,
    fx.TakeStep: _take_step,
    fx.JoinTeam: _join,
    fx.LeaveTeam: _leave,
    fx.AssignLead: _lead,
    fx.Share: _share,
    fx.EndSharesFor: _end_shares_for,
    fx.Alert: _alert,
    fx.CallIn: _call_in,
    fx.EndAllShares: lambda work, row, _effect: access.end_shares(work, row.case_id),
    fx.DestroyKeys: _destroy_keys,
    fx.EndShares: lambda work, row, _effect: access.end_shares(work, row.case_id, row.id),
    fx.SetAgeClass: lambda work, row, effect: cases.say_age_class(work, row.case_id, effect.age_class),
    fx.HoldPlace: lambda work, row, effect: shelters.hold(work, effect.place_id, row.case_id),
    fx.OccupyPlace: lambda work, row, effect: shelters.occupy(work, effect.place_id, row.case_id),
    fx.FreePlace: lambda work, row, _effect: shelters.free(work, row.case_id),
    fx.OpenCase: lambda work, row, _effect: _open_track(work, row, fx.OpenTrack("case", "open")),
}
