"""Who is on a team: each grant once, each end narrowed to what it names, and nothing a moment longer."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.kit.clock import HeldClock
from app.kit.errors import FreshSignInNeeded, NotAllowed, Unknown
from app.kit.ids import new_id
from app.safeguards import access
from app.safeguards.access import NOBODY, SYSTEM, Actor, anonymous, system_actor
from app.safeguards.conflicts import bar
from app.safeguards.matrix import CONFLICT
from app.safeguards.models import Share, TeamMember
from app.safeguards.ties import rows, why_unknown
from app.safeguards.words import Category, Level, Relation, Role
from app.safeguards.work import Work
from tests.fixtures.service import As

SECOND = timedelta(seconds=1)


def test_the_service_acts_in_its_own_name_or_in_that_of_whoever_set_it_going() -> None:
    person = Actor(new_id(), Role.NGO, new_id(), name="Nadia", session_id=new_id(), authenticator="passkey")
    timer, rule = system_actor(), system_actor(person)
    assert (timer.name, timer.authenticator, timer.cause, timer.session_id) == ("system", "timer", None, None)
    assert (rule.name, rule.authenticator, rule.cause) == ("system", "rule", person.user_id)
    assert rule.session_id == person.session_id
    assert system_actor(rule).cause == person.user_id  # and so on, however many rules follow one another
    for each in (timer, rule):
        assert (each.user_id, each.role, each.organisation_id, each.is_system) == (
            SYSTEM,
            Role.SYS,
            None,
            True,
        )
    who = anonymous()
    assert (who.user_id, who.role, who.organisation_id) == (NOBODY, Role.SYS, None)
    assert (who.name, who.authenticator, who.session_id) == ("", "none", None)
    assert not who.is_system
    assert not Actor(SYSTEM, Role.NGO, None).is_system
    assert not person.is_system


def team(work: Work, case_id: UUID) -> set[tuple[str, str, bool]]:
    """Relation, role, and whether the row names somebody, of all that run now."""
    return {
        (each.relation, each.role, each.user_id is not None)
        for each in rows(work, TeamMember.case_id == case_id)
    }


def test_what_stands_already_is_not_granted_twice_and_all_else_is(
    acting: As, sealed_record: tuple[UUID, UUID], clock: HeldClock
) -> None:
    case_id, _record = sealed_record
    with acting("social") as social, acting("shelter") as shelter, acting("ngo") as work:
        ours, theirs = social.actor.organisation_id, shelter.actor.organisation_id
        first: dict[str, Any] = {
            "relation": Relation.ASSIGNED, "role": Role.SOC, "organisation_id": ours, "user_id": social.actor.user_id,
        }  # fmt: skip
        count = len(rows(work, TeamMember.case_id == case_id))
        for more in (
            {}, {"relation": Relation.MANDATE}, {"role": Role.LEG}, {"organisation_id": theirs}, {"user_id": None},
            {"user_id": shelter.actor.user_id}, {"until": work.clock.now() + SECOND},
            {"user_id": None, "until": work.clock.now() + SECOND},
        ):  # fmt: skip
            access.grant(work, case_id, **{**first, **more})
            count += 1
            assert len(rows(work, TeamMember.case_id == case_id)) == count, more
        for more in ({}, {"user_id": None}):
            access.grant(work, case_id, **{**first, **more})
            assert len(rows(work, TeamMember.case_id == case_id)) == count
        made = work.session.scalars(select(TeamMember).where(TeamMember.until_at.is_not(None))).first()
        assert made
        assert made.until_at == made.from_at + SECOND == work.clock.now() + SECOND
        assert (made.granted_by, made.reasoned, made.categories) == (work.actor.user_id, False, [])
        work.commit()
    clock.move(SECOND)
    with acting("ngo") as work:
        assert len(rows(work, TeamMember.case_id == case_id)) == count - 2


def test_an_end_takes_what_it_names_and_leaves_the_rest(acting: As, sealed_record: tuple[UUID, UUID]) -> None:
    case_id, _record = sealed_record
    with acting("social") as social, acting("shelter") as shelter, acting("ngo") as work:
        ours, who = social.actor.organisation_id, social.actor.user_id
        theirs, other = shelter.actor.organisation_id, shelter.actor.user_id
        assert ours
        assert theirs
        before = team(work, case_id)
        for relation, role, house, user in (
            (Relation.ASSIGNED, Role.SOC, ours, who), (Relation.ASSIGNED, Role.SOC, ours, None),
            (Relation.ASSIGNED, Role.LEG, ours, who), (Relation.MANDATE, Role.SOC, ours, who),
            (Relation.ASSIGNED, Role.SHE, theirs, other),
        ):  # fmt: skip
            access.grant(work, case_id, relation, role=role, organisation_id=house, user_id=user)
        whole = before | {
            ("assigned", "SOC", True), ("assigned", "SOC", False), ("assigned", "LEG", True), ("mandate", "SOC", True),
            ("assigned", "SHE", True),
        }  # fmt: skip
        for narrowed, gone in (
            ({}, {("assigned", role, named) for role in ("SOC", "LEG", "SHE") for named in (True, False)}),
            ({"organisation_id": theirs}, {("assigned", "SHE", True)}),
            ({"user_id": who}, {("assigned", "SOC", True), ("assigned", "LEG", True)}),
            ({"role": Role.LEG}, {("assigned", "LEG", True)}),
            ({"organisation_id": ours, "role": Role.SOC}, {("assigned", "SOC", True), ("assigned", "SOC", False)}),
            ({"organisation_id": new_id()}, set()),
        ):  # fmt: skip
            assert team(work, case_id) == whole
            undone = work.session.begin_nested()
            access.end(work, case_id, [Relation.ASSIGNED], **narrowed)
            assert team(work, case_id) == whole - gone, narrowed
            undone.rollback()
        access.end(work, new_id(), [Relation.ASSIGNED])  # another case is another matter
        assert team(work, case_id) == whole
        access.end(work, case_id, list(Relation))
        assert team(work, case_id) == set()


def test_what_was_lent_ends_with_what_it_rests_on(acting: As, sealed_record: tuple[UUID, UUID]) -> None:
    case_id, _record = sealed_record
    first, second = new_id(), new_id()
    with acting("police") as police, acting("ngo") as work:
        house = police.actor.organisation_id
        assert house
        for rests_on, category in ((first, Category.ID), (second, Category.HEA)):
            access.share(
                work, case_id, organisation_id=house, categories=[category], purpose="share_police", basis="consent",
                track_id=rests_on, until=work.clock.now() + SECOND,
            )  # fmt: skip

        def lent() -> set[str]:
            stand = work.session.execute(select(Share.category).where(Share.ended_at.is_(None)))
            return set(stand.scalars())

        made = work.session.scalars(select(Share).where(Share.track_id == first)).one()
        assert (made.from_at, made.until_at) == (work.clock.now(), work.clock.now() + SECOND)
        assert (made.purpose, made.basis, made.organisation_id) == ("share_police", "consent", house)
        work.is_fresh = False
        with pytest.raises(FreshSignInNeeded):
            access.share(
                work, case_id, organisation_id=house, categories=[Category.LOC], purpose="x", basis="consent",
                track_id=first, until=None,
            )  # fmt: skip
        assert lent() == {"ID", "HEA"}
        access.end_shares(work, new_id())
        access.end_shares(work, case_id, new_id())
        assert lent() == {"ID", "HEA"}
        access.end_shares(work, case_id, first)
        assert lent() == {"HEA"}
        access.end_shares(work, case_id)
        assert lent() == set()


def test_whoever_knocks_stands_there_for_this_act_alone(
    acting: As, sealed_record: tuple[UUID, UUID], clock: HeldClock
) -> None:
    case_id, record_id = sealed_record
    with acting("social") as work:
        access.knock(work, case_id)
        assert work.standing(case_id).relations == {Relation.EMERGENCY}
        assert not work.standing(case_id).timed_reason
        assert work.reveal(case_id, [record_id]).of(record_id) == {}
        work.commit()
    with acting("ngo2") as work:
        assert not work.standing(case_id).relations
    clock.move(timedelta(microseconds=1))
    with acting("social") as work:
        assert not work.standing(case_id).relations


def test_why_there_is_nothing_is_known_to_the_ledger_alone(
    acting: As, sealed_record: tuple[UUID, UUID]
) -> None:
    case_id, _record = sealed_record
    with acting("ngo2") as work:
        assert why_unknown(work, case_id) == "no relation to the case"
        assert why_unknown(work, new_id()) == "no such case"
        work.refuse_unless(allowed=True, message="never said")
        with pytest.raises(NotAllowed, match="Only the lead"):
            work.refuse_unless(allowed=False, message="Only the lead")
    with acting("ngo") as work:
        assert why_unknown(work, case_id) == "nothing of that address in the case"
        bar(work, case_id, ground="family", reason="Her brother is named.", user_id=work.actor.user_id)
        assert why_unknown(work, case_id) == CONFLICT
        with pytest.raises(Unknown):
            work.member(case_id)


def test_what_may_be_known_to_exist_is_named_and_what_may_not_is_not(
    acting: As, sealed_record: tuple[UUID, UUID]
) -> None:
    case_id, record_id = sealed_record
    with acting("ngo") as work:
        seen = work.reveal(case_id, [record_id])
        assert set(seen.hidden()) == {each for each, level in seen.levels.items() if level is Level.EXISTENCE}
        assert Category.CRI in seen.hidden()
        assert not {Category.ID, Category.STA} & set(seen.hidden())
        assert seen.of(new_id()) == {}
        assert work.may(case_id, Category.ID, "write").allowed
        assert not work.may(case_id, Category.CRI).allowed
        assert work.may(case_id, Category.CRI, own=True).allowed


def test_what_one_may_see_changes_with_the_act_that_changes_it(
    acting: As, sealed_record: tuple[UUID, UUID]
) -> None:
    """And not with the next request only; of other cases nothing is forgotten."""
    case_id, _record = sealed_record
    with acting("ngo") as work:
        assert work.actor.organisation_id
        other = new_id()
        work._standings[work.actor.user_id, other] = nothing = work.standing(new_id())
        held = work.standing(case_id)
        assert work.standing(case_id) is held  # asked once
        mine: dict[str, Any] = {"organisation_id": work.actor.organisation_id}
        access.grant(work, case_id, Relation.MANDATE, role=Role.NGO, **mine)
        assert work.standing(case_id).relations == {Relation.LEAD, Relation.MANDATE}
        access.share(
            work, case_id, categories=[Category.HEA], purpose="x", basis="consent", track_id=new_id(), until=None,
            **mine,
        )  # fmt: skip
        assert work.standing(case_id).lent == {Category.HEA}
        access.end_shares(work, case_id)
        assert work.standing(case_id).lent == frozenset()
        access.end(work, case_id, [Relation.MANDATE])
        assert work.standing(case_id).relations == {Relation.LEAD}
        bar(work, case_id, ground="family", reason="Her brother is named.", user_id=work.actor.user_id)
        assert work.standing(case_id).barred
        assert work.standing(other) is nothing
