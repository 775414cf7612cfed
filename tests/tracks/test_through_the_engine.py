"""The tracks on a real database: two deciders, a guardian who comes and goes, a file that ends."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.casework.facts import facts_of
from app.casework.models import CaseTrack
from app.demo import stories
from app.demo.acting import as_persona
from app.demo.stories import Teller
from app.jobs.sweep import sweep
from app.kit.errors import Refused
from app.procedure.predicates import removal_blocked
from app.safeguards import access
from app.safeguards.words import Relation, Role
from app.safeguards.work import Work
from tests.procedure.scene import rules
from tests.tracks.sayings import appoints, closes, decides, denies, nominates

Jobs = Callable[[], AbstractContextManager[Work]]
OPINION = {"read_file": True, "reasons": "The file shows the same."}


def state(jobs: Jobs, case_id: UUID, slug: str) -> str:
    with jobs() as work:
        query = select(CaseTrack.state).where(CaseTrack.case_id == case_id, CaseTrack.slug == slug)
        return str(work.session.scalars(query.order_by(CaseTrack.opened_at.desc()).limit(1)).one())


def refused(teller: Teller, who: str, case_id: UUID, slug: str, step: str, **said: Any) -> set[str | None]:
    with pytest.raises(Refused) as problem:
        teller.act(who, case_id, slug, step, **said)
    return rules(problem.value.faults)


def blocks(jobs: Jobs, case_id: UUID) -> set[str | None]:
    with jobs() as work:
        return rules(removal_blocked(facts_of(work, case_id)))


def relations(teller: Teller, who: str, case_id: UUID) -> set[Relation]:
    with as_persona(teller.runtime, who) as work:
        return set(work.standing(case_id).relations)


def oversee(teller: Teller, case_id: UUID) -> None:
    with as_persona(teller.runtime, "supervisor") as work:
        actor = work.actor
        assert actor.organisation_id
        access.grant(
            work, case_id, Relation.OVERSIGHT, role=Role.SUP, organisation_id=actor.organisation_id,
            user_id=actor.user_id, reason="The closure is to be approved.",
        )  # fmt: skip
        work.commit()


def decided(teller: Teller) -> dict[str, Any]:
    """Who decides, and when: an organisation that there is."""
    with as_persona(teller.runtime, "authority") as work:
        return {"deciders": [work.actor.organisation_id], "decided_on": teller.today()}


def test_a_no_takes_two_people_of_the_authority_and_lapses_only_after_it_was_explained(
    teller: Teller, presumed: UUID, jobs: Jobs
) -> None:
    said = denies(**decided(teller))
    teller.act("authority", presumed, "identification", "propose_no_reasonable_grounds", **said)
    assert blocks(jobs, presumed) == {"INV-02"}
    again = ("authority", presumed, "identification", "confirm_no_reasonable_grounds")
    assert refused(teller, *again, **OPINION) == {"INV-20"}
    teller.act("authority2", presumed, "identification", "confirm_no_reasonable_grounds", **OPINION)
    teller.wait(days=60)
    sweep(jobs)
    assert state(jobs, presumed, "identification") == "rg_negative"
    assert blocks(jobs, presumed) == {"INV-02"}  # nobody explained it, so its time does not run
    told = {"notified_language": "ro", "how": "by_lead", "letter_handed": True}
    teller.act("ngo", presumed, "identification", "explain_decision", notified_on=teller.today(), **told)
    teller.wait(days=31)
    sweep(jobs)
    assert state(jobs, presumed, "identification") == "negative_final"
    assert blocks(jobs, presumed) == {"INV-02"}  # the way to court is open
    teller.wait(days=61)
    sweep(jobs)
    assert state(jobs, presumed, "identification") == "closed"
    assert not blocks(jobs, presumed)


def test_a_reflection_period_runs_protects_and_ends_by_time(
    teller: Teller, presumed: UUID, jobs: Jobs
) -> None:
    yes = decides(**decided(teller))
    teller.act("authority", presumed, "identification", "find_reasonable_grounds", **yes)
    told = dict.fromkeys(("told_reflection", "told_residence", "told_asylum", "told_consular"), True)
    teller.act("ngo", presumed, "reflection_period", "inform", language="ro", **told)
    period = {"start_on": teller.today(), "document_number": "R 1", "work_allowed": True}
    short = {**period, "end_on": "2026-03-20"}
    assert refused(teller, "authority", presumed, "reflection_period", "grant", **short) == {
        "reflection.min_days"
    }
    teller.act("authority", presumed, "reflection_period", "grant", **period, end_on="2026-04-16")
    assert blocks(jobs, presumed) == {"INV-02", "INV-03"}
    teller.wait(days=46)
    sweep(jobs)
    assert state(jobs, presumed, "reflection_period") == "ended_expired"
    assert blocks(jobs, presumed) == {"INV-02"}


def test_a_guardian_sees_the_child_from_the_appointment_to_its_end(teller: Teller) -> None:
    case_id = stories.a_child(teller)
    guardian = teller.user("guardian").id
    teller.act(
        "social", case_id, "guardian", "name_provisional", provisional_user=guardian, from_on=teller.today()
    )
    assert relations(teller, "guardian", case_id) == {Relation.GUARDIAN}
    teller.act("social", case_id, "guardian", "nominate", **nominates(guardian_user=guardian))
    teller.act("social", case_id, "guardian", "appoint", **appoints(from_on=teller.today()))
    assert relations(teller, "guardian", case_id) == {Relation.GUARDIAN}
    teller.act(
        "guardian", case_id, "guardian", "record_meeting", met_on=teller.today(), childs_view="Is glad."
    )
    concern = {"concern": "absence", "details": "Not seen since."}
    teller.act("social", case_id, "guardian", "suspend", **concern)
    assert relations(teller, "guardian", case_id) == set()


def test_a_case_closes_through_its_list_and_ends_with_its_keys(
    teller: Teller, presumed: UUID, jobs: Jobs
) -> None:
    teller.act("ngo", presumed, "case", "request_closure", **closes(closure_reason="victim_wish"))
    oversee(teller, presumed)
    teller.act("supervisor", presumed, "case", "approve_closure", comment="As she wishes.")
    assert relations(teller, "authority", presumed) == set()
    assert relations(teller, "ngo", presumed) == {Relation.LEAD}
    for days, expected in ((200, "restricted"), (5 * 366, "anonymised")):
        teller.wait(days=days)
        sweep(jobs)
        assert state(jobs, presumed, "case") == expected
    assert teller.runtime.keys.destroy(presumed, teller.clock.now()) == 0  # nothing is left to destroy


def test_what_the_list_holds_against_closing_is_told_in_full(teller: Teller, presumed: UUID) -> None:
    said = denies(**decided(teller))
    teller.act("authority", presumed, "identification", "propose_no_reasonable_grounds", **said)
    teller.act("authority2", presumed, "identification", "confirm_no_reasonable_grounds", **OPINION)
    teller.act("ngo", presumed, "case", "request_closure", **closes())
    oversee(teller, presumed)
    assert refused(teller, "supervisor", presumed, "case", "approve_closure", comment="Yes.") == {"INV-27"}
