"""What protects a child: its age, the four findings about a return, the determination of its best interests."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.facts import Facts, TrackFacts
from app.procedure.refusal import refuse

# The three durable solutions of the OSCE Addendum 9; there is no fourth.
RETURN, INTEGRATION, RESETTLEMENT = "return_reintegration", "local_integration", "third_country_resettlement"
SOLUTIONS = (RETURN, INTEGRATION, RESETTLEMENT)
# What has to be found about the place of return, each with a yes of its own (OSCE Action Plan V.10.2).
FINDINGS = ("safety", "protection", "rehabilitation", "reintegration")
RECEIVERS = ("family", "specialised_institution")
DETERMINED = ("decided", "implemented")
SOLVED = ("decided", "implementing")
CHILD_RETURN = "OSCE Action Plan V.10.2; OSCE Addendum 9 and 10; CETS 197 art. 16(7)"
SOLUTION_LAW = "OSCE Addendum 9"


def determination(facts: Facts) -> TrackFacts | None:
    """Return the latest determination of best interests that asks for the durable solution."""
    return next(
        (
            each
            for each in reversed(facts.tracks)
            if each.slug == "bid" and each.marks.get("question") == "durable_solution"
        ),
        None,
    )


def is_determined(facts: Facts, option: str) -> bool:
    """Say whether the panel has decided for that solution, and nobody has reopened it."""
    found = determination(facts)
    return found is not None and found.state in DETERMINED and found.marks.get("option") == option


def is_found(marks: Mapping[str, Any]) -> bool:
    """Say whether safety, protection, rehabilitation and reintegration are each found; not known counts as no."""
    return all(marks.get(each) == "yes" for each in FINDINGS) and marks.get("receiver") in RECEIVERS


def is_solved(facts: Facts, option: str) -> bool:
    """Say whether that durable solution stands as decided."""
    solution = facts.track("durable_solution")
    return solution is not None and solution.state in SOLVED and solution.marks.get("option") == option


def child_solution_refusals(facts: Facts) -> Iterator[Fault]:
    """INV-06(b): yield what lacks before the return of a child may be approved."""
    solution = facts.track("durable_solution")
    if not is_solved(facts, RETURN):
        yield _lacks(
            _("It is not decided that return is the durable solution for this child"),
            _("The decision of the panel on the durable solution"),
        )
    if not is_determined(facts, RETURN):
        yield _lacks(
            _(
                "The best interests of this child are not determined in favour of return, or this was reopened"
            ),
            _("A determination of best interests that stands"),
        )
    if solution is None or not is_found(solution.marks):
        yield _lacks(
            _(
                "Safety, protection, rehabilitation and reintegration are not each found; not known counts as no"
            ),
            _("A yes to each, with evidence, and a named family or specialised institution"),
        )


def child_return_refusals(facts: Facts) -> Iterator[Fault]:
    """INV-06: yield everything that lacks before a child may depart."""
    yield from child_solution_refusals(facts)
    if not facts.in_state("guardian", "active"):
        yield _lacks(
            _("The child has no appointed guardian who goes along with the decision"),
            _("The guardian’s appointment"),
        )
    if not facts.in_state("post_return_monitoring", "planned", "ongoing"):
        yield _lacks(
            _("Nobody is named who follows up how the child is after the return"),
            _("A plan for the follow-up after the return"),
        )
    travel = facts.track("voluntary_return")
    if travel is None or travel.marks.get("escort") != "named":
        yield _lacks(_("Nobody is named who travels with the child"), _("The name of the escort"))


def child_return_ready(facts: Facts) -> bool:
    """Say whether a child may be returned: every finding is there, and whoever has to is named."""
    return not any(child_return_refusals(facts))


def child_blocks_removal(facts: Facts) -> Fault | None:
    """INV-06: no child is removed before all that a return asks for was found (CETS 197 art. 16(7))."""
    if not facts.is_child or child_return_ready(facts):
        return None
    return refuse(
        _("Removal is blocked: the person is a child, or may be one, and a safe return was not found"),
        rule="INV-06", source=CHILD_RETURN,
        unblock=_("Safety, protection, rehabilitation and reintegration, each found, and the panel’s decision"),
    )  # fmt: skip


def reception_refused(facts: Facts, form: Any) -> Fault | None:
    """INV-06(a): return is decided only on four findings of the workers and four of the panel itself."""
    if form is None or form.option != RETURN:
        return None
    marks = facts.this.marks if facts.this else {}
    if is_found(marks) and all(getattr(form, each, None) == "yes" for each in FINDINGS):
        return None
    return refuse(
        _("Return cannot be decided: each of the four findings must be yes, with a named receiver; not known is no"),
        field="option", rule="INV-06", source=CHILD_RETURN,
        unblock=_("Findings with evidence from the place of return, or another durable solution"),
    )  # fmt: skip


def solution_refused(facts: Facts, form: Any) -> Fault | None:
    """INV-18: one of three solutions, exactly one, for this child alone."""
    if form is None:
        return None
    held = facts.this
    option = getattr(form, "option", None)
    asked = held is None or held.slug != "bid" or held.marks.get("question") == "durable_solution"
    if asked and option not in SOLUTIONS:
        return refuse(
            _("Choose one of the three durable solutions"), field="option", rule="INV-18",
            source=SOLUTION_LAW, unblock=_("Return, local integration, or resettlement in a third country"),
        )  # fmt: skip
    proposed = held.marks.get("option") if held is not None and held.state == "proposed" else None
    if proposed in (None, option):
        return None
    return refuse(
        _("The decision is on the solution that was proposed; another one is proposed first"), field="option",
        rule="INV-18", source=SOLUTION_LAW, unblock=_("Send it back, and propose the other solution"),
    )  # fmt: skip


def life_at_stake(facts: Facts) -> bool:
    """Say whether somebody’s life was said to be in danger: the one interview of a child that waits for no guardian."""
    held = facts.this
    return held is not None and held.slug == "child_interview" and held.marks.get("immediate_danger") == "yes"


def _lacks(message: str, unblock: str) -> Fault:
    return refuse(message, rule="INV-06", source=CHILD_RETURN, unblock=unblock)
