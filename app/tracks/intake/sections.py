"""The pages of a referral in order, which of them matter for what was answered, and what is still missing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from app.kit.errors import Fault
from app.kit.i18n import _
from app.safeguards.fields import Form
from app.tracks.intake import referral_consent as consent
from app.tracks.intake import referral_group as several
from app.tracks.intake import referral_person as person
from app.tracks.intake import referral_signs as signs
from app.tracks.intake import referral_start as start
from app.tracks.intake import referral_story as story
from app.tracks.intake.indicators import SHORT_LIST
from app.tracks.intake.referral_form import SubmitReferral
from app.tracks.intake.referral_rules import consent_faults, is_child, refused
from app.tracks.intake.referral_signs import ticked
from app.web.complaints import faults

Answered = Mapping[str, Any]
ALONE, GROUP, MEMBER = "initial", "group", "member"  # one person; what several have in common; one of several


def _adult(answers: Answered) -> bool:
    return not is_child(answers)


def _always(_answers: Answered) -> bool:
    return True


def _goes_on(answers: Answered) -> bool:
    return not refused(answers)


def _child(answers: Answered) -> bool:
    return "age_class" in answers and is_child(answers)


def _adult_goes_on(answers: Answered) -> bool:
    return _adult(answers) and _goes_on(answers)


def _could_not_ask(answers: Answered) -> bool:
    return _adult(answers) and answers.get("consent") == "could_not_ask"


@dataclass(frozen=True)
class Section:
    """One page: a question or a small group; `chapter` names the heading under which it stands."""

    slug: str
    chapter: str  # a key of CHAPTERS
    title: str  # marked text
    form: type[Form]
    applies: Callable[[Answered], bool] = _goes_on

    @property
    def needed(self) -> bool:
        """Say whether a referral cannot be sent without this page."""
        fields = self.form.model_fields.values()
        return self.form is consent.ConsentToRefer or any(field.is_required() for field in fields)


CHAPTERS: dict[str, str] = {
    "report": _("Report"),
    "age": _("Age"),
    "safety": _("Safety and needs"),
    "consent": _("Consent and recipient"),
    "signs": _("Signs"),
    "contact": _("Language and safe contact"),
    "where_now": _("Where the person is now"),
    "situations": _("What happened"),
    "now": _("Now"),
    "kind": _("Kind of exploitation"),
    "where": _("Where it happened"),
    "exploiters": _("Exploiters"),
    "others": _("Others in danger"),
    "reporting": _("Earlier reports and police"),
    "insight": _("Your view"),
    "person": _("The person"),
    "background": _("Life before"),
    "support": _("Support"),
    "letter": _("Decision letter"),
    "responder": _("You"),
    "evidence": _("Evidence"),
}

SECTIONS: tuple[Section, ...] = (
    Section("report", "report", _("Where did you meet the person?"), start.Report),
    Section("age", "age", _("How old is the person?"), start.Age, _always),
    Section("safety", "safety", _("Is the person safe now?"), start.SafetyNow),
    Section("child-services", "age", _("Child services"), start.ChildServices, _child),
    Section("age-then", "age", _("Age at the time"), start.AgeThen, _adult_goes_on),
    Section("recipient", "consent", _("Who should receive it?"), consent.Recipient),
    Section("consent", "consent", _("Does the person agree?"), consent.ConsentToRefer, _adult),
    Section("anonymous", "consent", _("Anonymous notification"), consent.AnonymousNotification, refused),
    Section("legal-basis", "consent", _("Legal ground"), consent.LegalBasis, _could_not_ask),
    Section("sharing", "consent", _("What may be shared"), consent.Sharing),
    Section("needs", "safety", _("What is needed now"), start.NeedsNow),
    Section("urgency", "safety", _("How soon, and why"), start.Urgency),
    Section("signs", "signs", _("Signs of trafficking"), signs.Signs),
    Section("language", "contact", _("Language"), start.Language),
    Section("region", "where_now", _("Part of the country"), start.RegionNow),
    Section("safe-contact", "contact", _("Safe ways to reach the person"), start.SafeContact),
    Section("stays", "where_now", _("Where the person stays"), start.StaysNow),
    Section("situations", "situations", _("What happened"), story.Situations),
    Section("kinds", "kind", _("Kind of exploitation"), story.Kinds),
    Section("still", "now", _("Does it go on?"), story.Still),
    Section("places", "where", _("Where it happened"), story.Places),
    Section("exploiters", "exploiters", _("Who did it"), story.Exploiters),
    Section("others", "others", _("Others in danger, and what may come"), story.Others),
    Section("reported", "reporting", _("Reported before?"), story.ReportedBefore),
    Section("police", "reporting", _("Police file"), signs.Police),
    Section("further-signs", "signs", _("Signs in more detail"), signs.FurtherSigns),
    Section("interview", "insight", _("How you spoke with the person"), signs.Interview),
    Section("insight", "insight", _("Your professional view"), signs.Insight),
    Section("professionals", "insight", _("Other professionals"), signs.Professionals),
    Section("names", "person", _("Names"), person.PersonNames),
    Section("birth", "person", _("Birth and gender"), person.Birth),
    Section("nationality", "person", _("Nationality"), person.Nationality),
    Section("family", "person", _("Family"), person.Family),
    Section("background", "background", _("Life before"), person.Background),
    Section("support", "support", _("Support"), signs.Support),
    Section("letter", "letter", _("Decision letter"), person.DecisionLetter),
    Section("evidence", "evidence", _("Evidence"), signs.EvidenceList),
    Section("responder", "responder", _("How to reach you"), signs.Responder),
)

NEEDS_OF_ALL = Section("needs-of-all", "safety", _("What is needed now"), several.NeedsOfAll)
IN_BRIEF = Section("in-brief", "person", _("The person, in a few lines"), several.InBrief, _always)
# What is asked of each person alone, and so never of a group.
OF_EACH = frozenset(
    {
        "age", "child-services", "age-then", "consent", "anonymous", "legal-basis", "needs", "names", "birth",
        "nationality", "family", "background", "letter",
    }
)  # fmt: skip
_COMMON = [NEEDS_OF_ALL if each.slug == "needs" else each for each in SECTIONS]
WAYS: dict[str, tuple[Section, ...]] = {
    ALONE: SECTIONS,
    GROUP: tuple(each for each in _COMMON if each.slug not in OF_EACH),
    MEMBER: (IN_BRIEF, *SECTIONS),
}


def section(slug: str) -> Section:
    """Return the page of that name, or KeyError."""
    found = next((each for each in (*SECTIONS, NEEDS_OF_ALL, IN_BRIEF) if each.slug == slug), None)
    if found is None:
        raise KeyError(slug)
    return found


def journey(answers: Answered, kind: str = ALONE) -> tuple[Section, ...]:
    """Return the pages that matter for what was answered so far, in order."""
    return tuple(each for each in WAYS[kind] if each.applies(answers))


def next_section(answers: Answered, slug: str, kind: str = ALONE) -> Section | None:
    """Return the page after that one which matters for what was answered; None: check and send."""
    way = WAYS[kind]
    return next((each for each in way[way.index(section(slug)) + 1 :] if each.applies(answers)), None)


def fitting(answers: Answered) -> dict[str, Any]:
    """Return the answers whose pages still matter; after an adult's no, the notification's four."""
    pages = [section("anonymous")] if refused(answers) else journey(answers)
    names = {name for page in pages for name in page.form.model_fields}
    kept = {name: value for name, value in answers.items() if name in names}
    if refused(answers) and "indicators" in kept:
        kept["indicators"] = sorted(ticked(kept) & SHORT_LIST.keys())
    return kept


def missing(answers: Answered, *, anonymous: bool = False) -> list[Fault]:
    """Return what still stands against sending, each with its field; `anonymous`: only its four are left."""
    if anonymous or refused(answers):
        return _faults(consent.AnonymousNotification, answers if anonymous else fitting(answers))
    kept = fitting(answers)
    return [*_faults(SubmitReferral, kept), *consent_faults(kept)]


def missing_in_common(answers: Answered) -> list[Fault]:
    """Return what several people's common answers lack before any of them can be sent."""
    return [each for each in missing(answers) if _is_common(each)]


def missing_of_each(answers: Answered) -> list[Fault]:
    """Return what one of several people lacks besides what is asked of all."""
    return [each for each in missing(answers) if not _is_common(each)]


def _is_common(fault: Fault) -> bool:
    asked = {name for page in WAYS[GROUP] for name in page.form.model_fields}
    return (fault.field or "").split(".")[0] in asked


def _faults(form: type[Form], answers: Answered) -> list[Fault]:
    try:
        form.model_validate(answers)
    except ValidationError as error:
        return faults(error.errors(include_url=False), form)
    return []
