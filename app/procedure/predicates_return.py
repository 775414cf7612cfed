"""What a return needs: a safe place, a free will that may change, a partner who waits; and what leaves the country."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from app.kit.clock import local_day
from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.facts import Facts, TrackFacts
from app.procedure.predicates import REFLECTION_RUNS, guardian_ok
from app.procedure.predicates_child import (
    RESETTLEMENT,
    RETURN,
    SOLUTIONS,
    child_return_refusals,
    is_determined,
    is_solved,
)
from app.procedure.predicates_stay import asylum_blocks_return
from app.procedure.refusal import Refusal, refuse

SAFE = ("safe", "safe_with_measures")
ADVISED = ("taken", "declined")
SAFE_RETURN = "OSCE Action Plan V.7.1; CETS 197 art. 16"
FREE_WILL = "OSCE Action Plan V.5.1 and V.7.1; CETS 197 art. 16(2)"
DEPARTURE = "OSCE Action Plan V.7.1, V.9.1 and V.10.2; OSCE Addendum 10"
TRANSFER = "OSCE Action Plan III.3.3; A/65/113, 40; Regulation (EU) 2016/679 chapter V"
# For which solution a child is taken over abroad; other purposes rest on the guardian’s consent or the panel.
FOR_SOLUTION = {"return": RETURN, "resettlement": RESETTLEMENT}


def consent_given(facts: Facts, purpose: str) -> TrackFacts | None:
    """Return the consent for that purpose which stands today: given, not withdrawn, not over."""
    return next(
        (
            each
            for each in reversed(facts.tracks)
            if each.slug == "consent"
            and each.state == "given"
            and each.marks.get("purpose") == purpose
            and (each.day("valid_until") or facts.today) >= facts.today
        ),
        None,
    )


def unsafe_to_return(facts: Facts) -> Fault | None:
    """INV-08: return needs an approved assessment that says safe, of person and family, and is not too old."""
    held = facts.track("return_safety_assessment")
    if (
        held is not None
        and held.state == "approved"
        and held.marks.get("outcome") in SAFE
        and held.marks.get("covers") == "person_and_family"
        and (held.day("valid_until") or date.min) >= facts.today
    ):
        return None
    return refuse(
        _("There is no approved safety assessment, still valid, that finds return safe for person and family"),
        rule="INV-08", source=SAFE_RETURN,
        unblock=_("An assessment that finds it safe; “cannot be said” counts as unsafe"),
    )  # fmt: skip


def not_of_free_will(facts: Facts) -> Fault | None:
    """INV-09: an adult returns by consent that was given after legal advice had been offered, and still stands."""
    if facts.is_child:
        return None
    travel = (
        facts.this
        if facts.this and facts.this.slug == "voluntary_return"
        else facts.track("voluntary_return")
    )
    advised = travel.took("counsel") if travel else None
    consent = consent_given(facts, "return")
    given = consent.took("give") if consent else None
    if (
        travel is not None
        and advised is not None
        and travel.marks.get("legal_advice") in ADVISED
        and given is not None
        and given.at >= advised.at
    ):
        return None
    return refuse(
        _("Return needs the person’s own consent, given after legal advice was offered, and not taken back"),
        rule="INV-09", source=FREE_WILL, unblock=_("The offer of legal advice, then the person’s consent"),
    )  # fmt: skip


def cooling_off_until(facts: Facts) -> date | None:
    """Return the first day on which somebody who consented may depart, or None without consent."""
    consent = consent_given(facts, "return")
    given = consent.took("give") if consent else None
    days = timedelta(days=facts.profile.number("return.cooling_off_days"))
    return local_day(given.at, facts.profile.zone) + days if given else None


def still_cooling_off(facts: Facts) -> Fault | None:
    """Let time pass between consent and departure, so that the person can think again."""
    first = cooling_off_until(facts)
    if facts.is_child or first is None or facts.today >= first:
        return None
    return refuse(
        _("The person has time to think it over until {first}"), rule="return.cooling_off_days",
        source=FREE_WILL, unblock=_("Waiting for that day"), first=first,
    )  # fmt: skip


def departure_gate(facts: Facts) -> Iterator[Refusal]:
    """INV-25: yield what lacks on the day of departure and no other number says."""
    for missing, message, unblock in (
        (
            not facts.is_child and facts.in_state("reflection_period", *REFLECTION_RUNS),
            _("The reflection period runs: the person ends it first, by their own decision after legal advice"),
            _("The person’s own decision to end the period"),
        ),
        (
            not _partner_waits(facts),
            _("No partner abroad has agreed to receive the person"),
            _("A transnational referral for the return that was accepted"),
        ),
        (
            not _has_papers(facts),
            _("The person has no paper to travel with"), _("A travel document, issued to the person"),
        ),
        (
            facts.in_state("missing_person", "reported", "search"), _("The person is missing"),
            _("The end of the search"),
        ),
    ):  # fmt: skip
        if missing:
            yield refuse(message, rule="INV-25", source=DEPARTURE, unblock=unblock)


def return_departure_refusals(facts: Facts) -> tuple[Fault, ...]:
    """Return every reason why nobody may depart now, each with its number (INV-25)."""
    single = (
        asylum_blocks_return(facts),
        unsafe_to_return(facts),
        not_of_free_will(facts),
        still_cooling_off(facts),
    )
    found: list[Fault] = [fault for fault in single if fault is not None]
    if facts.is_child:
        found += child_return_refusals(facts)
    return (*found, *departure_gate(facts))


def return_departure_ok(facts: Facts) -> bool:
    """Say whether the person may depart, asked when the step is taken, whatever was true before."""
    return not return_departure_refusals(facts)


def _partner_waits(facts: Facts) -> bool:
    return any(
        each.slug == "transnational_referral"
        and each.marks.get("purpose") == "return"
        and each.state == "accepted"
        for each in facts.tracks
    )


def _has_papers(facts: Facts) -> bool:
    travel = facts.track("voluntary_return")
    own = travel is not None and travel.marks.get("travel_document") == "own"
    return own or facts.in_state("identity_document", "issued", "handed_over")


def transfer_refusals(facts: Facts, form: Any) -> Iterator[Fault]:
    """INV-24: yield what lacks before anything about a person leaves for another country."""
    marks = facts.this.marks if facts.this else {}
    # What the check says now counts, not what an earlier check of another partner said.
    asks_basis = form is not None and hasattr(form, "transfer_basis")
    said = dict(form) if asks_basis else marks
    for missing, message, unblock in (
        (
            not _rests_on_will(facts, str(marks.get("purpose"))),
            _("Nobody has agreed that this goes abroad"),
            _("The person’s consent; for a child the guardian, with consent or the panel’s decision"),
        ),
        (
            form is not None and not (said.get("agreement") or said.get("derogation")),
            _("There is neither an agreement with the partner nor a ground of exception in law"),
            _("The reference of the agreement, or the ground of exception"),
        ),
        (
            form is not None and not said.get("transfer_basis"),
            _("The legal basis of the transfer is missing"), _("The article that allows the transfer"),
        ),
        (
            not _contact_is_fresh(facts), _("It was not checked lately that this contact abroad is genuine"),
            _("A check of the contact within the time of the profile"),
        ),
    ):  # fmt: skip
        if missing:
            yield refuse(message, rule="INV-24", source=TRANSFER, unblock=unblock)


def _rests_on_will(facts: Facts, purpose: str) -> bool:
    agreed = consent_given(facts, "transnational_referral") is not None
    if not facts.is_child:
        return agreed
    if not guardian_ok(facts):
        return False
    option = FOR_SOLUTION.get(purpose)
    if option is not None:
        return is_solved(facts, option) and is_determined(facts, option)
    return agreed or any(is_solved(facts, each) and is_determined(facts, each) for each in SOLUTIONS)


def _contact_is_fresh(facts: Facts) -> bool:
    checked = facts.this.day("contact_verified_on") if facts.this else None
    months = facts.profile.number("transnational.contact_valid_months")
    oldest = facts.today - timedelta(days=months * 365 // 12)
    return checked is not None and oldest <= checked <= facts.today
