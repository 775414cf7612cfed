"""Passkey ceremonies: the right one passes, and each forgery is refused and stands on the ledger."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts import invitations, passkeys, service
from app.accounts.forms import AcceptInvitation, AddPasskey, Invite
from app.accounts.models import Challenge, UserAccount
from app.accounts.passkeys import Site
from app.accounts.queries import my_passkeys
from app.accounts.sessions import SignInFailed, open_session
from app.kit.errors import FreshSignInNeeded, Refused, Unknown
from app.safeguards.access import anonymous
from app.safeguards.models import LedgerEvent
from app.safeguards.words import Role
from tests.fixtures.authenticator import octets, text


@pytest.fixture
def own(signed_in, user, device):
    """The user's work, once the device holds a passkey of theirs."""
    work = signed_in(user)
    add(work, device.make(adding(work)), "Blue key")
    return work


@pytest.fixture
def enter(own, public):
    """Sign in with a device and return whose passkey it was."""

    def with_(device, options=None):
        return passkeys.verified_user(public, SITE, device.sign(options or asked(public)))

    return with_


SITE = Site.at("https://service.example")


def asked(work):
    return passkeys.sign_in_options(work, SITE)


def adding(work):
    return service.adding_options(work, SITE)


def add(work, credential, name):
    return service.add_passkey(work, SITE, AddPasskey(credential=credential, name=name))


def reasons(work):
    bodies = work.session.scalars(
        select(LedgerEvent.body).where(LedgerEvent.act == "refuse").order_by(LedgerEvent.id)
    )
    return [json.loads(each)["reason"] for each in bodies]


def test_a_passkey_signs_its_user_in_without_a_name(enter, device, user, public):
    options = asked(public)
    assert options["userVerification"] == "required"
    assert not options.get("allowCredentials")
    assert enter(device, options).id == user.id


def test_the_options_ask_for_a_key_that_verifies_and_is_found_without_a_name(signed_in, user):
    options = adding(signed_in(user))
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["attestation"] == "none"
    assert options["rp"]["id"] == SITE.domain


def test_the_same_device_is_not_asked_twice(own, device):
    excluded = adding(own)["excludeCredentials"]
    assert [octets(each["id"]) for each in excluded] == [device.credential_id]


LIES = {
    "wrong origin": {"origin": "https://case-service.example"},
    "wrong domain": {"domain": "case-service.example"},
    "no user verification": {"verifies": False},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lying_answer_signs_nobody_in(enter, device, public, lie):
    with pytest.raises(SignInFailed):
        enter(device.but(**LIES[lie]))
    assert reasons(public)[-1].startswith("not verified")


@pytest.mark.parametrize("lie", LIES)
def test_a_lying_answer_makes_no_passkey(signed_in, user, device, lie):
    work = signed_in(user)
    with pytest.raises(SignInFailed):
        add(work, device.but(**LIES[lie]).make(adding(work)), "Key")
    assert my_passkeys(work) == []


def test_a_challenge_is_answered_once(enter, device, public):
    options = asked(public)
    enter(device, options)
    with pytest.raises(SignInFailed):
        enter(device, options)
    assert reasons(public) == ["challenge"]


def test_a_wrong_answer_spends_the_challenge_too(enter, device, public):
    options = asked(public)
    with pytest.raises(SignInFailed):
        enter(device.but(verifies=False), options)
    with pytest.raises(SignInFailed):
        enter(device, options)
    assert reasons(public)[-1] == "challenge"


def test_a_challenge_is_good_for_five_minutes(enter, device, public, clock):
    options = asked(public)
    clock.move(timedelta(minutes=5))
    with pytest.raises(SignInFailed):
        enter(device, options)


def test_challenges_that_nobody_answered_are_swept_away(public, clock):
    asked(public)
    clock.move(timedelta(minutes=5))
    asked(public)
    assert public.session.scalar(select(func.count()).select_from(Challenge)) == 1


def test_a_challenge_made_up_by_the_sender_is_none(enter, device):
    with pytest.raises(SignInFailed):
        enter(device, {"challenge": text(bytes(32))})


def test_a_challenge_for_a_new_passkey_does_not_sign_in_nor_serve_somebody_else(
    own, enter, device, administrator
):
    options = adding(own)
    with pytest.raises(SignInFailed):
        enter(device, options)
    with pytest.raises(SignInFailed):
        add(administrator, device.make(options), "Key")


def test_a_counter_that_goes_back_is_a_copied_key(enter, device, public):
    for _each in range(3):
        enter(device)
    with pytest.raises(SignInFailed):
        enter(device.but(count=1))
    with pytest.raises(SignInFailed):
        enter(device.but(count=device.count - 1))  # the same count once more
    assert reasons(public) == ["counter", "counter"]
    assert enter(device)


def test_a_device_that_counts_nothing_may_sign_in_again(signed_in, user, device, enter):
    work, plain = signed_in(user), device.but(counts=False, count=0, credential_id=bytes(16))
    add(work, plain.make(adding(work)), "Platform")
    assert enter(plain)
    assert enter(plain)


def test_a_stranger_key_an_other_handle_and_a_foreign_signature_are_refused(enter, device, public):
    other = device.but(key=type(device)("", "").key)
    for liar in (device.but(credential_id=bytes(32)), device.but(user_handle=bytes(16)), other):
        with pytest.raises(SignInFailed):
            enter(liar)
    told = reasons(public)
    assert told[:2] == ["unknown passkey", "other user's passkey"]
    assert told[2].startswith("not verified")


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"response": None},
        {"id": 7, "response": {"clientDataJSON": 7}},
        {"id": "é", "response": {"clientDataJSON": "\0"}},
        {"response": {"clientDataJSON": text(b"[]")}},
        {"response": {"clientDataJSON": text(b"[" * 50_000)}},
        {"response": {"clientDataJSON": text(b'{"type":"webauthn.get","challenge":"","origin":""}')}},
    ],
)
def test_what_cannot_be_read_is_refused(public, sent):
    with pytest.raises(SignInFailed):
        passkeys.verified_user(public, SITE, sent)


