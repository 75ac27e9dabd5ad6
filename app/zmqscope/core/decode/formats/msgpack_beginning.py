"""A MessagePack container of which only the beginning is there, read in one go. Pure, any thread."""

from __future__ import annotations

import struct
from typing import Any

from zmqscope.core.decode.formats.msgpack_tree import LENGTHS, WIDTHS
from zmqscope.core.decode.formats.open_items import MOST_ITEMS, Beginning, OpenItem

_NIL = b"\xc0"
_HEAD = struct.Struct(">BI")
_MAP32, _ARRAY32 = 0xDF, 0xDD
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
    import msgpack

    found = _walk(data)
    if found is None:
        return None
    closed = found.closed(data, 0, _head, _NIL)
    try:
        value = msgpack.unpackb(closed, strict_map_key=False, **options)
    except (ValueError, TypeError, OverflowError):
        return None
    return found.marked(value)


def _head(is_map: bool, count: int) -> bytes:
    return _HEAD.pack(_MAP32 if is_map else _ARRAY32, count)


def _walk(data: bytes) -> Beginning | None:
    """How far the first item goes."""
    outer: list[tuple[int, int, bool, int, int]] = []
    size, at = len(data), 0
    head_at, behind, is_map, total, left = 0, 0, False, 1, 1
    for _ in range(MOST_ITEMS):
        if at >= size:
            break
        first = data[at]
        width = WIDTHS[first]
        if width:
            if at + width > size:
                break
            at += width
            left -= 1
        elif (found := LENGTHS.get(first)) is not None:
            start = at + 1 + found[0]
            stop = start + found[1] + int.from_bytes(data[at + 1 : start], "big")
            if start > size or stop > size:
                break
            at = stop
            left -= 1
        else:
            wide = _WIDE_HEADS.get(first, 0)
            if not wide and not 0x80 <= first < 0xA0 or is_map and not (total - left) & 1:
                return None
            if at + 1 + wide > size:
                break
            outer.append((head_at, behind, is_map, total, left - 1))
            head_at, behind = at, at + 1 + wide
            total = int.from_bytes(data[at + 1 : behind], "big") if wide else first & 15
            is_map = first >= 0xDE or first < 0x90
            left = total = total * 2 if is_map else total
            at = behind
        while not left:
            if len(outer) < 2:
                return Beginning((), at)
            head_at, behind, is_map, total, left = outer.pop()
    if not outer:
        return None
    outer.append((head_at, behind, is_map, total, left))
    return Beginning(tuple(map(OpenItem._make, outer[1:])), at)
