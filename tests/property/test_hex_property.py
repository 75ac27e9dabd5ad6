"""Values, searches and copies of bytes against struct, NumPy, protobuf and plain words."""

from __future__ import annotations

import ast
import math
import struct
import uuid

import hypothesis.strategies as st
import numpy as np
import pytest
from google.protobuf.wrappers_pb2 import UInt64Value
from hypothesis import example, given, settings

from zmqscope.core.decode.field_path import SourceWords, parse_field_path
from zmqscope.core.decode.lookup import read_number
from zmqscope.models.format import one_line
from zmqscope.models.hex.byte_table import ByteColumn, ByteTableModel
from zmqscope.models.hex.byte_values import READ_BYTES, ByteRow, read_bytes
from zmqscope.models.hex.copy import CopyForm, copy_text
from zmqscope.models.hex.model import HexModel
from zmqscope.models.hex.offset import OffsetBase, OffsetError, parse_target
from zmqscope.models.hex.pattern import PATTERN_KINDS, Pattern, PatternError, parse_pattern
from zmqscope.models.hex.search import ByteSearch, Found, Way

PART = st.binary(min_size=READ_BYTES, max_size=READ_BYTES)
# Few different bytes: patterns stand in the data, overlap, and nearly stand there.
LETTERS = st.lists(st.sampled_from([0, 1, 0x41, 0x61]), max_size=60).map(bytes)
PATTERNS = st.lists(
    st.tuples(st.sampled_from([0, 1, 0x41, 0x61]), st.sampled_from([0, 0xF0, 0x0F, 0xDF, 0xFF])),
    min_size=1,
    max_size=5,
).filter(lambda pairs: any(mask for _value, mask in pairs))


def rows(part: bytes) -> dict[str, ByteRow]:
    return {row.name: row for row in read_bytes(part, 0)}


@settings(deadline=None)
@given(PART)
def test_integers_are_those_of_numpy(part: bytes) -> None:
    read = rows(part)
    for size in (2, 4, 8):
        for letter in "ui":
            row = read[f"{letter}{size * 8}"]
            assert row.little.text == str(np.frombuffer(part, f"<{letter}{size}", 1)[0])
            assert row.big is not None
            assert row.big.text == str(np.frombuffer(part, f">{letter}{size}", 1)[0])


@settings(deadline=None)
@given(PART)
@example(b"\x00\x7c" * 8)
@example(b"\xff\xff\x7f\x7f" * 4)
@example(b"\x01" + bytes(15))
def test_floats_read_back_as_the_same_bits(part: bytes) -> None:
    read = rows(part)
    for name, letter in (("f16", "e"), ("f32", "f"), ("f64", "d")):
        row = read[name]
        for value, sign in ((row.little, "<"), (row.big, ">")):
            assert value is not None
            number = struct.unpack_from(sign + letter, part)[0]
            shown = struct.unpack(letter, struct.pack(letter, float(value.text)))[0]
            assert shown == number or (math.isnan(shown) and math.isnan(number))


@settings(deadline=None)
@given(st.integers(1, 2**64 - 1))
@example(2**64 - 1)
def test_varints_are_those_of_protobuf(number: int) -> None:
    # The one field of this message: its tag, then the varint.
    part = UInt64Value(value=number).SerializeToString()[1:]
    read = rows(part)
    assert read["varint"].little.text == str(number)
    assert read["varint"].little.size == len(part)
    assert read["varint"].little.is_likely
    half = number // 2
    assert read["zigzag"].little.text == str(-half - 1 if number % 2 else half)


@settings(deadline=None)
@given(PART)
def test_a_varint_is_read_as_protobuf_reads_it(part: bytes) -> None:
    value = rows(part)["varint"].little
    if value.size and int(value.text) < 2**64:
        message = UInt64Value.FromString(b"\x08" + part[: value.size])
        assert value.text == str(message.value)
    if not value.size:
        assert all(byte >= 0x80 for byte in part[:10])


@settings(deadline=None)
@given(PART)
def test_ids_and_characters(part: bytes) -> None:
    read = rows(part)
    assert uuid.UUID(read["uuid"].little.text).bytes == part
    assert uuid.UUID(read["guid"].little.text).bytes_le == part
    char = read["utf-8"].little
    if char.size:
        assert f"U+{ord(part[: char.size].decode()):04X}" in char.text
        assert char.text.isprintable()


