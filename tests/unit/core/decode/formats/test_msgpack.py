"""MessagePack: fields and spans, what is odd, what is huge, what is guessed."""

from __future__ import annotations

import random
import struct

import msgpack
import pytest

from tests.tree_rig import check_bounded, check_spans, field, labels, last_error, read, tree
from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.formats.msgpack.decoder import MSGPACK
from zmqscope.core.decode.lookup import children_of
from zmqscope.core.decode.node import NodeKind
from zmqscope.core.decode.payload import NO_OPTIONS, Payload

MESSAGE = {
    "book": "FX-1",
    "net": -250000,
    "px": 1.25,
    "ok": True,
    "none": None,
    "list": [1, 200, 70000, 2**40],
    5: b"\x00\x01",
    "time": msgpack.Timestamp(1700000000, 5_000_000),
    "ext": msgpack.ExtType(4, b"abcd"),
}


def test_fields_have_types_in_its_own_words_and_their_bytes() -> None:
    data = msgpack.packb(MESSAGE)
    root = tree(MSGPACK, data)
    assert (root.kind, root.type, root.count) == (NodeKind.OBJECT, "map", 9)
    types = [child.type for child in children_of(root)]
    assert types == [
        *("str", "int32", "float64", "bool", "nil", "array", "bin", "timestamp", "ext 4"),
    ]
    numbers = [child.type for child in children_of(field(root, "list"))]
    assert numbers == ["fixint", "uint8", "uint32", "uint64"]
    time = field(root, "time")
    assert (time.kind, time.text) == (NodeKind.TIME, "2023-11-14T22:13:20.005Z")
    assert field(root, "5").value == b"\x00\x01"
    check_spans(root)


def test_a_float_of_32_bits_is_written_as_short_as_it_was() -> None:
    assert tree(MSGPACK, msgpack.packb(0.1, use_single_float=True)).text == "0.1"


def test_keys_that_come_again_are_numbered() -> None:
    root = tree(MSGPACK, b"\x83\xa1a\x01\xa1a\x02\x05\x03")
    assert labels(root) == ["a", "a #2", "5"]


def test_keys_need_not_be_text() -> None:
    data = b"\x86\x01\x00\xc3\x00\xc0\x00\xc4\x01\xff\x00\x92\x01\x02\x00\xa1\xff\x00"
    assert labels(tree(MSGPACK, data)) == ["1", "true", "null", "b'\\xff'", "[1, 2]", "b'\\xff' #2"]


def test_text_that_is_not_utf8_stays_bytes() -> None:
    node = tree(MSGPACK, b"\xa2\xff\xfe")
    assert (node.kind, node.value, node.type) == (NodeKind.BYTES, b"\xff\xfe", "str")
    assert node.note


def test_times_that_no_calendar_has_are_seconds() -> None:
    data = msgpack.packb({"t": msgpack.Timestamp(1 << 60), "a": 1})
    assert "since 1970" in field(tree(MSGPACK, data), "t").text
    assert "a=1" in MSGPACK.preview(Payload(data), NO_OPTIONS)


def test_what_is_cut_is_shown_as_far_as_it_is_there() -> None:
    data = msgpack.packb({"a": 1, "b": {"c": [1, 2, 3], "d": "long text"}})
    for stop in range(1, len(data)):
        decoded = read(MSGPACK, data[:stop])
        assert decoded.notes
        root = tree(MSGPACK, data[:stop], is_cut=True)
        assert last_error(root)
    root = tree(MSGPACK, data[:-3])
    assert labels(root) == ["a", "b", ""]
    assert field(root, "b", "c").count == 3


def test_what_follows_a_value_is_told() -> None:
    data = msgpack.packb({"a": 1})
    assert read(MSGPACK, data + b"\n").notes == ("1 byte follows the value, from byte 4 on.",)
    decoded = read(MSGPACK, data * 3)
    assert decoded.type == "sequence(3)"
    assert labels(tree(MSGPACK, data * 3)) == ["[0]", "[1]", "[2]"]


@pytest.mark.parametrize("data", [b"", b"\xc1", b"\xd9\x64abc", b"\xdc\x00", b"\xcd\x01"])
def test_what_is_none_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(DecodeError):
        read(MSGPACK, data)


def test_a_byte_that_is_never_used_is_named() -> None:
    decoded = read(MSGPACK, b"\x92\x01\xc1")
    assert decoded.notes == ("Byte 2 is 0xc1, which MessagePack never uses.",)
    assert last_error(tree(MSGPACK, b"\x92\x01\xc1")) == decoded.notes[0]


