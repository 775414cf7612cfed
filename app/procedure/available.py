"""What this actor may do now on a track, and why not; one answer for buttons, forms and refusals."""

from dataclasses import dataclass
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.declaration import Step, Track
from app.procedure.facts import ActorFacts, Facts
from app.procedure.invariants import INVARIANTS
from app.procedure.refusal import NOT_MINE, NOT_NOW, is_not_mine
from app.safeguards.words import Relation, Role

# Those who work on the case act on each of its tracks, as far as their role goes.
WORKING = frozenset(
    {
        Relation.LEAD, Relation.ASSIGNED, Relation.SHELTER, Relation.GUARDIAN, Relation.AUTHORITY,
        Relation.MANDATE, Relation.OVERSIGHT,
    }
)  # fmt: skip
# Who was only asked, or only sent the referral, acts on the track in which this happened.
ASKED = {
    Relation.REFERRER: "referral",
    Relation.RECIPIENT: "referral",
    Relation.SHELTER_ASKED: "shelter_placement",
    Relation.EMERGENCY: "break_glass",
}
# A consulate that was called in learns of the papers and of nothing else; it may say that somebody is perhaps a child.
OF_PAPERS = frozenset({"identity_document"})
OF_A_CONSULATE = OF_PAPERS | {"age_assessment"}
# Her own act is recorded by those who stand by her, never by those who decide about her.
STANDING_BY = frozenset({Relation.LEAD, Relation.ASSIGNED, Relation.GUARDIAN, Relation.MANDATE})
WITHOUT_A_PERSON = ("intake", "oversight")  # families of tracks that may begin where there is no person
ENFORCING = frozenset({Role.POL, Role.LAB, Role.IMM, Role.CON, Role.CAU})
# Who is called in to check, to decide or to run the service is on the team, and does not speak for her either.
NEVER_HER_VOICE = ENFORCING | {Role.HOT, Role.BIP, Role.SUP, Role.AUD, Role.DPO, Role.NCR, Role.ADM}


@dataclass(frozen=True)
class Offer:
    """A step that is the actor's to take now; with faults it is blocked, and they say by what."""

    step: Step
    faults: tuple[Fault, ...] = ()
    for_her: bool = False  # recorded as the person's own act

    @property
    def blocked(self) -> bool:
        """Say whether a rule stands against the step now."""
        return bool(self.faults)


def available(track: Track, facts: Facts) -> list[Offer]:
    """Return what this actor may do now: nothing that the role may never do, and every reason for a block."""
    offers = [
        Offer(step, tuple(_rules(step, facts, None)), for_her=_own_role(step, facts.actor) is None)
        for step in track.steps
        if _fits(track, step, facts) and _is_mine(track, step, facts)
    ]
    return [offer for offer in offers if not is_not_mine(offer.faults)]


def refusals(track: Track, step: Step, facts: Facts, form: Any) -> list[Fault]:
    """Return every reason against taking a step now; an empty list means that it may be taken.

    Who may never take the step learns only that, and nothing of the case from the rules.
    """
    if not _is_mine(track, step, facts):
        return [Fault(_("Your role or your part in this case does not give you this step"), rule=NOT_MINE)]
    faults = list(_rules(step, facts, form))
    if _lacks_a_person(track, facts):
        faults.insert(
            0, Fault(_("No person stands here: what is done for one begins with a referral"), rule=NOT_NOW)
        )
    elif not _fits(track, step, facts):
        faults.insert(
            0, Fault(_("The case has moved on: this step does not follow from where it stands"), rule=NOT_NOW)
        )
    return faults


def _lacks_a_person(track: Track, facts: Facts) -> bool:
    return facts.this is None and facts.is_of_nobody and track.family not in WITHOUT_A_PERSON


def _fits(track: Track, step: Step, facts: Facts) -> bool:
    if facts.this is not None:
        return facts.this.state in step.from_
    if step.from_ or _lacks_a_person(track, facts):
        return False
    over = {state.name for state in track.states if state.terminal}
    return not (
        track.per_case and any(each.slug == track.slug and each.state not in over for each in facts.tracks)
    )


def _own_role(step: Step, actor: ActorFacts) -> Role | None:
    return actor.role if actor.role in step.by else None


def _is_mine(track: Track, step: Step, facts: Facts) -> bool:
    actor = facts.actor
    if actor.role is Role.SYS:
        return Role.SYS in step.by
    if _own_role(step, actor) is not None:
        return _is_tied(track, step, facts)
    # To be offered a step is to learn where the track stands.
    by_her = Role.VIC in step.by and actor.role not in NEVER_HER_VOICE and track.may_know(actor.role)
    return by_her and bool(actor.relations & STANDING_BY)


def _is_tied(track: Track, step: Step, facts: Facts) -> bool:
    relations = facts.actor.relations
    works = relations & WORKING and (facts.actor.role is not Role.CON or track.slug in OF_A_CONSULATE)
    if works or any(ASKED.get(each) == track.slug for each in relations):
        return True
    if Relation.REFERRER not in relations:
        return False
    # Who sent the referral may open what their role opens, and go on with what they opened themselves.
    opened_by = facts.this.history[0].actor_id if facts.this and facts.this.history else None
    return not step.from_ or opened_by == facts.actor.user_id


def _rules(step: Step, facts: Facts, form: Any) -> list[Fault]:
    faults = [fault for guard in step.guards if (fault := guard(facts, form)) is not None]
    for number in step.invariants:
        faults.extend(INVARIANTS[number].against(step, facts, form))
    return faults
