"""The shell in a real browser: no barrier at any width or direction, and all works without a script."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

SHEETS = {"en": "lang=en", "fr": "lang=fr", "rtl": "lang=en&sheet=ar"}


@pytest.fixture
def opened(chromium: Browser):
    """Open pages of a width; a complaint of the browser about its policy or a script fails the test."""
    pages: list[Page] = []
    said: list[str] = []

    def at(width: int = 1280, *, script: bool = True) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 900}, java_script_enabled=script)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        pages.append(page)
        return page

    yield at
    for page in pages:
        page.context.close()
    assert [each for each in said if "status of 422" not in each] == []


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("sheet", SHEETS)
def test_a_page_of_all_widgets_with_faults_has_no_barrier(
    opened, address: str, sheet: str, width: int
) -> None:
    page = opened(width)
    page.goto(f"{address}/everything?{SHEETS[sheet]}")
    assert Axe().run(page).violations_count == 0
    page.locator("input[name=kind][value=other]").check()
    page.locator("form.asks button.govuk-button:not([name])").click()
    page.locator(".govuk-error-summary").wait_for()
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.locator(".govuk-error-summary a").first.click()
    expect(page.locator("#f-full_name")).to_be_focused()


@pytest.mark.parametrize("kind", ["stale", "refused", "anything"])
def test_a_problem_has_no_barrier(opened, address: str, kind: str) -> None:
    page = opened(390)
    page.route("**/problem/*", lambda route: route.fulfill(response=route.fetch(), status=200))
    page.goto(f"{address}/problem/{kind}?lang=fr")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_a_question_appears_when_its_answer_is_given(opened, address: str) -> None:
    page = opened()
    page.goto(f"{address}/everything")
    hanging = page.get_by_label("Which?")
    expect(hanging).to_be_hidden()
    page.get_by_label("Something else").check()
    expect(hanging).to_be_visible()
    page.get_by_label("Work in a household").check()
    expect(hanging).to_be_hidden()


def test_without_a_script_all_is_there_and_blocks_come_and_go(opened, address: str) -> None:
    page = opened(script=False)
    page.goto(f"{address}/everything")
    assert page.get_by_label("Which?").is_visible()
    page.get_by_label("Where was it?").fill("ليون")
    where, name = page.get_by_label("Where was it?"), page.get_by_label("Full name")
    page.get_by_role("button", name="Add another: Situations").click()
    expect(where).to_have_count(2)
    expect(where.first).to_have_value("ليون")
    page.get_by_role("button", name="Remove: Situations (1)").click()
    expect(where).to_have_count(1)
    expect(where).to_have_value("")
    name.fill("Amina")
    name.press("Enter")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(name).to_have_value("Amina")


def test_three_presses_of_shift_leave_at_once(opened, address: str) -> None:
    page = opened()
    page.route(
        "https://www.wikipedia.org/", lambda route: route.fulfill(body="elsewhere", content_type="text/plain")
    )
    page.goto(f"{address}/everything")
    with page.expect_navigation(url="https://www.wikipedia.org/"):
        for _press in range(3):
            page.keyboard.press("Shift")


def test_everything_can_be_done_with_the_keyboard(opened, address: str) -> None:
    page = opened(390)
    page.goto(f"{address}/everything")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_a_phone_number_reads_from_left_to_right_among_arabic_words(opened, address: str) -> None:
    page = opened()
    page.goto(f"{address}/values")
    page.evaluate("document.documentElement.dir = 'rtl'")
    places = page.evaluate(
        """() => {
            const text = document.querySelector('bdi[dir=ltr]').firstChild;
            const at = (from, to) => {
                const range = document.createRange();
                range.setStart(text, from); range.setEnd(text, to);
                return range.getBoundingClientRect().left;
            };
            return [at(0, 4), at(5, 8), at(9, 12)];
        }"""
    )
    assert places == sorted(places)
