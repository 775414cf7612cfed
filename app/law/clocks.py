"""The clocks of a track, told: their lengths, what the national laws change, what happens when they are due."""

from collections.abc import Iterator

from app.kit.i18n import _, translate
from app.law.source import days_read, national_keys
from app.law.told import ClockTold, LengthTold
from app.law.words import ONE, TIMER
from app.procedure.declaration import Deadline, Track
from app.profiles.citation import cited
from app.profiles.compare import UNITS, shown_name, title
from app.profiles.profile import Number, codes, load
from app.safeguards.fields import questions
from app.safeguards.matrix import MATRIX
from app.safeguards.words import Role

COUNTED = {  # how a unit of time is counted
    "working_days": _("public holidays and weekends do not count"),
    "working_hours": _("public holidays and weekends do not count"),
    "days": _("calendar days"),
}


class Clocks:
    """Tells the clocks of one track in one language."""

    def __init__(self, track: Track, language: str) -> None:
        """Take the track and the language."""
        self.track = track
        self.language = language

    def say(self, text: str) -> str:
        """Return a marked text."""
        return translate(text, self.language)

    def all(self) -> Iterator[ClockTold]:
        """Yield every clock."""
        for each in self.track.deadlines:
            yield ClockTold(
                name=each.name,
                label=self.say(each.label),
                starts=tuple(dict.fromkeys(self.say(self.track.step(name).label) for name in each.starts)),
                lengths=tuple(length_told(key, self.language) for key in self._keys(each)),
                days=tuple(self._day(mark) for mark in self._days(each)),
                responsible=self._who(each.responsible),
                when_due=self._when_due(each),
                told=self._who(each.alerts) if each.alerts else "",
                basis=cited(each.basis, self.language),
                proposal=each.proposal,
            )

    @staticmethod
    def _keys(each: Deadline) -> tuple[str, ...]:
        rule = each.lasts or each.at
        return () if isinstance(rule, str) else national_keys(rule)

    @staticmethod
    def _days(each: Deadline) -> tuple[str, ...]:
        rule = each.at or each.lasts
        return (rule,) if isinstance(rule, str) else days_read(rule)

    def _day(self, mark: str) -> str:
        """Return the question whose answer is the day that a clock counts from or to."""
        for step in self.track.steps:
            if mark in step.form.model_fields:
                return self.say(questions(step.form)[mark].label)
        return self.say(_("a day that a rule of this track works out"))

    def _who(self, role: Role) -> str:
        return self.say(TIMER) if role is Role.SYS else MATRIX.name(role, self.language)

    def _when_due(self, each: Deadline) -> str:
        if each.expires:
            label = self.say(self.track.step(each.expires).label)
            return self.say(_("the timer takes the step “{step}”")).format(step=label)
        if each.reminder:
            return self.say(_("a reminder; it is never overdue"))
        return self.say(_("it is overdue until the step is taken; nothing is lost by it"))


def length_told(key: str, language: str) -> LengthTold:
    """Return a number of the floor with its source, and the countries whose law has another."""
    number = load().entry(key)
    others = (load(code) for code in codes()[1:])
    return LengthTold(
        key=key,
        title=title(key, language),
        words=_number(number, language),
        source=cited(number.source, language),
        elsewhere=tuple(
            f"{shown_name(each, language)}{translate(_(':'), language)} {_number(each.entry(key), language)}"
            for each in others
            if each.number(key) != number.value
        ),
    )


def _number(number: Number, language: str) -> str:
    """Return a number in words, with how it is counted."""
    if number.unit == "yes_no":
        return translate(_("yes") if number.value else _("no"), language)
    counted = COUNTED.get(number.unit)
    unit = ONE.get(number.unit, UNITS[number.unit]) if number.value == 1 else UNITS[number.unit]
    said = f"{number.value} {translate(unit, language)}"
    return f"{said} ({translate(counted, language)})" if counted else said
