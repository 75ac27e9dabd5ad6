"""Avro: container files, single objects, Confluent's framing, plain data. Pure, any thread.

fastavro checks schemas; values are walked in ``walk.py``. Container files bring their schema,
all else needs one (``options.schema``, an .avsc file).
"""

from __future__ import annotations

import re
from importlib.util import find_spec

from zmqscope.core.decode import schemas
from zmqscope.core.decode.decoded import BadSchemaError, Decoded, DecodeError, Tree
from zmqscope.core.decode.field_path import Name
from zmqscope.core.decode.formats.avro.container import (
    MAGIC,
    Head,
    container_tree,
    read_beginning,
    read_head,
)
from zmqscope.core.decode.formats.avro.schemas import INSTALL, parse_avro
from zmqscope.core.decode.formats.avro.tree import value_node
from zmqscope.core.decode.formats.avro.walk import AvroError, Source, skip, skip_checked
from zmqscope.core.decode.leaf_text import hex_text
from zmqscope.core.decode.node import Node, NodeKind, Span
from zmqscope.core.decode.node_values import payload_head, preview_line
from zmqscope.core.decode.payload import DecodeOptions, Payload
from zmqscope.core.decode.schemas import AvroSchema, AvroType

_SINGLE = b"\xc3\x01"
_SINGLE_HEAD = 10
_CONFLUENT_HEAD = 5
_HEAD_BYTES = 4_096
_MOST_MISSING = 1_000_000
_EITHER = "It may as well be a Confluent message, whose value begins at byte 5: both fit."
_MISSING = "Choose its schema, an .avsc file: such messages do not bring it along."
# Before anything that is nested: names of fields are not that of the record.
_NAME = re.compile(rb'\s*\{[^{}\[\]]*?"name"\s*:\s*"([^"\\]{1,80})"')


class AvroDecoder:
    """Avro; ``options.schema`` is an .avsc file, ``options.message`` a record in it."""

    name = "avro"
    title = "Avro"
    first_bytes = frozenset((0x00, 0xC3, ord("O")))

    def sniff(self, payload: Payload) -> float:
        """Container files have a mark; the framings are short enough to be something else."""
        data = payload.data
        if data.startswith(MAGIC):
            return 0.99
        if data.startswith(_SINGLE) and payload.size >= _SINGLE_HEAD:
            return 0.6
        return 0.0

    def decode(self, payload: Payload, options: DecodeOptions) -> Decoded:
        """A tree of records, or of what can be told without a schema.

        Raises:
            DecodeError: It is no Avro, or what it takes is not there.
        """
        if find_spec("fastavro") is None:
            raise DecodeError(INSTALL)
        data = payload.data
        try:
            if data.startswith(MAGIC):
                head = read_head(data)
                root = container_tree(payload, head, _schema_of(head))
                return Decoded((Tree(root),), f"container file{_codec(head)}")
            schema, type_ = _chosen(options)
            if schema is None or type_ is None:
                return _without_schema(payload)
            return _with_schema(payload, schema, type_)
        except AvroError as error:
            raise DecodeError(f"Byte {error.at}: {error.text}.", error.at) from None

    def preview(self, payload: Payload, options: DecodeOptions) -> str:
        """The first fields, or what the head says.

        Raises:
            DecodeError: As in ``decode``.
        """
        if not payload.data.startswith(MAGIC):
            decoded = self.decode(payload_head(payload), options)
            return "".join(
                preview_line(f"avro {decoded.type}", body.root)
                for body in decoded.bodies
                if isinstance(body, Tree)
            )
        data = payload.data[:_HEAD_BYTES]
        head = read_beginning(data)
        schema = head.value("avro.schema")
        found = _NAME.match(schema)
        name = f" {found[1].decode(errors='replace')}" if found else ""
        return f"avro container file{name}{_codec(head)}"


def _codec(head: Head) -> str:
    codec = head.value("avro.codec").decode(errors="replace")[:20]
    return "" if codec in ("", "null") else f", {codec}"


def _schema_of(head: Head) -> AvroSchema:
    text = head.value("avro.schema")
    if not text:
        raise DecodeError("The head has no schema (avro.schema).")
    return parse_avro(text.decode(errors="replace"))


def _chosen(options: DecodeOptions) -> tuple[AvroSchema | None, AvroType | None]:
    if not options.schema:
        return None, None
    schema = schemas.loaded(options.schema)
    if not isinstance(schema, AvroSchema):
        raise BadSchemaError("The schema is one of Protobuf; choose an .avsc file.")
    if not options.message:
        return schema, schema.parsed
    type_ = schema.named.get(options.message)
    if type_ is None:
        raise DecodeError(f"The schema has no record “{options.message[:80]}”.")
    return schema, type_


