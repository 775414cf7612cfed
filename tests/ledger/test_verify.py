import json

import pytest

from app.safeguards.ledger.export import Header, write
from app.safeguards.ledger.verify import verify
from tests.ledger.made import EVENTS, ORIGIN, SIZES, about, edited, exported, kinds, leaves, rehashed, signed


def test_an_honest_export_is_whole(lines, signer, tmp_path):
    path = tmp_path / "ledger.jsonl"
    path.write_text("".join(lines), encoding="utf-8")
    for source in (lines, path, str(path)):
        report = verify(source, signer.public)
        assert report.ok
        assert report.exit_code == 0
        assert (report.leaves, report.checkpoints, report.key_trusted) == (30, 3, True)
        assert list(report.lines()) == [f"The ledger of {ORIGIN} is whole (events: 30; checkpoints: 3)."]


def test_without_a_trusted_key_the_reader_is_told_to_compare(lines):
    report = verify(lines)
    assert report.ok
    assert not report.key_trusted
    assert list(report.lines())[-1].endswith(report.key)


@pytest.mark.parametrize("leaf", range(30))
def test_an_edited_event_is_named(lines, signer, leaf):
    lines[1 + leaf] = edited(lines[1 + leaf], event='{"act":"nothing"}')
    report = verify(lines, signer.public)
    assert about(report, "tampered") == [leaf]
    assert kinds(report) == {"tampered"}
    assert f"Event {leaf} was changed" in "\n".join(report.lines())


@pytest.mark.parametrize("leaf", range(30))
def test_an_event_edited_together_with_its_hash_is_placed_between_checkpoints(lines, signer, leaf):
    lines[1 + leaf] = rehashed(lines[1 + leaf], '{"act":"nothing"}')
    first = min(finding.values["leaf"] for finding in verify(lines, signer.public).findings)
    last = min(finding.values["last"] for finding in verify(lines, signer.public).findings)
    assert first <= leaf <= last
    assert last - first == 9


@pytest.mark.parametrize("leaf", range(30))
def test_a_deleted_event_is_named(lines, signer, leaf):
    del lines[1 + leaf]
    report = verify(lines, signer.public)
    assert about(report, "missing_one") == [leaf]
    assert "end" in kinds(report)


def test_a_deletion_that_renumbers_the_rest_is_found(signer):
    notes = [signed(signer, EVENTS, size) for size in SIZES]
    fewer = EVENTS[:12] + EVENTS[13:]
    report = verify(list(write(Header(ORIGIN, (signer.public,)), leaves(fewer), notes)), signer.public)
    assert {"changed", "missing_one"} <= kinds(report)


def test_swapped_lines_are_named(lines, signer):
    lines[4], lines[5] = lines[5], lines[4]
    assert about(verify(lines, signer.public), "reordered") == [3]


def test_swapped_events_under_kept_numbers_are_found(lines, signer):
    one, two = json.loads(lines[4]), json.loads(lines[5])
    lines[4], lines[5] = edited(lines[4], event=two["event"]), edited(lines[5], event=one["event"])
    assert about(verify(lines, signer.public), "tampered") == [3, 4]
    lines[4], lines[5] = rehashed(lines[4], two["event"]), rehashed(lines[5], one["event"])
    assert "changed" in kinds(verify(lines, signer.public))


def test_a_repeated_event_is_named(lines, signer):
    lines.insert(9, lines[3])
    assert about(verify(lines, signer.public), "duplicate") == [2]


def test_an_inserted_event_is_found(signer):
    notes = [signed(signer, EVENTS, size) for size in SIZES]
    more = [*EVENTS[:12], '{"act":"grant"}', *EVENTS[12:]]
    report = verify(list(write(Header(ORIGIN, (signer.public,)), leaves(more), notes)), signer.public)
    assert {"changed", "unsealed"} <= kinds(report)


def test_an_event_after_the_last_checkpoint_proves_nothing(signer):
    report = verify(exported(signer, sizes=(10, 20)), signer.public)
    assert kinds(report) == {"unsealed"}
    assert about(report, "unsealed") == [20]


