"""MessagePack walked byte by byte, for the spans that its library does not tell. Any thread.

Values are the library's: this knows where an item begins and ends, nothing else. What is large is
passed over by the library as well, a piece at a time.
"""

from __future__ import annotations

import functools
import re
from typing import Any, NamedTuple

from zmqscope.core.decode.broken import BrokenError
from zmqscope.core.decode.compact import Verbatim, compact
from zmqscope.core.decode.field_path import Key, Name, Step
from zmqscope.core.decode.items.tree import (
    Clock,
    ItemReader,
    alike_end,
    bytes_key,
    ends_early,
)
from zmqscope.core.decode.leaf_text import (
    LARGE_NOTE,
    MAX_VALUE_BYTES,
    hex_text,
    large_text,
)
from zmqscope.core.decode.libraries import library
from zmqscope.core.decode.node import MAX_NODE_TEXT, Node, NodeKind, Span, shorten
from zmqscope.core.decode.utc_text import moment

_PLAIN_ITEMS = 400
_UNIFORM_ITEMS = 64
_FIRST_FEED = 64 * 1024
_MAX_FEED = 4 * 1024 * 1024
_BLOCK = 1024 * 1024
_LEAST_FIXINT = -32
_LARGE_LEAF = 64 * 1024
_FIRST_STR = 0xD9
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


WIDTHS = _widths()
"""Bytes of items by their first byte; 0 where that does not say it all."""

