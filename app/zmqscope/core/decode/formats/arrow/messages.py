"""Arrow's IPC messages: where they are, what their schema says, what they claim. Any thread.

Source: "Arrow Columnar Format", section "Serialization and Interprocess Communication", and
``Message.fbs``, ``Schema.fbs``. What a batch claims is checked here before pyarrow may read it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from zmqscope.core.decode.broken import BrokenError
from zmqscope.core.decode.formats.arrow.flatbuffer import FlatbufferError, Table, root_table
from zmqscope.core.wording import shortened

FILE_MAGIC = b"ARROW1\0\0"
SCHEMA, DICTIONARY, BATCH = 1, 2, 3

MAX_UNPACKED = 64_000_000
"""Bytes that the compressed buffers of a batch may have in sum."""

MAX_FIELDS = 10_000
"""Fields of a schema that are shown."""

_MAX_METADATA = 4_000_000
_MAX_PARTS = 100_000
_MAX_MESSAGES = 10_000
_MAX_DEPTH = 32
_SHOWN_TYPES = 8
_ROWS = 1 << 40
_TYPES = (
    *("?", "null", "int", "float", "binary", "string", "bool", "decimal", "date", "time"),
    *("timestamp", "interval", "list", "struct", "union", "fixed_size_binary", "fixed_size_list"),
    *("map", "duration", "large_binary", "large_string", "large_list", "run_end_encoded"),
    *("binary_view", "string_view", "list_view", "large_list_view"),
)
_UNITS = ("s", "ms", "us", "ns")


class ArrowError(BrokenError):
    """Messages that are none, or that claim what cannot be."""


class Message(NamedTuple):
    """An IPC message.

    Attributes:
        kind: ``SCHEMA``, ``DICTIONARY``, ``BATCH`` or another number of ``MessageHeader``.
        header: Its header.
        start: Where it begins.
        body: Where its body begins.
        stop: One past its body.
    """

    kind: int
    header: Table
    start: int
    body: int
    stop: int


def read_message(data: bytes, at: int) -> Message | None:
    """The message that begins at a byte; None at the end of a stream.

    Raises:
        ArrowError: There is none.
    """
    start = at
    if at + 8 > len(data):
        raise ArrowError("The bytes end in front of a message", at, is_cut=True)
    (size,) = struct.unpack_from("<i", data, at)
    at += 4
    if size == -1:
        (size,) = struct.unpack_from("<i", data, at)
        at += 4
    if not size:
        return None
    if not 8 <= size <= _MAX_METADATA:
        raise ArrowError(f"Metadata of {size:,} bytes", start)
    body = at + size
    if body > len(data):
        raise ArrowError("The bytes end inside a message's metadata", start, is_cut=True)
    try:
        table = root_table(data, at, body)
        kind, length = table.number(1, "B"), table.number(3, "q")
        header = table.table(2)
    except FlatbufferError:
        raise ArrowError("A message's metadata is broken", start) from None
    if header is None or not 1 <= kind <= 5:
        raise ArrowError("A message without a header", start)
    if length < 0 or body + length > len(data):
        left = len(data) - body
        text = f"A message's body is to have {length:,} bytes, but {left:,} are left"
        raise ArrowError(text, start, is_cut=length >= 0)
    return Message(kind, header, start, body, body + length)


def messages(data: bytes) -> Iterator[Message]:
    """The messages of a stream, or of a file, which holds a stream behind its mark.

    Raises:
        ArrowError: From there on they are none.
    """
    at = len(FILE_MAGIC) if data.startswith(FILE_MAGIC) else 0
    others = 0
    while at < len(data):
        message = read_message(data, at)
        if message is None:
            return
        others = 0 if message.kind == BATCH else others + 1
        if others > _MAX_MESSAGES:
            raise ArrowError("Too many messages without a batch", message.start)
        yield message
        at = message.stop


class FieldClaim(NamedTuple):
    """A field of a schema.

    Attributes:
        name: Its name.
        type: Its type in words.
        may_be_null: Whether values may be missing.
    """

    name: str
    type: str
    may_be_null: bool


def schema_fields(message: Message) -> list[FieldClaim]:
    """What a schema message says.

    Raises:
        ArrowError: It is broken.
    """
    try:
        return [
            FieldClaim(each.text(0), _type(each, 0), bool(each.number(1, "B")))
            for each in message.header.tables(1, MAX_FIELDS)
        ]
    except FlatbufferError:
        raise ArrowError("The schema is broken", message.start) from None


def _type(field: Table, depth: int) -> str:
    kind = field.number(2, "B")
    name = _TYPES[kind] if kind < len(_TYPES) else "?"
    detail = field.table(3)
    if detail is not None:
        if kind == 2:
            sign = "int" if detail.number(1, "B") else "uint"
            name = f"{sign}{detail.number(0, 'i')}"
        elif kind == 3:
            name = {0: "float16", 1: "float32", 2: "float64"}.get(detail.number(0, "h"), name)
        elif kind in (9, 18):
            name = f"{name}[{_unit(detail.number(0, 'h', 1))}]"
        elif kind == 10:
            zone = shortened(detail.text(1), 40)
            name = f"timestamp[{_unit(detail.number(0, 'h'))}{', ' + zone if zone else ''}]"
    if kind in (12, 13, 16, 17, 21, 25, 26) and depth < _MAX_DEPTH:
        inner = field.tables(5, _SHOWN_TYPES + 1)
        parts = [
            f"{shortened(each.text(0), 40)}: {_type(each, depth + 1)}"
            for each in inner[:_SHOWN_TYPES]
        ]
        if len(inner) > _SHOWN_TYPES:
            parts.append("…")
        name = shortened(f"{name}<{', '.join(parts)}>", 300)
    return f"dictionary<{name}>" if field.table(4) is not None else name


def _unit(number: int) -> str:
    return _UNITS[number] if 0 <= number < len(_UNITS) else "?"


def check_batch(data: bytes, message: Message) -> int:
    """Check what a record batch or a dictionary claims; gives its number of rows.

    Raises:
        ArrowError: It claims bytes that are not there, or unpacks to too much.
    """
    try:
        batch = message.header
        if message.kind == DICTIONARY:
            inner = batch.table(1)
            if inner is None:
                raise ArrowError("A dictionary without values", message.start)
            batch = inner
        rows = batch.number(0, "q")
        nodes, many = batch.vector(1, 16)
        buffers, count = batch.vector(2, 16)
        if many > _MAX_PARTS or count > _MAX_PARTS:
            raise ArrowError(f"A batch of more than {_MAX_PARTS:,} columns", message.start)
        _check_nodes(data, nodes, many, message)
        _check_buffers(data, (buffers, count), message, is_packed=batch.table(3) is not None)
    except FlatbufferError:
        raise ArrowError("A batch's metadata is broken", message.start) from None
    if not 0 <= rows < _ROWS:
        raise ArrowError(f"A batch of {rows:,} rows", message.start)
    return rows


def _check_nodes(data: bytes, start: int, many: int, message: Message) -> None:
    for at in range(start, start + 16 * many, 16):
        length, nulls = struct.unpack_from("<qq", data, at)
        if not (0 <= length < _ROWS and -1 <= nulls <= length):
            raise ArrowError(f"A column of {length:,} values", message.start)


def _check_buffers(
    data: bytes, vector: tuple[int, int], message: Message, *, is_packed: bool
) -> None:
    start, many = vector
    room, total = message.stop - message.body, 0
    for at in range(start, start + 16 * many, 16):
        offset, length = struct.unpack_from("<qq", data, at)
        if offset < 0 or length < 0 or offset + length > room:
            raise ArrowError("A column's bytes are outside of its batch", message.start)
        if not is_packed or not length:
            continue
        if length < 8:
            raise ArrowError("A compressed column is too short", message.start)
        (size,) = struct.unpack_from("<q", data, message.body + offset)
        if size < -1:
            raise ArrowError(f"A compressed column of {size:,} bytes", message.start)
        total += max(size, 0)
        if total > MAX_UNPACKED:
            text = f"A batch unpacks to more than {MAX_UNPACKED:,} bytes, so it is not shown"
            raise ArrowError(text, message.start)
