"""The `nrm keys` commands: what an operator does with the keys, each act on the ledger."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from getpass import getpass
from pathlib import Path
from typing import Any
from uuid import UUID

from app.kit.clock import SystemClock
from app.kit.errors import Problem
from app.kit.progress import progress
from app.running import jobs_session_maker, owner_session_maker
from app.safeguards import erasing, resealing
from app.safeguards.vault import backup, custody, moving, rotation
from app.safeguards.vault.backup import BackupFailed
from app.safeguards.vault.chosen import BEGINS, create_keys, keeper, provider_of
from app.safeguards.vault.custody import CustodyFault
from app.safeguards.vault.private import SecretFileFault, create_private
from app.safeguards.vault.provider import KeysOutOfReach
from app.safeguards.words import Act, Category
from app.safeguards.work import Work
from app.sealing import seal_once
from app.settings import Settings, settings

Asked = argparse.Namespace
FAULTS = (Problem, BackupFailed, CustodyFault, SecretFileFault, KeysOutOfReach, ValueError)


def main(arguments: Sequence[str], given: Settings | None = None) -> int:
    """Do what was asked; return 0 when it is done, 1 when something is left to do, 2 when it was stopped."""
    asked = _parser().parse_args(arguments)
    try:
        done: int = asked.act(asked, given or settings())
    except FAULTS as fault:
        sys.stderr.write(f"Stopped: {fault}\n")
        return 2
    return done


def _list(_asked: Asked, given: Settings) -> int:
    with _work(given) as work:
        provider = work.keys.provider
        with work.keys.reached() as connection:
            counted = rotation.count_by_epoch(connection)
        _say(f"{'epoch':>6} {'data keys':>10}  state")
        for epoch in sorted({*provider.epochs, *counted}):
            _say(
                f"{epoch:>6} {counted.get(epoch, 0):>10}  {rotation.state(epoch, provider.epochs, provider.minimum)}"
            )
    return 0


def _create(_asked: Asked, given: Settings) -> int:
    create_keys(given)
    _say(f"Epoch {provider_of(given).epoch} wraps the keys.")
    return 0


def _rotate(_asked: Asked, given: Settings) -> int:
    with _work(given) as work, progress("rewrapping") as told:
        done = rotation.rotate(work.keys, told)
        work.record(
            Act.KEY, by="rotated", epoch=done.epoch, keys=done.rewrapped, unreadable=len(done.unreadable)
        )
        work.commit()
    _say(
        f"{'Went on with' if done.resumed else 'Began'} epoch {done.epoch}; {done.rewrapped} data keys rewrapped."
    )
    _renew_custody(given)
    if not done.done:
        _say(
            "These keys cannot be opened, so the old epoch stays; restore them from a backup, then run it again:"
        )
        _say("\n".join(sorted(map(str, done.unreadable))))
        return 1
    _say("Nothing needs the old epochs any more: `nrm keys destroy-old` destroys them.")
    return 0


def _reseal(_asked: Asked, given: Settings) -> int:
    with progress("sealing anew") as told:
        done = resealing.reseal(owner_session_maker(given, "keys"), given.envelope_form, told)
    _say(done.said(given.envelope_form))
    return 1 if done.unreadable else 0


def _move(asked: Asked, given: Settings) -> int:
    if asked.to == given.key_provider:
        raise ValueError(f"the keys are kept by {asked.to} already, by NRM_KEY_PROVIDER")
    into, begins = keeper(given, asked.to)
    with _work(given) as work, progress("moving") as told:
        moved = moving.move(work.keys, into, begins, work.clock.now(), told)
        work.keys.provider = into  # the old keeper opens nothing any more, the key of the marks included
        work.record(Act.KEY, by="moved", into=asked.to, keys=moved)
        work.commit()
    _say(
        f"{moved} data keys moved to {asked.to}. Now set NRM_KEY_PROVIDER={asked.to}, start the service, open a case; "
        "then take a backup of the wrapped keys, and destroy the old keeper's key and every older backup."
    )
    return 0


def _destroy_old(asked: Asked, given: Settings) -> int:
    _confirm(asked, "The old epochs, and every backup of what they wrapped, will open nothing for ever.")
    with _work(given) as work:
        gone = rotation.destroy_old(work.keys)
        work.record(Act.KEY, by="epochs destroyed", epochs=list(gone))
        work.commit()
    _renew_custody(given)
    _say(f"Destroyed: {', '.join(map(str, gone)) or 'nothing'}.")
    return 0


def _shred(asked: Asked, given: Settings) -> int:
    what = f"categories {' '.join(asked.category)}" if asked.category else "everything"
    _confirm(asked, f"Of case {asked.case}, {what} will be unreadable for ever, in every backup too.")
    spared = set(Category) - set(map(Category, asked.category)) if asked.category else set()
    with _work(given) as work:
        if not work.keys.live(asked.case):
            raise ValueError(f"case {asked.case} has no key that could be destroyed")
        work.destroy_keys(asked.case, spared, basis=asked.basis)
        work.commit()
    with _work(given) as work:
        erasing.carry_out(work)
        work.commit()
    _say(f"Case {asked.case}: {what} erased.")
    seal_once(given)
    return _certificate(asked, given)


def _hold(asked: Asked, given: Settings) -> int:
    with _work(given) as work:
        if asked.end:
            done = "hold ended" if work.keys.end_hold(asked.case, work.clock.now()) else "no hold stood"
        else:
            work.keys.hold(asked.case, asked.basis, work.clock.now())
            done = "hold set"
        work.record(Act.KEY, case_id=asked.case, by=done, basis=asked.basis)
        work.commit()
    _say(f"Case {asked.case}: {done}.")
    return 0


def _certificate(asked: Asked, given: Settings) -> int:
    with _work(given) as work:
        found = erasing.certificates(work, asked.case)
        work.record(Act.EXPORT, case_id=asked.case, register="certificates of erasure")
        work.commit()
    _say("\n".join(found) if found else "There is no signed certificate yet: `nrm seal` signs them.")
    return 0 if found else 1


def _backup(asked: Asked, given: Settings) -> int:
    now = SystemClock().now()
    path = backup.dump(given.keys_database_url or "", asked.folder, now)
    old = backup.discard_old(asked.folder, now, timedelta(days=asked.keep))
    _say(f"{path} written; {len(old)} older than {asked.keep} days deleted.")
    return 0


def _restore(asked: Asked, given: Settings) -> int:
    if not given.database_url:
        raise ValueError("set NRM_DATABASE_URL: restoring needs the owner of the tables")
    _confirm(asked, "The wrapped keys of this database will be replaced by those of the file.")
    backup.restore(given.database_url, asked.file)
    with _work(given) as work:
        again = work.keys.repeat_erasures(work.clock.now())
        work.record(Act.KEY, by="wrapped keys restored", keys=again)
        work.commit()
    _say(f"Restored; {again} keys that had been destroyed since were destroyed again.")
    if missing := backup.missing(given.database_url):
        _say(
            f"{missing} keys of sealed parts are missing: this file is older than the data; take a later one."
        )
    return 1 if missing else 0


def _split(asked: Asked, given: Settings) -> int:
    words = custody.split(_key_file(given), asked.threshold, asked.shares)
    asked.into.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number, each in enumerate(words, 1):
        create_private(asked.into / f"share-{number}-of-{len(words)}.txt", f"{each}\n".encode(), "share")
    _say(
        f"{len(words)} shares written to {asked.into}, any {asked.threshold} of which open "
        f"{custody.copy_of(_key_file(given))}. Print each, hand each to one person, delete the files; "
        "keep the copy in two places."
    )
    return 0


def _rebuild(asked: Asked, _given: Settings) -> int:
    shares = [Path(each).read_text("utf-8") for each in asked.share]
    custody.rebuild(asked.copy, shares or custody.typed(asked.copy, asked.into, getpass, _say), asked.into)
    _say(f"{asked.into} written.")
    return 0


def _key_file(given: Settings) -> Path:
    if given.key_provider != "file":
        raise ValueError(
            "custody by shares is for a key file; a module or key service has a quorum of its own"
        )
    return given.keys_at


def _renew_custody(given: Settings) -> None:
    if given.key_provider == "file" and custody.renew(given.keys_at):
        _say(f"{custody.copy_of(given.keys_at)} was renewed for the same custodians: copy it to its places.")


@contextmanager
def _work(given: Settings) -> Iterator[Work]:
    """Open a Work of the service itself; what it holds open is closed with it."""
    with jobs_session_maker(given, "keys")() as work:
        yield work
        work.keys.engine.dispose()


def _confirm(asked: Asked, what: str) -> None:
    with suppress(EOFError):  # nobody there who could answer
        if asked.yes or input(f"{what} Type yes to go on: ").strip().lower() == "yes":
            return
    raise ValueError("it was not confirmed")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nrm keys", description="Keep the keys. Everything here can be cut off and run again."
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    for name, about, act, more in COMMANDS:
        command = commands.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
        command.set_defaults(act=act)
        for words, how in more:
            command.add_argument(*words, **how)
    return parser


Option = tuple[tuple[str, ...], dict[str, Any]]
YES: Option = (("--yes",), {"action": "store_true", "help": "do not ask before what cannot be undone"})
CASE: Option = (("case",), {"type": UUID, "help": "the id of the case, as in its address"})
WHY = {"choices": tuple(erasing.BASES), "required": True, "help": "why; it stands in the certificate"}
BASIS: Option = (("--basis",), WHY)
HOLDS = {"choices": ("court_order", "investigation", "complaint"), "default": "court_order", "help": "why"}
HELD_FOR: Option = (("--basis",), HOLDS)
ONLY = {"action": "append", "choices": list(Category), "default": [], "help": "only this; may be given again"}
CATEGORY: Option = (("--category",), ONLY)
COMMANDS: tuple[tuple[str, str, Callable[[Asked, Settings], int], tuple[Option, ...]], ...] = (
    ("list", "list the epochs and how many data keys each wraps", _list, ()),
    ("create", "make the first keys where the settings say; those that are there stay", _create, ()),
    ("rotate", "begin a new epoch and rewrap every data key, or go on where that was cut off", _rotate, ()),
    ("reseal", "seal anew all that is in another form than NRM_ENVELOPE_FORM, or go on with that", _reseal, ()),
    (
        "move", "move all data keys to another keeper; stop the service first", _move,
        ((("to",), {"choices": tuple(BEGINS), "help": "its settings stand beside the present keeper's"}),),
    ),
    ("destroy-old", "destroy the epochs that nothing needs any more", _destroy_old, (YES,)),
    (
        "shred", "destroy the keys of a case or of some of its categories, and print the certificate", _shred,
        (CASE, BASIS, YES, CATEGORY),
    ),
    (
        "hold", "put a case under a legal hold, so that nothing of it can be erased, or end the hold", _hold,
        (CASE, HELD_FOR, (("--end",), {"action": "store_true", "help": "end the hold that stands"})),
    ),
    ("certificate", "print the signed certificates of what was erased of a case", _certificate, (CASE,)),
    (
        "backup", "write the wrapped keys to a new file, and delete files that are too old", _backup,
        ((("folder",), {"type": Path, "help": "a folder of this backup's own, not the database's"}),
         (("--keep",), {"type": int, "default": 30, "help": "days that a file is kept; 30 at most"})),
    ),
    (
        "restore", "put wrapped keys back from a file; what was destroyed since is destroyed again", _restore,
        ((("file",), {"type": Path, "help": "a file that backup wrote"}), YES),
    ),
    (
        "split", "seal a copy of the key file that any THRESHOLD of SHARES people open together", _split,
        ((("--threshold",), {"type": int, "required": True, "help": "how many are needed; at least 2"}),
         (("--shares",), {"type": int, "required": True, "help": "how many there are; at most 16"}),
         (("--into",), {"type": Path, "required": True, "help": "folder for the shares, best in memory"})),
    ),
    (
        "rebuild", "write the key file anew from the sealed copy and enough shares", _rebuild,
        ((("copy",), {"type": Path, "help": "the sealed copy"}),
         (("--into",), {"type": Path, "required": True, "help": "the key file to write; none may be there"}),
         (("--share",), {"action": "append", "default": [], "help": "file with a share; without any, each is typed"})),
    ),
)  # fmt: skip
