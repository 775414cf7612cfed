"""People who were found together: what they have in common is written once, a few lines are written of each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from app.cases.models import Case
from app.casework.models import CaseTrack
from app.kit.errors import Fault, Invalid, Refused, Unknown
from app.kit.i18n import _
from app.kit.places import UNKNOWN
from app.referrals import drafts, journey, service
from app.referrals.drafts import Draft, open_draft
from app.referrals.forms import FoundTogether
from app.referrals.service import Sent
from app.safeguards.words import Relation
from app.safeguards.work import Work
from app.tracks import TRACKS
from app.tracks.codes import COUNTRIES
from app.tracks.intake.indicators import SHORT_LIST
from app.tracks.intake.referral_answers import DiscardDraft
from app.tracks.intake.referral_consent import AnonymousNotification
from app.tracks.intake.referral_form import SubmitReferral
from app.tracks.intake.referral_rules import is_child, refused
from app.tracks.intake.referral_signs import ticked
from app.tracks.intake.referral_start import CreateReferral
from app.tracks.intake.sections import GROUP, fitting, missing, missing_of_each

Said = TypeVar("Said")
SEX = {"Feminine": "female", "Masculine": "male", "NonConforming": "other"}


@dataclass(frozen=True)
class Person:
    """One of the people of a group, as its author sees the draft."""

    draft: Draft
    wanting: tuple[Fault, ...]  # without which nothing of this person can be sent

    @property
    def called(self) -> str | None:
        """Return the name by which the person is told from the others."""
        said = self.draft.answers
        return said.get("name_to_use") or said.get("given_names") or said.get("family_names")

    @property
    def begun(self) -> bool:
        """Say whether anything was written of this person."""
        return self.draft.version > 0

    @property
    def counted(self) -> bool:
        """Say whether the person is an adult who does not agree, of whom only a number is sent."""
        return refused(self.draft.answers)

    @property
    def child(self) -> bool:
        """Say whether the person is treated as a child."""
        return self.begun and is_child(self.draft.answers)


@dataclass(frozen=True)
class Group:
    """What several people have in common, and each of them."""

    common: Draft
    wanting: tuple[Fault, ...]
    people: tuple[Person, ...]

    @property
    def can_be_sent(self) -> bool:
        """Say whether nothing stands against sending all of them."""
        return bool(self.people) and not self.wanting and not any(each.wanting for each in self.people)


def group_of(work: Work, track_id: UUID, *, common: Draft | None = None, locked: bool = False) -> Group:
    """Return a group that the actor writes; raises Unknown when the draft is of one person alone."""
    held = common or open_draft(work, track_id, locked=locked)
    if held.kind != GROUP:
        raise Unknown
    opened = [
        open_draft(work, each, locked=locked, group=held) for each in drafts.members(work, held.track_id)
    ]
    return Group(held, tuple(journey.wanting(held)), tuple(_person(each) for each in opened))


def _person(draft: Draft) -> Person:
    if refused(draft.answers):
        return Person(draft, tuple(missing(four(draft.answers), anonymous=True)))
    return Person(draft, tuple(missing_of_each(draft.answers)))


def add_person(work: Work, track_id: UUID) -> UUID:
    """Begin the draft of one more person in a case of its own; return its id."""
    return service.begin_referral(work, CreateReferral(type="initial", group_id=track_id))[1]


def four(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is counted of an adult who does not agree, as far as it was said (INV-14)."""
    known = [each for each in answers.get("nationalities") or () if each in COUNTRIES]
    return {
        "sex": SEX.get(answers.get("gender") or "", "unknown"),
        "nationality": known[0] if known else UNKNOWN,
        "region": answers.get("current_region"),
        "indicators": sorted(ticked(answers) & SHORT_LIST.keys()),
    }


def send_group(work: Work, track_id: UUID, version: int) -> list[Sent]:
    """Send every person of a group, each as a case of their own; what they had in common is then erased.

    Nobody is sent while anything is wanting; raises Invalid with all of it, Stale when it changed since.
    """
    group = group_of(work, track_id, locked=True)
    if version != group.common.version:
        raise drafts.stale(SubmitReferral, {}, {}, group.common.version, version)
    if not group.people:
        raise Invalid(Fault(_("Add each person before you send")))
    if wanting := [*group.wanting, *(fault for each in group.people for fault in each.wanting)]:
        raise Invalid(*wanting)
    sent = [_send(work, each, len(group.people)) for each in group.people]
    service.discard_referral(work, track_id, DiscardDraft(reason="sent_one_by_one"))
    return sent


def _send(work: Work, person: Person, together: int) -> Sent:
    held = person.draft
    if person.counted:
        four_answers = AnonymousNotification.model_validate(four(held.answers))
        return service.notify_anonymously(work, held.track_id, four_answers)
    whole = {"found_together": together, **fitting(held.answers)}
    return service.submit_referral(work, held.track_id, SubmitReferral.model_validate(whole), held)


def send_together(work: Work, everybody: FoundTogether) -> list[Sent]:
    """Send people who were found together in one go, each as a case of their own: all of them, or nobody."""
    count = len(everybody.people) + len(everybody.counted)
    whole = [each.model_copy(update={"found_together": count}) for each in everybody.people]
    return [
        *_each(whole, "people", lambda each: service.send_at_once(work, each)),
        *_each(everybody.counted, "counted", lambda each: service.notify_at_once(work, each)),
    ]


def _each(several: Sequence[Said], path: str, act: Callable[[Said], Sent]) -> Iterator[Sent]:
    """Do it for each; what is wrong with one says of which."""
    for number, one in enumerate(several):
        try:
            yield act(one)
        except (Invalid, Refused) as problem:
            at = f"{path}.{number}"
            told = [replace(f, field=f"{at}.{f.field}" if f.field else at) for f in problem.faults]
            raise type(problem)(*told, detail=problem.detail, unsaid=problem.unsaid) from problem


def sent_people(work: Work, track_id: UUID) -> list[Sent]:
    """Return what was sent of a group, for whoever sent it: references and bare states, nothing opened."""
    row = work.session.get(CaseTrack, track_id)
    if row is None or row.slug != "referral" or row.marks.get("type") != GROUP:
        raise Unknown
    if Relation.REFERRER not in work.member(row.case_id).relations:
        raise Unknown
    query = (
        select(CaseTrack.case_id, CaseTrack.id, Case.reference, CaseTrack.state)
        .join(Case, Case.id == CaseTrack.case_id)
        .where(CaseTrack.slug == "referral", CaseTrack.marks["group_id"].as_string() == str(track_id))
        .where(CaseTrack.state.not_in(("draft", "withdrawn")))
        .order_by(CaseTrack.opened_at, CaseTrack.id)
    )
    labels = {each.name: each.label for each in TRACKS["referral"].states}
    return [
        Sent(case, track, name, labels[state]) for case, track, name, state in work.session.execute(query)
    ]
