"""Avro in its framings, with fastavro on the other side."""

from __future__ import annotations

import io
import json
import sys
import zlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import fastavro
import pytest

from tests.schema_rig import LAB, child, plain, root, survives, tree, walk, write_schema
from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.formats.avro.decoder import AVRO
from zmqscope.core.decode.lookup import children_of
from zmqscope.core.decode.node import NodeKind
from zmqscope.core.decode.payload import NO_OPTIONS, DecodeOptions, Payload

USER: dict[str, Any] = {
    "type": "record",
    "name": "lab.User",
    "fields": [
        {"name": "name", "type": "string"},
        {"name": "age", "type": ["null", "int"]},
        {"name": "tags", "type": {"type": "array", "items": "string"}},
    ],
}
ADA = {"name": "Ada", "age": 36, "tags": ["a", "b"]}


def _datum(schema: Any, value: object) -> bytes:
    stream = io.BytesIO()
    fastavro.schemaless_writer(stream, schema, value)
    return stream.getvalue()


def _file(schema: Any, records: list[Any], codec: str = "null") -> bytes:
    stream = io.BytesIO()
    fastavro.writer(stream, schema, records, codec=codec)
    return stream.getvalue()


@pytest.fixture
def avsc(tmp_path: Path) -> DecodeOptions:
    return DecodeOptions(schema=write_schema(tmp_path, "user.avsc", json.dumps(USER)))


def test_container_files_bring_their_schema() -> None:
    data = _file(USER, [ADA, {**ADA, "age": None}])
    decoded = AVRO.decode(Payload(data), NO_OPTIONS)
    node = root(decoded)
    walk(node, len(data))
    assert plain(child(node, "records")) == [ADA, {**ADA, "age": None}]
    assert child(node, "metadata", "avro.codec").value == "null"
    span = child(node, "records", 0, "name").span
    assert span is not None
    assert data[span.start : span.stop] == b"\x06Ada"
    assert AVRO.sniff(Payload(data)) == 0.99
    assert AVRO.preview(Payload(data[:100], is_cut=True), NO_OPTIONS).startswith(
        "avro container file lab.User"
    )


def test_unpacked_blocks_have_no_bytes_of_their_own() -> None:
    node = tree(AVRO, _file(USER, [ADA], "deflate"))
    assert child(node, "records", 0, "name").span is None
    assert plain(child(node, "records")) == [ADA]


def test_framings_with_a_schema(avsc: DecodeOptions) -> None:
    datum = _datum(USER, ADA)
    canonical = fastavro.schema.to_parsing_canonical_form(USER)
    mark = bytes.fromhex(fastavro.schema.fingerprint(canonical, "CRC-64-AVRO"))
    for data, what in (
        (datum, "User"),
        (b"\0\0\0\0\x2a" + datum, "User (Confluent message)"),
        (b"\xc3\x01" + mark + datum, "User (single object)"),
    ):
        decoded = AVRO.decode(Payload(data), avsc)
        assert (decoded.type, decoded.notes) == (what, ())
        assert plain(root(decoded)) == ADA
        assert AVRO.preview(Payload(data), avsc) == f'avro {what} name="Ada" age=36 tags=["a", "b"]'
    decoded = AVRO.decode(Payload(b"\xc3\x01" + bytes(8) + datum), avsc)
    assert "not that of this schema" in decoded.notes[0]
    decoded = AVRO.decode(Payload(datum + b"xyz"), avsc)
    assert decoded.notes == ("3 bytes follow behind the value.",)


def test_framings_without_a_schema_say_what_is_missing() -> None:
    decoded = AVRO.decode(Payload(b"\0\0\0\x01\x02datum"), NO_OPTIONS)
    assert child(root(decoded), "schema id").value == 258
    assert "Choose its schema" in decoded.notes[0]
    decoded = AVRO.decode(Payload(b"\xc3\x01\1\2\3\4\5\6\7\x08datum"), NO_OPTIONS)
    assert child(root(decoded), "fingerprint").text == "0807060504030201"
    with pytest.raises(DecodeError, match="Choose its schema"):
        AVRO.decode(Payload(b"Object"), NO_OPTIONS)


