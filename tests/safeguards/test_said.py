"""What the ledger says of each act by which somebody comes nearer to a case, or further away: all of it."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.kit.ids import new_id
from app.safeguards import access, conflicts
from app.safeguards.matrix import CONFLICT
from app.safeguards.models import LedgerEvent
from app.safeguards.words import Act, Category, Relation, Role
from app.safeguards.work import Work
from tests.fixtures.service import As

Said = list[dict[str, Any]]


@pytest.fixture
def said(acting: As, sealed_record: tuple[UUID, UUID]) -> Callable[[], Said]:
    """What came onto the ledger since the last time, without what every event has."""
    usual = {"v", "id", "at", "authenticator", "after", "vouched"}
    seen: set[int] = set()

    def came() -> Said:
        with acting("auditor") as work:
            rows = work.session.execute(
                select(LedgerEvent.id, LedgerEvent.body).order_by(LedgerEvent.id)
            ).all()
        found = [json.loads(row.body) for row in rows if row.id not in seen]
        found = [event for event in found if event["act"] != Act.WRITE]  # tests/safeguards/test_integrity.py
        seen.update(row.id for row in rows)
        return [{name: each for name, each in event.items() if name not in usual} for event in found]

    came()
    return came


def about(work: Work, act: Act, case_id: UUID | None) -> dict[str, Any]:
    who = work.actor
    return {
        "act": act.value, "actor": str(who.user_id), "role": who.role.value, "purpose": "demonstration",
        "organisation": str(who.organisation_id), "case": str(case_id),
    }  # fmt: skip


def test_who_came_onto_a_team_and_off_it(
    acting: As, sealed_record: tuple[UUID, UUID], said: Callable[[], Said]
) -> None:
    case_id, _record = sealed_record
    with acting("ngo") as work, acting("social") as social:
        house, who = social.actor.organisation_id, social.actor.user_id
        assert house
        until = work.clock.now() + timedelta(hours=1)
        came = {"relation": "emergency", "to_role": "SOC", "recipient": str(house), "to_user": str(who)}
        opened = [Category.HEA, Category.EXP]
        for _each in range(2):  # what has an end is granted anew
            access.grant(
                work, case_id, Relation.EMERGENCY, role=Role.SOC, organisation_id=house, user_id=who, until=until,
                reason="She called and is followed.", categories=opened,
            )  # fmt: skip
        for _each in range(2):  # what has none is granted once
            access.grant(work, case_id, Relation.ASSIGNED, role=Role.SOC, organisation_id=house)
        work.commit()
        first, second, third = said()
        reason = first.pop("justification"), second.pop("justification")
        assert reason[0] != reason[1]
        assert first == second == {
            **about(work, Act.GRANT, case_id), **came, "until": until.isoformat(), "categories": ["EXP", "HEA"],
        }  # fmt: skip
        assert third == {
            **about(work, Act.GRANT, case_id), "relation": "assigned", "to_role": "SOC", "recipient": str(house),
        }  # fmt: skip
    with acting("auditor") as work:
        asked = {UUID(each): case_id for each in reason}
        assert set(work.reasons(asked).values()) == {"She called and is followed."}
        work.commit()
        (looked,) = said()
        assert looked.pop("records")
        assert looked == {
            **about(work, Act.CONSULT, case_id), "register": "reasons", "categories": ["STA"],
            "fields": {"STA": ["reason"]}, "rules": {"STA": "judges reasons by office"},
        }  # fmt: skip
    with acting("ngo") as work:
        assert work.reasons(asked) == {}  # it is not for her to judge
        access.end(work, case_id, [Relation.EMERGENCY, Relation.ASSIGNED], organisation_id=house, user_id=who)
        work.commit()
        assert said() == [{
            **about(work, Act.REVOKE, case_id), "relation": "emergency,assigned", "recipient": str(house),
            "to_user": str(who),
        }]  # fmt: skip


def test_what_was_lent_and_taken_back(
    acting: As, sealed_record: tuple[UUID, UUID], said: Callable[[], Said]
) -> None:
    case_id, _record = sealed_record
    consent = new_id()
    with acting("ngo") as work, acting("police") as police:
        house = police.actor.organisation_id
        assert house
        for until in (None, work.clock.now() + timedelta(days=1)):
            access.share(
                work, case_id, organisation_id=house, categories=[Category.LOC, Category.ID], purpose="share_police",
                basis="consent", track_id=consent, until=until,
            )  # fmt: skip
        access.end_shares(work, case_id, consent)
        access.end_shares(work, case_id)
        work.commit()
        lent = {
            **about(work, Act.DISCLOSE, case_id), "recipient": str(house), "categories": ["ID", "LOC"],
            "basis": "consent", "lent_for": "share_police", "rests_on": str(consent), "rule": "INV-17",
        }  # fmt: skip
        assert said() == [
            lent,
            {**lent, "until": (work.clock.now() + timedelta(days=1)).isoformat()},
            {**about(work, Act.REVOKE, case_id), "rests_on": str(consent)},
            about(work, Act.REVOKE, case_id),
        ]


def test_who_was_barred_and_by_whom_it_was_lifted(
    acting: As, sealed_record: tuple[UUID, UUID], said: Callable[[], Said]
) -> None:
    case_id, _record = sealed_record
    with acting("ngo") as work, acting("police") as police:
        house, who = police.actor.organisation_id, police.actor.user_id
        person = conflicts.bar(work, case_id, ground="family", reason="His cousin is named.", user_id=who)
        unit = conflicts.bar(
            work, case_id, ground="suspect", reason="It is named itself.", organisation_id=house
        )
        assert not conflicts.lift(work, case_id, person)
        work.commit()
        first, second, third = said()
        assert first.pop("justification")
        assert second.pop("justification")
        barred = {**about(work, Act.REVOKE, case_id), "rule": CONFLICT}
        assert first == {**barred, "ground": "family", "to_user": str(who)}
        assert second == {**barred, "ground": "suspect", "recipient": str(house)}
        assert third == {
            **barred, "act": "alter", "by": "lifting proposed", "what": "barring", "to_user": str(who),
        }  # fmt: skip
    with acting("supervisor") as work:
        assert work.actor.organisation_id
        with acting("ngo") as lead:
            access.grant(
                lead, case_id, Relation.OVERSIGHT, role=Role.SUP, organisation_id=work.actor.organisation_id,
                user_id=work.actor.user_id, until=work.clock.now() + timedelta(hours=1), reason="To look at it.",
            )  # fmt: skip
            lead.commit()
        said()
        work.begin()
        assert {each.id for each in conflicts.standing_conflicts(work, case_id)} == {person, unit}
        assert conflicts.lift(work, case_id, person)
        work.commit()
        assert said() == [{
            **about(work, Act.GRANT, case_id), "rule": CONFLICT, "by": "lifted", "what": "barring", "to_user": str(who),
        }]  # fmt: skip


def test_what_was_read_and_which_keys_are_gone(
    acting: As, sealed_record: tuple[UUID, UUID], said: Callable[[], Said]
) -> None:
    case_id, record_id = sealed_record
    with acting("ngo") as work:
        work.reveal(case_id, [record_id])
        work.destroy_keys(case_id, [Category.CNS], basis="court_order")
        work.commit()
        looked, gone = said()
        assert looked == {
            **about(work, Act.CONSULT, case_id), "categories": ["EXP", "HEA", "ID", "LOC"],
            "fields": {"EXP": ["account"], "HEA": ["illness"], "ID": ["name", "nickname"], "LOC": ["street"]},
            "records": [[str(record_id), each, 1] for each in ("EXP", "HEA", "ID", "LOC")],
            "rules": {
                "EXP": "NGO.EXP=Wa", "HEA": "own contribution", "ID": "NGO.ID=Wa", "LOC": "NGO.LOC=Ra",
            },
        }  # fmt: skip
        assert gone == {
            **about(work, Act.KEY, case_id), "by": "keys destroyed", "basis": "court_order",
            "categories": sorted({each.value for each in Category} - {"CNS"}),
        }  # fmt: skip
