"""A MessagePack container of which only the beginning is there, read at once. Pure, any thread."""

from __future__ import annotations

import struct
from typing import Any

from zmqscope.core.decode.formats.msgpack.tree import LENGTHS, WIDTHS
from zmqscope.core.decode.items.open_items import NotSimpleError, Walk
from zmqscope.core.decode.libraries import library

_NIL = b"\xc0"
_HEAD = struct.Struct(">BI")
_MAP32, _ARRAY32 = 0xDF, 0xDD
_FIRST_MAP = 0xDE
_FIX_MAP, _FIX_ARRAY, _FIX_STR = 0x80, 0x90, 0xA0
_WIDE_HEADS = {0xDC: 2, 0xDD: 4, 0xDE: 2, 0xDF: 4}


def read_beginning(data: bytes, **options: Any) -> Any:
    """The first container as far as it is there; what is missing is ``CUT``.

    Args:
        data: The payload's first bytes.
        options: The library's.

    Returns:
        None if it is not so simple: a key is a container or comes twice, the library refuses a
        value, or a byte is none of MessagePack's.
    """
    found = _Walk(data, 0, WIDTHS).beginning()
    if found is None:
        return None
    closed = found.closed(data, 0, _head, _NIL)
    try:
        value = library("msgpack").unpackb(closed, strict_map_key=False, **options)
    except (ValueError, TypeError, OverflowError):
        return None
    return found.marked(value)


def _head(is_map: bool, count: int) -> bytes:
    return _HEAD.pack(_MAP32 if is_map else _ARRAY32, count)


class _Walk(Walk):
    def pass_over(self, first: int) -> bool:
        data, at = self.data, self.at
        if _FIX_MAP <= first < _FIX_STR:
            self.open(at, at + 1, first & 15, is_map=first < _FIX_ARRAY)
            return True
        wide = _WIDE_HEADS.get(first)
        if wide is not None:
            behind = at + 1 + wide
            if behind > len(data):
                return False
            count = int.from_bytes(data[at + 1 : behind], "big")
            self.open(at, behind, count, is_map=first >= _FIRST_MAP)
            return True
        lengths = LENGTHS.get(first)
        if lengths is None:
            raise NotSimpleError
        start = at + 1 + lengths[0]
        stop = start + lengths[1] + int.from_bytes(data[at + 1 : start], "big")
        if start > len(data) or stop > len(data):
            return False
        self.at = stop
        self.left -= 1
        return True
