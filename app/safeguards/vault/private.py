"""Files that hold secrets: made with 0600, and refused if anybody else could have read or replaced them."""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class SecretFileFault(Exception):
    """A file with secrets that is missing, readable by others, of another owner, or damaged."""


def read_private(path: Path, what: str) -> bytes:
    """Return the content of a secret file; `what` names it in the messages, such as "key file"."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise SecretFileFault(f"{path}: there is no {what}. Create it, or restore it.") from None
    except OSError as error:
        raise SecretFileFault(f"{path}: the {what} cannot be read ({error.strerror}).") from None
    try:
        _refuse_unsafe(os.fstat(descriptor), path, what)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read()
    finally:
        os.close(descriptor)


def create_private(path: Path, content: bytes, what: str) -> None:
    """Write a new secret file with 0600; one that exists is never overwritten."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SecretFileFault(f"{path}: there is a {what} already; move it away first.") from None
    except OSError as error:
        raise SecretFileFault(f"{path}: the {what} cannot be written ({error.strerror}).") from None
    _write_through(descriptor, content)
    settle(path.parent)


def replace_private(path: Path, content: bytes, what: str) -> None:
    """Put new content in place of a secret file in one move: whole or not at all, even if the power fails."""
    fresh = path.with_name(f"{path.name}.new")
    with suppress(FileNotFoundError):  # left behind by a crash
        fresh.unlink()
    create_private(fresh, content, what)
    fresh.replace(path)
    settle(path.parent)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Keep every other process from rewriting the file until the block ends."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _refuse_unsafe(status: os.stat_result, path: Path, what: str) -> None:
    """Raise unless the file is a plain file, ours or root's, and closed to everybody else."""
    if not stat.S_ISREG(status.st_mode):
        raise SecretFileFault(f"{path}: the {what} must be a plain file.")
    if status.st_uid not in (os.geteuid(), 0):
        raise SecretFileFault(
            f"{path}: the {what} belongs to user {status.st_uid}, not to the user of this program "
            f"({os.geteuid()}). Run the program as that user; or, if this one is right: chown {os.geteuid()} {path}"
        )
    if status.st_mode & 0o077:
        raise SecretFileFault(
            f"{path}: others may read or change the {what} (mode {stat.S_IMODE(status.st_mode):04o}). "
            f"Close it with: chmod 600 {path}; and think about who may have read it."
        )


def _write_through(descriptor: int, content: bytes) -> None:
    """Write all, and wait for the disk."""
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def settle(folder: Path) -> None:
    """Wait until the disk holds the folder's new entry."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
