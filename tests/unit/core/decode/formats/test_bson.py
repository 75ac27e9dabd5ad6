"""BSON: all element types, what is odd, what is huge, what is guessed."""

from __future__ import annotations

import random
import re
import struct
from datetime import UTC, datetime
from uuid import UUID

import bson
import pytest
from bson.binary import Binary
from bson.code import Code
from bson.datetime_ms import DatetimeMS
from bson.decimal128 import Decimal128
from bson.int64 import Int64
from bson.max_key import MaxKey
from bson.min_key import MinKey
from bson.objectid import ObjectId
from bson.timestamp import Timestamp

from tests.tree_rig import check_bounded, check_spans, field, labels, last_error, read, tree
from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.formats.bson.decoder import BSON
from zmqscope.core.decode.lookup import children_of
from zmqscope.core.decode.node import NodeKind
from zmqscope.core.decode.payload import NO_OPTIONS, Payload

OID = ObjectId("6b08703082acdbd6a5dcb7c3")
MESSAGE = {
    "_id": OID,
    "double": 1.5,
    "string": "hé",
    "document": {"a": None},
    "array": [1, "x"],
    "binary": b"abc",
    "uuid": Binary(UUID(int=1).bytes, 4),
    "bool": True,
    "date": datetime(2024, 1, 1, tzinfo=UTC),
    "far": DatetimeMS(2**60),
    "regex": re.compile("a+", re.IGNORECASE),
    "code": Code("f()"),
    "scoped": Code("g()", {"x": 1}),
    "int32": 5,
    "timestamp": Timestamp(1700000000, 3),
    "int64": Int64(5),
    "decimal": Decimal128("1.50"),
    "nan": Decimal128("sNaN"),
    "min": MinKey(),
    "max": MaxKey(),
}
TYPES = [
    *("objectId", "double", "string", "document", "array", "binary", "binary 4 (UUID)", "bool"),
    *("date", "date", "regex", "javascript", "javascriptWithScope", "int32", "timestamp", "int64"),
    *("decimal128", "decimal128", "minKey", "maxKey"),
]
UNDEFINED = b"\x08\x00\x00\x00\x06u\x00\x00"
POINTER = (
    struct.pack("<i", 26) + b"\x0cp\x00" + struct.pack("<i", 2) + b"c\x00" + OID.binary + b"\0"
)


def test_all_types_are_read() -> None:
    root = tree(BSON, bson.encode(MESSAGE))
    assert [child.type for child in children_of(root)] == TYPES
    texts = {label: field(root, label).text for label in labels(root)}
    assert texts["_id"] == str(OID)
    assert texts["uuid"] == str(UUID(int=1))
    assert texts["date"] == "2024-01-01T00:00:00Z"
    assert "since 1970" in texts["far"]
    assert texts["regex"].startswith("/a+/i")
    assert texts["timestamp"] == "2023-11-14T22:13:20Z #3"
    assert texts["decimal"] == "1.50"
    assert field(root, "scoped", "x").value == 1
    check_spans(root)


def test_old_types_are_read() -> None:
    assert field(tree(BSON, UNDEFINED), "u").type == "undefined"
    data = struct.pack("<i", len(POINTER)) + POINTER[4:]
    assert field(tree(BSON, data), "p").text == f"c {OID}"


def test_odd_keys_are_told() -> None:
    twice = b"\x10a\x00" + bytes(4)
    data = struct.pack("<i", 19) + twice * 2 + b"\x00"
    assert labels(tree(BSON, data)) == ["a", "a #2"]
    items = b"\x107\x00" + bytes(4)
    inner = struct.pack("<i", 12) + items + b"\x00"
    root = tree(BSON, struct.pack("<i", 20) + b"\x04a\x00" + inner + b"\x00")
    assert field(root, "a", "[0]").note == "Its key is b'7', not its place"
    odd = struct.pack("<i", 12) + b"\x10\xff\x00" + bytes(4) + b"\x00"
    assert labels(tree(BSON, odd)) == ["b'\\xff'"]


def test_values_that_are_none_are_bytes_with_a_note() -> None:
    text = b"\x02s\x00" + struct.pack("<i", 3) + b"\xff\xfe\x00"
    node = field(tree(BSON, struct.pack("<i", 15) + text + b"\x00"), "s")
    assert node.kind is NodeKind.BYTES
    assert node.note.startswith("Not valid")


def test_what_is_cut_is_shown_as_far_as_it_is_there() -> None:
    data = bson.encode({"a": 1, "b": {"c": [1, 2, 3], "d": "long text"}})
    for stop in range(12, len(data)):
        assert read(BSON, data[:stop]).notes
        assert last_error(tree(BSON, data[:stop], is_cut=True))
    assert labels(tree(BSON, data[:-8])) == ["a", "b", ""]


