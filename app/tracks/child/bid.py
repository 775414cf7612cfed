"""Best interests determination: a panel of several professions decides, and the child’s own helpers do not vote."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import Alert, CallIn, Effect, TakeStep
from app.procedure.facts import Facts
from app.procedure.refusal import refuse
from app.safeguards.words import Category, Relation, Role
from app.tracks.child import bid_forms as forms

ASKING = frozenset({Role.SOC, Role.NGO})
PANEL = frozenset({Role.BIP})
OPENED = ("opened", "gathering", "panel_ready", "deferred", "reopened")
DETERMINATION = "OSCE Addendum 9; UNHCR Best Interests Procedure Guidelines"
OPTIONS = ("option_return", "option_integration", "option_resettlement")


def _about_solution(facts: Facts) -> bool:
    return facts.this is not None and facts.this.marks.get("question") == "durable_solution"


def _all_three_described(facts: Facts, form: Any) -> Fault | None:
    if form is None or not _about_solution(facts):
        return None
    missing = next((name for name in OPTIONS if not getattr(form, name)), None)
    if missing is None:
        return None
    return refuse(
        _("Each of the three solutions is described, also one that seems unlikely"), field=missing, rule="INV-18",
        source="OSCE Addendum 9", unblock=_("What speaks for this solution, and against it"),
    )  # fmt: skip


def _quorum(facts: Facts, form: Any) -> Fault | None:
    members = facts.profile.number("bid.panel_members")
    houses = facts.profile.number("bid.panel_organisations")
    if form is None or (
        len({each.member for each in form.members}) >= members
        and len({each.organisation for each in form.members}) >= houses
    ):
        return None
    return refuse(
        _("The panel has at least {members} different members from {houses} organisations"), field="members",
        rule="bid.panel_members", source=DETERMINATION, unblock=_("A panel that is large enough"),
        members=members, houses=houses,
    )  # fmt: skip


def _majority(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    if form is None:
        return None
    votes = [each.vote for each in form.members]
    if votes.count("for") > votes.count("against"):
        return None
    return refuse(
        _("More members are against than in favour, or as many"), field="members", rule=DETERMINATION,
        source=DETERMINATION, unblock=_("Another decision, or a new meeting"),
    )  # fmt: skip


def _no_vote_of_their_own(facts: Facts, form: Any) -> Fault | None:
    if form is None or facts.this is None:
        return None
    helpers = {str(each.actor_id) for each in facts.this.history if each.name in ("open", "gather", "submit")}
    for track in facts.tracks:
        if track.slug == "guardian":
            helpers |= {str(track.marks.get(name)) for name in ("guardian_user", "provisional_user")}
    if not helpers & {str(each.member) for each in form.members}:
        return None
    return refuse(
        _("The child’s own caseworker and guardian have no vote"), field="members", rule="INV-20",
        source="UNHCR Best Interests Procedure Guidelines", unblock=_("Another member of the panel"),
    )  # fmt: skip


def _later(name: str) -> Any:
    def guard(facts: Facts, form: Any) -> Fault | None:
        if form is None or getattr(form, name) > facts.today:
            return None
        return Fault(_("The day must lie in the future"), name)

    return guard


def _opened(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001 -- the signature of a consequence
    if _about_solution(facts):
        yield TakeStep("durable_solution", "note_determination")
    yield Alert(_("A determination of best interests has begun: the guardian is heard"), role=Role.GUA)


def _ready(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield CallIn(Role.BIP, Relation.ASSIGNED)
    yield Alert(_("A case is ready for the panel"), role=Role.BIP)


def _decided(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield Alert(_("The panel has decided: tell the child, in their own language"), role=Role.SOC)
    yield Alert(_("The panel has decided: tell the child, in their own language"), role=Role.GUA)


def _reopened(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Put the solution back to the beginning; a return stands still from this moment (INV-06)."""
    if _about_solution(facts):
        yield TakeStep("durable_solution", "reopen", {"reason": "determination_reopened"})
    yield Alert(
        _("A determination of best interests is reopened: what rests on it stands still"), urgent=True
    )


