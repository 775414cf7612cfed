"""Whoever asks without end is told to wait; everybody else goes on."""

import re

from app.web import pace
from app.web.door import Runtime
from app.web.pace import Pace
from tests.fixtures.service import Browser, Enter


class Watch:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_bucket_empties_fills_again_and_is_one_s_own() -> None:
    watch = Watch()
    kept = Pace(60, watch)
    assert [kept.allows("a") for _ask in range(61)] == [True] * 60 + [False]
    assert kept.allows("b")
    watch.seconds = 0.5
    assert not kept.allows("a")
    watch.seconds = 1.0  # to be told to wait costs nothing of what fills again
    assert kept.allows("a")
    assert not kept.allows("a")
    watch.seconds = 3600.0
    assert [kept.allows("a") for _ask in range(61)] == [True] * 60 + [False]


def test_it_remembers_no_more_than_it_may(monkeypatch) -> None:
    monkeypatch.setattr(pace, "MOST", 3)
    watch = Watch()
    kept = Pace(60, watch)
    for asker in "abcdefgh":
        kept.allows(asker)
        assert len(kept._left) <= 3
    watch.seconds = 30.0
    kept.allows("x")
    watch.seconds = 70.0
    kept.allows("y")
    kept.allows("z")
    assert {"x", "y", "z"} >= set(kept._left) >= {"z"}


def test_at_a_door_one_person_waits_and_another_does_not(
    runtime: Runtime, enter: Enter, stranger: Browser
) -> None:
    ngo, police = enter("ngo"), enter("police")
    runtime.pace = Pace(2, Watch())
    asked = [ngo.client.get("/api/work").status_code for _ask in range(3)]
    assert asked == [200, 200, 429]
    assert "Wait a minute" in ngo.client.get("/").text
    assert police.client.get("/").status_code == 200
    asked = [stranger.client.get("/sign-in").status_code for _ask in range(3)]
    assert asked == [200, 200, 429]
    program = {"Authorization": "Bearer nothing"}
    assert stranger.client.get("/api/work", headers=program).status_code == 429


def test_nobody_acts_faster_than_people_can(runtime: Runtime, enter: Enter) -> None:
    """A few presses one after another, then one a second; to read is another matter, and so is another person."""
    watch = Watch()
    runtime.writing = Pace(60, watch, burst=3)
    ngo, police = enter("ngo"), enter("police")

    def act(browser: Browser) -> int:
        token = browser.client.get("/api/session").json()["csrf"]
        sent = browser.client.post("/api/language", json={"language": "en"}, headers={"X-CSRF-Token": token})
        return int(sent.status_code)

    assert [act(ngo) for _press in range(5)] == [200, 200, 200, 429, 429]
    assert act(police) == 200
    assert ngo.client.get("/account").status_code == 200
    watch.seconds = 1.0
    assert [act(ngo) for _press in range(2)] == [200, 429]
    watch.seconds = 3600.0
    assert [act(ngo) for _press in range(4)] == [200, 200, 200, 429]


def test_what_a_quick_hand_typed_is_kept(runtime: Runtime, enter: Enter, stranger: Browser) -> None:
    runtime.writing = Pace(60, Watch(), burst=1)
    ngo = enter("ngo")
    typed = {"csrf": ngo.client.get("/api/session").json()["csrf"], "reference": "NR-2222-2222"}
    sent = [ngo.client.post("/search", data=typed) for _press in range(2)]
    assert sent[1].status_code == 429
    assert "What you typed is kept safe" in sent[1].text
    at = re.findall(r'href="(/held/[0-9a-f-]+)"', sent[1].text)
    assert len(at) == 1
    assert 'value="NR-2222-2222"' in ngo.client.get(at[0]).text
    assert stranger.client.get(at[0]).status_code == 303
    assert enter("police").client.get(at[0]).status_code == 404
