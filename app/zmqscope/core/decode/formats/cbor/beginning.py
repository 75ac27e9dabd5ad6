"""A CBOR container of which only the beginning is there, read at once. Pure, any thread."""

from __future__ import annotations

import struct
from typing import Any

from zmqscope.core.decode.formats.cbor.tree import WIDTHS
from zmqscope.core.decode.formats.cbor.values import loaded
from zmqscope.core.decode.items.open_items import ENDLESS, NotSimpleError, Walk

_NULL = b"\xf6"
_BREAK = 0xFF
_HEAD = struct.Struct(">BI")
_ARRAY32, _MAP32 = 0x9A, 0xBA
_BYTES, _TEXT, _ARRAY, _MAP, _TAG = 2, 3, 4, 5, 6
_ONE_BYTE, _RESERVED, _INDEFINITE = 24, 28, 31
_STRINGS = (_BYTES, _TEXT)


def read_beginning(data: bytes, start: int) -> tuple[Any, int] | None:
    """A container as far as it is there; what is missing is ``CUT``.

    Args:
        data: The payload's first bytes.
        start: Where it begins, behind its tags.

    Returns:
        The container and where it ends, 0 if that is not there. None if it is not so simple: a key
        is a container or comes twice, a tag stands before a container, the library refuses a
        value, or the bytes are not CBOR.
    """
    found = _Walk(data, start, WIDTHS, _BREAK).beginning()
    if found is None:
        return None
    try:
        value = found.marked(loaded(found.closed(data, start, _head, _NULL)))
    except ValueError:
        return None
    return None if value is None else (value, 0 if found.open_items else found.stop)


def _head(is_map: bool, count: int) -> bytes:
    return _HEAD.pack(_MAP32 if is_map else _ARRAY32, count)


class _Walk(Walk):
    def pass_over(self, first: int) -> bool:
        major, argument, behind = self._head(self.at)
        if behind > len(self.data):
            return False
        if major in (_ARRAY, _MAP):
            is_map = major == _MAP
            count = argument if argument is not None else ENDLESS // (2 if is_map else 1)
            self.open(self.at, behind, count, is_map=is_map)
            return True
        stop = self._behind_leaf(major, argument, behind)
        if stop > len(self.data):
            return False
        self.at = stop
        self.left -= 1
        return True

    def _behind_leaf(self, major: int, argument: int | None, behind: int) -> int:
        """Where a leaf ends, perhaps behind the bytes that are there.

        Raises:
            NotSimpleError: It is none, or it has no length.
        """
        data = self.data
        while major == _TAG and behind < len(data):
            width = WIDTHS[data[behind]]
            if width:
                return behind + width
            major, argument, behind = self._head(behind)
        if major == _TAG:
            return len(data) + 1
        if major not in _STRINGS or argument is None:
            # What a tag makes of a container cannot be told before its end.
            raise NotSimpleError
        return behind + argument

    def _head(self, at: int) -> tuple[int, int | None, int]:
        """Major type, argument and end of a head."""
        data = self.data
        first = data[at]
        extra = first & 31
        if extra < _ONE_BYTE:
            return first >> 5, extra, at + 1
        if extra < _RESERVED:
            behind = at + 1 + (1 << (extra - _ONE_BYTE))
            return first >> 5, int.from_bytes(data[at + 1 : behind], "big"), behind
        if extra != _INDEFINITE:
            raise NotSimpleError
        return first >> 5, None, at + 1
