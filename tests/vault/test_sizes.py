"""What the sizes of sealed parts tell over 20,000 cases: a handful of classes, and none of them anybody's own."""

import random
from collections import Counter
from uuid import UUID

from app.safeguards.canonical import canonical
from app.safeguards.fields import questions
from app.safeguards.vault.envelope import FORMS, TAG, Context, seal, size_class
from app.safeguards.words import Category
from app.tracks.intake.referral_form import SubmitReferral

CASES = 20_000
TEXT = "She was told that it is a hotel. Ей сказали, что это гостиница. قيل لها إنه فندق. " * 40
BYTES = [len(TEXT[:length].encode()) for length in range(len(TEXT) + 1)]
FIELDS: dict[str, list[str]] = {}
for _name, _about in questions(SubmitReferral).items():
    FIELDS.setdefault(_about.category.value, []).append(_name)


def lengths(chance: random.Random, names: list[str]) -> dict[str, int]:
    """Which questions are answered, and at what length: most shortly, a few with a page or two."""
    answered = chance.sample(names, chance.randint(1, len(names)))
    return {name: min(int(chance.lognormvariate(3.0, 1.6)), len(TEXT)) for name in answered}


def test_sizes_of_parts_over_twenty_thousand_cases(record_property):
    chance, sizes = random.Random(20), Counter()
    assert set(FIELDS) <= {each.value for each in Category}
    for _case in range(CASES):
        for names in FIELDS.values():
            answers = lengths(chance, names)
            text = 1 + sum(len(name) + BYTES[length] + 6 for name, length in answers.items())
            sizes[FORMS[1].opening + size_class(text) + TAG] += 1
    unique = [size for size, number in sizes.items() if number == 1]
    assert len(sizes) <= 8
    assert not unique
    rarest = min(sizes.values())
    record_property(
        "G4",
        f"{len(sizes)} classes, {len(unique)} unique; the rarest holds {rarest} of {sizes.total()} parts",
    )


def test_the_sizes_counted_are_those_of_real_envelopes():
    chance = random.Random(4)
    for number in range(60):
        answers = lengths(chance, chance.choice(list(FIELDS.values())))
        fields = {name: TEXT[:length] for name, length in answers.items()}
        text = 1 + sum(len(name) + BYTES[length] + 6 for name, length in answers.items())
        assert text == len(canonical(fields).encode())
        where = Context(UUID(int=1), "HEA", UUID(int=2), number, UUID(int=3))
        assert len(seal(bytes(32), fields, where)) == FORMS[1].opening + size_class(text) + TAG
