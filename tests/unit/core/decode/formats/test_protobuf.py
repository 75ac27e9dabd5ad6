"""Protobuf without a schema and with one."""

from __future__ import annotations

import random
import struct
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.schema_rig import (
    LAB,
    OLD,
    child,
    message_class,
    part,
    plain,
    root,
    survives,
    tree,
    walk,
    write_schema,
)
from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.field_path import Key, Name
from zmqscope.core.decode.formats.protobuf.decoder import PROTOBUF
from zmqscope.core.decode.lookup import children_of
from zmqscope.core.decode.node import NodeKind
from zmqscope.core.decode.payload import NO_OPTIONS, DecodeOptions, Payload


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_schema(Path(tmp_path_factory.mktemp("lab")), "lab.proto", LAB)


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_schema(Path(tmp_path_factory.mktemp("old")), "old.proto", OLD)


# ---- without a schema ----------------------------------------------------------------------------


def test_the_example_of_the_encoding_guide() -> None:
    node = child(tree(PROTOBUF, bytes.fromhex("089601")), "1")
    assert (node.type, node.value, node.text) == ("varint", 150, "150")
    assert node.span == (1, 3)
    assert node.key_span == (0, 1)
    assert node.note == "Zigzag 75"


@pytest.mark.parametrize(
    ("data", "values"),
    [
        (b"\x12\x07testing", {"2": "testing"}),
        (b"\x1a\x03\x08\x96\x01", {"3": {"1": 150}}),
        (b"\x08\x01\x08\x02\x10\x03", {"1": 1, "1 #2": 2, "2": 3}),
        (b"\x0b\x10\x05\x0c\x18\x01", {"1": {"2": 5}, "3": 1}),
        (b"\x22\x05\x03\x8e\x02\x09\x01", {"4": [3, 270, 9, 1]}),
        (b"\x0d" + struct.pack("<f", 1.5), {"1": 1.5}),
        (b"\x09" + struct.pack("<q", 7), {"1": 7}),
        (b"\x0a\x18" + struct.pack("<3d", 1.1, 2.2, 3.3), {"1": [1.1, 2.2, 3.3]}),
        (b"\x0a\x0c" + struct.pack("<3f", 1.5, 2.5, 3.5), {"1": [1.5, 2.5, 3.5]}),
        (b"\x0a\x00", {"1": b""}),
        (b"\x0a\x04\xff\xfe\x00\x99", {"1": b"\xff\xfe\x00\x99"}),
        (b"\x0a\x05h\xc3\xa9ll", {"1": "héll"}),
    ],
)
def test_reads_by_likelihood(data: bytes, values: dict[str, Any]) -> None:
    assert plain(tree(PROTOBUF, data)) == values


def test_notes_tell_what_else_it_may_be() -> None:
    def notes(data: bytes) -> str:
        return child(tree(PROTOBUF, data), "1").note

    assert (
        notes(b"\x08" + b"\xff" * 9 + b"\x01")
        == "As a signed number -1, zigzag -9,223,372,036,854,775,808"
    )
    assert notes(b"\x08\x01") == "Zigzag -1, as a bool true"
    assert "it could be a message" in notes(b"\x0a\x02(A")
    assert notes(b"\x0d" + struct.pack("<f", 1.5)) == "A float; as an integer 1,069,547,520"
    assert notes(b"\x0d\xff\xff\xff\xff").startswith("An integer, signed -1")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x08\x01\x12\xff\xff\x03ab", "field 2 is to have 65,535 bytes, but 2 are left"),
        (b"\x08\x01\x00\x01", "field number 0"),
        (b"\x08\x01\x0f\x01", "wire type 7"),
        (b"\x08\x01\x0c", "the end of a group 1 that did not begin"),
        (b"\x08\x01\x08" + b"\xff" * 11, "more than ten bytes"),
        (b"\x08\x01\x0d\x00", "the bytes end inside field 1"),
    ],
)
def test_what_cannot_be_read_is_a_sentence_behind_what_can(data: bytes, words: str) -> None:
    children = list(children_of(tree(PROTOBUF, data)))
    assert children[0].value == 1
    assert children[-1].kind is NodeKind.ERROR
    assert words in children[-1].text


def test_a_cut_message_says_that_the_rest_is_not_here() -> None:
    decoded = PROTOBUF.decode(Payload(b"\x08\x01\x12\x20abc", is_cut=True, size=40), NO_OPTIONS)
    assert list(children_of(root(decoded)))[-1].text == "From byte 2 on it is not here"


def test_what_is_no_message_is_refused() -> None:
    for data in (b"\x07", b"\x00", b"\x08", b"\x0a\x7f"):
        with pytest.raises(DecodeError):
            PROTOBUF.decode(Payload(data), NO_OPTIONS)