def test_an_answer_with_nonsense_inside_is_refused(enter, device, own, public):
    for part, nonsense in (("attestationObject", "AAAA"), ("attestationObject", text(b"\xa0"))):
        answer = device.make(adding(own))
        answer["response"][part] = nonsense
        with pytest.raises(SignInFailed):
            add(own, answer, "Key")
    for part, nonsense in (("authenticatorData", "AAAA"), ("signature", ""), ("userHandle", None)):
        answer = device.sign(asked(public))
        answer["response"][part] = nonsense
        with pytest.raises(SignInFailed):
            passkeys.verified_user(public, SITE, answer)


@pytest.mark.parametrize("role", [Role.AUD, Role.ADM])
def test_a_synced_passkey_is_too_little_for_who_audits_or_administers(system, signed_in, home, device, role):
    public = replace(system, actor=anonymous())
    made = service.add_user(system, home, role, name="Eve", email="eve@orme.example")
    work = signed_in(system.session.get_one(UserAccount, made))
    synced = device.but(synced=True)
    with pytest.raises(SignInFailed, match="stays on one device"):
        add(work, synced.make(adding(work)), "Phone")
    add(work, device.make(adding(work)), "Key")
    assert passkeys.verified_user(public, SITE, device.sign(asked(public))).id == made
    with pytest.raises(SignInFailed):
        passkeys.verified_user(public, SITE, device.but(synced=True).sign(asked(public)))


def test_anybody_else_may_use_a_synced_passkey(signed_in, user, device):
    work = signed_in(user)
    add(work, device.but(synced=True).make(adding(work)), "Phone")
    assert [each.device_bound for each in my_passkeys(work)] == [False]


def test_a_key_that_is_known_is_not_taken_twice(own, device, administrator):
    with pytest.raises(SignInFailed):
        add(administrator, device.make(adding(administrator)), "Key")


def test_a_passkey_gets_a_name_and_the_last_one_stays(own, device):
    (first,) = my_passkeys(own)
    service.name_passkey(own, first.id, "Red key")
    assert my_passkeys(own)[0].name == "Red key"
    with pytest.raises(Refused):
        service.remove_passkey(own, first.id)
    second = device.but(credential_id=bytes(16))
    add(own, second.make(adding(own)), "Spare")
    service.remove_passkey(own, first.id)
    assert [each.name for each in my_passkeys(own)] == ["Spare"]


def test_a_removed_passkey_signs_nobody_in(own, enter, device):
    (first,) = my_passkeys(own)
    second = device.but(credential_id=bytes(16))
    add(own, second.make(adding(own)), "Spare")
    service.remove_passkey(own, first.id)
    with pytest.raises(SignInFailed):
        enter(device)


def test_somebody_elses_passkey_is_not_there(own, administrator):
    (first,) = my_passkeys(own)
    for act in (lambda: service.name_passkey(administrator, first.id, "Mine"),
                lambda: service.remove_passkey(administrator, first.id)):  # fmt: skip
        with pytest.raises(Unknown):
            act()


def test_passkeys_change_only_soon_after_signing_in(own, device, clock):
    (first,) = my_passkeys(own)
    options = adding(own)
    clock.move(timedelta(minutes=5))
    for act in (lambda: adding(own), lambda: service.remove_passkey(own, first.id),
                lambda: add(own, device.make(options), "Key")):  # fmt: skip
        with pytest.raises(FreshSignInNeeded):
            act()


def test_the_passkey_of_a_closed_account_opens_no_session(enter, device, administrator, user, public):
    service.disable_user(administrator, user.id)
    with pytest.raises(SignInFailed):
        open_session(public, enter(device), "passkey", public.clock.now())
    assert reasons(public) == ["disabled"]


def test_a_challenge_of_one_invitation_does_not_serve_another(administrator, home, public, device):
    one, two = (
        invitations.invite(
            administrator, Invite(name=each, email=f"{each}@orme.example", organisation_id=home, role="POL")
        )
        for each in ("one", "two")
    )
    answer = device.make(invitations.accepting_options(public, SITE, one))
    with pytest.raises(SignInFailed):
        invitations.accept(public, SITE, AcceptInvitation(token=two, credential=answer))
    assert reasons(public) == ["other invitation"]


def test_refusals_name_no_person(enter, device, public, user):
    with pytest.raises(SignInFailed):
        enter(device.but(verifies=False))
    said = public.session.scalars(select(LedgerEvent.body).where(LedgerEvent.act == "refuse")).one()
    assert json.loads(said)["purpose"] == "sign-in"
    assert user.name not in said
    assert user.email not in said
