"""Documents tell the truth: what they point at is there, and each decision names the test that keeps it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ADRS = sorted((ROOT / "docs" / "adr").glob("*.md"))
DOCUMENTS = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md")]
PATH = re.compile(r"`((?:app|tests|migrations|deploy|docs|benchmarks)/[\w./-]*)`")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")


@pytest.mark.parametrize(
    "document", [*DOCUMENTS, *ADRS, ROOT / "docs" / "threat-model.md"], ids=lambda path: path.name
)
def test_every_path_and_link_leads_somewhere(document: Path) -> None:
    text = document.read_text("utf-8")
    named = [ROOT / found for found in PATH.findall(text)] + [
        document.parent / found for found in LINK.findall(text)
    ]
    assert not [str(path) for path in named if not path.exists()]


@pytest.mark.parametrize("document", ADRS, ids=lambda path: path.name)
def test_a_decision_is_half_a_page_quotable_and_kept_by_a_test(document: Path) -> None:
    text = document.read_text("utf-8")
    assert re.search(r"^\*\*.+?\*\*", text, re.MULTILINE | re.DOTALL), "no sentence to quote"
    assert "`tests/" in text.rsplit("\n\n", 1)[-1], "the last paragraph names no test"
    assert len(text.splitlines()) <= 40


def test_decisions_are_numbered_without_gaps() -> None:
    assert len(ADRS) >= 10
    assert [path.name[:4] for path in ADRS] == [f"{number:04}" for number in range(1, len(ADRS) + 1)]
