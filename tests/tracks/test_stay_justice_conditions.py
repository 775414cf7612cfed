"""INV-01 for papers, lawyers and protection: nothing that decides them reads cooperation, complaint or status.

Papers read two things more, and only to protect: whether asylum is open (INV-05), and the consent on which a
request abroad rests (INV-17). The right to stay and to work, and compensation, never decide on help.
"""

import re
from typing import Any

import pytest

from app.procedure.declaration import Step, Track
from app.safeguards.fields import questions
from app.tracks import TRACKS, grounds
from tests.procedure.test_no_conditionality import FORBIDDEN, fields_of, read_by, rules_of

# None means the whole track; else the steps that are help.
HELP: dict[str, set[str] | None] = {
    "legal_representation": None,
    "identity_document": None,
    "witness_protection": {"assess", "request"},
}
NEVER_READ = re.compile(r"compensation_claim|non_punishment|labour_inspection", re.IGNORECASE)
ASSISTANCE = ("inra", "shelter_placement", "guardian")


def parts() -> list[tuple[Track, Step]]:
    return [
        (TRACKS[slug], step)
        for slug, names in HELP.items()
        for step in TRACKS[slug].steps
        if names is None or step.name in names
    ]


def ids(part: Any) -> str:
    return getattr(part, "slug", None) or part.name


@pytest.mark.parametrize(("track", "step"), parts(), ids=ids)
def test_no_rule_of_help_reads_cooperation_complaint_or_status(track: Track, step: Step) -> None:
    for rule in rules_of(track, step):
        names, where = read_by(rule)
        assert not [name for name in names if FORBIDDEN.search(name)], (track.slug, step.name, rule)
        if "consents" in names:
            assert any(each.startswith(grounds.__name__) for each in where), (track.slug, step.name, rule)
            assert "INV-17" in step.invariants


@pytest.mark.parametrize(("track", "step"), parts(), ids=ids)
def test_no_form_or_list_of_help_asks_for_it(track: Track, step: Step) -> None:
    assert not [word for word in fields_of(step.form) if FORBIDDEN.search(word)], (track.slug, step.name)


def test_asylum_is_read_for_papers_only_where_it_protects() -> None:
    reading = {step.name for step in TRACKS["identity_document"].steps if "INV-05" in step.invariants}
    assert reading == {"send_verification", "retry", "request_document", "thaw"}


@pytest.mark.parametrize("slug", ASSISTANCE)
def test_help_reads_none_of_the_tracks_of_stay_and_justice(slug: str) -> None:
    families = (slug for slug, track in TRACKS.items() if track.family in ("stay", "justice"))
    own = re.compile("|".join(slug for slug in families if slug != "reflection_period"))  # it is help itself
    for step in TRACKS[slug].steps:
        for rule in rules_of(TRACKS[slug], step):
            names, _where = read_by(rule)
            assert not [name for name in names if own.search(name) or NEVER_READ.search(name)], (
                slug,
                step.name,
            )


def test_no_reason_to_decline_or_to_end_names_it() -> None:
    for slug, name in (("legal_representation", "end"), ("legal_representation", "replace"),
                       ("identity_document", "cancel"), ("witness_protection", "no_need")):  # fmt: skip
        for about in questions(TRACKS[slug].step(name).form).values():
            words = " ".join([*(about.choices or {}), *(about.choices or {}).values()])
            assert not re.search(
                r"co-?operat|testi|statement|complain|police|status|permit", words, re.IGNORECASE
            )
