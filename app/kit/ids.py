"""Identifiers: random, so that none tells when or in which order a record was made."""

import secrets
from uuid import UUID, uuid4

# Letters and digits that cannot be taken for one another when read aloud over a telephone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id() -> UUID:
    """Return a random identifier."""
    return uuid4()


def reference() -> str:
    """Return a random reference that a person can read aloud, such as `K7MT-4QXD`."""
    text = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{text[:4]}-{text[4:]}"
