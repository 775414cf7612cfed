"""What is logged, where and how long stands on one page, and nothing is logged elsewhere."""

import re
from pathlib import Path

from app.safeguards.words import Act
from app.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "logs.md").read_text("utf-8")
NAMED = re.compile(r"getLogger\(([^)]*)\)")
ELSEWHERE = re.compile(r"\b\w*Handler\(|basicConfig\(|dictConfig\(|\bsyslog\b|structlog")


def sources() -> dict[Path, str]:
    return {path: path.read_text("utf-8") for path in (ROOT / "app").rglob("*.py")}


def section(title: str) -> set[str]:
    """The words in code of one section."""
    return set(re.findall(r"`([\w.]+)`", PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]))


def test_every_name_under_which_the_program_logs_is_on_the_page() -> None:
    assert {name.strip("\"'") for text in sources().values() for name in NAMED.findall(text)} == section(
        "Names in the journal"
    )


def test_every_act_of_the_ledger_is_on_the_page() -> None:
    assert section("Acts on the ledger") == {act.value for act in Act}


def test_the_program_opens_no_log_of_its_own() -> None:
    assert [str(path) for path, text in sources().items() if ELSEWHERE.search(text)] == []


def test_what_ends_ends_as_it_is_written() -> None:
    assert f"after {Settings.model_fields['ledger_years'].default} years" in PAGE
    assert "MaxRetentionSec=90day" in (ROOT / "deploy" / "journald.conf").read_text("utf-8")
