"""What a referral asks about what happened: situations, places, exploiters; she tells what she wishes."""

from app.kit.i18n import _
from app.kit.values import PartialDate
from app.safeguards.words import Category
from app.tracks.answers import Answers, account, choice, day, group, line, ticks
from app.tracks.codes import COUNTRIES, LANGUAGES, YES_NO_UNKNOWN
from app.tracks.exploitation_codes import (
    EVENTS,
    INDUSTRIES,
    METHODS_OF_CONTROL,
    METHODS_OF_RECRUITMENT,
    RELATIONSHIP_TO_TRAFFICKER,
    ROLES_IN_PROCESS,
    SEX_EXPLOITATION,
    TYPES_OF_EXPLOITATION,
    WHAT_HAPPENED,
)
from app.tracks.intake.referral_codes import LAST_CONTACT, WHERE

GENTLY = _("Use what was already told, so that nobody has to tell it twice. Do not press for details.")


class Situation(Answers):
    """One situation of exploitation; a person may have been through several."""

    from_on: PartialDate | None = day(Category.EXP, _("From"))
    to_on: PartialDate | None = day(Category.EXP, _("Until"), _("Empty if it goes on, or is not known."))
    dates_note: str | None = line(
        Category.EXP, _("If dates are not known: what was going on at the time?"),
        help=_("Such as “after the harvest” or “when the child was two”."),
    )  # fmt: skip
    recruited_by: tuple[str, ...] = ticks(
        Category.EXP, _("How did they meet?"), METHODS_OF_RECRUITMENT, standard="vic_MethodOfRecruitment"
    )
    relationship: str | None = choice(
        Category.EXP, _("Who were they to the person?"), RELATIONSHIP_TO_TRAFFICKER,
        standard="vic_RelationshipToTrafficker",
    )  # fmt: skip
    how_it_began: str | None = account(Category.EXP, _("How did it begin?"), GENTLY)
    promises: str | None = account(
        Category.EXP, _("What was promised?"),
        help=_("Such as work, pay, papers, marriage or school, and by whom."),
    )  # fmt: skip
    taken_elsewhere: str | None = choice(Category.EXP, _("Was the person taken somewhere?"), YES_NO_UNKNOWN)
    journey: str | None = account(
        Category.EXP, _("The journey: how, with whom, who paid?"),
        help=_("Such as countries, vehicles, papers, debts for the way."),
    )  # fmt: skip
    places: str | None = account(
        Category.EXP, _("Where did it happen?"),
        help=_("A town, a street or what it looked like. Never where the person lives now."),
    )  # fmt: skip
    had_to_do: str | None = account(
        Category.EXP, _("What did the person have to do?"),
        help=_("What was told of their own accord. Do not ask for details."),
    )  # fmt: skip
    hours_and_pay: str | None = account(
        Category.EXP, _("Hours, pay, debts and deductions"),
        help=_("Such as “14 hours, six days, 200 promised, nothing paid”."),
    )  # fmt: skip
    living_conditions: str | None = account(
        Category.EXP, _("How did the person live there?"),
        help=_("Such as locks, food, freedom to go out. No names of others held there."),
    )  # fmt: skip
    treatment: str | None = account(
        Category.EXP, _("How was the person treated?"),
        help=_("In the person’s own words, and only what they wish to tell."),
    )  # fmt: skip
    methods_of_control: tuple[str, ...] = ticks(
        Category.EXP, _("What kept the person there?"), METHODS_OF_CONTROL, standard="vic_MethodsOfControl"
    )


class Situations(Answers):
    """All situations that the person told of."""

    more_than_one: str | None = choice(
        Category.EXP, _("Did it happen more than once, or in different situations?"), YES_NO_UNKNOWN
    )
    situations: tuple[Situation, ...] = group(Category.EXP, _("What happened"), GENTLY)


class Kinds(Answers):
    """The kind of exploitation, in ticks."""

    what_happened: tuple[str, ...] = ticks(
        Category.EXP, _("What did the person have to do, or what was done?"), WHAT_HAPPENED
    )
    types_of_exploitation: tuple[str, ...] = ticks(
        Category.EXP, _("Kind of exploitation, if you can say"), TYPES_OF_EXPLOITATION,
        standard="vic_TypeOfExploitation",
    )  # fmt: skip
    sex_exploitation: tuple[str, ...] = ticks(
        Category.EXP, _("Kind of sexual exploitation"), SEX_EXPLOITATION,
        standard="vic_TypeOfSexExploitation",
        when=("types_of_exploitation", ("SexualExploitation",)),
    )  # fmt: skip
    industry: str | None = choice(
        Category.LAB, _("Kind of work"), INDUSTRIES, standard="vic_ForcedLabourIndustry", minimal=True
    )
    kinds_details: str | None = account(
        Category.EXP, _("Anything else about it?"), help=_("What fits no tick, in the person’s own words.")
    )


class Still(Answers):
    """Whether it goes on, and the last contact with the exploiters."""

    still_in_situation: str | None = choice(
        Category.EXP, _("Is the person still in the situation?"), YES_NO_UNKNOWN
    )
    what_keeps: str | None = account(
        Category.EXP, _("What keeps the person there?"), when=("still_in_situation", ("yes", "unknown")),
        help=_("Such as debt, threats, papers held, a child, or nowhere to go."),
    )  # fmt: skip
    how_left: str | None = account(
        Category.EXP, _("How and why did the person leave?"), when=("still_in_situation", ("no",)),
        help=_("Such as fled, freed or sent away. Do not name whoever helped."),
    )  # fmt: skip
    last_contact: str | None = choice(
        Category.EXP, _("When was the last contact with the exploiters?"), LAST_CONTACT,
        _("Messages and calls count, also through others."),
    )  # fmt: skip
    last_contact_details: str | None = account(
        Category.EXP, _("More about that contact"),
        help=_("By which way, such as a call or a visit, and what they wanted."),
    )  # fmt: skip


