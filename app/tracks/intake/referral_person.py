"""What a referral asks about the person: name, age, nationality, family, life before; all may be left out."""

from app.kit.i18n import _
from app.kit.values import PartialDate
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks.answers import SHORT, Answers, account, choice, day, group, line, ticks
from app.tracks.codes import (
    COUNTRIES,
    EDUCATION,
    GENDER,
    MARITAL_STATUS,
    NATIONALITIES,
    YES_NO,
    YES_NO_UNKNOWN,
)
from app.tracks.intake.referral_codes import LETTER_TO, NAME_KINDS


class OtherName(Answers):
    """Another name of the person."""

    kind: str | None = choice(Category.ID, _("Kind of name"), NAME_KINDS)
    name: str = asked(Category.ID, _("Name"), max_length=SHORT, found_by="name")


class PersonNames(Answers):
    """The person's names as she says them, in any script, one or many."""

    name_to_use: str | None = line(
        Category.ID, _("What would the person like to be called?"), minimal=True, found_by="name",
        help=_("Use it whenever you speak with the person or write to them."),
    )  # fmt: skip
    given_names: str | None = line(
        Category.ID, _("Given names"), _("As the person says them, in any script."), minimal=True,
        standard="prs_FirstName", found_by="name",
    )  # fmt: skip
    family_names: str | None = line(
        Category.ID, _("Family names"), _("Leave it empty if the person has one name only."), minimal=True,
        standard="prs_SecondName", found_by="name",
    )  # fmt: skip
    nicknames: str | None = line(
        Category.ID, _("Nicknames"), found_by="name",
        help=_("By which others know the person, those who exploited them included."),
    )  # fmt: skip
    other_names: tuple[OtherName, ...] = group(
        Category.ID, _("Other names"), help=_("Such as a birth name, a name in papers, or another spelling.")
    )


class Birth(Answers):
    """When and where the person was born, as far as known; an age range will do."""

    born_on: PartialDate | None = day(
        Category.ID, _("Date of birth"), _("A year is enough. Leave it empty if it is not known."),
        standard="prs_Birthdate", minimal=True, found_by="born",
    )  # fmt: skip
    age_from: int | None = asked(
        Category.ID, _("At least how old?"), default=None, widget="number", ge=0, le=120, minimal=True,
        help=_("Only where the date of birth is not known; a rough guess will do."),
    )  # fmt: skip
    age_to: int | None = asked(
        Category.ID, _("At most how old?"), default=None, widget="number", ge=0, le=120, minimal=True
    )
    birthplace: str | None = line(
        Category.ID, _("Place of birth"), help=_("Town or village, as the person says it.")
    )
    birth_country: str | None = choice(Category.ID, _("Country of birth"), COUNTRIES)
    gender: str | None = choice(
        Category.ID, _("How does the person describe their gender?"), GENDER, minimal=True,
        standard="prs_Gender", found_by="sex", help=_("As the person says it, whatever the papers say."),
    )  # fmt: skip


class Nationality(Answers):
    """Several nationalities, or none."""

    nationalities: tuple[str, ...] = ticks(
        Category.NAT, _("Nationality"), NATIONALITIES,
        _("All that the person has. Stateless and not known are answers too."), widget="select",
        standard="prs_Citizenship", max_length=5, minimal=True,
    )  # fmt: skip
    immigration_reference: str | None = line(
        Category.NAT,
        _("Reference of the immigration authority"),
        _("Only if the person has one."),
        max_length=60,
        found_by="number",
    )


