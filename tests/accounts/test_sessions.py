"""Who is signed in, and when no longer."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select
from starlette.responses import Response

from app.accounts import service, sessions
from app.accounts.models import SignInSession
from app.accounts.queries import my_sessions
from app.accounts.sessions import COOKIE, SignedIn, SignInFailed, identify, open_session
from app.kit.errors import FreshSignInNeeded, SignInNeeded, Unknown
from app.safeguards.models import LedgerEvent
from app.safeguards.words import Role

MINUTE = timedelta(minutes=1)


@pytest.fixture
def cookie(public, user):
    return open_session(public, user, "passkey", public.clock.now())


@pytest.fixture
def who(public, cookie, clock):
    def found() -> SignedIn | None:
        return identify(replace(public, clock=clock), cookie)

    return found


def acts(work):
    return list(work.session.scalars(select(LedgerEvent.act).order_by(LedgerEvent.id)))


def test_the_cookie_opens_the_session_of_its_user(who, user):
    found = who()
    assert found.actor.user_id == user.id
    assert found.actor.role is Role.NGO
    assert found.actor.organisation_id == user.organisation_id
    assert found.actor.session_id == found.session_id
    assert found.actor.authenticator == "passkey"
    assert found.fresh
    assert not found.expired
    assert len(found.csrf_secret) == 32


def test_only_the_digest_of_the_secret_is_stored(public, cookie, who):
    row = public.session.scalars(select(SignInSession)).one()
    assert row.digest == sessions.digest(cookie)
    assert cookie.encode() not in row.digest
    assert len(cookie) >= 43  # 256 bits


@pytest.mark.parametrize("wrong", [None, "", "x", "\0", "é" * 50, "a" * 100_000])
def test_any_other_cookie_opens_nothing(public, cookie, clock, wrong):
    assert identify(replace(public, clock=clock), wrong) is None


def test_idle_for_a_quarter_of_an_hour_ends_it_but_says_whose_it_was(who, user, clock):
    clock.move(15 * MINUTE - timedelta(seconds=1))
    assert not who().expired
    clock.move(15 * MINUTE)
    found = who()
    assert found.expired
    assert found.user_id == user.id
    assert not found.fresh
    with pytest.raises(SignInNeeded):
        _ = found.actor


def test_an_ended_session_does_not_come_back_by_being_asked_again(who, clock):
    clock.move(16 * MINUTE)
    assert who().expired
    assert who().expired
    clock.move(MINUTE)
    assert who().expired


def test_twelve_hours_end_it_however_busy(who, clock):
    for _each in range(71):
        clock.move(10 * MINUTE)
        assert not who().expired
    clock.move(10 * MINUTE)
    assert who().expired


def test_a_day_after_it_ended_it_says_nothing_any_more(who, clock):
    clock.move(timedelta(hours=24))
    assert who() is None


def test_it_is_fresh_for_five_minutes(who, clock):
    clock.move(5 * MINUTE - timedelta(seconds=1))
    assert who().fresh
    clock.move(timedelta(seconds=1))
    assert not who().fresh


def test_a_clock_that_was_set_back_makes_nothing_fresh(who, clock):
    clock.move(-10 * MINUTE)
    assert not who().fresh


def test_it_is_noted_at_most_once_a_minute(public, who, clock):
    began = clock.now()
    seen = select(SignInSession.seen_at)
    clock.move(timedelta(seconds=59))
    who()
    assert public.session.scalar(seen) == began
    clock.move(timedelta(seconds=1))
    who()
    assert public.session.scalar(seen) == clock.now()
    assert not public.session.dirty  # a read leaves nothing to save


def test_each_sign_in_has_a_secret_of_its_own(public, user, cookie, clock):
    second = open_session(public, user, "passkey", clock.now())
    one, two = identify(replace(public, clock=clock), cookie), identify(replace(public, clock=clock), second)
    assert cookie != second
    assert one.csrf_secret != two.csrf_secret
    assert one.session_id != two.session_id


def test_a_secret_brought_to_a_sign_in_is_good_no_longer(public, cookie, who):
    sessions.end_cookie(public, cookie)
    assert who() is None


def test_a_closed_account_is_refused_at_once_and_at_the_next_sign_in(public, administrator, user, who, clock):
    service.disable_user(administrator, user.id)
    assert who() is None
    with pytest.raises(SignInFailed):
        open_session(public, user, "passkey", clock.now())
    service.enable_user(administrator, user.id)
    assert who() is None  # what was ended stays ended
    assert open_session(public, user, "passkey", clock.now())


def test_nobody_signs_in_as_somebody_who_is_not_there(public, home):
    with pytest.raises(SignInFailed):
        sessions.sign_in_as(public, home, "demonstration")


def test_signing_out_ends_it_and_nothing_else(public, who, signed_in, user):
    work = signed_in(user)
    sessions.end_session(work)
    assert who() is not None
    assert [each.this_one for each in my_sessions(work)] == [False]


def test_one_ends_the_sessions_of_other_browsers(signed_in, who, user, system):
    work = signed_in(user)
    assert len(my_sessions(work)) == 2
    assert sessions.end_others(work) == 1
    assert who() is None
    assert [each.this_one for each in my_sessions(work)] == [True]
    assert sessions.end_others(work) == 0


def test_each_session_is_ended_alone_and_only_soon_after_signing_in(  # noqa: PLR0917 -- fixtures
    signed_in, who, user, system, administrator, clock
):
    work, third = signed_in(user), signed_in(user)
    first = next(
        each for each in my_sessions(work) if each.id not in {work.actor.session_id, third.actor.session_id}
    )
    sessions.end_one(work, first.id)
    assert who() is None
    assert {each.id for each in my_sessions(work)} == {work.actor.session_id, third.actor.session_id}
    for other in (
        first.id,
        work.actor.session_id,
        administrator.actor.session_id,
    ):  # ended, one's own, another's
        with pytest.raises(Unknown):
            sessions.end_one(work, other)
    assert len(my_sessions(administrator)) == 1
    clock.move(5 * MINUTE)
    for act in (sessions.end_others, partial(sessions.end_one, session_id=third.actor.session_id)):
        with pytest.raises(FreshSignInNeeded):
            act(work)
    assert len(my_sessions(work)) == 2


def test_an_hour_later_a_lasting_change_needs_a_new_sign_in(administrator, clock):
    sessions.require_fresh(administrator)
    clock.move(5 * MINUTE)
    with pytest.raises(FreshSignInNeeded):
        sessions.require_fresh(administrator)
    with pytest.raises(FreshSignInNeeded):
        sessions.require_fresh(replace(administrator, actor=replace(administrator.actor, session_id=None)))


def test_signing_in_and_out_stand_on_the_ledger_without_personal_data(public, signed_in, user):
    sessions.end_session(signed_in(user))
    assert acts(public)[-2:] == ["sign_in", "sign_out"]
    said = "".join(public.session.scalars(select(LedgerEvent.body)))
    assert '"purpose":"sign-in"' in said
    assert "orme" not in said.lower()


def test_the_cookie_is_for_this_host_over_tls_and_out_of_reach_of_scripts():
    response = Response()
    sessions.set_cookie(response, "secret")
    given = response.headers["set-cookie"].lower()
    assert given.startswith(f"{COOKIE}=secret;".lower())
    for part in ("secure", "httponly", "samesite=lax", "path=/"):
        assert part in given
    assert "domain" not in given
    assert "max-age" not in given
    sessions.clear_cookie(response)
    assert "max-age=0" in response.headers.getlist("set-cookie")[1].lower()
