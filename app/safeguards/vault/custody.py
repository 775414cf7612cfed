"""Custody of the key file: a sealed copy that any k of n people can open together, and fewer cannot.

The copy is sealed with HPKE (RFC 9180) to a key whose seed exists only as words of SLIP-39 in the custodians' hands.
Because sealing needs the public half alone, the copy is renewed at each rotation without calling them together.
"""

import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics

from app.safeguards.canonical import canonical
from app.safeguards.vault.cipher import KEY
from app.safeguards.vault.keyfile import WHAT, Keys
from app.safeguards.vault.private import SecretFileFault, create_private, read_private, replace_private

FORMAT = "nrm-custody-1"
COPY = "custody copy of the keys"
MOST = 16  # shares that SLIP-39 can number
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class CustodyFault(Exception):
    """Shares or a copy that do not do; says which, and never quotes one."""


def copy_of(key_file: Path) -> Path:
    """Return where the sealed copy of a key file lies."""
    return key_file.with_name(f"{key_file.name}.custody")


def split(key_file: Path, threshold: int, shares: int) -> list[str]:
    """Seal a copy of the key file to a fresh secret, and return that secret as the words of each custodian."""
    if not 2 <= threshold <= shares <= MOST:
        raise CustodyFault(f"at least 2 of at most {MOST} people; {threshold} of {shares} does not do")
    seed = secrets.token_bytes(KEY)
    public = X25519PrivateKey.from_private_bytes(seed).public_key()
    words: list[str] = generate_mnemonics(1, [(threshold, shares)], seed)[0]
    for some in (words[:threshold], words[-threshold:]):
        if combine_mnemonics(some) != seed:
            raise CustodyFault("the shares do not give the secret back: nothing was written")
    _write(key_file, public)
    return words


def renew(key_file: Path) -> bool:
    """Seal the copy anew to the same custodians after the key file changed; tell whether there is one."""
    path = copy_of(key_file)
    if not path.exists():
        return False
    public, _sealed = _parsed(path)
    _write(key_file, public)
    return True


def typed(copy: Path, into: Path, ask: Callable[[str], str], say: Callable[[str], object]) -> list[str]:
    """Ask one custodian after the other until there are enough; who slips is told at once, and types again.

    An empty line, or the end of what is typed, ends it sooner. What would stop it afterwards stops it before.
    """
    _parsed(copy)
    if into.exists():
        raise SecretFileFault(f"{into}: there is a {WHAT} already; move it away first.")
    known: list[Share] = []
    while not known or len(known) < known[0].member_threshold:
        try:
            words = ask(f"Words of share {len(known) + 1} (nothing is shown; empty line: no more): ")
            if not words.strip():
                break
            known.append(_share(words, known))
        except EOFError:
            break
        except (MnemonicError, CustodyFault) as failure:
            say(f"Not taken: {_masked(failure).rstrip('.')}. The same person again, please.")
    return [each.mnemonic() for each in known]


def _share(words: str, before: Sequence[Share]) -> Share:
    share: Share = Share.from_mnemonic(_plain(words))
    for other in before:
        if share.group_parameters() != other.group_parameters():
            raise CustodyFault("it is of another split than the first one")
        if share.index == other.index:
            raise CustodyFault("this share was typed already")
    return share


def _plain(words: str) -> str:
    return " ".join(words.lower().split())


def rebuild(copy: Path, words: Sequence[str], into: Path) -> None:
    """Write the key file that the custodians' words open; one that exists is never overwritten."""
    _public, sealed = _parsed(copy)
    try:
        seed = combine_mnemonics([_plain(each) for each in words])
        content = SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(seed), FORMAT.encode())
    except MnemonicError as failure:
        raise CustodyFault(f"these shares do not do: {_masked(failure)}") from None
    except (InvalidTag, ValueError):
        raise CustodyFault("these shares belong together, but not to this copy") from None
    Keys.parse(content, copy)
    create_private(into, content, WHAT)


def _write(key_file: Path, public: X25519PublicKey) -> None:
    sealed = SUITE.encrypt(read_private(key_file, WHAT), public, FORMAT.encode())
    said = {
        "format": FORMAT, "public": b64encode(public.public_bytes_raw()).decode(), "sealed": b64encode(sealed).decode()
    }  # fmt: skip
    replace_private(copy_of(key_file), canonical(said).encode() + b"\n", COPY)


def _parsed(path: Path) -> tuple[X25519PublicKey, bytes]:
    try:
        said = json.loads(read_private(path, COPY))
        public = X25519PublicKey.from_public_bytes(b64decode(said["public"], validate=True))
        sealed = b64decode(said["sealed"], validate=True)
        sound = said["format"] == FORMAT
    except (ValueError, KeyError, TypeError):
        sound = False
    if not sound:
        raise CustodyFault(f"{path}: the {COPY} is damaged")
    return public, sealed


def _masked(failure: Exception) -> str:
    """Return what is wrong with shares without a word of their secret; the first three only name their set."""
    said = str(failure)
    return said if not said.startswith("Invalid mnemonic word") else "a word that is in no list"
