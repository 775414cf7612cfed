"""What asks for a new sign-in costs one press more: the passkey, and then it goes on as it was sent."""

from datetime import timedelta
from typing import Any

from playwright.sync_api import Page

from app.kit.clock import HeldClock
from tests.browser.chromium_hand import ChromiumHand
from tests.fixtures.chromium import with_key
from tests.fixtures.service import As
from tests.referrals import made


class Program:
    """Calls the JSON doors as the scripts of the page would."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def json(self, method: str, path: str, body: Any, *, status: int) -> Any:
        said = {"X-CSRF-Token": self.page.locator("input[name=csrf]").first.get_attribute("value") or ""}
        answer = self.page.request.fetch(path, method=method, data=body, headers=said)
        assert answer.status == status, answer.text()
        return answer.json()


def signs_in_again(page: Page) -> None:
    """Press the one button there is."""
    page.get_by_role("heading", name="Sign in again to do this").wait_for()
    page.get_by_role("button", name="Sign in with a passkey").click()


def test_a_referral_and_an_export_go_on_after_one_press(
    by_hand: ChromiumHand, clock: HeldClock, acting: As
) -> None:
    police, auditor = by_hand.of("police"), by_hand.of("auditor")
    for page in (police, auditor):
        with_key(page)
        page.goto("/account")
        page.get_by_role("button", name="Add a passkey").click()
        page.get_by_text("It stays on one device.").wait_for()
    with acting("ngo") as work:
        receiver = made.organisation(work)
    track, _version = made.filled(Program(police), receiver)  # type: ignore[arg-type]
    police.goto(f"/referrals/{track}/check")
    auditor.goto("/oversight")
    clock.move(timedelta(minutes=6))

    police.get_by_role("button", name="Send the referral").click()
    signs_in_again(police)
    police.wait_for_url(f"**/referrals/{track}/sent")

    auditor.get_by_role("button", name="Download the ledger").click()
    with auditor.expect_download() as taken:
        signs_in_again(auditor)
    assert taken.value.suggested_filename == "ledger.jsonl"
    by_hand.complaints = [each for each in by_hand.complaints if "status of 401" not in each]