def test_a_schema_of_another_format_is_named(tmp_path: Path) -> None:
    path = write_schema(tmp_path, "lab.proto", LAB)
    with pytest.raises(DecodeError, match="one of Protobuf"):
        AVRO.decode(Payload(b"\0\0\0\0\0\0"), DecodeOptions(schema=path))


def test_without_its_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    data = _file(USER, [ADA])
    monkeypatch.setitem(sys.modules, "fastavro", None)
    assert AVRO.sniff(Payload(data)) == 0.99
    with pytest.raises(DecodeError, match="Install fastavro"):
        AVRO.decode(Payload(data), NO_OPTIONS)


@pytest.mark.parametrize(
    ("type_", "value", "kind", "text"),
    [
        (
            {"type": "long", "logicalType": "timestamp-micros"},
            datetime(2026, 1, 2, 3, 4, 5, 67_000, tzinfo=UTC),
            NodeKind.TIME,
            "2026-01-02T03:04:05.067Z",
        ),
        ({"type": "int", "logicalType": "date"}, date(2026, 1, 2), NodeKind.TIME, "2026-01-02"),
        (
            {"type": "int", "logicalType": "time-millis"},
            (datetime(2026, 1, 1) + timedelta(hours=1, seconds=2, milliseconds=30)).time(),
            NodeKind.TIME,
            "01:00:02.03",
        ),
        (
            {"type": "bytes", "logicalType": "decimal", "precision": 8, "scale": 3},
            Decimal("-12.345"),
            NodeKind.NUMBER,
            "-12.345",
        ),
        ({"type": "long", "logicalType": "of-mine"}, 5, NodeKind.NUMBER, "5"),
        ({"type": "long", "logicalType": "timestamp-millis"}, 1 << 62, NodeKind.NUMBER, None),
    ],
)
def test_logical_types(
    tmp_path: Path, type_: dict[str, Any], value: object, kind: NodeKind, text: str | None
) -> None:
    options = DecodeOptions(schema=write_schema(tmp_path, "a.avsc", json.dumps(type_)))
    node = tree(AVRO, _datum(type_, value), options)
    assert (node.kind, node.text) == (kind, text or str(value))


def test_recursion_ends_in_a_sentence(tmp_path: Path) -> None:
    chain = {
        "type": "record",
        "name": "Link",
        "fields": [{"name": "next", "type": ["null", "Link"]}],
    }
    options = DecodeOptions(schema=write_schema(tmp_path, "link.avsc", json.dumps(chain)))
    survives(AVRO, b"\x02" * 100_000 + b"\x00", options)
    node = tree(AVRO, b"\x02" * 30 + b"\x00", options)
    for _ in range(30):
        node = child(node, "next")
    assert child(node, "next").kind is NodeKind.NULL


BOMBS: list[tuple[str, object, Callable[[], bytes]]] = [
    ("nulls", {"type": "array", "items": "null"}, lambda: b"\xfe" + b"\xff" * 8 + b"\x01\x00"),
    ("doubles", {"type": "array", "items": "double"}, lambda: b"\xfe" + b"\xff" * 8 + b"\x01"),
    ("strings", {"type": "array", "items": "string"}, lambda: b"\xfe\xff\xff\xff\x0f" + bytes(9)),
    ("a string", "string", lambda: b"\xfe" + b"\xff" * 8 + b"\x01ab"),
    ("negative", "bytes", lambda: b"\x01"),
    ("empties", {"type": "array", "items": "string"}, lambda: b"\x80\x89\x7a" + bytes(2_000_000)),
    ("maps", {"type": "map", "values": "null"}, lambda: b"\x80\x89\x7a" + bytes(2_000_000)),
    ("no end", "long", lambda: b"\xff" * 100),
    ("branch", ["null", "int"], lambda: b"\x08\x02"),
    ("long text", "string", lambda: b"\x80\x84\xaf\x5f" + b"a" * 100_000_000),
]


