"""A service of the plan: planned, offered, taken or not; to decline closes no door, and none ends it alone."""

from collections.abc import Callable, Iterator
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import Alert, Effect
from app.procedure.facts import Facts
from app.procedure.refusal import refuse
from app.procedure.span import Span
from app.safeguards.words import Role
from app.tracks.rules import not_in_future
from app.tracks.support import assistance_forms as forms

HELPERS = frozenset({Role.NGO, Role.SOC, Role.SHE, Role.HEA, Role.LEG})
HERSELF = frozenset({Role.VIC, Role.GUA}) | HELPERS
HELP = "OSCE Action Plan V.4.1 and V.6.1; CETS 197 art. 12"
UNCONDITIONAL = "OSCE Action Plan V.4.2; CETS 197 art. 12(6); Directive 2011/36/EU art. 11(3)"
CHILD_HELP = "OSCE Addendum 8; Directive 2011/36/EU art. 14"
NOT_YET = ("planned", "offered", "accepted", "unavailable")
ENDING = ("active", "suspended", "accepted")
# What a child is offered within a day, within some days, and within a time for school.
AT_ONCE = ("accommodation", "emergency_medical")
SOON = ("psychological", "legal_information", "legal_representation", "social_work")
LEGAL = ("legal_information", "legal_representation")
# The six of CETS 197 art. 12(1), each with the services that answer it; the last is for children.
MINIMUM: dict[str, tuple[str, ...]] = {
    "subsistence": ("accommodation", "material", "psychological"),
    "emergency_medical": ("emergency_medical", "health"),
    "interpretation": ("interpretation", "cultural_mediation"),
    "information": ("legal_information",),
    "proceedings": ("legal_representation",),
    "education": ("education",),
}
ANSWERED = ("active", "declined", "completed")


def minimum_open(facts: Facts) -> tuple[str, ...]:
    """Return which of the six kinds of minimum help are neither going on, nor done, nor declined."""
    answered = {
        str(each.marks.get("type"))
        for each in facts.tracks
        if each.slug == "assistance_service" and each.state in ANSWERED
    }
    return tuple(
        name
        for name, types in MINIMUM.items()
        if (name != "education" or facts.is_child)
        and not (set(types) <= answered if name == "subsistence" else set(types) & answered)
    )


def is_signed_off(facts: Facts, form: Any) -> Fault | None:
    """Let a service end against nobody’s wish but the person’s only where a supervisor agreed to this reason."""
    if form is None or form.ended_for == "victim_wish" or facts.this is None:
        return None
    signed = facts.this.took("sign_off")
    moved = next((each for each in reversed(facts.this.history) if each.from_ != each.to), None)
    fresh = signed is not None and (moved is None or signed.at >= moved.at)
    if fresh and facts.this.marks.get("code") == form.ended_for:
        return None
    return refuse(
        _("A supervisor agrees first that the service ends for this reason; until then it goes on"),
        field="ended_for", rule="INV-20", source=UNCONDITIONAL,
        unblock=_("The supervisor’s agreement, or the person’s own wish"),
    )  # fmt: skip


def _later(facts: Facts, form: Any) -> Fault | None:
    if form is None or form.review_on > facts.today:
        return None
    return Fault(_("The day must lie in the future"), "review_on")


def _type(facts: Facts) -> str:
    return str(facts.this.marks.get("type")) if facts.this else ""


def _for(key: str, types: tuple[str, ...], *, child: bool | None = None) -> Callable[[Facts], Span | None]:
    """Return a clock’s length for services of those types; `child` only for children, or only for adults."""
    span = national(key)

    def lasts(facts: Facts) -> Span | None:
        applies = _type(facts) in types and child in (None, facts.is_child)
        return span(facts) if applies else None

    return lasts


