"""Nobody is let in by one administrator alone: a second person opens what the first has made."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.accounts import admission, invitations, service
from app.accounts.forms import AcceptInvitation, Invite
from app.accounts.models import Invitation, UserAccount
from app.accounts.passkeys import Site
from app.accounts.sessions import SignInFailed, open_session
from app.kit.clock import HeldClock
from app.kit.errors import FreshSignInNeeded, NotAllowed, Refused, Unknown
from app.safeguards.words import Role
from app.safeguards.work import Work
from tests.fixtures.authenticator import Authenticator


@pytest.fixture
def person(system: Work, signed_in: Callable[[UserAccount], Work]) -> Callable[[str, Role, UUID], Work]:
    """Make somebody of a role in an organisation, and sign them in."""

    def made(name: str, role: Role, house: UUID) -> Work:
        user_id = service.add_user(system, house, role, name=name, email=f"{name}@orme.example")
        return signed_in(system.session.get_one(UserAccount, user_id))

    return made


@pytest.fixture
def come(administrator: Work, public: Work, site: Site, device: Authenticator) -> Callable[..., UUID]:
    """Invite somebody, who accepts; return the account, and say whether they were signed in at once."""

    def came(house: UUID, *, at_once: bool = False, by: Work = administrator) -> UUID:
        form = Invite(name="Ada Vale", email="ada@vale.example", organisation_id=house, role="NGO")
        token = invitations.invite(by, form)
        answer = device.make(invitations.accepting_options(public, site, token))
        cookie = invitations.accept(public, site, AcceptInvitation(token=token, credential=answer))
        assert bool(cookie) is at_once
        return public.session.scalars(select(Invitation.id).where(Invitation.used_at.is_not(None))).one()

    return came


def test_the_invited_wait_until_somebody_who_knows_them_opens(  # noqa: PLR0917 -- fixtures
    administrator: Work, person: Callable[..., Work], come: Callable[..., UUID], system: Work, public: Work,
    home: UUID, clock: HeldClock,
) -> None:  # fmt: skip
    office = administrator.actor.organisation_id
    assert office is not None
    supervisor, auditor = person("sue", Role.SUP, home), person("aud", Role.AUD, office)
    ada = come(home)
    account = public.session.get_one(UserAccount, ada)
    with pytest.raises(SignInFailed):
        open_session(public, account, "passkey", public.clock.now())
    elsewhere = service.add_organisation(system, "Elsewhere", "NGO")
    for who, answer in (
        (administrator, NotAllowed), (person("bo", Role.ADM, office), NotAllowed),
        (person("cy", Role.SUP, elsewhere), Unknown), (person("di", Role.NGO, home), NotAllowed),
    ):  # fmt: skip
        with pytest.raises(answer):
            admission.let_in(who, ada)
        assert not any(each.may_open for each in admission.newcomers(who))
    service.disable_user(administrator, ada)
    with pytest.raises(Refused):  # closing it and opening it again is no way round
        service.enable_user(administrator, ada)
    for who in (supervisor, auditor, person("eli", Role.ADM, elsewhere)):
        assert [each.may_open for each in admission.newcomers(who)] == [True]
    stale = replace(supervisor, clock=clock)
    clock.move(timedelta(minutes=6))
    with pytest.raises(FreshSignInNeeded):
        admission.let_in(stale, ada)


def test_it_is_opened_once_and_not_for_ever(
    person: Callable[..., Work], come: Callable[..., UUID], public: Work, home: UUID, clock: HeldClock
) -> None:
    supervisor = person("sue", Role.SUP, home)
    ada = come(home)
    admission.let_in(supervisor, ada)
    assert open_session(public, public.session.get_one(UserAccount, ada), "passkey", public.clock.now())
    with pytest.raises(Unknown):
        admission.let_in(supervisor, ada)
    with pytest.raises(Unknown):
        admission.let_in(supervisor, supervisor.actor.user_id)
    clock.move(admission.STANDS)
    assert admission.newcomers(replace(supervisor, clock=clock)) == []


def test_where_the_inviter_was_written_past_the_service_nobody_opens(
    person: Callable[..., Work], come: Callable[..., UUID], public: Work, home: UUID
) -> None:
    supervisor = person("sue", Role.SUP, home)
    ada = come(home)
    public.session.get_one(Invitation, ada).invited_by = supervisor.actor.user_id
    public.session.flush()
    with pytest.raises(NotAllowed):
        admission.let_in(supervisor, ada)
    assert supervisor.has_alarms


def test_the_first_ones_come_in_while_there_is_nobody_else(come: Callable[..., UUID], home: UUID) -> None:
    come(home, at_once=True)


def test_nobody_comes_to_stand_alone_by_closing_the_others(
    administrator: Work, person: Callable[..., Work], come: Callable[..., UUID], home: UUID
) -> None:
    supervisor = person("sue", Role.SUP, home)
    service.disable_user(administrator, supervisor.actor.user_id)
    come(home)
