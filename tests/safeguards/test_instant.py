"""A unit of work has one instant, whatever the clock does meanwhile."""

from app.cases import service as cases
from app.kit.clock import SystemClock
from app.safeguards.words import Relation
from app.web.door import Runtime
from tests.fixtures.service import As


def test_whoever_begins_a_case_is_on_its_team_at_once_under_a_clock_that_runs(
    acting: As, runtime: Runtime
) -> None:
    runtime.clock = SystemClock()
    with acting("police") as work:
        case_id = cases.begin_case(work)
        assert work.member(case_id).relations == {Relation.REFERRER}
        assert work.clock.now() == work.clock.now()
