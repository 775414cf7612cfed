"""Every requirement of the security standard is judged once: kept and proved, not applicable or open with a reason."""

import json
import re
import secrets
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from app.accounts import challenges, clients, invitations, limits, sessions
from app.asvs import CHAPTERS, LEVELS, SOURCE, Row, asvs_text, counted, requirements
from tests.house.source import APP, ROOT, imports, place, python
from tests.papers.proofs import proofs_in

STANDARD = json.loads((ROOT / "tests" / "data" / "asvs_5.0.json").read_text("utf-8"))
LEVEL = {f"V{number}": level for level in LEVELS for number in STANDARD[str(level)]}


def test_the_standard_is_whole() -> None:
    assert [len(STANDARD[str(level)]) for level in LEVELS] == [70, 183, 92]
    assert {number.split(".")[0] for number in LEVEL} == {f"V{each}" for each in range(1, len(CHAPTERS) + 1)}


def test_every_requirement_is_there_once_with_its_level() -> None:
    written = re.findall(r"^(V[\d.]+):", SOURCE.read_text("utf-8"), re.MULTILINE)
    assert len(written) == len(set(written)) == len(requirements())
    assert set(LEVEL) == set(written)
    assert {number: row.level for number, row in requirements().items() if LEVEL[number] != row.level} == {}
    assert written == sorted(written, key=lambda number: [int(each) for each in number[1:].split(".")])


def test_every_proof_is_a_test() -> None:
    absent = [
        (number, proof)
        for number, row in requirements().items()
        for proof in row.kept
        if proof.partition("::")[2] not in proofs_in(proof.partition("::")[0])
    ]
    assert not absent
    assert not [number for number, row in requirements().items() if len(set(row.kept)) != len(row.kept)]


def test_a_proof_that_is_none_is_found() -> None:
    assert proofs_in("papers/test_moon.py") == {}
    assert "test_the_moon" not in proofs_in("papers/test_asvs.py")
    assert "" not in proofs_in("papers/test_asvs.py")


def test_every_other_row_says_why(record_property: Callable[[str, str], None]) -> None:
    for level in LEVELS:
        told = counted(level)
        record_property("G19", f"level {level}: {told['kept']} of {told['applicable']} applicable kept")
    for number, row in requirements().items():
        why = row.not_applicable or row.open
        assert row.kept or (why and why.endswith(".")), number


@pytest.mark.parametrize(
    "given",
    [
        "{level: 1, says: x}", "{level: 1, says: x, kept: []}", '{level: 1, says: x, open: ""}',
        "{level: 1, says: x, kept: [a], open: b}", "{level: 1, says: x, open: b, not_applicable: c}",
        "{level: 1, says: x, open: b, how: c}", "{level: 4, says: x, open: b}", "{level: 1, says: x, planned: b}",
    ],
)  # fmt: skip
def test_a_row_that_is_not_one_of_three_is_refused(given: str) -> None:
    with pytest.raises(ValidationError):
        Row.model_validate(yaml.safe_load(given))


def test_the_page_tells_every_row_and_counts_them_at_its_head() -> None:
    text = asvs_text()
    head = text[: text.index("\n## ")]
    for level in LEVELS:
        assert " | ".join(map(str, counted(level).values())) in head
    for number, row in requirements().items():
        (line,) = [line for line in text.splitlines() if line.startswith(f"| {number} |")]
        assert row.status in line
        assert all(f"`{proof}`" in line for proof in row.kept)
        assert (row.how or row.not_applicable or row.open or "").replace("|", "\\|") in line


LENGTHS = (
    (sessions.IDLE_WITHIN, "15 idle minutes"),
    (sessions.ABSOLUTE_WITHIN, "and 12 hours"),
    (sessions.FRESH_WITHIN, "a sign-in of the last 5 minutes"),
    (challenges.GOOD_FOR, "within 5 minutes"),
    (invitations.GOOD_FOR, "within 72 hours"),
    (clients.GOOD_FOR, "a token of 10 minutes"),
    (limits.WITHIN, "Within 10 minutes"),
)
WRITTEN = (
    "Sign-in is by passkey",
    "no password to guess",
    f"{limits.BY_ADDRESS} times from one address and {limits.BY_ACCOUNT} times into one account",
    "several sessions at once",
    "single sign-on at one provider",
    "signing out there ends nothing here",
)