def _without_schema(payload: Payload) -> Decoded:
    data = payload.data
    if data.startswith(_SINGLE) and len(data) >= _SINGLE_HEAD:
        what, start = "single object", _SINGLE_HEAD
        label, at, text = "fingerprint", 2, data[2:_SINGLE_HEAD][::-1].hex()
        kind, value = NodeKind.OTHER, None
    elif data[:1] == b"\0" and len(data) >= _CONFLUENT_HEAD:
        what, start, label, at = "Confluent message", _CONFLUENT_HEAD, "schema id", 1
        kind, value = NodeKind.NUMBER, int.from_bytes(data[1:_CONFLUENT_HEAD], "big")
        text = str(value)
    else:
        raise DecodeError(_MISSING)
    body = data[start:]
    children = (
        Node(Name(label), kind, label, text, value, span=Span(at, start)),
        Node(
            Name("data"),
            NodeKind.BYTES,
            "bytes",
            hex_text(body),
            body,
            span=Span(start, len(data)),
            note=_MISSING.rstrip("."),
        ),
    )
    root = Node(
        None,
        NodeKind.OBJECT,
        what,
        count=2,
        span=Span(0, len(data)),
        children=lambda: iter(children),
    )
    return Decoded((Tree(root),), f"{what}, {label} {text}", (_MISSING,))


def _with_schema(payload: Payload, schema: AvroSchema, type_: AvroType) -> Decoded:
    """Framings are tried first where the bytes may have one."""
    data = payload.data
    source = Source(data, len(data), schema.named)
    found: list[tuple[int, str]] = []
    for start, framing in _framings(data):
        note = _mismatch(data, type_) if framing == "single object" else ""
        try:
            stop = skip(source, type_, start)
        except AvroError as error:
            if error.is_long:
                return _datum(source, type_, start, framing, note)
            if framing == "single object" and not payload.is_cut:
                raise
            continue
        if framing == "single object":
            return _datum(source, type_, start, framing, note)
        if stop == len(data):
            found.append((start, framing))
    if len(found) > 1:
        found = [each for each in found if _is_sound(source, type_, each[0])] or found
    if found:
        note = _EITHER if len(found) > 1 else ""
        return _datum(source, type_, *found[0], note)
    if not payload.is_cut:
        stop = skip(source, type_, 0)
        rest = len(data) - stop
        words = "1 byte follows" if rest == 1 else f"{rest:,} bytes follow"
        note = f"{words} behind the value."
        return _datum(source, type_, 0, "", note)
    # Of two that lead equally far, the framing is the likelier one.
    known = payload.size if payload.size > len(data) else len(data) + _MOST_MISSING
    start, framing = max(
        reversed(_framings(data)), key=lambda each: _reach(source, type_, each[0], known)
    )
    return _datum(source, type_, start, framing, "")


def _reach(source: Source, type_: AvroType, start: int, size: int) -> int:
    """How far a value can be followed that may go on behind the bytes that are here.

    Args:
        source: The beginning.
        type_: What it is.
        start: Where it begins.
        size: Where it ends at the latest.
    """
    try:
        return skip_checked(source, type_, start)
    except AvroError as error:
        return source.stop if source.stop < error.wants <= size else error.at


def _is_sound(source: Source, type_: AvroType, start: int) -> bool:
    try:
        return skip_checked(source, type_, start) == source.stop
    except AvroError:
        return False


def _framings(data: bytes) -> list[tuple[int, str]]:
    if data.startswith(_SINGLE) and len(data) >= _SINGLE_HEAD:
        return [(_SINGLE_HEAD, "single object")]
    if data[:1] == b"\0" and len(data) >= _CONFLUENT_HEAD:
        return [(0, ""), (_CONFLUENT_HEAD, "Confluent message")]
    return [(0, "")]


def _datum(source: Source, type_: AvroType, start: int, framing: str, note: str) -> Decoded:
    node, _ = value_node(source, type_, start, None)
    what = f"{node.type} ({framing})" if framing else node.type
    return Decoded((Tree(node),), what, (note,) if note else ())


def _mismatch(data: bytes, type_: AvroType) -> str:
    """What to say if the fingerprint in front is not that of the schema."""
    import fastavro

    canonical = fastavro.schema.to_parsing_canonical_form(type_)
    known = fastavro.schema.fingerprint(canonical, "CRC-64-AVRO")
    given = data[2:_SINGLE_HEAD]
    if known in (given.hex(), given[::-1].hex()):
        return ""
    return "The fingerprint in front is not that of this schema: values may be wrong."


AVRO = AvroDecoder()
