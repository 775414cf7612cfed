"""Checking an exported ledger: reads the file and the public key, and needs neither service nor database."""

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.safeguards.ledger import withheld
from app.safeguards.ledger.export import FORMAT, NONE
from app.safeguards.ledger.merkle import Frontier, leaf_hash
from app.safeguards.ledger.note import Checkpoint, Forged, read, verifier_key
from app.safeguards.ledger.report import Finding, Report
from app.safeguards.ledger.twice import SecondKey, bears
from app.safeguards.ledger.witness import Witness, cosigned_at


@dataclass
class _Reading:
    """What was read so far."""

    trusted: bytes | None
    origin: str = ""
    keys: tuple[bytes, ...] = ()
    hashes: dict[int, bytes] = field(default_factory=dict)
    highest: int = -1
    leaf_lines: int = 0
    checkpoint_lines: int = 0
    checkpoints: list[Checkpoint] = field(default_factory=list)
    ended: bool = False
    bare: bool = False  # says itself that it holds no texts
    findings: list[Finding] = field(default_factory=list)
    witnesses: Sequence[Witness] = ()
    second: SecondKey | None = None
    twice: int = 0  # events under the largest head that bears the second signature
    seen_by: set[Witness] = field(default_factory=set)
    withheld: list[int] = field(default_factory=list)  # whose text is not in the file
    declarations: list[tuple[int, str]] = field(default_factory=list)  # the event, and the note that it bears

    def find(self, kind: str, **values: int | str) -> None:
        """Add a finding."""
        self.findings.append(Finding(kind, values))

    def take(self, line: int, text: str) -> None:
        """Read one line after the header."""
        if self.ended:
            self.find("line", line=line)
            return
        try:
            entry = _entry(text)
            take = {
                frozenset({"leaf", "event", "hash"}): self._leaf,
                frozenset({"leaf", "hash"}): self._leaf,
                frozenset({"checkpoint"}): self._checkpoint,
                frozenset({"leaves", "checkpoints"}): self._end,
            }[frozenset(entry)]
            take(line, entry)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            self.find("line", line=line)

    def header(self, text: str) -> None:
        """Read the first line."""
        try:
            entry = _entry(text)
            keys = tuple(_bytes_of(key) for key in entry["keys"])
            sound = entry["format"] == FORMAT and bool(keys) and all(len(key) == 32 for key in keys)
            self.origin, self.keys, self.bare = str(entry["origin"]), keys, entry.get("texts") == NONE
            verifier_key(self.origin, keys[0])
        except (ValueError, TypeError, LookupError, RecursionError):
            sound = False
        if not sound:
            self.origin, self.keys = "?", ()
            self.find("header")
        if self.trusted is not None:
            if self.keys and self.trusted not in self.keys:
                self.find("key")
            self.keys = (self.trusted,)

    def signed(self, text: str) -> Checkpoint | None:
        """Return a checkpoint that one of the keys signed for this ledger, or nothing."""
        for key in self.keys:
            try:
                found = read(text, key)
            except Forged:
                continue
            if self.origin in {found.origin, "?"}:
                return found
        return None

    def _leaf(self, line: int, entry: dict[str, Any]) -> None:
        index, listed = _count(entry["leaf"]), _bytes_of(entry["hash"])
        actual = leaf_hash(entry["event"].encode()) if "event" in entry else listed
        if "event" not in entry:
            self.withheld.append(index)
        elif note := withheld.declared(entry["event"]):
            self.declarations.append((index, note))
        if len(listed) != len(actual):
            raise ValueError
        self.leaf_lines += 1
        if actual != listed:
            self.find("tampered", leaf=index)
        if index in self.hashes:
            self.find("duplicate", leaf=index, line=line)
            return
        if index < self.highest:
            self.find("reordered", leaf=index, line=line)
        self.hashes[index] = listed  # so that one changed event does not hide the others
        self.highest = max(self.highest, index)

    def _checkpoint(self, line: int, entry: dict[str, Any]) -> None:
        self.checkpoint_lines += 1
        found = self.signed(entry["checkpoint"])
        if found is None:
            self.find("forged", line=line)
            return
        if self.checkpoints and found.size < self.checkpoints[-1].size:
            self.find("backwards", line=line)
        self.checkpoints.append(found)
        try:
            if self.second and bears(entry["checkpoint"], found, self.second):
                self.twice = max(self.twice, found.size)
        except Forged:
            self.find("forged", line=line)
        self.seen_by.update(each for each in self.witnesses if _bears(entry["checkpoint"], each))

    def _end(self, _line: int, entry: dict[str, Any]) -> None:
        self.ended = True
        said = _count(entry["leaves"]), _count(entry["checkpoints"])
        if said != (self.leaf_lines, self.checkpoint_lines):
            self.find("end", events=said[0], checkpoints=said[1])


def verify(
    source: Path | str | Iterable[str], trusted_public: bytes | None = None, seen: str | None = None,
    witnesses: Sequence[Witness] = (), second: SecondKey | None = None,
) -> Report:  # fmt: skip
    """Check an export, given as path or lines.

    `trusted_public` is the key as published elsewhere; without it the file is only checked against itself.
    `seen` is a checkpoint kept from an earlier check: a file that ends before it or denies it is caught.
    Each of `witnesses` must have signed one of the checkpoints, and so must the `second` key of the ledger.
    """
    reading = _Reading(trusted_public, witnesses=witnesses, second=second)
    with_lines = _lines(source)
    reading.header(next(with_lines, ""))
    for number, text in enumerate(with_lines, 2):
        reading.take(number, text)
    if not reading.ended:
        reading.find("cut")
    for each in witnesses:
        if each not in reading.seen_by:
            reading.find("unwitnessed", name=each.name)
    if second and not reading.twice:
        reading.find("once")
    kept = _kept(reading, seen)
    fitting = _check_tree(reading, kept)
    key = verifier_key(reading.origin, reading.keys[0]) if reading.keys else "?"
    return Report(
        reading.origin, key, trusted_public is not None, len(reading.hashes), fitting, tuple(reading.findings),
        len(reading.withheld), reading.twice,
    )  # fmt: skip


