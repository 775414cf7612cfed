"""Pages: their language, how values are shown in it, and what no page gives away."""

import pytest

from app.kit.values import PartialDate
from app.web import filters
from app.web.page import environment, static


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"), ("fr", "fr"), ("fr-CH, en;q=0.5", "fr"), ("en;q=0.3, fr;q=0.8", "fr"), ("de, ar", "en"),
        ("de;q=x, fr;q=0.1", "fr"), (",;,=;q", "en"), ("fr;q=" + "9" * 400, "fr"),
    ],
)  # fmt: skip
def test_the_browser_says_which_language(client, header: str, language: str) -> None:
    response = client.get("/everything", headers={"accept-language": header})
    assert f'<html lang="{language}" dir="ltr"' in response.text
    assert response.headers["content-language"] == language


def test_a_language_once_chosen_stays(client) -> None:
    chosen = client.get("/everything?lang=fr")
    assert 'lang="fr"' in chosen.text
    assert "HttpOnly" in chosen.headers["set-cookie"]
    assert 'lang="fr"' in client.get("/everything", headers={"accept-language": "en"}).text
    assert "set-cookie" not in client.get("/everything?lang=xx").headers


def test_the_switch_keeps_the_page_and_is_not_offered_where_text_would_be_lost(client) -> None:
    assert 'href="/everything?sheet=ar&amp;lang=fr"' in client.get("/everything?sheet=ar").text
    assert "lang=fr" not in client.post("/everything", data={}).text


def test_a_sheet_in_another_script_runs_from_right_to_left(client) -> None:
    text = client.get("/everything?sheet=ar").text
    assert '<html lang="ar" dir="rtl"' in text
    assert "vendor/app.rtl.css" in text


def test_numbers_and_days_are_safe_from_reordering(client) -> None:
    text = client.get("/values").text
    assert '<bdi dir="ltr">0800 123 456</bdi>' in text
    assert '<time datetime="2026-03-02"><bdi>2 March 2026</bdi></time>' in text
    assert "&lt;b&gt;&lt;i&gt;&lt;/b&gt; since <time" in text
    assert "<bdi>2 mars 2026</bdi>" in client.get("/values?lang=fr").text


def test_an_instant_is_shown_at_the_clock_of_the_place() -> None:
    shown = filters.instant("2026-03-02T23:30:00+00:00", "fr", "Europe/Paris")
    assert shown == '<time datetime="2026-03-02T23:30:00+00:00"><bdi>3 mars 2026, 00:30</bdi></time>'
    assert filters.instant(None, "en", "UTC") == filters.day("", "en") == ""


@pytest.mark.parametrize(
    ("parts", "english", "french"),
    [
        ({"year": 1994}, "1994", "1994"),
        ({"year": 1994, "month": 3}, "March 1994", "mars 1994"),
        ({"year": 1994, "month": 3, "day": 7}, "7 March 1994", "7 mars 1994"),
        ({"day": 7}, "???? ?? 07", "???? ?? 07"),
        ({"day": 29, "month": 2}, "29 February", "29 février"),
    ],
)
def test_a_date_shows_what_is_known_of_it(parts: dict[str, int], english: str, french: str) -> None:
    assert filters.day(PartialDate(**parts), "en") == f"<bdi>{english}</bdi>"
    assert filters.day(parts, "fr") == f"<bdi>{french}</bdi>"


def test_isolating_escapes() -> None:
    assert filters.isolate("<b>") == '<bdi dir="ltr">&lt;b&gt;</bdi>'


def test_a_page_is_never_kept_and_its_title_tells_nothing(client) -> None:
    response = client.get("/everything")
    assert response.headers["cache-control"] == "no-store"
    assert "<title>Your work – Casework</title>" in response.text
    assert "Demonstration" in response.text


def test_leaving_works_without_a_script(client) -> None:
    text = client.get("/everything").text
    assert 'href="https://www.wikipedia.org/" role="button"' in text
    assert "nofollow noreferrer" in text


def test_a_static_file_is_named_by_its_digest(client) -> None:
    address = static("app.js")
    response = client.get(address)
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/app.js").headers["cache-control"] == "no-cache"
    assert client.get("/static/nothing.js").headers["cache-control"] == "no-store"
    assert static("nothing.js").endswith("?v=missing")


def test_every_template_of_every_room_can_be_read() -> None:
    for language in ("en", "fr"):
        templates = environment(language)
        for name in templates.list_templates(extensions=["html"]):
            templates.get_template(name)
