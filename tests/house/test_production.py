"""What serves in earnest holds nothing that was made for trying it out."""

import subprocess
import sys

from fastapi import FastAPI

from tests.house.source import ROOT

LOADS = """
import sys, app.cli, app.running, app.serving, app.main, app.keys, app.witnessing, app.tables
print(sorted(each for each in sys.modules if each.split(".")[:2] == ["app", "demo"] or each.startswith("tests")))
"""


def test_no_process_in_earnest_reads_the_demonstration() -> None:
    said = subprocess.run(
        [sys.executable, "-P", "-c", LOADS], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    assert said.stdout.strip() == "[]"


def test_in_earnest_there_is_no_door_of_the_demonstration(one_app: FastAPI) -> None:
    assert not [each for each in one_app.openapi()["paths"] if "demonstration" in each]
    names = {str(getattr(each, "name", "")) for each in one_app.routes}
    assert not {each for each in names if each.startswith("demo.")}
