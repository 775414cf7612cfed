from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.safeguards.ledger.merkle import (
    EMPTY,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)

# The published test vectors of Certificate Transparency (RFC 6962): leaves, roots and proofs.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
HASHES = [leaf_hash(leaf) for leaf in LEAVES]
SIZES = range(40)


def tree(size):
    return [leaf_hash(bytes([number])) for number in range(size)]


def by_definition(hashes):
    """Section 2.1 of RFC 6962, word for word."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(by_definition(hashes[:split]), by_definition(hashes[split:]))


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size):
    assert root(HASHES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize("case", INCLUSION)
def test_published_inclusion_proofs(case):
    index, size = case
    assert [each.hex() for each in inclusion_proof(index, HASHES[:size])] == INCLUSION[case]


@pytest.mark.parametrize("case", CONSISTENCY)
def test_published_consistency_proofs(case):
    earlier, later = case
    assert [each.hex() for each in consistency_proof(earlier, HASHES[:later])] == CONSISTENCY[case]


@pytest.mark.parametrize("size", SIZES)
def test_the_root_is_the_one_of_the_definition(size):
    assert root(tree(size)) == by_definition(tree(size))


@pytest.mark.parametrize("size", SIZES)
def test_every_leaf_can_be_shown_and_no_other(size):
    hashes = tree(size)
    whole = root(hashes)
    for index in range(size):
        proof = inclusion_proof(index, hashes)
        assert verify_inclusion(index, size, hashes[index], proof, whole)
        assert len(proof) <= max(size - 1, 0).bit_length()
        for other in range(size):
            assert verify_inclusion(other, size, hashes[index], proof, whole) == (other == index)


@pytest.mark.parametrize("size", SIZES)
def test_every_earlier_tree_can_be_shown(size):
    hashes = tree(size)
    for earlier in range(size + 1):
        proof = consistency_proof(earlier, hashes)
        assert verify_consistency(earlier, size, root(hashes[:earlier]), root(hashes), proof)
        assert not verify_consistency(earlier, size, bytes(32), root(hashes), proof)
        assert not verify_consistency(
            earlier, size, root(hashes[:earlier]), root(hashes), [*proof, bytes(32)]
        )
        if proof:
            assert not verify_consistency(earlier, size, root(hashes[:earlier]), root(hashes), proof[:-1])
            assert not verify_consistency(earlier, size, root(hashes[:earlier]), bytes(32), proof)


@given(st.integers(1, 200), st.data())
@settings(max_examples=60)
def test_a_changed_history_is_never_consistent(size, data):
    earlier = data.draw(st.integers(1, size))
    changed = data.draw(st.integers(0, earlier - 1))
    hashes = [leaf_hash(number.to_bytes(2, "big")) for number in range(size)]
    forged = [*hashes[:changed], leaf_hash(b"forged"), *hashes[changed + 1 :]]
    proof = consistency_proof(earlier, forged)
    assert not verify_consistency(earlier, size, root(hashes[:earlier]), root(forged), proof)
    assert not verify_consistency(
        earlier, size, root(hashes[:earlier]), root(forged), consistency_proof(earlier, hashes)
    )


@given(st.integers(1, 200), st.data())
@settings(max_examples=60)
def test_every_changed_bit_of_a_proof_is_refused(size, data):
    hashes = [leaf_hash(number.to_bytes(2, "big")) for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, hashes)
    if proof:
        place, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
        changed = (int.from_bytes(proof[place], "big") ^ (1 << bit)).to_bytes(32, "big")
        forged = [*proof[:place], changed, *proof[place + 1 :]]
        assert not verify_inclusion(index, size, hashes[index], forged, root(hashes))
    assert not verify_inclusion(index, size, hashes[index], [*proof, bytes(32)], root(hashes))


def test_proofs_of_what_cannot_be_are_refused():
    hashes = tree(5)
    for index in (-1, 5):
        with pytest.raises(IndexError):
            inclusion_proof(index, hashes)
        assert not verify_inclusion(index, 5, hashes[0], [], root(hashes))
    for earlier in (-1, 6):
        with pytest.raises(IndexError):
            consistency_proof(earlier, hashes)
        assert not verify_consistency(earlier, 5, root(hashes), root(hashes), [])
    assert not verify_consistency(3, 5, root(hashes[:3]), root(hashes), [])
    assert verify_consistency(0, 5, EMPTY, root(hashes), [])
    assert not verify_consistency(0, 5, bytes(32), root(hashes), [])


def test_a_leaf_cannot_pass_for_a_node():
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70), st.integers(0, 70))
def test_the_frontier_grows_to_the_same_root_and_can_be_kept_midway(hashes, stop):
    frontier = Frontier()
    for each in hashes[:stop]:
        frontier.append(each)
    frontier = Frontier.load(frontier.dump())
    for each in hashes[stop:]:
        frontier.append(each)
    assert (frontier.size, frontier.root()) == (len(hashes), by_definition(hashes))
    assert len(frontier.nodes) == len(hashes).bit_count()


@pytest.mark.parametrize(
    "kept", [b"", bytes(7), bytes(9), bytes(40), b"\0" * 7 + b"\1", b"\0" * 7 + b"\1" + bytes(64)]
)
def test_a_damaged_frontier_is_refused(kept):
    with pytest.raises(ValueError, match="no frontier"):
        Frontier.load(kept)


def test_only_hashes_become_leaves():
    with pytest.raises(ValueError, match="32 bytes"):
        Frontier().append(b"event")
