"""The Merkle tree of RFC 6962: what was once in it can neither change, go, nor change its place unseen."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

HASH = 32  # bytes
EMPTY = sha256(b"").digest()  # the root of a tree without leaves


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf."""
    return sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return sha256(b"\1" + left + right).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    frontier = Frontier()
    for each in hashes:
        frontier.append(each)
    return frontier.root()


def inclusion_proof(index: int, hashes: Sequence[bytes]) -> list[bytes]:
    """Return the path that shows that the leaf of that index is in the tree over all these leaf hashes."""
    if not 0 <= index < len(hashes):
        raise IndexError(f"no leaf {index} in a tree of {len(hashes)}")
    path: list[bytes] = []
    while len(hashes) > 1:
        split = _split(len(hashes))
        if index < split:
            path.append(root(hashes[split:]))
            hashes = hashes[:split]
        else:
            path.append(root(hashes[:split]))
            index, hashes = index - split, hashes[split:]
    return path[::-1]


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root_: bytes) -> bool:
    """Tell whether a leaf hash stands at that index of the tree of that size and root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for each in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(each, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, each)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root_


def consistency_proof(earlier: int, hashes: Sequence[bytes]) -> list[bytes]:
    """Return what shows that the tree of the first `earlier` leaves is the beginning of the whole tree."""
    if not 0 <= earlier <= len(hashes):
        raise IndexError(f"no tree of {earlier} within one of {len(hashes)}")
    path: list[bytes] = []
    whole = True  # the part of the old tree looked at is the whole old tree, whose root the verifier has
    while 0 < earlier < len(hashes):
        split = _split(len(hashes))
        if earlier <= split:
            path.append(root(hashes[split:]))
            hashes = hashes[:split]
        else:
            path.append(root(hashes[:split]))
            earlier, hashes, whole = earlier - split, hashes[split:], False
    if earlier and not whole:
        path.append(root(hashes))
    return path[::-1]


def verify_consistency(
    earlier: int, later: int, earlier_root: bytes, later_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Tell whether the later tree begins with the earlier one (RFC 9162, 2.1.4.2)."""
    if not 0 <= earlier <= later:
        return False
    if earlier in (0, later):
        begun = earlier_root == (EMPTY if earlier == 0 else later_root)
        return begun and not proof
    path = list(proof)
    if earlier & (earlier - 1) == 0:  # the earlier tree is complete, so its root is the first node
        path.insert(0, earlier_root)
    if not path:
        return False
    place, last = earlier - 1, later - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    return _climb(path, place, last, (earlier_root, later_root))


def _climb(path: list[bytes], place: int, last: int, roots: tuple[bytes, bytes]) -> bool:
    """Rebuild both roots from the first node upwards and compare."""
    old = new = path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(each, old), node_hash(each, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, each)
        place, last = place >> 1, last >> 1
    return last == 0 and (old, new) == roots


def _split(size: int) -> int:
    """Return the largest power of two below the size."""
    return 1 << (size - 1).bit_length() - 1


@dataclass
class Frontier:
    """The right edge of a growing tree: enough to add leaves and know the root without the tree."""

    size: int = 0
    nodes: tuple[bytes, ...] = ()  # roots of the complete subtrees, the largest first

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash."""
        if len(leaf) != HASH:
            raise ValueError(f"a leaf hash has {HASH} bytes, this one {len(leaf)}")
        nodes, rest = list(self.nodes), self.size
        while rest & 1:
            leaf = node_hash(nodes.pop(), leaf)
            rest >>= 1
        self.nodes, self.size = (*nodes, leaf), self.size + 1

    def root(self) -> bytes:
        """Return the root of the tree as it stands."""
        if not self.nodes:
            return EMPTY
        found = self.nodes[-1]
        for each in reversed(self.nodes[:-1]):
            found = node_hash(each, found)
        return found

    def dump(self) -> bytes:
        """Return the frontier as bytes, to be kept beside the checkpoint."""
        return self.size.to_bytes(8) + b"".join(self.nodes)

    @classmethod
    def load(cls, kept: bytes) -> Self:
        """Return the frontier that was kept; raises `ValueError` for bytes that are none."""
        size, rest = int.from_bytes(kept[:8]), kept[8:]
        if len(kept) < 8 or len(rest) != size.bit_count() * HASH:
            raise ValueError("these bytes are no frontier of a tree")
        return cls(size, tuple(rest[at : at + HASH] for at in range(0, len(rest), HASH)))
