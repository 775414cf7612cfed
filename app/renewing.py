"""The `nrm secrets` command: passwords of the database's roles that end by themselves and are renewed long before."""

import argparse
import secrets
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from app.install import give_password
from app.kit.clock import SystemClock
from app.safeguards.vault.private import SecretFileFault, read_private, replace_private
from app.settings import Settings, settings

GOOD_FOR = timedelta(days=3)  # renewed each night: two nights may fail, and the alarm is called in the first
WHAT = "file of settings"
ROLES = {
    "NRM_APP_DATABASE_URL": "nrm_app",
    "NRM_KEYS_DATABASE_URL": "nrm_keys",
    "NRM_JOBS_DATABASE_URL": "nrm_jobs",
    "NRM_SEND_DATABASE_URL": "nrm_send",
    "NRM_RETAIN_DATABASE_URL": "nrm_retain",
}


def main(arguments: Sequence[str], given: Settings | None = None) -> int:
    """Do what was asked; return 0 when it is done, 2 when it was stopped."""
    parser = argparse.ArgumentParser(prog="nrm secrets", description="Renew what lets the parts in.")
    commands = parser.add_subparsers(required=True, metavar="command")
    about = "give each role of the database a new password, which ends in three days"
    command = commands.add_parser("renew", help=about, description=about[0].upper() + about[1:] + ".")
    command.add_argument("folder", type=Path, help="opened *.env files, in memory; they are written anew")
    asked = parser.parse_args(arguments)
    try:
        renew((given or settings()).database_url, asked.folder, SystemClock().now())
    except (ValueError, SecretFileFault, SQLAlchemyError) as fault:
        sys.stderr.write(f"Stopped: {fault if isinstance(fault, ValueError) else type(fault).__name__}\n")
        return 2
    sys.stdout.write(f"{len(ROLES)} passwords renewed.\n")
    return 0


def renew(owner_url: str | None, folder: Path, now: datetime) -> None:
    """Give every role a new password and write it into whatever line names it; all of it, or none."""
    if owner_url is None:
        raise ValueError("set NRM_DATABASE_URL: only the owner of the tables gives passwords")
    fresh = {name: secrets.token_urlsafe(32) for name in ROLES}
    files = {path: read_private(path, WHAT).decode() for path in sorted(folder.glob("*.env"))}
    changed = {path: _with(content, fresh) for path, content in files.items()}
    lacking = [name for name in ROLES if not any(fresh[name] in content for content in changed.values())]
    if lacking:
        raise ValueError(f"no line in {folder}/*.env for {', '.join(lacking)}")
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        for name, role in ROLES.items():
            give_password(connection, role, fresh[name], now + GOOD_FOR)
        for path, content in changed.items():
            replace_private(path, content.encode(), WHAT)
    engine.dispose()


def _with(content: str, fresh: Mapping[str, str]) -> str:
    """Return the lines with new passwords; everything else stays to the letter."""
    lines = []
    for line in content.splitlines():
        name, sign, address = line.partition("=")
        known = make_url(address.strip("\"' ")).set(password=fresh[name]) if sign and name in fresh else None
        lines.append(f"{name}={known.render_as_string(hide_password=False)}" if known is not None else line)
    return "\n".join(lines) + "\n"
