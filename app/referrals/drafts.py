"""A draft: sealed answers that grow page by page, numbered so that no page overwrites another unseen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import func, select

from app.casework.models import CaseStep, CaseTrack
from app.kit.errors import Fault, Invalid, NotAllowed, Refused, Stale, Unknown
from app.kit.i18n import _
from app.kit.plain import plain
from app.referrals.called import from_call
from app.referrals.forms import DraftRecord
from app.safeguards.fields import questions
from app.safeguards.vault import parts
from app.safeguards.vault.parts import Written
from app.safeguards.words import Act, Category, Relation
from app.safeguards.work import Work
from app.tracks.intake.referral_consent import ConsentToRefer, LegalBasis, Sharing
from app.tracks.intake.sections import ALONE, GROUP, MEMBER, Section
from app.web.complaints import MESSAGES, faults

DRAFT = "draft"  # record type of the sealed answers; their record is the track
NUMBERING = Category.STA  # its row version is the draft's version; it holds the name of a page only
# Consent is for one recipient (INV-17), so another one is never asked with the answer given for the first.
ASKED_ANEW = frozenset(
    name for form in (ConsentToRefer, LegalBasis, Sharing) for name in form.model_fields
) | {"receiving_organisation_id"}
UNANSWERED = (MESSAGES["missing"], MESSAGES["too_short"])
BLANK: tuple[Any, ...] = (None, "", (), [], {})


class AlreadySent(Refused):
    """409: the referral is no draft any more."""


@dataclass(frozen=True)
class Draft:
    """A draft as its author may see it; `withheld` are categories that are kept and never shown again."""

    case_id: UUID
    track_id: UUID
    version: int
    answers: dict[str, Any]
    saved_page: str | None = None
    withheld: frozenset[Category] = field(default_factory=frozenset)
    borrowed: UUID | None = None  # the step of an earlier referral of this case, from which the answers come
    copied: bool = (
        False  # the answers come from the call that this referral was made of, and are not kept yet
    )
    kind: str = ALONE
    group: "Draft | None" = None  # what was said of all, where the person was found with others

    @property
    def said(self) -> dict[str, Any]:
        """Return what was said of all, where the person was found with others."""
        return self.group.answers if self.group else {}

    def own(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Return answers without those that were said of all."""
        return {name: each for name, each in answers.items() if self.said.get(name) != each}

    def keeps_unseen(self, page: Section) -> bool:
        """Say whether something is kept of this page that cannot be shown again."""
        return any(about.category in self.withheld for about in questions(page.form).values())


def open_draft(work: Work, track_id: UUID, *, locked: bool = False, group: Draft | None = None) -> Draft:
    """Return a draft of the actor's own; a stranger learns nothing, and a sent one raises AlreadySent.

    `group` spares opening again what was said of all, when it is open already.
    """
    row = _row(work, track_id, locked=locked)
    versions, borrowed = _versions(work, track_id), None
    if not versions:
        borrowed = _sent_before(work, row.case_id)
    record = borrowed or track_id
    revealed = work.reveal(row.case_id, [record])
    held = {name: value for name, value in revealed.of(record).items() if value not in BLANK}
    if borrowed is not None:
        held = {name: value for name, value in held.items() if name not in ASKED_ANEW}
    called = from_call(work, row.case_id) if not versions and borrowed is None else {}
    held |= called
    saved_page = held.pop("saved_page", None)
    if asked := row.marks.get("receiving_organisation_id"):
        named = {"receiving_organisation_id": asked}
        held = held | named if not versions else named | held
    unseen = frozenset(_versions(work, record)) - {part.category for part in revealed.parts}
    version, common = versions.get(NUMBERING, 0), group or _group(work, row)
    kind = MEMBER if common else GROUP if row.marks.get("type") == GROUP else ALONE
    said = (common.answers if common else {}) | held
    return Draft(
        row.case_id, track_id, version, said, saved_page, unseen, borrowed, bool(called), kind, common
    )


def _group(work: Work, row: CaseTrack) -> Draft | None:
    """Return what was said of all who were found together with this person."""
    group_id = row.marks.get("group_id")
    return open_draft(work, UUID(group_id)) if group_id else None


def _sent_before(work: Work, case_id: UUID) -> UUID | None:
    """Return the step with which the actor sent a referral of this case: a new one begins with its answers."""
    query = select(CaseStep.id).where(
        CaseStep.case_id == case_id, CaseStep.name == "submit", CaseStep.actor_id == work.actor.user_id
    )
    return work.session.scalars(query.order_by(CaseStep.at.desc()).limit(1)).one_or_none()


def _row(work: Work, track_id: UUID, *, locked: bool) -> CaseTrack:
    query = select(CaseTrack).where(CaseTrack.id == track_id, CaseTrack.slug == "referral")
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = work.session.scalars(query).one_or_none()
    if row is None:
        raise Unknown
    if Relation.REFERRER not in work.member(row.case_id).relations:
        raise NotAllowed(Fault(_("A referral is written only by whoever began it")))
    if row.state != "draft":
        raise AlreadySent(Fault(_("This referral is no draft any more: it was sent or thrown away")))
    return row


