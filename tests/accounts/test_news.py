"""People hear of attempts to sign in as them, and of every change of how they sign in; nobody else hears of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app.accounts import news, oidc, recovery, service
from app.accounts.forms import AddPasskey
from app.accounts.models import AccountNews, UserAccount
from app.accounts.sessions import as_actor, identify, open_session
from app.safeguards.words import Role
from tests.fixtures.authenticator import Authenticator
from tests.fixtures.reader import Reader

BANNER = "Something happened to how you sign in."


def told(work, user_id):
    query = (
        select(AccountNews.kind)
        .where(AccountNews.user_id == user_id)
        .order_by(AccountNews.at, AccountNews.id)
    )
    return sorted(work.session.scalars(query))


def forged(reader, **changed):
    options = reader.post("/api/sign-in/challenge", json={}).json()
    answer = reader.device.but(**changed).sign(options) if changed else reader.device.sign(options)
    if not changed:
        answer["response"]["signature"] = answer["response"]["signature"][:-6] + "AAAAAA"
    return reader.post("/api/sign-in", json={"credential": answer})


def test_she_hears_of_attempts_until_she_read_of_them(ruler, clock, doors):
    assert BANNER not in ruler.get("/administration").text
    ruler.fill("/sign-out")
    other = Reader(doors)
    other.device = ruler.device
    for _each in range(news.MANY):
        assert forged(other).status_code == 403
    assert ruler.enter().status_code == 200
    assert BANNER in ruler.get("/administration").text
    page = ruler.get("/account").text
    assert page.count(news.KINDS["failed"]) == 1  # once in an hour, however often
    assert news.KINDS["after_failures"] in page
    assert ruler.fill("/account/news/seen").status_code == 303
    assert BANNER not in ruler.get("/administration").text
    assert news.KINDS["failed"] in ruler.get("/account").text  # it stays to be read
    clock.move(news.ONCE_IN)
    assert forged(other).status_code == 403
    assert forged(other, count=0).status_code == 403  # a copy of the device, which counted less
    ruler.enter()
    page = ruler.get("/account").text
    assert page.count(news.KINDS["failed"]) == 2
    assert news.KINDS["copied"] in page
    clock.move(news.LONG + timedelta(days=1))
    ruler.enter()
    assert news.KINDS["after_long"] in ruler.get("/account").text
    clock.move(news.SHOWN_FOR)
    ruler.enter()
    assert news.KINDS["copied"] not in ruler.get("/account").text


@pytest.fixture
def ada(system, home):
    made = service.add_user(system, home, Role.NGO, name="Ada Vale", email="ada@vale.example")
    return system.session.get_one(UserAccount, made)


def test_every_change_of_what_lets_her_in_is_told(  # noqa: PLR0917 -- fixtures
    administrator, system, signed_in, home, site, ada
):
    work = signed_in(ada)
    kept = []
    for number in range(2):
        device = Authenticator(site.origin, site.domain)
        sent = AddPasskey(credential=device.make(service.adding_options(work, site)), name=str(number))
        kept.append(service.add_passkey(work, site, sent))
    service.remove_passkey(work, kept[0])
    oidc.unlink(work)
    sue = service.add_user(system, home, Role.SUP, name="Sue Vale", email="sue@vale.example")
    proposed = recovery.propose(administrator, ada.id)
    recovery.confirm(signed_in(system.session.get_one(UserAccount, sue)), proposed)
    service.disable_user(administrator, ada.id)
    service.enable_user(administrator, ada.id)
    changes = ["opened_again", "passkey_added", "passkey_added", "passkey_removed", "recovered"]
    assert told(system, ada.id) == [*changes, "recovery_proposed", "unlinked"]
    assert told(system, sue) == []
    assert [each.seen for each in news.mine(work)] == [False] * 7
    assert news.mine(administrator) == []
    news.mark_seen(administrator)
    assert not any(each.seen for each in news.mine(work))  # nobody but her puts it away
    news.tell(system, uuid4(), "failed")  # an account that there is not
    assert system.session.scalar(select(func.count()).select_from(AccountNews)) == 7


def test_the_session_in_which_she_did_it_herself_is_not_asked_about_it(system, ada):
    cookies = [open_session(system, ada, "passkey", system.clock.now()) for _each in range(2)]
    own, _other = (identify(system, each) for each in cookies)
    news.tell(as_actor(system, own.actor, "own account"), ada.id, "passkey_added")
    assert [identify(system, each).has_news for each in cookies] == [False, True]
    news.tell(system, ada.id, "failed")  # by nobody whom the service knows
    assert [identify(system, each).has_news for each in cookies] == [True, True]
