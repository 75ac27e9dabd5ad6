"""Reads the parts that Bitcoin's blocks and transactions are made of. Pure, any thread.

Sources: the Bitcoin developer reference ("Block chain", "Transactions", "CompactSize"). There is no
library of small size that tells where in the bytes a field stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.field_path import Index, Name
from zmqscope.core.decode.node import Node, NodeKind, Span, error_node, shorten

HASH_BYTES = 32
"""Bytes of a hash: SHA-256 of SHA-256."""

_MOST_ITEMS = 4_000_000  # no block of 4 MB holds more of anything
_WALKED_ITEMS = 60_000  # inputs, outputs and witnesses of a transaction: some 60 ms


def hash_text(digest: bytes) -> str:
    """A hash as explorers and RPC write it: its bytes in reverse order."""
    return digest[::-1].hex()


def hash_node(data: bytes, start: int, name: str | None = None) -> Node:
    """A hash as a field, at an offset of the bytes."""
    span = Span(start, start + HASH_BYTES)
    return Node(
        None if name is None else Name(name),
        NodeKind.BYTES,
        "hash",
        hash_text(data[start : span.stop]),
        data[start : span.stop],
        span=span,
        note="shown as explorers do, in the reverse order of its bytes",
    )


class Reader:
    """Reads fields one after the other.

    Args:
        data: The bytes.
        at: Where to begin.
    """

    __slots__ = ("_left", "at", "data")

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at
        self._left = _WALKED_ITEMS

    def take(self, size: int) -> Span:
        """The next bytes.

        Raises:
            DecodeError: There are not so many.
        """
        span = Span(self.at, self.at + size)
        if span.stop > len(self.data):
            raise DecodeError(
                f"The bytes end at {len(self.data):,}, but a field goes on to {span.stop:,}.",
                self.at,
            )
        self.at = span.stop
        return span

    def number(self, size: int, *, signed: bool = False) -> tuple[int, Span]:
        """A little-endian integer."""
        span = self.take(size)
        return int.from_bytes(self.data[span.start : span.stop], "little", signed=signed), span

    def compact_size(self) -> int:
        """A number of items or bytes (CompactSize)."""
        first, span = self.number(1)
        if first < 0xFD:
            return first
        number, _ = self.number({0xFD: 2, 0xFE: 4, 0xFF: 8}[first])
        if number > _MOST_ITEMS:
            raise DecodeError(f"{number:,} items are more than any block has.", span.start)
        return number

    def skip_blob(self) -> None:
        """Passes over a length and as many bytes.

        Raises:
            DecodeError: There are not so many, or this was done too often to go on.
        """
        self._left -= 1
        if not self._left:
            raise DecodeError(f"There are more than {_WALKED_ITEMS:,} items; not all are read.")
        self.take(self.compact_size())


def number_node(reader: Reader, name: str, size: int, *, signed: bool = False) -> Node:
    """A little-endian integer of so many bytes as a field."""
    number, span = reader.number(size, signed=signed)
    kind = f"{'int' if signed else 'uint'}{size * 8}"
    return Node(Name(name), NodeKind.NUMBER, kind, str(number), number, span=span)


def blob_node(reader: Reader, name: str | None, kind: str, index: int = 0) -> Node:
    """Bytes behind their length as a field: a named one, or an element of an array."""
    span = reader.take(reader.compact_size())
    part = reader.data[span.start : span.stop]
    step = Index(index) if name is None else Name(name)
    return Node(step, NodeKind.BYTES, kind, shorten(part[:512].hex()), part, span=span)


def branch(
    step: Name | Index | None,
    kind: NodeKind,
    type_: str,
    span: Span,
    fields: Callable[[], Iterator[Node]],
    count: int | None = None,
    text: str = "",
) -> Node:
    """A field with children that are read when somebody looks; what goes wrong is the last one."""

    def children() -> Iterator[Node]:
        try:
            yield from fields()
        except DecodeError as error:
            yield error_node(error.text, error.at)

    return Node(step, kind, type_, text, count=count, span=span, children=children)


def utc_time(number: int) -> datetime:
    """Seconds since 1970 as a time in UTC."""
    return datetime.fromtimestamp(number, UTC).replace(tzinfo=None)