def test_every_truncation_is_found(lines, signer):
    whole = "".join(lines)
    for end in [*range(0, len(whole) - 1, 37), len(whole) - 2]:
        assert not verify(whole[:end].splitlines(keepends=True), signer.public).ok, end
    for count in range(len(lines)):
        assert not verify(lines[:count], signer.public).ok


def test_a_file_cut_back_to_an_honest_earlier_state_is_caught_by_the_checkpoint_that_was_kept(lines, signer):
    seen = json.loads(lines[-2])["checkpoint"]
    earlier = exported(signer, EVENTS[:20], SIZES[:2])
    assert verify(earlier, signer.public).ok
    assert kinds(verify(earlier, signer.public, seen)) == {"seen_longer"}
    assert verify(lines, signer.public, seen).ok
    assert verify(exported(signer, [*EVENTS, "{}"], (31,)), signer.public, seen).ok


def test_rewritten_history_signed_anew_is_caught_by_the_checkpoint_that_was_kept(lines, signer, other):
    seen = json.loads(lines[-2])["checkpoint"]
    rewritten = exported(signer, ['{"act":"nothing"}', *EVENTS[1:]])
    assert verify(rewritten, signer.public).ok
    assert kinds(verify(rewritten, signer.public, seen)) == {"seen_other"}
    assert kinds(verify(lines, signer.public, signed(other, EVENTS, 30))) == {"seen_forged"}
    assert kinds(verify(lines, signer.public, "nonsense")) == {"seen_forged"}


def test_a_fork_is_found(signer):
    fork = ["{}", *EVENTS[1:]]
    notes = [
        signed(signer, EVENTS, 10),
        signed(signer, fork, 20),
        signed(signer, EVENTS, 20),
        signed(signer, EVENTS, 30),
    ]
    for events in (EVENTS, fork):
        report = verify(list(write(Header(ORIGIN, (signer.public,)), leaves(events), notes)), signer.public)
        assert "fork" in kinds(report)


def test_a_later_checkpoint_of_another_history_is_found(signer):
    notes = [signed(signer, EVENTS, 10), signed(signer, ["{}", *EVENTS[1:]], 20)]
    report = verify(list(write(Header(ORIGIN, (signer.public,)), leaves(EVENTS[:20]), notes)), signer.public)
    assert kinds(report) == {"changed"}
    assert report.checkpoints == 1


def test_checkpoints_that_run_backwards_are_found(signer):
    assert "backwards" in kinds(verify(exported(signer, sizes=(20, 10, 30)), signer.public))


def test_a_checkpoint_of_another_key_or_ledger_is_forged(lines, signer, other):
    lines[-2] = json.dumps({"checkpoint": signed(other, EVENTS, 30)}) + "\n"
    assert {"forged", "unsealed"} <= kinds(verify(lines, signer.public))
    lines[-2] = json.dumps({"checkpoint": signed(signer, EVENTS, 30, "else.example")}) + "\n"
    assert {"forged", "unsealed"} <= kinds(verify(lines, signer.public))


def test_a_whole_ledger_under_another_key_is_found(other, signer):
    assert {"key", "forged", "no_checkpoint"} <= kinds(verify(exported(other), signer.public))


def test_a_second_key_smuggled_into_the_header_is_not_used_against_the_trusted_one(signer, other):
    forged = ["{}", *EVENTS[1:]]
    header = Header(ORIGIN, (signer.public, other.public))
    lines = list(write(header, leaves(forged), [signed(other, forged, 30)]))
    assert "forged" in kinds(verify(lines, signer.public))


def test_without_checkpoints_nothing_is_proven(signer):
    assert {"no_checkpoint", "unsealed"} == kinds(verify(exported(signer, sizes=()), signer.public))
    assert "no_checkpoint" in kinds(verify(exported(signer, [], ()), signer.public))


def test_an_empty_ledger_that_is_signed_is_whole(signer):
    assert verify(exported(signer, [], (0,)), signer.public).ok
