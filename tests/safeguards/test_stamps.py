"""Stamps and marks: every value counts, each in its place, and what was drawn once fits for ever."""

import json
import logging
from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, select, update

from app.safeguards import access
from app.safeguards.invented import draw, is_invented, mark
from app.safeguards.models import Asking, LedgerEvent, Share, TeamMember
from app.safeguards.rationing import ration
from app.safeguards.stamps import change, drawn, vouched, whole
from app.safeguards.ties import rows
from app.safeguards.words import Relation, Role
from app.settings import Settings
from tests.fixtures.service import As

KEYS: Any = SimpleNamespace(stamping=bytes(range(32)))
AT = datetime(2026, 3, 2, 9, 0, 0, 1, tzinfo=UTC)
VALUES = (UUID(int=1), UUID(int=2), None, "SOC", True, ["EXP", "HEA"], b"\x00", 7, AT)


def test_what_was_drawn_in_earlier_years_fits() -> None:
    assert (
        drawn(KEYS, TeamMember, VALUES).hex()
        == "f1c3f2266f793decc503339097160c9e25d97f8a28c06848b2f8d2fdf9df35d3"
    )
    case_id = UUID("9b1c6b1e-0000-4000-b22f-b9017c92709a")
    assert is_invented(KEYS, case_id)
    assert mark(KEYS, case_id) == "067c9380c66165c090680a7a238a3180"


def test_no_other_row_has_the_stamp() -> None:
    others = [
        VALUES[:-1], (*VALUES, None), VALUES[::-1], (VALUES[1], VALUES[0], *VALUES[2:]),
        *((*VALUES[:number], each, *VALUES[number + 1 :]) for number, each in (
            (0, UUID(int=3)), (2, ""), (2, []), (3, "soc"), (3, "SO"), (4, False), (5, ["HEA", "EXP"]),
            (5, ["EXP"]), (5, []), (5, None), (6, b"\x01"), (7, 8), (7, -7), (8, AT + timedelta(microseconds=1)),
            (8, None),
        )),
        (*VALUES[:3], "SO", "C", *VALUES[4:]),
    ]  # fmt: skip
    stamps = {drawn(KEYS, TeamMember, each) for each in (VALUES, *others)}
    assert len(stamps) == len(others) + 1
    own = drawn(KEYS, TeamMember, VALUES)
    assert own not in (
        drawn(KEYS, Share, VALUES), drawn(SimpleNamespace(stamping=bytes(32)), TeamMember, VALUES),  # type: ignore[arg-type]
    )  # fmt: skip
    elsewhere = AT.astimezone(timezone(timedelta(hours=2)))
    assert drawn(KEYS, TeamMember, (*VALUES[:-1], elsewhere)) == own  # the same instant is the same


def test_only_whoever_has_the_key_tells_an_invented_case() -> None:
    made = [draw(KEYS) for _each in range(50)]
    assert len(set(made)) == 50
    assert all(is_invented(KEYS, each) and each.version == 4 for each in made)
    other: Any = SimpleNamespace(stamping=bytes(32))
    assert not any(is_invented(other, each) for each in made)
    assert len({mark(KEYS, each) for each in made} | {mark(other, each) for each in made}) == 100


def test_how_often_a_case_is_opened_is_marked_for_one_person_and_one_case(acting: As) -> None:
    case_id, other = UUID(int=1), UUID(int=2)
    marks = []
    for who, about in (("ngo", case_id), ("ngo", other), ("ngo2", case_id), ("ngo", None)):
        with acting(who) as work:
            ration(work, "openings", about)
            marks.append(work.session.scalars(select(Asking.mark)).one())
    assert marks[3] is None
    assert len(set(marks)) == 4
    assert {len(each) for each in marks[:3] if each} == {16}


def test_a_row_written_past_the_service_gives_nothing_is_told_and_never_stamped(
    given: Settings, acting: As, sealed_record: tuple[UUID, UUID], caplog: pytest.LogCaptureFixture
) -> None:
    case_id, _record = sealed_record
    here = TeamMember.case_id == case_id
    with acting("ngo") as work, acting("social") as social:
        house = social.actor.organisation_id
        assert house
        for relation in (Relation.ASSIGNED, Relation.MANDATE):
            access.grant(work, case_id, relation, role=Role.SOC, organisation_id=house)
        work.commit()
    owner = create_engine(given.database_url)  # type: ignore[arg-type]
    with owner.begin() as connection:
        connection.execute(
            update(TeamMember).where(here, TeamMember.relation == "mandate").values(role="POL")
        )
    with acting("ngo") as work:
        forged = work.session.scalars(select(TeamMember).where(here, TeamMember.relation == "mandate")).one()
        forged_id = forged.id
        with caplog.at_level(logging.ERROR, "app.stamps"):
            assert not vouched(work, TeamMember, forged)
        assert caplog.messages == [
            "a row of team_member was written past the service: its stamp does not fit"
        ]
        assert {each.relation for each in rows(work, here)} == {"lead", "referrer", "assigned"}
        ended = change(
            work, TeamMember, here & (TeamMember.organisation_id == house), until_at=work.clock.now()
        )
        assert len(ended) == 2
        assert change(work, TeamMember, TeamMember.id == UUID(int=1), until_at=None) == []
        work.session.execute(access.KEPT, {"case": str(case_id)})
        now = work.clock.now()
        query = select(whole(TeamMember, name="row"))
        closed = work.session.execute(query.where(TeamMember.id.in_(ended))).scalars().all()
        assert {(each.relation, each.until_at, vouched(work, TeamMember, each)) for each in closed} == {
            ("assigned", now, True), ("mandate", now, False),
        }  # fmt: skip
        work.commit()
    with owner.connect() as connection:
        query = select(LedgerEvent.body).where(LedgerEvent.act == "alarm")
        (told,) = map(json.loads, connection.scalars(query))
    owner.dispose()
    assert (told["row"], told["by"], told["table"]) == (str(forged_id), "stamp", "team_member")
    assert (told["purpose"], told["role"]) == ("demonstration", "NGO")
    assert "case" not in told