class Child(Answers):
    """A child of the person."""

    name: str | None = line(
        Category.FAM, _("Name"), help=_("Only if the person wishes; a first name will do.")
    )
    born_on: PartialDate | None = day(Category.FAM, _("Date of birth, or year"))
    gender: str | None = choice(Category.FAM, _("Gender"), GENDER)
    country: str | None = choice(Category.FAM, _("In which country is the child?"), COUNTRIES)
    cared_for_by: str | None = line(
        Category.FAM, _("Who looks after the child?"), help=_("Such as “the grandmother”. No address.")
    )
    safe: str | None = choice(
        Category.FAM, _("Is the child safe?"), YES_NO_UNKNOWN,
        help=_("Also from those who exploited the parent."),
    )  # fmt: skip
    details: str | None = account(
        Category.FAM, _("Anything else about the child?"),
        help=_("Such as what the person worries about. No address."),
    )  # fmt: skip


class Family(Answers):
    """Children and other relatives, above all where they may be in danger."""

    has_children: str | None = choice(
        Category.FAM, _("Does the person have children?"), YES_NO_UNKNOWN, minimal=True
    )
    children_count: int | None = asked(
        Category.FAM, _("How many?"), default=None, widget="number", ge=0, le=40, minimal=True,
        when=("has_children", ("yes",)), standard="prs_NumberOfChildren",
    )  # fmt: skip
    children: tuple[Child, ...] = group(
        Category.FAM, _("Children"), when=("has_children", ("yes",)),
        help=_("As far as the person wishes to say."),
    )  # fmt: skip
    marital_status: str | None = choice(
        Category.FAM, _("Marital status"), MARITAL_STATUS, standard="prs_MaritalStatus"
    )
    family_background: str | None = account(
        Category.FAM, _("Family, and whether any of them is in danger"),
        _("Write down what the person tells of their own accord. Do not probe."),
    )  # fmt: skip


class Background(Answers):
    """Life before it happened."""

    background: str | None = account(
        Category.EXP, _("Life before"), _("Where the person grew up and lived. Do not probe.")
    )
    education: str | None = choice(
        Category.LAB, _("Schooling"), EDUCATION, standard="prs_HighestLevelOfEducation"
    )
    education_details: str | None = account(
        Category.LAB, _("More about school or training"),
        help=_("Such as a trade or courses, and what the person would like to go on with."),
    )  # fmt: skip
    work_before: str | None = account(
        Category.LAB, _("Work before it happened"),
        help=_("Paid or not, such as on a farm, at home or in a shop."),
    )  # fmt: skip


class DecisionLetter(Answers):
    """To whom the decision is written, and where a letter or e-mail does no harm."""

    letter_to: str | None = choice(
        Category.CON, _("To whom should the decision be sent?"), LETTER_TO,
        _("A letter that somebody else opens can put the person in danger."),
    )  # fmt: skip
    letter_name: str | None = line(
        Category.CON, _("Name of the trusted person"), when=("letter_to", ("someone_else",)),
        help=_("Somebody whom the person chose, such as a lawyer or a friend."),
    )  # fmt: skip
    letter_relation: str | None = line(
        Category.CON, _("Who is that to the person?"), when=("letter_to", ("someone_else",)),
        help=_("Such as lawyer, sister or friend."),
    )  # fmt: skip
    letter_permitted: str | None = choice(
        Category.CON, _("Has the person agreed that the letter goes there?"), YES_NO,
        when=("letter_to", ("someone_else",)),
    )  # fmt: skip
    letter_email: str | None = line(
        Category.CON, _("E-mail"), max_length=254, help=_("One that nobody else can open.")
    )
    letter_email_safe: str | None = choice(
        Category.CON, _("Is it safe to write to this e-mail?"), YES_NO_UNKNOWN
    )
    letter_post: str | None = line(
        Category.CON, _("Postal address"), max_length=1000,
        help=_("Where nobody else opens the post. Never the address of a shelter."),
    )  # fmt: skip
    letter_post_safe: str | None = choice(
        Category.CON, _("Is it safe to write to this address?"), YES_NO_UNKNOWN
    )
    letter_language: str | None = line(
        Category.CON, _("Language of the letter, and anything needed to read it"), max_length=200,
        help=_("Such as large print, or somebody who reads it aloud."),
    )  # fmt: skip
