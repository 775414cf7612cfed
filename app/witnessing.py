"""Handing the ledger's head to witnesses outside, and keeping what they signed; `nrm ledger request|cosign|accept`."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kit.clock import SystemClock
from app.kit.database import make_engine
from app.safeguards.ledger import note, second
from app.safeguards.ledger.merkle import consistency_proof
from app.safeguards.ledger.witness import Witness, cosign, cosigned_at, request
from app.safeguards.models import LedgerCheckpoint, LedgerLeaf
from app.safeguards.vault.signing import Signer
from app.settings import Settings


def ask(given: Settings, since: int) -> str:
    """Return the request to a witness who last signed the ledger at so many events (0: never)."""
    if not given.jobs_database_url:
        raise SystemExit("Set NRM_JOBS_DATABASE_URL.")
    engine = make_engine(given.jobs_database_url, pool_size=1)
    with Session(engine) as session:
        head = select(LedgerCheckpoint.note, LedgerCheckpoint.size).order_by(LedgerCheckpoint.size.desc())
        last = session.execute(head.limit(1)).one_or_none()
        if last is None or since > last.size:
            raise SystemExit(f"The ledger has no signed head over {since} events yet: run `nrm seal` first.")
        within = select(LedgerLeaf.hash).where(LedgerLeaf.position < last.size).order_by(LedgerLeaf.position)
        hashes = list(session.scalars(within)) if since else []
    engine.dispose()
    return request(since, consistency_proof(since, hashes) if since else [], last.note)


def bear_witness(asked: str, ledger: str, folder: Path, name: str) -> str:
    """Sign as a witness, and remember what was signed; needs neither service nor database. Raises `Forged`.

    `folder` holds the witness's own key and the last checkpoint that it signed; both are made at the first time.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key, kept = folder / "witness.pem", folder / "last.checkpoint"
    signer = Signer.load(key) if key.exists() else Signer.create(key)
    before = kept.read_text("utf-8") if kept.exists() else None
    signed = cosign(asked, note.public_of(ledger)[1], before, signer, name, SystemClock().now())
    fresh = folder / "next.checkpoint"
    fresh.write_text(signed, "utf-8")
    fresh.replace(kept)
    return signed


def key_of(folder: Path, name: str) -> str:
    """Return the verifier key of the witness whose folder this is."""
    return str(Witness(name, Signer.load(folder / "witness.pem").public))


def accept(signed: str, ledger: bytes, witness: Witness, second_place: Path) -> Path:
    """Keep a cosigned checkpoint in the second place; raises `Forged` unless both signatures stand."""
    head = note.read(signed, ledger)
    cosigned_at(signed, witness)
    name = f"{head.size:020d}-{head.root.hex()[:16]}.{witness.identity.hex()}.cosigned"
    second.put(second_place, name, signed)
    return second_place / name
