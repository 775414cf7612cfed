"""The requirement trace is whole and true: every row is there, every place stands, every proof is a test."""

import importlib
import pkgutil
import re
from collections import Counter
from functools import cache

import pytest

import app.tracks
from app.procedure.declaration import Track
from app.profiles.profile import load
from app.safeguards.doors import ACCESS
from app.safeguards.fields import questions
from app.trace import RULE, rows, trace_text, traced
from app.tracks import TRACKS
from tests.house.source import ROOT
from tests.papers.proofs import proofs_in

PROOF = re.compile(r"(?P<file>[\w/]+\.py)::(?P<name>test_\w+)(\[(?P<slug>\w+)\])?")
FAMILIES = {"AP": 82, "ADD": 14, "LAB": 22, "VIE": 10, "UN": 18}
HARD = 32


@cache
def declared() -> dict[str, Track]:
    """Every track that is written, be it part of the service already or not."""
    modules = pkgutil.walk_packages(app.tracks.__path__, "app.tracks.")
    found = (getattr(importlib.import_module(each.name), "TRACK", None) for each in modules)
    return {track.slug: track for track in found if track is not None}


def stands(place: str) -> bool:
    kind, _space, name = place.partition(" ")
    if RULE.fullmatch(place):
        return 1 <= int(place[4:]) <= 27
    if kind == "door":
        return name in ACCESS.entries
    if kind == "number":
        return name in load().numbers
    if kind == "file":
        return (ROOT / name).is_file()
    slug, *rest = place.split(".")
    if slug not in declared():
        return False
    steps = [step for step in declared()[slug].steps if step.name == (rest or [step.name])[0]]
    return bool(steps) and (len(rest) < 2 or all(rest[1] in questions(step.form) for step in steps))


def exists(proof: str) -> bool:
    match = PROOF.fullmatch(proof)
    if match is None:
        return False
    found = proofs_in(match["file"])
    return match["name"] in found and (
        match["slug"] is None or (found[match["name"]] and match["slug"] in declared())
    )


def test_every_row_of_the_documents_is_there() -> None:
    assert len(rows()) == 146
    assert Counter(number.split()[0] for number in rows()) == FAMILIES
    assert sum(row.hard for row in rows().values()) == HARD


@pytest.mark.parametrize("number", rows())
def test_every_place_stands_and_every_proof_is_a_test(number: str) -> None:
    row = rows()[number]
    assert not [place for place in row.where if not stands(place)]
    assert not [proof for proof in row.tests if not exists(proof)]
    assert len(set(row.tests)) == len(row.tests)


def test_what_is_kept_is_proved_and_has_a_place() -> None:
    bare = [
        number for number, row in rows().items() if row.status == "kept" and not (row.where and row.tests)
    ]
    assert not bare


def test_what_is_not_kept_says_why() -> None:
    assert not [number for number, row in rows().items() if row.status != "kept" and not row.reason]
    assert not [number for number, row in rows().items() if row.status == "kept" and row.reason]


def test_no_hard_requirement_is_left_out_or_put_off() -> None:
    assert not [number for number, row in rows().items() if row.hard and row.status != "kept"]


def test_a_row_whose_track_is_not_part_of_the_service_is_not_called_kept() -> None:
    for each in traced():
        absent = [
            place for place in each.row.where if place.split(".")[0] in declared().keys() - TRACKS.keys()
        ]
        assert not absent or each.status != "kept", each.id


def test_the_document_tells_every_row_its_status_and_its_proofs() -> None:
    text = trace_text()
    for each in traced():
        line = next(
            line for line in text.splitlines() if line.startswith((f"| {each.id} |", f"| {each.id} **H** |"))
        )
        assert each.status in line
        assert all(proof in line for proof in each.row.tests)


@pytest.mark.parametrize(
    "place",
    [
        "moon",
        "referral.fly",
        "referral.submit.colour",
        "INV-28",
        "door moon.rise",
        "number moon.phase",
        "file moon.py",
    ],
)
def test_a_place_that_is_not_there_is_found(place: str) -> None:
    assert not stands(place)


@pytest.mark.parametrize(
    "proof",
    [
        "house/test_moon.py::test_it", "house/test_source.py::test_the_moon", "house/test_source.py",
        "house/test_source.py::test_no_file_is_too_long[referral]",
        "tracks/test_law.py::test_every_state_of_the_law_is_there[moon]",
    ],
)  # fmt: skip
def test_a_proof_that_is_none_is_found(proof: str) -> None:
    assert not exists(proof)