def test_what_is_written_of_signing_in_is_what_the_code_does() -> None:
    text = " ".join((ROOT / "SECURITY.md").read_text("utf-8").split())
    for length, said in LENGTHS:
        assert said in text
        amount = int(re.findall(r"\d+", said)[0])
        assert length.total_seconds() == amount * (3600 if "hours" in said else 60)
    assert not [said for said in WRITTEN if said not in text]


def test_it_is_written_how_soon_components_are_mended_and_which_weigh_most() -> None:
    text = " ".join((ROOT / "SECURITY.md").read_text("utf-8").split())
    assert "mended within two days, any other known one within fourteen" in text
    assert "up to date within ninety" in text
    assert re.search(r"`make audit` asks the index .* Last: 20\d\d-\d\d-\d\d", text)
    assert re.search(r"^audit:\n(\t.*\n)+", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    (weighty,) = re.findall(r"Most is at stake in: (.*?) What is dangerous of our own: ", text)
    named = [each for each in re.findall(r"`([a-z0-9-]+)`", weighty) if each != "rebuild"]
    assert len(named) >= 10
    assert not [each for each in named if not re.search(rf"^{each}==", lock, re.MULTILINE)]


def test_it_is_written_what_browsers_bring_and_what_else_is_looked_at() -> None:
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    browsers = text.partition("## What browsers must bring")[2].partition("\n## ")[0]
    for named in ("TLS", "`__Host-`", "content security policy", "WebAuthn", "Without scripts"):
        assert named in browsers
    looked = text.partition("## What else is looked at when somebody is let in")[2].partition("\n## ")[0]
    for named in ("five minutes", "one device", "failed too often", "program", "searches", "time of day"):
        assert named in looked


def test_the_life_of_keys_is_laid_beside_the_standard() -> None:
    text = (ROOT / "docs" / "keys.md").read_text("utf-8")
    for phase in ("pre-activation", "active", "suspended", "deactivated", "compromised", "destroyed"):
        assert f"| {phase} |" in text
    renewed = text.partition("## When each secret is renewed")[2]
    for secret in (
        "key-encryption key",
        "passwords of the database",
        "token of a key service",
        "secret of a program",
    ):
        assert f"| {secret}" in renewed
    way = (
        (ROOT / "docs" / "cryptography.md").read_text("utf-8").partition("## The way to other algorithms")[2]
    )
    assert "ML-DSA-44" in way
    assert "X25519MLKEM768" in way


def test_secrets_are_long_enough() -> None:
    """All that must not be guessed has 256 bits, but for the token of a page, which needs its secret besides."""
    drawn: list[Any] = []
    for path in (APP / "accounts").glob("*.py"):
        drawn += re.findall(r"secrets\.token_(?:urlsafe|bytes)\(([^)]*)\)", path.read_text("utf-8"))
    assert len(drawn) >= 4
    assert set(drawn) == {"32"}
    assert len(secrets.token_urlsafe(32)) * 6 >= 256


COMPUTES = {
    "hashlib", "hmac", "secrets", "ssl", "cryptography", "webauthn", "joserfc", "authlib", "pkcs11", "shamir_mnemonic",
}  # fmt: skip


def test_every_place_that_computes_with_keys_stands_in_the_inventory() -> None:
    text = (ROOT / "docs" / "cryptography.md").read_text("utf-8")
    written = re.findall(r"^\| `(app/[\w/]+\.py)` \| \w", text, re.MULTILINE)
    found = {
        place(path) for path in python(under=APP) if {name.split(".")[0] for name in imports(path)} & COMPUTES
    }
    assert len(found) > 20
    assert set(written) == found
    assert len(written) == len(set(written))
