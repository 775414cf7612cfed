"""Missing: a search with what is needed to find somebody, and never with where they were kept safe."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import Alert, Effect, EndShares, JoinTeam, OpenTrack, Share, TakeStep
from app.procedure.facts import Facts
from app.procedure.predicates import is_system
from app.procedure.refusal import refuse
from app.procedure.span import Span
from app.safeguards.words import Category, Relation, Role
from app.tracks.disclosed import look_at_it
from app.tracks.rules import for_a_child, needed_when, not_in_future
from app.tracks.support import missing_forms as forms

REPORTING = frozenset({Role.SHE, Role.GUA, Role.SOC, Role.NGO})
FINDING = REPORTING | {Role.POL}
MISSING = "CETS 197 art. 12(2) and 33; OSCE Addendum 8"
SEARCH = "share_police"


def _by_hand(facts: Facts, form: Any) -> bool:  # noqa: ARG001 -- whether the answer is needed
    return not is_system(facts)


def _childs_ground(facts: Facts, form: Any) -> Fault | None:
    if form is None or facts.is_child or form.basis != "child_protection":
        return None
    return refuse(
        _("The person is an adult: the ground is danger to life or health"), field="basis", rule="INV-17",
        source="CETS 197 art. 12(7)", unblock=_("Danger to life or health, or no search"),
    )  # fmt: skip


def _later(facts: Facts, form: Any) -> Fault | None:
    most = facts.today + timedelta(days=facts.profile.number("missing.review_days"))
    if form is None or facts.today < form.next_review_on <= most:
        return None
    return refuse(
        _("A search that rests is looked at again by {most} at the latest"), field="next_review_on",
        rule="missing.review_days", source=MISSING, unblock=_("An earlier day"), most=most,
    )  # fmt: skip


def child_clock(facts: Facts) -> Span | None:
    """Return the time in which the police learn of a missing child."""
    return national("missing.child_hours")(facts) if facts.is_child else None


def adult_clock(facts: Facts) -> Span | None:
    """Return the time in which it is decided whether to look for an adult."""
    return None if facts.is_child else national("missing.adult_hours")(facts)


def review_on(facts: Facts) -> date | None:
    """Return the day on which a search that rests is looked at again."""
    return facts.this.day("next_review_on") if facts.this else None


def _reported(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001 -- the signature of a consequence
    told = _("Somebody is missing: decide about the police now")
    yield Alert(told, urgent=True)
    yield Alert(told, role=Role.SUP, urgent=True)
    if facts.is_child:
        yield Alert(told, role=Role.GUA, urgent=True)


def _searched(facts: Facts, form: Any) -> Iterator[Effect]:
    """Lend the police who the person is, for the time of the search, and nothing of where they lived (INV-12)."""
    until = facts.now + timedelta(days=facts.profile.number("missing.review_days"))
    yield Share(SEARCH, (form.police,), frozenset({Category.ID}), form.basis, until)
    yield JoinTeam(Relation.ASSIGNED, Role.POL, organisation_id=form.police, until=until)
    yield Alert(
        _("Somebody is missing: look for them"), role=Role.POL, organisation_id=form.police, urgent=True
    )
    yield from look_at_it(facts)
    if form.cross_border != "no":
        abroad = _("Somebody missing may be taken abroad: alert the borders and partners abroad")
        yield Alert(abroad, role=Role.POL, organisation_id=form.police, urgent=True)
        yield Alert(abroad, role=Role.NGO, urgent=True)


def _lend(facts: Facts, police: UUID, basis: str) -> Iterator[Effect]:
    until = facts.now + timedelta(days=facts.profile.number("missing.review_days"))
    yield Share(SEARCH, (police,), frozenset({Category.ID}), basis, until)
    yield JoinTeam(Relation.ASSIGNED, Role.POL, organisation_id=police, until=until)
    yield Alert(_("Somebody is missing: look for them"), role=Role.POL, organisation_id=police, urgent=True)


def _again(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    marks = facts.this.marks if facts.this else {}
    if marks.get("police"):
        yield EndShares()
        yield from _lend(facts, UUID(str(marks["police"])), str(marks.get("basis")))
        yield from look_at_it(facts)


def _found(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """End what the police had been lent, and look at the dangers anew."""
    yield EndShares()
    anew = {"kind": "trigger", "trigger": "missing"}
    yield TakeStep("inra", "replace", anew)
    yield OpenTrack("inra", "plan", anew)


def _found_harmed(facts: Facts, form: Any) -> Iterator[Effect]:
    yield Alert(_("Somebody was found and needs emergency help"), urgent=True)
    yield from _found(facts, form)


TRACK = Track(
    slug="missing_person",
    number="T15",
    label=_("Missing person"),
    purpose=_("Whoever is missing is searched for, with what helps to find them and never with where they were safe."),
    family="support",
    sources="CETS 197 art. 12(2) and 33; OSCE Addendum 8; OSCE Action Plan, annex of Porto",
    states=(
        State("reported", _("Reported missing")),
        State("search", _("Searched for")),
        State("found_safe", _("Found safe"), terminal=True),
        State("found_harmed", _("Found harmed"), terminal=True),
        State("closed_not_found", _("The search rests")),
    ),
    steps=(
        Step(
            "report", _("Report that the person is missing"), (), "reported", REPORTING | {Role.SYS}, MISSING,
            _("{who} reported that the person is missing"), forms.ReportMissing,
            guards=(needed_when("last_seen", _by_hand),), then=_reported,
        ),
        Step(
            "inform_police", _("Tell the police"), ("reported",), "search", REPORTING, MISSING,
            _("{who} told the police"), forms.InformPolice, guards=(_childs_ground,),
            invariants=("INV-12", "INV-17"), then=_searched,
            help=_("The police learn who to look for, and nothing of where the person lived."),
        ),
        Step(
            "find_safe", _("Found safe"), ("search", "reported"), "found_safe", FINDING, MISSING,
            _("{who} recorded that the person is safe"), forms.Found,
            guards=(not_in_future("found_on"), needed_when("guardian_told", for_a_child)), then=_found,
        ),
        Step(
            "find_harmed", _("Found, and harmed"), ("search", "reported"), "found_harmed", FINDING | {Role.HEA},
            MISSING, _("{who} recorded that the person was found, and harmed"), forms.FoundHarmed,
            guards=(not_in_future("found_on"),), then=_found_harmed,
        ),
        Step(
            "close_search", _("Let the search rest"), ("search",), "closed_not_found", frozenset({Role.SUP}), MISSING,
            _("{who} let the search rest"), forms.CloseSearch, guards=(not_in_future("reviewed_on"), _later),
            invariants=("INV-20",), apart_from=("report", "inform_police"),
            help=_("The case stays open, and so does the guardianship of a child."),
        ),
        Step(
            "review_search", _("Look at the search again"), ("closed_not_found",), "closed_not_found",
            frozenset({Role.SUP}), MISSING, _("{who} looked at the search again"), forms.ReviewSearch, guards=(_later,),
        ),
        Step(
            "reopen_search", _("Search again"), ("closed_not_found",), "search",
            frozenset({Role.POL, Role.SOC, Role.GUA, Role.NGO}), MISSING, _("{who} took the search up again"),
            forms.ReopenSearch, then=_again,
        ),
    ),
    deadlines=(
        Deadline(
            "child", _("Police told of a missing child"), ("report",), ("reported",), MISSING, Role.SHE,
            lasts=child_clock, proposal=True,
        ),
        Deadline(
            "adult", _("Decision about a missing adult"), ("report",), ("reported",), MISSING, Role.NGO,
            lasts=adult_clock, proposal=True,
        ),
        Deadline(
            "review", _("Review of a search that rests"), ("close_search", "review_search"), ("closed_not_found",),
            MISSING, Role.SUP, at=review_on, proposal=True,
        ),
    ),
    notes=(
        _("To be missing is no reason to close a case, or to end a guardianship."),
        _("An adult who is safe may wish that nobody learns where; this is respected."),
        _("No address of a shelter reaches the police."),
    ),
)  # fmt: skip
