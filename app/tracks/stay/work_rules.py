"""The rules of the right to work: age, the employer, and that losing work takes nothing else away."""

from collections.abc import Iterator
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.effects import Alert, Effect, TakeStep
from app.procedure.facts import Facts
from app.procedure.predicates import is_system
from app.procedure.predicates_stay import stay_runs
from app.procedure.refusal import refuse
from app.procedure.span import end_of
from app.safeguards.words import Role

AGES = "ILO Convention 138 art. 2 and 3; ILO Convention 182"


def with_one_employer(facts: Facts, form: Any) -> bool:  # noqa: ARG001 -- whether the answer is needed
    """Say whether the application names an employer."""
    return bool(form.kind == "employer")


def old_enough(facts: Facts, form: Any) -> Fault | None:
    """Let no child work too young, too long or where it harms (ILO C138, C182)."""
    if form is None or not facts.is_child or None in (form.age_years, form.full_time, form.hazardous):
        return None
    key = "work.full_time_age_years" if form.full_time else "work.min_age_years"
    least = facts.profile.number("work.hazardous_age_years" if form.hazardous else key)
    if form.age_years >= least:
        return None
    return refuse(
        _("For this work a person must be at least {least} years old"), field="age_years",
        rule="work.min_age_years", source=AGES, unblock=_("Other work, or school"), least=least,
    )  # fmt: skip


def employer_is_vetted(facts: Facts, form: Any) -> Fault | None:
    """Send nobody to an employer who is linked to exploitation, or of whom that is not known."""
    if form is None or not with_one_employer(facts, form) or form.employer_link in (None, "none"):
        return None
    return refuse(
        _("An employer who is or may be linked to exploitation is not accepted"), field="employer_link",
        rule="work.employer", source="OSCE Ministerial Council Decision 8/07, 2; OSCE Action Plan IV.7.1",
        unblock=_("A check that finds no link, or another employer"),
    )  # fmt: skip


def right_is_over(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    """Let the timer end a right to work only when its time, or every right to stay, is over."""
    last = facts.this.day("valid_to") if facts.this and facts.this.state == "granted" else None
    if not is_system(facts) or not stay_runs(facts) or (last and end_of(last, facts.profile) <= facts.now):
        return None
    return refuse(
        _("The right to work still runs"), rule="OSCE Action Plan V.8.3", source="OSCE Action Plan V.8.3",
        unblock=_("The end of its time, or of the right to stay"),
    )  # fmt: skip


def granted(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Warn where a permit ties the person to one employer again."""
    yield Alert(_("A work permit was granted"), role=Role.NGO)
    if form.scope == "employer":
        yield Alert(
            _("A work permit is tied to one employer: watch for dependency"), role=Role.NGO, urgent=True
        )


def refused(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Tell the lawyer that a remedy is open."""
    yield Alert(_("A work permit was refused: a remedy is open"), role=Role.LEG)


def work_ends(facts: Facts) -> Iterator[Effect]:
    """End the right to work when the last right to stay has ended; it takes nothing else away."""
    if not stay_runs(facts):
        yield TakeStep("work_permit", "end", {"reason": "stay_ended"})
