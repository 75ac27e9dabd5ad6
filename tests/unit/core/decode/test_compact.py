"""Values in one line: short, bounded, honest about what is missing."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from typing import Any

import pytest

from zmqscope.core.decode.compact import (
    CUT,
    Verbatim,
    compact,
    compact_fields,
    compact_float,
    compact_line,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (-5, "-5"),
        (1.5, "1.5"),
        ("a\n“b”", '"a\\n“b”"'),
        (b"\x00\xff", "⟨00ff⟩"),
        (bytes(range(40)), "⟨000102030405060708090a0b…⟩"),
        ("x" * 100, '"' + "x" * 64 + '…"'),
        ([1, [2, {"a": None}]], "[1, [2, {a=null}]]"),
        ({"two words": 1, 5: 2, b"\x01": 3}, '{"two words"=1, 5=2, ⟨01⟩=3}'),
        ({}, "{}"),
        ([], "[]"),
        ([1, CUT], "[1, …]"),
        ({"a": 1, CUT: None}, "{a=1, …}"),
        (Verbatim("ext(4)"), "ext(4)"),
        (datetime(2024, 1, 2, tzinfo=UTC), "2024-01-02T00:00:00Z"),
        ({"a": list(range(20))}, "{a=[0, 1, 2, 3, 4, 5, 6, 7, …]}"),
        ([[[[[[1]]]]]], "[[[[[…]]]]]"),
    ],
)
def test_values_are_written_shortly(value: Any, text: str) -> None:
    assert compact(value) == text


def test_a_line_begins_with_what_it_is_and_ends_at_its_bound() -> None:
    assert compact_line("msgpack map(2)", {"a": 1, "b": "x"}) == 'msgpack map(2) a=1 b="x"'
    assert compact_fields([1, 2]) == "1, 2"
    for value in ({str(each): "x" * 50 for each in range(1000)}, list(range(10**6)), "x" * 1000):
        line = compact_line("msgpack", value, 100)
        assert len(line) <= 100
        assert line.endswith(("…", '…"'))


def test_a_float_of_32_bits_is_as_short_as_it_was() -> None:
    assert compact_float(struct.unpack("<f", struct.pack("<f", 0.1))[0]) == "0.1"
    assert compact_float(1700000000.123456) == "1700000000.123456"
    assert compact_float(float("nan")) == "nan"
    assert compact_float(1e300) == "1e+300"


def test_an_endless_integer_is_not_written_out() -> None:
    assert len(compact(1 << 100_000)) < 40
