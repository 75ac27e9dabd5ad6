"""Beginnings of messages: whatever is cut off, what is shown is the beginning of what was sent."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import bson
import cbor2
import msgpack
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zmqscope.core.decode.compact import CUT, compact_line
from zmqscope.core.decode.formats.bson import beginning as bson_beginning
from zmqscope.core.decode.formats.cbor import beginning as cbor_beginning
from zmqscope.core.decode.formats.msgpack import beginning as msgpack_beginning
from zmqscope.core.decode.formats.pickle.decoder import PICKLE
from zmqscope.core.decode.formats.pickle.plain import MOST_OPS, read_plain
from zmqscope.core.decode.items.open_items import MOST_ITEMS
from zmqscope.core.decode.payload import NO_OPTIONS, Payload

KEYS = st.text("abcxyz_é", min_size=1, max_size=40)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=60)
    | st.binary(max_size=80)
)


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=6) | st.dictionaries(KEYS, inner, max_size=6)


VALUES = st.recursive(LEAVES, _containers, max_leaves=16)
MAPS = st.dictionaries(KEYS, VALUES, max_size=14)
ROOTS = MAPS | st.lists(VALUES, max_size=20)
MANY_ENDS = {"_": [], "a": {"_": [], "__": [], "___": {"_": None}, "____": {"_": [[], [], []]}}}
"""Fewer items than are passed over, though not with the bytes that end endless containers."""
LONGEST_HEAD = 5

Read = Callable[[bytes], Any]


def is_beginning(found: object, whole: object) -> bool:
    """Whether a value is another one as far as it goes, with a mark wherever it does not."""
    if found is CUT:
        return True
    if isinstance(found, dict) and isinstance(whole, dict):
        pairs = [(key, item) for key, item in found.items() if key is not CUT]
        first = list(whole.items())[: len(pairs)]
        is_marked = CUT in found or len(pairs) == len(whole)
        return is_marked and _are_beginnings(pairs, first)
    if isinstance(found, list | tuple) and isinstance(whole, list | tuple):
        items = [item for item in found if item is not CUT]
        is_marked = CUT in found or len(items) == len(whole)
        return is_marked and all(map(is_beginning, items, list(whole)[: len(items)]))
    return isinstance(found, type(whole)) and found == whole


def _are_beginnings(pairs: list[tuple[Any, Any]], first: list[tuple[Any, Any]]) -> bool:
    same_keys = [key for key, _ in pairs] == [key for key, _ in first]
    return same_keys and all(is_beginning(a[1], b[1]) for a, b in zip(pairs, first, strict=True))


def _count(value: object) -> int:
    """Items of a value, keys counted too."""
    if isinstance(value, dict):
        return 1 + len(value) + sum(map(_count, value.values()))
    if isinstance(value, list | tuple):
        return 1 + sum(map(_count, value))
    return 1


def _holds(read: Read, data: bytes, value: object, cut: int) -> None:
    found = read(data[:cut])
    if found is None:
        assert cut < LONGEST_HEAD
        return
    assert is_beginning(found, value), (found, value)
    assert len(compact_line("x", found)) <= 400
    if cut >= len(data) and _count(value) < MOST_ITEMS:
        assert found == value


@settings(deadline=None)
@given(value=ROOTS, share=st.floats(0, 1))
def test_msgpack(value: object, share: float) -> None:
    data = msgpack.packb(value)
    _holds(msgpack_beginning.read_beginning, data, value, round(share * len(data)))


@settings(deadline=None)
@given(value=ROOTS, share=st.floats(0, 1), is_endless=st.booleans())
@example(value=MANY_ENDS, share=1.0, is_endless=True)
def test_cbor(value: object, share: float, is_endless: bool) -> None:
    data = cbor2.dumps(value, indefinite_containers=is_endless)

    def read(part: bytes) -> Any:
        found = cbor_beginning.read_beginning(part, 0)
        return None if found is None else found[0]

    _holds(read, data, value, round(share * len(data)))


@settings(deadline=None)
@given(value=MAPS, share=st.floats(0, 1))
def test_bson(value: dict[str, Any], share: float) -> None:
    data = bson.encode(value)
    _holds(bson_beginning.read_beginning, data, value, round(share * len(data)))


@settings(deadline=None)
@given(value=ROOTS, share=st.floats(0, 1), protocol=st.integers(2, pickle.HIGHEST_PROTOCOL))
def test_pickle(value: object, share: float, protocol: int) -> None:
    data = pickle.dumps(value, protocol)
    whole = read_plain(data)
    # Protocol 2 knows no bytes, so it calls something.
    if whole is None:
        assert protocol == 2
        return
    if not whole.is_cut:
        assert whole.value == value
    part = read_plain(data[: round(share * len(data))])
    if part is not None and isinstance(part.value, dict | list):
        marked = {**part.value, CUT: CUT} if isinstance(part.value, dict) else [*part.value, CUT]
        assert _is_loose_beginning(marked, value)


def _is_loose_beginning(found: object, whole: object) -> bool:
    """The same where containers inside may be unfinished without a mark."""
    if isinstance(found, dict) and isinstance(whole, dict):
        return all(
            key is CUT or (key in whole and _is_loose_beginning(item, whole[key]))
            for key, item in found.items()
        )
    if isinstance(found, list | tuple) and isinstance(whole, list | tuple):
        items = [item for item in found if item is not CUT]
        return all(map(_is_loose_beginning, items, list(whole)[: len(items)]))
    return found == whole


@settings(deadline=None)
@given(data=st.binary(max_size=80))
def test_any_bytes_are_read_or_left_alone(data: bytes) -> None:
    msgpack_beginning.read_beginning(data)
    cbor_beginning.read_beginning(data, 0)
    bson_beginning.read_beginning(data)
    read_plain(b"\x80\x04" + data)


@pytest.mark.parametrize("value", [{"a": [1, (2, 3)], "b": {"c": None}}, [1.5, "x", b"y"], (), 7])
def test_a_plain_pickle_reads_as_the_machine_reads_it(value: object) -> None:
    data = pickle.dumps(value)
    assert len(data) < MOST_OPS * 4
    plain = PICKLE.preview(Payload(data), NO_OPTIONS)
    # What is popped at once changes nothing, but is not plain.
    by_machine = PICKLE.preview(Payload(data[:2] + b"N0" + data[2:]), NO_OPTIONS)
    assert plain == by_machine
