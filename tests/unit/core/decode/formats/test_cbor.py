"""CBOR: fields and spans, tags, endless and broken items, what is guessed."""

from __future__ import annotations

import random
import struct
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import cbor2
import pytest

from tests.tree_rig import check_bounded, check_spans, field, labels, last_error, read, tree
from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.formats.cbor.decoder import CBOR
from zmqscope.core.decode.lookup import children_of
from zmqscope.core.decode.node import NodeKind
from zmqscope.core.decode.payload import NO_OPTIONS, Payload

MESSAGE = {"book": "FX-1", "net": -250000, "px": 1.25, "ok": True, "none": None, 5: b"x", "l": [1]}


def test_fields_have_types_in_its_own_words_and_their_bytes() -> None:
    root = tree(CBOR, cbor2.dumps(MESSAGE))
    types = [child.type for child in children_of(root)]
    assert types == ["tstr", "nint", "float64", "bool", "null", "bstr", "array"]
    assert labels(root)[5] == "5"
    check_spans(root)


@pytest.mark.parametrize(
    ("value", "kind", "type_", "text"),
    [
        (datetime(2024, 1, 1, tzinfo=UTC), NodeKind.TIME, "date and time", "2024-01-01T00:00:00Z"),
        (cbor2.CBORTag(1, 1700000000), NodeKind.TIME, "epoch time", "2023-11-14T22:13:20Z"),
        (cbor2.CBORTag(1, 1.5), NodeKind.TIME, "epoch time", "1970-01-01T00:00:01.500Z"),
        (date(2024, 2, 3), NodeKind.TIME, "date", "2024-02-03"),
        (2**70, NodeKind.NUMBER, "bignum", str(2**70)),
        (-(2**70), NodeKind.NUMBER, "negative bignum", str(-(2**70))),
        (Decimal("1.50"), NodeKind.NUMBER, "decimal fraction", "1.50"),
        (cbor2.CBORTag(5, [-1, 3]), NodeKind.NUMBER, "bigfloat", "1.5"),
        (Fraction(1, 3), NodeKind.NUMBER, "rational number", "1/3"),
        (UUID(int=1), NodeKind.OTHER, "UUID", str(UUID(int=1))),
        (cbor2.CBORTag(32, "http://a"), NodeKind.STRING, "URI", "http://a"),
        (cbor2.CBORTag(35, "(((a+"), NodeKind.STRING, "regular expression", "(((a+"),
        (cbor2.CBORTag(24, b"\x01"), NodeKind.BYTES, "encoded CBOR", "01"),
    ],
)
def test_tags_say_what_an_item_is(value: object, kind: NodeKind, type_: str, text: str) -> None:
    node = tree(CBOR, cbor2.dumps(value, date_as_datetime=False))
    assert (node.kind, node.text) == (kind, text)
    assert node.type.endswith(f"({type_})")
    assert node.children is None


def test_tags_around_containers_are_no_step_on_the_way() -> None:
    root = tree(CBOR, cbor2.dumps(cbor2.CBORTag(55799, {"a": cbor2.CBORTag(99, [1])})))
    assert root.type == "tag 55799 map"
    assert field(root, "a").type == "tag 99 array"
    assert field(root, "a", "[0]").value == 1


def test_tags_that_do_not_fit_are_told() -> None:
    node = tree(CBOR, cbor2.dumps(cbor2.CBORTag(1, "soon")))
    assert (node.kind, node.value) == (NodeKind.STRING, "soon")
    assert node.note == "Tagged as epoch time, which it is not"
    for data in ("c11b7fffffffffffffff", "c4821b7fffffffffffffff01", "d82501", "d81e820100"):
        assert tree(CBOR, bytes.fromhex(data)).type.startswith("tag ")


def test_typed_arrays_have_their_numbers_as_children() -> None:
    data = cbor2.dumps(cbor2.CBORTag(85, struct.pack("<3f", 1, 0.1, -2)))
    root = tree(CBOR, data)
    assert (root.type, root.count) == ("tag 85 float32le array", 3)
    assert [child.text for child in children_of(root)] == ["1.0", "0.1", "-2.0"]
    check_spans(root)


