"""What a referral asks first: age, safety, needs, language, region, a safe way to reach the person."""

from uuid import UUID

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks.answers import Answers, account, choice, group, line, ticks
from app.tracks.codes import AGE_CLASS, LANGUAGES, REGIONS, URGENCY, YES_NO, YES_NO_UNKNOWN
from app.tracks.intake.referral_codes import CHANNEL_SAFE, CHANNELS, NEEDS, REASONS, SAFETY, TYPES

MATTERS = _("Rules and clocks depend on it")
RATHER_NOT = _("Leave it empty if the person would rather not say.")


class CreateReferral(Answers):
    """Begin a draft: what kind it is, and for whom if that is known already."""

    type: str = choice(
        Category.SVC, _("What do you want to send?"), TYPES, default=..., minimal=True, clear=MATTERS
    )
    receiving_organisation_id: UUID | None = asked(
        Category.SVC, _("Who should receive it?"), default=None, widget="organisation", minimal=True,
        help=_("You can choose later."), clear=_("The service asks that organisation"),
    )  # fmt: skip
    group_id: UUID | None = asked(
        Category.SVC, _("Found together with others: what they have in common"), default=None, widget="hidden",
        clear=_("The service adds what was said of all"),
    )  # fmt: skip


class Report(Answers):
    """Where the person was met, and the sender's own reference."""

    met_in_region: str | None = choice(Category.SVC, _("Where did you meet the person?"), REGIONS)
    own_reference: str | None = line(
        Category.SVC,
        _("Your own reference"),
        _("For your own files. Do not put a name in it."),
        max_length=60,
    )
    found_together: int | None = asked(
        Category.SVC, _("How many people were found together?"), default=None, widget="number", ge=1, le=500,
        minimal=True, help=_("This person included. Leave it empty if the person was alone."),
    )  # fmt: skip


class Age(Answers):
    """Adult, child, or not sure, which counts as a child."""

    age_class: str = choice(
        Category.SVC, _("How old is the person?"), AGE_CLASS,
        _("If you are not sure, the person is treated as a child until it is known. No proof is needed."),
        default=..., minimal=True, clear=MATTERS,
    )  # fmt: skip


class AgeThen(Answers):
    """Whether an adult was a child when it happened."""

    child_at_exploitation: str | None = choice(
        Category.EXP, _("Was the person under 18 at any time when it happened?"), YES_NO_UNKNOWN,
        help=_("Even for a part of the time."),
    )  # fmt: skip


class ChildServices(Answers):
    """Whom a child's protection was told to; needed quickly, never a reason to wait."""

    child_services_told: str | None = choice(
        Category.CHI, _("Have child services been told?"), YES_NO_UNKNOWN,
        _("Tell them at once, by telephone. Sending this referral does not wait for it."), minimal=True,
    )  # fmt: skip
    child_services_name: str | None = line(
        Category.CHI, _("Which office?"), minimal=True, help=_("Name and town of the office.")
    )
    child_services_contact: str | None = line(
        Category.CHI, _("Who did you speak to?"), minimal=True, help=_("Name or role, and when.")
    )
    child_services_phone: str | None = line(Category.CHI, _("Telephone of the office"), max_length=60)
    child_services_email: str | None = line(Category.CHI, _("E-mail of the office"), max_length=254)
    with_adult: str | None = choice(
        Category.CHI, _("Is a parent or another trusted adult with the child?"), YES_NO_UNKNOWN, minimal=True
    )
    with_adult_details: str | None = account(
        Category.CHI, _("Who is with the child?"),
        _("Say if the adult may be part of what happened. Do not ask in front of them."),
    )  # fmt: skip


class SafetyNow(Answers):
    """Whether the person is safe at this moment."""

    immediate_safety: str = choice(
        Category.SVC, _("Is the person safe now?"), SAFETY,
        _("If there is danger to life, call the emergency number first."), default=..., minimal=True,
    )  # fmt: skip
    safety_details: str | None = account(
        Category.EXP, _("What is the danger, and from whom?"),
        when=("immediate_safety", ("not_safe", "unknown")),
        help=_("Such as threats, debts, or people looking for them. No address."),
    )  # fmt: skip


class NeedsNow(Answers):
    """What the person needs now, in her own view where she could say it."""

    immediate_needs: tuple[str, ...] = ticks(
        Category.SVC, _("What does the person need now?"), NEEDS,
        _("Ask what would help most. Tick all that fit."),
        default=..., min_length=1, minimal=True,
    )  # fmt: skip
    access_needs: str | None = line(
        Category.SVC, _("Anything needed to take part, such as step-free access or large print?"),
        minimal=True, max_length=2000,
    )  # fmt: skip
    health_now: str | None = account(
        Category.HEA, _("Is there an injury, illness or pregnancy that somebody should know of today?"),
        _("Only what is needed to help. Nobody needs an account of how it came about."),
    )  # fmt: skip


