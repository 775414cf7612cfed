"""Who looks by office: what exists, who agreed to what, and content only with a reason, where the matrix says so."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.accounts.forms import INVITABLE
from app.casework.models import CaseTrack
from app.casework.supervision import WITH_REASON
from app.demo import stories
from app.demo.people import PERSONAS
from app.demo.stories import Teller
from app.kit.ids import new_id
from app.safeguards import access
from app.safeguards.doors import ACCESS
from app.safeguards.models import Part
from app.safeguards.words import Category, Level, Relation, Role
from tests.fixtures.service import As, Enter
from tests.oversight.conftest import Ledger

REASON = "The panel sits today on this case."


def test_whoever_has_a_cell_with_a_reason_may_state_one_and_nobody_else() -> None:
    for door in ("casework.ask_oversight", "casework.oversee", "api.casework.oversee"):
        assert ACCESS.entries[door].roles == WITH_REASON == {Role.SUP, Role.BIP, Role.DPO}


@pytest.mark.parametrize("who", ["auditor", "protector"])
def test_what_exists_and_who_agreed_is_seen_by_office_and_nothing_of_what_it_says(
    sheltered: UUID, enter: Enter, acting: As, who: str
) -> None:
    office = enter(who)
    page = office.get(f"/cases/{sheltered}").text
    for said in ("Ira", "Codreanu", "Quince", "House Linden", "In safe accommodation", "adult"):
        assert said not in page, said
    told = office.json("GET", f"/api/cases/{sheltered}")
    kept = {each["category"] for each in told["elsewhere"]}
    assert {"EXP", "CON", "SVC", "LOC"} <= kept
    assert ("ID" in kept) == (who == "auditor")  # its row asks the other for a reason first
    assert [each["state"] for each in told["consents"]][:1] == ["Given"]
    assert {each["track"] for each in told["records"]} == {"Consent"}
    assert not (told["acts"])
    assert not (told["team"])
    assert not (told["person"])
    assert not (told["age_class"])
    with acting(who) as work:
        sealed = work.session.scalars(select(Part.category).where(Part.case_id == sheltered)).all()
        assert set(sealed) <= {"CNS", "STA"}  # and STA are reasons that others stated
        assert set(work.session.scalars(select(CaseTrack.slug))) == {"consent"}
    office.get(f"/cases/{new_id()}", 404)
    office.get(f"/cases/{sheltered}/open/case/open", 403)
    office.get(f"/cases/{sheltered}/person", 404)


def test_the_protection_officer_states_a_reason_and_records_a_request_on_the_case(
    sheltered: UUID, enter: Enter, ledger: Ledger
) -> None:
    officer = enter("protector")
    officer.get(f"/cases/{sheltered}/oversight")
    officer.send(422, reason="Short.")
    officer.follow(officer.send(reason="She asks, through her worker, what is kept."))
    told = officer.json("GET", f"/api/cases/{sheltered}")
    assert "ID" in {each["category"] for each in told["elsewhere"]}
    assert "receive" in {each["step"] for each in told["openings"]}
    assert "Codreanu" not in str(told)
    (grant,) = (each for each in ledger(sheltered, "grant") if each["role"] == "DPO")
    assert (grant["relation"], bool(grant["justification"])) == ("oversight", True)
    asks = {"kind": "access", "regime": "GDPR", "language": "ro"}
    officer.json("POST", f"/api/cases/{sheltered}/tracks/data_subject_request/receive", asks)
    enter("auditor").json("POST", f"/api/cases/{sheltered}/oversight", {"reason": REASON}, status=404)
    enter("protector").json("POST", f"/api/cases/{new_id()}/oversight", {"reason": REASON}, status=404)


def test_a_panel_reads_a_case_it_was_called_into_for_hours_and_with_a_reason(
    teller: Teller, enter: Enter, acting: As
) -> None:
    child = stories.a_child(teller)
    panel = enter("panel")
    panel.json("POST", f"/api/cases/{child}/oversight", {"reason": REASON}, status=404)
    with acting("social") as work:
        house = teller.house(work, "panel")
        access.grant(work, child, Relation.ASSIGNED, role=Role.BIP, organisation_id=house)
        work.commit()
    panel.get(f"/cases/{child}")
    assert "Minh" not in panel.text
    assert "state your reason" in panel.text
    panel.json("POST", f"/api/cases/{child}/oversight", {"reason": REASON})
    assert "Minh" in panel.get(f"/cases/{child}").text
    with acting("panel") as work:
        levels: dict[str, Any] = {each.value: work.may(child, each).level for each in Category}
        assert (levels["CHI"], levels["LOC"]) == (Level.WRITE, Level.NOTHING)
    teller.wait(hours=4)
    assert "Minh" not in enter("panel").get(f"/cases/{child}").text


def test_a_supervisor_of_whoever_broke_the_glass_does_not_come_to_supervise_the_case(
    sheltered: UUID, enter: Enter, acting: As, teller: Teller
) -> None:
    with acting("social") as work:
        for relation in (Relation.OVERSIGHT, Relation.EMERGENCY):
            access.grant(
                work, sheltered, relation, role=Role.SUP, organisation_id=teller.house(work, "social")
            )
        work.commit()
    with acting("supervisor3") as work:
        assert sheltered not in work.session.scalar(select(func.nrm.cases_of_my_organisation()))
    enter("supervisor3").json("POST", f"/api/cases/{sheltered}/oversight", {"reason": REASON}, status=404)


def test_nobody_can_be_given_the_role_of_the_person_herself_yet() -> None:
    assert Role.VIC not in INVITABLE
    assert not [each for each, entry in ACCESS.entries.items() if entry.roles == {Role.VIC}]
    assert Role.VIC.value not in {each.role.value for each in PERSONAS}
