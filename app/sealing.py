"""The commands of the ledger's timers: sealing, and erasing what the oldest events said.

They start every few seconds, so that they load no more than they need.
"""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.kit.clock import SystemClock
from app.kit.database import make_engine
from app.profiles.profile import load
from app.safeguards.erasing import certify
from app.safeguards.ledger.retain import Retained, retain
from app.safeguards.ledger.seal import MOST, Sealer, hand_over, seal
from app.safeguards.vault.lattice import LatticeSigner
from app.safeguards.vault.signing import Signer
from app.settings import Settings

LONG_YEAR = timedelta(days=366)
FILES_KEPT = ("case.anonymise_years", "case.anonymise_with_claims_years", "case.child_until_age")


def seal_once(given: Settings) -> int:
    """Seal all that is ripe; return how many events became leaves."""
    if not given.jobs_database_url:
        raise SystemExit("Set NRM_JOBS_DATABASE_URL.")
    engine = make_engine(given.jobs_database_url, pool_size=1)
    lattice = LatticeSigner.load(given.second_signing_at)
    sealer = Sealer(Signer.load(given.signing_at), given.origin, given.checkpoints_at, lattice)
    sealed, more = 0, MOST
    with Session(engine) as session:
        while more == MOST:
            more = seal(session, sealer, SystemClock().now())
            session.commit()
            hand_over(session, sealer)
            sealed += more
    with Session(engine) as session:
        certify(session, sealer, SystemClock().now())
        session.commit()
    engine.dispose()
    return sealed


def retain_once(given: Settings) -> Retained:
    """Erase the texts of the ledger's oldest events, as far as they were declared; return what was done."""
    if not given.retain_database_url:
        raise SystemExit("Set NRM_RETAIN_DATABASE_URL.")
    longest = max(load(given.profile).number(key) for key in FILES_KEPT)
    if given.ledger_years <= longest:
        raise SystemExit(
            f"NRM_LEDGER_YEARS is {given.ledger_years}: who looked into a file must be known longer than the file"
            f" is kept, which under the profile {given.profile} may be {longest} years."
        )
    now = SystemClock().now()
    engine = make_engine(given.retain_database_url, pool_size=1)
    sealer = Sealer(Signer.load(given.signing_at), given.origin, given.checkpoints_at)
    with Session(engine) as session:
        done = retain(session, sealer, now - given.ledger_years * LONG_YEAR, now)
        session.commit()
    engine.dispose()
    return done
