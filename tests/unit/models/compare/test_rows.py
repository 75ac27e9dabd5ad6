"""What lines of a comparison say."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.compare_rig import changes
from zmqscope.core.decode.compare.bytes import compare_bytes
from zmqscope.core.decode.field_path import FieldPath
from zmqscope.models.compare.rows import (
    MAX_PATH_CHARS,
    CompareRow,
    change_row,
    from_where_they_differ,
    number_text,
    run_row,
)


def row(before: object, after: object) -> CompareRow:
    (change,) = changes(before, after)
    return change_row(change, 0, FieldPath(("json",), frame=3))


def test_fields() -> None:
    found = row({"imu": {"accel": [0.5]}}, {"imu": {"accel": [0.75]}})
    assert found.label == "imu.accel[0]"
    assert found.path == "frame3.json.imu.accel[0]"
    assert (found.before, found.after, found.difference) == ("0.5", "0.75", "+0.25")
    assert row({"a b": 1}, {"a b": 2}).label == '["a b"]'
    assert row(1, 2).label == "json"
    assert row([1], [1, {"x": 1}]).after == "object(1)"
    assert row("ab", "abcd").difference == "+2 chars"
    assert row({"a": 1}, {"a": "1"}).difference == "number → string"
    assert row({"a": 1}, {"a": 1.0}).difference == "int → float"
    assert row(b"\0", b"\0\0\0").difference == "+2 B"


def test_long_values_are_told_apart() -> None:
    same = "x" * 2_000_000
    found = row({"a": same + "one"}, {"a": same + "two"})
    assert (found.before, found.after) == ("…xxxxxxxxone", "…xxxxxxxxtwo")
    found = row({"a": same + "one"}, {"a": same})
    assert (found.before, found.after) == ("…xxxxxxxxone", "…xxxxxxxx")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal(3), "+3"),
        (Decimal("-0.00003"), "−0.00003"),
        (Decimal(1_000_000), "+1,000,000"),
        (Decimal("1e300"), "+1e+300"),
        (Decimal("1e-30"), "+1e-30"),
        (Decimal(0), "+0"),
        (Decimal("1.50"), "+1.5"),
        (0.25, "+0.25"),
    ],
)
def test_differences(value: Decimal | float, text: str) -> None:
    assert number_text(value) == text


def test_narrow_columns() -> None:
    assert from_where_they_differ("uptime: 3734", "uptime: 3735", 9) == ("…734", "…735")
    assert from_where_they_differ("abc", "abd", 9) == ("abc", "abd")
    assert from_where_they_differ("same" * 9, "same" * 9, 9)[0] == "same" * 9


def test_bytes() -> None:
    pair = b"abcdef", b"abXXcdef"
    run = compare_bytes(*pair).runs[1]
    found = run_row(run, 0, FieldPath(("bytes",)), pair)
    assert (found.label, found.path) == ("0x0002", "bytes[2:4]")
    assert (found.before, found.after, found.difference) == ("", "58 58", "+2 B")


def test_names_of_strangers_take_bounded_room() -> None:
    inner: object = {"x": 1}
    other: object = {"x": 2}
    for _ in range(30):
        inner, other = {"k" * 10_000: inner}, {"k" * 10_000: other}
    found = row(inner, other)
    assert found.label.endswith("x")
    assert len(found.label) <= MAX_PATH_CHARS + 10
    assert found.path == ""
    long = row({"k" * 1_000_000: 1}, {"k" * 1_000_000: 2})
    assert len(long.label) <= MAX_PATH_CHARS + 10