@pytest.mark.parametrize(("schema", "make"), [b[1:] for b in BOMBS], ids=[b[0] for b in BOMBS])
def test_hostile_data_is_bounded(tmp_path: Path, schema: object, make: Callable[[], bytes]) -> None:
    options = DecodeOptions(schema=write_schema(tmp_path, "a.avsc", json.dumps(schema)))
    survives(AVRO, make(), options)


def test_long_arrays_are_shown_item_by_item(tmp_path: Path) -> None:
    words = [str(number) for number in range(100_000)]
    schema = {"type": "array", "items": "string"}
    options = DecodeOptions(schema=write_schema(tmp_path, "a.avsc", json.dumps(schema)))
    assert plain(tree(AVRO, _datum(schema, words), options)) == words


def test_a_block_that_unpacks_to_too_much_is_refused() -> None:
    whole = _file(USER, [ADA], "deflate")
    head, sync = whole[: whole.rindex(whole[-16:], 0, -16) + 16], whole[-16:]
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(bytes(100_000_000)) + packer.flush()
    size = len(body) << 1
    length = bytearray()
    while size > 0x7F:
        length.append(size & 0x7F | 0x80)
        size >>= 7
    data = head + b"\x02" + bytes(length) + bytes([size]) + body + sync
    last = list(children_of(child(tree(AVRO, data), "records")))[-1]
    assert last.kind is NodeKind.ERROR
    assert "more than 16,000,000 bytes" in last.text


@pytest.mark.parametrize("codec", ["null", "deflate", "bzip2", "xz", "snappy"])
def test_every_head_is_read(codec: str) -> None:
    data = _file(USER, [ADA] * 3, codec)
    for size in range(1, len(data), 3):
        survives(AVRO, data[:size])


@pytest.mark.parametrize(
    "schema", ["[" * 50_000, '{"type":"array","items":' * 5_000 + '"int"' + "}" * 5_000, "{}", "x"]
)
def test_hostile_schemas_are_refused(schema: str) -> None:
    text = schema.encode()
    size = len(text) << 1
    length = bytearray()
    while size > 0x7F:
        length.append(size & 0x7F | 0x80)
        size >>= 7
    length.append(size)
    data = b"Obj\x01\x02\x16avro.schema" + bytes(length) + text + b"\0" + bytes(16)
    with pytest.raises(DecodeError, match=r"schema"):
        AVRO.decode(Payload(data), NO_OPTIONS)


def test_a_preview_names_the_record_and_its_compression_alone() -> None:
    fields = [{"name": "deflate", "type": "int"}]
    plain_one = {"type": "record", "name": "Tick", "fields": fields}
    data = _file(plain_one, [{"deflate": 1}])
    assert AVRO.preview(Payload(data), NO_OPTIONS) == "avro container file Tick"
    packed = _file(plain_one, [{"deflate": 1}], "deflate")
    assert AVRO.preview(Payload(packed), NO_OPTIONS) == "avro container file Tick, deflate"
    head = data[: data.index(b"fields") + 9]
    assert AVRO.preview(Payload(head, is_cut=True), NO_OPTIONS).startswith("avro container file")


def test_where_two_framings_fit_both_are_told(tmp_path: Path) -> None:
    fields = [{"name": "a", "type": "int"}, {"name": "b", "type": "bytes"}]
    schema = json.dumps({"type": "record", "name": "R", "fields": fields})
    options = DecodeOptions(schema=write_schema(tmp_path, "r.avsc", schema))
    decoded = AVRO.decode(Payload(b"\0\x0a\0\0\0\x02\0"), options)
    assert decoded.type == "R"
    assert decoded.notes == (
        "It may as well be a Confluent message, whose value begins at byte 5: both fit.",
    )
    decoded = AVRO.decode(Payload(b"\0\0\0\0\x07\x02\x02x"), options)
    assert (decoded.type, decoded.notes) == ("R (Confluent message)", ())