_SIMPLE_RUN = re.compile(rb"[\x00-\x7f\xc0\xc2\xc3\xe0-\xff]*+")
# First bytes with a length behind them: bytes of the length, bytes between it and the content.
LENGTHS = {
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
    length: int
    at: int


def unpacked(data: bytes, **options: Any) -> Any:
    """One item as the library reads it: any key is allowed, times are times.

    Raises:
        ValueError: It is none, not all of it, or more than one.
        TypeError: A key that cannot be one in Python.
    """
    msgpack = library("msgpack")

    return msgpack.unpackb(data, strict_map_key=False, **options)


def ext_text(code: int, data: bytes) -> Verbatim:
    """An extension in a line."""
    return Verbatim(f"ext({code}, {compact(data)})")


class MsgpackReader(ItemReader):
    """Reads MessagePack items."""

    def skip(self, at: int, clock: Clock) -> int:
        """Offset behind the item at ``at``; see ``ItemReader.skip``."""
        return self._skip(at, clock, tries_library=True)

    def _skip(self, start: int, clock: Clock, *, tries_library: bool) -> int:
        data, size, at = self.data, len(self.data), start
        open_items, count = 1, 0
        while open_items:
            if at >= size:
                raise ends_early(size, f"the item that begins at {start:,}")
            open_items -= 1
            width = WIDTHS[data[at]]
            if width:
                at += width
            elif (opening := self._opening(at)) is None:
                at = self._behind_length(at)
            else:
                at = opening.at
                inside = opening.length * (2 if opening.is_map else 1)
                if inside >= _UNIFORM_ITEMS and at < size:
                    passed = self._uniform(at, inside)
                    inside -= passed[0]
                    at = passed[1]
                open_items += inside
            count += 1
            if not count % _PLAIN_ITEMS:
                clock.check()
                if tries_library and count == _PLAIN_ITEMS:
                    stop = self._skip_by_library(start, clock)
                    if stop is not None:
                        return stop
        if at > size:
            raise ends_early(size, f"the item that begins at {start:,}")
        return at

    def _skip_by_library(self, start: int, clock: Clock) -> int | None:
        """The same much faster; None if it stumbles, over nesting for instance."""
        msgpack = library("msgpack")

        unpacker = msgpack.Unpacker(max_buffer_size=0)
        view, at, piece = memoryview(self.data), start, _FIRST_FEED
        while at < len(self.data):
            unpacker.feed(view[at : at + piece])
            at += piece
            try:
                unpacker.skip()
            except msgpack.OutOfData:
                clock.check()
                piece = min(piece * 4, _MAX_FEED)
            except (ValueError, msgpack.UnpackException):
                return None
            else:
                return start + int(unpacker.tell())
        return None

    def _uniform(self, at: int, count: int) -> tuple[int, int]:
        """Pass over as many alike items as there are, at C's speed: how many, and where it ends."""
        data, size = self.data, len(self.data)
        first = data[at]
        width = WIDTHS[first]
        if width == 1:
            stop = _simple_end(data, at, min(at + count, size))
            return stop - at, stop
        if width:
            stop = alike_end(data, at, width, count)
            return (stop - at) // width, stop
        return 0, at

    def _opening(self, at: int) -> _Opening | None:
        data = self.data
        first = data[at]
        if first & 0xE0 == 0x80:
            return _Opening(first < 0x90, first & 15, at + 1)
        if 0xDC <= first <= 0xDF:
            bytes_ = 4 if first & 1 else 2
            behind = at + 1 + bytes_
            if behind > len(data):
                raise ends_early(len(data), f"a container's length at {at:,}")
            return _Opening(first >= 0xDE, int.from_bytes(data[at + 1 : behind], "big"), behind)
        return None

    def _behind_length(self, at: int) -> int:
        data = self.data
        form = LENGTHS.get(data[at])
        if form is None:
            raise BrokenError(f"Byte {at:,} is 0xc1, which MessagePack never uses.", at)
        behind = at + 1 + form[0]
        if behind > len(data):
            raise ends_early(len(data), f"a length at {at:,}")
        length = int.from_bytes(data[at + 1 : behind], "big")
        if behind + form[1] + length > len(data):
            missing = behind + form[1] + length - len(data)
            word = _TYPES.get(data[at], "ext")
            raise ends_early(
                len(data),
                f"the {word} of {length:,} bytes at {at:,}: {missing:,} bytes are missing",
            )
        return behind + form[1] + length

    def opens(self, at: int) -> bool:
        """Whether a map or an array begins there."""
        if at >= len(self.data):
            return False
        first = self.data[at]
        if first & 0xE0 == 0x80:
            return True
        return 0xDC <= first <= 0xDF and at + (5 if first & 1 else 3) <= len(self.data)

    # ---- fields -----------------------------------------------------------------------------

    def node(self, at: int, stop: int | None, step: Step | None, key_span: Span | None) -> Node:
        """The item at ``at`` as a field; see ``ItemReader.node``."""
        opening = self._opening(at)
        span = None if stop is None else Span(at, stop)
        if opening is None:
            return self._leaf(Span(at, len(self.data) if stop is None else stop), step, key_span)
        is_map, count, behind = opening
        children = self.map_children if is_map else self.array_children
        note = ""
        shown: int | None = count
        if count * (2 if is_map else 1) > len(self.data) - behind:
            note = f"Claims {count:,} {'fields' if is_map else 'items'}, more than there are bytes"
            shown = None
        return Node(
            step,
            NodeKind.OBJECT if is_map else NodeKind.ARRAY,
            "map" if is_map else "array",
            count=shown,
            span=span,
            key_span=key_span,
            note=note,
            children=functools.partial(children, behind, count),
        )

    def _leaf(self, span: Span, step: Step | None, key_span: Span | None) -> Node:
        first = self.data[span.start]
        if span.stop - span.start > MAX_VALUE_BYTES:
            return self._large_leaf(span, step, key_span)
        value = self._value(span)
        kind, text, note = NodeKind.OTHER, "", ""
        type_ = _TYPES.get(first) or ("str" if 0xA0 <= first <= 0xBF else "fixint")
        if isinstance(value, str):
            kind, text = NodeKind.STRING, shorten(value[: MAX_NODE_TEXT + 1])
        elif isinstance(value, bytes):
            kind, text = NodeKind.BYTES, hex_text(value)
            if type_ == "str":
                note = "Not UTF-8, so it is shown as bytes"
        elif value is None:
            kind, text = NodeKind.NULL, "nil"
        elif isinstance(value, bool):
            kind, text = NodeKind.BOOL, "true" if value else "false"
        elif isinstance(value, (int, float)):
            kind, text = NodeKind.NUMBER, str(value)
            if type_ == "float32":
                text = compact(value)
        else:
            return self._extension(value, span, step, key_span)
        return Node(step, kind, type_, text, value, None, span, key_span, note)

    def _large_leaf(self, span: Span, step: Step | None, key_span: Span | None) -> Node:
        """Text or bytes that are not copied; a copy of their beginning tells what they are."""
        first = self.data[span.start]
        form = LENGTHS[first]
        at = span.start + 1 + sum(form)
        kind, type_ = NodeKind.BYTES, _TYPES.get(first, "ext")
        text = large_text(self.data, at, is_text=type_ == "str")
        if type_ == "str":
            kind = NodeKind.STRING
        elif type_ == "ext":
            code = int.from_bytes(self.data[at - 1 : at], "big", signed=True)
            kind, type_ = NodeKind.OTHER, f"ext {code}"
        return Node(step, kind, type_, text, None, None, span, key_span, LARGE_NOTE)

    @staticmethod
    def _extension(value: Any, span: Span, step: Step | None, key_span: Span | None) -> Node:
        code, content = value
        if code == _TIMESTAMP:
            try:
                text, time = _timestamp(content)
            except ValueError as error:
                note = f"No timestamp: {error}"
                return Node(
                    *(step, NodeKind.OTHER, "ext -1", hex_text(content), content, None, span),
                    key_span=key_span,
                    note=note,
                )
            return Node(step, NodeKind.TIME, "timestamp", text, time, None, span, key_span)
        text = hex_text(content)
        return Node(step, NodeKind.OTHER, f"ext {code}", text, content, None, span, key_span)

    def _value(self, span: Span) -> Any:
        """A leaf as the library reads it; text that is not UTF-8 stays bytes."""
        first = self.data[span.start]
        if span.stop - span.start > _LARGE_LEAF and first in _TYPES:
            # The library would copy it twice more.
            content = self.data[span.start + 1 + LENGTHS[first][0] : span.stop]
            return _text_or_bytes(content) if first >= _FIRST_STR else content
        part = self.data[span.start : span.stop]
        if first in _EXTENSIONS:
            # The library refuses some timestamps, and with them the whole.
            length = LENGTHS.get(first, (0, 1))[0]
            code = part[1 + length]
            return code - 256 if code > 127 else code, part[2 + length :]
        try:
            return unpacked(part)
        except UnicodeDecodeError:
            return unpacked(part, raw=True)

    def key(self, at: int, stop: int) -> Name | Key:
        """A key; text becomes a name, everything else is written as in JSON or Python."""
        if self._opening(at) is not None:
            try:
                return Key(compact(unpacked(self.data[at:stop], use_list=False), _KEY_CHARS))
            except (ValueError, TypeError):
                return bytes_key(self.data[at:stop])
        value = self._value(Span(at, stop))
        if isinstance(value, str):
            return Name(value)
        if isinstance(value, bytes):
            return bytes_key(value)
        if isinstance(value, tuple):
            return Key(f"ext {value[0]} {bytes_key(value[1]).text}")
        return Key(compact(value))


_KEY_CHARS = 80
_EXTENSIONS = frozenset((0xC7, 0xC8, 0xC9, *range(0xD4, 0xD9)))


def _simple_end(data: bytes, at: int, stop: int) -> int:
    """Where a run of items of one byte ends, at the latest at ``stop``."""
    import numpy as np

    while at < stop:
        block = np.frombuffer(data, np.int8, min(_BLOCK, stop - at), at)
        if block.min() >= _LEAST_FIXINT:
            at += len(block)
            continue
        found = _SIMPLE_RUN.match(data, at, at + len(block))
        end = at if found is None else found.end()
        if end < at + len(block):
            return end
        at = end
    return at


def _text_or_bytes(content: bytes) -> str | bytes:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content


def _timestamp(content: bytes) -> tuple[str, Any]:
    msgpack = library("msgpack")

    time = msgpack.Timestamp.from_bytes(content)
    return moment(time.seconds, time.nanoseconds)
