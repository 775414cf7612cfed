"""The case page: everything one reader sees of one case, in their words, already redacted."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from app.cases import queries as cases
from app.cases.known import may_enter
from app.cases.merging import joined
from app.cases.queries import CaseLine, Membership, PersonLine
from app.casework import panels, sharing
from app.casework.acts import acts, openings
from app.casework.answers import Answer, answers, named
from app.casework.facts import facts_of
from app.casework.forms import PersonRecord
from app.casework.naming import reader_of
from app.casework.reader import Reader
from app.casework.safety import bare_safety, bare_status, safety
from app.casework.shown import CasePage, Elsewhere, PersonShown, Record, Safety
from app.deadlines.queries import running_clocks
from app.kit.i18n import _
from app.procedure.available import OF_PAPERS
from app.procedure.declaration import Step
from app.procedure.facts import Facts, StepTaken, TrackFacts
from app.safeguards.doors import ACCESS
from app.safeguards.fields import questions
from app.safeguards.matrix import BY_OFFICE, TIMED, WORKING
from app.safeguards.words import Category, Relation, Role
from app.safeguards.work import Revealed, Work
from app.shelters.addresses import current_stay
from app.shelters.forms import Whereabouts
from app.shelters.models import Stay
from app.tracks import TRACKS
from app.tracks.codes import AGE_CLASS

ASKED_ON = {
    Relation.REFERRER: "referral",
    Relation.RECIPIENT: "referral",
    Relation.SHELTER_ASKED: "shelter_placement",
}


@dataclass(frozen=True)
class _Seen:
    """What was gathered for one reader before it is put into words."""

    case: CaseLine
    facts: Facts
    tracks: tuple[TrackFacts, ...]  # those of which the reader sees more than nothing
    person: PersonLine | None
    opened: Revealed
    team: tuple[Membership, ...]
    reader: Reader
    stay: Stay | None  # in a house, as it runs now

    @property
    def works(self) -> bool:
        """Say whether the reader works on the case, or reviews it with a reason; a consulate is there for a paper."""
        return self.reader.actor.role is not Role.CON and bool(self.case.relations & (WORKING | TIMED))

    @property
    def bare(self) -> bool:
        """Say whether the reader only sent the referral."""
        return self.reader.bare and not self.office

    @property
    def office(self) -> bool:
        """Say whether the reader sees, by office, what exists and who agreed to what, and never what it says."""
        return self.reader.actor.role in BY_OFFICE

    def steps(self) -> Iterator[tuple[TrackFacts, StepTaken, Step]]:
        """Yield every step taken on the tracks that are shown, with its declaration."""
        for track in self.tracks:
            for taken in track.history:
                yield track, taken, TRACKS[track.slug].step(taken.name, taken.from_)


def case_page(work: Work, case_id: UUID, language: str | None = None) -> CasePage:
    """Return what the actor sees of a case; its sealed parts are opened at once, with one event."""
    work.member(case_id)
    seen = _seen(work, case_id, language)
    reader, facts = seen.reader, seen.facts
    clocks = running_clocks(work, [case_id])
    offered = panels.most_pressing(acts(facts, reader), clocks)
    shown = tuple(panels.panels(seen.tracks, clocks, offered, reader, facts))
    return CasePage(
        id=case_id,
        reference=seen.case.reference,
        relations=tuple(sorted(reader.word(each) for each in seen.case.relations)),
        bare=seen.bare,
        asked=not (seen.works or seen.bare or seen.office),
        office=seen.office,
        may_state_reason=_may_state_reason(work, seen),
        age_class=reader.say(AGE_CLASS[seen.case.age_class])
        if seen.case.age_class and not seen.office
        else None,
        person=_person(work, seen),
        safety=_safety(seen),
        whereabouts=_whereabouts(work, seen),
        status=tuple(bare_status(facts, reader)) if seen.bare else (),
        due=tuple(sorted((each for panel in shown for each in panel.due), key=lambda each: each.due_at)),
        acts=tuple(each for each in offered if not each.bars),
        blocked=tuple(each for each in offered if each.bars),
        openings=tuple(openings(facts, reader)),
        panels=() if seen.bare else shown,
        timeline=tuple(panels.timeline(seen.tracks, reader)),
        team=tuple(panels.team(seen.team, reader)) if seen.works and not seen.office else (),
        consents=sharing.consents(work, case_id, facts, reader) if seen.works or seen.office else None,
        records=tuple(_records(seen)),
        elsewhere=() if seen.bare else tuple(_elsewhere(work, seen)),
        joined=joined(work, case_id) if seen.works else None,
        of_nobody=facts.is_of_nobody,
        may_compare=not facts.is_of_nobody
        and may_enter(work.actor.role, seen.case.relations)
        and ACCESS.entries["cases.same"].admits(work.actor.role),
    )


def _may_state_reason(work: Work, seen: _Seen) -> bool:
    """Say whether a stated reason would open more: to a panel, and to an officer who has no part in the case yet."""
    role, held = work.actor.role, work.standing(seen.case.id)
    return not held.timed_reason and (role is Role.BIP or (role is Role.DPO and not held.relations))


def _safety(seen: _Seen) -> Safety:
    if seen.office or (seen.reader.actor.role is Role.CON and Relation.REFERRER not in seen.case.relations):
        return Safety("unknown", seen.reader.say(_("Not for this office")))
    return safety(seen.facts, seen.reader) if seen.works else bare_safety(seen.facts, seen.reader)


def _seen(work: Work, case_id: UUID, language: str | None) -> _Seen:
    case = cases.case_line(work, case_id)
    facts = facts_of(work, case_id, case=case)
    slugs = shown_slugs(work, case_id, facts)
    tracks = tuple(each for each in facts.tracks if each.slug in slugs)
    person = cases.person_line(work, case_id)
    taken = [
        (TRACKS[track.slug].step(step.name, step.from_).form, step.id)
        for track in tracks
        for step in track.history
        if step.id is not None
    ]
    steps = [step_id for _form, step_id in taken]
    stay = current_stay(work, case_id)
    opened = work.reveal(case_id, [each.id for each in (person, stay) if each is not None] + steps)
    team = tuple(cases.team_of(work, case_id))
    held = [(form, opened.of(step_id)) for form, step_id in taken]
    reader = reader_of(
        work, case_id, facts.profile.zone, language,
        users={*named("user", held), *(each.user_id for each in team if each.user_id)},
        places=set(named("shelter_place", held)),
    )  # fmt: skip
    return _Seen(case, facts, tracks, person, opened, team, reader, stay)


def shown_slugs(work: Work, case_id: UUID, facts: Facts) -> Collection[str]:
    """Return the kinds of track of which the actor sees that they exist, and how they stand."""
    relations, role = facts.actor.relations, facts.actor.role
    known = {slug: each for slug, each in TRACKS.items() if each.may_know(role)}
    readable = {slug for slug, each in known.items() if work.may(case_id, each.summary).allowed}
    if role in BY_OFFICE:
        return readable
    if role is not Role.CON and relations & (WORKING | {Relation.OVERSIGHT}):
        return {slug for slug, each in known.items() if work.may(case_id, each.summary, "exist").allowed}
    mine = {
        each.slug for each in facts.tracks if each.history and each.history[0].actor_id == work.actor.user_id
    } | {ASKED_ON[each] for each in relations if each in ASKED_ON}
    if role is Role.CON and relations & WORKING:
        mine |= OF_PAPERS
    return mine | readable if Relation.EMERGENCY in relations else mine  # how else it stands is no emergency


def _person(work: Work, seen: _Seen) -> PersonShown | None:
    if seen.person is None:
        return None
    fields = seen.opened.of(seen.person.id)
    names = [fields.get("given_names"), fields.get("family_names")]
    called = fields.get("name_to_use") or " ".join(each for each in names if each)
    return PersonShown(
        seen.person.id, seen.person.row_version, called or None, answers(PersonRecord, fields, seen.reader),
        may_correct=bool(writable(work, seen.case.id)),
        may_tell=Relation.LEAD in seen.case.relations,
    )  # fmt: skip


def writable(work: Work, case_id: UUID) -> list[str]:
    """Return the names of the fields of the person's record that the actor may change."""
    asked = questions(PersonRecord)
    allowed = {
        each: work.may(case_id, each, "write").allowed for each in {each.category for each in asked.values()}
    }
    return [name for name, about in asked.items() if allowed[about.category]]