@settings(deadline=None)
@given(st.binary(max_size=40), st.integers(-3, 45))
def test_every_path_of_a_value_leads_to_it(data: bytes, offset: int) -> None:
    model = ByteTableModel()
    model.set_place(data, offset)
    words = SourceWords(frozenset({"json"}), frozenset({"zlib"}))
    for row in range(model.rowCount()):
        for column in (ByteColumn.LITTLE, ByteColumn.BIG):
            index = model.index(row, column)
            text = model.path(index)
            if not text:
                assert not model.value(index).size
                continue
            path = parse_field_path(text, words)
            assert path.span is not None
            assert path.span[1] <= len(data)
            if path.form:
                number = read_number(data[slice(*path.span)], path.form)
                assert float(model.value(index).text) == pytest.approx(
                    number, rel=1e-2, nan_ok=True
                )


def plain_hits(data: bytes, pattern: Pattern) -> list[int]:
    pairs = list(zip(pattern.values, pattern.masks, strict=True))
    return [
        at
        for at in range(len(data) - len(pairs) + 1)
        if all(data[at + i] & mask == value for i, (value, mask) in enumerate(pairs))
    ]


@settings(deadline=None)
@given(LETTERS, PATTERNS, st.integers(0, 70))
def test_a_search_finds_what_plain_words_find(
    data: bytes, pairs: list[tuple[int, int]], start: int
) -> None:
    pattern = Pattern(bytes(v & m for v, m in pairs), bytes(m for _v, m in pairs))
    search = ByteSearch(data, pattern, slice_bytes=7)
    hits = plain_hits(data, pattern)
    for way in Way:
        ahead = [hit for hit in hits if (hit >= start if way is Way.NEXT else hit < start)]
        ends = ahead or hits
        wanted = ends[0 if way is Way.NEXT else -1] if ends else None
        search.look(start, way)
        found: Found | None = None
        while found is None:
            found = search.look_on()
        assert found == (wanted, bool(hits) and not ahead)
    while search.count_on():
        pass
    assert search.count == len(hits)
    assert search.rank(start) == len([hit for hit in hits if hit < start])
    length = len(pattern)
    assert search.hits_in(start, start + 9) == [
        hit for hit in hits if hit < start + 9 and hit + length > start
    ]


@settings(deadline=None)
@given(st.text(max_size=30), st.sampled_from(PATTERN_KINDS))
def test_anything_typed_is_a_pattern_or_a_sentence(text: str, kind: str) -> None:
    try:
        pattern = parse_pattern(text, kind)
    except PatternError as error:
        problem = error.problem
    else:
        assert pattern is None or len(pattern.values) == len(pattern.masks) > 0
        return
    assert one_line(problem.text) == problem.text
    assert problem.hint


@settings(deadline=None)
@given(st.text(max_size=30), st.integers(0, 99), st.integers(0, 100))
def test_anything_typed_is_an_offset_or_a_sentence(text: str, caret: int, size: int) -> None:
    try:
        start, stop = parse_target(text, caret, size)
    except OffsetError as error:
        problem = error.problem
    else:
        assert 0 <= start < size
        assert start <= stop <= size
        return
    assert one_line(problem.text) == problem.text


@settings(deadline=None)
@given(st.binary(max_size=80))
def test_copies_read_back(data: bytes) -> None:
    assert ast.literal_eval(copy_text(data, CopyForm.PYTHON)) == data
    assert ast.literal_eval(f"b{copy_text(data, CopyForm.ESCAPED)}") == data
    assert bytes.fromhex(copy_text(data, CopyForm.HEX)) == data


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(1, 16), st.sampled_from(OffsetBase), st.data())
def test_a_dump_is_its_lines(
    data: bytes, per_line: int, base: OffsetBase, draw: st.DataObject
) -> None:
    model = HexModel(data, per_line, base, first=draw.draw(st.integers(0, 10**6)))
    start = draw.draw(st.integers(0, len(data)))
    stop = draw.draw(st.integers(start, len(data)))
    width = per_line * 3
    lines = [model.line(at) for at in range(start // per_line, -(-stop // per_line))]
    wanted = [f"{line.offset}  {line.digits:<{width}} {line.characters}" for line in lines]
    assert model.dump(start, stop) == "\n".join(wanted)
