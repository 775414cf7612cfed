"""Who lost every passkey: nobody lets them in alone, and all that was theirs before ends."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app.accounts import invitations, passkeys, recovery, service
from app.accounts.forms import AcceptInvitation
from app.accounts.models import Passkey, UserAccount
from app.accounts.sessions import SignInFailed, identify, open_session
from app.kit.errors import FreshSignInNeeded, NotAllowed, Refused, Unknown
from app.safeguards.words import Role
from tests.fixtures.authenticator import Authenticator


@pytest.fixture
def person(system, signed_in):
    """Make somebody of a role in an organisation, and sign them in."""

    def made(name, role, house):
        user_id = service.add_user(system, house, role, name=name, email=f"{name}@orme.example")
        return signed_in(system.session.get_one(UserAccount, user_id))

    return made


@pytest.fixture
def ada(administrator, public, home, site, device):
    """Ada, invited, with a passkey."""
    form = invitations.Invite(name="Ada Vale", email="ada@vale.example", organisation_id=home, role="NGO")
    token = invitations.invite(administrator, form)
    answer = device.make(invitations.accepting_options(public, site, token))
    cookie = invitations.accept(public, site, AcceptInvitation(token=token, credential=answer))
    return identify(public, cookie).user_id


def test_two_people_let_her_in_again_and_the_old_ways_end(  # noqa: PLR0917 -- fixtures
    administrator, person, public, home, site, device, ada
):
    before = open_session(public, public.session.get_one(UserAccount, ada), "passkey", public.clock.now())
    proposed = recovery.propose(administrator, ada)
    assert identify(public, before) is not None  # nothing changed for her yet
    supervisor = person("sue", Role.SUP, home)
    assert [each.may_confirm for each in recovery.waiting(supervisor)] == [True]
    name, token = recovery.confirm(supervisor, proposed)
    assert name == "Ada Vale"
    assert identify(public, before) is None
    with pytest.raises(SignInFailed):
        passkeys.verified_user(public, site, device.sign(passkeys.sign_in_options(public, site)))

    fresh = Authenticator(site.origin, site.domain)
    answer = fresh.make(invitations.accepting_options(public, site, token))
    cookie = invitations.accept(public, site, AcceptInvitation(token=token, credential=answer))
    assert identify(public, cookie).user_id == ada  # the account that there was
    assert len(public.session.scalars(select(Passkey).where(Passkey.user_id == ada)).all()) == 1
    with pytest.raises(Refused):
        invitations.opened(public, token)
    with pytest.raises(Unknown):
        recovery.confirm(supervisor, proposed)
    assert recovery.waiting(supervisor) == []


def test_nobody_does_it_alone_nor_with_a_colleague_of_the_same_office(  # noqa: PLR0917 -- fixtures
    administrator, person, system, public, home, ada, clock
):
    proposed = recovery.propose(administrator, ada)
    office = administrator.actor.organisation_id
    elsewhere = service.add_organisation(system, "Elsewhere", "NGO")
    for who in (
        administrator, person("bo", Role.ADM, office), person("cy", Role.SUP, elsewhere), person("di", Role.NGO, home),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            recovery.confirm(who, proposed)
    with pytest.raises(NotAllowed):
        recovery.propose(administrator, administrator.actor.user_id)
    with pytest.raises(NotAllowed):
        recovery.propose(person("flo", Role.SUP, home), ada)
    second = person("eli", Role.ADM, elsewhere)
    system.session.execute(text("UPDATE recovery SET user_id = proposed_by"))
    system.session.expire_all()
    with pytest.raises(Unknown):  # written past the service
        recovery.confirm(second, proposed)
    assert second.has_alarms
    stale = replace(second, clock=clock)
    clock.move(timedelta(minutes=6))
    with pytest.raises(FreshSignInNeeded):
        recovery.confirm(stale, proposed)


def test_a_proposal_lapses(administrator, person, home, ada, clock):
    proposed = recovery.propose(administrator, ada)
    clock.move(recovery.STANDS)
    supervisor = person("sue", Role.SUP, home)
    with pytest.raises(Unknown):
        recovery.confirm(replace(supervisor, clock=clock), proposed)
