"""A real browser with a virtual authenticator accepts an invitation, signs out and signs in."""

import re
import socket
import threading
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Locator, Page, expect

from app.accounts.first import first_invitation_text
from app.kit.clock import SystemClock
from tests.fixtures.chromium import with_key


@pytest.fixture
def served(opened: Callable[[str], FastAPI]) -> Iterator[FastAPI]:
    """The doors, served as in earnest, with the machine's own clock."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        app = opened(f"http://localhost:{listening.getsockname()[1]}")
        app.state.runtime.clock = SystemClock()
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        yield app
        server.should_exit = True
        thread.join()


@pytest.fixture
def page(served: FastAPI, chromium: Browser) -> Iterator[Page]:
    """A page of a browser with a security key in it; an error on the page fails the test."""
    page = chromium.new_context(base_url=served.state.settings.origin, locale="en-GB").new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    with_key(page)
    yield page
    page.context.close()
    assert errors == []


@pytest.fixture
def invitation(served: FastAPI) -> str:
    return first_invitation_text(served.state.runtime, served.state.settings.origin).split()[-1]


def said(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("status")


def test_the_other_language_keeps_the_invitation(page: Page, invitation: str) -> None:
    page.goto(invitation)
    page.get_by_role("link", name="Français").click()
    expect(page.get_by_role("heading", name="Accepter votre invitation")).to_be_visible()
    expect(page.get_by_role("button", name="Créer ma clé d’accès et me connecter")).to_be_visible()


def accept(page: Page, invitation: str) -> None:
    page.goto(invitation)
    expect(page.get_by_text("Administration", exact=True)).to_be_visible()
    page.get_by_role("button", name="Make my passkey and sign in").click()
    page.wait_for_url(re.compile(r"/$"))
    page.goto("/account")


def test_a_person_accepts_an_invitation_signs_out_and_signs_in(page: Page, invitation: str) -> None:
    accept(page, invitation)
    expect(page.get_by_role("heading", name="Passkeys")).to_be_visible()
    expect(page.get_by_text("It stays on one device.")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/sign-in")
    page.goto("/account")
    page.wait_for_url("**/sign-in?next=/account")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/account")
    expect(page.get_by_text("Last used on")).to_be_visible()


def test_a_browser_that_lacks_something_is_told_what(page: Page) -> None:
    """Without WebAuthn, without a policy, without scripts: the page says what is missing, and leads nowhere else."""
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto("/sign-in")
    expect(said(page)).to_have_text(
        "This browser cannot use passkeys. Use a current browser, over a secure connection."
    )
    expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)
    assert page.context.browser is not None
    bare = page.context.browser.new_context(base_url=page.url, bypass_csp=True, locale="en-GB")
    plain = bare.new_page()  # the same page, and no script but ours although nothing would stop one
    plain.goto("/sign-in")
    assert "Passkeys need JavaScript, in this page only." in plain.locator("noscript").inner_text()
    ours = "[...document.scripts].every(each => each.src.startsWith(location.origin) && !each.text)"
    assert plain.evaluate(ours)
    bare.close()


def test_the_same_key_is_not_added_twice_and_the_page_says_why(page: Page, invitation: str) -> None:
    accept(page, invitation)
    page.get_by_role("button", name="Add a passkey").click()
    expect(said(page)).to_have_text(re.compile("has a passkey for you already"))


def test_an_invitation_that_was_used_says_so(page: Page, invitation: str) -> None:
    accept(page, invitation)
    page.goto("/sign-in")
    page.goto(invitation)
    expect(said(page)).to_have_text(re.compile("Ask for a new one"))
    expect(page.get_by_role("button", name="Make my passkey and sign in")).to_be_hidden()
