"""How a person comes to us: a referral is begun, written page by page, sent; or given up without a trace."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.accounts.queries import receiving_organisations
from app.cases import known
from app.cases import service as cases
from app.cases.models import Case, Person
from app.casework import service as engine
from app.casework.forms import PersonRecord
from app.kit.errors import Fault, Invalid, Refused, Unknown
from app.kit.i18n import _
from app.referrals import drafts
from app.referrals.drafts import Draft, members, open_draft
from app.referrals.forms import MOST
from app.safeguards.traits import traits_of
from app.safeguards.vault.parts import Written
from app.safeguards.words import Act, Category
from app.safeguards.work import Work
from app.tracks.intake.referral_answers import DiscardDraft
from app.tracks.intake.referral_consent import AnonymousNotification
from app.tracks.intake.referral_form import SubmitReferral
from app.tracks.intake.referral_rules import is_child, refused
from app.tracks.intake.referral_start import CreateReferral
from app.tracks.intake.sections import (
    GROUP,
    MEMBER,
    WAYS,
    Section,
    fitting,
    missing,
    missing_of_each,
    section,
)


@dataclass(frozen=True)
class Sent:
    """What the sender may keep: ids, the reference to quote, the state."""

    case_id: UUID
    track_id: UUID
    reference: str
    state: str


def begin_referral(work: Work, form: CreateReferral | None = None) -> tuple[UUID, UUID]:
    """Open a container case with a referral in draft; return the ids of both."""
    asked = form or CreateReferral(type="initial")
    _check_receiver(work, asked.receiving_organisation_id)
    _check_group(work, asked.group_id)
    case_id = cases.begin_case(work)
    return case_id, engine.open_track(work, case_id, "referral", "create", asked).track_id


def _check_group(work: Work, group_id: UUID | None) -> None:
    if group_id is None:
        return
    if open_draft(work, group_id).kind != GROUP:
        raise Unknown
    if len(members(work, group_id)) >= MOST:
        raise Refused(
            Fault(
                _("A group has at most {count} people. Begin another for the others"), values={"count": MOST}
            )
        )


def draft_answers(work: Work, track_id: UUID) -> Draft:
    """Return the actor's own draft: its answers and version; whereabouts are kept and not shown again."""
    return open_draft(work, track_id)


def save_section(  # noqa: PLR0913 -- the last two are named at the call
    work: Work, track_id: UUID, section_slug: str, answers: Mapping[str, Any], version: int, *,
    partly: bool = False, forget: bool = False,
) -> Draft:  # fmt: skip
    """Keep the answers of one page; return the draft as it then is.

    Raises Invalid when the page's own answers do not fit, Stale when they were saved elsewhere meanwhile.
    `partly` lets what must be answered wait; `forget` erases what the page keeps unseen.
    """
    page = _page(section_slug)
    draft = open_draft(work, track_id, locked=True)
    if page not in WAYS[draft.kind]:
        raise Unknown
    given = drafts.validated(page, answers, partly=partly)
    if "receiving_organisation_id" in given:
        _check_receiver(work, UUID(given["receiving_organisation_id"]))
    drafts.refuse_stale(draft, page, given, version)
    whole = drafts.merged(draft, page, given)
    if not partly and not refused(whole) and (own := lacking(page, whole, draft.kind)):
        raise Invalid(*own)
    return drafts.write(work, draft, page, given, forget=forget)


def _page(slug: str) -> Section:
    """Return the page of a draft; the anonymous notification is sent at once and never kept in one."""
    try:
        found = section(slug)
    except KeyError as absent:
        raise Unknown from absent
    if found.form is AnonymousNotification:
        raise Refused(Fault(_("An anonymous notification is sent at once; a draft of it is never kept")))
    return found


def lacking(page: Section, answers: Mapping[str, Any], kind: str) -> list[Fault]:
    """Return what one page lacks before the whole can be sent; of several people, what each is asked for."""
    wanting = (missing_of_each if kind == MEMBER else missing)(answers)
    return [each for each in wanting if (each.field or "").split(".")[0] in page.form.model_fields]


def _check_receiver(work: Work, organisation_id: UUID | None) -> None:
    if organisation_id is not None and organisation_id not in receiving_organisations(work):
        raise Invalid(Fault(_("Choose an organisation that takes referrals"), "receiving_organisation_id"))


def ask_known(work: Work, track_id: UUID) -> tuple[UUID, UUID]:
    """Ask whether another organisation may know the person of a draft; return its case and the check."""
    draft = open_draft(work, track_id)
    said = {name: value for name, value in draft.answers.items() if name in PersonRecord.model_fields}
    return draft.case_id, known.check(work, draft.case_id, traits_of(PersonRecord, said))


