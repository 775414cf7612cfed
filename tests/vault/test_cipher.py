import re
from importlib import resources

import pytest
from cryptography.exceptions import UnsupportedAlgorithm

from app.safeguards.vault import cipher
from app.safeguards.vault.cipher import Unreadable, decrypt, encrypt

FIELD = re.compile(r"^(?P<name>\w+) ?=[ \t]*(?P<value>\S*)", re.MULTILINE)


def known_answers():
    """Give the published vectors for 256-bit keys, RFC 8452 appendix C.2 and C.3 among them."""
    folder = resources.files("cryptography_vectors") / "ciphers" / "AES" / "GCM-SIV"
    text = (folder / "openssl.txt").read_text()
    for block in re.split(r"\n\s*\n", text):
        fields = {match["name"]: match["value"] for match in FIELD.finditer(block)}
        if len(fields.get("Key", "")) == 64:
            yield {name: bytes.fromhex(value) for name, value in fields.items() if name != "COUNT"}


ANSWERS = list(known_answers())


def test_there_are_known_answers():
    assert len(ANSWERS) > 20


@pytest.mark.parametrize("answer", ANSWERS, ids=range(len(ANSWERS)))
def test_known_answers(answer):
    key, nonce, bound = answer["Key"], answer["IV"], answer.get("AAD", b"")
    plain, sealed = answer.get("Plaintext", b""), answer.get("Ciphertext", b"") + answer["Tag"]
    assert encrypt(key, nonce, plain, bound) == sealed
    assert decrypt(key, nonce, sealed, bound) == plain
    with pytest.raises(Unreadable):
        decrypt(key, nonce, sealed, bound + b"\0")


def test_too_little_to_hold_a_tag_is_unreadable():
    with pytest.raises(Unreadable):
        decrypt(bytes(32), bytes(12), b"short", b"")


def test_a_library_without_the_cipher_stops_the_start_and_says_what_to_install(monkeypatch):
    def lacking(_key):
        raise UnsupportedAlgorithm("not in this OpenSSL")

    monkeypatch.setattr(cipher, "AESGCMSIV", lacking)
    with pytest.raises(RuntimeError, match="pip install"):
        cipher.prove()


def test_a_library_that_gives_wrong_answers_stops_the_start(monkeypatch):
    class Broken:
        def __init__(self, key):
            pass

        def encrypt(self, _nonce, plain, _bound):
            return plain + bytes(16)

    monkeypatch.setattr(cipher, "AESGCMSIV", Broken)
    with pytest.raises(RuntimeError, match="do not start"):
        cipher.prove()
