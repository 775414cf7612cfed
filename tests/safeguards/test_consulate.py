"""A consulate sees nothing of a case once asylum is asked for: at the next request, by every decider."""

import re
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.cases.models import Case
from app.cases.queries import team_of
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
def case_id(runtime: Runtime, clock: HeldClock, acting: As, enter: Enter) -> UUID:
    """A case in which a consulate was called in for a paper, and may see who the person is, by her consent."""
    teller = Teller(runtime, clock)
    made = teller.refer("police", "ngo", [{"source": "told", "signs": ["ilo.debt"]}], given_names="Ana")
    teller.act("ngo", made, "referral", "accept")
    with acting("ngo") as work:
        desk = teller.house(work, "consulate")
    teller.act(
        "ngo", made, "consent", "ask", purpose="share_consular", recipients=[desk], categories=["ID"],
        language="ro", capacity_note="Rested, alone with us", **stories.INFORMED,
    )  # fmt: skip
    teller.oversee("supervisor", made, "To hear it from her, and record what she says")
    consent = teller.act(
        "supervisor", made, "consent", "give", given_by="self", method="written", evidence="signed_form",
        evidence_reference="F-17",
    )  # fmt: skip
    paper = teller.act("ngo", made, "identity_document", "open", document_type="passport", missing="lost")
    worker = enter("ngo")
    worker.get(f"/cases/{made}/tracks/{paper}/request_document")
    assert worker.page.xpath("//input[@name='consent']/@value") == [str(consent)]  # the one that carries this
    worker.send(towards="origin", consent=str(consent), neutral="yes", issuer="The consulate")
    return made


def test_the_next_request_after_the_first_word_about_asylum_finds_nothing(
    case_id: UUID, enter: Enter, acting: As, runtime: Runtime, clock: HeldClock
) -> None:
    consul, teller = enter("consul"), stories.Teller(runtime, clock)
    assert "A paper is asked for" in consul.get("/").text
    consul.get(f"/cases/{case_id}")
    assert "The paper is issued" in consul.text
    # It learns who asks for which paper, and neither who else works on the case nor what for.
    told = consul.text + str(consul.json("GET", f"/api/cases/{case_id}")) + consul.get("/").text
    for other in (
        "Identification",
        "Kestrel",
        "police",
        "shelter",
        "accommodation",
        "same person elsewhere",
        "Take the referral back",
    ):
        assert other not in told, other
    consul.json("POST", f"/api/cases/{case_id}/known", {}, status=403)
    with acting("consul") as work:
        before = work.standing(case_id)
        assert not before.asylum_open
        assert decide(Role.CON, Category.ID, "read", before).allowed
    said = teller.today()
    teller.act("ngo", case_id, "asylum_claim", "express", said_on=said, **SAID)
    with acting("ngo") as work:
        assert not [each for each in team_of(work, case_id) if each.role is Role.CON]
        desk = teller.house(work, "consulate")  # even where somebody put it on the team once more
        access.grant(work, case_id, Relation.ASSIGNED, role=Role.CON, organisation_id=desk)
        work.commit()
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
