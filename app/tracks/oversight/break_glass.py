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
    SetMarks,
    TakeStep,
)
from app.procedure.facts import Facts
from app.procedure.refusal import refuse
from app.procedure.span import due
from app.safeguards.words import Category, Relation, Role
from app.tracks.oversight import emergency_forms as forms
from app.tracks.oversight.reviewing import EMERGENCY, RUNNING, WAITING, asked_by, reviews

ASKING = frozenset({Role.POL, Role.NGO, Role.SOC, Role.HEA, Role.SHE, Role.GUA, Role.LEG})
SUP = frozenset({Role.SUP})
PLACE = Category.LOC.value
ASKED_FOR = _("Emergency access is asked for")
BROKEN = _("Somebody opened a case in an emergency: look at why")


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
    asked = asked_by(facts)
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
            and each.state in WAITING
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
    """Call in those who review it, who see nothing of the case by this; then open at once what may be opened."""
    yield JoinTeam(Relation.OVERSIGHT, Role.SUP)  # of whoever asks
    yield CallIn(Role.AUD, Relation.OVERSIGHT)
    yield CallIn(Role.DPO, Relation.OVERSIGHT)  # small offices have no supervisor
    opened = [each for each in form.categories if each != PLACE]
    if opened:
        yield TakeStep("break_glass", "grant", {"scope": opened, "reason": form.reason})
        return
    yield Alert(ASKED_FOR, role=Role.SUP, organisation_id=facts.actor.organisation_id, urgent=True)
    yield Alert(ASKED_FOR, role=Role.AUD, urgent=True)


def _granted(facts: Facts, form: Any) -> Iterator[Effect]:
    """Let whoever asked in, to what was named and until when; tell who coordinates, and all who may review it."""
    asked = asked_by(facts)
    scope = scope_of(facts, form)
    yield SetMarks({"scope": list(scope), "until": until(facts).isoformat()})
    yield Alert(BROKEN, urgent=True)
    yield Alert(BROKEN, role=Role.AUD, urgent=True)
    yield Alert(BROKEN, role=Role.DPO, urgent=True)
    yield Alert(BROKEN, role=Role.SUP, urgent=True)
    if asked is not None:
        yield Alert(BROKEN, role=Role.SUP, organisation_id=asked.organisation_id, urgent=True)
        yield JoinTeam(
            Relation.EMERGENCY, asked.role, user_id=asked.actor_id, until=until(facts), reason=form.reason,
            categories=frozenset(map(Category, scope)),
        )  # fmt: skip


TRACK = Track(
    slug="break_glass",
    number="T26",
    label=_("Emergency access"),
    purpose=_("In danger a file can be opened for hours, with the reason first, watched at once and always reviewed."),
    family="oversight",
    sources=f"OSCE Action Plan V.4.3; {EMERGENCY}",
    summary=Category.CNS,
    per_case=False,
    version=2,
    states=(
        State("requested", _("Asked for")),
        State("granted", _("Granted, for hours")),
        State("denied", _("Denied"), terminal=True),
        State("granted_seen", _("Granted, for hours; one of two reviewed it")),
        State("expired", _("Over")),
        State("expired_seen", _("Over; one of two reviewed it")),
        State("misuse_found", _("Ended: one of two found it misused")),
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
            help=_("The person’s lead worker and those who review it are told at once."),
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
            "expire", _("Emergency access ends"), ("granted_seen",), "expired_seen", frozenset({Role.SYS}), EMERGENCY,
            _("{who} ended the emergency access"),
        ),
        *reviews(),
    ),
    deadlines=(
        Deadline(
            "ends", _("Emergency access ends"), ("grant",), RUNNING, EMERGENCY, Role.SUP, at=ends_at,
            expires="expire", alerts=None, proposal=True,
        ),
        Deadline(
            "review", _("Review of the emergency access"), ("grant",), WAITING, EMERGENCY, Role.AUD,
            lasts=national("emergency.review_working_days"), alerts=Role.AUD, proposal=True,
        ),
    ),
    notes=(
        _("Never for statistics, curiosity or immigration purposes."),
        _("The place where a person lives is opened only to the shelter’s own staff, by their own supervisor."),
        _("Two people of different duties review it; where they differ, it counts as misused."),
        _("Without both reviews in time nobody breaks the glass again."),
    ),
)  # fmt: skip
