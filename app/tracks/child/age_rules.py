"""The rules of age: who may be a child is one, until a last word; what follows when somebody grows up."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from app.kit.clock import local_day
from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.effects import Alert, Effect, OpenTrack, SetAgeClass, SetMarks, TakeStep
from app.procedure.facts import Facts
from app.procedure.predicates import is_system
from app.procedure.refusal import refuse
from app.procedure.span import end_of
from app.safeguards.words import Role
from app.tracks.removal_again import removal_blocked_now, removal_looked_at_again

PRESUMED = "CETS 197 art. 10(3); Directive 2011/36/EU art. 13(2)"
ASSESSED = "OSCE Action Plan V.10.3; CETS 197 art. 10(3)"


def nobody_said_child(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    """INV-16: where somebody said child, or was not sure, nobody declares an adult; it is assessed."""
    if facts.age_class not in ("child", "uncertain"):
        return None
    return refuse(
        _("Somebody has said that the person is, or may be, a child: a declaration does not end this"),
        rule="INV-16", source=PRESUMED, unblock=_("The presumption, and an assessment if doubt remains"),
    )  # fmt: skip


def health_takes_part(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    """Ask for a team of several professions with health among them."""
    if form is None or "health" in form.team:
        return None
    return Fault(_("A health professional is part of the team"), "team")


def range_is_one(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    """Refuse a range whose end lies before its beginning."""
    if form is None or form.lowest <= form.highest:
        return None
    return Fault(_("The highest age cannot be less than the lowest"), "highest")


def range_reaches_childhood(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    """Call a result a child’s, or open, only where the range goes below 18."""
    if form is None or form.lowest < 18:
        return None
    return refuse(
        _("The whole range is 18 or more: this is another conclusion"), field="lowest", rule="INV-16",
        source=PRESUMED, unblock=_("The conclusion that fits the range"),
    )  # fmt: skip


def whole_range_is_adult(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    """INV-16: as long as one age of the range is a child’s, the person is a child."""
    if form is None or form.lowest >= 18:
        return None
    return refuse(
        _("The range includes ages under 18: the person is treated as a child"), field="lowest",
        rule="INV-16", source=PRESUMED, unblock=_("The conclusion “not conclusive”, which means child"),
    )  # fmt: skip


def remedy_until(facts: Facts) -> date | None:
    """Return the last day to challenge the result: named in the decision or by law, the later."""
    decided = facts.this.took("conclude_adult") if facts.this else None
    if decided is None:
        return None
    usual = local_day(decided.at, facts.profile.zone) + timedelta(
        days=facts.profile.number("age.remedy_days")
    )
    named = facts.this.day("remedy_until") if facts.this else None
    return max(usual, named) if named else usual


def remedy_is_over(facts: Facts, form: Any) -> Fault | None:
    """Let the last word be said only when the remedy has lapsed, or was lost."""
    if facts.this is None:
        return None
    if facts.this.state == "challenged":
        lost = form is None or (form.ended_by == "lost" and form.decision)
        if lost and not is_system(facts):
            return None
    else:
        until = remedy_until(facts)
        if until is not None and end_of(until, facts.profile) <= facts.now:
            return None
    return refuse(
        _("The result can still be challenged, or a challenge is not decided"), rule="INV-16", source=PRESUMED,
        unblock=_("The end of the remedy; until then the rules for children go on"),
    )  # fmt: skip


def is_grown(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    """Let nobody grow up before the month of the birthday is over."""
    grown = facts.this.day("grown_on") if facts.this else None
    if grown is not None and grown < facts.today:
        return None
    if grown is not None and end_of(grown, facts.profile) <= facts.now:
        return None
    return refuse(
        _("The person is not known to be 18 yet"), rule="INV-16", source=PRESUMED,
        unblock=_("The end of the month in which the person turns 18"),
    )  # fmt: skip


def aftercare_on(facts: Facts) -> date | None:
    """Return the day on which to begin to plan the time after 18."""
    grown = facts.this.day("grown_on") if facts.this else None
    if grown is None:
        return None
    month = grown.year * 12 + grown.month - 1 - facts.profile.number("age.aftercare_months")
    return date(month // 12, month % 12 + 1, 1)


def _month_of(form: Any) -> Iterator[Effect]:
    """Keep the last day of the month, so that no birthday stands unsealed."""
    day = getattr(form, "turns_18_on", None)
    if day is not None:
        last = date(day.year, day.month, monthrange(day.year, day.month)[1])
        yield SetMarks({"grown_on": last.isoformat()})


def child_said(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001 -- the signature of a consequence
    """Treat the person as a child, with a guardian, at once."""
    yield SetAgeClass("child")
    yield from _month_of(form)
    yield OpenTrack("guardian", "open")
    yield from removal_blocked_now()


def adult_said(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Record that nobody doubts that the person is an adult."""
    yield SetAgeClass("adult")


def doubted(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Presume childhood, with a guardian and an assessment of best interests, at once."""
    yield SetAgeClass("uncertain")
    yield from _month_of(form)
    yield OpenTrack("guardian", "open")
    yield from removal_blocked_now()
    yield Alert(_("Somebody may be a child: the rules for children apply from now on"), urgent=True)


def presumed(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """See that somebody acts for whoever is, or may be, a child."""
    yield OpenTrack("guardian", "open")
    yield from removal_blocked_now()


def doubt_raised(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Tell guardian and lawyer; the person stays a child."""
    yield from _month_of(form)
    for role in (Role.GUA, Role.LEG):
        yield Alert(_("An age is doubted; the rules for children go on"), role=role, urgent=True)


def child_found(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Settle that the person is a child."""
    yield SetAgeClass("child")
    yield from _month_of(form)
    yield from removal_blocked_now()


def adult_found(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Tell those who can challenge it; nothing else changes yet."""
    for role in (Role.LEG, Role.GUA):
        yield Alert(
            _("A result about an age can be challenged; the rules for children go on"), role=role, urgent=True
        )


def final(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """End the rules for children, and plan the change with the person."""
    yield SetAgeClass("adult")
    yield from _passage()


def grown(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Let the person be 18: the case stays open, help goes on, and what others decided is asked anew."""
    yield SetAgeClass("adult")
    yield from _passage()
    anew = {"kind": "trigger", "trigger": "birthday_18"}
    yield TakeStep("inra", "replace", anew)
    yield OpenTrack("inra", "plan", anew)


def _passage() -> Iterator[Effect]:
    yield Alert(
        _("The rules for children end: plan what comes next; the case stays open"),
        role=Role.SOC,
    )
    yield Alert(_("The guardianship is to be handed over and ended"), role=Role.GUA)
    yield Alert(_("Consents that others gave are to be asked of the person themselves"), role=Role.NGO)
    yield Alert(_("Papers on the childhood stay restricted; proceedings may change"), role=Role.LEG)
    yield from removal_looked_at_again()


def remedy_clock(facts: Facts) -> datetime | None:
    """Return when the remedy is over."""
    until = remedy_until(facts)
    return end_of(until, facts.profile) if until else None