def test_simple_values_and_floats_of_any_size() -> None:
    root = tree(CBOR, bytes.fromhex("86f7f820f93e00f97e00fa7fc00001e0"))
    found = [(child.type, child.text) for child in children_of(root)]
    assert found == [
        *(("undefined", "undefined"), ("simple", "simple(32)"), ("float16", "1.5")),
        *(("float16", "nan"), ("float32", "nan"), ("simple", "simple(0)")),
    ]
    notes = [child.note for child in children_of(root)]
    assert not notes[3]
    assert notes[4] == "Not the usual NaN: its bits are 0x7fc00001"


def test_items_of_indefinite_length() -> None:
    root = tree(CBOR, b"\xbfaa\x9f\x01\x5fAaAb\xff\xffab\x7faxay\xff\xff")
    assert root.note == "Of indefinite length"
    assert labels(root) == ["a", "b"]
    assert field(root, "a", "[1]").value == b"ab"
    assert field(root, "b").value == "xy"
    check_spans(root)


def test_keys_that_come_again_are_numbered_and_need_not_be_text() -> None:
    root = tree(CBOR, bytes.fromhex("a7 616101 616102 f500 f600 41ff00 82010203 2000"))
    assert labels(root) == ["a", "a #2", "true", "null", "b'\\xff'", "[1, 2]", "-1"]


@pytest.mark.parametrize(
    "data",
    [b"", b"\x1f", b"\xff", b"\x1c", b"\x61", b"\x7f\x41a\xff", b"\x5f\x5f\xff\xff", b"\xc1" * 99],
)
def test_what_is_none_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(DecodeError):
        read(CBOR, data)


def test_breaks_in_wrong_places_are_told() -> None:
    assert last_error(tree(CBOR, b"\xbfaa\xff"))
    assert last_error(tree(CBOR, b"\x81\xff"))


def test_what_is_cut_is_shown_as_far_as_it_is_there() -> None:
    data = cbor2.dumps({"a": 1, "b": {"c": [1, 2, 3], "d": "long text"}})
    for stop in range(1, len(data)):
        assert read(CBOR, data[:stop]).notes
        assert last_error(tree(CBOR, data[:stop], is_cut=True))
    assert labels(tree(CBOR, data[:-3])) == ["a", "b", ""]


def test_what_follows_a_value_is_told() -> None:
    data = cbor2.dumps({"a": 1})
    assert read(CBOR, data + b"\n").notes == ("1 byte follows the value, from byte 4 on.",)
    assert read(CBOR, data * 3).type == "sequence(3)"


@pytest.mark.parametrize(
    "data",
    [
        b"\x81" * 100_000,
        b"\x81" * 100_000 + b"\x01",
        b"\x9f" * 100_000 + b"\xff" * 100_000,
        b"\xbfaa" * 50_000 + b"\x01" + b"\xff" * 50_000,
        b"\xa1aa" * 100_000 + b"\x01",
        b"\x9a\xff\xff\xff\xff\x01",
        b"\xbb" + b"\xff" * 8 + b"\x01\x02",
        b"\x81\x5b" + b"\xff" * 8 + b"abc",
        b"\x81\x5f" + b"Aa" * 2_000_000 + b"\xff",
        b"\x9a" + struct.pack(">I", 3_000_000) + b"\x01aa" * 1_500_000,
        b"\x81\xd8\x23\x78\x40" + b"(?i)" + b"[\\0-\\U0010ffff]" * 4,
        b"\x82\xd8\x1c\x81\xd8\x1d\x00\x01",
    ],
    ids=lambda data: f"{data[:6].hex()}-{len(data)}",
)
def test_bombs_end_in_a_view_or_a_sentence(data: bytes) -> None:
    check_bounded(CBOR, data)


@pytest.mark.parametrize(
    "value",
    [
        {"a": 1},
        MESSAGE,
        {"t": datetime(2024, 1, 1, tzinfo=UTC), "v": [1.5, 2.5]},
        cbor2.CBORTag(55799, [1]),
        cbor2.CBORTag(18, [b"\xa1\x01\x26", {}, b"payload", bytes(64)]),
        {"samples": list(range(500))},
    ],
)
def test_messages_are_recognised_whole_and_by_their_beginning(value: object) -> None:
    data = cbor2.dumps(value)
    assert CBOR.sniff(Payload(data)) >= 0.7
    if len(data) > 60:
        assert CBOR.sniff(Payload(data[:60], is_cut=True, size=len(data))) >= 0.6


