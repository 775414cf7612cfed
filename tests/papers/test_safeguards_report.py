"""The report of the safeguards asks what its data file says, names tests that exist, and is not written by hand."""

import re
from pathlib import Path

import pytest

from benchmarks import safeguards
from benchmarks.safeguards import Outcome, line, outcome, rows

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['goal']} {row['what'][:20]}")
def test_every_row_names_tests_that_exist(row):
    assert re.fullmatch(r"G([1-9]|1\d|20)", row["goal"])
    assert {"goal", "what", "threshold", "tests"} <= row.keys() <= {
        "goal", "what", "threshold", "tests", "benchmark", "short"
    }  # fmt: skip
    for each in row["tests"]:
        path, _sign, name = each.partition("::")
        assert (ROOT / path).is_file(), each
        assert not name or f"def {name.split('[')[0]}(" in (ROOT / path).read_text("utf-8"), each
    if "benchmark" in row:
        assert (ROOT / "benchmarks" / f"{row['benchmark']}.py").is_file()


def test_the_report_has_the_rows_of_the_data_file():
    text = safeguards.REPORT.read_text("utf-8")
    for row in rows():
        assert f"| {row['goal']} | {row['what']} | {row['threshold']} |" in text, (
            f"run make safeguards-report: {row}"
        )
    assert "not reached" not in text


def test_a_figure_that_a_test_tells_stands_in_its_row(tmp_path):
    (tmp_path / "x.xml").write_text(
        '<testsuites><testsuite><testcase name="a"><properties><property name="G4" value="5 classes"/></properties>'
        '</testcase><testcase name="b"><failure/></testcase><testcase name="c"/></testsuite></testsuites>'
    )
    found = outcome(tmp_path / "x.xml")
    assert found == Outcome(2, ["b"], {"G4": ["5 classes"]})
    row = {"goal": "G4", "what": "sizes", "threshold": "8", "tests": ["tests/x.py"], "benchmark": "rotation"}
    said = line(row, found, ["50 a second"])
    assert said.startswith(
        "| G4 | sizes | 8 | **not reached**: b failed; 5 classes; 50 a second; 2 checks pass |"
    )
