"""A session that ends while somebody types: nothing is sent, nothing is lost, and nobody else reads it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from lxml import html

from app.kit.clock import HeldClock
from app.tracks.intake.sections import journey
from tests.doors.knocking import Records
from tests.fixtures.service import As, Browser, Enter
from tests.referrals import made

TEXT = "She asks before she drinks.\n“Ne le dites pas” – 😀 لا تخبر أحدا <b>&amp;</b>  two  spaces"
UNTOUCHED = ("public.held_text", "keys.wrapped_key")


def after_a_pause(clock: HeldClock, minutes: int = 16) -> None:
    clock.move(timedelta(minutes=minutes))


def held_at(answer: Any) -> str:
    """Where the page of the ended session leads after signing in."""
    assert answer.status_code == 401
    assert "What you typed is kept safe" in answer.text
    [way] = html.fromstring(answer.text).xpath("//main//a[contains(@href, '/sign-in')]/@href")
    return str(way).removeprefix("/sign-in?next=")


def send_as_it_stands(browser: Browser, **typed: Any) -> Any:
    """Press the button of a page in a session that may have ended; nothing is expected."""
    form = browser.form()
    data = {**browser.filled(form), **typed}
    return browser.client.post(form.get("action") or browser.path, data=data)


def come_back(browser: Browser, at: str) -> Browser:
    """Open what was held and go back to the page, as its one button does."""
    browser.get(at)
    browser.send(status=200)
    return browser


def value(browser: Browser, name: str) -> str:
    [field] = browser.form().xpath(f".//*[@name='{name}']")
    return str(field.value)


@pytest.fixture
def health_page(enter: Enter) -> Browser:
    """A page of a draft, on which somebody writes a long answer."""
    police = enter("police")
    police.get("/referrals/new")
    police.follow(police.send())
    draft = police.path.rsplit("/", 1)[0]
    police.get(f"{draft}/needs")
    return police


def test_a_page_of_a_referral_comes_back_as_it_was_typed(
    health_page: Browser, enter: Enter, clock: HeldClock, records: Records
) -> None:
    path, before = health_page.path, records.state(*UNTOUCHED)
    after_a_pause(clock)
    answer = send_as_it_stands(health_page, health_now=TEXT, immediate_needs=["safe_place", "interpreter"])
    at = held_at(answer)
    assert records.state(*UNTOUCHED) == before
    police = come_back(enter("police"), at)
    assert police.path == path
    assert value(police, "health_now").strip("\n") == TEXT
    ticked = police.form().xpath(".//input[@name='immediate_needs'][@checked]/@value")
    assert set(ticked) == {"safe_place", "interpreter"}
    assert records.state("public.held_text", "keys.wrapped_key", "public.answered") == {
        name: each for name, each in before.items() if name != "public.answered"
    }  # it came back to be read: nothing of it was saved
    assert police.send().status_code == 303
    police.get(path)
    assert value(police, "health_now").strip("\n") == TEXT


def test_a_step_comes_back_as_it_was_typed(
    enter: Enter, woman: UUID, clock: HeldClock, records: Records
) -> None:
    [track] = records.values("SELECT id FROM track WHERE case_id = %s AND slug = 'consent'", woman)
    path = f"/cases/{woman}/tracks/{track}/withdraw"
    ngo = enter("ngo")
    ngo.get(path)
    before = records.state(*UNTOUCHED)
    after_a_pause(clock)
    typed = {
        "scope": "some_recipients",
        "withdrawn_on-day": "31",
        "withdrawn_on-month": "2",
        "withdrawn_on-year": "",
    }
    at = held_at(send_as_it_stands(ngo, **typed))
    assert records.state(*UNTOUCHED) == before
    again = come_back(enter("ngo"), at)
    assert again.path == path
    assert {name: value(again, name) for name in typed if name != "scope"} == {
        name: each for name, each in typed.items() if name != "scope"
    }
    assert again.form().xpath(".//input[@name='scope'][@checked]/@value") == ["some_recipients"]
    assert records.values("SELECT state FROM track WHERE id = %s", track) == ["given"]
    right = {"withdrawn_on-day": "2", "withdrawn_on-month": "3", "withdrawn_on-year": "2026"}
    again.post(path, {**again.filled(again.form()), **right})
    assert records.values("SELECT state FROM track WHERE id = %s", track) == ["withdrawn"]


def test_the_record_of_the_person_too(enter: Enter, woman: UUID, clock: HeldClock, records: Records) -> None:
    ngo = enter("ngo")
    ngo.get(f"/cases/{woman}/person")
    after_a_pause(clock)
    at = held_at(send_as_it_stands(ngo, given_names="Irina Маргарита"))
    again = come_back(enter("ngo"), at)
    assert value(again, "given_names") == "Irina Маргарита"
    assert value(again, "version") == "1"
    assert records.values("SELECT row_version FROM person WHERE case_id = %s", woman) == [1]


def test_what_is_complete_is_not_sent_by_coming_back(
    enter: Enter, woman: UUID, clock: HeldClock, records: Records
) -> None:
    """Even a form without a fault only comes back to be read."""
    [track] = records.values("SELECT id FROM track WHERE case_id = %s AND slug = 'consent'", woman)
    ngo = enter("ngo")
    ngo.get(f"/cases/{woman}/tracks/{track}/withdraw")
    after_a_pause(clock)
    typed = {
        "scope": "everything",
        "withdrawn_on-day": "2",
        "withdrawn_on-month": "3",
        "withdrawn_on-year": "2026",
    }
    again = come_back(enter("ngo"), held_at(send_as_it_stands(ngo, **typed)))
    assert records.values("SELECT state FROM track WHERE id = %s", track) == ["given"]
    again.send()
    assert records.values("SELECT state FROM track WHERE id = %s", track) == ["withdrawn"]


def test_a_button_without_a_text_is_not_pressed_by_coming_back(
    enter: Enter, acting: As, clock: HeldClock, records: Records
) -> None:
    """A whole referral, checked and about to be sent: after signing in, its page is there again, not sent."""
    police = enter("police")
    with acting("ngo") as work:
        whole = made.short(made.organisation(work))
    track = police.json("POST", "/api/referrals/drafts", {"type": "initial"}, status=201)["track_id"]
    for version, page in enumerate(journey(whole)):
        answers = {name: each for name, each in whole.items() if name in page.form.model_fields}
        police.json(
            "PUT", f"/api/referrals/drafts/{track}/{page.slug}", {"version": version, "answers": answers}
        )
    police.get(f"/referrals/{track}/check")
    after_a_pause(clock)
    answer = send_as_it_stands(police)
    assert answer.status_code == 401
    assert f"/sign-in?next=/referrals/{track}/check" in answer.text
    assert records.values("SELECT count(*) FROM held_text") == [0]
    assert records.values("SELECT state FROM track WHERE id = %s", track) == ["draft"]
    again = enter("police")
    again.get(f"/referrals/{track}/check")
    again.send()
    assert records.values("SELECT state FROM track WHERE id = %s", track) == ["submitted"]


@pytest.mark.parametrize("other", ["police2", "ngo", "supervisor", "auditor", "administrator"])
def test_nobody_else_finds_it(other: str, health_page: Browser, enter: Enter, clock: HeldClock) -> None:
    after_a_pause(clock)
    at = held_at(send_as_it_stands(health_page, health_now=TEXT))
    enter(other).get(at, 404)
    assert health_page.client.get(at).status_code == 303  # the ended session itself reads nothing either


def test_it_is_sealed_while_it_waits(health_page: Browser, clock: HeldClock, records: Records) -> None:
    after_a_pause(clock)
    held_at(send_as_it_stands(health_page, health_now=TEXT))
    [kept] = records.values("SELECT envelope FROM held_text")
    [row] = records.values("SELECT row_to_json(h)::text FROM held_text h")
    assert "drinks" not in row
    assert b"drinks" not in bytes(kept)


def test_a_session_that_ended_long_ago_holds_nothing(
    health_page: Browser, clock: HeldClock, records: Records
) -> None:
    """After a day nobody says any more whose it was: the answer promises nothing."""
    after_a_pause(clock, 60 * 25)
    answer = send_as_it_stands(health_page, health_now=TEXT)
    assert answer.status_code == 401
    assert "is kept safe" not in answer.text
    assert records.values("SELECT count(*) FROM held_text") == [0]


def test_a_page_that_was_left_hands_its_text_over_and_does_nothing(
    health_page: Browser, enter: Enter, records: Records
) -> None:
    """As its script does, with `_hold`: kept even where the session goes on in another window, and not done."""
    before = records.state(*UNTOUCHED)
    at = held_at(send_as_it_stands(health_page, health_now=TEXT, _hold="1"))
    assert records.state(*UNTOUCHED) == before
    again = come_back(enter("police"), at)
    assert value(again, "health_now").strip("\n") == TEXT


def test_what_was_typed_by_another_in_the_same_browser_is_not_held_for_me(
    health_page: Browser, enter: Enter, clock: HeldClock, records: Records
) -> None:
    other = enter("ngo")
    for minutes in (0, 16):
        after_a_pause(clock, minutes)
        form = health_page.form()
        sent = {**health_page.filled(form), "health_now": TEXT, "_hold": "1"}
        answer = other.client.post(health_page.path, data=sent)
        assert answer.status_code == 401
        assert "/held/" not in answer.text
    assert records.values("SELECT count(*) FROM held_text") == [0]


def test_another_site_makes_us_hold_nothing(health_page: Browser, clock: HeldClock, records: Records) -> None:
    after_a_pause(clock)
    answer = health_page.client.post(
        health_page.path, data={"health_now": TEXT}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert records.values("SELECT count(*) FROM held_text") == [0]


def test_fourteen_minutes_are_not_too_long(health_page: Browser, clock: HeldClock) -> None:
    after_a_pause(clock, 14)
    health_page.send(health_now=TEXT, immediate_needs="safe_place")