def _whereabouts(work: Work, seen: _Seen) -> tuple[Answer, ...] | None:
    """Return where she is to those whom INV-12 names: where the house said, and what was written since."""
    if not work.may(seen.case.id, Category.LOC).allowed:
        return None
    latest: dict[str, Answer] = {}
    for _track, taken, step in sorted(seen.steps(), key=lambda each: each[1].at):
        assert taken.id is not None
        if seen.stay is None or taken.at >= seen.stay.from_at:
            told = answers(step.form, seen.opened.of(taken.id), seen.reader)
            latest |= {each.name: each for each in told if each.category == Category.LOC.value}
    house = answers(Whereabouts, seen.opened.of(seen.stay.id), seen.reader) if seen.stay else ()
    return (*reversed(latest.values()), *house)


def _records(seen: _Seen) -> Iterator[Record]:
    """Yield the readable answers of each step, the latest first; whereabouts have a section of their own."""
    reader = seen.reader
    for track, taken, step in sorted(seen.steps(), key=lambda each: each[1].at, reverse=True):
        assert taken.id is not None
        told = answers(step.form, seen.opened.of(taken.id), reader)
        kept = tuple(each for each in told if each.category != Category.LOC.value)
        if kept:
            track_label, title = reader.say(TRACKS[track.slug].label), reader.say(step.label)
            yield Record(taken.id, track_label, title, reader.day(taken.at), kept)


def _elsewhere(work: Work, seen: _Seen) -> Iterator[Elsewhere]:
    """Yield what is kept and not to be read here, with whom to ask; one line a category, all of one shape."""
    hidden, reader = set(seen.opened.hidden()), seen.reader
    lead = panels.lead_of(seen.team)
    # Who leads the case is sent on to whoever wrote it.
    i_lead = lead is not None and lead.user_id == work.actor.user_id
    kept = cases.kept_categories(work, seen.case.id) if hidden else {}
    for category, author in kept.items():
        if category in hidden:
            answers_for = author if lead is None or (i_lead and author) else lead.organisation_id
            yield Elsewhere(category.value, reader.word(category), reader.organisation(answers_for))