class ReportedBefore(Answers):
    """Whether it was reported before, and what stood in the way."""

    reported_before: str | None = choice(
        Category.EXP, _("Was it reported before, here or elsewhere?"), YES_NO_UNKNOWN
    )
    earlier_references: str | None = line(
        Category.EXP, _("Earlier references, and to whom"), max_length=2000,
        when=("reported_before", ("yes",)), help=_("Such as “police, 2024/118”. No names."),
    )  # fmt: skip
    why_not_sooner: str | None = account(
        Category.EXP, _("What made it hard to report?"),
        _("Fear, shame, debts or not knowing are common. Coming late says nothing against the person."),
    )  # fmt: skip


class ExploitationPlace(Answers):
    """A town or country on the way."""

    country: str | None = choice(Category.EXP, _("Country"), COUNTRIES, standard="hte_Country")
    town: str | None = line(Category.EXP, _("Town or area"), standard="hte_City")
    event: str | None = choice(Category.EXP, _("What happened there?"), EVENTS, standard="hte_Type")
    from_on: PartialDate | None = day(Category.EXP, _("From"), standard="hte_Date")
    to_on: PartialDate | None = day(Category.EXP, _("Until"))
    details: str | None = account(
        Category.EXP, _("Address, landmarks, what one saw from the window"),
        help=_("Where it happened, never where the person lives now."),
    )  # fmt: skip


class Places(Answers):
    """Where it happened: several towns, several countries."""

    exploited_where: str | None = choice(Category.EXP, _("Where did it happen?"), WHERE)
    exploitation_places: tuple[ExploitationPlace, ...] = group(
        Category.EXP, _("Towns and countries"), max_length=50,
        help=_("One row for each place. Gaps do no harm."),
    )  # fmt: skip
    places_details: str | None = account(
        Category.EXP, _("Anything else about the places?"),
        help=_("What was seen or heard there. Never where the person lives now."),
    )  # fmt: skip


class Exploiter(Answers):
    """Somebody who recruited, moved, held or exploited the person."""

    description: str | None = account(
        Category.EXP, _("Who is it, and what do they look like?"),
        help=_("Such as age, build and voice; a part will do, such as “the driver”."),
    )  # fmt: skip
    names: str | None = line(
        Category.EXP, _("Names"), help=_("Every name the person knows them by, also in part.")
    )
    nicknames: str | None = line(Category.EXP, _("Nicknames"), help=_("Also names used online."))
    languages: tuple[str, ...] = ticks(Category.EXP, _("Languages they speak"), LANGUAGES, max_length=10)
    marks: str | None = account(
        Category.EXP, _("Tattoos, scars or other marks"), help=_("What it shows, and where on the body.")
    )
    relationship: str | None = choice(
        Category.EXP, _("Who are they to the person?"), RELATIONSHIP_TO_TRAFFICKER,
        standard="vic_RelationshipToTrafficker",
    )  # fmt: skip
    roles: tuple[str, ...] = ticks(
        Category.EXP, _("What was their part?"), ROLES_IN_PROCESS, standard="per_RoleInProcess"
    )
    contact: str | None = line(
        Category.EXP, _("Telephone, vehicle, accounts"), max_length=2000,
        help=_("Such as numbers, plates, online or bank accounts."),
    )  # fmt: skip
    location_known: str | None = choice(Category.EXP, _("Is it known where they are?"), YES_NO_UNKNOWN)
    in_country: str | None = choice(
        Category.EXP, _("Are they in this country?"), YES_NO_UNKNOWN, when=("location_known", ("yes",))
    )
    location: str | None = account(
        Category.EXP, _("Where are they?"), when=("location_known", ("yes",)),
        help=_("Where the exploiter is, never where the person lives."),
    )  # fmt: skip
    knows_whereabouts: str | None = choice(
        Category.EXP, _("Do they know where the person is now?"), YES_NO_UNKNOWN,
        help=_("If they may, call whoever receives this: a safer place may be needed."),
    )  # fmt: skip


class Exploiters(Answers):
    """Those who did it, as far as the person can and wishes to say."""

    exploiters: tuple[Exploiter, ...] = group(Category.EXP, _("Who did it"), GENTLY)


class Others(Answers):
    """Other people who may be in the same situation, and what may happen again."""

    others_at_risk: str | None = choice(Category.EXP, _("Are other people in danger?"), YES_NO_UNKNOWN)
    others_details: str | None = account(
        Category.EXP,
        _("Who and where?"),
        _("Names are not needed."),
        when=("others_at_risk", ("yes", "unknown")),
    )
    future_exploitation: str | None = choice(
        Category.EXP, _("Are you concerned that the person may be exploited again?"), YES_NO_UNKNOWN
    )
    future_details: str | None = account(
        Category.EXP, _("Why?"), when=("future_exploitation", ("yes", "unknown")),
        help=_("Such as debts, threats, no money, or nobody to turn to."),
    )  # fmt: skip