# ---- guesses -------------------------------------------------------------------------------------


def test_messages_with_text_are_surer_than_those_without(lab: str) -> None:
    all_class = message_class(lab, "lab.All")
    named = all_class(a_int32=7, a_string="imu/left", a_point={"x": 1.5, "y": 2.5})
    bare = all_class(a_double=1.5, a_float=2.5, a_int32=3, a_point={"x": 1.5, "y": 2.5})
    assert PROTOBUF.sniff(Payload(named.SerializeToString())) > 0.75
    assert 0.5 <= PROTOBUF.sniff(Payload(bare.SerializeToString())) <= 0.75


def test_cut_heads_are_recognised(lab: str) -> None:
    message = message_class(lab, "lab.All")(
        a_string="camera/front", doubles=[0.5] * 1_000, names=["a", "b"]
    )
    data = message.SerializeToString()
    assert PROTOBUF.sniff(Payload(data[:512], is_cut=True, size=len(data))) >= 0.7
    # The array of 8,000 bytes does not fit into 900.
    assert PROTOBUF.sniff(Payload(data[:512], is_cut=True, size=900)) < 0.5


def test_random_bytes_are_hardly_ever_taken_for_a_message() -> None:
    source = random.Random(6)
    taken = 0
    for _ in range(10_000):
        data = source.randbytes(source.choice((2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 256)))
        taken += data[0] in PROTOBUF.first_bytes and PROTOBUF.sniff(Payload(data)) >= 0.5
    assert taken <= 5


@pytest.mark.parametrize(
    "data",
    [
        *(b"hello", b"\n\n", b"(a(b", b'{"a": 1}', b"0", b"8x8x8x", b"\x08\x01", b"\x0a\x01a"),
        *(b"\x80\x04\x95", bytes(16), struct.pack("<4i", 8, 1, 2, 3), b"\x82\xa1a\x01\xa1b\x02"),
    ],
)
def test_near_misses_are_not_shown(data: bytes) -> None:
    if data[0] in PROTOBUF.first_bytes:
        assert PROTOBUF.sniff(Payload(data)) < 0.5


# ---- previews ------------------------------------------------------------------------------------


def test_previews_show_the_first_fields() -> None:
    data = b"\x08\x96\x01\x12\x07testing\x12\x02ok\x1a\x03\x08\x96\x01"
    text = PROTOBUF.preview(Payload(data), NO_OPTIONS)
    assert text == 'protobuf message(4) 1=150 2="testing" 2#2="ok" 3={1=150}'
    cut = PROTOBUF.preview(Payload(data[:16], is_cut=True, size=len(data)), NO_OPTIONS)
    assert cut == 'protobuf message 1=150 2="testing" 2#2="ok" …'


def test_previews_with_a_schema_use_its_names(lab: str) -> None:
    message = message_class(lab, "lab.All")(a_string="x", a_color=1, packed=[-1, 2])
    options = DecodeOptions(schema=lab, message="lab.All")
    text = PROTOBUF.preview(Payload(message.SerializeToString()), options)
    assert text == 'protobuf All a_string="x" a_color=RED packed=[-1, 2]'


# ---- with a schema -------------------------------------------------------------------------------


def _typed(path: str, name: str, data: bytes) -> Any:
    return tree(PROTOBUF, data, DecodeOptions(schema=path, message=name))


def test_each_field_has_its_bytes(lab: str) -> None:
    data = message_class(lab, "lab.All")(
        a_float=1.5, packed=[1, -300], points=[{"x": 1}, {"y": 2}], counts={"k": 3}
    ).SerializeToString()
    node = _typed(lab, "lab.All", data)
    walk(node, len(data))
    assert part(data, child(node, "packed", 1).span) == b"\xd7\x04"
    assert part(data, child(node, "points", 1, "y").span) == struct.pack("<d", 2)
    entry = child(node, "counts", "k")
    assert part(data, entry.key_span) == b"k"
    assert part(data, entry.span) == b"\x03"
    assert (child(node, "counts").type, child(node, "counts").count) == ("map<string, int32>", 1)
    assert (child(node, "packed").type, child(node, "packed").count) == ("repeated sint32", 2)


def test_maps_by_numbers_and_bools(lab: str) -> None:
    data = message_class(lab, "lab.All")(
        places={-5: {"x": 1}}, words={True: "yes"}
    ).SerializeToString()
    node = _typed(lab, "lab.All", data)
    assert [c.step for c in children_of(child(node, "places"))] == [Key("-5")]
    assert [c.step for c in children_of(child(node, "words"))] == [Key("true")]
    # A key or a value that is the default may be missing on the wire.
    bare = _typed(lab, "lab.All", b"\xba\x01\x00")
    entry = next(children_of(child(bare, "counts")))
    assert (entry.step, entry.value, entry.note) == (Name(""), 0, "Not on the wire: the default")


