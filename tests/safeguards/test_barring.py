"""Who may bar others from a case and who lifts it again: the lead or a supervisor with a reason, and two of them."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import create_engine, update

from app.kit.clock import HeldClock
from app.kit.errors import NotAllowed, Refused, Unknown
from app.kit.ids import new_id
from app.safeguards import access
from app.safeguards.conflicts import bar, is_barred, lift, may_bar, standing_conflicts
from app.safeguards.matrix import Standing
from app.safeguards.models import Barring
from app.safeguards.words import Relation, Role
from app.settings import Settings
from tests.fixtures.service import As
from tests.safeguards.told import begin

WHY = "Her brother is named."


def test_the_lead_and_a_supervisor_with_a_reason_may_bar_others_and_nobody_else() -> None:
    def may(role: Role, *relations: Relation, reasoned: bool = False) -> bool:
        return may_bar(role, Standing(frozenset(relations), timed_reason=reasoned))

    assert all(may(role, Relation.LEAD, Relation.ASSIGNED) for role in Role)
    assert may(Role.SUP, Relation.OVERSIGHT, reasoned=True)
    assert not may(Role.SUP, Relation.OVERSIGHT)
    assert not may(Role.SUP, Relation.EMERGENCY, reasoned=True)
    assert not may(Role.BIP, Relation.OVERSIGHT, reasoned=True)
    assert not may(Role.NGO, *(set(Relation) - {Relation.LEAD}), reasoned=True)


def test_a_member_who_coordinates_nothing_bars_nobody_else(
    acting: As, sealed_record: tuple[UUID, UUID]
) -> None:
    case_id, _record = sealed_record
    with acting("police") as work, acting("ngo") as lead:
        for whom in ({"user_id": lead.actor.user_id}, {"organisation_id": work.actor.organisation_id}):
            with pytest.raises(
                NotAllowed, match="Who coordinates the case, or supervises it with a stated reason"
            ):
                bar(work, case_id, ground="family", reason=WHY, **whom)
        assert standing_conflicts(lead, case_id) == standing_conflicts(work, case_id) == []
        assert not is_barred(work)


def test_it_takes_two_people_and_what_they_look_at_is_that_case(  # noqa: PLR0915 -- one story
    acting: As, sealed_record: tuple[UUID, UUID], clock: HeldClock
) -> None:
    case_id, (elsewhere, _record) = sealed_record[0], begin(acting)
    with acting("police") as police, acting("ngo") as work:
        who, house = police.actor.user_id, police.actor.organisation_id
        with pytest.raises(
            NotAllowed, match="Who coordinates the case, or supervises it with a stated reason"
        ):
            bar(police, case_id, ground="family", reason=WHY, user_id=work.actor.user_id)
        police.session.rollback()
        assert standing_conflicts(police.begin(), case_id) == []
        assert police.standing(case_id).relations
        assert not is_barred(police)
        police.session.rollback()
        first = bar(work, case_id, ground="family", reason=WHY, user_id=who)
        work.commit()
        clock.move(timedelta(minutes=1))
        work.begin()
        second = bar(work, case_id, ground="suspect", reason=WHY, organisation_id=house)
        third = bar(work, elsewhere, ground="family", reason=WHY, user_id=who)
        held = standing_conflicts(work, case_id)
        assert [(each.id, each.user_id, each.organisation_id, each.ground) for each in held] == [
            (first, who, None, "family"), (second, None, house, "suspect"),
        ]  # fmt: skip
        assert {(each.declared_by, each.lifting_by, each.ended_by, each.ended_at) for each in held} == {
            (work.actor.user_id, None, None, None),
        }  # fmt: skip
        assert held[1].from_at == work.clock.now()
        for unknown in (third, new_id()):
            with pytest.raises(Unknown):
                lift(work, case_id, unknown)
        assert not lift(work, case_id, first)
        with pytest.raises(Refused, match="Somebody else must confirm what you proposed"):
            lift(work, case_id, first)
        work.commit()
    with acting("police") as police:
        assert police.standing(case_id).barred
        assert is_barred(police)
        with pytest.raises(Unknown):
            lift(police, case_id, first)
    with acting("police2") as colleague:
        assert is_barred(colleague)  # with the whole organisation
    with acting("ngo2") as stranger:
        assert not is_barred(stranger)
        with pytest.raises(Unknown):
            standing_conflicts(stranger, case_id)
    with acting("supervisor") as boss, acting("ngo") as work:
        assert boss.actor.organisation_id
        for each in (case_id, elsewhere):
            access.grant(
                work, each, Relation.OVERSIGHT, role=Role.SUP, organisation_id=boss.actor.organisation_id,
                user_id=boss.actor.user_id, until=clock.now() + timedelta(hours=1), reason="To look at it.",
            )  # fmt: skip
        assert not lift(work, case_id, second)
        assert not lift(work, elsewhere, third)
        work.commit()
        boss.begin()
        for each, which in ((case_id, first), (case_id, second), (elsewhere, third)):
            assert lift(boss, each, which)
            with pytest.raises(Unknown):
                lift(boss, each, which)  # it is lifted
        assert standing_conflicts(boss, case_id) == []
        ended = boss.session.get_one(Barring, first)
        assert (ended.lifting_by, ended.ended_by) == (work.actor.user_id, boss.actor.user_id)
        assert ended.ended_at == clock.now()
        boss.commit()
    with acting("police") as police:
        assert not police.standing(case_id).barred
        assert police.standing(case_id).relations == {Relation.REFERRER}
        assert not is_barred(police)
        assert not police.has_alarms


def test_whoever_bars_themself_needs_nobody_and_an_end_past_the_service_ends_nothing(
    given: Settings, acting: As, sealed_record: tuple[UUID, UUID]
) -> None:
    case_id, _record = sealed_record
    with acting("police") as work:
        assert work.standing(case_id).relations
        bar(work, case_id, ground="family", reason=WHY, user_id=work.actor.user_id)
        assert work.standing(case_id).barred
        work.commit()
    assert given.database_url
    owner = create_engine(given.database_url)
    with owner.begin() as connection:
        connection.execute(update(Barring).values(ended_at=Barring.from_at, ended_by=new_id()))
    owner.dispose()
    with acting("police") as work:
        assert work.standing(case_id).barred
        assert work.has_alarms
        assert is_barred(work)
