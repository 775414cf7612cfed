"""Preparing a database: its roles, their passwords, the migrations; and the secrets that lie beside it."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, create_engine, make_url, text

from app.safeguards.ledger.seal import publish
from app.safeguards.vault.chosen import create_keys
from app.safeguards.vault.lattice import LatticeSigner
from app.safeguards.vault.private import read_private, replace_private
from app.safeguards.vault.signing import Signer
from app.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
LOGINS = ("nrm_app", "nrm_keys", "nrm_jobs", "nrm_send", "nrm_retain")


@dataclass(frozen=True)
class Urls:
    """Addresses of one database for each role."""

    owner: str
    app: str
    keys: str
    jobs: str
    send: str
    retain: str


def prepare(owner_url: str, passwords: Path) -> Urls:
    """Make or refresh roles and schema as the owner; the roles' passwords stay in a 0600 file. Safe to repeat."""
    make_roles(owner_url, passwords)
    migrate(owner_url)
    return urls(owner_url, passwords)


def make_roles(owner_url: str, passwords: Path) -> None:
    """Make the roles of a server, or give them the passwords of that file; those that are renewed keep theirs."""
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(text((ROOT / "migrations/sql/roles.sql").read_text("utf-8")))
        renewed = text("SELECT rolname FROM pg_roles WHERE rolvaliduntil IS NOT NULL")
        lasting = set(LOGINS) - set(connection.execute(renewed).scalars())
        known = _passwords(passwords) if lasting else {}
        for role in sorted(lasting):
            give_password(connection, role, known[role])
    engine.dispose()


def give_password(connection: Connection, role: str, password: str, until: datetime | None = None) -> None:
    """Let a role in by a password that was made here, for ever or until an instant."""
    ends = f" VALID UNTIL '{until.isoformat()}'" if until else ""
    connection.execute(text(f"ALTER ROLE {role} LOGIN PASSWORD '{password}'{ends}"))


def urls(owner_url: str, passwords: Path) -> Urls:
    """Return the addresses of the roles whose passwords were kept."""
    known = _passwords(passwords)
    return Urls(owner_url, *(_as(owner_url, role, known[role]) for role in LOGINS))


def migrate(owner_url: str, revision: str = "head") -> None:
    """Bring the schema to a revision, in one transaction, one migration at a time."""
    from alembic import command  # noqa: PLC0415 -- ten megabytes that a serving process never needs
    from alembic.config import Config  # noqa: PLC0415

    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def make_secrets(settings: Settings) -> None:
    """Make the keys and the ledger's signing key where there are none; never replace one."""
    settings.state.mkdir(mode=0o755, parents=True, exist_ok=True)
    for path in (settings.keys_at, settings.signing_at):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    create_keys(settings)
    settings.checkpoints_at.mkdir(mode=0o755, parents=True, exist_ok=True)
    if settings.signing_at.exists() and settings.second_signing_at.exists():
        return  # nothing to make, so nothing to open: who migrates need not be who signs
    if not settings.signing_at.exists():
        Signer.create(settings.signing_at)
    if not settings.second_signing_at.exists():
        LatticeSigner.create(settings.second_signing_at)
    lattice = LatticeSigner.load(settings.second_signing_at)
    publish(settings.checkpoints_at, settings.origin, Signer.load(settings.signing_at).public, lattice)


def _as(owner_url: str, role: str, password: str) -> str:
    url = make_url(owner_url).set(username=role, password=quote(password, safe=""))
    return url.render_as_string(hide_password=False)


def _passwords(path: Path) -> dict[str, str]:
    """Return the password of each role, made where there is none yet; those that are there stay."""
    what = "file of database passwords"
    known: dict[str, str] = json.loads(read_private(path, what)) if path.exists() else {}
    fresh = {role: secrets.token_urlsafe(24) for role in LOGINS if role not in known}
    if fresh:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        known |= fresh
        replace_private(path, json.dumps(known).encode(), what)
    return known
