"""What old events said is erased; the ledger is proven all the same, and nothing else may be missing."""

import base64
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app.oversight import service as oversight
from app.safeguards.ledger.merkle import inclusion_proof, leaf_hash, root, verify_inclusion
from app.safeguards.ledger.note import verifier_key
from app.safeguards.ledger.retain import Retained, retain
from app.safeguards.ledger.seal import Sealer
from app.safeguards.ledger.verify import verify
from app.safeguards.vault.signing import Signer
from app.safeguards.words import Act
from app.sealing import retain_once, seal_once
from app.settings import Settings
from tests.fixtures.service import As

TODAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def taken(acting: As, given: Settings) -> list[str]:
    with acting("auditor") as work:
        return list(oversight.export_ledger(work, given))


def found(lines: list[str], given: Settings) -> dict[str, dict[str, Any]]:
    report = verify(lines, Signer.load(given.signing_at).public)
    assert bool(report.findings) != report.ok
    return {each.kind: each.values for each in report.findings}


def texts(lines: list[str]) -> list[str | None]:
    return [json.loads(line).get("event") for line in lines if '"leaf":' in line]


def kept(event: str | None) -> str | None:
    """What is left of a text that is erased: nothing, but for the sums of what was written, which name nobody."""
    return event if event and '"act":"write"' in event else None


def without(line: str) -> str:
    """A line as it is written of an event whose text is gone."""
    return json.dumps({key: value for key, value in json.loads(line).items() if key != "event"}) + "\n"


def as_owner(given: Settings, statement: str) -> None:
    """What only an administrator of the database can do."""
    engine = create_engine(str(given.database_url))
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def aged(given: Settings, acting: As) -> list[str]:
    """A ledger whose first events are of 1990 and the last two of today, sealed; what the auditor took away of it."""
    as_owner(given, 'UPDATE ledger.event SET body = replace(body, \'"at":"2026\', \'"at":"1990\')')
    with acting("ngo") as work:
        work.record(Act.SEARCH)
        work.record(Act.SEARCH)
        work.commit()
    seal_once(given)
    return taken(acting, given)


def test_what_is_declared_goes_and_every_proof_still_holds(
    given: Settings, aged: list[str], acting: As, tmp_path: Path
) -> None:
    before = texts(aged)
    old = len(before) - 2
    assert retain_once(given) == Retained(old, 0)
    assert retain_once(given) == Retained(0, 0)  # nothing goes before its declaration is under a signed head
    seal_once(given)
    gone = [kept(each) for each in before[:old]].count(None)
    assert retain_once(given) == Retained(0, gone)
    assert retain_once(given) == Retained(0, 0)
    lines = taken(acting, given)
    assert texts(lines)[: old + 2] == [kept(each) for each in before[:old]] + before[old:]
    file, key = tmp_path / "ledger.jsonl", Signer.load(given.signing_at).public
    file.write_text("".join(lines), "utf-8")
    said = subprocess.run(
        [sys.executable, "-m", "app.cli", "ledger", "verify", str(file), "--key", verifier_key(given.origin, key)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stdout
    assert (
        f"The texts of {gone} old events were erased when their time was over, as was declared."
        in said.stdout
    )
    [head] = [json.loads(line)["checkpoint"] for line in aged if '"checkpoint":' in line]
    assert verify(lines, key, head).ok  # what was kept from before the erasing still fits
    hashes = [base64.b64decode(json.loads(line)["hash"]) for line in lines if '"leaf":' in line]
    proof = inclusion_proof(3, hashes)
    assert verify_inclusion(3, len(hashes), leaf_hash((before[3] or "").encode()), proof, root(hashes))


def test_a_text_that_is_missing_and_was_not_declared_is_found(
    given: Settings, aged: list[str], acting: As
) -> None:
    place, count = len(texts(aged)) - 1, "SELECT id FROM ledger.event ORDER BY id DESC LIMIT 1"
    missing = {"undeclared": {"leaf": place, "last": place, "count": 1}}
    assert found([*aged[: place + 1], without(aged[place + 1]), *aged[place + 2 :]], given) == missing
    as_owner(given, f"DELETE FROM ledger.event WHERE id = ({count})")
    assert found(taken(acting, given), given) == missing
    forger = Sealer(Signer.create(given.checkpoints_at / "forged.pem"), given.origin, given.checkpoints_at)
    engine = create_engine(str(given.database_url))
    with Session(
        engine
    ) as session:  # an administrator can write the event, and it will be sealed; but not sign it
        assert retain(session, forger, TODAY + timedelta(days=1), TODAY).declared == place + 1
        session.commit()
    engine.dispose()
    seal_once(given)
    assert found(taken(acting, given), given) == missing
    retain_once(given)
    seal_once(given)  # declared, though not as far as what is missing
    assert found(taken(acting, given), given) == missing


# A legal hold on a case, to which the first event is made to belong.
HELD = """
WITH held AS (INSERT INTO keys.hold (id, case_id, basis, set_at) SELECT id, id, 'court_order', now()
  FROM gen_random_uuid() AS made (id) RETURNING case_id)
UPDATE ledger.event SET body = replace(body, '"act"\\:', '"case"\\:"' || held.case_id || '","act"\\:') FROM held
  WHERE event.id = (SELECT min(id) FROM ledger.event WHERE act <> 'write')"""


def test_only_its_own_role_erases_and_only_what_is_sealed_and_old(given: Settings, aged: list[str]) -> None:
    for url in (given.app_database_url, given.jobs_database_url):
        engine = create_engine(str(url))
        with engine.begin() as connection, pytest.raises(ProgrammingError):
            connection.execute(text("DELETE FROM ledger.event"))
        engine.dispose()
    as_owner(given, HELD)
    engine = create_engine(str(given.retain_database_url))
    with engine.begin() as connection:
        old = [kept(each) for each in texts(aged)[:-2]]
        assert connection.execute(text("DELETE FROM ledger.event")).rowcount == old.count(None) - 1
    as_owner(given, "UPDATE keys.hold SET ended_at = now()")
    with engine.begin() as connection:
        assert connection.execute(text("DELETE FROM ledger.event")).rowcount == 1  # of the case that was held
    for refused in (
        "UPDATE ledger.event SET body = '{}'", "DELETE FROM ledger.leaf", "SELECT * FROM part",
        "SELECT name FROM user_account",
        "DELETE FROM ledger.checkpoint", "INSERT INTO ledger.leaf VALUES (999999, 999999, '')",
        """INSERT INTO ledger.event (body) VALUES ('{"act":"consult"}')""",
    ):  # fmt: skip
        with engine.begin() as connection, pytest.raises(ProgrammingError):
            connection.execute(text(refused))
    engine.dispose()
    with pytest.raises(SystemExit, match="must be known longer"):
        retain_once(given.model_copy(update={"ledger_years": 25}))
