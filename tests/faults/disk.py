"""A small disk of its own for one folder: a tmpfs, which only the process that mounts it and its children see.

`python -m tests.faults.disk FOLDER` holds one. It says `mounted`, or `refused` where the kernel lets nobody mount;
then it reads a line of JSON at a time: words to be started there, or that the disk is to be full, or free again.
"""

import ctypes
import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NEW_MOUNTS, NEW_USERS = 0x20000, 0x10000000  # of unshare(2)
PRIVATE, ALL_BELOW = 1 << 18, 1 << 14  # of mount(2)
FILLER = "filler"
PIECE = bytes(1 << 20)


@dataclass
class Disk:
    """The disk, and the folder as it was below."""

    folder: Path
    below: int

    @classmethod
    def mounted(cls, folder: Path, room: int) -> "Disk | None":
        """Put the folder on a disk with so many bytes of room beside what it holds; None where that is refused."""
        held, found = folder.stat(), os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        with tempfile.TemporaryDirectory() as aside:
            shutil.copytree(folder, aside, dirs_exist_ok=True, copy_function=_copied)
            size = room + sum(path.stat().st_size + 4096 for path in folder.rglob("*"))
            if not _apart() or not _mount(folder, size):
                return None
            shutil.copytree(aside, folder, dirs_exist_ok=True, copy_function=_copied)
        for path in [folder, *(each for each in folder.rglob("*") if each.is_dir())]:
            os.chown(path, held.st_uid, held.st_gid)
            path.chmod(held.st_mode & 0o777)
        return cls(folder, found)

    def fill(self) -> None:
        """Leave no byte free."""
        with (self.folder / FILLER).open("ab", buffering=0) as file, suppress(OSError):
            for piece in (PIECE, b"\0"):
                with suppress(OSError):
                    while True:
                        file.write(piece)

    def free(self) -> None:
        """Give the room back."""
        (self.folder / FILLER).unlink()

    def keep(self) -> None:
        """Put what lies on the disk into the folder below, but what fills it: the disk goes with its process."""
        below = Path(f"/proc/self/fd/{self.below}")
        for path in below.iterdir():
            path.unlink()
        for path in self.folder.iterdir():
            if path.name != FILLER:
                _copied(str(path), str(below / path.name))


def _copied(source: str, target: str) -> str:
    """Copy a file with its owner."""
    shutil.copy2(source, target)
    held = Path(source).stat()
    os.chown(target, held.st_uid, held.st_gid)
    return target


def _apart() -> bool:
    """Leave the mounts of the machine; whoever is not root becomes master of their own for that."""
    libc, uid, gid = ctypes.CDLL(None), os.geteuid(), os.getegid()
    if libc.unshare(NEW_MOUNTS | (NEW_USERS if uid else 0)):
        return False
    if uid:
        for name, said in (
            ("setgroups", "deny"),
            ("uid_map", f"{uid} {uid} 1"),
            ("gid_map", f"{gid} {gid} 1"),
        ):
            Path(f"/proc/self/{name}").write_text(said, "ascii")
    return libc.mount(b"none", b"/", None, PRIVATE | ALL_BELOW, None) == 0


def _mount(folder: Path, size: int) -> bool:
    said = f"size={size}".encode()
    return ctypes.CDLL(None).mount(b"tmpfs", os.fsencode(folder), b"tmpfs", 0, said) == 0


class HeldDisk:
    """A disk in a process of its own, in the hands of a test."""

    def __init__(self, folder: Path) -> None:
        words = [sys.executable, "-m", "tests.faults.disk", str(folder)]
        self.holder = subprocess.Popen(
            words, text=True, bufsize=1, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.is_there = self._said() == "mounted"

    def do(self, **asked: Any) -> None:
        """Have something done, and wait until it is."""
        assert self.holder.stdin
        self.holder.stdin.write(json.dumps(asked) + "\n")
        assert self._said() == "done"

    def close(self) -> None:
        """Let go of it; it is gone with the last process that sees it."""
        self.holder.communicate()

    def _said(self) -> str:
        assert self.holder.stdout
        return self.holder.stdout.readline().strip()


def _hold(folder: Path, room: int) -> None:
    disk = Disk.mounted(folder, room)
    sys.stdout.write("mounted\n" if disk else "refused\n")
    sys.stdout.flush()
    started: list[subprocess.Popen[bytes]] = []  # each is a zombie until it is asked for
    for line in sys.stdin if disk else ():
        asked = json.loads(line)
        for each in started:
            each.poll()
        if "words" in asked:
            with Path(asked["log"]).open("ab") as log:
                started.append(subprocess.Popen(
                    asked["words"], user=asked["user"], group=asked["group"], extra_groups=asked["groups"], cwd="/",
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                ))  # fmt: skip
        elif asked["full"]:
            disk.fill()
        else:
            disk.free()
        sys.stdout.write("done\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _hold(Path(sys.argv[1]), 32 << 20)
