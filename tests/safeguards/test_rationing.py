"""How much is left: a case counts once, an hour and a day end on the instant, a lift is one person’s and honest."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.kit.clock import HeldClock
from app.kit.ids import new_id
from app.safeguards import rationing
from app.safeguards.access import knock
from app.safeguards.models import Asking, LedgerEvent, QuotaLift
from app.safeguards.rationing import (
    DAY,
    HOUR,
    QUOTAS,
    Quota,
    Rationed,
    is_spent,
    quota,
    ration,
    ration_openings,
    refuse_more,
)
from app.safeguards.stamps import stamp
from app.safeguards.words import Role
from app.safeguards.work import SPENT, Work
from app.settings import settings
from tests.fixtures.service import As

INSTANT = timedelta(microseconds=1)


def test_a_quota_grows_and_shrinks_and_never_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Quota(10, 31).times(2.5) == Quota(25, 77)
    assert Quota(10, 31).times(0.25) == Quota(2, 7)
    assert Quota(10, 31).times(0.01) == Quota(1, 1)
    monkeypatch.setitem(QUOTAS["openings"], "NGO", Quota(4, 8))
    monkeypatch.setitem(QUOTAS["openings"], "default", Quota(2, 4))
    times = settings().quota_times
    assert quota("openings", Role.NGO) == Quota(4, 8).times(times)
    assert quota("openings", Role.BIP) == Quota(2, 4).times(times)
    monkeypatch.setattr(settings(), "quota_times", 2 * times)
    assert quota("openings", Role.NGO) == Quota(8, 16).times(times)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("openings", "search", "exports"):
        monkeypatch.setitem(QUOTAS[kind], "NGO", Quota(2, 3))
        monkeypatch.setitem(QUOTAS[kind], "default", Quota(2, 3))
    monkeypatch.setattr(rationing, "LIFTED", 2)


def taken(work: Work) -> int:
    return work.session.scalar(select(func.count()).where(Asking.user_id == work.actor.user_id)) or 0


def passes(work: Work, kind: str, about: UUID | None = None) -> bool:
    """Whether one more is let through; what a refusal would put on the ledger is undone."""
    before, held = taken(work), work.session.begin_nested()
    try:
        ration(work, kind, about)
    except Rationed:
        held.rollback()
        assert taken(work) == before
        return False
    held.commit()
    return True


@pytest.mark.usefixtures("few")
def test_an_hour_and_a_day_end_on_the_instant_and_the_same_case_counts_once(
    acting: As, clock: HeldClock
) -> None:
    first, second, third = (new_id() for _each in range(3))
    began = clock.now()
    with acting("ngo") as work, acting("ngo2") as other:
        assert not is_spent(work, "openings")
        for about in (first, first, second, first):
            assert passes(work, "openings", about)
        assert taken(work) == 2
        assert is_spent(work, "openings")
        assert not is_spent(work, "search")  # each kind by itself
        assert not passes(work, "openings", third)
        assert passes(work, "openings", second)
        assert passes(other, "openings", third)  # each person by themself
        assert taken(work) == 2
        work.commit()
    for later, steps in (
        (HOUR - INSTANT, ((third, False), (first, True))),
        (HOUR, ((first, True), (third, False))),  # the first counts again, and three in a day are all
        (DAY - INSTANT, ((third, False),)),
        (DAY, ((third, True),)),
    ):
        clock.at = began + later
        with acting("ngo") as work:
            for about, passed in steps:
                assert passes(work, "openings", about) is passed, (later, about)
            work.commit()
    with acting("ngo") as work:
        assert [passes(work, "search") for _each in range(3)] == [True, True, False]


@pytest.mark.usefixtures("few")
def test_only_an_honest_lift_of_that_kind_for_that_person_in_that_hour_lifts(
    acting: As, clock: HeldClock
) -> None:
    with acting("ngo") as work, acting("ngo2") as other, acting("supervisor") as boss:
        now = clock.now()

        def lift(whose: Work, kind: str, begins: timedelta, ends: timedelta, forged: bool = False) -> None:
            made = QuotaLift(
                id=new_id(), user_id=whose.actor.user_id, kind=kind, reason="handover",
                given_by=boss.actor.user_id, from_at=now + begins, until_at=now + ends,
            )  # fmt: skip
            stamp(boss, made)
            if forged:
                made.stamp = b"forged"
            boss.session.add(made)
            boss.commit()
            boss.begin()

        for _each in range(2):
            assert passes(work, "openings", new_id())
            assert passes(work, "exports")
            assert passes(work, "search")
        none = timedelta(0)
        for whose, kind, begins, ends in (
            (other, "openings", none, HOUR), (work, "exports", none, HOUR), (work, "search", none, HOUR),
            (work, "openings", INSTANT, HOUR), (work, "openings", -HOUR, none),
        ):  # fmt: skip
            lift(whose, kind, begins, ends)
            assert not passes(work, "openings", new_id())
        lift(work, "openings", none, HOUR, forged=True)
        assert not passes(work, "openings", new_id())
        assert work.has_alarms
        assert passes(work, "exports")
        assert not passes(work, "search")  # which nobody can lift
        assert is_spent(work, "openings")
        lift(work, "openings", none, HOUR)
        assert not is_spent(work, "openings")
        third = new_id()
        for about in (third, third, new_id(), third):
            assert passes(work, "openings", about)
        assert not passes(work, "openings", new_id())  # twice as much, and not without end


@pytest.mark.usefixtures("few")
def test_what_was_opened_beyond_is_undone_but_an_emergency_spends_nothing(
    acting: As, sealed_record: tuple[UUID, UUID]
) -> None:
    case_id, record_id = sealed_record
    with acting("ngo") as work:
        work.opened = {new_id(), new_id()}
        ration_openings(work)
        assert taken(work) == 2
        work.commit()
        work.begin()
        work.reveal(case_id, [record_id])
        assert case_id in work.opened
        with pytest.raises(Rationed) as refused:
            ration_openings(work)
        assert refused.value.keeps
        assert "as many cases as your role may" in str(refused.value)
        assert (SPENT, None) in work.sights
        work.commit()
        with acting("auditor") as auditor:
            last = select(LedgerEvent.body).order_by(LedgerEvent.id.desc()).limit(1)
            event = json.loads(auditor.session.scalars(last).one())
        assert (event["act"], event["kind"], event["register"]) == ("refuse", "too-many", "openings")
    with acting("social") as work:
        work.opened = {new_id(), new_id(), case_id}
        knock(work, case_id)
        ration_openings(work)
        assert taken(work) == 2
        for kind in QUOTAS:
            with pytest.raises(Rationed, match=r"as many|as often|You have (searched|asked)"):
                refuse_more(work, kind)
