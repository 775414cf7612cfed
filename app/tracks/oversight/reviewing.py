"""Two people review each emergency access: of different duties, apart from whoever asked, and it takes both."""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.declaration import Consequence, Step
from app.procedure.effects import Alert, Effect, LeaveTeam, OpenTrack
from app.procedure.facts import Facts, StepTaken
from app.procedure.refusal import refuse
from app.safeguards.words import Relation, Role
from app.tracks.oversight import emergency_forms as forms

EMERGENCY = "Directive (EU) 2016/680 art. 25; Regulation (EU) 2016/679 art. 6(1)(d) and 32"
# The data-protection officer stands in where an office has no supervisor, or one of the two may not review it.
REVIEWING = frozenset({Role.AUD, Role.SUP, Role.DPO})
RUNNING = ("granted", "granted_seen")
SEEN = ("granted_seen", "expired_seen")  # one review is in, and found nothing
WAITING = ("granted", "expired", *SEEN, "misuse_found")
REVIEWS = ("review_ok", "review_abuse")
MISUSED = _("Emergency access was misused")


def asked_by(facts: Facts) -> StepTaken | None:
    """Return the step by which somebody asked."""
    return facts.this.took("request") if facts.this else None


def stands_against(
    history: Collection[StepTaken], watchers: Collection[tuple[UUID, Role]], user_id: UUID, role: Role
) -> Fault | None:
    """Say why somebody may not give the second review: the first is theirs, or somebody of another duty can."""
    first = next((each for each in history if each.name in REVIEWS), None)
    if first is None:
        return None
    if first.actor_id == user_id:
        return refuse(
            _("You have reviewed this: the second review is another person’s"), rule="INV-20", source=EMERGENCY,
            unblock=_("Somebody of another duty"),
        )  # fmt: skip
    involved = {each.actor_id for each in history}
    left = {other for who, other in watchers if who not in involved} - {first.role}
    if role is first.role and left:
        return refuse(
            _("The first review came from your duty: somebody of another gives the second"), rule="INV-20",
            source=EMERGENCY, unblock=_("The supervisor of whoever asked, the auditor or the data protection officer"),
        )  # fmt: skip
    return None


def two_duties(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    """INV-20: two people review it, and where there are others to do it, of different duties."""
    if facts.this is None:
        return None
    actor = facts.actor
    return stands_against(facts.this.history, facts.watchers, actor.user_id, actor.role)


def _over(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001 -- the signature of a consequence
    """Let the reviewers go, unless another emergency access to this case still waits for them."""
    this, asked = facts.this, asked_by(facts)
    if this is None or asked is None:
        return
    others = [each for each in facts.tracks if each.slug == "break_glass" and each.id != this.id]
    waiting = [each.history[0].organisation_id for each in others if each.state in WAITING]
    if asked.organisation_id not in waiting:
        yield LeaveTeam(Relation.OVERSIGHT, organisation_id=asked.organisation_id, role=Role.SUP)
    if not waiting:
        yield LeaveTeam(Relation.OVERSIGHT, role=Role.AUD)
        yield LeaveTeam(Relation.OVERSIGHT, role=Role.DPO)


def _misused(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001 -- the signature of a consequence
    """End the access at once, whoever else has yet to look; what was opened is a breach."""
    asked = asked_by(facts)
    if asked is not None:
        yield LeaveTeam(Relation.EMERGENCY, user_id=asked.actor_id)
    yield OpenTrack("data_breach", "detect")
    yield Alert(MISUSED, role=Role.DPO, urgent=True)


def _misused_and_over(facts: Facts, form: Any) -> Iterator[Effect]:
    yield from _misused(facts, form)
    yield from _over(facts, form)  # last: who found it may be gone from the team by this


def _right(from_: tuple[str, ...], to: str, then: Consequence | None = None) -> Step:
    return Step(
        "review_ok", _("It was right"), from_, to, REVIEWING, EMERGENCY,
        _("{who} reviewed the emergency access: it was right"), forms.ReviewEmergency, guards=(two_duties,),
        invariants=("INV-20",), apart_from=("request", "grant"), then=then,
    )  # fmt: skip


def _wrong(from_: tuple[str, ...], to: str, then: Consequence) -> Step:
    return Step(
        "review_abuse", _("It was misused"), from_, to, REVIEWING, EMERGENCY,
        _("{who} reviewed the emergency access: it was misused"), forms.FindAbuse, guards=(two_duties,),
        invariants=("INV-20",), apart_from=("request", "grant"), then=then,
    )  # fmt: skip


def reviews() -> tuple[Step, ...]:
    """Return the ways to the end: the first review leaves it open; where the two differ, it was misused."""
    return (
        _right(("granted",), "granted_seen"),
        _right(("expired",), "expired_seen"),
        _right(SEEN, "reviewed_ok", _over),
        _right(("misuse_found",), "reviewed_abuse", _over),
        _wrong(("granted", "expired"), "misuse_found", _misused),
        _wrong(SEEN, "reviewed_abuse", _misused_and_over),
        _wrong(("misuse_found",), "reviewed_abuse", _over),
    )
