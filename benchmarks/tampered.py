"""Ways to tamper with the ledger for whoever owns its database; docs/threat-model.md names them in the same words.

Each is done at a place drawn by a generator. Who verifies has the ledger's public key and its last head, from the
second place; nothing else.
"""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from app.safeguards.ledger import export
from app.safeguards.ledger.export import Leaf
from app.safeguards.ledger.merkle import leaf_hash, root
from app.safeguards.ledger.note import checkpoint
from app.safeguards.ledger.verify import verify
from app.safeguards.ledger.withheld import Declaration, declare
from app.safeguards.vault.signing import Signer

OTHER = '{"act":"consult","at":"2026-03-02T09:00:00+00:00","purpose":"a lie %d"}'


@dataclass(frozen=True)
class Ledger:
    """What lies in the database, as far as verification goes; a stolen key is one that the attacker has."""

    origin: str
    public: bytes
    leaves: tuple[Leaf, ...]
    heads: tuple[str, ...]
    sizes: tuple[int, ...]
    stolen: Signer
    own: Signer

    def of(self, texts: list[str | None], heads: tuple[str, ...] | None = None) -> "Ledger":
        """Return it with other events, numbered anew, each with its right hash."""
        made = tuple((place, text, leaf_hash((text or "").encode())) for place, text in enumerate(texts))
        return replace(self, leaves=made, heads=self.heads if heads is None else heads)

    def texts(self) -> list[str | None]:
        """Return what the events say."""
        return [text for _place, text, _hash in self.leaves]

    def signed(self, texts: list[str | None], size: int, signer: Signer) -> str:
        """Return a head over the first of these events."""
        return checkpoint(
            self.origin, size, root([leaf_hash((each or "").encode()) for each in texts[:size]]), signer
        )

    def is_whole(self, seen: str) -> bool:
        """Verify it as an auditor does who kept a head."""
        lines = export.write(export.Header(self.origin, (self.public,)), self.leaves, self.heads)
        return verify(lines, self.public, seen).ok


Rng = random.Random
Attack = Callable[[Rng, Ledger], Ledger]


def _lie(rng: Rng) -> str:
    return OTHER % rng.randrange(10**9)


def _with(ledger: Ledger, place: int, text: str | None, hashed: bytes) -> Ledger:
    leaves = list(ledger.leaves)
    leaves[place] = (place, text, hashed)
    return replace(ledger, leaves=tuple(leaves))


def _changed(rng: Rng, ledger: Ledger) -> Ledger:
    place = rng.randrange(len(ledger.leaves))
    text = ledger.leaves[place][1] or ""
    at = rng.randrange(len(text))
    edited = text[:at] + ("x" if text[at] != "x" else "y") + text[at + 1 :]
    return _with(ledger, place, edited, ledger.leaves[place][2])


def _changed_with_hash(rng: Rng, ledger: Ledger) -> Ledger:
    lie = _lie(rng)
    return _with(ledger, rng.randrange(len(ledger.leaves)), lie, leaf_hash(lie.encode()))


def _hash_changed(rng: Rng, ledger: Ledger) -> Ledger:
    place = rng.randrange(len(ledger.leaves))
    return _with(ledger, place, ledger.leaves[place][1], rng.randbytes(32))


def _two(rng: Rng, ledger: Ledger) -> tuple[int, int]:
    first, second = rng.sample(range(len(ledger.leaves)), 2)
    return first, second


def _exchanged(rng: Rng, ledger: Ledger) -> Ledger:
    one, other = _two(rng, ledger)
    swapped = _with(ledger, one, ledger.leaves[other][1], ledger.leaves[one][2])
    return _with(swapped, other, ledger.leaves[one][1], ledger.leaves[other][2])


def _exchanged_whole(rng: Rng, ledger: Ledger) -> Ledger:
    one, other = _two(rng, ledger)
    swapped = _with(ledger, one, *ledger.leaves[other][1:])
    return _with(swapped, other, *ledger.leaves[one][1:])


def _reordered(rng: Rng, ledger: Ledger) -> Ledger:
    begin, end = sorted(_two(rng, ledger))
    texts = ledger.texts()
    return ledger.of([*texts[:begin], *texts[begin + 1 : end + 1], texts[begin], *texts[end + 1 :]])


def _deleted(rng: Rng, ledger: Ledger) -> Ledger:
    place = rng.randrange(len(ledger.leaves))
    return replace(ledger, leaves=ledger.leaves[:place] + ledger.leaves[place + 1 :])


def _deleted_and_moved(rng: Rng, ledger: Ledger) -> Ledger:
    texts = ledger.texts()
    del texts[rng.randrange(len(texts))]
    return ledger.of(texts)


def _run_deleted(rng: Rng, ledger: Ledger) -> Ledger:
    begin, end = sorted(_two(rng, ledger))
    texts = ledger.texts()
    return ledger.of(texts[:begin] + texts[end:])


def _put_in(rng: Rng, ledger: Ledger) -> Ledger:
    texts = ledger.texts()
    texts.insert(rng.randrange(len(texts)), _lie(rng))
    return ledger.of(texts)


def _doubled(rng: Rng, ledger: Ledger) -> Ledger:
    one, other = _two(rng, ledger)
    return _with(ledger, one, *ledger.leaves[other][1:])


def _text_deleted(rng: Rng, ledger: Ledger) -> Ledger:
    place = rng.randrange(len(ledger.leaves))
    return _with(ledger, place, None, ledger.leaves[place][2])


