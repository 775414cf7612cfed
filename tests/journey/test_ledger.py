"""Who read what, why and when; and the ledger taken away and verified where the service is not."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from app.kit.clock import HeldClock
from app.safeguards.ledger.note import Forged, verifier_key
from app.safeguards.ledger.seal import Sealer, seal
from app.safeguards.ledger.witness import witness_of
from app.safeguards.vault.signing import Signer
from app.settings import Settings
from app.witnessing import accept, ask, bear_witness, key_of
from tests.journey.json_hand import JsonHand
from tests.journey.story import CALLED, WHEREABOUTS, Story, full_referral, tell

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def told(by_json: JsonHand, clock: HeldClock) -> Story:
    story = Story(by_json, full_referral(), later=lambda: clock.move(timedelta(minutes=1)))
    tell(story)
    return story


def looks(hand: JsonHand, who: str, case: str, act: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = hand.of(who).json("GET", f"/api/oversight?case={case}&act={act}")["events"]
    return found


def test_the_supervisor_sees_who_read_what_why_and_when(told: Story, by_json: JsonHand) -> None:
    told.seen_by("authority")
    last = looks(by_json, "supervisor", told.case, "consult")[0]
    assert (last["who"], last["role"], last["organisation"]) == (
        "Clara Weiss", "CAU", "National Identification Authority"
    )  # fmt: skip
    assert last["purpose"] == "assistance"
    assert last["at"].startswith("2026-03-02T09:09")
    assert {"ID", "EXP", "CRI"} <= set(last["categories"])
    assert not {"LOC", "PSY"} & set(last["categories"])
    assert {"given_names", "situations"} <= set(last["fields"])
    steps = [each["step"] for each in looks(by_json, "supervisor", told.case, "step")]
    assert steps[:3] == [
        "work_permit: by_law",
        "work_permit: open",
        "reflection_period: grant",
    ]  # the law follows
    assert "referral: submit" in steps
    page = by_json.of("supervisor")
    page.get(f"/oversight?case={told.case}&act=step")
    assert "took a step (Recovery and reflection period · Grant the period)" in page.text
    shared = looks(by_json, "supervisor", told.case, "disclose")
    assert shared[0]["categories"] == ["ID"]


def test_the_ledger_holds_names_of_fields_and_never_a_value(
    told: Story, events: Callable[[str], list[dict[str, Any]]]
) -> None:
    said = str(events(told.case))
    for value in (CALLED, "Lomsadze", "ლომსაძე", "pregnant", "Obertal", *WHEREABOUTS, told.place):
        assert value not in said


def test_every_look_is_one_event_and_a_refused_one_is_too(
    told: Story, by_json: JsonHand, events: Callable[[str], list[dict[str, Any]]]
) -> None:
    before = len(events(told.case))
    told.seen_by("ngo")
    assert [each["act"] for each in events(told.case)[before:]] == ["consult"]
    by_json.of("ngo2").json("GET", f"/api/cases/{told.case}", status=404)
    refused = events(told.case)[before + 1 :]
    assert [(each["act"], each["role"]) for each in refused] == [("refuse", "NGO")]


def verified(file: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run the command as the auditor would: elsewhere, knowing no database and no settings."""
    command = [sys.executable, "-m", "app.cli", "ledger", "verify", str(file), *more]
    bare = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, cwd=file.parent, env=bare, capture_output=True, text=True, check=False)


def witnessed(given: Settings, folder: Path) -> str:
    """Let somebody outside sign the head, and take in what they signed; return their verifier key."""
    ledger, place = Signer.load(given.signing_at), folder / "witness"
    signed = bear_witness(ask(given, 0), verifier_key(given.origin, ledger.public), place, "ombud.example")
    accept(signed, ledger.public, witness_of(key_of(place, "ombud.example")), given.checkpoints_at)
    with pytest.raises(Forged, match="you last signed"):  # who signed once is not asked to begin anew
        bear_witness(ask(given, 0), verifier_key(given.origin, ledger.public), place, "ombud.example")
    return key_of(place, "ombud.example")


def test_the_auditor_verifies_the_ledger_without_the_service(  # noqa: PLR0917
    app: FastAPI, told: Story, by_json: JsonHand, given: Settings, jobs: Callable[[], Any], tmp_path: Path
) -> None:
    with jobs() as work:
        sealed = seal(
            work.session,
            Sealer(Signer.load(given.signing_at), given.origin, given.checkpoints_at),
            work.clock.now(),
        )
        work.commit()
    witness = witnessed(given, tmp_path)
    app.state.settings = given.model_copy(update={"signing_key_file": tmp_path / "out of the web's reach"})
    auditor = by_json.of("auditor")
    sent = {"X-CSRF-Token": auditor.token or ""}
    taken = auditor.client.post("/api/oversight/ledger", headers=sent)
    assert taken.status_code == 200
    assert told.case in taken.text
    file = tmp_path / "ledger.jsonl"
    file.write_text(taken.text, "utf-8")
    answer = verified(file, "--witness", witness)
    assert (answer.returncode, answer.stderr) == (0, ""), answer.stdout
    assert f"is whole (events: {sealed}; checkpoints: 1)" in answer.stdout

    lines = taken.text.splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if r"\"act\":\"consult\"" in line)
    for harmed in (
        [
            line.replace("assistance", "oversight") if number == at else line
            for number, line in enumerate(lines)
        ],
        [line for number, line in enumerate(lines) if number != at],
        [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]],
    ):
        file.write_text("".join(harmed), "utf-8")
        answer = verified(file)
        assert answer.returncode == 1, answer.stdout
        assert "NOT proven" in answer.stdout


def test_the_pages_of_the_ledger_do_not_tell_which_house_shelters_her(told: Story, by_json: JsonHand) -> None:
    for who in ("supervisor", "auditor"):
        shown = by_json.of(who).client.get(f"/api/oversight?case={told.case}").text
        page = by_json.of(who).get(f"/oversight?case={told.case}").text
        assert not [each for each in (*WHEREABOUTS, told.place, "Samir Haddad") if each in shown + page], who