def members(work: Work, group_id: UUID) -> list[UUID]:
    """Return the drafts of the people who were found together, in the order in which they were begun."""
    query = select(CaseTrack.id).where(
        CaseTrack.slug == "referral", CaseTrack.state == "draft",
        CaseTrack.marks["group_id"].as_string() == str(group_id),
    )  # fmt: skip
    return list(work.session.scalars(query.order_by(CaseTrack.opened_at, CaseTrack.id)))


def _versions(work: Work, record_id: UUID) -> dict[Category, int]:
    found = parts.latest(work.session, record_id, writer=work.actor.user_id)
    return {Category(category): version for category, version in found.items()}


def validated(page: Section, answers: Mapping[str, Any], *, partly: bool = False) -> dict[str, Any]:
    """Return the answers of one page as JSON values, or raise Invalid; `partly` lets required ones wait."""
    try:
        form = page.form.model_validate(dict(answers))
    except ValidationError as error:
        found = faults(error.errors(include_url=False), page.form)
        if partly and all(each.message in UNANSWERED for each in found):
            return {name: plain(value) for name, value in answers.items() if value not in BLANK}
        raise Invalid(*found) from error
    return {name: plain(value) for name, value in form if value not in BLANK}


def refuse_stale(draft: Draft, page: Section, sent: Mapping[str, Any], version: int) -> None:
    """Raise Stale with both versions when the page was saved elsewhere in the meantime, and otherwise."""
    held = {name: draft.answers[name] for name in page.form.model_fields if name in draft.answers}
    if version != draft.version and held and held != sent:
        raise stale(page.form, sent, held, draft.version, version)


def stale(form: Any, sent: Mapping[str, Any], held: Mapping[str, Any], now: int, then: int) -> Stale:
    """Return the refusal that shows both versions, field by field."""
    problem = Stale(
        sent={"version": then, **sent}, held={"version": now, **held},
        detail=_("These answers were saved elsewhere in the meantime. Compare both, then save again."),
    )  # fmt: skip
    problem.labels = {name: about.label for name, about in questions(form).items()}  # type: ignore[attr-defined]
    return problem


def write(
    work: Work, draft: Draft, page: Section, answers: Mapping[str, Any], *, forget: bool = False
) -> Draft:
    """Seal the answers of one page with what the draft holds already; return the draft as it then is.

    What is kept unseen stays as it is while the page leaves it blank, unless it is to be forgotten.
    """
    asked, said = questions(DraftRecord), merged(draft, page, answers)
    whole = draft.own(said)
    mine = {asked[name].category for name in page.form.model_fields}
    stays = draft.withheld - {asked[name].category for name in answers} - (mine if forget else frozenset())
    touched = mine - stays
    if draft.borrowed is not None or draft.copied:  # from now on the draft has answers of its own
        touched |= {asked[name].category for name in whole} - stays
    written: list[Written] = []
    if draft.borrowed is not None:
        written += work.carry(draft.case_id, draft.borrowed, DRAFT, draft.track_id, stays)
    values = {name: each for name, each in whole.items() if asked[name].category in touched}
    emptied = touched - {asked[name].category for name in values}
    if emptied:
        parts.erase_draft(work.session, draft.track_id, emptied)
    values["saved_page"] = page.slug
    written += work.seal(draft.case_id, DRAFT, draft.track_id, values, DraftRecord)
    work.record(
        Act.ALTER if draft.version else Act.COLLECT, case_id=draft.case_id, track=draft.track_id,
        written=written, rule="own draft",
    )  # fmt: skip
    return replace(
        draft, version=draft.version + 1, answers=said, saved_page=page.slug, borrowed=None, copied=False
    )


def merged(draft: Draft, page: Section, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return all answers of a draft with those of one page in the place of its earlier ones."""
    own = draft.own(draft.answers)
    kept = {name: each for name, each in own.items() if name not in page.form.model_fields}
    return {**draft.said, **kept, **answers}


def erase(work: Work, case_id: UUID, track_id: UUID) -> None:
    """Delete all sealed answers of a draft; on the ledger, if there were any."""
    held = _versions(work, track_id)
    if not held:
        return
    parts.erase_draft(work.session, track_id)
    work.record(Act.ERASE, case_id=case_id, track=track_id, categories=sorted(held), rule="own draft")


def destroy_keys(work: Work, case_id: UUID, spared: Iterable[Category] = ()) -> None:
    """Destroy the keys of a container that held only this draft, so that no backup can give it back."""
    others = select(func.count()).select_from(CaseTrack).where(CaseTrack.case_id == case_id)
    if (work.session.scalar(others) or 0) > 1:
        return  # the case has a life of its own: a second referral was begun in it
    work.destroy_keys(case_id, spared)
