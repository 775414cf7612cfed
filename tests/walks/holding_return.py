"""What must hold when somebody returns, or something about a person crosses a border."""

from datetime import timedelta

from app.kit.clock import local_day
from app.procedure.facts import Facts
from tests.walks.happened import ON_THE_WAY, PROTECTED, REFLECTING, After, latest

YES = ("safety", "protection", "rehabilitation", "reintegration")


def origin_hears_nothing(after: After) -> bool:
    if "INV-05" not in after.moved.step.invariants or not after.before.in_state("asylum_claim", *PROTECTED):
        return True
    return after.said("towards") not in (None, "origin") or after.said("agreed_after_advice") == "in_writing"


def child_returns_only_to_safety(after: After) -> bool:
    facts = after.before
    if not after.is_one_of("voluntary_return", "depart") or not facts.is_child:
        return True
    solution, travel = latest(facts, "durable_solution"), latest(facts, "voluntary_return")
    panel = [
        each
        for each in facts.tracks
        if each.slug == "bid" and each.marks.get("question") == "durable_solution"
    ]
    return bool(
        solution and solution.state in ("decided", "implementing")
        and solution.marks.get("option") == "return_reintegration"
        and all(solution.marks.get(each) == "yes" for each in YES)
        and panel and panel[-1].state in ("decided", "implemented")
        and panel[-1].marks.get("option") == "return_reintegration"
        and facts.in_state("guardian", "active")
        and facts.in_state("post_return_monitoring", "planned", "ongoing")
        and travel and travel.marks.get("escort") == "named"
    )  # fmt: skip


def return_is_safe(after: After) -> bool:
    if not after.is_one_of("voluntary_return", "approve", "depart"):
        return True
    held, today = latest(after.before, "return_safety_assessment"), after.before.today
    until = held.day("valid_until") if held else None
    return bool(
        held and held.state == "approved" and held.marks.get("outcome") in ("safe", "safe_with_measures")
        and held.marks.get("covers") == "person_and_family" and until and until >= today
    )  # fmt: skip


def return_is_wished(after: After) -> bool:
    agreed = [
        each
        for each in after.case.tracks
        if each.slug == "consent" and each.marks.get("purpose") == "return" and each.state == "given"
    ]
    if after.is_one_of("voluntary_return", "depart") and not after.before.is_child:
        travel = latest(after.before, "voluntary_return")
        advised, given = travel and travel.took("counsel"), agreed[-1].took("give") if agreed else None
        return bool(advised and given and given.at >= advised.at)
    if after.is_one_of("consent", "withdraw") and after.now.marks.get("purpose") == "return":
        return not after.case.in_state("voluntary_return", *ON_THE_WAY)
    return True


def one_solution_of_three(after: After) -> bool:
    if not after.is_one_of("durable_solution", "decide"):
        return True
    three = ("return_reintegration", "local_integration", "third_country_resettlement")
    return after.said("option") in three and after.now.marks.get("option") == after.said("option")


def border_needs_a_ground(after: After) -> bool:
    if not after.is_one_of("transnational_referral", "send"):
        return True
    marks, checked = after.now.marks, after.now.day("contact_verified_on")
    return bool(
        marks.get("transfer_basis") and (marks.get("agreement") or marks.get("derogation")) and checked
        and checked > after.before.today - timedelta(days=366)
    )  # fmt: skip


def gate_of_departure(after: After) -> bool:
    if not after.is_one_of("voluntary_return", "depart"):
        return True
    facts, travel = after.before, latest(after.before, "voluntary_return")
    waits = any(
        each.slug == "transnational_referral"
        and each.state == "accepted"
        and each.marks.get("purpose") == "return"
        for each in facts.tracks
    )
    papers = facts.in_state("identity_document", "issued", "handed_over")
    own = travel is not None and travel.marks.get("travel_document") == "own"
    reflects = not facts.is_child and facts.in_state("reflection_period", *REFLECTING)
    cooled = facts.is_child or _has_cooled(facts)
    return (
        waits
        and (papers or own)
        and not reflects
        and cooled
        and not facts.in_state("missing_person", "reported", "search")
    )


def _has_cooled(facts: Facts) -> bool:
    given = [
        each.took("give")
        for each in facts.tracks
        if each.slug == "consent" and each.state == "given" and each.marks.get("purpose") == "return"
    ]
    days = timedelta(days=facts.profile.number("return.cooling_off_days"))
    return any(each and local_day(each.at, facts.profile.zone) + days <= facts.today for each in given)
