"""Before an idle session ends its reader is told, and keeps it with one press; nothing typed leaves the page."""

from datetime import timedelta

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from app.kit.clock import HeldClock
from tests.browser.chromium_hand import PHONE, WHAT_IS_WRONG, ChromiumHand


def test_an_idle_session_warns_is_kept_and_ends_without_losing_what_was_typed(
    by_hand: ChromiumHand, clock: HeldClock
) -> None:
    page = by_hand.of("ngo")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.clock.install()
    page.goto("/account")
    told, stay = page.locator(".staying"), page.get_by_role("button", name="Stay signed in")

    def pause(seconds: int) -> None:
        clock.move(timedelta(seconds=seconds))
        page.clock.run_for(seconds * 1000)

    pause(12 * 60)
    assert not told.is_visible()
    pause(80)
    expect(told).to_contain_text("in two minutes")
    assert Axe().run(page, options=WHAT_IS_WRONG).violations_count == 0
    stay.click()
    told.wait_for(state="hidden")

    pause(14 * 60 + 10)
    expect(told).to_contain_text("less than a minute")
    page.locator("input[name=language][value=fr]").check()
    page.context.set_offline(True)
    pause(60)
    page.get_by_text("waits in it, unseen").wait_for()
    assert page.locator("form, input, header, nav").count() == 0
    page.context.set_offline(False)
    page.clock.run_for(15_000)
    page.get_by_text("What you typed is kept safe").wait_for()
    assert Axe().run(page, options=WHAT_IS_WRONG).violations_count == 0
    if by_hand.shots:
        page.screenshot(path=by_hand.shots / "kept.png")
    assert page.locator("body").inner_text().count("\n") < 6
    kept = page.get_by_role("button", name="Sign in", exact=True).get_attribute("href") or ""
    assert kept.startswith("/sign-in?next=/held/")
    elsewhere = by_hand.of("police")  # another browser, another person
    assert elsewhere.request.get(kept.partition("=")[2]).status == 404

    by_hand.windows.pop("ngo").context.close()
    page = by_hand.of("ngo")
    page.goto(kept.partition("=")[2])
    page.get_by_role("button", name="Go back to the page").click()
    expect(page.locator("input[name=language][value=fr]")).to_be_checked()

    page.clock.install()
    page.goto("/")
    with page.expect_navigation():
        pause(16 * 60)
    expect(page.locator("h1")).to_contain_text("Sign in")
    passing = ("status of 401", "status of 404", "status of 422", "ERR_INTERNET_DISCONNECTED")
    by_hand.complaints = [each for each in by_hand.complaints if not any(name in each for name in passing)]


def test_a_page_is_covered_as_soon_as_somebody_else_signs_in_or_leaves_by_itself(
    by_hand: ChromiumHand,
) -> None:
    left = by_hand.of("ngo")
    left.goto("/account")
    left.locator("input[name=language][value=fr]").check()
    beside = left.context.new_page()
    beside.goto("/demonstration")
    beside.locator("form:has(input[value=police]) button").click()
    left.get_by_role("heading", name="You were signed out.").wait_for()
    left.get_by_role("button", name="Sign in").wait_for()
    assert "kept" not in left.locator("body").inner_text()  # what was typed is not handed to the other
    assert left.locator("form, input, header, nav").count() == 0

    page = by_hand.of("supervisor")  # without a script, unless somebody may be typing there
    for path, leaves in (("/", 1), ("/law", 1), ("/account", 0), ("/sign-in", 0)):
        told = page.request.get(path).text()
        assert told.count('http-equiv="refresh"') == leaves, path
    assert 'content="905; url=/sign-in?next=/law"' in page.request.get("/law").text()
    by_hand.complaints = [each for each in by_hand.complaints if "status of 401" not in each]
