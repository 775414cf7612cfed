"""The story through the JSON doors alone."""

import json
from collections.abc import Sequence
from typing import Any

from app.tracks import TRACKS
from app.tracks.intake.sections import GROUP, SECTIONS, WAYS
from tests.fixtures.service import Browser, Enter
from tests.journey.story import Values, last_page, told_pages
from tests.referrals import made


class JsonHand:
    """Does everything through `/api/`; a client that a program would be."""

    names_every_rule = True  # also what has a code and no number

    def __init__(self, enter: Enter, *, page_by_page: bool = False) -> None:
        """`page_by_page` writes a referral as a draft, as the pages do, instead of in one go."""
        self.enter, self.page_by_page = enter, page_by_page
        self.browsers: dict[str, Browser] = {}

    def of(self, who: str) -> Browser:
        """Return the signed-in client of somebody."""
        if who not in self.browsers:
            self.browsers[who] = self.enter(who)
        return self.browsers[who]

    def organisation(self, name: str) -> str:
        listed = self.of("police").json("GET", "/api/organisations")
        return next(str(each["id"]) for each in listed if each["name"] == name)

    def refer(self, who: str, answers: Values) -> str:
        client = self.of(who)
        if not self.page_by_page:
            return str(client.json("POST", "/api/referrals", dict(answers), status=201)["case_id"])
        begun = client.json("POST", "/api/referrals/drafts", {"type": "initial"}, status=201)
        draft, version, given = f"/api/referrals/drafts/{begun['track_id']}", 0, {}
        for page in SECTIONS[: last_page(answers)]:
            if page.applies(given):
                mine = {name: answers[name] for name in page.form.model_fields if name in answers}
                given |= mine
                body = {"version": version, "answers": mine}
                version = client.json("PUT", f"{draft}/{page.slug}", body)["version"]
        return str(client.json("POST", f"{draft}/submit", {"version": version})["case_id"])

    def refer_group(self, who: str, common: Values, people: Sequence[Values]) -> list[str]:
        client, doors = self.of(who), "/api/referrals"
        group = client.json("POST", f"{doors}/drafts", {"type": "group"}, status=201)["track_id"]
        version = 0
        for page in told_pages(WAYS[GROUP], common):
            body = {
                "version": version,
                "answers": {n: common[n] for n in page.form.model_fields if n in common},
            }
            version = client.json("PUT", f"{doors}/drafts/{group}/{page.slug}", body)["version"]
        cases = []
        for person in people:
            asked = {"type": "initial", "group_id": group}
            begun = client.json("POST", f"{doors}/drafts", asked, status=201)
            body = {"version": 0, "answers": dict(person)}
            client.json("PUT", f"{doors}/drafts/{begun['track_id']}/in-brief", body)
            cases.append(str(begun["case_id"]))
        sent = client.json("POST", f"{doors}/groups/{group}/submit", {"version": version})["sent"]
        assert {each["case_id"] for each in sent} == set(cases)
        return cases

    def waits(self, who: str, case: str) -> bool:
        return case in {each["case_id"] for each in self.of(who).json("GET", "/api/work")["to_answer"]}

    def act(self, who: str, case: str, slug: str, step: str, values: Values) -> None:
        client, page = self.of(who), self.page(who, case)
        offered = [
            each for each in (*page["acts"], *page["openings"])
            if (each["slug"], each["step"]) == (slug, step) and not each["bars"]
        ]  # fmt: skip
        assert offered, (who, slug, step, [each["step"] for each in page["acts"]])
        track = offered[-1]["track_id"]
        path = f"/api/cases/{case}/tracks/{slug}" + (f"/{track}/{step}" if track else f"/{step}")
        version = offered[-1]["version"]
        client.json("POST", path, dict(values), **({"If_Match": f'"{version}"'} if track else {}))

    def states(self, who: str, case: str) -> dict[str, str]:
        return {each["label"]: each["state_label"] for each in self.page(who, case)["panels"]}

    def due(self, who: str, case: str) -> dict[str, str]:
        return {each["label"]: each["due"] for each in self.page(who, case)["due"]}

    def refused(self, who: str, case: str, slug: str, step: str, values: Values) -> str:
        client, page = self.of(who), self.page(who, case)
        acts = [
            (each["track_id"], each["version"])
            for each in (*page["acts"], *page["blocked"])
            if each["slug"] == slug
        ]
        panels = [
            (each["id"], each["version"])
            for each in page["panels"]
            if each["slug"] == slug and not each["over"]
        ]
        track, of = (*acts, *panels, (None, None))[0]
        opens = not TRACKS[slug].step(step).from_
        path = f"/api/cases/{case}/tracks/{slug}" + ("" if opens else f"/{track}") + f"/{step}"
        version = {} if opens else {"If_Match": f'"{of}"'}
        problem = client.json("POST", path, dict(values), status=409, **version)
        return json.dumps(problem, ensure_ascii=False)

    def offered(self, who: str, case: str, slug: str, step: str) -> bool:
        page = self.page(who, case)
        all_acts = (*page["acts"], *page["blocked"], *page["openings"])
        return (slug, step) in {(each["slug"], each["step"]) for each in all_acts}

    def is_closed(self, who: str, case: str) -> bool:
        return self.of(who).client.get(f"/api/cases/{case}").status_code == 404

    def oversee(self, who: str, case: str, reason: str) -> None:
        self.of(who).json("POST", f"/api/cases/{case}/oversight", {"reason": reason})

    def notices(self, who: str) -> str:
        return json.dumps(self.of(who).json("GET", "/api/work"), ensure_ascii=False)

    def user(self, who: str) -> str:
        return str(self.of(who).json("GET", "/api/session")["user"])

    def correct(self, who: str, case: str, **changed: Any) -> None:
        person = self.page(who, case)["person"]
        whole = {each["name"]: each["value"] for each in person["answers"]} | changed
        self.of(who).json("PUT", f"/api/cases/{case}/person", whole, If_Match=f'"{person["version"]}"')

    def free_place(self, who: str) -> str:
        houses = self.of(who).json("GET", "/api/shelters")["houses"]
        return next(
            str(place["id"]) for house in houses for place in house["places"]
            if place["state"] == "free" and place["women"]
        )  # fmt: skip

    def seen(self, who: str, case: str) -> str:
        return json.dumps(self.page(who, case), ensure_ascii=False)

    def page(self, who: str, case: str) -> dict[str, Any]:
        """Return the case as somebody sees it."""
        found: dict[str, Any] = self.of(who).json("GET", f"/api/cases/{case}")
        return found

    def answers(self, who: str, case: str, track: str, title: str) -> dict[str, Any]:
        """Return the answers of one step as somebody sees them, whereabouts included."""
        page = self.page(who, case)
        records = [each for each in page["records"] if (each["track"], each["title"]) == (track, title)]
        shown = [*(each for record in records for each in record["answers"]), *(page["whereabouts"] or ())]
        return made.without_blanks({each["name"]: each["value"] for each in shown})

    def codes(self, who: str) -> list[str]:
        """Return the codes of all houses and places of somebody's board."""
        houses = self.of(who).json("GET", "/api/shelters")["houses"]
        return [each["code"] for house in houses for each in (house, *house["places"])]

    def anything_else(self, who: str, case: str) -> str:
        """Return what somebody is shown beside the case itself, letter by letter."""
        client, shown = self.of(who), [self.of(who).json("GET", "/api/work")]
        if who == "police":
            sent = client.json("GET", "/api/referrals")
            track = next(each["track_id"] for each in sent["sent"] if each["case_id"] == case)
            shown += [sent, client.json("GET", f"/api/referrals/{track}")]
        return json.dumps(shown, ensure_ascii=False)