def review_on(facts: Facts) -> date | None:
    """Return the day on which the panel wanted to look at it again."""
    return facts.this.day("review_on") if facts.this else None


TRACK = Track(
    slug="bid",
    number="C4",
    label=_("Best interests determination"),
    purpose=_("The gravest decisions about a child are taken by several professions, none of them the child’s helper."),
    family="child",
    sources="OSCE Addendum 9; Convention on the Rights of the Child art. 3; UNHCR Best Interests Procedure Guidelines",
    summary=Category.CHI,
    per_case=False,  # separation and custody are questions of their own
    states=(
        State("opened", _("Opened")),
        State("gathering", _("Facts are gathered")),
        State("panel_ready", _("Ready for the panel")),
        State("deferred", _("Deferred")),
        State("decided", _("Decided")),
        State("reopened", _("Reopened")),
        State("implemented", _("Carried out"), terminal=True),
    ),
    steps=(
        Step(
            "open", _("Begin a best interests determination"), (), "opened", ASKING | {Role.GUA}, DETERMINATION,
            _("{who} began a best interests determination"), forms.OpenBid, invariants=("INV-07",), then=_opened,
        ),
        Step(
            "gather", _("Record what was gathered"), ("opened", "reopened", "deferred"), "gathering", ASKING,
            DETERMINATION, _("{who} recorded what was gathered for the panel"), forms.GatherFacts,
            guards=(_all_three_described,), invariants=("INV-05",),
        ),
        Step(
            "submit", _("Submit to the panel"), ("gathering",), "panel_ready", ASKING, DETERMINATION,
            _("{who} submitted the report to the panel"), forms.SubmitBid, invariants=("INV-07",), then=_ready,
        ),
        Step(
            "decide", _("Record the panel’s decision"), ("panel_ready",), "decided", PANEL, DETERMINATION,
            _("{who} recorded the panel’s decision"), forms.DecideBid,
            guards=(_quorum, _majority, _no_vote_of_their_own, _later("review_on")),
            invariants=("INV-20", "INV-18"), apart_from=("open", "gather", "submit"), then=_decided,
        ),
        Step(
            "defer", _("Defer"), ("panel_ready",), "deferred", PANEL, DETERMINATION,
            _("{who} recorded that the panel deferred"), forms.DeferBid, guards=(_later("until_on"),),
        ),
        Step(
            "reopen", _("Reopen the determination"), ("decided",), "reopened",
            frozenset({Role.GUA, Role.SOC, Role.NGO, Role.LEG, Role.VIC}), DETERMINATION,
            _("{who} reopened the determination"), forms.ReopenBid, then=_reopened,
            help=_("From now on nothing that rests on it goes forward."),
        ),
        Step(
            "implement", _("The decision is carried out"), ("decided",), "implemented", frozenset({Role.SOC}),
            DETERMINATION, _("{who} recorded that the decision is carried out"), forms.ImplementBid,
        ),
    ),
    deadlines=(
        Deadline(
            "decide", _("Determination decided"), ("open", "reopen"), OPENED, DETERMINATION, Role.BIP,
            lasts=national("bid.decide_months"), proposal=True,
        ),
        Deadline(
            "longest", _("Determination decided at the latest"), ("open",), OPENED, DETERMINATION, Role.BIP,
            lasts=national("bid.longest_months"), proposal=True,
        ),
        Deadline(
            "deferred", _("The panel meets again"), ("defer",), ("deferred",), DETERMINATION, Role.BIP, at="until_on",
        ),
        Deadline(
            "review", _("The decision is looked at again"), ("decide",), ("decided",), DETERMINATION, Role.SOC,
            at=review_on,
        ),
    ),
    notes=(
        _("Caseworker, guardian and police have no vote; an immigration authority may be heard and has none."),
        _("Each solution is looked at, for this child alone."),
        _("A determination that is reopened stops a return at once."),
    ),
)  # fmt: skip
