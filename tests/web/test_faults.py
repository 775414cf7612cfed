"""Whatever goes wrong is answered in the reader's language, says what to do, and gives nothing away."""

import logging

import pytest

KINDS = {
    "unknown": (404, "not-found", "Page not found", "Page introuvable"),
    "not-allowed": (403, "not-allowed", "You may not do this", "Vous ne pouvez pas faire cela"),
    "refused": (409, "refused", "This cannot be done now", "Cela ne peut pas être fait maintenant"),
    "stale": (409, "stale", "Somebody else changed this", "Quelqu’un d’autre a modifié ceci"),
    "too-many": (429, "too-many", "Wait a few minutes", "Attendez quelques minutes"),
    "out-of-reach": (503, "unavailable", "Nothing was lost", "Rien n’est perdu"),
    "anything": (500, "internal", "Something went wrong", "Un problème est survenu"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_problem_is_a_page_that_says_what_to_do(client, kind: str) -> None:
    status, _name, english, french = KINDS[kind]
    for language, words in (("en", english), ("fr", french)):
        response = client.get(f"/problem/{kind}", headers={"accept-language": language})
        assert response.status_code == status
        assert words in response.text
        assert 'id="main"' in response.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_problem_is_problem_details_for_programs(client, kind: str) -> None:
    status, name, *_words = KINDS[kind]
    response = client.post(f"/api/problem/{kind}", headers={"accept-language": "fr"})
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["type"] == f"/problems/{name}"
    assert body["status"] == status
    assert body["instance"] == f"urn:uuid:{response.headers['x-request-id']}"
    assert body["title"] in " ".join(KINDS[kind][3:]) or response.headers["content-language"] == "fr"


def test_a_refusal_names_rule_and_source(client) -> None:
    assert client.get("/api/problem/refused").json()["faults"] == [
        {
            "field": None,
            "message": "The clock 1 still runs.",
            "rule": "INV-03",
            "source": "CETS 197 art. 13(1)",
        }
    ]
    assert "CETS 197 art. 13(1)" in client.get("/problem/refused").text


def test_nothing_and_nothing_for_you_look_alike(client) -> None:
    absent = client.get("/no/such/page")
    hidden = client.get("/problem/unknown")
    malformed = client.get("/cases/not-an-id")
    assert absent.status_code == hidden.status_code == malformed.status_code == 404
    plain = [
        "\n".join(line for line in each.text.splitlines() if "lang=" not in line)
        for each in (absent, hidden, malformed)
    ]
    assert plain[0] == plain[1] == plain[2]
    bodies = [
        client.get(path).json() for path in ("/api/none", "/api/problem/unknown", "/api/cases/not-an-id")
    ]
    assert len({str({**each, "instance": ""}) for each in bodies}) == 1


def test_both_versions_are_shown_field_by_field(client) -> None:
    text = client.get("/problem/stale").text
    for words in ("Place name", "Lyon", "Lille", "Differs"):
        assert words in text
    assert text.count("Differs") == 1
    body = client.get("/api/problem/stale").json()
    assert (body["sent"]["place_name"], body["held"]["place_name"]) == ("Lyon", "Lille")


def test_without_a_session_reading_leads_to_signing_in_and_writing_says_so(client) -> None:
    read = client.get("/problem/sign-in")
    assert (read.status_code, read.headers["location"]) == (303, "/sign-in?next=/problem/sign-in")
    assert client.post("/problem/sign-in").status_code == 401
    assert client.get("/api/problem/sign-in").status_code == 401
    assert "is kept" not in client.post("/problem/sign-in").text
    kept = client.post("/kept")
    assert "What you typed is kept safe" in kept.text
    assert 'href="/sign-in?next=/held/1"' in kept.text


def test_what_no_page_of_ours_sends_stands_in_the_log_without_a_word_of_it(client, caplog) -> None:
    client.post("/everything", data={"rank": "Ana Ilić", "full_name": "Ana Ilić"})
    client.post("/api/everything", json={"rank": "Ana Ilić"})
    client.post("/api/everything", content=b"x" * 2_000_000)
    client.get("/problem/too-many")
    client.get("/problem/unknown")  # what is not there is no attempt
    told = [each.getMessage() for each in caplog.records if each.name == "app.web"]
    assert [each.split(": ", 1)[1].partition(" at ")[0] for each in told] == [
        "Everything", "invalid", "too-large", "too-many",
    ]  # fmt: skip
    assert "Ana" not in caplog.text
    assert "rank" not in caplog.text


def test_a_wrong_method_is_405_with_what_is_allowed(client) -> None:
    response = client.delete("/everything")
    assert response.status_code == 405
    assert "buttons and links" in response.text
    assert response.headers["allow"]
    assert client.put("/api/everything").json()["type"] == "/problems/wrong-method"


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({}, {"full_name", "kind", "signs", "seen_on", "safe_now"}),
        ({"rank": 1}, {"rank", "full_name", "kind", "signs", "seen_on", "safe_now"}),
        ({"full_name": "a\x00"}, {"full_name"}),
        ({"situations": [{"place": "\x00"}]}, {"situations.0.place"}),
        ({"born": {"day": 30, "month": 2}, "full_name": " "},
         {"born", "full_name", "kind", "signs", "seen_on", "safe_now"}),
        ([], {None}),
        ("text", {None}),
    ],
)  # fmt: skip
def test_json_gets_one_fault_a_field(client, body, faults) -> None:
    response = client.post("/api/everything", json=body)
    assert response.status_code == 422
    assert {each["field"] for each in response.json()["faults"]} == faults


@pytest.mark.parametrize(
    "raw",
    [b"{", b"\xff\xfe", b'{"full_name": "\\ud800"}', b'{"a\\ud800\\u0000": 1}', b"[" * 100_000, b"NaN", b""],
)
def test_broken_json_is_never_a_server_error(client, raw: bytes) -> None:
    response = client.post("/api/everything", content=raw, headers={"content-type": "application/json"})
    assert response.status_code in (400, 422)
    assert response.headers["content-type"] == "application/problem+json"
    response.json()


def test_an_error_gives_nothing_away_not_even_to_the_log(client, caplog) -> None:
    with caplog.at_level(logging.ERROR):
        for path in ("/problem/anything", "/api/problem/anything"):
            response = client.get(path)
            assert "ValueError" not in response.text
            assert "somebody" not in response.text
            assert response.headers["x-request-id"] in response.text
            assert response.headers["content-security-policy"]
    assert "ValueError at" in caplog.text
    assert "sample.py:" in caplog.text
    assert "the name of somebody" not in caplog.text
