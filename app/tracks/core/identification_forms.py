"""What a decision on identification states: act, means and purpose, each found or not, with what shows it.

No field asks whether the person speaks to the police or testifies. Types of exploitation, control and events:
Human Trafficking Case Data Standard 2.0, International Organization for Migration (IOM), CC BY 4.0; states
stand for its `vic_TraffickingStatus` (presumed and reasonable grounds: Possible; identified: Actual).
"""

from datetime import date
from uuid import UUID

from app.kit.i18n import _
from app.kit.values import PartialDate
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks import hints
from app.tracks.answers import Answers, account, choice, day, group, line, ticks
from app.tracks.codes import COUNTRIES, LANGUAGES
from app.tracks.exploitation_codes import EVENTS, METHODS_OF_CONTROL, TYPES_OF_EXPLOITATION
from app.tracks.intake.indicators import SHORT_LIST
from app.tracks.rules import Confirmed

EXP, LEG = Category.EXP, Category.LEG

FINDINGS = {
    "found": _("Found"),
    "reasonable_grounds": _("Reasonable grounds to believe it"),
    "not_found": _("Not found"),
}
# For a child no means are needed (CETS 197 art. 4(c)).
FINDINGS_ON_MEANS = {**FINDINGS, "not_needed": _("Not needed: the person was a child")}
ACTS = {
    "recruitment": _("Recruitment"),
    "transportation": _("Transportation"),
    "transfer": _("Transfer"),
    "harbouring": _("Harbouring"),
    "receipt": _("Receipt"),
}
MEANS = {
    "threat_or_force": _("Threat or use of force"),
    "other_coercion": _("Another form of coercion"),
    "abduction": _("Abduction"),
    "fraud": _("Fraud"),
    "deception": _("Deception"),
    "abuse_of_power": _("Abuse of power"),
    "abuse_of_vulnerability": _("Abuse of a position of vulnerability"),
    "payments": _("Payments or benefits to whoever had control over the person"),
}
AGES = {
    "child": _("Under 18"),
    "adult": _("18 or older"),
    "both": _("Under 18 when it began, and afterwards"),
    "unknown": _("Not known"),
}
ELEMENTS = {"act": _("The act"), "means": _("The means"), "purpose": _("The purpose")}
SOURCES = {
    "account": _("The person’s own account"),
    "referral": _("The referral and its indicators"),
    "inspection": _("A labour inspection"),
    "medical": _("A medical or psychological opinion"),
    "organisation": _("The opinion of an organisation that helps"),
    "document": _("A document"),
    "digital": _("Messages or other digital traces"),
    "witness": _("Another person’s account"),
    "country": _("Information about a country or a practice"),
}
WEIGHTS = {
    "supports": _("Speaks for it"),
    "neutral": _("Speaks neither way"),
    "against": _("Speaks against it"),
}
NEGATIVE_OUTCOMES = {
    "elements_missing": _("An element of trafficking is missing"),
    "labour_law_violation_only": _("A violation of labour law only"),
    "other_offence": _("Another offence, such as smuggling or domestic violence"),
    "too_little_known": _("Too little could be found out"),
}
TELLING = {
    "in_person": _("In person"),
    "by_lawyer": _("Through the lawyer"),
    "by_guardian": _("Together with the guardian"),
    "by_lead": _("Through the lead worker"),
}
REASONS_TO_RESUME = {
    "person_asks": _("The person asks for it"),
    "new_facts": _("New facts"),
    "misunderstood": _("The consequences were not understood"),
}


class PresumeVictim(Answers):
    """What makes the person a presumed victim; one indicator is enough."""

    referral: UUID | None = asked(
        EXP, _("Referral"), default=None, widget="hidden", clear=_("the chain of referrals")
    )
    presumed_on: date | None = asked(
        EXP, _("Since when is the person presumed to be a victim?"), default=None, widget="date",
        clear=_("clocks run from it"), minimal=True,
    )  # fmt: skip
    indicators: tuple[str, ...] = ticks(
        EXP, _("Which signs are there?"), SHORT_LIST, help=_("One is enough.")
    )
    authority: UUID | None = asked(
        EXP, _("Which authority decides?"), default=None, widget="organisation",
        clear=_("the team follows from it"),
    )  # fmt: skip


