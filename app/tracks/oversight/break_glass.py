"""Emergency access: reason first, one case, hours not days, told at once to those who watch, and always reviewed.

It stands on the case that is to be opened. Who is not on its team cannot take the first step as a member: the door
that breaks the glass takes it, writes the reason down, and shows nothing before the grant.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import (
    Alert,
    CallIn,
    Effect,
    JoinTeam,
    LeaveTeam,
    OpenTrack,
    SetMarks,
    TakeStep,
)
from app.procedure.facts import Facts, StepTaken
from app.procedure.refusal import refuse
from app.procedure.span import due
from app.safeguards.words import Category, Relation, Role
from app.tracks.oversight import emergency_forms as forms

ASKING = frozenset({Role.POL, Role.NGO, Role.SOC, Role.HEA, Role.SHE, Role.GUA, Role.LEG})
SUP = frozenset({Role.SUP})
REVIEWING = frozenset({Role.AUD, Role.SUP})
EMERGENCY = "Directive (EU) 2016/680 art. 25; Regulation (EU) 2016/679 art. 6(1)(d) and 32"
OPENED = ("granted", "expired")
PLACE = Category.LOC.value
ASKED_FOR = _("Emergency access is asked for")
BROKEN = _("Somebody opened a case in an emergency: look at why")


def _asked_by(facts: Facts) -> StepTaken | None:
    return facts.this.took("request") if facts.this else None


def scope_of(facts: Facts, form: Any) -> tuple[str, ...]:
    """Return what would be opened: what the grant names, or what was asked for without the place."""
    named = tuple(form.scope) if form is not None else ()
    wanted = tuple(str(each) for each in facts.this.marks.get("categories", ())) if facts.this else ()
    return named or tuple(each for each in wanted if each != PLACE)


def within_what_was_asked(facts: Facts, form: Any) -> Fault | None:
    """Open no more than was asked for, with a reason."""
    asked = set(facts.this.marks.get("categories", ())) if facts.this else set()
    if form is None or set(form.scope) <= asked:
        return None
    return Fault(_("Nothing is opened that was not asked for with a reason"), "scope")


def place_only_by_its_own(facts: Facts, form: Any) -> Fault | None:
    """INV-12: the place is opened only to staff of the shelter, by their own supervisor."""
    if form is None or PLACE not in form.scope:
        return None
    asked = _asked_by(facts)
    own = (
        asked is not None
        and asked.role is Role.SHE
        and facts.actor.role is Role.SUP
        and asked.organisation_id is not None
        and asked.organisation_id == facts.actor.organisation_id
    )
    if own:
        return None
    return refuse(
        _("Where a person lives is opened only to the shelter’s own staff, by their own supervisor"), field="scope",
        rule="INV-12", source="OSCE Action Plan V.4.3", unblock=_("The shelter’s own supervisor"),
    )  # fmt: skip


def something_is_opened(facts: Facts, form: Any) -> Fault | None:
    """Grant nothing that is nothing."""
    if form is None or scope_of(facts, form):
        return None
    return Fault(_("Name what is opened"), "scope")


def earlier_was_reviewed(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    """Suspend the right of somebody whose last emergency access was not reviewed in time."""
    late = national("emergency.review_working_days")(facts)
    for each in facts.tracks:
        granted, asked = each.took("grant"), each.took("request")
        if (
            each.slug == "break_glass"
            and each.state in OPENED
            and granted is not None
            and asked is not None
            and asked.actor_id == facts.actor.user_id
            and due(granted.at, late, facts.profile) < facts.now
        ):
            return refuse(
                _("Your last emergency access was not reviewed in time: the right is suspended until it is"),
                rule="emergency.review_working_days", source=EMERGENCY, unblock=_("The review of the last one"),
            )  # fmt: skip
    return None


def until(facts: Facts) -> datetime:
    """Return when an access that is granted now ends."""
    return due(facts.now, national("emergency.hours")(facts), facts.profile)


def ends_at(facts: Facts) -> datetime | None:
    """Return when the access ends."""
    granted = facts.this.took("grant") if facts.this else None
    return due(granted.at, national("emergency.hours")(facts), facts.profile) if granted else None


def _asked(facts: Facts, form: Any) -> Iterator[Effect]:
    """Call in both who review it, who see nothing of the case by this; then open at once what may be opened."""
    yield JoinTeam(Relation.OVERSIGHT, Role.SUP)  # of whoever asks
    yield CallIn(Role.AUD, Relation.OVERSIGHT)
    opened = [each for each in form.categories if each != PLACE]
    if opened:
        yield TakeStep("break_glass", "grant", {"scope": opened, "reason": form.reason})
        return
    yield Alert(ASKED_FOR, role=Role.SUP, organisation_id=facts.actor.organisation_id, urgent=True)
    yield Alert(ASKED_FOR, role=Role.AUD, urgent=True)


def _granted(facts: Facts, form: Any) -> Iterator[Effect]:
    """Let whoever asked in, to what was named and until when; tell who coordinates, and both who review it."""
    asked = _asked_by(facts)
    scope = scope_of(facts, form)
    yield SetMarks({"scope": list(scope), "until": until(facts).isoformat()})
    yield Alert(BROKEN, urgent=True)
    yield Alert(BROKEN, role=Role.AUD, urgent=True)
    yield Alert(BROKEN, role=Role.SUP, urgent=True)
    if asked is not None:
        yield Alert(BROKEN, role=Role.SUP, organisation_id=asked.organisation_id, urgent=True)
        yield JoinTeam(
            Relation.EMERGENCY, asked.role, user_id=asked.actor_id, until=until(facts), reason=form.reason,
            categories=frozenset(map(Category, scope)),
        )  # fmt: skip


def _reviewed(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001 -- the signature of a consequence
    """Let the reviewers go, unless another emergency access to this case still waits for them."""
    this, asked = facts.this, _asked_by(facts)
    others = (each for each in facts.tracks if each.slug == "break_glass" and this and each.id != this.id)
    if asked is None or any(each.state in OPENED for each in others):
        return
    yield LeaveTeam(Relation.OVERSIGHT, organisation_id=asked.organisation_id, role=Role.SUP)
    yield LeaveTeam(Relation.OVERSIGHT, role=Role.AUD)


def _abused(facts: Facts, form: Any) -> Iterator[Effect]:
    asked = _asked_by(facts)
    if asked is not None:
        yield LeaveTeam(Relation.EMERGENCY, user_id=asked.actor_id)
    yield OpenTrack("data_breach", "detect")
    yield Alert(_("Emergency access was misused"), role=Role.DPO, urgent=True)
    yield from _reviewed(facts, form)  # last: who found it may be gone from the team by this


TRACK = Track(
    slug="break_glass",
    number="T26",
    label=_("Emergency access"),
    purpose=_("In danger a file can be opened for hours, with the reason first, watched at once and always reviewed."),
    family="oversight",
    sources=f"OSCE Action Plan V.4.3; {EMERGENCY}",
    summary=Category.CNS,
    per_case=False,
    states=(
        State("requested", _("Asked for")),
        State("granted", _("Granted, for hours")),
        State("denied", _("Denied"), terminal=True),
        State("expired", _("Over")),
        State("reviewed_ok", _("Reviewed: it was right"), terminal=True),
        State("reviewed_abuse", _("Reviewed: it was misused"), terminal=True),
    ),
    steps=(
        Step(
            "request", _("Ask for emergency access"), (), "requested", ASKING, EMERGENCY,
            _("{who} asked for emergency access"), forms.RequestEmergency, guards=(earlier_was_reviewed,), then=_asked,
            help=_("Never for statistics, for stay, or out of curiosity."),
        ),
        Step(
            "grant", _("Grant emergency access"), ("requested",), "granted", SUP | {Role.SYS}, EMERGENCY,
            _("{who} granted emergency access"), forms.GrantEmergency,
            guards=(within_what_was_asked, place_only_by_its_own, something_is_opened),
            invariants=("INV-12", "INV-20", "INV-21"), apart_from=("request",), then=_granted,
            help=_("The person’s lead worker and the auditor are told at once."),
        ),
        Step(
            "deny", _("Deny emergency access"), ("requested",), "denied", SUP, EMERGENCY,
            _("{who} denied emergency access"), forms.DenyEmergency,
        ),
        Step(
            "expire", _("Emergency access ends"), ("granted",), "expired", frozenset({Role.SYS}), EMERGENCY,
            _("{who} ended the emergency access"),
        ),
        Step(
            "review_ok", _("It was right"), OPENED, "reviewed_ok", REVIEWING, EMERGENCY,
            _("{who} reviewed the emergency access: it was right"), forms.ReviewEmergency,
            invariants=("INV-20",), apart_from=("request", "grant"), then=_reviewed,
        ),
        Step(
            "review_abuse", _("It was misused"), OPENED, "reviewed_abuse", REVIEWING, EMERGENCY,
            _("{who} reviewed the emergency access: it was misused"), forms.FindAbuse,
            invariants=("INV-20",), apart_from=("request", "grant"), then=_abused,
        ),
    ),
    deadlines=(
        Deadline(
            "ends", _("Emergency access ends"), ("grant",), ("granted",), EMERGENCY, Role.SUP, at=ends_at,
            expires="expire", alerts=None, proposal=True,
        ),
        Deadline(
            "review", _("Review of the emergency access"), ("grant",), OPENED, EMERGENCY, Role.AUD,
            lasts=national("emergency.review_working_days"), alerts=Role.AUD, proposal=True,
        ),
    ),
    notes=(
        _("Never for statistics, curiosity or immigration purposes."),
        _("The place where a person lives is opened only to the shelter’s own staff, by their own supervisor."),
        _("Without a review in time nobody breaks the glass again."),
    ),
)  # fmt: skip
