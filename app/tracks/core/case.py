"""The case itself: open, followed up, closed through its list, kept as long as the law says and no longer."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import (
    Alert,
    AssignLead,
    DestroyKeys,
    Effect,
    EndAllShares,
    LeaveTeam,
    OpenTrack,
    SetMarks,
)
from app.procedure.facts import Facts
from app.procedure.predicates import is_system
from app.procedure.refusal import refuse
from app.procedure.span import Span, due
from app.safeguards.words import Relation, Role
from app.tracks.core.case_forms import (
    DecideClosure,
    OpenCase,
    ProposeAnonymisation,
    ReduceToFollowUp,
    Reopen,
    RequestClosure,
)
from app.tracks.rules import needed_when

WORKERS = frozenset({Role.NGO, Role.SOC})
ENDS_WITH_THE_CASE = (
    Relation.ASSIGNED, Relation.SHELTER, Relation.SHELTER_ASKED, Relation.AUTHORITY, Relation.RECIPIENT,
    Relation.MANDATE, Relation.GUARDIAN,
)  # fmt: skip
CLAIM_RUNS = (
    "informed", "assessed", "filed", "pending", "awarded", "rejected", "appeal", "enforcement", "unrecovered",
)  # fmt: skip
KEPT = "Regulation (EU) 2016/679 art. 5(1)(e)"
LIST = "OSCE Addendum 6 and 10; Directive 2011/36/EU art. 11(1)"


def _no_contact_is_true(facts: Facts, form: Any) -> Fault | None:
    """Close for want of contact only after enough time and enough safe attempts."""
    if form is None or form.closure_reason != "no_contact":
        return None
    days, times = facts.profile.number("case.no_contact_days"), facts.profile.number("case.safe_attempts")
    silent = form.last_contact_on and form.last_contact_on + timedelta(days=days) <= facts.today
    if silent and len({attempt.on for attempt in form.attempts}) >= times:
        return None
    return refuse(
        _("Without contact a case closes only after {days} days and {times} safe attempts on different days"),
        field="attempts", rule="case.no_contact_days", source="Directive 2011/36/EU art. 11(1)",
        unblock=_("Time, and safe attempts to reach the person"), days=days, times=times,
    )  # fmt: skip


def _one_person_is_enough(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    if not facts.is_child:
        return None
    return refuse(
        _("A child’s file is anonymised only by two persons"), rule="INV-20",
        source="OSCE Addendum, preamble", unblock=_("A proposal, confirmed by another person"),
    )  # fmt: skip


def _time_is_over(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    until = kept_until(facts)
    if until is not None and until <= facts.now:
        return None
    return refuse(
        _("The file is still kept, for {years} years after closure"), rule="case.anonymise_years",
        source=KEPT, unblock=_("Waiting until that time is over"), years=kept_for(facts).amount,
    )  # fmt: skip


def kept_for(facts: Facts) -> Span:
    """Return how long the file is kept after closure: longer with claims, and until an age for a child."""
    marks = facts.this.marks if facts.this else {}
    numbers = facts.profile
    years = numbers.number(
        "case.anonymise_with_claims_years" if marks.get("claims_run") else "case.anonymise_years"
    )
    if facts.is_child:
        to_limit = marks.get("years_to_limit")
        years = max(years, numbers.number("case.child_until_age") if to_limit is None else int(to_limit))
    return Span(years, "years")


def kept_until(facts: Facts) -> datetime | None:
    """Return when the file may be anonymised, counted from the latest closure."""
    closed = facts.this.took("approve_closure") if facts.this else None
    return due(closed.at, kept_for(facts), facts.profile) if closed else None


def _adult_file(facts: Facts) -> datetime | None:
    return None if facts.is_child else kept_until(facts)


def _childs_file(facts: Facts) -> datetime | None:
    return kept_until(facts) if facts.is_child else None


def _opened(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001 -- the signature of a consequence
    if form.lead is not None:
        yield AssignLead(form.lead)
    yield OpenTrack("voluntary_return", "open")


def _asked_to_close(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield Alert(_("A case waits for approval of its closure"), role=Role.SUP)


def _closed(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """End every grant; only the lead's tie stays, so that the person can come back to somebody."""
    reason = facts.this.marks.get("closure_reason") if facts.this else None
    yield SetMarks({"closure_list": "passed", "closed_for": reason})
    yield EndAllShares()
    claims = facts.in_state("compensation_claim", *CLAIM_RUNS)
    for relation in ENDS_WITH_THE_CASE:
        if relation is not Relation.MANDATE or not claims:  # a claim outlives the case, and needs its lawyer
            yield LeaveTeam(relation)


