"""What stands before every door holds for every answer, good or bad."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.web import guards

PATHS = ["/everything", "/none", "/api/none", "/problem/anything", "/static/app.js", "/api/cases/x"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_the_headers_of_safety(client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert len(headers["x-request-id"]) == 36
    assert "strict-transport-security" not in headers
    if not path.startswith("/static/"):
        assert headers["cache-control"] == "no-store"


def guarded(origin: str, largest: int = 100) -> TestClient:
    app = FastAPI()

    @app.post("/sent")
    def sent(body: dict[str, str]) -> int:
        return len(body)

    guards.install(app, origin, largest=largest)
    return TestClient(app, base_url=origin, raise_server_exceptions=False)


def test_only_encryption_asks_for_encryption_to_stay() -> None:
    assert "strict-transport-security" in guarded("https://casework.example").get("/").headers


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("casework.example", 404), ("casework.example:8443", 404), ("CASEWORK.example", 404),
        ("evil.example", 400), ("casework.example.evil", 400), ("", 400), ("casework.example@evil", 400),
        ("127.0.0.1", 400),
    ],
)  # fmt: skip
def test_only_our_own_host_is_answered(host: str, status: int) -> None:
    assert guarded("https://casework.example").get("/", headers={"host": host}).status_code == status


def test_two_hosts_are_none() -> None:
    client = guarded("https://casework.example")
    assert (
        client.get("/", headers=[("host", "casework.example"), ("host", "evil.example")]).status_code == 400
    )


def chunks(count: int, size: int) -> Iterator[bytes]:
    yield from (b"x" * size for _number in range(count))


@pytest.mark.parametrize("path", ["/everything", "/api/everything"])
def test_a_body_of_50_mb_is_refused_with_or_without_its_length(client, path: str) -> None:
    kinds = {"content-type": "application/json" if "api" in path else "application/x-www-form-urlencoded"}
    said = client.post(path, content=b"x" * 50_000_000, headers=kinds)
    unsaid = client.post(path, content=chunks(50, 1_000_000), headers=kinds)
    assert said.status_code == unsaid.status_code == 413
    assert "1 MB" in said.text
    assert "1 MB" in unsaid.text


def test_a_body_that_just_fits_goes_in_and_a_false_length_does_not() -> None:
    client = guarded("http://localhost")
    kinds = {"content-type": "application/json"}
    fits = b'{"a": "' + b"x" * 91 + b'"}'
    assert len(fits) == 100
    assert client.post("/sent", content=fits, headers=kinds).status_code == 200
    assert client.post("/sent", content=fits + b" ", headers=kinds).status_code == 413
    for length in ("-1", "many", "1e3"):
        wrong = client.post("/sent", content=b"{}", headers={**kinds, "content-length": length})
        assert wrong.status_code == 413