@pytest.mark.parametrize(
    ("last", "value", "why"),
    [
        ({"type": "enum", "name": "Kind", "symbols": ["A", "B"]}, b"\x02", "no such symbol"),
        ("boolean", b"\x01", "neither true nor false"),
        ({"type": "array", "items": "int"}, b"\0", "a block of another size"),
    ],
)
def test_of_two_framings_that_fit_the_one_is_taken_whose_values_do(
    tmp_path: Path, last: object, value: bytes, why: str
) -> None:
    types = ["int", "int", "int", "int", last, "bytes"]
    fields = [{"name": f"f{number}", "type": each} for number, each in enumerate(types)]
    schema = json.dumps({"type": "record", "name": "R", "fields": fields})
    options = DecodeOptions(schema=write_schema(tmp_path, "r.avsc", schema))
    # Read as a plain value, the id's last byte is the odd one; the bytes take the rest.
    is_array = value == b"\0"
    body = (b"\x06" if is_array else b"\x0a") + b"\0\0\0" + value + b"\0"
    framed = b"\0\0\0\0" + (b"\x01" if is_array else b"\x07") + body
    decoded = AVRO.decode(Payload(framed), options)
    assert (decoded.type, decoded.notes) == ("R (Confluent message)", ()), why


def test_bytes_without_a_schema_end_in_an_ellipsis() -> None:
    decoded = AVRO.decode(Payload(b"\0\0\0\0\1" + bytes(100)), NO_OPTIONS)
    assert child(root(decoded), "data").text.endswith("…")


SENSOR: Any = {
    "type": "record",
    "name": "Sensor",
    "fields": [
        {"name": "unit", "type": ["null", "string"]},
        {"name": "note", "type": "string"},
        {"name": "values", "type": {"type": "array", "items": "double"}},
    ],
}


@pytest.mark.parametrize(
    ("note", "words"),
    [("calm", '"calm" values=[1.5, 1.5,'), ("", '"" values=[1.5, 1.5,'), ("long" * 2_000, "…")],
)
@pytest.mark.parametrize("frame", [b"", b"\0\0\0\0\x2a"])
def test_the_beginning_of_a_message_is_read_in_its_own_framing(
    tmp_path: Path, frame: bytes, note: str, words: str
) -> None:
    # Without a unit even plain data begins with a zero, as Confluent's framing does.
    options = DecodeOptions(schema=write_schema(tmp_path, "s.avsc", json.dumps(SENSOR)))
    data = frame + _datum(SENSOR, {"unit": None, "note": note, "values": [1.5] * 1_000})
    name = "Sensor (Confluent message)" if frame else "Sensor"
    assert AVRO.decode(Payload(data), options).type == name
    for head in (Payload(data[:512], True, len(data)), Payload(data[:512], True), Payload(data)):
        rest = "note=" + words if words != "…" else "…"
        assert AVRO.preview(head, options).startswith(f"avro {name} unit=null {rest}")


def test_a_preview_has_the_digits_of_decimals_and_times(tmp_path: Path) -> None:
    schema: Any = {
        "type": "record",
        "name": "Sale",
        "fields": [
            {
                "name": "sum",
                "type": {"type": "bytes", "logicalType": "decimal", "precision": 30, "scale": 2},
            },
            {"name": "at", "type": {"type": "long", "logicalType": "timestamp-nanos"}},
            {"name": "open", "type": {"type": "int", "logicalType": "time-millis"}},
        ],
    }
    options = DecodeOptions(schema=write_schema(tmp_path, "sale.avsc", json.dumps(schema)))
    data = b"\x18" + (10**27 + 10).to_bytes(12, "big") + b"\x02" + b"\x80\xba\xee\x01"
    told = AVRO.preview(Payload(data), options)
    assert "sum=10000000000000000000000000.10 at=1970-01-01T00:00:00.000000001Z" in told
    assert "open=00:32:33.408" in told