def _restricted(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    for relation in (Relation.LEAD, Relation.REFERRER):
        yield LeaveTeam(relation)


def _anonymised(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield DestroyKeys()


def _by_hand(facts: Facts, form: Any) -> bool:  # noqa: ARG001
    return not is_system(facts)


def _knows(facts: Facts, form: Any) -> bool:  # noqa: ARG001
    return bool(form.knows_contact == "given")


TRACK = Track(
    slug="case",
    number="T23",
    label=_("Case"),
    purpose=_("The case is coordinated, followed up, closed only through its list, and kept no longer than allowed."),
    family="core",
    sources="OSCE Action Plan V.3.1; Directive 2011/36/EU art. 11(1); Regulation (EU) 2016/679 art. 5(1)(e)",
    states=(
        State("open", _("Open")),
        State("follow_up", _("Follow-up")),
        State("closure_requested", _("Closure asked for")),
        State("closed", _("Closed")),
        State("restricted", _("Restricted: kept by law only")),
        State("anonymisation_proposed", _("Anonymisation proposed")),
        State("anonymised", _("Anonymised"), terminal=True),
    ),
    steps=(
        Step(
            "open", _("Open the case"), (), "open", frozenset({Role.NGO, Role.SOC, Role.CAU, Role.SYS}),
            "OSCE Action Plan V.3.1", _("{who} opened the case"), OpenCase,
            guards=(needed_when("lead", _by_hand),), then=_opened,
        ),
        Step(
            "reduce", _("Go over to follow-up"), ("open",), "follow_up", WORKERS,
            "Directive 2011/36/EU art. 11(1)", _("{who} went over to follow-up"), ReduceToFollowUp,
        ),
        Step(
            "intensify", _("Take up full work again"), ("follow_up",), "open", WORKERS | {Role.SYS},
            "Directive 2011/36/EU art. 11(1)", _("{who} took up full work again"),
        ),
        Step(
            "request_closure", _("Ask to close the case"), ("open", "follow_up"), "closure_requested",
            WORKERS, LIST, _("{who} asked to close the case"), RequestClosure,
            guards=(_no_contact_is_true, needed_when("aftercare_contact", _knows)),
            invariants=("INV-01",), then=_asked_to_close,
        ),
        Step(
            "approve_closure", _("Close the case"), ("closure_requested",), "closed", frozenset({Role.SUP}),
            LIST, _("{who} closed the case"), DecideClosure, invariants=("INV-20", "INV-27"),
            apart_from=("request_closure",), then=_closed,
        ),
        Step(
            "refuse_closure", _("Do not close the case"), ("closure_requested",), "open",
            frozenset({Role.SUP}), LIST, _("{who} decided not to close the case"), DecideClosure,
        ),
        Step(
            "reopen", _("Open the case again"), ("closed",), "open",
            frozenset({Role.NGO, Role.SOC, Role.CAU, Role.HOT, Role.VIC}), "Directive 2011/36/EU art. 11(1)",
            _("{who} opened the case again"), Reopen, help=_("It keeps its number."),
        ),
        Step(
            "restrict", _("Restrict the file"), ("closed",), "restricted", frozenset({Role.SYS}), KEPT,
            _("{who} restricted the file"), then=_restricted,
        ),
        Step(
            "reopen", _("Open the case again"), ("restricted",), "open", frozenset({Role.SUP}),
            "Directive 2011/36/EU art. 11(1)", _("{who} opened the case again"), Reopen,
            help=_("It keeps its number."),
        ),
        Step(
            "expire", _("Anonymise the file"), ("restricted",), "anonymised",
            frozenset({Role.SYS, Role.DPO}), KEPT, _("{who} anonymised the file"),
            guards=(_one_person_is_enough, _time_is_over), invariants=("INV-20",), then=_anonymised,
        ),
        Step(
            "propose_anonymisation", _("Propose to anonymise"), ("restricted",), "anonymisation_proposed",
            frozenset({Role.DPO}), KEPT, _("{who} proposed to anonymise the file"), ProposeAnonymisation,
            guards=(_time_is_over,),
        ),
        Step(
            "confirm_anonymisation", _("Confirm: anonymise"), ("anonymisation_proposed",), "anonymised",
            frozenset({Role.DPO, Role.SUP}), KEPT, _("{who} confirmed that the file be anonymised"),
            invariants=("INV-20",), apart_from=("propose_anonymisation",), then=_anonymised,
        ),
        Step(
            "keep", _("Keep the file"), ("anonymisation_proposed",), "restricted",
            frozenset({Role.DPO, Role.SUP}), KEPT, _("{who} decided to keep the file"), DecideClosure,
        ),
    ),
    deadlines=(
        Deadline(
            "next_contact", _("Next contact in follow-up"), ("reduce",), ("follow_up",),
            "Directive 2011/36/EU art. 11(1)", Role.NGO, at="next_contact_on",
        ),
        Deadline(
            "restrict", _("Restriction of a closed file"), ("approve_closure",), ("closed",), KEPT, Role.SUP,
            lasts=national("case.restrict_months"), expires="restrict", alerts=None, proposal=True,
        ),
        Deadline(
            "anonymise", _("Anonymisation"), ("restrict",), ("restricted",), KEPT, Role.DPO,
            at=_adult_file, expires="expire", alerts=Role.DPO, proposal=True,
        ),
        Deadline(
            "anonymise_child", _("Anonymisation of a child’s file, by two persons"), ("restrict",),
            ("restricted", "anonymisation_proposed"), KEPT, Role.DPO, at=_childs_file, alerts=Role.DPO,
            proposal=True,
        ),
    ),
    notes=(
        _("A case closes only when no remedy, period or placement is open and no child is left alone."),
        _("Death, a duplicate and an adult’s own wish are exceptions, each approved by a supervisor."),
        _("Turning 18 never closes a case."),
    ),
)  # fmt: skip