@pytest.mark.parametrize("data", [b"", b"\x01", b"\xa0", b"\x80", b"\x83\x01\x02\x03", b"hello"])
def test_what_may_be_anything_is_not_claimed(data: bytes) -> None:
    assert CBOR.sniff(Payload(data)) < 0.5


def test_random_bytes_are_hardly_ever_claimed() -> None:
    rng = random.Random(7)
    wrong = sum(
        CBOR.sniff(Payload(rng.randbytes(rng.choice((4, 8, 16, 33, 100, 512))))) >= 0.5
        for _ in range(20_000)
    )
    assert wrong <= 4


def test_a_preview_tells_format_container_and_fields() -> None:
    data = cbor2.dumps({"book": "FX-1", "px": [1, 2]})
    assert CBOR.preview(Payload(data), NO_OPTIONS) == 'cbor map(2) book="FX-1" px=[1, 2]'
    cut = CBOR.preview(Payload(data[:-1], is_cut=True), NO_OPTIONS)
    assert cut == 'cbor map(2) book="FX-1" px=[1, …] …'


@pytest.mark.parametrize(
    ("tagged", "kind", "text", "value"),
    [
        ((0, "2013-03-21T20:04:00.123456789Z"), NodeKind.TIME, "2013-03-21T20:04:00.123456789Z", 1),
        ((0, "2013-03-21T20:04:00.5+02:00"), NodeKind.TIME, "2013-03-21T20:04:00.5+02:00", 1),
        ((0, "2016-12-31T23:59:60Z"), NodeKind.TIME, "2016-12-31T23:59:60Z", None),
        ((5, [-200, 1]), NodeKind.NUMBER, "6.223015277861142e-61", 2.0**-200),
        ((5, [-2000, 3]), NodeKind.NUMBER, "3 × 2^-2000", None),
        ((5, [0, 2**53 + 1]), NodeKind.NUMBER, "9007199254740993 × 2^0", None),
        ((30, [2, 4]), NodeKind.NUMBER, "2/4", 0.5),
    ],
)
def test_tags_are_shown_as_they_are_written(
    tagged: tuple[int, Any], kind: NodeKind, text: str, value: float | None
) -> None:
    data = cbor2.dumps([cbor2.CBORTag(*tagged)])
    node = field(tree(CBOR, data), "[0]")
    assert (node.kind, node.text) == (kind, text)
    if kind is NodeKind.NUMBER:
        assert node.value == value
    else:
        assert (node.value is None) == (value is None)
    assert CBOR.preview(Payload(data), NO_OPTIONS) == f"cbor array(1) {text}"


def test_a_preview_has_all_fields_of_keys_that_are_the_same_to_python() -> None:
    data = bytes.fromhex("a4 01 6161 f5 6162 6163 01 6163 02")
    line = 'cbor map(4) 1="a" true="b" c=1 c #2=2'
    assert CBOR.preview(Payload(data), NO_OPTIONS) == line


def test_simple_values_are_no_numbers_in_a_preview_and_sets_have_all_that_is_there() -> None:
    data = bytes.fromhex("83 f0 f8ff d90102820101")
    assert (
        CBOR.preview(Payload(data), NO_OPTIONS) == "cbor array(3) simple(16), simple(255), [1, 1]"
    )


def test_text_in_pieces_that_is_no_utf_8_says_what_is_shown() -> None:
    node = field(tree(CBOR, bytes.fromhex("81 7f61ff61ffff")), "[0]")
    assert (node.text, node.note) == (
        "61 ff 61 ff ff",
        "Not UTF-8: its pieces as they stand, with their heads",
    )


def test_a_preview_goes_on_behind_a_time_that_python_does_not_know() -> None:
    # Milliseconds in place of seconds: the year 55,000.
    data = cbor2.dumps({"at": cbor2.CBORTag(1, 1_700_000_000_123), "n": [1, 2]})
    wanted = "cbor map(2) at=1,700,000,000,123 s since 1970 n=[1, 2]"
    assert CBOR.preview(Payload(data), NO_OPTIONS) == wanted
    assert CBOR.sniff(Payload(data)) >= 0.5


def test_a_key_that_comes_twice_is_shown_twice_also_where_more_follows() -> None:
    twice = bytes.fromhex("a2 01 61 61 01 61 62")
    for data in (twice, twice + b"\x01"):
        assert CBOR.preview(Payload(data), NO_OPTIONS) == 'cbor map(2) 1="a" 1 #2="b"'
