"""Protection of victims and witnesses, their families and those who help: threats looked at, measures taken."""

from collections.abc import Iterator
from typing import Any

from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import Alert, Effect
from app.procedure.facts import Facts
from app.safeguards.words import Category, Role
from app.tracks.days import in_order
from app.tracks.justice import protection_forms as forms
from app.tracks.needs_again import needs_again

POL = frozenset({Role.POL})
LOOKING = frozenset({Role.POL, Role.NGO, Role.SOC})
RUNS = ("assessed", "requested", "active")
THREATS = "OSCE Action Plan III.4.1; A/65/113, 23"
PROTECTS = "OSCE Action Plan III.4.1 and III.4.4; CETS 197 art. 28"


def _assessed(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    if "critical" in (form.life, form.physical, form.psychological, form.property):
        yield Alert(_("Look again at whether the house is safe"), role=Role.SHE, urgent=True)
        yield from needs_again("threat")


def _asked(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield Alert(_("Measures of protection are asked for"), role=Role.POL, urgent=True)


def _refused(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield Alert(_("Measures of protection were refused: a remedy is open"), role=Role.LEG, urgent=True)


def _due(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield Alert(_("Look at threats again"), role=Role.POL, urgent=True)


def _look_again(state: str) -> Step:
    return Step(
        "look_again", _("Threats are to be looked at again"), (state,), state, frozenset({Role.SYS}), THREATS,
        _("{who} asked for another look at the threats"), then=_due,
    )  # fmt: skip


def _review(state: str) -> Step:
    return Step(
        "review", _("Record a look at threats and measures"), (state,), state, LOOKING, THREATS,
        _("{who} looked at threats and measures"), forms.ReviewProtection,
    )  # fmt: skip


TRACK = Track(
    slug="witness_protection",
    number="T17",
    label=_("Protection of victims and witnesses"),
    purpose=_("Victims, witnesses, their families and their helpers are protected from retaliation."),
    family="justice",
    sources="OSCE Action Plan III.4.1 and III.4.4; A/65/113, 23; CETS 197 art. 28",
    summary=Category.CRI,
    states=(
        State("not_assessed", _("Threats not looked at yet")),
        State("assessed", _("Threats looked at")),
        State("requested", _("Measures asked for")),
        State("active", _("Active")),
        State("refused", _("Measures refused")),
        State("ended", _("Ended"), terminal=True),
    ),
    steps=(
        Step(
            "open", _("Look at threats"), (), "not_assessed", frozenset({Role.SYS}), THREATS,
            _("{who} asked for a look at the threats"), then=_due,
        ),
        Step(
            "assess", _("Record the threats"), ("not_assessed", "refused", "active"), "assessed", LOOKING,
            THREATS, _("{who} recorded how great the threats are"), forms.AssessThreat, then=_assessed,
        ),
        Step(
            "request", _("Ask for measures"), ("assessed",), "requested",
            frozenset({Role.POL, Role.LEG, Role.NGO, Role.GUA, Role.VIC}), PROTECTS,
            _("{who} asked for measures of protection"), forms.RequestProtection, invariants=("INV-01",),
            then=_asked, help=_("Whoever is threatened can be protected, whether they testify or not."),
        ),
        Step(
            "no_need", _("Nothing is needed"), ("assessed",), "ended", POL | {Role.SUP}, PROTECTS,
            _("{who} found that no protection is needed"), forms.NoNeed, invariants=("INV-20",),
            apart_from=("assess",),
        ),
        Step(
            "grant", _("Grant measures"), ("requested",), "active", POL, PROTECTS,
            _("{who} granted measures of protection"), forms.GrantProtection,
            guards=(in_order("from_on", "until_on"),), invariants=("INV-12",),
            help=_("Where and how is kept by the protection unit, never here."),
        ),
        Step(
            "refuse", _("Refuse measures"), ("requested",), "refused", POL, PROTECTS,
            _("{who} refused measures of protection"), forms.RefuseProtection, then=_refused,
        ),
        Step(
            "end", _("End the measures"), ("active",), "ended", POL, PROTECTS,
            _("{who} ended the measures of protection"), forms.EndProtection, invariants=("INV-20",),
            apart_from=("grant", "review"), help=_("A second officer ends them, after the person was heard."),
        ),
        *map(_look_again, ("not_assessed", *RUNS, "refused")),
        *map(_review, RUNS),
    ),
    deadlines=(
        Deadline(
            "assess", _("Threats are looked at"), ("open", "look_again"), ("not_assessed",), THREATS,
            Role.POL, lasts=national("protection.assess_hours"), proposal=True,
        ),
        Deadline(
            "again", _("Threats are looked at again"), ("look_again",), (*RUNS, "refused"), THREATS, Role.POL,
            lasts=national("protection.assess_hours"), stops=("assess", "review"), proposal=True,
        ),
        Deadline(
            "review", _("Review of threats and measures"), ("assess", "grant", "review"), RUNS, PROTECTS,
            Role.POL, lasts=national("protection.review_days"), proposal=True,
        ),
    ),
    notes=(
        _("A new identity or address is never kept here."),
        _("Others see only that protection is active."),
        _("It is looked at before and after each hearing, and when a suspect is free."),
    ),
)  # fmt: skip
