"""The way through a referral: which page comes when, how far one is, what each page says before it asks."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.kit.errors import Fault
from app.kit.i18n import _
from app.referrals.drafts import Draft
from app.tracks.intake.referral_consent import AnonymousNotification
from app.tracks.intake.referral_rules import is_child, refused
from app.tracks.intake.sections import (
    CHAPTERS,
    GROUP,
    IN_BRIEF,
    Section,
    journey,
    missing,
    missing_in_common,
    next_section,
)

INTRO = {
    "report": _("This first page may be left empty."),
    "recipient": _("Nothing is sent before you have checked all answers at the end."),
    "consent": _(
        "Say it in the person’s own words and language, alone with them. They may say no, and lose nothing."
    ),
    "legal-basis": _("Somebody checks afterwards whether the ground was there."),
    "sharing": _("Tick what the organisation needs in order to help, and no more."),
    "stays": _(
        "What you write here is locked away as soon as you save it, and is not shown again, not even to you."
    ),
    "situations": _("From here on all may be left out. Write down what was told of its own accord."),
}
CHILD = _(
    "The person is treated as a child, so nobody is asked to consent: the law wants a child helped at once."
)
UNCERTAIN = _(
    "The age is not certain, so the person is treated as a child until it is known. "
    "Nobody is asked to consent: child services and a guardian come first."
)


@dataclass(frozen=True)
class Place:
    """A page of a draft, and how it stands there."""

    slug: str
    title: str  # marked text
    chapter: str  # marked text
    answered: bool
    wanting: bool  # something is missing here without which nothing can be sent


@dataclass(frozen=True)
class Progress:
    """How far one is, for a sentence above the page."""

    chapter: str  # marked text
    number: int
    of: int
    wanting: int  # pages that must still be answered, this one included if so


def intro(draft: Draft, page: Section) -> str | None:
    """Return what a page says before it asks."""
    if page.slug == "child-services":
        return UNCERTAIN if draft.answers.get("age_class") == "uncertain" else CHILD
    return INTRO.get(page.slug)


def way(draft: Draft) -> tuple[Section, ...]:
    """Return the pages of a draft that matter for what was answered so far, in order."""
    return journey(draft.answers, draft.kind)


def wanting(draft: Draft) -> list[Fault]:
    """Return what a draft still lacks before it can be sent, each with its field."""
    return (missing_in_common if draft.kind == GROUP else missing)(draft.answers)


def places(draft: Draft) -> tuple[Place, ...]:
    """Return the pages that matter for what was answered, in order."""
    wanted = {(fault.field or "").split(".")[0] for fault in wanting(draft)}
    found = []
    for page in way(draft):
        names = page.form.model_fields.keys()
        answered = bool(names & draft.answers.keys()) or draft.keeps_unseen(page)
        found.append(
            Place(page.slug, page.title, CHAPTERS[page.chapter], answered, wanting=bool(names & wanted))
        )
    return tuple(found)


def chapters(draft: Draft) -> Iterator[tuple[str, list[Place]]]:
    """Yield each chapter with its pages, in the order in which chapters are met first."""
    by_chapter: dict[str, list[Place]] = {}
    for place in places(draft):
        by_chapter.setdefault(place.chapter, []).append(place)
    yield from by_chapter.items()


def progress(draft: Draft, page: Section) -> Progress:
    """Return how far a page is on the way."""
    found = places(draft)
    number = next((at for at, place in enumerate(found, 1) if place.slug == page.slug), 1)
    return Progress(CHAPTERS[page.chapter], number, len(found), sum(place.wanting for place in found))


def before(draft: Draft, page: Section) -> Section | None:
    """Return the page before, None before the first."""
    pages = way(draft)
    at = pages.index(page) if page in pages else 0
    return pages[at - 1] if at else None


def can_be_sent(draft: Draft) -> bool:
    """Say whether nothing stands against sending."""
    return not refused(draft.answers) and not wanting(draft)


def address(draft: Draft, page: Section | None) -> str:
    """Return where a page is found; after the last one comes the check of all answers, or the group."""
    if page is None:
        return f"/referrals/{draft.track_id}" + ("" if draft.kind == GROUP else "/check")
    if page.form is AnonymousNotification:
        return f"/referrals/{draft.track_id}/anonymous"
    return f"/referrals/{draft.track_id}/pages/{page.slug}"


def after(draft: Draft, page: Section) -> str:
    """Return where to go once a page is saved: from the few lines about one of several back to the others."""
    if draft.group is not None and page is IN_BRIEF:
        return f"/referrals/{draft.group.track_id}"
    return address(draft, next_section(draft.answers, page.slug, draft.kind))


def resume(draft: Draft) -> str:
    """Return where to go on: after the page saved last."""
    pages = way(draft)
    saved = next((each for each in pages if each.slug == draft.saved_page), None)
    return after(draft, saved) if saved else address(draft, pages[0])


def consent_is_skipped(draft: Draft) -> bool:
    """Say whether nobody is asked to consent, because of the person's age."""
    return "age_class" in draft.answers and is_child(draft.answers)


def start(draft: Draft) -> str:
    """Return where the way back from the first page leads."""
    return f"/referrals/{draft.group.track_id}" if draft.group else "/referrals/new"
