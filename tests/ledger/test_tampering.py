"""Whatever an administrator of the database does to the ledger, verification finds it."""

import json
from pathlib import Path
from typing import Any

from app.safeguards.ledger.merkle import leaf_hash, root
from app.safeguards.ledger.note import checkpoint
from app.safeguards.vault.signing import Signer
from benchmarks.tampered import ATTACKS, Ledger, undetected

ORIGIN, SIZES = "ledger.nrm.example", (9, 20, 33, 48)
ROUNDS = 15
THREATS = Path(__file__).resolve().parents[2] / "docs" / "threat-model.md"


def test_every_way_of_the_catalogue_is_found(tmp_path: Path, record_property: Any) -> None:
    signer, own = Signer.create(tmp_path / "ledger.pem"), Signer.create(tmp_path / "own.pem")
    texts = [json.dumps({"act": "consult", "id": number}) for number in range(SIZES[-1])]
    leaves = tuple((place, text, leaf_hash(text.encode())) for place, text in enumerate(texts))
    heads = tuple(
        checkpoint(ORIGIN, size, root([each[2] for each in leaves[:size]]), signer) for size in SIZES
    )
    ledger = Ledger(ORIGIN, signer.public, leaves, heads, SIZES, signer, own)
    tried, missed = undetected(ledger, ROUNDS * len(ATTACKS), 1)
    assert missed == []
    record_property("G11", f"{tried} of {tried} found in memory, {len(ATTACKS)} ways")


def test_the_threat_model_names_every_way() -> None:
    told = THREATS.read_text("utf-8")
    assert [name for name in ATTACKS if f"* {name}\n" not in told] == []
