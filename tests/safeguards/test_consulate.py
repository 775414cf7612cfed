"""A consulate sees nothing of a case once asylum is asked for: at the next request, by every decider."""

import re
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.cases.models import Case
from app.demo import stories
from app.demo.stories import Teller
from app.kit.clock import HeldClock
from app.kit.errors import Unknown
from app.procedure.predicates_stay import PROTECTION_GIVEN, PROTECTION_OPEN
from app.safeguards import access
from app.safeguards.matrix import decide
from app.safeguards.words import Category, Relation, Role
from app.web.door import Runtime
from tests.fixtures.service import As, Enter

POLICIES = Path(__file__).resolve().parents[2] / "migrations" / "sql" / "policies.sql"
SAID = {"told_asylum": True, "language": "ro"}


@pytest.fixture
def case_id(runtime: Runtime, clock: HeldClock, acting: As) -> UUID:
    """A case in which a consulate may see who the person is, by her consent."""
    teller = Teller(runtime, clock)
    made = teller.refer("police", "ngo", [{"source": "told", "signs": ["ilo.debt"]}], given_names="Ana")
    teller.act("ngo", made, "referral", "accept")
    with acting("ngo") as work:
        desk = teller.house(work, "consulate")
        access.grant(work, made, Relation.ASSIGNED, role=Role.CON, organisation_id=desk)
        access.share(
            work, made, organisation_id=desk, categories=[Category.ID], purpose="share_consular", basis="consent",
            track_id=made, until=None,
        )  # fmt: skip
        work.commit()
    return made


def test_the_next_request_after_the_first_word_about_asylum_finds_nothing(
    case_id: UUID, enter: Enter, acting: As, runtime: Runtime, clock: HeldClock
) -> None:
    consul, teller = enter("consul"), stories.Teller(runtime, clock)
    consul.get(f"/cases/{case_id}")
    with acting("consul") as work:
        before = work.standing(case_id)
        assert not before.asylum_open
        assert decide(Role.CON, Category.ID, "read", before).allowed
    said = teller.today()
    teller.act("ngo", case_id, "asylum_claim", "express", said_on=said, **SAID)
    consul.get(f"/cases/{case_id}", 404)
    assert str(case_id) not in consul.get("/").text
    consul.json("GET", f"/api/cases/{case_id}", status=404)
    with acting("consul") as work:
        assert work.session.get(Case, case_id) is None
        with pytest.raises(Unknown):
            work.reveal(case_id, [case_id])
    with acting("ngo") as work:  # what the decision itself would be, if the database had let the row through
        assert work.session.scalar(select(func.nrm.asylum_open(case_id)))
        assert work.session.get(Case, case_id) is not None
    teller.act("ngo", case_id, "asylum_claim", "not_pursued", legal_advice="declined")
    consul.get(f"/cases/{case_id}")


def test_the_database_names_the_states_that_the_rules_name() -> None:
    body = POLICIES.read_text("utf-8").partition("FUNCTION nrm.asylum_open")[2].partition("$$;")[0]
    listed = re.findall(r"'(\w+)'", body.partition("state IN")[2])
    assert set(listed) == {*PROTECTION_OPEN, *PROTECTION_GIVEN}
