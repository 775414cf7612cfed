"""The sample application of the shell: as a client without a browser, and served to a real one."""

import threading
from collections.abc import Iterator

import pytest
import uvicorn
from fastapi.testclient import TestClient

from tests.fixtures.chromium import CHROMIUM
from tests.web.sample import make
from tests.web.structure import check_page

collect_ignore = [] if CHROMIUM.exists() else ["test_browser.py"]


class CheckedClient(TestClient):
    """A client that checks every page it gets."""

    def request(self, *args, **kwargs):
        response = super().request(*args, **kwargs)
        if response.headers.get("content-type", "").startswith("text/html"):
            assert check_page(response.text) == []
        return response


@pytest.fixture(scope="session")
def sample():
    return make()


@pytest.fixture
def client(sample) -> CheckedClient:
    return CheckedClient(
        sample, base_url="http://localhost", raise_server_exceptions=False, follow_redirects=False
    )


@pytest.fixture(scope="session")
def address(sample) -> Iterator[str]:
    """The address of the sample, served as in earnest."""
    server = uvicorn.Server(uvicorn.Config(sample, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not (server.started and server.servers):
        thread.join(0.01)
    yield f"http://localhost:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()