def _gap(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001 -- the signature of a consequence
    yield Alert(_("One more service is not available"), role=Role.NCR)
    yield Alert(_("A service is not available: ask another provider"))


def _asks_end(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield Alert(_("A supervisor agreed that a service may end"))


def _ended(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield Alert(_("A service has ended: look whether the need is met"))


def _sign_off(state: str) -> Step:
    return Step(
        "sign_off", _("Agree that it may end"), (state,), state, frozenset({Role.SUP}), UNCONDITIONAL,
        _("{who} agreed that the service may end"), forms.SignOff, invariants=("INV-01",), then=_asks_end,
        help=_("The service goes on until somebody who gives it ends it."),
    )  # fmt: skip


TRACK = Track(
    slug="assistance_service",
    number="T06",
    label=_("Service"),
    purpose=_("Help is planned, offered, taken or not; to decline closes no door, and nobody ends it alone."),
    family="support",
    sources="OSCE Action Plan V.4.1 and V.6.1; OSCE Addendum 8; CETS 197 art. 12; Directive 2011/36/EU art. 11 and 14",
    per_case=False,
    states=(
        State("planned", _("Planned")),
        State("offered", _("Offered")),
        State("accepted", _("Accepted")),
        State("declined", _("Declined by the person")),
        State("active", _("Going on")),
        State("suspended", _("Paused")),
        State("completed", _("Completed"), terminal=True),
        State("discontinued", _("Ended early"), terminal=True),
        State("unavailable", _("Not available")),
    ),
    steps=(
        Step(
            "plan", _("Plan a service"), (), "planned", HELPERS | {Role.GUA}, HELP, _("{who} planned a service"),
            forms.PlanService, invariants=("INV-26",),
        ),
        Step(
            "offer", _("Offer the service"), ("planned",), "offered", HELPERS, UNCONDITIONAL,
            _("{who} offered the service"), forms.OfferService, invariants=("INV-01",),
        ),
        Step(
            "accept", _("The person takes it"), ("offered",), "accepted", HERSELF, HELP,
            _("{who} recorded that the service is taken"), forms.AcceptService, invariants=("INV-26",),
        ),
        Step(
            "decline", _("The person does not want it now"), ("offered",), "declined", HERSELF, UNCONDITIONAL,
            _("{who} recorded that the service is not wanted now"), forms.DeclineService,
            guards=(not_in_future("declined_on"),), help=_("No reason is asked. It can be offered again."),
        ),
        Step(
            "offer_again", _("Offer it again"), ("declined", "unavailable"), "offered", HELPERS, UNCONDITIONAL,
            _("{who} offered the service again"), forms.OfferService, invariants=("INV-01",),
        ),
        Step(
            "no_capacity", _("Say that it is not available"), ("planned", "offered"), "unavailable", HELPERS, HELP,
            _("{who} recorded that the service is not available"), forms.NoCapacity,
            guards=(not_in_future("waiting_since"),), then=_gap,
        ),
        Step(
            "start", _("The service begins"), ("accepted",), "active", HELPERS, UNCONDITIONAL,
            _("{who} recorded that the service has begun"), forms.StartService, invariants=("INV-01",),
        ),
        Step(
            "suspend", _("Pause the service"), ("active",), "suspended", HELPERS | {Role.VIC}, UNCONDITIONAL,
            _("{who} paused the service"), forms.SuspendService, guards=(_later,), invariants=("INV-01",),
        ),
        Step(
            "resume", _("The service goes on"), ("suspended",), "active", HELPERS, UNCONDITIONAL,
            _("{who} recorded that the service goes on"), invariants=("INV-01",),
        ),
        Step(
            "complete", _("The service is completed"), ("active", "suspended"), "completed", HELPERS, HELP,
            _("{who} recorded that the service is completed"), forms.CompleteService,
        ),
        *map(_sign_off, ENDING),
        Step(
            "discontinue", _("End the service early"), ENDING, "discontinued", HELPERS, UNCONDITIONAL,
            _("{who} ended the service early"), forms.DiscontinueService,
            guards=(is_signed_off, not_in_future("ended_on")), invariants=("INV-01", "INV-20"),
            apart_from=("sign_off",), then=_ended,
        ),
    ),
    deadlines=(
        Deadline(
            "emergency", _("Emergency medical care given"), ("plan",), NOT_YET, HELP, Role.HEA,
            lasts=_for("assistance.emergency_hours", ("emergency_medical",)), proposal=True,
        ),
        Deadline(
            "legal", _("First appointment for legal advice"), ("plan",), NOT_YET, HELP, Role.LEG,
            lasts=_for("assistance.legal_working_days", LEGAL), proposal=True,
        ),
        Deadline(
            "child_at_once", _("Offered to a child at once"), ("plan",), ("planned", "unavailable"), CHILD_HELP,
            Role.SOC, lasts=_for("assistance.child_hours", AT_ONCE, child=True), proposal=True,
        ),
        Deadline(
            "child_soon", _("Offered to a child within days"), ("plan",), ("planned", "unavailable"), CHILD_HELP,
            Role.SOC, lasts=_for("assistance.child_working_days", SOON, child=True), proposal=True,
        ),
        Deadline(
            "school", _("School offered to a child"), ("plan",), ("planned", "unavailable"), CHILD_HELP, Role.SOC,
            lasts=_for("assistance.school_days", ("education",), child=True), proposal=True,
        ),
        Deadline(
            "pause", _("The pause is looked at again"), ("suspend",), ("suspended",), HELP, Role.NGO, at="review_on",
        ),
    ),
    notes=(
        _("Help depends on nothing that the person says or does not say to anybody."),
        _("A service that is declined can be offered again, and asked for at any time."),
        _("A list shows which of the six kinds of minimum help are neither given nor declined."),
        _("A service ends early by the person’s wish, or with a supervisor’s agreement to the reason."),
    ),
)  # fmt: skip
