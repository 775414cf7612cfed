"""The service on loopback with a database of its own, and a real browser for each of its people."""

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser

from app.kit.clock import HeldClock
from app.main import create_app
from app.settings import Settings
from tests.browser.chromium_hand import ChromiumHand
from tests.fixtures.chromium import CHROMIUM

collect_ignore_glob = [] if CHROMIUM.exists() else ["test_*.py"]


@pytest.fixture
def address(given: Settings, clock: HeldClock) -> Iterator[str]:
    """The address of a demonstration that is served as in earnest."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        origin = f"http://localhost:{listening.getsockname()[1]}"
        app = create_app(given.model_copy(update={"origin": origin}), clock=clock, demonstration=True)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on"))
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        yield origin
        server.should_exit = True
        thread.join()


@pytest.fixture
def by_hand(address: str, chromium: Browser) -> Iterator[ChromiumHand]:
    """A browser in which everybody of the story has a window of their own."""
    shots = os.environ.get("NRM_SCREENSHOTS")
    hand = ChromiumHand(chromium, address, Path(shots) if shots else None)
    yield hand
    hand.close()
    assert hand.complaints == []
