"""The story through pages and forms alone, in a browser without scripts: links are followed, forms are filled in."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.tracks import TRACKS
from app.tracks.intake.sections import GROUP, IN_BRIEF, SECTIONS, WAYS, section
from tests.fixtures.service import Browser, Enter
from tests.journey.story import Values, last_page, told_pages
from tests.referrals import made

BLOCK = re.compile(r"(.+?)-\d+-")


class PageHand:
    """Goes only where a link leads, and types only what the form asks for."""

    names_every_rule = False  # also what has a code and no number

    def __init__(self, enter: Enter) -> None:
        self.enter = enter
        self.browsers: dict[str, Browser] = {}
        self.acted: tuple[str, str] | None = None  # who acted last, and in which case

    def of(self, who: str) -> Browser:
        """Return the signed-in browser of somebody."""
        if who not in self.browsers:
            self.browsers[who] = self.enter(who)
        return self.browsers[who]

    def organisation(self, name: str) -> str:
        listed = self.of("police").json("GET", "/api/organisations")
        return next(str(each["id"]) for each in listed if each["name"] == name)

    def refer(self, who: str, answers: Values) -> str:
        police = self.of(who)
        police.get("/")
        self._follow(police, "/referrals/new")
        police.follow(police.send())
        last = SECTIONS[: last_page(answers)][-1].slug
        for _page in SECTIONS:
            slug = police.path.rsplit("/", 1)[1]
            police.follow(self._fill_in(police, made.typed(section(slug), answers)))
            if slug == last:
                break
        if not police.path.endswith("/check"):
            self._follow(police, "/check")
        assert police.path.endswith("/check")
        police.follow(police.send())
        assert police.path.endswith("/sent")
        self._follow(police, "/status")
        case = police.page.xpath("//main//a[starts-with(@href, '/cases/')]/@href")
        sent = police.json("GET", f"/api/referrals/{police.path.split('/')[2]}")
        assert case in ([f"/cases/{sent['case_id']}"], [])
        return str(sent["case_id"])

    def refer_group(self, who: str, common: Values, people: Sequence[Values]) -> list[str]:
        browser = self.of(who)
        browser.get("/referrals/new")
        browser.follow(browser.send(button="_group"))
        group = f"/referrals/{browser.path.split('/')[2]}"
        pages = told_pages(WAYS[GROUP], common)
        while not browser.path.endswith(pages[-1].slug):
            asked = section(browser.path.rsplit("/", 1)[1])
            browser.follow(self._fill_in(browser, made.typed(asked, common)))
        browser.follow(self._fill_in(browser, made.typed(pages[-1], common)))
        browser.get(group)
        cases = []
        for person in people:
            browser.follow(browser.send(action="/people"))
            brief = f"/api/referrals/drafts/{browser.path.split('/')[2]}"
            cases.append(str(browser.json("GET", brief)["case_id"]))
            browser.follow(self._fill_in(browser, made.typed(IN_BRIEF, person)))
            assert browser.path == group
        browser.follow(browser.send(action="/people/send"))
        assert f"Sent: {len(people)}" in browser.text
        return cases

    def waits(self, who: str, case: str) -> bool:
        browser = self.of(who)
        browser.get("/")
        heading = browser.page.xpath("//h2[contains(., 'Waits for your answer')]/following-sibling::ul[1]")
        return any(f"/cases/{case}" in found.xpath(".//a/@href") for found in heading)

    def act(self, who: str, case: str, slug: str, step: str, values: Values) -> None:
        browser = self.of(who)
        links = self._links(who, case, slug, step)
        assert links, (who, slug, step, sorted(browser.page.xpath("//a/@href")))
        browser.get(links[-1])
        browser.follow(self._fill_in(browser, self._typed(slug, step, values)))
        assert "Done:" in browser.text or browser.path == "/"
        self.acted = (who, case)

    def _typed(self, slug: str, step: str, values: Values) -> dict[str, Any]:
        asked = next(each for each in TRACKS[slug].steps if each.name == step)
        given = asked.form.model_validate(values).model_dump(exclude_none=True, exclude_unset=True)
        return made.typed(asked, given)

    def _links(self, who: str, case: str, slug: str, step: str) -> list[str]:
        """Return where the case page offers the step, by its track."""
        browser, label = self.of(who), TRACKS[slug].label
        if (
            self.acted != (who, case) or browser.path != f"/cases/{case}"
        ):  # else it lies open, as they left it
            browser.get(f"/cases/{case}")
        opening = f"/cases/{case}/open/{slug}/{step}"
        near = f"//section[h3[normalize-space()='{label}']]//a | //li[span[.='{label}']]/a"
        links = dict.fromkeys(each.get("href") for each in browser.page.xpath(near))
        return [each for each in links if each == opening or re.search(rf"/tracks/[^/]+/{step}$", each)]

    def states(self, who: str, case: str) -> dict[str, str]:
        page = self._case(who, case)
        return {
            _said(panel.xpath("./h3")[0]): _said(panel.xpath("./p[1]")[0], but=".//span")
            for panel in page.xpath("//div[@class='panels']/section")
        }

    def due(self, who: str, case: str) -> dict[str, str]:
        clocks = self._case(who, case).xpath("//ul[contains(@class, 'clocks')]/li")
        return {
            _said(each, but="./span | ./strong"): _said(each.xpath("./span[@class='quiet']")[0]).split(" · ")[
                0
            ]
            for each in clocks
        }

    def refused(self, who: str, case: str, slug: str, step: str, values: Values) -> str:
        browser, links = self.of(who), self._links(who, case, slug, step)
        label = next(each.label for each in TRACKS[slug].steps if each.name == step)
        if not links:
            bars = self._barred(who, slug, label)
            assert bars, (who, slug, step)
            return " ".join(_said(each if each.tag == "li" else each.getnext()) for each in bars)
        browser.get(links[-1])
        if browser.page.xpath("//main//form[@method='post']"):
            form = browser.form()
            data = {**browser.filled(form), **self._filled(browser, self._typed(slug, step, values))}
            browser.post(form.get("action") or browser.path, data, 409)
        return browser.text

    def offered(self, who: str, case: str, slug: str, step: str) -> bool:
        label = next(each.label for each in TRACKS[slug].steps if each.name == step)
        if self._links(who, case, slug, step):
            return True
        return bool(self._barred(who, slug, label))

    def _barred(self, who: str, slug: str, label: str) -> list[Any]:
        """Return where the case page says what stands against a step."""
        track = TRACKS[slug].label
        near = f"//details//h3[span[.='{track}']] | //details//li[span[.='{track}']]"
        found = self.of(who).page.xpath(near)
        return [each for each in found if _said(each, but="./span | ./ul") == label]

    def is_closed(self, who: str, case: str) -> bool:
        return self.of(who).client.get(f"/cases/{case}").status_code == 404

    def oversee(self, who: str, case: str, reason: str) -> None:
        browser = self.of(who)
        browser.get("/")
        links = browser.page.xpath("//a/@href")
        if f"/cases/{case}/oversight" not in links:
            self._follow(browser, f"/cases/{case}")
        self._follow(browser, f"/cases/{case}/oversight")
        browser.follow(browser.send(reason=reason))

    def notices(self, who: str) -> str:
        return str(self.of(who).get("/").text)

    def user(self, who: str) -> str:
        return str(self.of(who).json("GET", "/api/session")["user"])

    def _case(self, who: str, case: str) -> Any:
        self.of(who).get(f"/cases/{case}")
        return self.of(who).page

    def correct(self, who: str, case: str, **changed: Any) -> None:
        browser = self.of(who)
        browser.get(f"/cases/{case}")
        self._follow(browser, f"/cases/{case}/person")
        browser.follow(self._fill_in(browser, changed))

    def free_place(self, who: str) -> str:
        browser = self.of(who)
        browser.get("/")
        self._follow(browser, "/shelters")
        free = {
            each.xpath("./th")[0].text_content().strip()
            for each in browser.page.xpath("//main//tr[td[contains(., 'free')]]")
        }
        houses = browser.json("GET", "/api/shelters")["houses"]
        return next(
            str(place["id"]) for house in houses for place in house["places"]
            if place["code"] in free and place["women"]
        )  # fmt: skip

    def seen(self, who: str, case: str) -> str:
        return str(self.of(who).get(f"/cases/{case}").text)

    def _follow(self, browser: Browser, ending: str) -> None:
        links = [each for each in browser.page.xpath("//a/@href") if each.endswith(ending)]
        assert links, (browser.path, ending)
        browser.get(links[0])

    def _fill_in(self, browser: Browser, typed: Mapping[str, Any]) -> Any:
        """Type into the page's form, adding blocks by its own buttons, and press its button."""
        filled = self._filled(browser, typed)
        return browser.send(**{name.replace("-", "__"): value for name, value in filled.items()})

    def _filled(self, browser: Browser, typed: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what is typed, once the page has a place for all of it."""
        for _block in range(40):
            form, offered = browser.form(), _offered(browser)
            absent = [name for name in typed if name not in offered]
            if not absent:
                break
            group = BLOCK.match(absent[0])
            assert group, (browser.path, absent[0], sorted(offered))
            so_far = {name: each for name, each in typed.items() if name in offered}
            sent = {**browser.filled(form), **so_far, "_add": group[1]}
            browser.post(form.get("action") or browser.path, sent, 200)
        for name, value in typed.items():
            for each in value if isinstance(value, list) else [value]:
                assert offered[name] is None or str(each) in offered[name], (browser.path, name, each)
        return typed


def _said(element: Any, but: str | None = None) -> str:
    """Return the words of an element, without some inside it."""
    words = element.text_content()
    for each in element.xpath(but) if but else ():
        words = words.replace(each.text_content(), " ", 1)
    return " ".join(words.split())


def _offered(browser: Browser) -> dict[str, set[str] | None]:
    """Return the names of the form's inputs: with the answers offered, or None where one writes freely."""
    found: dict[str, set[str] | None] = {}
    for each in browser.form().xpath(".//input | .//select | .//textarea"):
        name = each.get("name")
        if each.tag == "select":
            found[name] = {option.get("value") for option in each.iter("option")}
        elif each.get("type") in ("radio", "checkbox"):
            found.setdefault(name, set()).add(each.get("value"))  # type: ignore[union-attr]
        elif name:
            found[name] = None
    return found
