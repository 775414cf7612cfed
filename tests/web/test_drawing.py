"""A form is drawn whole: words, what was typed, faults that the summary leads to, blocks that come and go."""

import re

import html5lib
import pytest
from starlette.datastructures import FormData

from app.kit.errors import Fault
from app.web.binding import bind
from app.web.drawing import draw
from app.web.names import as_typed
from tests.web.sample import OPTIONS, Everything

WRONG = {
    "full_name": "a\x00b", "account": "شهادة", "kind": "other", "hours": "many", "seen_on-day": "31",
    "seen_on-month": "2", "seen_on-year": "2026", "signs": "else", "situations-0-place": "x" * 61,
    "situations-0-began-month": "13", "house": "else", "owed-amount": "1,200",
}  # fmt: skip


def page(response):
    return html5lib.parse(response.text, namespaceHTMLElements=False)


def field(root, name):
    return next(each for each in root.iter() if each.get("name") == name and each.get("type") != "hidden")


def test_every_question_is_drawn_with_its_widget(client) -> None:
    root = page(client.get("/everything"))
    kinds = {each.get("name"): each.get("type") or each.tag for each in root.iter() if each.get("name")}
    assert kinds["full_name"] == "text"
    assert kinds["account"] == kinds["note"] == "textarea"
    assert kinds["kind"] == kinds["safe_now"] == kinds["interpreter"] == "radio"
    assert kinds["region"] == kinds["house"] == "select"
    assert kinds["signs"] == kinds["houses"] == "checkbox"
    assert kinds["source"] == "hidden"
    assert {
        "seen_on-day",
        "born-year",
        "owed-amount",
        "owed-currency",
        "situations-0-began-day",
    } <= kinds.keys()
    assert kinds["situations-0-children-0-name"] == "text"
    assert kinds["csrf"] == kinds["idempotency_key"] == kinds["version"] == "hidden"


def test_no_browser_keeps_or_checks_what_is_typed(client) -> None:
    root = page(client.get("/everything"))
    for each in root.iter():
        if each.tag in ("input", "textarea") and each.get("type", "text") == "text":
            assert each.get("autocomplete") == "off", each.attrib
        if each.get("name") in ("full_name", "account", "note", "situations-0-place"):
            assert each.get("spellcheck") == "false"
            assert each.get("dir") == "auto"


def test_what_was_typed_is_still_there_and_the_summary_leads_to_each_fault(client) -> None:
    response = client.post("/everything", data=WRONG)
    assert response.status_code == 422
    root = page(response)
    assert field(root, "full_name").get("value") == "a�b"
    assert field(root, "account").text == "شهادة"
    assert field(root, "hours").get("value") == "many"
    assert field(root, "seen_on-day").get("value") == "31"
    assert field(root, "situations-0-place").get("value") == "x" * 61
    checked = {
        (each.get("name"), each.get("value"))
        for each in root.iter("input")
        if each.get("checked") is not None
    }
    assert checked == {("kind", "other")}
    links = re.findall(r'href="#(f-[^"]+)"', response.text)
    assert links == [
        "f-full_name", "f-signs", "f-seen_on.day", "f-hours", "f-safe_now", "f-owed.amount", "f-house",
        "f-situations.0.place", "f-situations.0.began.day",
    ]  # fmt: skip
    assert response.text.index("<title>Error: ") > 0
    errors = {each.get("id") for each in root.iter("p") if "govuk-error-message" in (each.get("class") or "")}
    assert {"f-full_name-error", "f-seen_on-error", "f-situations.0.began-error"} <= errors
    described = field(root, "hours").get("aria-describedby")
    assert described == "f-hours-error"


def test_texts_are_escaped_wherever_they_stand(client) -> None:
    bad = "</textarea><script>alert(1)</script>'\"&"
    response = client.post(
        "/everything", data={"account": bad, "full_name": bad, "situations-0-place": bad, bad: "x"}
    )
    assert "<script>alert" not in response.text
    assert field(page(response), "account").text == bad