def test_packed_and_loose_are_one_array(lab: str) -> None:
    # sint32 packed = 18: packed, then one by one, then packed.
    data = b"\x92\x01\x02\x02\x04\x90\x01\x06\x92\x01\x01\x08"
    node = child(_typed(lab, "lab.All", data), "packed")
    assert (plain(node), node.count) == ([1, 2, 3, 4], 4)


def test_what_the_schema_does_not_know_stays_visible(lab: str) -> None:
    node = _typed(lab, "lab.Point", b"\x0d\x00\x00\x80\x3f\x98\x06\x07\x10\x05")
    values = {c.step: (c.value, c.note) for c in children_of(node)}
    assert values[Name("x")] == (1.0, "")
    assert values[Name("99")] == (7, "Not in the schema. Zigzag -4")
    assert values[Name("2")][1].startswith("Not what the schema says of y: double")


def test_a_field_sent_twice_is_shown_twice(lab: str) -> None:
    node = _typed(lab, "lab.Point", b"\x0d\x00\x00\x80\x3f\x0d\x00\x00\x00\x40")
    first, second = children_of(node)
    assert (first.step, second.step) == (Name("x"), Name("x", 2))
    assert first.note == "Sent several times, a later one counts"


def test_enums_oneofs_and_defaults(lab: str) -> None:
    data = message_class(lab, "lab.All")(a_color=5, left="L", maybe=0).SerializeToString()
    decoded = PROTOBUF.decode(Payload(data), DecodeOptions(schema=lab, message="lab.All"))
    node = root(decoded)
    assert child(node, "a_color").text == "BLUE"
    assert child(node, "left").note == "Of oneof choice"
    assert (child(node, "maybe").value, child(node, "maybe").note) == (0, "")
    assert decoded.notes[0].startswith("Not on the wire, so empty or zero: a_double, a_float")
    unknown = child(_typed(lab, "lab.All", b"\x80\x01\x63"), "a_color")
    assert (unknown.value, unknown.note) == (99, "The schema has no name for this number")


def test_groups_required_fields_and_extensions(old: str) -> None:
    base = message_class(old, "old.Base")()
    base.item.add(name="a", size=1)
    base.item.add(name="b")
    data = base.SerializePartialToString() + b"\xa2\x06\x03red"
    options = DecodeOptions(schema=old, message="old.Base")
    decoded = PROTOBUF.decode(Payload(data), options)
    assert plain(root(decoded)) == {
        "item": [{"name": "a", "size": 1}, {"name": "b"}],
        "old.color": "red",
    }
    assert decoded.notes == ("Message old.Base is missing required fields: id.",)


def test_well_known_types_are_readable(lab: str) -> None:
    known = message_class(lab, "lab.Known")()
    known.at.FromJsonString("2026-11-26T17:00:00.000000005Z")
    known.took.FromJsonString("-1.500s")
    known.any.Pack(message_class(lab, "lab.Point")(x=1.5))
    known.free.update({"a": [1, "two", None, True], "b": {"c": {}}})
    known.boxed.value = 7
    known.list.extend([1, 2.5])
    known.value.string_value = "v"
    node = _typed(lab, "lab.Known", known.SerializeToString())
    at = child(node, "at")
    assert at.value == datetime(2026, 11, 26, 17, tzinfo=UTC)
    assert (at.kind, at.text) == (NodeKind.TIME, "2026-11-26T17:00:00.000000005Z")
    assert (child(node, "took").text, child(node, "took").value) == ("-1.5 s", -1.5)
    assert child(node, "any").type == "Any of lab.Point"
    assert child(node, "any", "x").value == 1.5
    assert plain(child(node, "free")) == {"a": [1.0, "two", None, True], "b": {"c": {}}}
    assert (child(node, "boxed").kind, child(node, "boxed").value) == (NodeKind.NUMBER, 7)
    assert plain(child(node, "list")) == [1.0, 2.5]
    assert child(node, "value").value == "v"


def test_an_any_of_an_unknown_type_is_not_fetched(lab: str) -> None:
    known = message_class(lab, "lab.Known")()
    known.any.type_url = "https://example.invalid/other.Type"
    known.any.value = b"\x08\x01"
    node = child(_typed(lab, "lab.Known", known.SerializeToString()), "any")
    assert node.text == "https://example.invalid/other.Type"
    assert "nothing is fetched" in node.note


