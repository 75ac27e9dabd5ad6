"""Readings as our sensors send them: `RD`, a count, then name, length first, and a float32 each."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import partial

from zmqscope.core.decode.decoded import Decoded, DecodeError, Tree
from zmqscope.core.decode.field_path import Name
from zmqscope.core.decode.node import Node, NodeKind, Span, error_node
from zmqscope.core.decode.payload import DecodeOptions, Payload

MAGIC = b"RD"


class Readings:
    """Reads them; the order of the methods is that in which they are called."""

    name = "readings"
    title = "Sensor readings"
    first_bytes = frozenset(MAGIC[:1])

    def sniff(self, payload: Payload) -> float:
        """How likely it is that these are readings: two bytes alone would not be sure."""
        data = payload.data
        if not data.startswith(MAGIC) or len(data) < 4:
            return 0.0
        return 0.95 if 0 < data[3] < 32 else 0.3

    def preview(self, payload: Payload, options: DecodeOptions) -> str:
        """One line for the table, from the first bytes: `readings(2) temperature=21.5 …`."""
        count = self._count(payload.data)
        shown = [f"{name}={value:g}" for name, value, _ in walk(payload.data)]
        return " ".join([f"readings({count})", *shown])

    def decode(self, payload: Payload, options: DecodeOptions) -> Decoded:
        """Everything, as a tree; nothing is read before somebody unfolds it."""
        data = payload.data
        count = self._count(data)
        root = Node(
            None,
            NodeKind.OBJECT,
            "readings",
            count=count,
            span=Span(0, len(data)),
            children=partial(children, data, count),
        )
        return Decoded((Tree(root),), f"readings({count})")

    def _count(self, data: bytes) -> int:
        if not data.startswith(MAGIC) or len(data) < 3:
            raise DecodeError("Readings begin with RD; this does not.", 0)
        return data[2]


def walk(data: bytes) -> Iterator[tuple[str, float, Span]]:
    """All readings that are there as a whole; never trusts the count."""
    at = 3
    while at < len(data):
        stop = at + 1 + data[at] + 4
        if stop > len(data):
            return
        name = data[at + 1 : stop - 4].decode(errors="backslashreplace")
        (value,) = struct.unpack_from("<f", data, stop - 4)
        yield name, value, Span(at, stop)
        at = stop


def children(data: bytes, count: int) -> Iterator[Node]:
    """A new iterator over the fields each time; what cannot be read is a sentence."""
    seen = 0
    for name, value, span in walk(data):
        seen += 1
        number = Span(span.stop - 4, span.stop)
        yield Node(Name(name), NodeKind.NUMBER, "float32", f"{value:g}", value, span=number)
    if seen < count:
        yield error_node(f"Only {seen} of {count} readings are there.", len(data))


READINGS = Readings()
