"""MessagePack walked byte by byte, for the spans that its library does not tell. Any thread.

Values are the library's: this knows where an item begins and ends, nothing else. What is large is
passed over by the library as well, a piece at a time.
"""

from __future__ import annotations

import functools
import re
from typing import Any, NamedTuple

from zmqscope.core.decode.compact import Verbatim, compact
from zmqscope.core.decode.field_path import Key, Name, Step
from zmqscope.core.decode.formats.item_tree import (
    BrokenError,
    Clock,
    ItemReader,
    bytes_key,
    ends_early,
)
from zmqscope.core.decode.formats.utc_text import moment
from zmqscope.core.decode.node import MAX_NODE_TEXT, Node, NodeKind, Span, shorten

BYTES_SHOWN = 64
"""Bytes of a binary value that its text has."""

_PLAIN_ITEMS = 400
_CHECK_EVERY = 2_000
_UNIFORM_ITEMS = 64
_FIRST_FEED = 64 * 1024
_MAX_FEED = 4 * 1024 * 1024
_TIMESTAMP = -1


def _widths() -> bytes:
    """Bytes of items whose first byte says it all; 0 for the others."""
    widths = bytearray(256)
    for first in (*range(0x80), *range(0xE0, 0x100), 0xC0, 0xC2, 0xC3):
        widths[first] = 1
    for length in range(32):
        widths[0xA0 + length] = 1 + length
    for first, width in ((0xCC, 2), (0xCD, 3), (0xCE, 5), (0xCF, 9), (0xCA, 5), (0xCB, 9)):
        widths[first] = width
    for first, width in ((0xD0, 2), (0xD1, 3), (0xD2, 5), (0xD3, 9)):
        widths[first] = width
    for power in range(5):
        widths[0xD4 + power] = 2 + 2**power
    return bytes(widths)


_WIDTHS = _widths()
_SIMPLE_RUN = re.compile(rb"[\x00-\x7f\xc0\xc2\xc3\xe0-\xff]*+")
# First bytes with a length behind them: bytes of the length, bytes between it and the content.
_LENGTHS = {
    **{0xC4: (1, 0), 0xC5: (2, 0), 0xC6: (4, 0), 0xC7: (1, 1), 0xC8: (2, 1), 0xC9: (4, 1)},
    **{0xD9: (1, 0), 0xDA: (2, 0), 0xDB: (4, 0)},
}
_TYPES = {
    **{0xC0: "nil", 0xC2: "bool", 0xC3: "bool", 0xCA: "float32", 0xCB: "float64"},
    **{0xCC: "uint8", 0xCD: "uint16", 0xCE: "uint32", 0xCF: "uint64"},
    **{0xD0: "int8", 0xD1: "int16", 0xD2: "int32", 0xD3: "int64"},
    **{0xC4: "bin", 0xC5: "bin", 0xC6: "bin", 0xD9: "str", 0xDA: "str", 0xDB: "str"},
}


class _Opening(NamedTuple):
    """A container's head: whether it is a map, its fields or items, and where they begin."""

    is_map: bool
    count: int
    at: int


def unpacked(data: bytes, **options: Any) -> Any:
    """One item as the library reads it: any key is allowed, times are times.

    Raises:
        ValueError: It is none, not all of it, or more than one.
        TypeError: A key that cannot be one in Python.
    """
    import msgpack

    return msgpack.unpackb(data, strict_map_key=False, **options)


def ext_text(code: int, data: bytes) -> Verbatim:
    """An extension in a line."""
    return Verbatim(f"ext({code}, {compact(data)})")


class MsgpackReader(ItemReader):
    """Reads MessagePack items."""

    def skip(self, at: int, clock: Clock) -> int:
        data, size, start = self.data, len(self.data), at
        open_items, count = 1, 0
        while open_items:
            if at >= size:
                raise ends_early(size, f"the item that begins at {start:,}")
            count += 1
            open_items -= 1
            width = _WIDTHS[data[at]]
            if width:
                at += width
                continue
            opening = self._opening(at)
            if opening is None:
                at = self._behind_length(at)
                continue
            at = opening.at
            inside = opening.count * (2 if opening.is_map else 1)
            if inside >= _UNIFORM_ITEMS:
                passed, at = self._uniform(at, inside)
                inside -= passed
            open_items += inside
            if count > _PLAIN_ITEMS:
                stop = self._skip_by_library(start, clock)
                return self._skip_plainly(start, clock) if stop is None else stop
        if at > size:
            raise ends_early(size, f"the item that begins at {start:,}")
        return at
