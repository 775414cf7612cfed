"""One unit of work: what is tried and refused leaves nothing, what is committed is done once, alarms and all."""

import json
import logging
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.kit.errors import Refused
from app.kit.ids import new_id
from app.safeguards import access
from app.safeguards.invented import draw
from app.safeguards.matrix import Standing
from app.safeguards.models import LedgerEvent
from app.safeguards.words import Act, Category, Relation
from app.safeguards.work import INVENTED, Work
from tests.fixtures.service import As
from tests.safeguards.told import VALUES, Told, begin, write


def told(acting: As, act: Act) -> list[dict[str, Any]]:
    with acting("auditor") as work:
        query = select(LedgerEvent.body).where(LedgerEvent.act == act.value).order_by(LedgerEvent.id)
        return [json.loads(body) for body in work.session.scalars(query)]


def refused(work: Work, case_id: UUID, record_id: UUID) -> None:
    with work.attempt():
        work.reveal(case_id, [record_id])
        access.end(work, case_id, [Relation.LEAD])
        work.destroy_keys(case_id)
        raise Refused


def test_what_was_tried_and_refused_was_never_done_and_is_told_when_it_is(
    acting: As, sealed_record: tuple[UUID, UUID]
) -> None:
    (case_id, record_id), (other, theirs) = sealed_record, begin(acting)
    ends = len(told(acting, Act.REVOKE))
    with acting("ngo") as work:
        work.destroy_keys(other)
        with pytest.raises(Refused):
            refused(work, case_id, record_id)
        assert work.standing(case_id).relations == {Relation.LEAD}
        assert work.reveal(case_id, [record_id]).of(record_id) == VALUES  # which is an event of its own
        assert work.reveal(case_id, [record_id]).of(record_id) == VALUES  # and this is the same look
        with work.attempt():
            access.grant(
                work, case_id, Relation.MANDATE, role=work.actor.role, organisation_id=other_house(work)
            )
        work.commit()
    with acting("ngo") as work:
        assert work.reveal(other, [theirs]).of(theirs) == {}
    with acting("ngo") as work:
        assert (
            work.reveal(case_id, [record_id]).of(record_id) == VALUES
        )  # another transaction is another look
        assert work.standing(case_id).relations == {Relation.LEAD, Relation.MANDATE}
        work.commit()
        work.begin()
        work.reveal(case_id, [record_id])
        work.commit()
    assert [each["case"] for each in told(acting, Act.CONSULT)] == [str(case_id)] * 3
    assert [each["case"] for each in told(acting, Act.KEY)] == [str(other)]
    assert len(told(acting, Act.REVOKE)) == ends


def other_house(work: Work) -> UUID:
    assert work.actor.organisation_id
    return work.actor.organisation_id


def test_what_is_held_is_not_decided_and_what_was_decided_waits_for_the_sweep(
    acting: As, sealed_record: tuple[UUID, UUID], caplog: pytest.LogCaptureFixture
) -> None:
    case_id, record_id = sealed_record
    with acting("ngo") as work:
        work.destroy_keys(case_id)
        work.keys.hold(case_id, "court_order", work.clock.now())
        with caplog.at_level(logging.WARNING, "app.work"):
            work.commit()
        assert caplog.messages == ["keys are destroyed later: Refused"]
        work.begin()
        with pytest.raises(Refused):
            work.destroy_keys(case_id)
        assert work.reveal(case_id, [record_id]).of(record_id) == VALUES
        work.commit()
        work.keys.end_hold(case_id, work.clock.now())
        work.begin()
        work.commit()
        work.begin()
        assert (
            work.reveal(case_id, [record_id]).of(record_id) == VALUES
        )  # that is the sweep's, not this one's
    with acting("ngo") as work:
        work.destroy_keys(case_id, [Category.ID])
        work.commit()
        assert work.begin().reveal(case_id, [record_id]).of(record_id) == {"name": "Amara", "nickname": "Ama"}
    (first, second) = told(acting, Act.KEY)
    assert first["basis"] == second["basis"] == "course_of_the_case"


