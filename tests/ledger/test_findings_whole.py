"""What the check of an export finds, whole: which finding, about which event and line, and what it says of it."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.safeguards.ledger.export import Header, write
from app.safeguards.ledger.merkle import leaf_hash, root
from app.safeguards.ledger.note import Checkpoint, checkpoint, verifier_key
from app.safeguards.ledger.report import SHOWN, Finding, Report
from app.safeguards.ledger.twice import SecondKey, line
from app.safeguards.ledger.verify import verify
from app.safeguards.ledger.withheld import Declaration, declare
from app.safeguards.ledger.witness import Witness, cosign, request
from app.safeguards.vault.lattice import LatticeSigner
from app.safeguards.vault.signing import Signer

ORIGIN, AT = "ledger.nrm.example", datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EVENTS = [json.dumps({"act": "consult", "number": number}) for number in range(6)]


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return Signer.create(tmp_path_factory.mktemp("keys") / "ledger.pem")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return Signer.create(tmp_path_factory.mktemp("keys") / "other.pem")


@pytest.fixture(scope="module")
def lattice(tmp_path_factory: pytest.TempPathFactory) -> LatticeSigner:
    return LatticeSigner.create(tmp_path_factory.mktemp("keys") / "second.key")


def hashes(events: list[str]) -> list[bytes]:
    return [leaf_hash(each.encode()) for each in events]


def head(signer: Signer, size: int, events: list[str] = EVENTS) -> str:
    return checkpoint(ORIGIN, size, root(hashes(events)[:size]), signer)


def exported(signer: Signer, *heads: str, events: list[str] = EVENTS, without: int = 0) -> list[str]:
    """Lines: the header, six events from line 2 on, the heads, the end; of so many events the text is withheld."""
    leaves = [
        (number, None if number < without else each, leaf_hash(each.encode()))
        for number, each in enumerate(events)
    ]
    return list(write(Header(ORIGIN, (signer.public,)), leaves, heads or (head(signer, 3), head(signer, 6))))


def found(lines: list[str], signer: Signer | None, **asked: Any) -> list[tuple[str, dict[str, Any]]]:
    report = verify(lines, signer.public if signer else None, **asked)
    assert report.ok == (not report.findings)
    assert report.exit_code == int(not report.ok)
    return [(each.kind, dict(each.values)) for each in report.findings]


def said(**values: Any) -> str:
    return json.dumps(values) + "\n"


def coded(content: bytes) -> str:
    return base64.b64encode(content).decode()


Damage = Callable[[list[str]], None]


def put(at: int, text: str) -> Damage:
    return lambda lines: lines.__setitem__(at, text)


CASES: list[tuple[Damage, list[tuple[str, dict[str, Any]]]]] = [
    (put(2, said(**json.loads(said(leaf=1, event="{}", hash=coded(hashes(EVENTS)[1]))))), [("tampered", {"leaf": 1})]),
    (put(2, "[]\n"), [
        ("line", {"line": 3}), ("end", {"events": 6, "checkpoints": 2}), ("missing_one", {"leaf": 1, "last": 1}),
        ("unchecked", {"size": 3, "leaf": 1}), ("unchecked", {"size": 6, "leaf": 1}),
    ]),
    (lambda lines: lines.insert(4, lines[2]), [
        ("duplicate", {"leaf": 1, "line": 5}), ("end", {"events": 6, "checkpoints": 2}),
    ]),
    (lambda lines: lines.insert(5, lines.pop(2)), [("reordered", {"leaf": 1, "line": 6})]),
    (lambda lines: lines.__delitem__(slice(2, 4)), [
        ("end", {"events": 6, "checkpoints": 2}), ("missing", {"leaf": 1, "last": 2}),
        ("unchecked", {"size": 3, "leaf": 1}), ("unchecked", {"size": 6, "leaf": 1}),
    ]),
    (lambda lines: lines.__delitem__(6), [
        ("end", {"events": 6, "checkpoints": 2}), ("missing_one", {"leaf": 5, "last": 5}),
        ("unchecked", {"size": 6, "leaf": 5}),
    ]),
    (lambda lines: lines.insert(7, lines.pop(8)), [("backwards", {"line": 9})]),
    (lambda lines: lines.pop(), [("cut", {})]),
    (lambda lines: lines.append("{}\n"), [("line", {"line": 11})]),
    (put(9, said(leaves=6, checkpoints=3)), [("end", {"events": 6, "checkpoints": 3})]),
    (put(9, said(leaves=5, checkpoints=2)), [("end", {"events": 5, "checkpoints": 2})]),
    (put(9, said(leaves=True, checkpoints=2)), [("line", {"line": 10})]),
    (put(9, said(leaves=-1, checkpoints=2)), [("line", {"line": 10})]),
    (put(0, "{}\n"), [("header", {})]),
    (put(0, said(format="nrm-ledger-2", origin=ORIGIN, keys=[coded(bytes(32))])), [("header", {})]),
    (put(0, said(format="nrm-ledger-1", origin=ORIGIN, keys=[])), [("header", {})]),
    (put(0, said(format="nrm-ledger-1", origin=ORIGIN, keys=[coded(bytes(31))])), [("header", {})]),
    (put(0, said(format="nrm-ledger-1", origin="a name", keys=[coded(bytes(32))])), [("header", {})]),
    (put(0, said(format="nrm-ledger-1", origin=ORIGIN, keys=[coded(bytes(32))])), [("key", {})]),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(CASES)))
def test_each_damage_is_told_with_its_place_and_nothing_else(signer: Signer, number: int) -> None:
    damage, told = CASES[number]
    lines = exported(signer)
    damage(lines)
    assert found(lines, signer) == told


def test_each_false_head_is_told_with_its_place(signer: Signer, other: Signer) -> None:
    forged = ["{}", *EVENTS[1:]]
    assert found(exported(signer, head(signer, 3), head(other, 6)), signer) == [
        ("forged", {"line": 9}), ("unsealed", {"leaf": 3, "last": 5}),
    ]  # fmt: skip
    assert found(exported(signer, head(signer, 3), head(signer, 5)), signer) == [
        ("unsealed", {"leaf": 5, "last": 5})
    ]
    assert found(exported(signer, head(signer, 3), head(signer, 6, forged)), signer) == [
        ("changed", {"size": 6, "leaf": 3, "last": 5})
    ]
    assert found(exported(signer, head(signer, 0), head(signer, 0, []), head(signer, 6)), signer) == []
    both = exported(signer, head(signer, 3), head(signer, 6), head(signer, 6, forged))
    assert found(both, signer) == [("fork", {"size": 6})]
    assert found(exported(signer, *[head(other, 6)]), signer) == [
        ("forged", {"line": 8}), ("no_checkpoint", {}), ("unsealed", {"leaf": 0, "last": 5}),
    ]  # fmt: skip
    report = verify(both, signer.public)
    assert (report.origin, report.key, report.key_trusted, report.leaves, report.checkpoints) == (
        ORIGIN, verifier_key(ORIGIN, signer.public), True, 6, 2,
    )  # fmt: skip
    report = verify(["{}\n"])
    assert (report.origin, report.key, report.key_trusted, report.leaves, report.checkpoints) == (
        "?",
        "?",
        False,
        0,
        0,
    )


def test_a_head_that_was_kept_is_held_against_the_file(signer: Signer, other: Signer) -> None:
    lines, forged = exported(signer), ["{}", *EVENTS[1:]]
    assert found(lines, signer, seen=head(signer, 3)) == found(lines, signer, seen=head(signer, 4)) == []
    assert found(lines, signer, seen=head(signer, 4, forged)) == [("seen_other", {"size": 4})]
    assert found(lines, signer, seen=head(signer, 7, [*EVENTS, "{}"])) == [("seen_longer", {"size": 7})]
    for false in (head(other, 3), ""):
        assert found(lines, signer, seen=false) == [("seen_forged", {})]


def test_each_witness_and_the_second_key_must_have_signed_one_head(
    signer: Signer, other: Signer, lattice: LatticeSigner
) -> None:
    witnesses = [Witness("one.example", other.public), Witness("two.example", signer.public)]
    by = {each.name: key for each, key in zip(witnesses, (other, signer), strict=True)}

    def cosigned(size: int, name: str) -> str:
        note = head(signer, size)
        return cosign(request(0, [], note), signer.public, None, by[name], name, AT)

    lines = exported(signer, cosigned(3, "one.example"), head(signer, 6))
    assert found(lines, signer, witnesses=witnesses[:1]) == []
    assert found(lines, signer, witnesses=witnesses) == [("unwitnessed", {"name": "two.example"})]
    lines = exported(signer, cosigned(3, "one.example"), cosigned(6, "two.example"))
    assert found(lines, signer, witnesses=witnesses) == []
    assert [each for each, _values in found(exported(signer), signer, witnesses=witnesses)] == [
        "unwitnessed"
    ] * 2
    key = SecondKey(ORIGIN, lattice.public)
    signed = [
        head(signer, size) + line(Checkpoint(ORIGIN, size, root(hashes(EVENTS)[:size])), lattice, AT)
        for size in (2, 4)
    ]
    assert verify(exported(signer, *signed, head(signer, 6)), signer.public, second=key).twice == 4
    assert verify(exported(signer, *signed[::-1], head(signer, 6)), signer.public, second=key).twice == 4
    assert verify(exported(signer, *signed, head(signer, 6)), signer.public).twice == 0
    assert found(exported(signer), signer, second=key) == [("once", {})]
    false = f"— {ORIGIN} {coded(key.identity + bytes(8 + 2420))}\n"
    assert found(exported(signer, signed[0], head(signer, 6) + false), signer, second=key) == [
        ("forged", {"line": 9})
    ]


def test_a_text_is_missing_rightly_only_where_a_signed_event_under_a_head_says_so(
    signer: Signer, other: Signer
) -> None:
    tree = root(hashes(EVENTS)[:2])

    def declared(by: Signer, of: Declaration) -> list[str]:
        return [*EVENTS, json.dumps({"declaration": declare(of, ORIGIN, by)})]

    for events, size, told in (
        (declared(signer, Declaration(2, tree, "2000-01-01")), 7, []),
        (declared(signer, Declaration(3, root(hashes(EVENTS)[:3]), "2000-01-01")), 7, []),
        (declared(signer, Declaration(1, root(hashes(EVENTS)[:1]), "2000-01-01")), 7, [(1, 1, 1)]),
        (declared(signer, Declaration(2, bytes(32), "2000-01-01")), 7, [(0, 1, 2)]),
        (declared(other, Declaration(2, tree, "2000-01-01")), 7, [(0, 1, 2)]),
        (EVENTS, 6, [(0, 1, 2)]),
    ):
        undeclared = [
            ("undeclared", {"leaf": leaf, "last": last, "count": count}) for leaf, last, count in told
        ]
        lines = exported(signer, head(signer, size, events), events=events, without=2)
        assert found(lines, signer) == undeclared
        assert verify(lines, signer.public).withheld == 2
    events = declared(signer, Declaration(2, tree, "2000-01-01"))
    early = exported(signer, head(signer, 6), events=events, without=2)
    assert found(early, signer) == [
        ("unsealed", {"leaf": 6, "last": 6}),
        ("undeclared", {"leaf": 0, "last": 1, "count": 2}),
    ]


def test_a_file_without_texts_says_so_and_is_never_taken_for_one_that_tells_what_happened(
    signer: Signer,
) -> None:
    leaves = [(number, each, leaf_hash(each.encode())) for number, each in enumerate(EVENTS)]
    bare = list(write(Header(ORIGIN, (signer.public,), bare=True), leaves, [head(signer, 6)]))
    assert json.loads(bare[0]) == {
        "format": "nrm-ledger-1", "origin": ORIGIN, "keys": [coded(signer.public)], "texts": "none",
    }  # fmt: skip
    assert [json.loads(each).keys() for each in bare[1:7]] == [{"leaf", "hash"}] * 6
    assert found(bare, signer) == [("bare", {"leaf": 0, "last": 5, "count": 6})]
    bare[0] = bare[0].replace("none", "some")
    assert found(bare, signer) == [("undeclared", {"leaf": 0, "last": 5, "count": 6})]


def test_a_file_is_read_line_by_line_whatever_is_in_it(signer: Signer, tmp_path: Path) -> None:
    events = ['{"name":"\u2028 \u0085 Zoë"}', *EVENTS[1:]]
    path = tmp_path / "ledger.jsonl"
    path.write_bytes("".join(exported(signer, head(signer, 6, events), events=events)).encode())
    assert verify(path, signer.public).ok
    assert verify(str(path), signer.public).ok
    path.write_bytes(path.read_bytes().replace(b"Zo\xc3\xab", b"Zo\xeb\xeb"))
    assert [each.kind for each in verify(path, signer.public).findings] == [
        "line", "end", "missing_one", "unchecked",
    ]  # fmt: skip
    twice = said(leaf=0, event=EVENTS[0], hash=coded(hashes(EVENTS)[0])).replace("{", '{"leaf": 0, ', 1)
    lines = exported(signer)
    lines[1] = twice
    assert found(lines, signer)[0] == ("line", {"line": 2})


def test_the_report_says_all_of_it_in_both_languages() -> None:
    whole = Report(
        ORIGIN, "the key", key_trusted=True, leaves=7, checkpoints=2, findings=(), withheld=3, twice=5
    )
    assert list(whole.lines()) == list(whole.lines("en")) == [
        f"The ledger of {ORIGIN} is whole (events: 7; checkpoints: 2).",
        "The texts of 3 old events were erased when their time was over, as was declared.",
        "The first 5 events are under a second signature, which no quantum computer forges.",
    ]  # fmt: skip
    french = list(whole.lines("fr"))
    assert not set(french) & set(whole.lines())
    assert [each in text for each, text in zip((ORIGIN, "3", "5"), french, strict=True)] == [True] * 3
    assert (
        len(list(Report(ORIGIN, "the key", key_trusted=True, leaves=7, checkpoints=2, findings=()).lines()))
        == 1
    )
    findings = tuple(Finding("tampered", {"leaf": each}) for each in range(SHOWN + 1))
    false = Report(
        ORIGIN, "the key", key_trusted=False, leaves=7, checkpoints=2, findings=findings, withheld=3, twice=5
    )
    lines = list(false.lines())
    assert lines[0] == f"The ledger of {ORIGIN} is NOT proven (findings: {SHOWN + 1})."
    assert lines[1] == "Event 0 was changed: it does not fit its own hash."
    assert lines[SHOWN] == f"Event {SHOWN - 1} was changed: it does not fit its own hash."
    assert lines[-1] == "The key came from the file itself; compare it with the published one: the key"
    assert len(lines) == SHOWN + 2
    assert not set(false.lines("fr")) & set(lines)
    assert (findings[4].leaf, Finding("cut").leaf, Finding("end", {"leaf": "4"}).leaf) == (4, None, None)