def test_times_out_of_range_stay_numbers(lab: str) -> None:
    known = message_class(lab, "lab.Known")()
    known.at.seconds = 1 << 62
    known.took.nanos = 2_000_000_000
    node = _typed(lab, "lab.Known", known.SerializeToString())
    assert child(node, "at").note.startswith("No valid time")
    assert child(node, "at", "seconds").value == 1 << 62
    assert child(node, "took").note.startswith("No valid duration")


def test_a_schema_of_another_format_is_named(tmp_path: Path) -> None:
    path = write_schema(tmp_path, "a.avsc", '"int"')
    with pytest.raises(DecodeError, match="one of Avro"):
        PROTOBUF.decode(Payload(b"\x08\x01"), DecodeOptions(schema=path))


# ---- hostile -------------------------------------------------------------------------------------


def _nested(depth: int) -> bytes:
    """Field 30 of lab.All in itself, so deep as lengths of ten digits allow."""
    data = b""
    for _ in range(depth):
        size = len(data)
        length = bytearray()
        while True:
            length.append(size & 0x7F | (0x80 if size >> 7 else 0))
            size >>= 7
            if not size:
                break
        data = b"\xf2\x01" + bytes(length) + data
        if len(data) > 1_000_000:
            break
    return data


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x0b" * 1_000_000, id="groups that do not end"),
        pytest.param(b"\x0b\x0c" * 500_000, id="empty groups"),
        pytest.param(b"\x0b" + b"\x08\x01" * 500_000 + b"\x0c", id="a long group"),
        pytest.param(b"\x08\x01" * 1_000_000, id="a million fields"),
        pytest.param(b"\x0a\x00" * 1_000_000, id="a million empty messages"),
        pytest.param(b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", id="2^64 bytes"),
        pytest.param(b"\x0a\xff\xff\xff\xff\x07", id="two gigabytes"),
        pytest.param(b"\x92\x01\x80\x89\x7a" + b"\x80" * 2_000_000, id="packed nonsense"),
        pytest.param(b"\xff" * 1_000_000, id="ones"),
        pytest.param(_nested(20_000), id="nested"),
    ],
)
def test_hostile_messages_are_bounded(lab: str, data: bytes) -> None:
    survives(PROTOBUF, data)
    survives(PROTOBUF, data, DecodeOptions(schema=lab, message="lab.All"))


def test_nesting_ends_in_a_sentence(lab: str) -> None:
    node = _typed(lab, "lab.All", _nested(300))
    depth = 0
    while (inner := next(iter(children_of(node)), None)) is not None:
        node, depth = inner, depth + 1
    assert "nested more than 100 deep" in node.text
    assert depth == 101


def test_two_hundred_megabytes_open_at_once(lab: str) -> None:
    data = b"\x72\x80\xc2\xd7\x2f" + bytes(100_000_000)
    survives(PROTOBUF, data)
    survives(PROTOBUF, data, DecodeOptions(schema=lab, message="lab.All"))


def test_a_zero_that_was_sent_is_not_said_to_be_absent(lab: str) -> None:
    options = DecodeOptions(schema=lab, message="lab.Point")
    (note,) = PROTOBUF.decode(Payload(b"\x0d\0\0\0\0"), options).notes
    assert note == "Not on the wire, so empty or zero: y."


def test_a_nanosecond_less_than_nothing_is_a_duration(lab: str) -> None:
    took = b"\x10" + b"\xff" * 9 + b"\x01"
    decoded = PROTOBUF.decode(
        Payload(b"\x12" + bytes((len(took),)) + took),
        DecodeOptions(schema=lab, message="lab.Known"),
    )
    node = child(root(decoded), "took")
    assert (node.text, node.note) == ("-0.000000001 s", "")


def test_a_value_of_another_wire_type_is_not_read_as_what_the_schema_says(lab: str) -> None:
    # bool_value (4), but as eight bytes.
    value = b"\x22\x08" + b"\1" * 8
    decoded = PROTOBUF.decode(
        Payload(b"\x3a" + bytes((len(value),)) + value),
        DecodeOptions(schema=lab, message="lab.Known"),
    )
    assert child(root(decoded), "value").kind is NodeKind.OBJECT


def test_of_a_oneof_the_last_field_counts(tmp_path: Path) -> None:
    path = write_schema(tmp_path, "lab.proto", LAB)
    make = message_class(path, "lab.All")
    data = make(left="a").SerializeToString() + make(right={"x": 1}).SerializeToString()
    sent = make()
    sent.ParseFromString(data)
    assert sent.WhichOneof("choice") == "right"
    node = tree(PROTOBUF, data, DecodeOptions(schema=path, message="lab.All"))
    assert child(node, "left").note == "Of oneof choice, of which a later field counts"
    assert child(node, "right").note == "Of oneof choice"
