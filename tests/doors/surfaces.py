"""Three places where somebody types: a referral, a step of a case, the record of the person; as page and as JSON."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.demo.stories import INFORMED
from tests.doors.knocking import Records
from tests.fixtures.service import Browser, Enter

PROBLEM = {"type", "title", "status", "detail", "instance", "faults"}
DAY = {"day": "2", "month": "3", "year": "2026"}
KEPT = {  # what people really type, and what must come back as it is
    "emoji": "Ira 👩🏽‍⚕️🇲🇩 😀",
    "Arabic": "مريم بنت يوسف",
    "Hebrew and Latin": "מרים (Miriam) כהן",
    "Georgian": "მარიამ",
    "combining": "Zoe\u0308 N\u0303uñez",
    "joiners": "می\u200cخواهم",
    "bidi controls": "Ira \u202egnirts\u202c \u2066left\u2069 \u200f",
    "markup": '<b>Ira</b> &amp; "O\'Neil" {{ 7 * 7 }} %s',
    "many letters": "x" * 300,
}
REFUSED = {  # what is typed -> what is said of it
    "10,000 characters": ("x" * 10_000, "must have at most 300 characters; it has 10,000."),
    "NUL": ("Iri\x00na", "has a character that cannot be kept. Type it again without it."),
}
IMPOSSIBLE = {  # day, month, year -> what is said of it
    ("31", "2", "2001"): "is a day that does not exist",
    ("29", "2", "2023"): "is a day that does not exist",
    ("32", "1", "2001"): "is a day that does not exist",
    ("1", "13", "2001"): "is a day that does not exist",
    ("1", "1", "3026"): "must lie between 1900 and 2100",
    ("1", "1", "26"): "must have four digits",
    ("first", "May", "2001"): "must be a real date",
    ("1", "1", "99999999999999999999"): "must be a real date",
    ("-1", "1", "2001"): "must be a real date",
    ("٣", "٣", "²"): "must be a real date",
}


@dataclass(frozen=True)
class Surface:
    """A page with a form, and the JSON door that takes the same."""

    page: str
    texts: tuple[str, ...]  # questions with a name or a line of text
    date: str
    date_page: str
    door: str
    method: str
    whole: dict[str, Any]  # a JSON body that fits
    headers: dict[str, str]

    @property
    def text(self) -> str:
        return self.texts[0]


NAMES = ("given_names", "family_names", "nicknames", "name_to_use")


def surface(kind: str, enter: Enter, records: Records, case_id: UUID) -> tuple[Browser, Surface]:
    return {"referral": _referral, "step": _step, "person": _person}[kind](enter, records, case_id)


def _referral(enter: Enter, records: Records, _case_id: UUID) -> tuple[Browser, Surface]:
    police = enter("police")
    track = police.json("POST", "/api/referrals/drafts", {"type": "initial"}, status=201)["track_id"]
    page = f"/referrals/{track}/pages"
    whole = {"version": 0, "answers": {"given_names": "Ira"}}
    return police, Surface(
        f"{page}/names", NAMES, "born_on", f"{page}/birth", f"/api/referrals/drafts/{track}/names", "PUT",
        whole, {},
    )  # fmt: skip


def _step(enter: Enter, records: Records, case_id: UUID) -> tuple[Browser, Surface]:
    [track] = records.values("SELECT id FROM track WHERE case_id = %s AND slug = 'consent'", case_id)
    [police] = records.values("SELECT id FROM organisation WHERE name = 'Kestrel City Police'")
    asked = {
        "purpose": "share_police", "recipients": [str(police)], "categories": ["ID"], "language": "ro",
        "interpreter": "E. Popa", "capacity_note": "Rested", **INFORMED,
    }  # fmt: skip
    return enter("ngo"), Surface(
        f"/cases/{case_id}/open/consent/ask", ("interpreter", "capacity_note"), "withdrawn_on",
        f"/cases/{case_id}/tracks/{track}/withdraw", f"/api/cases/{case_id}/tracks/consent/ask", "POST", asked, {},
    )  # fmt: skip


def _person(enter: Enter, records: Records, case_id: UUID) -> tuple[Browser, Surface]:
    page = f"/cases/{case_id}/person"
    return enter("ngo"), Surface(
        page, NAMES, "born_on", page, f"/api/cases/{case_id}/person", "PUT", {"given_names": "Ira"},
        {"If_Match": "1"},
    )  # fmt: skip


def told(browser: Browser, field: str) -> tuple[str, str]:
    """What a page says of a question: beside it, and in the summary, whose link leads to it."""
    [link] = browser.page.xpath(
        f"//div[contains(@class, 'govuk-error-summary')]//a[@href='#f-{field}' or starts-with(@href, '#f-{field}.')]"
    )
    target = link.get("href")[1:]
    assert browser.page.xpath(f"//*[@id='{target}']"), target
    [beside] = browser.page.xpath(f"//*[@id='f-{field}-error']")
    return beside.text_content().strip(), link.text_content().strip()


def value(browser: Browser, name: str) -> str:
    """What stands in an input of the page."""
    [found] = browser.form().xpath(f".//*[@name='{name}']")
    return str(found.value)


def send(browser: Browser, at: Surface, sent: Any, *, kind: str = "application/json", **headers: str) -> Any:
    """Send a body (bytes as they are, all else as JSON); the answer is problem details or a success."""
    named = {name.replace("_", "-"): each for name, each in {**at.headers, **headers}.items()}
    content = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    answer = browser.client.request(
        at.method, at.door, content=content,
        headers={"X-CSRF-Token": browser.token or "", "Content-Type": kind, **named},
    )  # fmt: skip
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        told = answer.json()
        assert told.keys() >= PROBLEM
        assert told["status"] == answer.status_code
        assert told["title"]
        assert told["detail"]
        assert all(each.keys() == {"field", "message", "rule", "source"} for each in told["faults"])
    return answer
