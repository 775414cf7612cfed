"""What comes in for looking and merging: the search, a reason."""

from app.kit.i18n import _
from app.kit.values import PartialDate
from app.safeguards.fields import Form, asked
from app.safeguards.words import Category


class Search(Form):
    """By what somebody is sought; nothing of it is kept."""

    name: str | None = asked(
        Category.ID, _("Name"), default=None, max_length=300, found_by="name",
        help=_("Two parts of the name, or one with the year of birth. Any script and any order will do."),
    )  # fmt: skip
    born_on: PartialDate | None = asked(
        Category.ID, _("Date of birth"), default=None, widget="partial_date", found_by="born",
        help=_("A year is enough."),
    )  # fmt: skip
    number: str | None = asked(
        Category.DOC, _("Number"), default=None, max_length=100,
        help=_("Of a document, a telephone, an e-mail address, or the reference of a case."),
    )  # fmt: skip


class ProposeMerge(Form):
    """Which other case is of the same person."""

    reference: str = asked(
        Category.STA, _("Reference of the other case"), min_length=8, max_length=40,
        help=_("Such as K7MT-4QXD. You must work on both."),
    )  # fmt: skip


class AnswerContact(Form):
    """Whether one is ready to talk to whoever asked."""

    agreed: bool = asked(Category.STA, _("Are you ready to talk?"), widget="yes_no")