def _texts_deleted_and_declared(rng: Rng, ledger: Ledger) -> Ledger:
    """Declare it in an event that is sealed as any other; what is lacking is the key that must sign the declaration."""
    size = rng.randrange(1, ledger.sizes[-2])
    said = Declaration(size, root([each[2] for each in ledger.leaves[:size]]), "1990-01-01")
    event = json.dumps({"act": "erase", "declaration": declare(said, ledger.origin, ledger.own)})
    bare = tuple((place, None if place < size else text, hashed) for place, text, hashed in ledger.leaves)
    bare = (*bare, (len(bare), event, leaf_hash(event.encode())))
    hashes = root([each[2] for each in bare])
    return replace(
        ledger,
        leaves=bare,
        heads=(*ledger.heads, checkpoint(ledger.origin, len(bare), hashes, ledger.stolen)),
    )


def _cut_with_heads(rng: Rng, ledger: Ledger) -> Ledger:
    left = rng.randrange(1, len(ledger.sizes) - 1)
    return replace(ledger, leaves=ledger.leaves[: ledger.sizes[left - 1]], heads=ledger.heads[:left])


def _cut(rng: Rng, ledger: Ledger) -> Ledger:
    return replace(ledger, leaves=ledger.leaves[: rng.randrange(len(ledger.leaves))])


def _head_changed(rng: Rng, ledger: Ledger, made: Callable[[list[str]], None]) -> Ledger:
    heads = list(ledger.heads)
    place = rng.randrange(len(heads))
    lines = heads[place].split("\n")
    made(lines)
    heads[place] = "\n".join(lines)
    return replace(ledger, heads=tuple(heads))


def _head_of_another_size(rng: Rng, ledger: Ledger) -> Ledger:
    return _head_changed(
        rng, ledger, lambda lines: lines.__setitem__(1, str(int(lines[1]) + rng.randrange(1, 99)))
    )


def _head_of_another_root(rng: Rng, ledger: Ledger) -> Ledger:
    roots = [each.split("\n")[2] for each in ledger.heads]

    def change(lines: list[str]) -> None:
        lines[2] = rng.choice([each for each in roots if each != lines[2]])

    return _head_changed(rng, ledger, change)


def _head_with_anothers_signature(rng: Rng, ledger: Ledger) -> Ledger:
    signatures = [each.split("\n")[4] for each in ledger.heads]

    def change(lines: list[str]) -> None:
        lines[4] = rng.choice([each for each in signatures if each != lines[4]])

    return _head_changed(rng, ledger, change)


def _own_key(rng: Rng, ledger: Ledger) -> Ledger:
    texts = ledger.texts()
    texts[rng.randrange(len(texts))] = _lie(rng)
    return ledger.of(texts, tuple(ledger.signed(texts, size, ledger.own) for size in ledger.sizes))


def _no_heads(_rng: Rng, ledger: Ledger) -> Ledger:
    return replace(ledger, heads=())


def _rewritten(rng: Rng, ledger: Ledger) -> Ledger:
    texts = ledger.texts()
    place = rng.randrange(len(texts))
    texts[place] = _lie(rng)
    kept = tuple(head for head, size in zip(ledger.heads, ledger.sizes, strict=True) if size <= place)
    return ledger.of(
        texts, (*kept, *(ledger.signed(texts, size, ledger.stolen) for size in ledger.sizes[len(kept) :]))
    )


def _forked(rng: Rng, ledger: Ledger) -> Ledger:
    texts = ledger.texts()
    place = rng.randrange(len(texts))
    texts[place] = _lie(rng)
    first = next(number for number, size in enumerate(ledger.sizes) if size > place)
    heads = list(ledger.heads)
    heads.insert(first + 1, ledger.signed(texts, ledger.sizes[first], ledger.stolen))
    return replace(ledger, heads=tuple(heads))


ATTACKS: dict[str, Attack] = {
    "the text of an event is changed": _changed,
    "the text of an event is changed and its hash with it": _changed_with_hash,
    "the hash of an event is changed": _hash_changed,
    "the texts of two events are exchanged": _exchanged,
    "two events are exchanged with their hashes": _exchanged_whole,
    "events are put in another order": _reordered,
    "an event is deleted": _deleted,
    "an event is deleted and the later ones move up": _deleted_and_moved,
    "many events are deleted and the later ones move up": _run_deleted,
    "an event is put in": _put_in,
    "an event stands in the place of another": _doubled,
    "the text of an event is deleted": _text_deleted,
    "texts are deleted and declared without the ledger's key": _texts_deleted_and_declared,
    "the newest events are deleted with their heads": _cut_with_heads,
    "the newest events are deleted and the heads left": _cut,
    "a head is given another size": _head_of_another_size,
    "a head is given another root": _head_of_another_root,
    "a head is given the signature of another": _head_with_anothers_signature,
    "all is rewritten and signed with a key of one's own": _own_key,
    "all heads are deleted": _no_heads,
    "history is rewritten and signed with the stolen key": _rewritten,
    "two histories are signed with the stolen key": _forked,
}


def undetected(ledger: Ledger, tries: int, seed: int) -> tuple[int, list[str]]:
    """Attack so often, each way in turn; return how often it was tried and the ways that were not found."""
    rng, seen, names = random.Random(seed), ledger.heads[-1], list(ATTACKS)
    assert ledger.is_whole(seen)
    missed = []
    for number in range(tries):
        name = names[number % len(names)]
        if ATTACKS[name](rng, ledger).is_whole(seen):
            missed.append(name)
    return tries, missed
