"""The demonstration country as a whole: every family of proceedings is alive in it, each step of it lawful."""

import pytest
from sqlalchemy import select

from app.cases.queries import my_cases
from app.casework.models import CaseTrack
from app.casework.queries import case_page
from app.demo import telling
from app.demo.stories import Teller
from app.jobs.integrity import check
from app.kit.errors import Problem
from app.oversight import planting as oversight
from app.safeguards.invented import is_invented
from app.tracks import TRACKS


def test_every_kind_of_proceeding_lives_in_the_demonstration(runtime, clock, jobs, acting, given):
    try:
        telling.tell(Teller(runtime, clock))
    except Problem as problem:
        pytest.fail(str([(fault.field, fault.rule, fault.message) for fault in problem.faults]))
    with jobs() as work:
        assert set(work.session.scalars(select(CaseTrack.slug))) == TRACKS.keys()
        missing = work.session.scalars(
            select(CaseTrack.case_id).where(CaseTrack.slug == "missing_person")
        ).one()
    with acting("supervisor3") as work:  # somebody who tries it can go astray
        (planted,) = oversight.planted(work)
        assert planted.openings == ()
        assert is_invented(runtime.keys, planted.case_id)
    for who in ("social", "ngo2"):
        with acting(who) as work:
            assert planted.case_id in {each.id for each in my_cases(work)}
    with acting("social") as work:  # what rests on a ground of the law says so in words
        assert "Protection of a child" in {each.basis for each in case_page(work, missing).consents or ()}
    assert (
        check(jobs, given.checkpoints_at) == []
    )  # of all this, nothing is taken for written past the service
