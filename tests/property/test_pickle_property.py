"""Pickles are read without being loaded, and what is read is what loading would have given."""

from __future__ import annotations

import pickle
import pickletools
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.schema_rig import plain, survives, tree
from zmqscope.core.decode.formats.pickle.decoder import PICKLE
from zmqscope.core.decode.formats.pickle.ops import OpError, ops
from zmqscope.core.decode.payload import Payload

TEXT = st.text(max_size=8)
LEAVES = st.one_of(
    *(st.none(), st.booleans(), st.floats(allow_nan=False), TEXT, st.binary(max_size=300)),
    st.integers(-(1 << 80), 1 << 80),
    st.binary(min_size=300, max_size=400).map(lambda part: part * 20),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(TEXT, inner, max_size=4),
    ),
    max_leaves=12,
)
PROTOCOLS = st.integers(0, pickle.HIGHEST_PROTOCOL)


@given(VALUES, PROTOCOLS)
def test_plain_values_are_those_that_were_pickled(value: Any, protocol: int) -> None:
    data = pickle.dumps(value, protocol)
    assert plain(tree(PICKLE, data)) == _listed(value)


def _listed(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_listed(each) for each in value]
    if isinstance(value, dict):
        return {key: _listed(each) for key, each in value.items()}
    return value


@given(VALUES, PROTOCOLS)
def test_opcodes_are_the_standard_library_s(value: Any, protocol: int) -> None:
    data = pickle.dumps(value, protocol)
    known = [(info.name, at) for info, _, at in pickletools.genops(data)]
    assert [(op.name, op.start) for op in ops(data)] == known


@given(VALUES, PROTOCOLS, st.data())
def test_broken_pickles_are_read_as_far_as_they_go(
    value: Any, protocol: int, draw: st.DataObject
) -> None:
    data = bytearray(pickle.dumps(value, protocol))
    for _ in range(draw.draw(st.integers(0, 3))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    survives(PICKLE, bytes(data[: draw.draw(st.integers(1, len(data)))]))


@given(st.binary(max_size=60))
def test_random_bytes_are_read_or_refused(data: bytes) -> None:
    survives(PICKLE, data)
    try:
        read = list(ops(data))
    except OpError:
        return
    assert read[-1].stop <= len(data)


@given(st.lists(st.sampled_from([op.code for op in pickletools.opcodes]), max_size=30))
def test_any_opcodes_do_no_harm(codes: list[str]) -> None:
    """Opcodes in any order, with short arguments: nothing but sentences comes of it."""
    data = b"".join(code.encode("latin-1") + b"\x01\x00\x00\x00\n"[: _size(code)] for code in codes)
    survives(PICKLE, data + b".")


def _size(code: str) -> int:
    argument = next(op.arg for op in pickletools.opcodes if op.code == code)
    return 0 if argument is None else min(abs(argument.n), 5)


@given(VALUES, st.integers(2, pickle.HIGHEST_PROTOCOL))
def test_is_recognised(value: Any, protocol: int) -> None:
    data = pickle.dumps(value, protocol)
    assert PICKLE.sniff(Payload(data)) >= 0.75
    if len(data) > 512:
        assert PICKLE.sniff(Payload(data[:512], is_cut=True, size=len(data))) >= 0.75
