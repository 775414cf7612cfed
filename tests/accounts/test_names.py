"""By which name people are shown: shelter staff stay unnamed outside their organisation (INV-12)."""

from dataclasses import replace

import pytest

from app.accounts import invitations, queries, service
from app.accounts.forms import Invite
from app.accounts.models import UserAccount
from app.kit.errors import NotAllowed, Refused, Unknown
from app.safeguards.access import SYSTEM
from app.safeguards.words import Role


@pytest.fixture
def shelter(system):
    return service.add_organisation(system, "Quiet House", "Shelter")


@pytest.fixture
def keeper(system, shelter):
    made = service.add_user(system, shelter, Role.SHE, name="Una Quiet", email="una@quiet.example")
    return system.session.get_one(UserAccount, made)


def test_outsiders_see_no_name_of_shelter_staff(signed_in, user, keeper, shelter, administrator):
    for work in (signed_in(user), administrator):
        assert queries.user_names(work, [keeper.id, user.id])[keeper.id] == "Shelter staff"
        assert queries.users_of(work, shelter) == {keeper.id: "Shelter staff"}
    assert queries.user_names(signed_in(user), [user.id]) == {user.id: "Ada Orme"}


def test_their_own_organisation_sees_it(signed_in, keeper, shelter, system):
    made = service.add_user(system, shelter, Role.SUP, name="Sol Quiet", email="sol@quiet.example")
    work = signed_in(system.session.get_one(UserAccount, made))
    assert queries.users_of(work, shelter, Role.SHE) == {keeper.id: "Una Quiet"}
    assert queries.user_names(work, [keeper.id])[keeper.id] == "Una Quiet"


def test_the_label_is_in_the_readers_language(signed_in, user, keeper):
    work = signed_in(user)
    french = replace(work, actor=replace(work.actor, language="fr"))
    assert queries.user_names(french, [keeper.id])[keeper.id] == "Personnel d’hébergement"


def test_the_administrators_lists_tell_neither_name_nor_address(administrator, keeper, shelter):
    ira = Invite(name="Ira Quiet", email="ira@quiet.example", organisation_id=shelter, role="SHE")
    invitations.invite(administrator, ira)
    said = str(queries.everybody(administrator)) + str(queries.open_invitations(administrator))
    assert "Una" not in said
    assert "Ira" not in said
    assert "@quiet" not in said
    assert queries.account_reference(keeper.id) in said


def test_an_unknown_user_and_the_service_have_a_name_to_show(signed_in, user, home):
    names = queries.user_names(signed_in(user), [home, SYSTEM])
    assert names == {home: "Unknown person", SYSTEM: "The service itself"}


def test_closed_accounts_are_offered_no_more(administrator, user, home):
    service.disable_user(administrator, user.id)
    assert queries.users_of(administrator, home) == {}
    assert queries.user_names(administrator, [user.id]) == {user.id: "Ada Orme"}
    assert [each.disabled for each in queries.everybody(administrator) if each.id == user.id] == [True]


def test_referrals_go_where_they_are_taken(signed_in, user, home, shelter):
    work = signed_in(user)
    assert queries.receiving_organisations(work) == {home: "House of Orme"}
    assert list(queries.organisation_names(work).values()) == ["House of Orme", "Quiet House"]


def test_an_administrator_cannot_lock_themselves_out(administrator):
    with pytest.raises(Refused):
        service.disable_user(administrator, administrator.actor.user_id)


def test_accounts_are_for_administrators(signed_in, user, administrator, home):
    work = signed_in(user)
    for act in (
        lambda: service.disable_user(work, administrator.actor.user_id),
        lambda: service.enable_user(work, user.id),
        lambda: service.add_organisation(work, "Other", "NGO"),
        lambda: service.add_user(work, home, Role.NGO, name="X", email="x@orme.example"),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(Unknown):
        service.disable_user(administrator, home)


def test_two_organisations_have_two_names(administrator, home):
    with pytest.raises(Refused):
        service.add_organisation(administrator, "house of orme", "NGO")


def test_one_reads_in_ones_own_language(signed_in, user):
    work = signed_in(user)
    service.choose_language(work, "fr")
    assert user.language == "fr"
    with pytest.raises(Refused):
        service.choose_language(work, "xx")
