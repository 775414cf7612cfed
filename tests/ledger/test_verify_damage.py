"""An export that is damaged beyond reading is a finding, never a crash."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kit.i18n import catalogue
from app.safeguards.ledger import report as words
from app.safeguards.ledger.verify import verify
from tests.ledger.made import edited, exported, kinds


@pytest.mark.parametrize(
    "line",
    [
        "",
        "\n",
        "null",
        "[]",
        "{}",
        '{"leaf":1}',
        '{"leaf":-1,"event":"","hash":""}',
        '{"leaf":true,"event":"","hash":""}',
        '{"leaf":1e3,"event":"","hash":""}',
        '{"leaf":2,"event":3,"hash":""}',
        '{"leaf":2,"event":"","hash":3}',
        '{"leaf":2,"event":"\\ud800","hash":""}',
        '{"leaf":2,"leaf":2,"event":"","hash":""}',
        '{"checkpoint":3}',
        '{"checkpoint":null}',
        '{"leaves":"30","checkpoints":3}',
        '{"leaf":' + "9" * 5000 + ',"event":"","hash":""}',
        "[" * 100_000,
        "\udcff\udcfe",
    ],
)
def test_lines_that_are_none_are_findings_and_never_a_crash(lines, signer, line):
    for place in (0, 1, 15, len(lines) - 1, len(lines)):
        report = verify([*lines[:place], line, *lines[place:]], signer.public)
        assert not report.ok
        assert list(report.lines("fr"))


def test_a_number_far_away_is_one_gap(lines, signer):
    lines[3] = edited(lines[3], leaf=10**18)
    report = verify(lines, signer.public)
    assert {"missing_one", "missing", "unsealed"} <= kinds(report)


@pytest.mark.parametrize(
    "header",
    [
        {"format": "other"},
        {"keys": []},
        {"keys": ["AAAA"]},
        {"keys": "AAAA"},
        {"keys": [3]},
        {"origin": "two words"},
        {"origin": ""},
        {"origin": "else.example"},
    ],
)
def test_a_damaged_header_is_a_finding(lines, signer, header):
    lines[0] = edited(lines[0], **header)
    for trusted in (None, signer.public):
        assert not verify(lines, trusted).ok


def test_a_file_that_is_no_text_is_a_finding(tmp_path):
    path = tmp_path / "ledger"
    path.write_bytes(bytes(range(256)) * 20)
    assert "header" in kinds(verify(path))


@given(st.data())
@settings(max_examples=150)
def test_any_shuffling_loss_or_doubling_of_lines_is_found(signer, data):
    lines = exported(signer)
    chosen = data.draw(st.lists(st.sampled_from(range(len(lines))), max_size=40))
    changed = data.draw(
        st.sampled_from(
            [
                lines[:1] + [lines[each] for each in chosen],
                [x for i, x in enumerate(lines) if i not in chosen],
            ]
        )
    )
    assert verify(changed, signer.public).ok == (changed == lines)


@given(st.integers(0, 10**9), st.integers(1, 255))
@settings(max_examples=150)
def test_any_changed_byte_is_found(signer, tmp_path_factory, place, change):
    content = bytearray("".join(exported(signer)).encode())
    content[place % len(content)] ^= change
    path = tmp_path_factory.mktemp("export") / "ledger"
    path.write_bytes(content)
    report = verify(path, signer.public)
    if json_values(path) != json_values_of(exported(signer)):
        assert not report.ok


def json_values(path):
    return json_values_of(path.read_text(encoding="utf-8", errors="replace").split("\n")[:-1])


def json_values_of(lines):
    try:
        return [json.loads(line) for line in lines]
    except ValueError:
        return None


def test_every_finding_is_said_in_french():
    assert [text for text in words.TEXTS.values() if text not in catalogue("fr")] == []


def test_only_so_many_findings_are_said(signer):
    report = verify([*exported(signer)[:1], *["x"] * 1000], signer.public)
    assert len(report.findings) > 1000
    assert len(list(report.lines())) == 1 + words.SHOWN


def test_the_check_needs_neither_service_nor_database():
    code = (
        "import sys; import app.safeguards.ledger.verify;"
        "print(sorted({name.split('.')[0] for name in sys.modules} &"
        " {'sqlalchemy', 'psycopg', 'fastapi', 'starlette', 'pydantic', 'uvicorn'}))"
    )
    root_folder = Path(__file__).resolve().parents[2]
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=root_folder, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[]"