class Place(Answers):
    """One place and time of what happened."""

    kind: str = choice(EXP, _("What happened there?"), EVENTS, default=..., standard="hte_Type")
    country: str = choice(EXP, _("Country"), COUNTRIES, default=..., standard="hte_Country")
    place: str | None = line(EXP, _("Town or region"), standard="hte_City")
    began: PartialDate | None = day(EXP, _("From"), standard="hte_Date")
    ended: PartialDate | None = day(EXP, _("Until"))


class Evidence(Answers):
    """One thing that shows or does not show an element."""

    element: str = choice(EXP, _("On which element?"), ELEMENTS, default=...)
    source: str = choice(EXP, _("Where is it from?"), SOURCES, default=...)
    weight: str = choice(EXP, _("What does it say?"), WEIGHTS, default=...)
    what: str = account(
        EXP, _("What it shows"), default=..., min_length=1, max_length=4000,
        help=_("The fact, and where it stands in the file. No names of other victims."),
    )  # fmt: skip


class Decision(Answers):
    """The findings on each element, with evidence and reasons; the reasons become the letter."""

    deciders: tuple[UUID, ...] = asked(
        EXP, _("Which organisations decide?"), widget="organisation", min_length=1, max_length=5
    )
    decided_on: date = asked(
        EXP, _("Day of the decision"), widget="date", clear=_("clocks and statistics"), minimal=True
    )
    act: str = choice(
        EXP, _("The act"), FINDINGS, default=...,
        help=_("Recruitment, transport, transfer, lodging, receipt."), minimal=True,
    )  # fmt: skip
    acts: tuple[str, ...] = ticks(EXP, _("Which acts?"), ACTS, when=("act", ("found", "reasonable_grounds")))
    means: str = choice(
        EXP, _("The means"), FINDINGS_ON_MEANS, default=..., help=_("None is needed for a child."),
        minimal=True,
    )  # fmt: skip
    means_used: tuple[str, ...] = ticks(
        EXP, _("Which means?"), MEANS, when=("means", ("found", "reasonable_grounds"))
    )
    control: tuple[str, ...] = ticks(
        EXP, _("How was the person controlled?"), METHODS_OF_CONTROL, standard="vic_MethodsOfControl"
    )
    purpose: str = choice(EXP, _("The purpose: exploitation"), FINDINGS, default=..., minimal=True)
    forms: tuple[str, ...] = ticks(
        EXP, _("Which forms of exploitation?"), TYPES_OF_EXPLOITATION, standard="vic_TypeOfExploitation",
        when=("purpose", ("found", "reasonable_grounds")), minimal=True,
    )  # fmt: skip
    age_at_exploitation: str = choice(EXP, _("How old was the person then?"), AGES, default=...)
    places: tuple[Place, ...] = group(
        EXP, _("Places and times"), default=..., min_length=1,
        help=_("What the findings rest on. Never where the person lives now."),
    )  # fmt: skip
    evidence: tuple[Evidence, ...] = group(
        EXP, _("Evidence"), default=..., min_length=1, max_length=40,
        help=_("For each element, what speaks for it and what against."),
    )  # fmt: skip
    reasons: str = account(
        EXP, _("Reasons, in plain words"), default=..., min_length=1, help=_("They become the letter.")
    )
    guidance_version: str = line(
        EXP, _("Version of the guidance used"), default=..., min_length=1, help=_("Its title and date.")
    )
    victim_view: str = account(
        EXP, _("What does the person say?"), default=..., min_length=1,
        help=_("In the person’s own words, not yours. If they could not be asked, say why."),
    )  # fmt: skip
    language: str = choice(EXP, _("Language of the letter"), LANGUAGES, default=..., minimal=True)


class ConclusiveDecision(Decision):
    """A decision of the panel."""

    panel: tuple[UUID, ...] = asked(EXP, _("Members of the panel"), widget="user", min_length=1, max_length=9)


