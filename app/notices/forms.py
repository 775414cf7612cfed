"""What a worker says when the person is to be told: by which way, at which hours, in which language."""

from app.kit.i18n import _
from app.notices.hours import DAYS
from app.safeguards.fields import Form, asked
from app.safeguards.words import Category

CON = Category.CON
LANGUAGES = {"en": _("English"), "fr": _("French")}
WEEK = dict(
    zip(
        DAYS,
        (
            _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
        ),
        strict=True,
    )
)  # fmt: skip
SAID = {
    "yes": _("Yes: this way, these hours and this language"),
    "no": _("No, or not all of it"),
}


class TellPerson(Form):
    """Let the person be told that there is something new; nothing else is ever said."""

    way: int = asked(
        CON, _("By which of the ways that the person called safe?"), widget="choice", ge=0, le=30
    )
    language: str = asked(CON, _("In which language may it be written?"), widget="choice", choices=LANGUAGES)
    days: tuple[str, ...] = asked(
        CON, _("On which days may it arrive?"), widget="ticks", choices=WEEK, min_length=1, max_length=7
    )
    from_hour: int = asked(CON, _("From which hour?"), widget="number", ge=0, le=23)
    until_hour: int = asked(
        CON, _("Until which hour?"), widget="number", ge=1, le=24,
        help=_("In the time of the country. 24 is midnight."),
    )  # fmt: skip
    confirmed: str = asked(
        CON, _("Has the person said, in these days, that all of this is safe?"), widget="choice", choices=SAID,
        help=_("Ask, do not guess. Somebody else may hold the telephone."),
    )  # fmt: skip
