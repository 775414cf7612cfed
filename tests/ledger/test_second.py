"""The second signature under a head holds for that head, its time and its key alone, and can be asked for."""

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app.cli import main
from app.oversight import service as oversight
from app.safeguards.ledger.note import Checkpoint, Forged, checkpoint, read
from app.safeguards.ledger.seal import SECOND, Sealer, hand_over, seal
from app.safeguards.ledger.twice import SecondKey, bears, line, second_of
from app.safeguards.ledger.verify import verify
from app.safeguards.vault.lattice import LatticeSigner
from app.safeguards.vault.private import SecretFileFault
from app.safeguards.vault.signing import Signer
from app.safeguards.words import Act
from app.settings import Settings
from tests.fixtures.service import As

ORIGIN, AT = "ledger.nrm.example", datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HEAD, OTHER = Checkpoint(ORIGIN, 8, bytes(32)), Checkpoint(ORIGIN, 9, bytes(32))


@pytest.fixture(scope="module")
def lattice(tmp_path_factory: pytest.TempPathFactory) -> LatticeSigner:
    folder = tmp_path_factory.mktemp("keys")
    LatticeSigner.create(folder / "second.key")
    Signer.create(folder / "first.key")
    with pytest.raises(SecretFileFault, match="damaged"):
        LatticeSigner.load(folder / "first.key")
    return LatticeSigner.load(folder / "second.key")


def test_it_holds_for_one_head_one_time_and_one_key(lattice: LatticeSigner, tmp_path: Path) -> None:
    signer, key = Signer.create(tmp_path / "key"), SecondKey(ORIGIN, lattice.public)
    said, signed = line(HEAD, lattice, AT), checkpoint(ORIGIN, 8, bytes(32), signer)
    assert bears(signed + said, HEAD, key)
    assert read(signed + said, signer.public) == HEAD  # whoever knows the first key only is not disturbed
    assert not bears(signed, HEAD, key)
    assert not bears(signed + said, HEAD, SecondKey("elsewhere.example", lattice.public))
    code = base64.b64decode(said.split(" ")[2])
    later = code[:4] + (int(AT.timestamp()) + 1).to_bytes(8, "big") + code[12:]
    for forged in (later, code[:-1], code[:-1] + bytes([code[-1] ^ 1])):
        with pytest.raises(Forged):
            bears(f"{signed}— {ORIGIN} {base64.b64encode(forged).decode()}\n", HEAD, key)
    with pytest.raises(Forged):
        bears(signed + said, OTHER, key)
    message = (  # by the open format
        b"subtree/v1\n\0" + bytes([18]) + b"ledger.nrm.example" + (1772442000).to_bytes(8, "big")
        + bytes([18]) + b"ledger.nrm.example" + bytes(8) + (8).to_bytes(8, "big") + bytes(32)
    )  # fmt: skip
    MLDSA44PublicKey.from_public_bytes(lattice.public).verify(code[12:], message)
    assert second_of(str(key)) == key
    for wrong in (str(key)[:-6] + "AAAAA=", str(key).replace("nrm", "mnr"), "x+y+z", ""):
        with pytest.raises(Forged):
            second_of(wrong)


def test_the_first_head_of_each_hour_bears_it_and_a_reader_may_ask_for_it(
    given: Settings, acting: As, lattice: LatticeSigner, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signer, engine = Signer.load(given.signing_at), create_engine(str(given.jobs_database_url))
    sealer = Sealer(signer, given.origin, given.checkpoints_at, lattice)
    for minutes in (0, 20, 61):
        with acting("ngo") as work:
            work.record(Act.SEARCH)
            work.commit()
        with Session(engine) as session:
            assert seal(session, sealer, AT + timedelta(minutes=minutes))
            session.commit()
            hand_over(session, sealer)
    with engine.connect() as connection:
        notes = connection.execute(text("SELECT note FROM ledger.checkpoint ORDER BY size")).scalars().all()
    engine.dispose()
    key, first = second_of((given.checkpoints_at / SECOND).read_text("utf-8")), signer.public
    assert [bears(each, read(each, first), key) for each in notes] == [True, False, True]
    with acting("auditor") as work:
        lines = list(oversight.export_ledger(work, given))
    file, size = tmp_path / "ledger.jsonl", read(notes[-1], first).size
    file.write_text("".join(lines), "utf-8")
    assert main(["ledger", "verify", str(file), "--second", str(given.checkpoints_at / SECOND)]) == 0
    assert f"The first {size} events are under a second signature" in capsys.readouterr().out
    other = LatticeSigner.create(tmp_path / "other")
    report = verify(lines, first, second=SecondKey(given.origin, other.public))
    assert [each.kind for each in report.findings] == ["once"]