class NegativeDecision(Decision):
    """A proposal to say no, which needs a second decider and tells of the remedy."""

    outcome: str = choice(
        EXP, _("Why is it no?"), NEGATIVE_OUTCOMES, default=..., clear=_("labour remedies open by it"),
        minimal=True,
    )  # fmt: skip
    remedy: str = account(
        LEG, _("How the person can have this reviewed"), default=..., min_length=1, max_length=4000,
        help=hints.REMEDY,
    )  # fmt: skip
    labour_remedy: bool = asked(LEG, _("May wages or damages be due all the same?"), widget="yes_no")


class ConclusiveNegative(NegativeDecision):
    """A proposal of the panel to say no."""

    panel: tuple[UUID, ...] = asked(EXP, _("Members of the panel"), widget="user", min_length=1, max_length=9)


class SecondOpinion(Answers):
    """What the second decider finds, from the file and not from the first decider."""

    read_file: Confirmed = asked(EXP, _("I read the file myself"), widget="yes_no")
    reasons: str = account(
        EXP, _("Own reasons"), default=..., min_length=1, help=_("From the file, not from the first decider.")
    )


class ExplainDecision(Answers):
    """How the person was told; the time for a remedy runs from this day."""

    notified_on: date = asked(
        LEG, _("When was it explained?"), widget="date", clear=_("the time for a remedy")
    )
    notified_language: str = choice(LEG, _("In which language?"), LANGUAGES, default=...)
    interpreter: str | None = line(
        LEG, _("Interpreter"), help=_("Reference or name; leave empty if there was none.")
    )
    how: str = choice(LEG, _("How?"), TELLING, default=...)
    letter_handed: bool = asked(
        LEG, _("Is the letter in safe hands?"), widget="yes_no",
        help=_("With the person, or where nobody else can read it."),
    )  # fmt: skip


class DeclineIdentification(Answers):
    """An adult does not want a formal decision, knowing what follows from that."""

    informed: Confirmed = asked(EXP, _("The consequences were explained"), widget="yes_no")
    language: str = choice(EXP, _("In which language?"), LANGUAGES, default=..., minimal=True)


class ResumeIdentification(Answers):
    """Why the identification is taken up again."""

    reason: str = choice(EXP, _("Why now?"), REASONS_TO_RESUME, default=...)


class AskForReview(Answers):
    """What the decision is said to have got wrong, and what is new."""

    grounds: str = account(
        LEG, _("Why should the decision be reviewed?"), default=..., min_length=1,
        help=_("What the decision overlooked or got wrong. Nothing has to be proved."),
    )  # fmt: skip
    new_evidence: tuple[Evidence, ...] = group(EXP, _("New evidence"))
    filed_on: date = asked(LEG, _("Filed on"), widget="date", clear=_("the time to answer"))


class ReviewDecision(Answers):
    """The answer of another decider."""

    reasons: str = account(
        EXP, _("Reasons, in plain words"), default=..., min_length=1,
        help=_("They answer each ground, so that the person understands."),
    )  # fmt: skip
    language: str = choice(EXP, _("Language of the letter"), LANGUAGES, default=..., minimal=True)


class RejectReview(ReviewDecision):
    """The answer is no, and a court can be asked."""

    court_remedy: str = account(
        LEG, _("Which court can be asked, and how"), default=..., min_length=1,
        help=_("Which court, by when, with whose help, and what it costs."),
    )  # fmt: skip
    court_until: date | None = asked(
        LEG, _("Until when?"), default=None, widget="date", clear=_("the time to go to court")
    )


class GoToCourt(Answers):
    """The action before a court."""

    court: str = line(LEG, _("Court"), default=..., min_length=1, help=hints.COURT)
    case_number: str = line(
        LEG, _("Number of the case"), default=..., min_length=1, help=_("As the court gave it.")
    )
    suspensive: bool = asked(
        LEG, _("Does it suspend the decision?"), widget="yes_no", clear=_("what may follow")
    )


class Judgment(Answers):
    """The judgment, by its reference."""

    judgment: str = line(
        LEG, _("Reference of the judgment"), default=..., min_length=1,
        help=_("Its number at the court; no names."),
    )  # fmt: skip
    judged_on: date = asked(LEG, _("Day of the judgment"), widget="date", clear=_("clocks and statistics"))
