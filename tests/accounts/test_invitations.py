"""Invitations: one use, three days, by an administrator who has just signed in."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from app.accounts import invitations, passkeys
from app.accounts.forms import AcceptInvitation, Invite
from app.accounts.models import Invitation, Organisation, UserAccount
from app.accounts.queries import my_passkeys, open_invitations
from app.accounts.sessions import identify
from app.kit.errors import FreshSignInNeeded, NotAllowed, Refused
from app.safeguards.models import LedgerEvent
from app.safeguards.words import Role


def invite(home, name="Noor Vale", email="noor@vale.example", role=Role.POL):
    return Invite(name=name, email=email, organisation_id=home, role=role)


@pytest.fixture
def token(administrator, home):
    return invitations.invite(administrator, invite(home, "Noor Vale", "Noor@Vale.example ", Role.POL))


@pytest.fixture
def accept(public, site, device):
    def take(token, device=device):
        answer = device.make(invitations.accepting_options(public, site, token))
        sent = AcceptInvitation(token=token, credential=answer, language="fr")
        return invitations.accept(public, site, sent)

    return take


def test_an_invited_person_gets_account_passkey_and_session(token, accept, public, clock, home):
    found = identify(replace(public, clock=clock), accept(token))
    assert found.actor.role is Role.POL
    assert found.actor.organisation_id == home
    assert (found.actor.name, found.actor.language) == ("Noor Vale", "fr")
    assert [each.name for each in my_passkeys(replace(public, actor=found.actor))] == [""]
    assert public.session.get_one(UserAccount, found.user_id).email == "noor@vale.example"


def test_the_passkey_of_the_acceptance_signs_in(token, accept, public, site, device):
    accept(token)
    user = passkeys.verified_user(public, site, device.sign(passkeys.sign_in_options(public, site)))
    assert user.name == "Noor Vale"


def test_it_says_for_whom_it_is(token, public):
    said = invitations.opened(public, token)
    assert (said.name, said.role, said.organisation) == ("Noor Vale", Role.POL, "House of Orme")


def test_it_is_good_once(token, accept, public):
    accept(token)
    for act in (accept, lambda each: invitations.opened(public, each)):
        with pytest.raises(Refused):
            act(token)


def test_it_is_good_for_three_days(token, accept, clock, public):
    clock.move(timedelta(hours=72) - timedelta(seconds=1))
    assert invitations.opened(public, token)
    clock.move(timedelta(seconds=1))
    with pytest.raises(Refused):
        accept(token)


@pytest.mark.parametrize("wrong", ["", "x", "\0", "é", "a" * 10_000])
def test_any_other_token_is_refused_in_the_same_words(token, accept, public, wrong):
    with pytest.raises(Refused) as other:
        invitations.opened(public, wrong)
    accept(token)
    with pytest.raises(Refused) as used:
        invitations.opened(public, token)
    assert other.value.faults == used.value.faults


def test_a_newer_one_replaces_it(token, administrator, home, public):
    newer = invitations.invite(administrator, invite(home, "Noor Vale", "noor@vale.example", Role.POL))
    with pytest.raises(Refused):
        invitations.opened(public, token)
    assert invitations.opened(public, newer)
    assert len(open_invitations(administrator)) == 1


def test_a_failed_ceremony_leaves_it_usable(token, accept, device):
    with pytest.raises(NotAllowed):
        accept(token, device.but(verifies=False))
    assert accept(token)


def test_only_its_digest_is_stored_and_nothing_of_it_stands_on_the_ledger(token, public, accept):
    accept(token)
    held = public.session.scalars(select(Invitation)).one()
    assert token.encode() not in held.digest
    said = "".join(public.session.scalars(select(LedgerEvent.body)))
    assert token not in said
    assert "noor" not in said.lower()


def test_the_link_keeps_its_secret_from_every_server_log(token, site):
    address, secret = invitations.link(site, token).split("#")
    assert address == "https://service.example/invitation"
    assert secret == token


def test_nobody_but_an_administrator_invites(signed_in, user, home, public):
    for work in (signed_in(user), public):
        with pytest.raises(NotAllowed):
            invitations.invite(work, invite(home, "Noor", "noor@vale.example", Role.POL))


def test_an_administrator_invites_soon_after_signing_in(administrator, home, clock):
    clock.move(timedelta(minutes=5))
    with pytest.raises(FreshSignInNeeded):
        invitations.invite(administrator, invite(home, "Noor", "noor@vale.example", Role.POL))


@pytest.mark.parametrize("role", [Role.SYS, Role.VIC])
def test_no_person_is_invited_as_the_service_or_the_victim(home, role):
    with pytest.raises(ValidationError):
        invite(home, role=role)


@pytest.mark.parametrize("wrong", ["noor", "noor@", "@vale.example", "noor@vale", "a b@c.de", "x" * 300])
def test_an_invitation_needs_an_address(home, wrong):
    with pytest.raises(ValidationError):
        invite(home, email=wrong)


def test_one_address_has_one_account(administrator, home, user):
    with pytest.raises(Refused):
        invitations.invite(administrator, invite(home, "Ada", user.email.upper()))


def test_there_must_be_such_an_organisation(administrator, user):
    with pytest.raises(Refused):
        invitations.invite(administrator, invite(user.id, "Noor", "noor@vale.example", Role.POL))


def test_a_synced_passkey_does_not_make_an_administrator(administrator, home, accept, device):
    token = invitations.invite(administrator, invite(home, "Kim", "kim@orme.example", Role.ADM))
    with pytest.raises(NotAllowed):
        accept(token, device.but(synced=True))
    assert accept(token)


def test_a_fresh_service_invites_its_first_administrator(system, accept):
    earlier = invitations.first_invitation(system)
    token = invitations.first_invitation(system)
    assert [each.name for each in system.session.scalars(select(Organisation))] == ["Administration"]
    with pytest.raises(Refused):
        accept(earlier)
    accept(token)
    assert invitations.first_invitation(system) is None


def test_invitation_and_acceptance_stand_on_the_ledger(token, accept, public):
    accept(token)
    said = [
        json.loads(each) for each in public.session.scalars(select(LedgerEvent.body).order_by(LedgerEvent.id))
    ]
    assert [each.get("by") or each["act"] for each in said][-3:] == ["invitation", "acceptance", "sign_in"]
