import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.safeguards.canonical import Unwritable, canonical, packed

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
LEAF = st.none() | st.booleans() | st.integers(-(10**18), 10**18) | TEXT
VALUE = st.recursive(LEAF, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=12)


@given(VALUE)
def test_what_is_written_is_read_back_and_written_alike(value):
    text = canonical(value)
    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text


def test_order_of_keys_does_not_show():
    assert (
        canonical({"b": 1, "a": [True, None]})
        == '{"a":[true,null],"b":1}'
        == canonical({"a": [True, None], "b": 1})
    )


def test_text_stays_text():
    assert canonical("é\u202e\x00") == '"é\u202e\\u0000"'


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        {1: "a"},
        {None: 1},
        b"x",
        (1, 2),
        {"at": datetime(2026, 3, 2, tzinfo=UTC)},
        {1},
        "\ud800",
    ],
)
def test_what_has_no_single_form_is_refused(value):
    with pytest.raises(Unwritable):
        canonical({"field": value})


def test_bottomless_nesting_is_refused():
    value = []
    for _round in range(100_000):
        value = [value]
    with pytest.raises(Unwritable):
        canonical(value)


@given(st.lists(st.binary(max_size=5)), st.lists(st.binary(max_size=5)))
def test_packed_parts_cannot_be_cut_differently(one, other):
    assert (packed(*one) == packed(*other)) == (one == other)
