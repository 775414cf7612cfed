"""What is asked about a lawyer or another who represents the person: matters, mandate, no conflict."""

from uuid import UUID

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks.answers import Answers, account, choice, line, ticks
from app.tracks.codes import LANGUAGES
from app.tracks.rules import Confirmed

LEG = Category.LEG

MATTERS = {
    "criminal": _("Criminal case"),
    "civil": _("Compensation"),
    "labour": _("Work and wages"),
    "asylum": _("Asylum"),
    "residence": _("Stay"),
    "family": _("Family and children"),
}
TYPES = {
    "lawyer": _("A lawyer"),
    "NGO": _("An organisation that may act in court"),
    "union": _("A trade union"),
    "child_representative": _("The representative of a child"),
}
REPLACEMENTS = {
    "person_wishes": _("The person wishes it"),
    "conflict": _("A conflict of interest came out"),
    "unavailable": _("Is no longer available"),
    "language": _("No common language"),
    "other_matter": _("Another field of law is needed"),
}
ENDS = {
    "matters_done": _("All matters are done"),
    "person_wishes": _("The person wishes it"),
    "moved": _("The person moved away"),
    "resigned": _("The mandate was laid down"),
}


class RepresentationNeeded(Answers):
    """For what somebody is needed."""

    matters: tuple[str, ...] = ticks(
        LEG, _("For what is somebody needed?"), MATTERS, default=("residence",), clear=_("statistics")
    )


class OfferRepresentation(Answers):
    """That it was offered, that it costs nothing, and in a language that the person understands."""

    free_legal_aid: bool = asked(LEG, _("Is it free of charge?"), widget="yes_no", clear=_("statistics"))
    language: str = choice(LEG, _("In which language?"), LANGUAGES, default=...)
    interpreter: str | None = line(LEG, _("Interpreter"), help=_("Leave empty if there was none."))


class AppointRepresentative(Answers):
    """Who acts, by which mandate, for what; nobody who also acts for a suspect."""

    representative_type: str = choice(LEG, _("Who acts?"), TYPES, default=..., clear=_("statistics"))
    representative_user: UUID | None = asked(
        LEG, _("Which person, if they use this service"), default=None, widget="user",
        clear=_("the team follows from it"), help=_("They see the case as far as the mandate goes."),
    )  # fmt: skip
    name: str | None = line(
        LEG, _("Name, if they do not use this service"), help=_("First and last name, and the office.")
    )
    mandate: str = line(
        LEG, _("Where the signed mandate is"), default=..., min_length=1,
        help=_("For instance: in the lawyer’s file, number 214."),
    )  # fmt: skip
    scope: tuple[str, ...] = ticks(
        LEG, _("For what?"), MATTERS, default=..., min_length=1, clear=_("what they may see")
    )
    conflict_checked: Confirmed = asked(
        LEG, _("It was checked: they act for no suspect in this matter"), widget="yes_no"
    )


class ReplaceRepresentative(Answers):
    """Why somebody else is looked for."""

    reason: str = choice(LEG, _("Why?"), REPLACEMENTS, default=...)


class EndRepresentation(Answers):
    """Why the mandate ends, and to whom open matters went."""

    reason: str = choice(LEG, _("Why?"), ENDS, default=...)
    handed_over: str = account(
        LEG, _("To whom did open matters and their last days go?"), default=..., min_length=1, max_length=4000,
        help=_("Write “none” if nothing is open."),
    )  # fmt: skip
