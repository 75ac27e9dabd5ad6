"""What bytes may mean."""

from __future__ import annotations

import struct
import uuid
from datetime import UTC, datetime

import pytest

from zmqscope.models.hex.byte_values import NOTHING, ByteRow, ByteValue, read_bytes

SECONDS = int(datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC).timestamp())
TEXT = "2023-11-14 22:13:20Z"


def row(data: bytes, name: str, offset: int = 0) -> ByteRow:
    return next(one for one in read_bytes(data, offset) if one.name == name)


def big(data: bytes, name: str) -> ByteValue:
    value = row(data, name).big
    assert value is not None
    return value


def test_the_rows_are_always_the_same() -> None:
    names = [one.name for one in read_bytes(b"", 0)]
    splits = [one.big is None for one in read_bytes(b"", 0)]
    assert len(set(names)) == len(names)
    for data in (b"\0", b"\xff" * 3, bytes(range(16)), b"a" * 99):
        rows = read_bytes(data, 0)
        assert [one.name for one in rows] == names
        assert [one.big is None for one in rows] == splits


def test_too_few_bytes_are_nothing() -> None:
    for one in read_bytes(b"", 0):
        assert one.little == NOTHING
        assert one.big in (None, NOTHING)
    assert row(b"\1", "u16").little == NOTHING
    assert row(b"\1\2", "u16", offset=1).little == NOTHING
    assert row(b"\1\2", "u8", offset=9).little == NOTHING


def test_integers_of_the_wrong_order_are_unlikely() -> None:
    value = row(b"\x05\0\0\0", "u32")
    assert (value.little.text, value.little.is_likely, value.little.form) == ("5", True, "u32le")
    assert big(b"\x05\0\0\0", "u32").text == str(5 << 24)
    assert not big(b"\x05\0\0\0", "u32").is_likely
    assert row(b"\xff\xff", "i16").little.text == "-1"


def test_floats_are_as_short_as_they_can_be() -> None:
    assert row(struct.pack("<f", 1.1), "f32").little.text == "1.1"
    assert big(struct.pack(">d", 1.08409), "f64").text == "1.08409"
    assert row(struct.pack("<e", 0.1), "f16").little.text == "0.1"
    assert row(struct.pack("<f", 3.4028234663852886e38), "f32").little.text == "3.4028235e+38"
    assert row(struct.pack("<e", 65504.0), "f16").little.text == "65504.0"
    assert not row(struct.pack("<d", float("nan")), "f64").little.is_likely
    assert not row(struct.pack("<d", 1e-300), "f64").little.is_likely
    assert row(bytes(8), "f64").little.is_likely


def test_varints() -> None:
    assert row(b"\xac\x02", "varint").little == ByteValue("300", 2)
    assert row(b"\x03", "zigzag").little.text == "-2"
    assert row(b"\x7f", "sleb").little.text == "-1"
    assert not row(b"\x80\x00", "varint").little.is_likely
    assert row(b"\x80" * 10, "varint").little == NOTHING


@pytest.mark.parametrize(
    ("name", "count", "full"),
    [
        ("unix 64", SECONDS, TEXT),
        ("unix ms", SECONDS * 1000 + 123, "2023-11-14 22:13:20.123Z"),
        ("unix µs", SECONDS * 10**6 + 5, "2023-11-14 22:13:20.000005Z"),
        ("unix ns", SECONDS * 10**9 + 7, "2023-11-14 22:13:20.000000007Z"),
        ("ntp", SECONDS + 2_208_988_800 << 32 | 1 << 31, "2023-11-14 22:13:20.500000000Z"),
        ("filetime", (SECONDS + 11_644_473_600) * 10**7 + 1, "2023-11-14 22:13:20.0000001Z"),
    ],
)
def test_times(name: str, count: int, full: str) -> None:
    values = row(count.to_bytes(8, "little"), name).little, big(count.to_bytes(8, "big"), name)
    for value in values:
        assert (value.text, value.full, value.is_likely) == (TEXT, full, True)


def test_short_times() -> None:
    assert row(SECONDS.to_bytes(4, "little"), "unix s").little.text == TEXT
    dos = (2023 - 1980) << 25 | 11 << 21 | 14 << 16 | 22 << 11 | 13 << 5 | 10
    assert row(dos.to_bytes(4, "little"), "dos").little.text == "2023-11-14 22:13:20"
    assert row(bytes(4), "dos").little == NOTHING
    assert row(b"\xff" * 7 + b"\x7f", "unix 64").little == NOTHING
    assert not row(bytes(4), "unix s").little.is_likely


def test_addresses_and_ids() -> None:
    assert big(b"\x7f\0\0\1", "ipv4") == ByteValue("127.0.0.1", 4)
    assert row(b"\1\0\0\x7f", "ipv4").little.text == "127.0.0.1"
    value = uuid.UUID("c232ab00-9414-11ec-b3c8-9f6bdeced846")
    assert row(value.bytes, "uuid").little.text == str(value)
    assert row(value.bytes_le, "guid").little.text == str(value)
    assert row(value.bytes, "uuid").little.is_likely
    assert not row(bytes(16), "uuid").little.is_likely


def test_characters_are_harmless() -> None:
    assert row("ů!".encode(), "utf-8").little == ByteValue("ů  U+016F", 2)
    assert row("😀".encode(), "utf-8").little.size == 4
    assert row("\u202e".encode(), "utf-8").little.text == "U+202E"
    assert row("\ue000".encode(), "utf-8").little.text == "U+E000"  # of private use: no shape
    assert row(b"\x1b[", "utf-8").little.text == "␛  U+001B"
    assert row(b"\xff", "utf-8").little == NOTHING
    assert row("ů".encode()[:1], "utf-8").little == NOTHING
    assert row(b"\xa5", "bits").little.text == "1010 0101"
