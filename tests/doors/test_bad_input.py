"""Bad input on pages: a clear message beside the field and in the summary, the text still there, nothing stored."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest

from tests.doors.knocking import Records
from tests.doors.surfaces import DAY, IMPOSSIBLE, KEPT, REFUSED, surface, told, value
from tests.fixtures.service import Browser, Enter

KINDS = ["referral", "step", "person"]
EVERYWHERE = pytest.mark.parametrize("kind", KINDS)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def typed(browser: Browser, **answers: Any) -> dict[str, Any]:
    return {**browser.filled(browser.form()), **answers}


@EVERYWHERE
def test_what_is_too_long_or_cannot_be_kept(kind: str, enter: Enter, woman: UUID, records: Records) -> None:
    browser, at = surface(kind, enter, records, woman)
    browser.get(at.page)
    before = records.state()
    for sent, message in REFUSED.values():
        browser.post(at.page, typed(browser, **{at.text: sent}), 422)
        beside, above = told(browser, at.text)
        assert message in beside
        assert message in above
        assert value(browser, at.text) == sent.replace("\x00", "\ufffd")  # as every reader of HTML shows it
    assert records.state() == before


@EVERYWHERE
def test_dates_that_cannot_be(kind: str, enter: Enter, woman: UUID, records: Records) -> None:
    browser, at = surface(kind, enter, records, woman)
    browser.get(at.date_page)
    before = records.state()
    for day, message in IMPOSSIBLE.items():
        parts = {f"{at.date}-{part}": each for part, each in zip(DAY, day, strict=True)}
        browser.post(at.date_page, typed(browser, **parts), 422)
        assert all(message in said for said in told(browser, at.date)), day
        assert {name: value(browser, name) for name in parts} == parts
    assert records.state() == before


@EVERYWHERE
def test_names_in_every_script_come_back_as_typed(
    kind: str, enter: Enter, woman: UUID, records: Records
) -> None:
    browser, at = surface(kind, enter, records, woman)
    for sent in in_turns(at.texts):
        browser.get(at.page)
        if kind == "step":  # the page lacks other answers, so it is drawn again with what was typed
            browser.post(at.page, typed(browser, **sent), 422)
            assert not [name for name in sent if browser.page.xpath(f"//*[@id='f-{name}-error']")]
        else:
            browser.post(at.page, typed(browser, **sent))
            browser.get(at.page)
        assert {name: value(browser, name) for name in sent} == sent
        for name in sent:  # what turns letters round has no effect beyond its own input
            assert browser.form().xpath(f".//*[@name='{name}']/@dir") == ["auto"]


def in_turns(names: Sequence[str]) -> Iterator[dict[str, str]]:
    """All texts that must be kept, so many at a time as there are questions for them."""
    texts = list(KEPT.values())
    for first in range(0, len(texts), len(names)):
        yield dict(zip(names, texts[first : first + len(names)], strict=False))


def test_what_turns_letters_round_ends_where_it_is_shown(enter: Enter, woman: UUID) -> None:
    """A name with an override of direction stands in an element of its own, beyond which it has no effect."""
    ngo = enter("ngo")
    ngo.get(f"/cases/{woman}/person")
    ngo.post(f"/cases/{woman}/person", typed(ngo, given_names=KEPT["bidi controls"]))
    ngo.get(f"/cases/{woman}")
    shown = ngo.page.xpath("//*[contains(text(), 'gnirts')]")
    assert shown
    for each in shown:
        assert each.xpath("ancestor-or-self::*[@dir='auto' or self::bdi]"), each.text


STRANGE = ("rank", "given_names-0-x", "is_admin", "😀", "x" * 10_000, "other_names-1-rank", "version-0")


@EVERYWHERE
def test_questions_that_nobody_asked(kind: str, enter: Enter, woman: UUID, records: Records) -> None:
    browser, at = surface(kind, enter, records, woman)
    browser.get(at.page)
    before = records.state()
    browser.post(at.page, typed(browser, **{at.text: "Ira"}, **dict.fromkeys(STRANGE, "1")), 422)
    assert browser.text.count("This form has no question named") == len(STRANGE)
    assert value(browser, at.text) == "Ira"
    browser.post(at.page, typed(browser, **{at.text: ["Ira", "Another"]}), 422)
    assert "was sent more than once" in told(browser, at.text)[0]
    assert records.state() == before


def test_a_choice_that_was_not_offered(enter: Enter, woman: UUID, records: Records) -> None:
    ngo = enter("ngo")
    ngo.get(f"/cases/{woman}/person")
    before = records.state()
    ngo.post(f"/cases/{woman}/person", typed(ngo, gender="Other’; DROP TABLE person", given_names="Ira"), 422)
    assert "Choose one of the answers offered" in told(ngo, "gender")[0]
    assert value(ngo, "given_names") == "Ira"
    assert records.state() == before


@pytest.mark.parametrize("kind", ["referral", "person"])
def test_a_thousand_blocks_and_three_thousand_inputs(
    kind: str, enter: Enter, woman: UUID, records: Records
) -> None:
    browser, at = surface(kind, enter, records, woman)
    browser.get(at.page)
    before = records.state()
    browser.post(
        at.page, typed(browser, **{f"other_names-{number}-name": "x" for number in range(1000)}), 422
    )
    assert "takes at most 20 answers; there are 40" in browser.text
    assert len(browser.form().xpath(".//fieldset[contains(@class, ' block')]")) < 60
    strange = {f"a{number}": "" for number in range(2900)}
    browser.post(at.page, typed(browser, **strange), 422)
    many = browser.client.post(
        at.page, data={"csrf": browser.token, **{f"a{number}": "" for number in range(3001)}}
    )
    assert many.status_code == 400
    assert "Nothing was stored" in many.text
    assert records.state() == before


@EVERYWHERE
def test_fifty_megabytes(kind: str, enter: Enter, woman: UUID, records: Records) -> None:
    browser, at = surface(kind, enter, records, woman)
    before = records.state()
    large = f"csrf={browser.token}&{at.text}=".encode() + b"x" * 50_000_000
    answer = browser.client.post(at.page, content=large, headers=FORM)
    assert answer.status_code == 413
    assert "1 MB is the most" in answer.text
    assert records.state() == before


BROKEN = {
    "invalid UTF-8": b"%ff%fe",
    "half a letter": b"%c3",
    "an overlong NUL": b"%c0%80",
    "a lone surrogate": b"%ed%a0%80",
    "bytes not written as such": "é".encode(),
}


@EVERYWHERE
def test_bytes_that_are_no_text(kind: str, enter: Enter, woman: UUID, records: Records) -> None:
    """They are refused, and never kept as marks in the place of letters."""
    browser, at = surface(kind, enter, records, woman)
    before = records.state()
    for name, raw in BROKEN.items():
        body = f"csrf={quote(browser.token or '')}&version=0&{at.text}=".encode() + raw
        answer = browser.client.post(at.page, content=body, headers=FORM)
        assert answer.status_code == 400, name
        assert "could not be read" in answer.text
    assert records.state() == before


OTHER_KINDS = (
    "application/json", "text/plain", "multipart/form-data; boundary=x", "application/xml", "", "x"
)  # fmt: skip


@EVERYWHERE
def test_a_page_takes_forms_only(kind: str, enter: Enter, woman: UUID, records: Records) -> None:
    browser, at = surface(kind, enter, records, woman)
    before = records.state()
    for content_type in OTHER_KINDS:
        said = {"Content-Type": content_type, "X-CSRF-Token": browser.token or ""}
        answer = browser.client.post(at.page, content=b"given_names=Ira", headers=said)
        assert answer.status_code == 415, content_type
        assert "Pages send forms" in answer.text
    assert records.state() == before


@EVERYWHERE
def test_a_version_that_is_none(kind: str, enter: Enter, woman: UUID, records: Records) -> None:
    browser, at = surface(kind, enter, records, woman)
    before = records.state()
    for version in ("", "-1", "1.0", "two", "9" * 30, "²"):
        browser.get(at.date_page)
        parts = {f"{at.date}-{part}": each for part, each in DAY.items()}
        browser.post(at.date_page, typed(browser, **parts, version=version, scope="everything"), 422)
    assert records.state() == before


def test_two_write_the_same_page_of_a_draft(enter: Enter, records: Records, woman: UUID) -> None:
    here, at = surface("referral", enter, records, woman)
    here.get(at.page)
    there = enter("police")
    there.get(at.page)
    there.post(at.page, typed(there, given_names="Irina", nicknames="Ira"))
    before = records.state()
    here.post(at.page, typed(here, given_names="Marina", family_names="Codreanu"), 409)
    both = here.page.xpath("//section[.//dl]")
    shown = {
        each.xpath("string(.//h2)"): [dd.text_content().strip() for dd in each.xpath(".//dd")]
        for each in both
    }
    assert shown == {
        "Given names": ["Marina", "Irina"], "Family names": ["Codreanu", "–"], "Nicknames": ["–", "Ira"]
    }  # fmt: skip
    assert value(here, "given_names") == "Marina"
    assert records.state() == before
    here.send()  # now with the version that was shown
    here.get(at.page)
    assert (value(here, "given_names"), value(here, "nicknames")) == ("Marina", "")


def test_two_correct_the_same_person(enter: Enter, records: Records, woman: UUID) -> None:
    here, at = surface("person", enter, records, woman)
    here.get(at.page)
    there = enter("ngo")
    there.get(at.page)
    there.post(at.page, typed(there, given_names="Irena"))
    before = records.state()
    here.post(at.page, typed(here, given_names="Marina"), 409)
    [row] = here.page.xpath("//table//tbody/tr")
    assert [each.text_content().strip() for each in row.xpath("./*")] == ["Given names", "Marina", "Irena"]
    assert value(here, "given_names") == "Marina"
    assert records.state() == before
    here.send()
    here.get(at.page)
    assert (value(here, "given_names"), value(here, "family_names")) == ("Marina", "Codreanu")


def test_two_take_the_same_step(enter: Enter, records: Records, woman: UUID) -> None:
    here, at = surface("step", enter, records, woman)
    here.get(at.date_page)
    there = enter("ngo")
    there.get(at.date_page)
    parts = {f"{at.date}-{part}": each for part, each in DAY.items()}
    there.post(at.date_page, typed(there, **parts, scope="everything"))
    before = records.state()
    answer = here.client.post(at.date_page, data=typed(here, **parts, scope="some_recipients"))
    assert answer.status_code == 409
    assert "Only some of the recipients" in answer.text  # what was sent
    assert "Withdrawn" in answer.text  # how it stands now
    assert records.state() == before


def test_a_rule_about_one_answer_stands_beside_it(enter: Enter, records: Records, woman: UUID) -> None:
    ngo, at = surface("step", enter, records, woman)
    ngo.get(at.date_page)
    before = records.state()
    tomorrow = {f"{at.date}-{part}": each for part, each in {**DAY, "day": "3"}.items()}
    ngo.post(at.date_page, typed(ngo, **tomorrow, scope="everything"), 409)
    assert "cannot be in the future" in told(ngo, at.date)[0]
    assert value(ngo, f"{at.date}-day") == "3"
    assert records.state() == before


def test_a_rule_that_stands_against_the_act_is_named_with_its_source(
    enter: Enter, records: Records, woman: UUID
) -> None:
    ngo, before = enter("ngo"), records.state()
    path = f"/cases/{woman}/open/guardian/open"
    ngo.get(path)
    for words in ("acts without a guardian", "INV-16", "CETS 197 art. 10(3)"):
        assert words in ngo.text
    ngo.post(path, {"why": "unaccompanied"}, 409)
    for words in (
        "What stands against it",
        "acts without a guardian",
        "INV-16",
        "CETS 197 art. 10(3)",
        "still here",
    ):
        assert words in ngo.text
    assert records.state() == before


def test_an_organisation_that_there_is_not(enter: Enter, records: Records, woman: UUID) -> None:
    """An answer that names nobody is told beside its question: nothing that follows from it could be done."""
    ngo, at = surface("step", enter, records, woman)
    ngo.get(at.page)
    sent = {name: "yes" if each is True else each for name, each in at.whole.items()}
    before = records.state()
    ngo.post(at.page, typed(ngo, **{**sent, "recipients": [str(UUID(int=7))]}), 422)
    assert "Choose one of the answers offered" in told(ngo, "recipients")[0]
    assert value(ngo, "interpreter") == at.whole["interpreter"]
    assert records.state() == before