def test_what_follows_a_document_is_told() -> None:
    data = bson.encode({"a": 1})
    assert read(BSON, data + b"\n").notes == ("1 byte follows the document, from byte 12 on.",)
    assert read(BSON, data * 3).type == "sequence(3)"
    assert labels(tree(BSON, data * 3)) == ["[0]", "[1]", "[2]"]
    assert BSON.sniff(Payload(data * 3)) >= 0.8


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"abc", b"\x04\x00\x00\x00", b"\xff\xff\xff\xff\x01", b"hello, this is text"),
        b"\x20\x00\x00\x00\x05a\x00\xff\xff\xff\x7f\x00" + bytes(20),
        b"\x0d\x00\x00\x00\x02a\x00\xff\xff\xff\xff\x00\x00",
    ],
)
def test_what_is_none_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(DecodeError):
        read(BSON, data)


def deep(levels: int) -> bytes:
    head, tail = b"", b"\x00" * (levels + 1)
    size = 5
    heads = []
    for _ in range(levels):
        heads.append(struct.pack("<i", size))
        size += 8
    for each in reversed(heads):
        head = each if not head else head + b"\x03a\x00" + each
    return struct.pack("<i", size) + b"\x03a\x00" + head + tail


@pytest.mark.parametrize(
    "data",
    [
        deep(20_000),
        struct.pack("<i", 2**31 - 1) + b"\x10a\x00" + bytes(4),
        struct.pack("<i", 20_000_012)
        + b"\x02a\x00"
        + struct.pack("<i", 20_000_000)
        + bytes(20_000_001),
    ],
    ids=lambda data: f"{data[:6].hex()}-{len(data)}",
)
def test_bombs_end_in_a_view_or_a_sentence(data: bytes) -> None:
    check_bounded(BSON, data)


def test_messages_are_recognised_whole_and_by_their_beginning() -> None:
    data = bson.encode(MESSAGE)
    assert BSON.sniff(Payload(data)) >= 0.9
    assert BSON.sniff(Payload(data[:100], is_cut=True, size=len(data))) >= 0.9
    assert BSON.sniff(Payload(data[:100], is_cut=True)) >= 0.8
    assert BSON.sniff(Payload(bson.encode({}))) < 0.5
    assert BSON.sniff(Payload(data[:-1])) < 0.5
    assert BSON.sniff(Payload(b"hello, this is text")) == 0


def test_random_bytes_are_hardly_ever_claimed() -> None:
    rng = random.Random(8)
    sizes = [rng.choice((5, 8, 16, 33, 100, 512)) for _ in range(20_000)]
    payloads = [struct.pack("<i", size) + rng.randbytes(size - 4) for size in sizes]
    assert sum(BSON.sniff(Payload(data)) >= 0.5 for data in payloads) <= 4


def test_a_preview_tells_format_and_fields() -> None:
    data = bson.encode({"book": "FX-1", "px": [1, {"a": 2}], "id": OID})
    line = BSON.preview(Payload(data), NO_OPTIONS)
    assert line == f'bson document book="FX-1" px=[1, {{a=2}}] id={OID}'
    cut = BSON.preview(Payload(data[:40], is_cut=True), NO_OPTIONS)
    assert cut == 'bson document book="FX-1" px=[1, …] …'


def test_options_of_a_regular_expression_stand_as_they_were_sent() -> None:
    body = b"\x0br\0^a+\0xizq\0"
    document = struct.pack("<i", len(body) + 5) + body + b"\0"
    assert field(tree(BSON, document), "r").text == "/^a+/xizq"


def test_old_binaries_are_shown_without_their_second_length() -> None:
    node = field(tree(BSON, bson.encode({"b": Binary(b"abc", 2)})), "b")
    assert (node.type, node.value) == ("binary 2 (old)", b"abc")


@pytest.mark.parametrize("length", [-5, 0, 4])
def test_a_document_shorter_than_none_can_be_has_no_preview(length: int) -> None:
    data = struct.pack("<i", length) + bytes(8)
    for read_it in (BSON.preview, BSON.decode):
        with pytest.raises(DecodeError, match="less than 5"):
            read_it(Payload(data), NO_OPTIONS)


def test_a_preview_says_what_the_tree_says() -> None:
    data = bson.encode(
        {
            "far": DatetimeMS(-(10**16) + 1),
            "at": Timestamp(1, 2),
            "low": MinKey(),
            "high": MaxKey(),
            "sum": Decimal128("1.10"),
        }
    )
    texts = [f"{name}={field(tree(BSON, data), name).text}" for name in labels(tree(BSON, data))]
    assert texts[0] == "far=-9,999,999,999,999.999 s since 1970"
    assert BSON.preview(Payload(data), NO_OPTIONS) == f"bson document {' '.join(texts)}"
