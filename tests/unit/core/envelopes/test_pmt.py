"""Objects as GNU Radio's own library (libgnuradio-pmt 3.10.5) serialised them."""

from __future__ import annotations

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.decoder_checks import check_decoded
from tests.envelope_rig import fields
from zmqscope.core.decode.decoded import Decoded, DecodeError, Tree
from zmqscope.core.decode.lookup import children_of
from zmqscope.core.decode.node import NodeKind
from zmqscope.core.envelopes import pmt

REAL = {
    "true": "00",
    "false": "01",
    "nil": "06",
    "symbol": "02000568656c6c6f",
    "int": "03fffffff9",
    "int64": "0d0000010000000000",
    "uint64": "0b8000000000000000",
    "double": "044004000000000000",
    "complex": "053ff8000000000000c000000000000000",
    "pair": "0703000000010300000002",
    "list": "0703000000010702000162070606",
    "dict": "09070200046761696e030000001e090702000466726571044197d7840000000006",
    "vector": "08000000020200017802000178",
    "tuple": "0c000000030300000001000200017a",
    "u8": "0a00000000030100010203",
    "f32": "0a080000000201003f800000c0200000",
    "c32": "0a0a0000000201003f8000004000000040400000c0800000",
    "c64": "0a0b0000000101003ff00000000000004000000000000000",
    "s16": "0a030000000201000001fffe",
    "s8": "0a01000000020100ff02",
    "u16": "0a020000000201000001ffff",
    "u32": "0a0400000001010000000007",
    "s32": "0a05000000010100fffffff9",
    "u64": "0a060000000101000000000000000009",
    "s64": "0a07000000010100fffffffffffffff7",
    "f64": "0a090000000101003fe0000000000000",
    "pdu": "07060a00000000030100010203",
    "pdu_meta": "0709070200036c656e0300000003060a00000000030100010203",
    "strobe": "02000454455354",
    "emptyu8": "0a00000000000100",
    "emptydict": "06",
    "dictdict": "09070200016109070200046761696e030000001e090702000466726571044197d784000000000606",
}
WORDS = {
    **{"true": "true", "false": "false", "nil": "nil", "symbol": "hello", "int": "-7"},
    **{"int64": "1099511627776", "uint64": "9223372036854775808", "double": "2.5"},
    **{"complex": "1.5-2j", "pair": "(1 . 2)", "list": "(1 b nil)", "vector": "[x x]"},
    **{"dict": "{gain=30 freq=100000000}", "tuple": "[1 true z]", "u8": "3 bytes"},
    **{"f32": "f32 × 2", "pdu": "(nil . 3 bytes)", "pdu_meta": "({len=3} . 3 bytes)"},
    "dictdict": "{a={gain=30 freq=100000000}}",
}
NUMBERS = {
    **{"s16": [1, -2], "s8": [-1, 2], "u16": [1, 65_535], "u32": [7], "s32": [-7]},
    **{"u64": [9], "s64": [-9], "f64": [0.5], "f32": [1.0, -2.5]},
}


def real(name: str) -> bytes:
    return bytes.fromhex(REAL[name])


@pytest.mark.parametrize("name", REAL)
def test_real_objects_are_read_to_their_last_byte(name: str) -> None:
    data = real(name)
    assert pmt.end_of(data, 0) == len(data)
    root = pmt.node(data, 0)
    assert root.step is None
    assert root.span is not None
    assert root.span.stop == len(data)
    check_decoded("pmt", Decoded((Tree(root),)), len(data))
    for end in range(len(data)):
        with pytest.raises(DecodeError):
            pmt.end_of(data[:end], 0)


@pytest.mark.parametrize(("name", "words"), WORDS.items())
def test_in_one_line(name: str, words: str) -> None:
    assert pmt.text_of(real(name), 0) == words


@pytest.mark.parametrize(("name", "numbers"), NUMBERS.items())
def test_vectors_of_numbers(name: str, numbers: list[float]) -> None:
    root = pmt.node(real(name), 0)
    assert [child.value for child in children_of(root)] == numbers
    assert root.count == len(numbers)


def test_fields() -> None:
    found = fields(Decoded((Tree(pmt.node(real("dict"), 0)),)))
    assert found["gain"].value == 30
    assert found["freq"].value == 1e8
    nested = fields(Decoded((Tree(pmt.node(real("dictdict"), 0)),)))
    assert nested["a.gain"].value == 30
    listed = fields(Decoded((Tree(pmt.node(real("list"), 0)),)))
    assert [listed["[0]"].value, listed["[1]"].value, listed["[2]"].kind] == [1, "b", NodeKind.NULL]
    pair = fields(Decoded((Tree(pmt.node(real("pdu_meta"), 0)),)))
    assert pair["car.len"].value == 3
    assert pair["cdr"].value == b"\1\2\3"


def nested(depth: int) -> bytes:
    """A vector in a vector in a vector …"""
    return b"\x08\0\0\0\1" * depth + b"\6"


def test_deep_objects_neither_recurse_nor_go_on_for_ever() -> None:
    data = nested(50_000)
    assert pmt.end_of(data, 0) == len(data)
    at = pmt.node(data, 0)
    for _ in range(pmt.MOST_DEPTH):
        (at,) = children_of(at)
    assert at.kind is NodeKind.ERROR
    assert pmt.text_of(data, 0) == "[[[1 item]]]"
    with pytest.raises(DecodeError, match="More than"):
        pmt.end_of(nested(200_000), 0)
    chain = b"\7" * 40_000 + b"\6" * 40_001
    assert pmt.text_of(chain, 0).startswith("(")


def test_counts_that_lie_take_no_memory() -> None:
    for head in (b"\x08\xff\xff\xff\xff", b"\x0c\xff\xff\xff\xff", b"\x0a\x09\xff\xff\xff\xff\1\0"):
        with pytest.raises(DecodeError):
            pmt.end_of(head + b"\6" * 100, 0)


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    pmt.text_of(data, 0)
    try:
        root = pmt.node(data, 0)
    except DecodeError:
        return
    check_decoded("pmt", Decoded((Tree(root),)), len(data))


@given(st.floats())
def test_doubles(value: float) -> None:
    import struct

    found = pmt.node(b"\4" + struct.pack(">d", value), 0).value
    assert isinstance(found, float)
    assert found == value or math.isnan(value)


def test_numbers_keep_their_digits() -> None:
    whole = b"\x0a\x04" + (2).to_bytes(4) + b"\1\0" + b"".join(n.to_bytes(4) for n in (1234567, 7))
    node = pmt.node(whole, 0)
    assert node.text == "1234567 7"
    real = b"\x0a\x08" + (1).to_bytes(4) + b"\1\0" + bytes.fromhex("3dcccccd")
    assert [child.text for child in children_of(pmt.node(real, 0))] == ["0.1"]
    first = pmt.node(b"\x05" + struct.pack(">dd", 1.23456789, -2e-9), 0)
    assert first.text == "1.23456789-2e-09j"
