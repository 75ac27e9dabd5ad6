"""Values of which only the beginning is here, held to what the library makes of the whole."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zmqscope.core.envelopes.msgpack_head import MOST_BYTES, HeadEndError, MsgpackHead

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.text(max_size=20)
    | st.binary(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=8), VALUES, max_size=6), VALUES)
def test_what_is_whole_is_read_whole(value: dict[str, object], behind: object) -> None:
    head = MsgpackHead(bytes(msgpack.packb(value)) + bytes(msgpack.packb(behind)))
    assert head.has_map()
    if value:
        assert head.fields() == value
        assert not head.is_cut
        assert head.value() == behind


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=8), VALUES, min_size=1, max_size=6), st.data())
def test_what_is_cut_is_read_as_far_as_it_is_here(
    value: dict[str, object], data: st.DataObject
) -> None:
    packed = bytes(msgpack.packb(value))
    head = MsgpackHead(packed[: data.draw(st.integers(0, len(packed) - 1))])
    try:
        found = head.fields()
    except HeadEndError:
        return
    assert head.is_cut
    assert list(found) == list(value)[: len(found)]
    for key in list(found)[:-1]:
        assert found[key] == value[str(key)]


def test_it_goes_into_containers() -> None:
    head = MsgpackHead(bytes(msgpack.packb([1, [2, 3], {"a": 4}, "x"])))
    assert not head.has_map()
    assert head.array() == 4
    assert head.value() == 1
    head.skip()
    assert head.has_map()
    assert (head.map(), head.value(), head.value(), head.value()) == (1, "a", 4, "x")
    for call in (head.value, head.array, head.map, head.fields, head.skip):
        with pytest.raises(HeadEndError):
            call()


def test_older_programs_have_bytes_for_keys() -> None:
    assert MsgpackHead(bytes(msgpack.packb({b"enc": 1}))).fields() == {"enc": 1}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        b"\xdd\xff\xff\xff\xff",
        b"\xdf\xff\xff\xff\xff",
        b"\xdb\xff\xff\xff\xff",
        b"\xc6\xff\xff\xff\xff",
        b"\xc9\xff\xff\xff\xff\x01",
        b"\xdc\x01\x00" * 2_000,
        b"\xdd\x00\x00\x03\xe8" * 2_000,
        b"\x91" * 100_000,
        b"\x81\x91\x01\x02",
        b"\x81\x81\x01\x02\x03",
        b"\xa2\xff\xfe",
        b"\xd6\xff\xff\xff\xff\xff",
        b"\xc7\x0c\xff" + b"\xff" * 12,
    ],
)
@pytest.mark.parametrize(
    "call",
    [MsgpackHead.value, MsgpackHead.array, MsgpackHead.map, MsgpackHead.fields, MsgpackHead.skip],
)
def test_nothing_makes_it_raise_anything_else(
    data: bytes, call: Callable[[MsgpackHead], object]
) -> None:
    tracemalloc.start()
    try:
        head = MsgpackHead(data)
        for _ in range(3):
            try:
                call(head)
            except HeadEndError:
                break
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


def test_more_elements_than_bytes_are_none() -> None:
    for data in (b"\xdd\x00\x00\x00\x09\x01", b"\xdf\x00\x00\x00\x09\x01"):
        array = data[0] == 0xDD
        cut = MsgpackHead(data, 900)
        assert (cut.array() if array else cut.map()) == 9
        with pytest.raises(HeadEndError):
            MsgpackHead(data, 8).array() if array else MsgpackHead(data, 8).map()


def test_no_more_is_looked_at_than_a_line_needs() -> None:
    head = MsgpackHead(bytes(msgpack.packb(["a", "x" * 5_000])))
    assert (head.array(), head.value()) == (2, "a")
    with pytest.raises(HeadEndError):
        head.value()
    assert MOST_BYTES < 5_000
