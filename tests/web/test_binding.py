"""What is typed on a page becomes the model, or faults that a person understands; nothing else gets in."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import FormData

from app.kit.errors import Fault
from app.kit.values import Money, PartialDate
from app.web.binding import Bound, bind
from app.web.names import as_typed
from app.web.wording import said
from tests.web.sample import Child, Everything, Situation

LEAST = {
    "full_name": "Amina", "kind": "work", "signs": "papers", "safe_now": "unsure",
    "seen_on-day": "5", "seen_on-month": "1", "seen_on-year": "2026",
}  # fmt: skip


def sent(*more: tuple[str, str], **changed: str) -> Bound[Everything]:
    """Bind the least that is enough, changed."""
    pairs = {**LEAST, **{name.replace("__", "-"): value for name, value in changed.items()}}
    return bind(Everything, FormData([*pairs.items(), *more]))


def complaints(bound: Bound[Everything], language: str = "en") -> dict[str | None, str]:
    assert bound.value is None
    return {fault.field: said(fault, language) for fault in bound.faults}


def test_the_least_is_enough_and_what_is_not_answered_is_none() -> None:
    bound = sent(csrf="x", idempotency_key="y", version="3", _go="on", account="", kind_other="  ", hours="")
    assert bound.faults == []
    assert bound.value is not None
    assert bound.value.seen_on == date(2026, 1, 5)
    assert bound.value.account is None
    assert bound.value.kind_other is None
    assert bound.value.hours is None
    assert bound.value.born is None
    assert bound.value.owed is None
    assert bound.value.situations == []


def test_everything_arrives() -> None:
    bound = sent(
        ("signs", "wages"), ("houses", str(UUID(int=1))), ("houses", str(UUID(int=2))),
        ("situations-0-place", "Lyon"), ("situations-0-began-year", "2024"),
        ("situations-0-children-0-name", "Sami"), ("situations-0-children-1-name", "Lina"),
        ("situations-1-place", "Lille"), ("situations-1-began-day", "29"), ("situations-1-began-month", "2"),
        account="one\r\ntwo", kind="other", kind_other="Circus", region="n", born__month="3",
        hours="60", share="12,5", interpreter="yes", owed__amount="1 200,50", owed__currency="eur",
        house=str(UUID(int=1)), source="form",
    )  # fmt: skip
    assert bound.value == Everything(
        full_name="Amina", account="one\ntwo", kind="other", kind_other="Circus", region="n",
        signs=["papers", "wages"], seen_on=date(2026, 1, 5), born=PartialDate(month=3), hours=60,
        share=Decimal("12.5"), safe_now="unsure", interpreter=True,
        owed=Money(amount=Decimal("1200.50"), currency="EUR"), house=UUID(int=1),
        houses=[UUID(int=1), UUID(int=2)], source="form",
        situations=[
            Situation(place="Lyon", began=PartialDate(year=2024),
                      children=[Child(name="Sami"), Child(name="Lina")]),
            Situation(place="Lille", began=PartialDate(day=29, month=2)),
        ],
    )  # fmt: skip


def test_what_was_kept_comes_back_as_it_was_typed_and_binds_to_the_same() -> None:
    first = sent(
        ("situations-0-place", "Lyon"), ("situations-0-began-year", "2024"), interpreter="no",
        owed__amount="3.50", owed__currency="CHF",
    ).value  # fmt: skip
    assert first is not None
    typed = as_typed(Everything, first.model_dump(mode="json"))
    assert typed["seen_on"] == {"day": "5", "month": "1", "year": "2026"}
    assert typed["interpreter"] == "no"
    again = bind(Everything, FormData(), only=[], kept=typed)
    assert again.value == first
    assert Everything.model_validate(again.answers) == first


def test_nothing_sent_names_each_question_once_in_the_order_of_the_page() -> None:
    bound = bind(Everything, FormData())
    assert [fault.field for fault in bound.faults] == ["full_name", "kind", "signs", "seen_on", "safe_now"]
    assert complaints(bound)["full_name"] == "“Full name” must be answered."
    assert complaints(bound, "fr")["full_name"] == "Il faut répondre à «\u00a0Full name\u00a0»."


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"full_name": "x" * 10_000}, "full_name",
         "“Full name” must have at most 200 characters; it has 10,000."),
        ({"kind": "else"}, "kind", "Choose one of the answers offered for “What kind of work was it?”."),
        ({"signs": "else"}, "signs", "Choose one of the answers offered for “What was seen?”."),
        ({"house": "else"}, "house", "Choose one of the answers offered for “Which house?”."),
        ({"interpreter": "maybe"}, "interpreter", "Choose yes or no for “Is an interpreter needed?”."),
        ({"hours": "many"}, "hours", "“Hours a week” must be a whole number, such as 12."),
        ({"hours": "4.5"}, "hours", "“Hours a week” must be a whole number, such as 12."),
        ({"hours": "169"}, "hours", "“Hours a week” must be 168 or less."),
        ({"hours": "-1"}, "hours", "“Hours a week” must be 0 or more."),
        ({"share": "NaN"}, "share", "“Share” must be a number, such as 12.50."),
        ({"share": "1,200"}, "share", "Write “Share” without a separator for thousands, such as 1200.50."),
        ({"owed__amount": "lots"}, "owed", "“Wages owed” must be a number, such as 12.50."),
        ({"owed__amount": "5"}, "owed", "Give the currency of “Wages owed” in three letters, such as EUR."),
        ({"owed__amount": "5.125", "owed__currency": "EUR"}, "owed",
         "Write “Wages owed” without a separator for thousands, such as 1200.50."),
        ({"seen_on__day": "31", "seen_on__month": "2"}, "seen_on",
         "“When was it seen?” is a day that does not exist. Check the day and the month."),
        ({"seen_on__day": "soon"}, "seen_on", "“When was it seen?” must be a real date, such as 27 3 2007."),
        ({"seen_on__month": ""}, "seen_on", "“When was it seen?” must have a day, a month and a year."),
        ({"seen_on__year": "26"}, "seen_on",
         "The year of “When was it seen?” must have four digits, such as 1994."),
        ({"born__day": "31", "born__month": "2"}, "born",
         "“Date of birth” is a day that does not exist. Check the day and the month."),
        ({"born__month": "13"}, "born",
         "“Date of birth” is a day that does not exist. Check the day and the month."),
        ({"born__year": "1066"}, "born", "The year of “Date of birth” must lie between 1900 and 2100."),
        ({"full_name": "a\x00b"}, "full_name",
         "“Full name” has a character that cannot be kept. Type it again without it."),
        ({"account": "\ud800"}, "account",
         "“What happened?” has a character that cannot be kept. Type it again without it."),
        ({"rank": "general"}, "rank", "This form has no question named “rank”."),
        ({"situations__0__rank": "x"}, "situations.0.rank", "This form has no question named “rank”."),
        ({"situations__0__began__year": "1999"}, "situations.0.place",
         "“Situations (1), Where was it?” must be answered."),
        ({"situations__x__place": "Lyon"}, "situations.x.place", "This form has no question named “place”."),
        ({"full_name-first": "x"}, "full_name.first", "This form has no question named “first”."),
        ({"seen_on": "2026-01-05"}, "seen_on", "This form has no question named “seen_on”."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_plainly_at_its_place(typed: dict[str, str], field: str, message: str) -> None:
    assert complaints(sent(**typed)) == {field: message}


def test_what_was_typed_stays_exactly_as_it_was() -> None:
    bound = sent(hours=" many ", seen_on__day="soon", born__year="66")
    assert bound.typed["hours"] == " many "
    assert bound.typed["seen_on"] == {"day": "soon", "month": "1", "year": "2026"}
    assert bound.typed["born"] == {"year": "66"}


def test_a_fault_never_repeats_what_was_typed() -> None:
    for field in ("full_name", "kind", "hours", "account"):
        bound = sent(**{field: "Fatima-Zahra" * 400})
        assert all("Fatima" not in said(fault, "en") + str(fault.values) for fault in bound.faults)


@pytest.mark.parametrize(
    "name",
    ["عبد الرحمن", "Zoë 😀", "\u202eevil\u202c", "\u2067שלום\u2069", "e\u0301", "👩\u200d👧", "O’Brien <b>"],
)
def test_every_script_and_sign_stays_as_it_is(name: str) -> None:
    bound = sent(full_name=name)
    assert bound.value is not None
    assert bound.value.full_name == name


def test_a_single_answer_sent_twice_is_refused() -> None:
    assert complaints(sent(("kind", "home"))) == {
        "kind": "“What kind of work was it?” was sent more than once."
    }


def test_a_question_that_was_not_asked_is_ignored() -> None:
    bound = sent(kind="work", kind_other="typed before the answer changed")
    assert bound.value is not None
    assert bound.value.kind_other is None
    assert bound.typed["kind_other"] == "typed before the answer changed"


def test_blocks_without_any_answer_are_no_blocks() -> None:
    bound = sent(("situations-0-place", " "), ("situations-4-place", "Lyon"), ("situations-9-began-day", ""))
    assert bound.value is not None
    assert [each.place for each in bound.value.situations] == ["Lyon"]


def test_a_rule_over_several_questions_speaks_its_own_words() -> None:
    assert complaints(sent(full_name="mute", interpreter="yes")) == {
        None: "Somebody with this name needs no interpreter."
    }


def test_a_block_is_added_and_nothing_is_judged() -> None:
    bound = bind(
        Everything, FormData([("situations-0-place", "Lyon"), ("hours", "many"), ("_add", "situations")])
    )
    assert bound.rearranged
    assert bound.value is None
    assert bound.faults == []
    assert bound.typed == {"situations": [{"place": "Lyon"}, {}], "hours": "many"}


def test_a_text_that_was_held_comes_back_to_be_read_not_to_be_judged() -> None:
    bound = bind(Everything, FormData([("hours", "many"), ("_review", "1")]))
    assert bound.value is None
    assert bound.faults == []
    assert bound.typed == {"hours": "many"}


def test_a_block_is_added_inside_a_block() -> None:
    pairs = [("situations-1-place", "Lyon"), ("_add", "situations-1-children")]
    assert bind(Everything, FormData(pairs)).typed == {"situations": [{"place": "Lyon", "children": [{}]}]}


def test_the_block_that_is_named_is_removed_even_beside_empty_ones() -> None:
    pairs = [("situations-0-place", ""), ("situations-1-place", "Lyon"), ("situations-2-place", "Lille")]
    bound = bind(Everything, FormData([*pairs, ("_remove", "situations-1")]))
    assert bound.typed == {"situations": [{"place": "Lille"}]}


def test_no_block_is_added_beyond_the_most() -> None:
    pairs = [(f"situations-{number}-place", "x") for number in range(3)]
    bound = bind(Everything, FormData([*pairs, ("_add", "situations")]))
    assert len(bound.typed["situations"]) == 3


@pytest.mark.parametrize(
    "button", ["", "nothing", "full_name", "situations-x", "situations-1-2-3", "-", "situations-0"]
)
def test_a_button_that_names_nothing_changes_nothing(button: str) -> None:
    for press in ("_add", "_remove"):
        bound = bind(Everything, FormData([("full_name", "x"), (press, button)]))
        assert bound.typed["full_name"] == "x"
        assert not bound.typed.get("situations")


def test_a_page_with_some_of_the_questions_judges_only_those() -> None:
    page = bind(Everything, FormData([("kind_other", "Circus")]), only=["kind_other"], kept={"kind": "other"})
    assert page.faults == []
    assert page.value is None
    assert page.answers == {"kind": "other", "kind_other": "Circus"}
    outside = bind(Everything, FormData([("full_name", "x")]), only=["kind"])
    assert {fault.field for fault in outside.faults} == {"full_name", "kind"}


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30)), max_size=6))
def test_no_names_and_no_texts_break_the_binding(pairs: list[tuple[str, str]]) -> None:
    bound = bind(Everything, FormData(pairs))
    assert bound.value is None
    for fault in bound.faults:
        said(fault, "fr").encode("utf-8")


@given(
    st.sampled_from([*LEAST, "born-day", "owed-amount", "hours", "share", "situations-0-began-month"]),
    st.text(),
)
def test_no_text_in_any_place_breaks_the_binding(name: str, text: str) -> None:
    bound = bind(Everything, FormData({**LEAST, name: text}))
    assert (bound.value is None) == bool(bound.faults)


def test_a_day_in_a_refusal_is_said_as_people_say_it() -> None:
    fault = Fault("Not before {first}", values={"first": date(2026, 12, 15)})
    assert [said(fault, each) for each in ("en", "fr")] == [
        "Not before 15 December 2026",
        "Not before 15 décembre 2026",
    ]