def test_an_alarm_stands_once_with_the_commit(acting: As) -> None:
    row = new_id()
    with acting("ngo") as work:
        assert not work.has_alarms
        work.alarm(row, by="stamp", table="share")
        work.alarm(row, by="stamp", table="share")
        assert work.has_alarms
        work.commit()
        assert not work.has_alarms
        work.begin()
        work.commit()
    (event,) = told(acting, Act.ALARM)
    assert (event["row"], event["by"], event["table"], event["role"]) == (str(row), "stamp", "share", "NGO")


def test_whoever_stands_in_an_invented_case_is_seen_but_for_its_writer_and_the_rules(acting: As) -> None:
    with acting("ngo") as work:
        made, real = draw(work.keys), new_id()
        here = Standing(frozenset({Relation.LEAD}))
        for case_id in (made, real):
            work._standings[work.actor.user_id, case_id] = here
            assert work.member(case_id) is here
        assert work.sights == {(INVENTED, made)}
        work.sights.clear()
        assert work.as_system().member(made).relations == frozenset()
        work.plants = made
        assert work.member(made) is here
        assert work.sights == set()


def test_of_a_record_what_is_said_is_sealed_and_what_is_emptied_is_a_version_too(
    acting: As, sealed_record: tuple[UUID, UUID]
) -> None:
    case_id, record_id = sealed_record
    with acting("ngo") as work:
        written = work.seal(
            case_id, "told", record_id, {"name": "Bea", "street": None, "illness": None}, Told, emptied=[Category.HEA]
        )  # fmt: skip
        assert [(each.category, each.row_version, each.fields) for each in written] == [
            (Category.HEA, 2, ()), (Category.ID, 2, ("name",)),
        ]  # fmt: skip
        work.record(Act.ALTER, case_id=case_id, written=written, rule="a test")
        seen = work.reveal(case_id, [record_id]).of(record_id)
        assert seen == {"name": "Bea", "street": VALUES["street"], "account": VALUES["account"]}
        assert work.seal(case_id, "told", new_id(), {}, Told) == []
        work.commit()
    with acting("police") as work:
        write(work, case_id, record_id, {"account": "He was told"})
        assert work.reveal(case_id, [record_id]).of(record_id) == {"account": "He was told"}
        work.commit()


def test_what_one_wrote_and_may_not_read_back_is_carried_unread(
    acting: As, sealed_record: tuple[UUID, UUID]
) -> None:
    (case_id, hers), (other, _hers) = sealed_record, begin(acting)
    source, first, second = new_id(), new_id(), new_id()
    with acting("police") as work:
        write(work, other, source, {"street": "Mill Row 19", "account": "He was told"})
        write(work, other, source, {"street": "Mill Row 20"})
        assert "street" not in work.reveal(other, [source]).of(source)
        for target, categories, version in (
            (first, [Category.LOC], 1),
            (first, [Category.LOC, Category.EXP], 2),
        ):
            written = work.carry(case_id, source, "told", target, categories, of=other)
            assert [(each.record_id, each.category) for each in written if each.category is Category.LOC] == [
                (first, Category.LOC)
            ]
            assert {each.row_version for each in written if each.category is Category.LOC} == {version}
            work.record(Act.ALTER, case_id=case_id, written=written, rule="a test")
        assert (
            work.carry(case_id, source, "told", second, [Category.LOC]) == []
        )  # it does not lie in this case
        assert work.carry(other, hers, "told", second, [Category.ID], of=case_id) == []  # which another wrote
        (again,) = work.carry(other, source, "told", second, [Category.EXP])
        work.record(Act.ALTER, case_id=other, written=[again], rule="a test")
        work.commit()
    with acting("ngo") as work:
        assert work.reveal(case_id, [first]).of(first) == {"street": "Mill Row 20", "account": "He was told"}
        assert work.reveal(other, [second]).of(second) == {"account": "He was told"}
        assert {part.record_type for part in work.reveal(case_id, [first]).parts} == {"told"}
        work.commit()
