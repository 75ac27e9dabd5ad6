"""A BSON document of which only the beginning is there, read at once. Pure, any thread."""

from __future__ import annotations

import struct
from typing import Any

from zmqscope.core.decode.compact import CUT
from zmqscope.core.decode.formats.bson.tree import ARRAY, DOCUMENT, MIN_DOCUMENT, WIDTHS
from zmqscope.core.decode.formats.bson.values import decoded
from zmqscope.core.decode.items.open_items import MOST_ITEMS, NotSimpleError

_LENGTH = struct.Struct("<i")
_LENGTHS = {0x02: 4, 0x05: 5, 0x0D: 4, 0x0E: 4}
"""Elements that begin with a length: bytes that it does not count."""


def read_beginning(data: bytes) -> dict[Any, Any] | None:
    """The document as far as it is there; what is missing is ``CUT``.

    Args:
        data: The payload's first bytes.

    Returns:
        None if it is not so simple: a rare type stands in it, a key comes twice, the library
        refuses a value, or it is not BSON.
    """
    if len(data) < MIN_DOCUMENT:
        return None
    walk = _Walk(data)
    if walk.claimed < MIN_DOCUMENT:
        return None
    try:
        is_whole = walk.walk()
        value = decoded(walk.closed())
        if not is_whole:
            walk.mark(value)
    except (NotSimpleError, ValueError):
        return None
    return value


class _Walk:
    """Passes over elements as long as they are there."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        # Where each document begins whose end is not there, and how many elements of it are there.
        self._path: list[tuple[int, int]] = []
        self._start = 0
        self._count = 0
        self._at = 4
        self.claimed: int = _LENGTH.unpack_from(data)[0]
        self._stop: int = self.claimed

    def walk(self) -> bool:
        """Go on to the last element that is there; whether that is the document's last.

        Raises:
            NotSimpleError: See ``read_beginning``.
        """
        data, size, at = self._data, len(self._data), self._at
        for _ in range(MOST_ITEMS):
            last = self._stop - 1
            if at >= size or at >= last:
                break
            value = data.find(b"\0", at + 1) + 1
            width = WIDTHS.get(data[at])
            if not value:
                break
            end = value + width if width is not None else self._behind(data[at], value)
            if end > last:
                raise NotSimpleError
            if end <= size:
                at = end
                self._count += 1
            elif data[at] in (DOCUMENT, ARRAY) and value + 4 <= size:
                self._path.append((self._start, self._count))
                self._start, self._count, self._stop = value, 0, end
                at = value + 4
            else:
                break
        self._at = at
        if at < self._stop - 1 or at >= size:
            return False
        if data[at]:
            raise NotSimpleError
        # An inner document is only gone into if its end is not there.
        return True

    def _behind(self, kind: int, value: int) -> int:
        """Where a value ends that begins with its length."""
        data = self._data
        if value + 4 > len(data):
            return min(len(data) + 1, self._stop - 1)
        length: int = _LENGTH.unpack_from(data, value)[0]
        if kind in (DOCUMENT, ARRAY) and length >= MIN_DOCUMENT:
            return value + length
        if kind not in _LENGTHS or length < 0:
            raise NotSimpleError
        return value + length + _LENGTHS[kind]

    def closed(self) -> bytes:
        """The bytes so far, with lengths that say so."""
        data, stop, rest = self._data, self._at, b""
        for start, _ in ((self._start, self._count), *reversed(self._path)):
            elements = data[start + 4 : stop] + rest
            rest = _LENGTH.pack(len(elements) + MIN_DOCUMENT) + elements + b"\0"
            stop = start
        return rest

    def mark(self, value: Any) -> None:
        """Put ``CUT`` where elements are missing.

        Raises:
            NotSimpleError: It cannot be told where that is.
        """
        open_documents = (*((count + 1) for _, count in self._path), self._count)
        for count in open_documents:
            if type(value) not in (list, dict) or len(value) != count:
                raise NotSimpleError
            if type(value) is list:
                deeper = value[-1] if value else None
                value.append(CUT)
            else:
                deeper = value[next(reversed(value))] if value else None
                value[CUT] = None
            value = deeper
