"""The `nrm` command: run, serve, migrate, sweep, seal, back up, verify the ledger, write the generated documents."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from app.safeguards.vault.private import SecretFileFault
from app.settings import settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was asked; return the exit code."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    if words[:1] in (["keys"], ["secrets"], ["forward"]):
        from app import forwarding, keys, renewing  # noqa: PLC0415

        return {"keys": keys.main, "secrets": renewing.main, "forward": forwarding.main}[words[0]](words[1:])
    parser = argparse.ArgumentParser(prog="nrm", description="National referral mechanism: casework service.")
    commands = parser.add_subparsers(required=True, metavar="command")
    rooms: dict[str, Any] = {"": commands}
    for name, about, act, more in COMMANDS:
        room, _space, word = name.rpartition(" ")
        if room not in rooms:
            made = commands.add_parser(room, help="what can be done with it")
            rooms[room] = made.add_subparsers(required=True)
        command = rooms[room].add_parser(word, help=about, description=about)
        command.set_defaults(act=act)
        for option in more:
            command.add_argument(*option[0], **option[1])
    commands.add_parser("keys", help="keep the keys: rotate, move, shred, hold, back up, split, rebuild")
    asked = parser.parse_args(words)
    try:
        return int(asked.act(asked))
    except SecretFileFault as fault:
        return _fault(str(fault))


def _run(asked: argparse.Namespace) -> int:
    from app.running import run  # noqa: PLC0415 -- each command loads only what it needs

    return run(settings(), port=asked.port, host=asked.host)


def _serve(asked: argparse.Namespace) -> int:
    from app.serving import serve  # noqa: PLC0415

    return serve(settings(), host=asked.host, port=asked.port)


def _migrate(_asked: argparse.Namespace) -> int:
    from app.install import make_roles, make_secrets, migrate  # noqa: PLC0415

    given = settings()
    if not given.database_url:
        return _fault("NRM_DATABASE_URL is not set: migrations need the owner of the tables.")
    make_secrets(given)
    make_roles(given.database_url, given.state / "keys" / "roles.json")
    migrate(given.database_url)
    return 0


def _sweep(_asked: argparse.Namespace) -> int:
    from app.jobs import resting, sweep, tidy, unsent, upkeep  # noqa: PLC0415
    from app.running import jobs_session_maker  # noqa: PLC0415
    from app.safeguards.erasing import carry_out  # noqa: PLC0415

    open_work = jobs_session_maker(settings())
    swept = sweep.sweep(open_work)
    with open_work() as work:
        gone = tidy.tidy(work)
        carry_out(work)
        work.commit()
    upkeep.upkeep(open_work)
    resting.rest(open_work)
    unsent.end_unsent(open_work)
    failed = len(swept.failed)
    sys.stdout.write(f"{swept.done} clocks dealt with, {failed} failed, {gone} spent records deleted\n")
    return 1 if swept.failed else 0


def _send(_asked: argparse.Namespace) -> int:
    from app.jobs.send import send  # noqa: PLC0415
    from app.notices.posts import posts_of  # noqa: PLC0415
    from app.running import send_session_maker  # noqa: PLC0415

    done = send(send_session_maker(settings()), posts_of(settings()))
    said = f"{done['sent']} messages sent, {done['refused']} refused, {done['later']} left for later"
    sys.stdout.write(said + "\n")
    return 1 if done["later"] else 0  # somebody must look at the mail server or the gateway


def _invite(_asked: argparse.Namespace) -> int:
    from app.accounts.first import first_invitation_text  # noqa: PLC0415
    from app.main import runtime_of  # noqa: PLC0415

    text = first_invitation_text(runtime_of(settings()), settings().origin)
    sys.stdout.write(text or "There is an administrator already, who invites the others.\n")
    return 0


def _seal(_asked: argparse.Namespace) -> int:
    from app.safeguards.ledger.seal import OlderThanItsHeads  # noqa: PLC0415
    from app.sealing import seal_once  # noqa: PLC0415

    try:
        sealed = seal_once(settings())
    except OlderThanItsHeads as found:
        return _fault(str(found))
    sys.stdout.write(f"{sealed} events sealed\n")
    return 0


def _check(asked: argparse.Namespace) -> int:
    from app.comparing import check_or_accept  # noqa: PLC0415

    return check_or_accept(asked, settings())


def _backup(asked: argparse.Namespace) -> int:
    from app.backups import backup  # noqa: PLC0415

    return backup(asked, settings())


def _restore(asked: argparse.Namespace) -> int:
    from app.backups import bring_back  # noqa: PLC0415

    return bring_back(asked, settings())


def _restored(asked: argparse.Namespace) -> int:
    from app.backups import restored  # noqa: PLC0415

    return restored(asked, settings())


def _verify(asked: argparse.Namespace) -> int:
    from app.safeguards.ledger.note import public_of  # noqa: PLC0415
    from app.safeguards.ledger.twice import second_of  # noqa: PLC0415
    from app.safeguards.ledger.verify import verify  # noqa: PLC0415
    from app.safeguards.ledger.witness import witness_of  # noqa: PLC0415

    trusted = public_of(asked.key)[1] if asked.key else None
    seen = Path(asked.seen).read_text("utf-8") if asked.seen else None
    second = second_of(Path(asked.second).read_text("utf-8")) if asked.second else None
    report = verify(Path(asked.file), trusted, seen, [witness_of(each) for each in asked.witness], second)
    sys.stdout.write("\n".join(report.lines(asked.language)) + "\n")
    return report.exit_code


def _request(asked: argparse.Namespace) -> int:
    from app.witnessing import ask  # noqa: PLC0415

    sys.stdout.write(ask(settings(), asked.since))
    return 0


def _cosign(asked: argparse.Namespace) -> int:
    from app.safeguards.ledger.note import Forged  # noqa: PLC0415
    from app.witnessing import bear_witness, key_of  # noqa: PLC0415

    try:
        signed = bear_witness(Path(asked.file).read_text("utf-8"), asked.key, Path(asked.folder), asked.name)
    except Forged as refused:
        return _fault(f"Not signed: {refused}.")
    sys.stdout.write(signed)
    key = key_of(Path(asked.folder), asked.name)
    sys.stderr.write(f"Your verifier key, for whoever relies on you: {key}\n")
    return 0


def _accept(asked: argparse.Namespace) -> int:
    from app.safeguards.ledger.note import Forged  # noqa: PLC0415
    from app.safeguards.ledger.seal import published  # noqa: PLC0415
    from app.safeguards.ledger.witness import witness_of  # noqa: PLC0415
    from app.witnessing import accept  # noqa: PLC0415

    given = settings()
    ledger, signed = published(given.checkpoints_at), Path(asked.file).read_text("utf-8")
    try:
        path = accept(signed, ledger, witness_of(asked.witness), given.checkpoints_at)
    except Forged as refused:
        return _fault(f"Not kept: {refused}.")
    sys.stdout.write(f"{path}\n")
    return 0


def _retain(_asked: argparse.Namespace) -> int:
    from app.sealing import retain_once  # noqa: PLC0415

    done = retain_once(settings())
    said = f"{done.erased} texts of old events erased, {done.declared} more declared for the next time"
    sys.stdout.write(said + "\n")
    return 0


def _profiles(asked: argparse.Namespace) -> int:
    from app.profiles.compare import comparison  # noqa: PLC0415
    from app.profiles.profile import codes, load  # noqa: PLC0415

    if asked.code is None:
        sys.stdout.write("\n".join(codes()) + "\n")
        return 0
    try:
        profile = load(asked.code, asked.version)
    except (LookupError, ValueError) as wrong:
        return _fault(str(wrong.args[0]) if wrong.args else str(wrong))
    sys.stdout.write("\n".join(comparison(profile, asked.language)) + "\n")
    return 0


def _docs(_asked: argparse.Namespace) -> int:
    from app.papers import write  # noqa: PLC0415

    sys.stdout.writelines(f"{path}\n" for path in write())
    return 0


def _fault(text: str) -> int:
    sys.stderr.write(text + "\n")
    return 2


Option = tuple[tuple[str, ...], dict[str, Any]]
HOST: Option = (("--host",), {"default": "127.0.0.1"})
LANGUAGE: Option = (("--language",), {"default": "en", "choices": ("en", "fr")})
PORT: Option = (("--port",), {"type": int, "default": 8000})
COMMANDS: tuple[tuple[str, str, Callable[[argparse.Namespace], int], tuple[Option, ...]], ...] = (
    ("run", "start everything here, with a demonstration unless a database is given", _run, (HOST, PORT)),
    ("serve", "serve a prepared installation", _serve, (HOST, PORT)),
    ("migrate", "prepare the roles and tables of the database", _migrate, ()),
    ("sweep", "deal with the clocks that are due", _sweep, ()),
    ("send", "send the messages that wait", _send, ()),
    ("invite-administrator", "print an invitation for the first administrator", _invite, ()),
    ("seal", "seal the ledger's new events into its tree", _seal, ()),
    (
        "check", "compare all that is kept with what the service wrote", _check,
        ((("--accept",), {"action": "store_true", "help": "answer for what is found: after an upgrade or a repair"}),),
    ),
    ("ledger retain", "erase what the oldest events said, as declared; their hashes stay", _retain, ()),
    (
        "backup", "write all but the wrapped keys into a new file, and what stands in it beside it", _backup,
        (
            (("folder",), {"type": Path, "help": "a folder of this backup's own, not that of the wrapped keys"}),
            (("--keep",), {"type": int, "default": 0, "help": "days that a backup is kept; without it, for ever"}),
        ),
    ),
    (
        "restore", "fill an empty database from a backup and compare it; the wrapped keys come after", _restore,
        ((("file",), {"type": Path, "help": "a file that backup wrote"}),),
    ),
    ("ledger restored", "say that an older backup was restored, so that sealing goes on", _restored, ()),
    (
        "ledger verify", "verify a downloaded ledger without the service", _verify,
        (
            (("file",), {"help": "the file"}),
            (("--key",), {"help": "the ledger's verifier key, as you were given it on another way"}),
            (("--seen",), {"help": "a checkpoint that you kept: the file must grow from it"}),
            (("--second",), {"help": "a file with the ledger's ML-DSA-44 key: a head must bear its signature"}),
            (("--witness",), {"action": "append", "default": [], "help": "a witness's key; they must have signed"}),
            LANGUAGE,
        ),
    ),
    (
        "ledger request", "print what a witness outside is asked with", _request,
        ((("--since",), {"type": int, "default": 0, "help": "how many events the witness signed last; 0 for never"}),),
    ),
    (
        "ledger cosign", "as a witness: sign a request, if the ledger only grew", _cosign,
        (
            (("file",), {"help": "the request"}),
            (("--key",), {"required": True, "help": "the ledger's verifier key, as you were given it"}),
            (("--folder",), {"required": True, "help": "where your own key and what you signed last are kept"}),
            (("--name",), {"required": True, "help": "your name, such as ombudsperson.example"}),
        ),
    ),
    (
        "ledger accept", "keep a checkpoint that a witness signed, in the second place", _accept,
        (
            (("file",), {"help": "what the witness sent back"}),
            (("--witness",), {"required": True, "help": "the witness's verifier key"}),
        ),
    ),
    (
        "profiles", "show what a national profile changes against the floor", _profiles,
        (
            (("code",), {"nargs": "?", "help": "such as fr; without it, all codes are listed"}),
            (("--version",), {"type": int, "help": "an earlier version, instead of the newest"}),
            LANGUAGE,
        ),
    ),
    ("docs", "write the documents that are generated", _docs, ()),
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main())