def test_a_question_that_hangs_on_another_says_so_without_a_script(client) -> None:
    root = page(client.get("/everything"))
    hanging = next(each for each in root.iter("div") if each.get("data-hangs-on"))
    assert (hanging.get("data-hangs-on"), hanging.get("data-codes")) == ("kind", "other")
    assert "Only if you answered: Something else" in " ".join("".join(hanging.itertext()).split())


def test_another_block_comes_and_goes_by_buttons(client) -> None:
    added = client.post("/everything", data={"situations-0-place": "Lyon", "_add": "situations"})
    assert added.status_code == 200
    root = page(added)
    assert field(root, "situations-0-place").get("value") == "Lyon"
    assert field(root, "situations-1-place").get("value", "") == ""
    assert [each.tag for each in root.iter() if each.get("autofocus") is not None] == ["fieldset"]
    assert "There is a problem" not in added.text
    data = {"situations-0-place": "Lyon", "situations-1-place": "Lille", "_remove": "situations-0"}
    removed = page(client.post("/everything", data=data))
    assert field(removed, "situations-0-place").get("value") == "Lille"


def test_enter_in_a_text_saves_instead_of_adding_or_removing(client) -> None:
    form = next(each for each in page(client.get("/everything")).iter("form") if each.get("class") == "asks")
    first = next(each for each in form.iter("button"))
    assert first.get("name") is None
    assert first.get("tabindex") == "-1"


def test_what_was_kept_is_drawn(client) -> None:
    kept = {
        "full_name": "Amina",
        "seen_on": "2026-01-05",
        "interpreter": False,
        "houses": [OPTIONS["houses"][0][0]],
    }
    drawn = {
        each.name: each for each in draw(Everything, as_typed(Everything, kept), options=OPTIONS).questions
    }
    assert drawn["full_name"].value == "Amina"
    assert [part.value for part in drawn["seen_on"].parts] == ["5", "1", "2026"]
    assert [each.value for each in drawn["interpreter"].options if each.checked] == ["no"]
    assert [each.checked for each in drawn["houses"].options] == [True, False]


def test_one_question_a_page_is_its_heading(client) -> None:
    (heading,) = page(client.get("/one")).iter("h1")
    assert "".join(heading.itertext()).strip() == "What kind of work was it?"
    drawing = draw(Everything, only=["full_name"], heading="full_name")
    assert [(each.name, each.heading) for each in drawing.questions] == [("full_name", True)]


@pytest.mark.parametrize(
    ("field_name", "target"),
    [
        ("full_name", "f-full_name"), ("seen_on", "f-seen_on.day"), ("situations", "f-situations"),
        ("situations.7.place", "f-situations"), ("nothing", None), (None, None), ("source", None),
    ],
)  # fmt: skip
def test_a_fault_leads_where_it_can_be_mended(field_name: str | None, target: str | None) -> None:
    assert draw(Everything, faults=[Fault("x", field_name)]).summary[0][1] == target


def test_the_largest_page_stays_light(client) -> None:
    data = {f"situations-{block}-children-{child}-name": "" for block in range(3) for child in range(3)}
    data |= {f"situations-{block}-place": "x" * 200 for block in range(3)}
    assert len(client.post("/everything", data=data).content) < 100_000


def test_form_and_json_take_the_same(client) -> None:
    typed = FormData({
        "full_name": "Amina", "kind": "work", "signs": "papers", "safe_now": "yes", "born-year": "1999",
        "seen_on-day": "5", "seen_on-month": "1", "seen_on-year": "2026",
        "owed-amount": "3", "owed-currency": "EUR",
    })  # fmt: skip
    bound = bind(Everything, typed)
    assert bound.value is not None
    assert Everything.model_validate_json(bound.value.model_dump_json()) == bound.value
    assert client.post("/api/everything", json=bound.answers).json() == {"name": "Amina"}
