"""A token proves that a form came from our own page, and from no other session."""

import pytest

from app.web.csrf import LENGTH, matches, token

SECRET = b"0123456789abcdef0123456789abcdef"


def test_a_token_matches_its_own_secret_only() -> None:
    made = token(SECRET)
    assert len(made) == LENGTH
    assert matches(SECRET, made)
    assert not matches(SECRET[::-1], made)


def test_no_two_tokens_are_alike() -> None:
    assert len({token(SECRET) for _number in range(100)}) == 100


@pytest.mark.parametrize(
    "given", ["", "x", "x" * LENGTH, "é" * LENGTH, "=" * LENGTH, "\x00" * LENGTH, "-" * LENGTH]
)
def test_nothing_else_matches(given: str) -> None:
    assert not matches(SECRET, given)


def test_no_changed_token_matches() -> None:
    made = token(SECRET)
    for place in range(LENGTH):
        changed = made[:place] + ("A" if made[place] != "A" else "B") + made[place + 1 :]
        assert not matches(SECRET, changed)
