"""The story in a real browser: links are clicked, answers given where a page offers them, each page is checked."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

from app.tracks import TRACKS
from app.tracks.intake.sections import SECTIONS, section
from tests.journey.story import Values
from tests.referrals import made

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
ON_A_PHONE = ("police",)
NUMBER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
WHAT_IS_WRONG = {"resultTypes": ["violations"]}  # what is right need not be listed; five times as quick
BLOCK = re.compile(r"(.+?)-\d+-")
# What a page is built of: each kind of element, by what it is, looks like and says it is, in the one around it.
BUILT_OF = """() => {
  const kind = each => [each.tagName, each.type, each.getAttribute('role'), [...each.classList].sort().join('.'),
    each.getAttributeNames().filter(name => name.startsWith('aria-') || name === 'hidden').sort().join()].join(' ')
  return [...new Set([...document.body.querySelectorAll('*')].map(
    each => kind(each.parentElement) + ' > ' + kind(each)))] }"""
KINDS = """() => Object.fromEntries([...document.querySelectorAll('main form.asks [name], main form [name]')].map(
    each => [each.name, each.tagName === 'SELECT' ? 'select' : each.type]))"""


class ChromiumHand:
    """Everybody has a window: the police officer's is a phone."""

    def __init__(self, browser: Browser, address: str, shots: Path | None) -> None:
        self.browser, self.address, self.shots = browser, address, shots
        self.windows: dict[str, Page] = {}
        self.looked_at: set[str] = set()
        self.checked: dict[tuple[bool, str], set[str]] = {}
        self.complaints: list[str] = []

    def of(self, who: str) -> Page:
        """Return somebody's window; they enter by the page of the demonstration."""
        if who not in self.windows:
            size = PHONE if who in ON_A_PHONE else DESK
            context = self.browser.new_context(viewport=size, base_url=self.address, locale="en-GB")  # type: ignore[arg-type]
            page = self.windows[who] = context.new_page()
            page.set_default_timeout(60_000)  # a machine may be busy
            page.on("console", lambda said: self.complaints.append(f"{page.url}: {said.text}"))
            page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
            page.goto("/demonstration")
            self.look(who)
            self._click(who, page.locator(f"form:has(input[value={who}]) button"))
        return self.windows[who]

    def look(self, who: str) -> None:
        """Check the page that somebody sees, once for each kind of page: no barrier, nothing beside the window."""
        page = self.windows[who]
        page.wait_for_load_state("load")
        kind = NUMBER.sub("-", page.url.removeprefix(self.address).partition("?")[0])
        language = page.locator("html").get_attribute("lang") or ""
        by = "anybody" if kind == "/demonstration" else who
        if (name := f"{by}{kind}.{language}".replace("/", ".")) in self.looked_at:
            return
        self.looked_at.add(name)
        if self.shots:
            self.shots.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=self.shots / f"{len(self.looked_at):03}.{name}.png", full_page=True)
        self._find_barriers(page, name, self.checked.setdefault((who in ON_A_PHONE, language), set()))
        wide = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        if wide[0] > wide[1]:
            self.complaints.append(f"{name} is wider than its window: {wide}")

    def _find_barriers(self, page: Page, name: str, checked: set[str]) -> None:
        """Check a page that is built of anything that was not checked yet, at its width and in its language."""
        built_of = set(page.evaluate(BUILT_OF))
        if built_of <= checked:
            return
        checked |= built_of
        results = Axe().run(page, options=WHAT_IS_WRONG)
        if results.violations_count:
            self.complaints.append(f"{name}: {results.generate_report()}")

    def organisation(self, name: str) -> str:
        """Return the number under which forms offer an organisation."""
        listed = self.of("police").request.get("/api/organisations").json()
        return next(str(each["id"]) for each in listed if each["name"] == name)

    def refer(self, who: str, answers: Values) -> str:
        page = self.of(who)
        self._click(who, page.get_by_role("navigation").get_by_role("link", name="Refer a person"))
        self._click(who, page.get_by_role("button", name="Start"))
        for number in range(len(SECTIONS) + 1):
            slug = page.url.partition("?")[0].rsplit("/", 1)[1]
            if slug == "check":
                break
            self._fill_in(who, made.typed(section(slug), answers))
            if number == 4:
                self._come_back_later(who)
            else:
                self._press(who)
        self._click(who, page.get_by_role("button", name="Send the referral"))
        track = page.url.split("/")[-2]
        self._click(who, page.get_by_role("link", name="See the status"))
        return str(page.request.get(f"/api/referrals/{track}").json()["case_id"])

    def waits(self, who: str, case: str) -> bool:
        page = self.of(who)
        self._goto(who, "/")
        return page.locator(f"h2:has-text('Waits for your answer') + ul a[href='/cases/{case}']").count() > 0

    def act(self, who: str, case: str, slug: str, step: str, values: Values) -> None:
        page, declared = self.of(who), TRACKS[slug]
        self._goto(who, f"/cases/{case}")
        page.evaluate("document.querySelectorAll('main details').forEach(each => { each.open = true })")
        ending = f"[href$='/open/{slug}/{step}'], a[href*='/tracks/'][href$='/{step}']"
        near = page.locator(
            f"section:has(> h3:text-is('{declared.label}')), li:has(span:text-is('{declared.label}'))"
        )
        self._click(who, near.locator(f"a{ending}").first)
        asked = next(each for each in declared.steps if each.name == step)
        given = asked.form.model_validate(values).model_dump(exclude_none=True)
        self._fill_in(who, made.typed(asked, given))  # type: ignore[arg-type]
        self._press(who)
        assert page.locator(".done").count() or page.url == f"{self.address}/", page.locator(
            "main"
        ).inner_text()

    def correct(self, who: str, case: str, **changed: Any) -> None:
        page = self.of(who)
        self._goto(who, f"/cases/{case}")
        self._click(who, page.locator(f"a[href='/cases/{case}/person']").first)
        self._fill_in(who, changed)
        self._press(who)

    def free_place(self, who: str) -> str:
        page = self.of(who)
        self._click(who, page.get_by_role("navigation").get_by_role("link", name="Beds tonight"))
        free = page.locator("tr:has(td:has-text('free')) th").all_inner_texts()
        houses = page.request.get("/api/shelters").json()["houses"]
        return next(
            str(place["id"]) for house in houses for place in house["places"]
            if place["code"] in free and place["women"]
        )  # fmt: skip

    def seen(self, who: str, case: str) -> str:
        page = self.of(who)
        self._goto(who, f"/cases/{case}")
        return page.content()

    def read(self, who: str, link: str) -> str:
        """Follow a link of the main navigation; return the words of the page."""
        page = self.of(who)
        self._click(who, page.get_by_role("navigation").get_by_role("link", name=link))
        return page.locator("main").inner_text()

    def in_french(self, who: str, path: str) -> str:
        """Read a page in French, then choose English again; return the words of the page."""
        page = self.of(who)
        self._goto(who, path)
        self._click(who, page.get_by_role("link", name="Français"))
        words = page.locator("main").inner_text()
        self._click(who, page.get_by_role("link", name="English"))
        return words

    def close(self) -> None:
        """Close every window."""
        for page in self.windows.values():
            page.context.close()

    def _goto(self, who: str, path: str) -> None:
        self.of(who).goto(path)
        self.look(who)

    def _click(self, who: str, what: Locator) -> None:
        with self.of(who).expect_navigation():
            what.click()
        self.look(who)

    def _press(self, who: str) -> None:
        self._click(who, self.of(who).locator("main form.asks button.govuk-button:not([name])").first)

    def _come_back_later(self, who: str) -> None:
        """Put the phone away in the middle, and go on from My work."""
        page = self.of(who)
        self._click(who, page.get_by_role("button", name="Save and come back later"))
        self._goto(who, "/")
        self._click(who, page.get_by_role("link", name="Go on with"))
        self._click(who, page.get_by_role("button", name="Go on"))

    def _fill_in(self, who: str, typed: Mapping[str, Any]) -> None:
        page = self.of(who)
        kinds: dict[str, str] = page.evaluate(KINDS)
        for name, value in typed.items():
            if name not in kinds:
                group = BLOCK.match(name)
                assert group, (page.url, name, sorted(kinds))
                self._click(who, page.locator(f"button[name=_add][value={group[1]}]"))
                kinds = page.evaluate(KINDS)
            asked = page.locator(f"main [name='{name}']")
            for number in range(len(value) if kinds[name] == "select" and isinstance(value, list) else 0):
                if asked.count() <= number:  # two lists stand there; for a third one asks
                    self._click(who, page.locator(f"button[name=_add][value='{name}']"))
                asked.nth(number).select_option(str(value[number]))
            self._answer(asked, kinds[name], value)

    def _answer(self, asked: Locator, kind: str, value: Any) -> None:
        several = value if isinstance(value, list) else [value]
        if kind in ("radio", "checkbox"):
            for each in several:
                asked.and_(asked.page.locator(f"[value='{each}']")).check()
        elif kind == "select":
            for number, each in enumerate(several):
                asked.nth(number).select_option(str(each))
        else:
            asked.fill(str(value))
