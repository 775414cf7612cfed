"""The second place: signed heads, certificates, the ledger's key; each file is whole or absent, even on a full disk."""

import os
from contextlib import suppress
from pathlib import Path

from app.safeguards.ledger.note import Checkpoint, Forged, read
from app.safeguards.vault.private import settle

HEADS = "*.checkpoint"


def put(folder: Path, name: str, text: str) -> bool:
    """Write a file in one move, and wait for the disk; False where it stands there already."""
    path, fresh = folder / name, folder / f".{name}.new"
    if path.exists() and path.read_bytes() == text.encode():
        return False
    try:
        with fresh.open("wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        raise
    settle(folder)
    return True


def keep(folder: Path, head: Checkpoint, signed: str) -> bool:
    """Write a signed head under its size and root, so that no other head is ever overwritten."""
    return put(folder, _name(head), signed)


def holds(folder: Path, head: Checkpoint) -> bool:
    """Tell whether a head stands here."""
    return (folder / _name(head)).exists()


def newest(folder: Path, public: bytes) -> Checkpoint | None:
    """Return the largest head here that bears our signature; what bears none says nothing about us."""
    for path in sorted(folder.glob(HEADS), reverse=True):
        with suppress(Forged, UnicodeDecodeError):
            return read(path.read_bytes().decode(), public)
    return None


def set_aside(folder: Path, since: int) -> list[Path]:
    """Move the heads over more events than `since` into a folder of their own, where they stay as proof."""
    aside = folder / "set-aside"
    aside.mkdir(mode=0o755, exist_ok=True)
    moved = [path for path in sorted(folder.glob(HEADS)) if int(path.name[:20]) > since]
    for path in moved:
        path.replace(aside / path.name)
    settle(folder)
    return moved


def _name(head: Checkpoint) -> str:
    return f"{head.size:020d}-{head.root.hex()[:16]}.checkpoint"
