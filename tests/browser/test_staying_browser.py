"""Before an idle session ends its reader is told, and keeps it with one press; nothing typed leaves the page."""

from datetime import timedelta

from axe_playwright_python.sync_playwright import Axe

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
    assert "in two minutes" in told.inner_text()
    assert Axe().run(page, options=WHAT_IS_WRONG).violations_count == 0
    stay.click()
    told.wait_for(state="hidden")

    pause(14 * 60 + 10)
    assert "less than a minute" in told.inner_text()
    page.locator("input[name=language][value=fr]").check()
    pause(60)
    assert "What you typed is still here" in told.inner_text()
    assert not stay.is_visible()
    assert page.locator("input[name=language][value=fr]").is_checked()

    by_hand.windows.pop("ngo").context.close()
    page = by_hand.of("ngo")
    page.clock.install()
    page.goto("/")
    with page.expect_navigation():
        pause(16 * 60)
    assert "Sign in" in page.locator("h1").inner_text()
    by_hand.complaints = [each for each in by_hand.complaints if "status of 401" not in each]