def submit_draft(work: Work, track_id: UUID, version: int) -> Sent:
    """Send a draft as it stands; raises Invalid with all that is missing, Stale when it changed since."""
    draft = open_draft(work, track_id, locked=True)
    if version != draft.version:
        raise drafts.stale(SubmitReferral, {}, {}, draft.version, version)
    if refused(draft.answers):
        raise Refused(
            Fault(_("The person does not agree. Only an anonymous notification may be sent"), rule="INV-17")
        )
    if wanting := missing(draft.answers):
        raise Invalid(*wanting)
    return submit_referral(work, track_id, SubmitReferral.model_validate(fitting(draft.answers)), draft)


def submit_referral(work: Work, track_id: UUID, form: SubmitReferral, draft: Draft | None = None) -> Sent:
    """Send a referral: the step, what was kept unseen, the person's record; then the draft is erased."""
    held = draft or open_draft(work, track_id, locked=True)
    _check_receiver(work, form.receiving_organisation_id)
    taken = engine.take_step(work, track_id, "submit", form)
    if carried := _carried(work, held, taken.step_id):
        work.record(Act.COLLECT, case_id=held.case_id, written=carried, rule="step referral:submit")
    if work.session.scalar(select(Person.id).where(Person.case_id == held.case_id)) is None:
        given = {name: value for name, value in form if value not in drafts.BLANK}
        cases.record_person(work, held.case_id, given, PersonRecord)
    drafts.erase(work, held.case_id, track_id)
    return _sent(work, held.case_id, track_id, taken.state)


def _carried(work: Work, held: Draft, step_id: UUID) -> list[Written]:
    """Seal under the step what is kept and never shown again: of the person's own, or else as said of all."""
    step, group = "step:referral:submit", held.group
    carried = work.carry(held.case_id, held.borrowed or held.track_id, step, step_id, held.withheld)
    if group is not None:
        common = group.withheld - held.withheld
        carried += work.carry(held.case_id, group.track_id, step, step_id, common, of=group.case_id)
    return carried


def notify_anonymously(work: Work, track_id: UUID, form: AnonymousNotification) -> Sent:
    """Send four answers of an adult who does not agree; all else is erased, its keys destroyed (INV-14)."""
    draft = open_draft(work, track_id, locked=True)
    if draft.answers.keys() - {"receiving_organisation_id"} and not refused(draft.answers):
        raise Refused(_not_to_be_counted(draft.answers))
    taken = engine.take_step(work, track_id, "notify", form)
    drafts.erase(work, draft.case_id, track_id)
    sent = _sent(work, draft.case_id, track_id, taken.state)
    drafts.destroy_keys(work, draft.case_id, spared=[Category.STA])
    return sent


def _not_to_be_counted(answers: Mapping[str, Any]) -> Fault:
    if is_child(answers):
        return Fault(
            _("A child, or a person whose age is not certain, is referred, not notified anonymously"),
            rule="INV-15", source="OSCE Addendum 3 and 5",
        )  # fmt: skip
    return Fault(
        _("An anonymous notification is for an adult who was asked and did not agree"), "consent",
        rule="INV-14", source="OSCE Action Plan IV.4.11",
    )  # fmt: skip


def discard_referral(work: Work, track_id: UUID, form: DiscardDraft) -> Sent:
    """Throw a draft away: answers erased and keys destroyed, only the act and its reason remain."""
    draft = open_draft(work, track_id, locked=True)
    for each in members(work, track_id) if draft.kind == GROUP else ():
        discard_referral(work, each, form)
    drafts.erase(work, draft.case_id, track_id)
    taken = engine.take_step(work, track_id, "discard", form)
    drafts.destroy_keys(work, draft.case_id)
    return _sent(work, draft.case_id, track_id, taken.state)


def send_at_once(work: Work, form: SubmitReferral) -> Sent:
    """Begin and send a whole referral in one go."""
    return submit_referral(work, begin_referral(work)[1], form)


def notify_at_once(work: Work, form: AnonymousNotification) -> Sent:
    """Begin and send an anonymous notification in one go; there never is a draft of it."""
    begun = begin_referral(work, CreateReferral(type="anonymous_notification"))
    return notify_anonymously(work, begun[1], form)


def _sent(work: Work, case_id: UUID, track_id: UUID, state: str) -> Sent:
    reference = work.session.scalars(select(Case.reference).where(Case.id == case_id)).one()
    return Sent(case_id, track_id, reference, state)