def _bears(note: str, witness: Witness) -> bool:
    try:
        return cosigned_at(note, witness) > 0
    except Forged:
        return False


def _kept(reading: _Reading, seen: str | None) -> Checkpoint | None:
    """Return the checkpoint that the reader kept, if it is one."""
    kept = reading.signed(seen) if seen is not None else None
    if seen is not None and kept is None:
        reading.find("seen_forged")
    return kept


def _check_tree(reading: _Reading, kept: Checkpoint | None) -> int:
    """Rebuild the tree, hold every checkpoint against it, and return how many fit."""
    sealed = max((each.size for each in reading.checkpoints), default=0)
    _find_missing(reading, sealed)
    if not reading.checkpoints:
        reading.find("no_checkpoint")
    if reading.highest >= sealed:
        reading.find("unsealed", leaf=sealed, last=reading.highest)
    declared = _declared(reading, sealed)
    wanted = {each.size for each in (*reading.checkpoints, *declared, *([kept] if kept else ()))}
    roots, whole = _roots(reading.hashes, wanted)
    _check_kept(reading, kept, roots)
    _check_withheld(reading, [each.size for each in declared if roots.get(each.size) == each.root])
    return _check_checkpoints(reading, roots, whole)


def _check_checkpoints(reading: _Reading, roots: dict[int, bytes], whole: int) -> int:
    """Hold each checkpoint against the roots of the rebuilt tree; return how many fit."""
    fitting, good, said = 0, 0, dict[int, bytes]()
    for each in sorted(reading.checkpoints, key=lambda each: each.size):
        if said.setdefault(each.size, each.root) != each.root:
            reading.find("fork", size=each.size)
        elif each.size not in roots:
            reading.find("unchecked", size=each.size, leaf=whole)
        elif roots[each.size] != each.root:
            reading.find("changed", size=each.size, leaf=good, last=max(each.size - 1, 0))
        else:
            fitting, good = fitting + 1, each.size
    return fitting


def _check_kept(reading: _Reading, kept: Checkpoint | None, roots: dict[int, bytes]) -> None:
    """Hold the checkpoint that the reader kept against the rebuilt tree."""
    if kept and kept.size not in roots:
        reading.find("seen_longer", size=kept.size)
    elif kept and roots[kept.size] != kept.root:
        reading.find("seen_other", size=kept.size)


def _declared(reading: _Reading, sealed: int) -> list[withheld.Declaration]:
    """Return what the ledger's key declared in events under a signed head."""
    found = []
    for index, note in reading.declarations:
        for key in reading.keys if index < sealed else ():
            try:
                found.append(withheld.read(note, reading.origin, key))
            except Forged:
                continue
    return found


def _check_withheld(reading: _Reading, sizes: list[int]) -> None:
    """Refuse each text that is missing beyond what was declared."""
    declared = max(sizes, default=0)
    undeclared = [index for index in reading.withheld if index >= declared]
    if undeclared:
        kind = "bare" if reading.bare else "undeclared"
        reading.find(kind, leaf=min(undeclared), last=max(undeclared), count=len(undeclared))


def _find_missing(reading: _Reading, sealed: int) -> None:
    """Name every gap in the numbers of the events, up to the last that a checkpoint covers."""
    expected = 0
    for index in [*sorted(reading.hashes), max(sealed, reading.highest + 1)]:
        if index > expected:
            single = index - 1 == expected
            reading.find("missing_one" if single else "missing", leaf=expected, last=index - 1)
        expected = index + 1


def _roots(hashes: dict[int, bytes], sizes: set[int]) -> tuple[dict[int, bytes], int]:
    """Return the roots at those sizes as far as no event is missing, and how far that is."""
    tree, roots = Frontier(), dict[int, bytes]()
    while True:
        if tree.size in sizes:
            roots[tree.size] = tree.root()
        if tree.size not in hashes:
            return roots, tree.size
        tree.append(hashes[tree.size])


def _lines(source: Path | str | Iterable[str]) -> Iterator[str]:
    """Give the lines of a file, or those given."""
    if not isinstance(source, Path | str):
        yield from source
        return
    with Path(source).open(encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        yield from file


def _entry(text: str) -> dict[str, Any]:
    """Return one line as a mapping; a name given twice would be read in two ways, so it is refused."""
    entry = json.loads(text, object_pairs_hook=_once)
    if not isinstance(entry, dict):
        raise ValueError  # noqa: TRY004 -- one error for every unreadable line
    return entry


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entry = dict(pairs)
    if len(entry) < len(pairs):
        raise ValueError
    return entry


def _count(value: Any) -> int:
    """Return a whole number from 0 up."""
    if type(value) is not int or value < 0:
        raise ValueError
    return value


def _bytes_of(code: str) -> bytes:
    """Return what stands in base64; a second way of writing the same bytes is damage."""
    content = base64.b64decode(code, validate=True)
    if base64.b64encode(content).decode() != code:
        raise ValueError
    return content
