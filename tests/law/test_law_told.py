"""The law as it is told: whole, in both languages, in the words of the rules, and drawn with nothing on a label."""

import itertools
import re
from xml.etree import ElementTree as ET

import pytest

from app.kit.i18n import LANGUAGES, translate
from app.law.chart import COLUMN, LETTER, RAIL
from app.law.paper import papers_of_the_law
from app.law.source import UNKNOWN, doings, national_keys, sayings
from app.law.telling import told
from app.procedure.invariants import INVARIANTS
from app.profiles.citation import cited
from app.tracks import TRACKS

SVG = "{http://www.w3.org/2000/svg}"
PAPERS = papers_of_the_law(LANGUAGES)
ENGLISH = re.compile(r"\b(and|the|of|to|Directive|Regulation|Decision|guidelines|Convention on|annex of)\b")


@pytest.mark.parametrize("slug", TRACKS)
def test_every_state_step_and_clock_is_told_in_both_languages(slug: str) -> None:
    track = TRACKS[slug]
    for language in LANGUAGES:
        text = PAPERS[f"tracks/{slug}.{language}.md"]
        assert translate(track.purpose, language) in text
        for part in (*track.steps, *track.deadlines):
            assert f"### {translate(part.label, language)}\n" in text
            assert cited(part.basis, language) in text
        for state in track.states:
            assert translate(state.label, language) in text + PAPERS[f"tracks/{slug}.{language}.svg"]
        for number in {number for step in track.steps for number in step.invariants}:
            assert f"{number} {translate(INVARIANTS[number].title, language)}" in text


@pytest.mark.parametrize("slug", TRACKS)
def test_every_guard_and_every_consequence_speaks(slug: str) -> None:
    """A guard that cannot be read has no place on the page, and a lawyer would not know of it."""
    for step in TRACKS[slug].steps:
        for guard in step.guards:
            assert any(call.each("message") for call in sayings(guard)), f"{step.name}: {guard.__qualname__}"
        if step.then:
            assert doings(step.then), step.name


@pytest.mark.parametrize("slug", TRACKS)
def test_every_clock_says_how_long_it_is(slug: str) -> None:
    for clock in told(slug, "en").clocks:
        assert clock.lengths or clock.days, clock.name
        assert clock.responsible
        assert clock.when_due


@pytest.mark.parametrize("slug", TRACKS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_drawing_is_accessible_and_nothing_lies_on_a_label(slug: str, language: str) -> None:
    drawing = ET.fromstring(told(slug, language).chart)
    assert drawing.findtext(f"{SVG}title")
    for step in TRACKS[slug].steps:
        assert translate(step.label, language) in (drawing.findtext(f"{SVG}desc") or "")
    assert not [each for each in drawing.iter() if "style" in each.attrib or each.tag == f"{SVG}style"]
    labels = [each for each in drawing.iter(f"{SVG}text") if each.text != "↺"]
    places = [int(each.attrib["y"]) for each in labels]
    assert all(lower - upper >= 17 for upper, lower in itertools.pairwise(places))
    assert max(int(each.attrib["x"]) + LETTER * len(each.text or "") for each in labels) <= COLUMN
    assert int(drawing.attrib["width"]) <= 400, "it fits a telephone"
    ways = {(origin, step.to) for step in TRACKS[slug].steps for origin in step.from_ or ("",)}
    moving = [way for way in ways if way[0] != way[1]]
    assert len([each for each in drawing.iter(f"{SVG}path") if "l8 -4.5" in each.attrib["d"]]) >= len(moving)
    rails = {
        float(found)
        for each in drawing.iter(f"{SVG}path")
        for found in re.findall(r"H(\d+)a5", each.attrib["d"])
    }
    assert all((rail + 5 - COLUMN) % RAIL == 0 for rail in rails)


def test_what_only_a_case_decides_is_not_made_up() -> None:
    found = [call for step in TRACKS["referral"].steps if step.then for call in doings(step.then)]
    assert any(call.values.get("organisation_id") is UNKNOWN for call in found)
    assert "the organisation concerned" in PAPERS["tracks/referral.en.md"]


def test_a_length_is_told_with_what_the_national_laws_change() -> None:
    grant = next(step for step in told("reflection_period", "en").steps if step.name == "grant")
    rule = next(rule for rule in grant.rules if "at least" in rule.words)
    assert [each.key for each in rule.lengths] == ["reflection.min_days"]
    assert "Norway: 180 days (calendar days)" in rule.lengths[0].elsewhere
    lasts = next(each.lasts for each in TRACKS["referral"].deadlines if each.name == "answer")
    assert national_keys(lasts) == ("referral.answer_working_days",)


def test_citations_stand_in_the_language_of_the_page() -> None:
    sources = {track.sources for track in TRACKS.values()} | {
        part.basis for track in TRACKS.values() for part in (*track.steps, *track.deadlines)
    }
    sources |= {each.source for each in INVARIANTS.values()}
    sources |= {
        law
        for track in TRACKS.values()
        for step in track.steps
        for guard in step.guards
        for call in sayings(guard)
        for law in call.each("source")
        if law
    }
    english = {source: cited(source, "fr") for source in sources if ENGLISH.search(cited(source, "fr"))}
    assert not english
