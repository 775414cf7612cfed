"""What stands against closing a case: the list of INV-27, each line with its law and its way out."""

from collections.abc import Callable, Iterator

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.facts import Facts
from app.procedure.predicates import HOUSED, NO_LIST, REFLECTION_RUNS, REMEDY_OPEN
from app.procedure.predicates_child import RETURN
from app.procedure.predicates_stay import PROTECTION_OPEN, told_to
from app.procedure.refusal import refuse

RETURNING = ("requested", "assessment", "approved", "preparation", "departed", "received", "reintegration")
SEARCHED = ("reported", "search")
PUNISHMENT_OPEN = ("opened", "assessed", "notice_sent", "rejected", "appeal")
HELPED = ("accepted", "active", "suspended")
CLAIMED = ("filed", "pending", "awarded", "rejected", "appeal", "enforcement", "unrecovered")
SAFE_ABROAD = "handed_to_guardian_abroad"
CHILD_END = "OSCE Addendum 6 and 10"
HELP_LAW = "Directive 2011/36/EU art. 11(1)"
Line = tuple[Callable[[Facts], bool], str, str, str]


def closure_refusals(facts: Facts, reason: str | None = None) -> tuple[Fault, ...]:
    """Return what stands against closing the case (INV-27); `reason` is that of the request."""
    case = facts.track("case")
    reason = reason or (case.marks.get("closure_reason") if case else None)
    if reason in NO_LIST or (reason == "victim_wish" and not facts.is_child):
        return ()
    return tuple(_open_lines(facts))


def _open_lines(facts: Facts) -> Iterator[Fault]:
    for is_open, message, source, unblock in LINES:
        if is_open(facts):
            fault = refuse(message, rule="INV-27", source=source, unblock=unblock)
            yield told_to(facts, fault, "CETS 197 art. 12") if is_open is SEEKING else fault


def _in(slug: str, *states: str) -> Callable[[Facts], bool]:
    return lambda facts: facts.in_state(slug, *states)


SEEKING = _in("asylum_claim", *PROTECTION_OPEN)


def _claim_without_contact(facts: Facts) -> bool:
    case = facts.track("case")
    kept = case is not None and case.marks.get("claims_run") is True
    return facts.in_state("compensation_claim", *CLAIMED) and not kept


def _guardian_stays(facts: Facts) -> bool:
    guardian = facts.track("guardian")
    return facts.is_child and (guardian is None or guardian.state != "ended")


def _unsolved(facts: Facts) -> bool:
    """Say whether a child still waits for a durable solution, unless a guardian elsewhere has taken over."""
    guardian = facts.track("guardian")
    handed_over = (
        guardian is not None and guardian.state == "ended" and guardian.marks.get("reason") == SAFE_ABROAD
    )
    return facts.is_child and not handed_over and not facts.in_state("durable_solution", "achieved")


def _unwatched(facts: Facts) -> bool:
    """Say whether a child that was returned is still to be followed up."""
    solution = facts.track("durable_solution")
    returned = (
        solution is not None and solution.marks.get("option") == RETURN and solution.state == "achieved"
    )
    planned = facts.in_state("post_return_monitoring", "planned", "ongoing", "concern")
    return planned or (
        facts.is_child and returned and not facts.in_state("post_return_monitoring", "concluded")
    )


LINES: tuple[Line, ...] = (
    (
        _in("identification", *REMEDY_OPEN), _("A remedy against the identification decision is open"),
        "CETS 197 art. 10", _("The end of the review, or of the time to ask for it"),
    ),
    (
        _in("reflection_period", *REFLECTION_RUNS), _("The reflection period is running"),
        "CETS 197 art. 13(1)", _("The end of the period"),
    ),
    (
        SEEKING, _("International protection is asked for"),
        "CETS 197 art. 14(5)", _("The final end of the claim, its remedies included"),
    ),
    (
        _in("voluntary_return", *RETURNING), _("A return is on its way"),
        "CETS 197 art. 16", _("The end of the reintegration, or of the wish to return"),
    ),
    (
        _in("missing_person", *SEARCHED), _("The person is missing"),
        "OSCE Addendum 8", _("The end of the search"),
    ),
    (
        _in("non_punishment", *PUNISHMENT_OPEN),
        _("It is not settled that the person is not punished for what they were made to do"),
        "CETS 197 art. 26", _("The end of that track"),
    ),
    (
        _in("shelter_placement", *HOUSED), _("A shelter place is asked for or held"),
        HELP_LAW, _("The end of the placement, or its hand-over"),
    ),
    (
        _in("assistance_service", *HELPED), _("A service is still going on"),
        HELP_LAW, _("The end of the service, or its hand-over"),
    ),
    (
        _claim_without_contact, _("A claim runs, and the request does not say so"),
        "CETS 197 art. 15", _("A request that says so, so that mandate and safe contact are kept"),
    ),
    (
        _guardian_stays, _("The person is a child whose guardian has not handed over"),
        CHILD_END, _("The end of the guardianship with its hand-over report"),
    ),
    (
        _unsolved, _("The child has no durable solution yet"),
        CHILD_END, _("A solution that is achieved, or a guardian abroad who took over"),
    ),
    (
        _unwatched, _("The follow-up after a child’s return is not concluded"),
        CHILD_END, _("The end of the follow-up"),
    ),
)  # fmt: skip