@pytest.mark.parametrize(
    "data",
    [
        b"\x91" * 100_000,
        b"\x91" * 100_000 + b"\x01",
        b"\x81\xa1a" * 100_000 + b"\x01",
        b"\xdd\xff\xff\xff\xff\x01",
        b"\xdf\xff\xff\xff\xff\xa1a\x01",
        b"\x91\xc6\xff\xff\xff\xffabc",
        b"\x91\xdb\xff\xff\xff\xffabc",
        b"\xdd" + struct.pack(">I", 3_000_000) + b"\x01\xa1a" * 1_500_000,
        b"\x82\xa1a\xdd" + struct.pack(">I", 2_000_000) + b"\xcb" * 18_000_000 + b"\xa1b\x01",
        b"\x91\xc6" + struct.pack(">I", 30_000_000) + bytes(30_000_000),
    ],
    ids=lambda data: f"{data[:6].hex()}-{len(data)}",
)
def test_bombs_end_in_a_view_or_a_sentence(data: bytes) -> None:
    check_bounded(MSGPACK, data)


def test_a_million_fields_come_one_by_one() -> None:
    data = msgpack.packb({str(each): each for each in range(1_000_000)})
    root = tree(MSGPACK, data)
    assert root.count == 1_000_000
    assert labels(root, 3) == ["0", "1", "2"]


@pytest.mark.parametrize(
    "value",
    [
        {"a": 1},
        MESSAGE,
        [{"message_id": "5f2e", "v": 3}, "lookup", ["name"]],
        ["stats", {"users": 5}, "worker-1"],
        [0.5] * 30,
        {"samples": list(range(500))},
    ],
)
def test_messages_are_recognised_whole_and_by_their_beginning(value: object) -> None:
    data = msgpack.packb(value)
    assert MSGPACK.sniff(Payload(data)) >= 0.7
    if len(data) > 60:
        head = Payload(data[:60], is_cut=True, size=len(data))
        assert MSGPACK.sniff(head) >= 0.7
        assert MSGPACK.preview(head, NO_OPTIONS).startswith("msgpack ")


@pytest.mark.parametrize(
    "data", [b"", b"\x01", b"\x80", b"\x90", b"\x93\x01\x02\x03", b"hello", b"\xa5hello", b"\xc0"]
)
def test_what_may_be_anything_is_not_claimed(data: bytes) -> None:
    assert MSGPACK.sniff(Payload(data)) < 0.5


def test_a_value_that_does_not_fill_the_payload_is_not_claimed() -> None:
    data = msgpack.packb(MESSAGE)
    assert MSGPACK.sniff(Payload(data + b"\x00")) < 0.5
    assert MSGPACK.sniff(Payload(data[:-1])) < 0.5


def test_random_bytes_are_hardly_ever_claimed() -> None:
    rng = random.Random(6)
    wrong = sum(
        MSGPACK.sniff(Payload(rng.randbytes(rng.choice((4, 8, 16, 33, 100, 512))))) >= 0.5
        for _ in range(20_000)
    )
    assert wrong <= 2


def test_a_preview_tells_format_container_and_fields() -> None:
    data = msgpack.packb({"book": "FX-1", "net": -250000, "px": [1, 2]})
    line = MSGPACK.preview(Payload(data), NO_OPTIONS)
    assert line == 'msgpack map(3) book="FX-1" net=-250000 px=[1, 2]'
    cut = MSGPACK.preview(Payload(data[:-1], is_cut=True), NO_OPTIONS)
    assert cut == 'msgpack map(3) book="FX-1" net=-250000 px=[1, …] …'


def test_a_preview_has_all_fields_of_keys_that_are_the_same_to_python() -> None:
    pairs = [("a", 1), ("a", 2), (1, 3), (True, 4), (1.0, 5)]
    data = b"\x85" + b"".join(msgpack.packb(each) for pair in pairs for each in pair)
    line = "msgpack map(5) a=1 a #2=2 1=3 true=4 1.0=5"
    assert MSGPACK.preview(Payload(data), NO_OPTIONS) == line
    assert MSGPACK.preview(Payload(data + b"\x80"), NO_OPTIONS) == line
    cut = MSGPACK.preview(Payload(data[:-1], is_cut=True), NO_OPTIONS)
    assert cut.startswith("msgpack map(5) a=1 a #2=2 1=3 true=4")
    assert cut.endswith("…")


def test_a_preview_has_the_nanoseconds_of_a_time() -> None:
    data = msgpack.packb({"at": msgpack.Timestamp(5, 999_999_999)})
    line = "msgpack map(1) at=1970-01-01T00:00:05.999999999Z"
    assert MSGPACK.preview(Payload(data), NO_OPTIONS) == line


def test_how_many_values_there_are_is_not_claimed_where_more_may_follow() -> None:
    assert read(MSGPACK, b"\x80\x80").type == "sequence(2)"
    assert read(MSGPACK, b"\x80\x80", is_cut=True).type == "sequence"
