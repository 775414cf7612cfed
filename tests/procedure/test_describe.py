"""The law as declared, written out; docs/tracks.md is no older than the declarations."""

from pathlib import Path

import pytest

from app.kit.i18n import translate
from app.procedure.describe import chart, describe
from app.tracks import TRACKS

DOCUMENT = Path(__file__).parents[2] / "docs" / "tracks.md"


def test_docs_tracks_md_is_fresh() -> None:
    assert DOCUMENT.read_text("utf-8") == describe(TRACKS), "run `nrm docs`"


@pytest.mark.parametrize("slug", TRACKS)
def test_every_state_step_and_clock_is_told_in_both_languages(slug: str) -> None:
    track, text = TRACKS[slug], describe({slug: TRACKS[slug]})
    for part in (*track.states, *track.steps, *track.deadlines):
        for language in ("en", "fr"):
            assert translate(part.label, language) in text
    for step in track.steps:
        assert f"`{step.name}`" in text
        assert step.basis in text


@pytest.mark.parametrize("slug", TRACKS)
def test_the_chart_has_an_arrow_for_every_way(slug: str) -> None:
    track = TRACKS[slug]
    drawn = chart(track, "en")
    for step in track.steps:
        for origin in step.from_ or ("[*]",):
            assert f"    {origin} --> {step.to}:" in drawn
