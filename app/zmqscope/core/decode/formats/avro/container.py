"""Avro's container files: head, blocks and their compressions. Pure, any thread.

Source: the Avro specification, "Object Container Files".
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count

from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.field_path import Index, Name
from zmqscope.core.decode.formats.avro.tree import sentence, value_node
from zmqscope.core.decode.formats.avro.walk import AvroError, Source
from zmqscope.core.decode.leaf_text import hex_text
from zmqscope.core.decode.node import Node, NodeKind, Span, error_node, shorten
from zmqscope.core.decode.payload import Payload
from zmqscope.core.decode.schemas import AvroSchema

MAGIC = b"Obj\x01"
MAX_BLOCK_BYTES = 16_000_000
"""Bytes that a block gives out at most."""

_SYNC_BYTES = 16
_MOST_ENTRIES = 1_000
_MOST_EMPTY = 10_000
_MEMORY_BYTES = 64_000_000


_Entry = tuple[str, bytes, Span, Span]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a container file.

    Attributes:
        entries: Metadata: key, value and where each stands.
        sync: The mark behind each block.
        stop: Where the first block begins.
    """

    entries: tuple[_Entry, ...] = field(repr=False)
    sync: bytes
    stop: int

    def value(self, key: str) -> bytes:
        """What the metadata says; empty if nothing."""
        return next((value for name, value, *_ in self.entries if name == key), b"")


def read_head(data: bytes) -> Head:
    """The head of a container file.

    Raises:
        AvroError: There is none.
    """
    entries: list[_Entry] = []
    stop = _read_entries(data, entries)
    return Head(tuple(entries), data[stop - _SYNC_BYTES : stop], stop)


def read_beginning(data: bytes) -> Head:
    """The head of a container file as far as it is here; an entry that is cut has its beginning."""
    entries: list[_Entry] = []
    with suppress(AvroError):
        _read_entries(data, entries, may_be_cut=True)
    return Head(tuple(entries), b"", len(data))


def _read_entries(data: bytes, entries: list[_Entry], *, may_be_cut: bool = False) -> int:
    """Where a head ends.

    Raises:
        AvroError: It does not.
    """
    source = Source(data, len(data), {})
    at = len(MAGIC)
    while True:
        number, at = source.long(at)
        if not number:
            break
        if number < 0:
            _, at = source.long(at)
        for _ in range(abs(number)):
            if len(entries) >= _MOST_ENTRIES:
                raise AvroError("The head has too many entries", at)
            length, start = source.long(at)
            key_stop = source.take(start, length, "a key of the head")
            length, begin = source.long(key_stop)
            if may_be_cut and length > len(data) - begin:
                length = len(data) - begin
            at = source.take(begin, length, "an entry of the head")
            name = data[start:key_stop].decode(errors="replace")
            entries.append((name, data[begin:at], Span(start, key_stop), Span(begin, at)))
    return source.take(at, _SYNC_BYTES, "the mark of the file")


def container_tree(payload: Payload, head: Head, schema: AvroSchema) -> Node:
    """Records and metadata of a container file."""
    data = payload.data

    def children() -> Iterator[Node]:
        yield Node(
            Name("records"),
            NodeKind.ARRAY,
            "records",
            span=Span(head.stop, len(data)),
            children=lambda: _records(payload, head, schema),
        )
        yield Node(
            Name("metadata"),
            NodeKind.OBJECT,
            "map",
            count=len(head.entries),
            span=Span(len(MAGIC), head.stop - _SYNC_BYTES),
            children=lambda: _metadata(head),
        )

    span = Span(0, len(data))
    return Node(None, NodeKind.OBJECT, "container file", count=2, span=span, children=children)


def _metadata(head: Head) -> Iterator[Node]:
    seen: Counter[str] = Counter()
    for name, value, key_span, span in head.entries:
        seen[name] += 1
        step = Name(name, seen[name])
        try:
            text = value.decode()
        except UnicodeDecodeError:
            shown = hex_text(value)
            yield Node(step, NodeKind.BYTES, "bytes", shown, value, None, span, key_span)
        else:
            short = shorten(text[:2_000])
            yield Node(step, NodeKind.STRING, "string", short, text, None, span, key_span)


def _records(payload: Payload, head: Head, schema: AvroSchema) -> Iterator[Node]:
    data = payload.data
    whole = Source(data, len(data), schema.named)
    codec = head.value("avro.codec").decode(errors="replace") or "null"
    at, numbers = head.stop, count()
    empty = 0
    try:
        while at < len(data):
            many, at = whole.long(at)
            size, at = whole.long(at)
            stop = at + size
            empty = 0 if many > 0 else empty + 1
            if empty > _MOST_EMPTY:
                raise AvroError("Too many blocks without records", at)
            if size < 0 or stop + _SYNC_BYTES > len(data):
                if payload.is_cut:
                    yield error_node(f"From byte {at} on it is not here", at)
                    return
                raise AvroError(
                    f"A block is to have {size:,} bytes, but {len(data) - at:,} are left", at
                )
            if codec == "null":
                source = Source(data, stop, schema.named)
                yield from _block(source, schema, at, many, numbers)
            else:
                part = unpack(data[at:stop], codec)
                source = Source(part, len(part), schema.named, has_spans=False)
                yield from _block(source, schema, 0, many, numbers)
            if data[stop : stop + _SYNC_BYTES] != head.sync:
                raise AvroError("The mark behind a block is missing", stop)
            at = stop + _SYNC_BYTES
    except AvroError as error:
        yield sentence(whole, error)
    except DecodeError as error:
        yield error_node(error.text.rstrip("."), at)


def _block(
    source: Source, schema: AvroSchema, at: int, many: int, numbers: count[int]
) -> Iterator[Node]:
    try:
        for _ in range(many):
            node, at = value_node(source, schema.parsed, at, Index(next(numbers)))
            yield node
            if at < 0:
                return
    except AvroError as error:
        yield sentence(source, error)


def unpack(part: bytes, codec: str) -> bytes:
    """A block without its compression.

    Raises:
        DecodeError: It cannot be unpacked, or is too long.
    """
    try:
        if codec == "deflate":
            return _bounded(zlib.decompressobj(-15).decompress(part, MAX_BLOCK_BYTES + 1))
        if codec == "bzip2":
            return _bounded(bz2.BZ2Decompressor().decompress(part, MAX_BLOCK_BYTES + 1))
        if codec == "xz":
            unpacker = lzma.LZMADecompressor(memlimit=_MEMORY_BYTES)
            return _bounded(unpacker.decompress(part, MAX_BLOCK_BYTES + 1))
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, MemoryError) as error:
        raise DecodeError(f"A block cannot be unpacked ({codec}): {error}.") from None
    if codec == "zstandard":
        from zmqscope.core.decode.layers.zstd import ZSTD

        return _bounded(ZSTD.unpack(Payload(part), MAX_BLOCK_BYTES + 1).data)
    if codec == "snappy":
        from zmqscope.core.decode.layers.snappy_block import unpack_block

        # Behind each block is a CRC of four bytes, which is Avro's own.
        return _bounded(unpack_block(Payload(part[:-4]), MAX_BLOCK_BYTES + 1).data)
    raise DecodeError(f"The compression “{codec[:40]}” of this file is not known.")


def _bounded(part: bytes) -> bytes:
    if len(part) > MAX_BLOCK_BYTES:
        raise DecodeError(f"A block has more than {MAX_BLOCK_BYTES:,} bytes; it is not shown.")
    return part
