"""Arrow: IPC streams, IPC files (Feather), single schemas; Parquet is only named. Any thread.

The head is read here without pyarrow, which takes a third of a second to import; pyarrow reads the
values of batches that somebody opens, see ``columns.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from typing import NamedTuple

from zmqscope.core.decode.compact import CUT, LINE_CHARS, Verbatim, compact_line
from zmqscope.core.decode.decoded import Decoded, DecodeError, Tree
from zmqscope.core.decode.field_path import Name
from zmqscope.core.decode.formats.arrow.columns import batch_nodes
from zmqscope.core.decode.formats.arrow.messages import (
    FILE_MAGIC,
    SCHEMA,
    ArrowError,
    FieldClaim,
    Message,
    read_message,
    schema_fields,
)
from zmqscope.core.decode.node import Node, NodeKind, Span, error_node, shorten
from zmqscope.core.decode.payload import DecodeOptions, Payload
from zmqscope.core.wording import counted, shortened

_PARQUET, _FEATHER_1 = b"PAR1", b"FEA1"
_NAMED = {
    _PARQUET: "Parquet is a file format that is not read here; save the bytes to a file.",
    _FEATHER_1: "Feather version 1 is not read here; version 2 is.",
}
_INSTALL = "Install pyarrow to see values (pip install pyarrow)."
_MAX_METADATA = 1 << 24
_SHOWN_FIELDS = 20


class _Head(NamedTuple):
    title: str
    message: Message
    fields: list[FieldClaim]


class ArrowDecoder:
    """Apache Arrow's IPC formats."""

    name = "arrow"
    title = "Arrow"
    first_bytes = frozenset((0xFF, ord("A"), ord("F"), ord("P")))

    def sniff(self, payload: Payload) -> float:
        """Files have a mark; a stream begins with a schema message."""
        data = payload.data
        if data.startswith(FILE_MAGIC):
            return 0.99
        if data[:4] in _NAMED:
            return 0.9 if payload.is_cut or data[-4:] == data[:4] else 0.3
        if data[:4] != b"\xff\xff\xff\xff" or len(data) < 24:
            return 0.0
        size = int.from_bytes(data[4:8], "little")
        if not 8 <= size <= min(payload.size, _MAX_METADATA) or size % 8:
            return 0.0
        try:
            message = read_message(data, 0)
        except ArrowError as error:
            return 0.7 if error.is_cut and payload.is_cut else 0.0
        if message is None:
            return 0.0
        return 0.98 if message.kind == SCHEMA else 0.7

    def decode(self, payload: Payload, options: DecodeOptions) -> Decoded:
        """Fields and batches.

        Raises:
            DecodeError: There is no schema in front, or pyarrow is not installed.
        """
        del options
        data = payload.data
        if data[:4] in _NAMED:
            return _only_named(data)
        head = _head(data)
        has_library = find_spec("pyarrow") is not None
        if not has_library:
            raise DecodeError(f"{_INSTALL} Its fields: {_field_words(head.fields)}.")
        root = _root(payload, head)
        return Decoded((Tree(root),), f"{head.title} of {counted(len(head.fields), 'field')}")

    def preview(self, payload: Payload, options: DecodeOptions) -> str:
        """The names and types of its fields.

        Raises:
            DecodeError: As in ``decode``.
        """
        del options
        data = payload.data
        if data[:4] in _NAMED:
            return "parquet file" if data[:4] == _PARQUET else "feather file"
        is_file = data.startswith(FILE_MAGIC)
        try:
            message = _schema_message(data)
        except DecodeError:
            if not payload.is_cut:
                raise
            return "arrow file" if is_file else "arrow stream"
        # Streams of one kind begin alike, so their fields are read once.
        fields = _preview_fields(data[: message.body])
        return f"arrow {'file' if is_file else 'stream'} {fields}"


@lru_cache(maxsize=32)
def _preview_fields(begin: bytes) -> str:
    """The first fields of a schema; its message has no body."""
    fields = _schema(_schema_message(begin))
    shown: dict[object, object] = {
        each.name: Verbatim(shortened(each.type, 40)) for each in fields[:_SHOWN_FIELDS]
    }
    if len(fields) > len(shown):
        shown[CUT] = CUT
    return compact_line(f"fields({len(fields)})", shown, LINE_CHARS - 20)


def _schema_message(data: bytes) -> Message:
    """The first message, which has to be the schema."""
    try:
        message = read_message(data, len(FILE_MAGIC) if data.startswith(FILE_MAGIC) else 0)
    except ArrowError as error:
        raise DecodeError(f"Byte {error.at}: {error.text}.", error.at) from None
    if message is None:
        raise DecodeError("There is no schema in front: the stream ends at once.", 0)
    if message.kind != SCHEMA:
        text = "This is a single message of a stream; its schema came in an earlier one."
        raise DecodeError(text, message.start)
    return message


def _schema(message: Message) -> list[FieldClaim]:
    try:
        return schema_fields(message)
    except ArrowError as error:
        raise DecodeError(f"Byte {error.at}: {error.text}.", error.at) from None


def _head(data: bytes) -> _Head:
    title = "file" if data.startswith(FILE_MAGIC) else "stream"
    message = _schema_message(data)
    return _Head(title, message, _schema(message))


def _field_words(fields: list[FieldClaim]) -> str:
    shown = ", ".join(
        f"{shortened(each.name, 40)}: {shortened(each.type, 40)}" for each in fields[:12]
    )
    return f"{shown} …" if len(fields) > 12 else shown


def _root(payload: Payload, head: _Head) -> Node:
    data, message = payload.data, head.message

    def children() -> Iterator[Node]:
        yield Node(
            Name("schema"),
            NodeKind.OBJECT,
            "schema",
            count=len(head.fields),
            span=Span(message.start, message.stop),
            children=lambda: _field_nodes(head.fields),
        )
        yield Node(
            Name("batches"),
            NodeKind.ARRAY,
            "record batches",
            span=Span(message.stop, len(data)),
            children=lambda: batch_nodes(data, is_cut=payload.is_cut),
        )

    span = Span(0, len(data))
    return Node(None, NodeKind.OBJECT, head.title, count=2, span=span, children=children)


def _field_nodes(fields: list[FieldClaim]) -> Iterator[Node]:
    seen: dict[str, int] = {}
    for each in fields:
        nth = seen[each.name] = seen.get(each.name, 0) + 1
        note = "" if each.may_be_null else "Never null"
        text = shorten(each.type)
        yield Node(Name(each.name, nth), NodeKind.OTHER, "field", text, text, note=note)


def _only_named(data: bytes) -> Decoded:
    text = _NAMED[data[:4]]
    name = "Parquet file" if data[:4] == _PARQUET else "Feather file, version 1"
    root = Node(
        None,
        NodeKind.OBJECT,
        name,
        count=0,
        span=Span(0, len(data)),
        children=lambda: iter((error_node(text.rstrip(".")),)),
    )
    return Decoded((Tree(root),), name, (text,))


ARROW = ArrowDecoder()
