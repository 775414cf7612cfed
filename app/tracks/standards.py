"""What our codes are called in the standards of others: HTCDS 2.0 (IOM, CC BY 4.0), CTDC, Eurostat, ICCS."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from app.accounts.forms import KINDS
from app.tracks import codes, exploitation_codes
from app.tracks.core.identification import TRACK
from app.tracks.support.assistance_forms import TYPES

FILE = Path(__file__).with_name("standards.yaml")
ABOUT = """HTCDS 2.0: Human Trafficking Case Data Standard, International Organization for Migration (IOM), CC BY 4.0.
CTDC: Counter-Trafficking Data Collaborative, the columns of its global datasets of 2021 and 2025. Eurostat: breakdowns
of `crim_thb`. ICCS: offence 0204, trafficking in persons. An empty cell: the standard has no word for it. The codes of
the UN classification (IC-TIP) could not be read; its column is added when they can."""
COLUMNS = ("htcds", "ctdc_2021", "ctdc_2025", "eurostat", "iccs")
OWN: dict[str, Mapping[str, str]] = {
    **{name: vars(codes)[name] for name in ("GENDER", "MARITAL_STATUS", "EDUCATION")},
    **{name: held for name, held in vars(exploitation_codes).items() if name.isupper()},
    "IDENTIFICATION": {state.name: state.label for state in TRACK.states},
    "SERVICES": TYPES,
    "ORGANISATIONS": KINDS,
}


@dataclass(frozen=True)
class Listed:
    """One of our lists: the field of HTCDS that it answers, what was added to it and why, and its codes."""

    name: str
    field: str
    added: Mapping[str, str]
    rows: Mapping[str, Mapping[str, str]]

    def called(self, code: str, column: str) -> str | None:
        """Return what a code is called in a standard, or None where that has no word for it."""
        found = self.rows[code].get(column)
        return code if found is None and column == "htcds" and code not in self.added else found


@cache
def standards() -> dict[str, Listed]:
    """Return every list that has a word in a standard."""
    read = yaml.safe_load(FILE.read_text("utf-8"))
    return {
        name: Listed(name, told["field"], told.get("added", {}), told["codes"]) for name, told in read.items()
    }


def standards_text() -> str:
    """Return docs/standards.md: every code beside its name in each standard."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Our codes in the standards of others\n"
    yield "Generated from `app/tracks/standards.yaml` by `nrm docs`; do not edit.\n"
    yield f"{ABOUT}\n"
    for each in standards().values():
        yield f"## {each.name} (`{each.field}`)\n"
        yield from (f"* Added here: `{code}`, because: {why}." for code, why in each.added.items())
        yield "\n| code | in words | HTCDS 2.0 | CTDC 2021 | CTDC 2025 | Eurostat | ICCS |"
        yield "|---" * (len(COLUMNS) + 2) + "|"
        for code in each.rows:
            cells = " | ".join(each.called(code, column) or "" for column in COLUMNS)
            yield f"| `{code}` | {OWN[each.name][code]} | {cells} |"
        yield ""