class Urgency(Answers):
    """How soon an answer is needed, and why this organisation is asked."""

    urgency: str = choice(
        Category.SVC, _("How soon is help needed?"), URGENCY, default=..., minimal=True, clear=MATTERS
    )
    reason: str = choice(Category.SVC, _("Why do you refer?"), REASONS, default=..., minimal=True)
    reason_details: str | None = account(
        Category.SVC, _("What do you ask the other organisation to do?"), minimal=True,
        help=_("No names here, nor what happened: that is asked later and shown to fewer people."),
    )  # fmt: skip


class Language(Answers):
    """The language the person is at ease in."""

    language: str = choice(
        Category.SVC, _("Which language is the person at ease in?"), LANGUAGES, default=..., minimal=True,
        standard="prs_PrimaryLanguage",
    )  # fmt: skip
    other_languages: tuple[str, ...] = ticks(
        Category.SVC, _("Other languages"), LANGUAGES, minimal=True, standard="prs_SecondaryLanguage",
        max_length=10,
    )  # fmt: skip
    interpreter: str = choice(
        Category.SVC, _("Is an interpreter needed?"), YES_NO_UNKNOWN, default=..., minimal=True,
        help=_("To get by is not enough: if in doubt, yes."),
    )  # fmt: skip
    interpreter_wish: str | None = line(
        Category.SVC, _("Wishes about the interpreter"),
        _("For instance a woman, or nobody from the same town. An interpreter may know the exploiters."),
        minimal=True, max_length=1000,
    )  # fmt: skip
    communication_aid: str | None = line(
        Category.SVC, _("Any aid needed to understand or to speak?"), minimal=True, max_length=1000,
        help=_("Such as sign language, pictures or reading aloud."),
    )  # fmt: skip


class RegionNow(Answers):
    """The part of the country in which help is needed: coarse on purpose."""

    current_region: str = choice(
        Category.SVC, _("In which part of the country is the person now?"), REGIONS,
        _("Only the part of the country. The place itself is asked next and shown to very few."),
        default=..., minimal=True,
    )  # fmt: skip


class StaysNow(Answers):
    """Where the person stays: whereabouts, shown to almost nobody."""

    current_area: str | None = line(Category.LOC, _("County, district or province"), help=RATHER_NOT)
    current_town: str | None = line(Category.LOC, _("Town"), help=RATHER_NOT)
    current_place: str | None = account(
        Category.LOC, _("Where exactly, and with whom?"),
        _("Leave it empty if the person would rather not say. It can put them in danger."),
    )  # fmt: skip


class SafeChannel(Answers):
    """One way to reach the person, with what makes it safe or not."""

    channel: str = choice(Category.CON, _("Way"), CHANNELS, default=...)
    value: str | None = line(
        Category.CON, _("Number or address"), max_length=1000, found_by="contact",
        help=_("As it is dialled or written. Never the address of a shelter."),
    )  # fmt: skip
    safe: str = choice(Category.CON, _("Is it safe to write or call there?"), CHANNEL_SAFE, default=...)
    whose: str | None = line(
        Category.CON, _("Whose is it, if not the person’s own?"),
        help=_("Such as “the sister’s”, and who else can hear or read it."),
    )  # fmt: skip
    hours: str | None = line(
        Category.CON, _("Which days and hours are safe?"),
        help=_("Such as “Monday to Friday, 9 to 12, never in the evening”."),
    )  # fmt: skip
    language: str | None = choice(Category.CON, _("In which language?"), LANGUAGES)
    may_leave_message: str | None = choice(
        Category.CON, _("May a message be left?"), YES_NO, help=_("Only if nobody else can hear or read it.")
    )
    say_who_calls: str | None = line(
        Category.CON, _("How should the caller introduce themselves?"),
        help=_("As the person wishes, such as “from the language school”."),
    )  # fmt: skip
    must_not_say: str | None = line(
        Category.CON, _("What must not be said or written?"), max_length=2000,
        help=_("Such as “victim”, “shelter”, “police”, or the person’s name."),
    )  # fmt: skip


class SafeContact(Answers):
    """All ways to reach the person; where none is safe, through whoever refers."""

    safe_contact: tuple[SafeChannel, ...] = group(
        Category.CON, _("How can the person be reached safely?"),
        _("Ask, do not guess: a call at the wrong hour can put somebody in danger. "
          "If no way is safe, choose “Only through whoever refers”."),
        default=..., min_length=1,
    )  # fmt: skip
    contact_note: str | None = line(
        Category.CON, _("Anything else about reaching the person?"), max_length=2000,
        help=_("Such as who shares the telephone, or a word agreed for danger."),
    )  # fmt: skip
