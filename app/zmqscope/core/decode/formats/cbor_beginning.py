"""A CBOR container of which only the beginning is there, read in one go. Pure, any thread."""

from __future__ import annotations

import struct
from typing import Any

from zmqscope.core.decode.formats.cbor_tree import WIDTHS
from zmqscope.core.decode.formats.cbor_values import loaded
from zmqscope.core.decode.formats.open_items import MOST_ITEMS, Beginning, OpenItem

_NULL = b"\xf6"
_BREAK = 0xFF
_HEAD = struct.Struct(">BI")
_ARRAY32, _MAP32 = 0x9A, 0xBA
_BYTES, _TEXT, _ARRAY, _MAP, _TAG = 2, 3, 4, 5, 6
_ENDLESS = 1 << 70
_TAGGED = -1


def read_beginning(data: bytes, start: int) -> tuple[Any, int] | None:
    """A container as far as it is there; what is missing is ``CUT``.

    Args:
        data: The payload's first bytes.
        start: Where it begins, behind its tags.

    Returns:
        The container and where it ends, 0 if that is not there. None if it is not so simple: a key
        is a container or comes twice, a tag stands before what is open, the library refuses a
        value, or the bytes are not CBOR.
    """
    found = _walk(data, start)
    if found is None:
        return None
    try:
        value = found.marked(loaded(found.closed(data, start, _head, _NULL)))
    except ValueError:
        return None
    return None if value is None else (value, 0 if found.open_items else found.stop)


def _head(is_map: bool, count: int) -> bytes:
    return _HEAD.pack(_MAP32 if is_map else _ARRAY32, count)


def _walk(data: bytes, start: int) -> Beginning | None:
    """How far an item goes."""
    outer: list[tuple[int, int, bool, int, int]] = []
    size, at = len(data), start
    head_at, behind, is_map, total, left = start, start, False, 1, 1
    tag_at = -1
    for _ in range(MOST_ITEMS):
        if at >= size:
            break
        first = data[at]
        width = WIDTHS[first]
        if width:
            if at + width > size:
                break
            at, tag_at = at + width, -1
            left -= 1
        elif first == _BREAK:
            if tag_at >= 0 or total != _ENDLESS or (is_map and left & 1):
                return None
            at += 1
            left = 0
        else:
            head = _long_head(data, at)
            if head is None:
                return None
            major, argument, here = head
            if here > size:
                break
            if major in (_BYTES, _TEXT):
                if argument is None:
                    return None
                if here + argument > size:
                    break
                at, tag_at = here + argument, -1
                left -= 1
            elif major in (_ARRAY, _MAP):
                if is_map and not (total - left) & 1:
                    return None
                outer.append((head_at, behind, is_map, total, left - 1))
                # What a tag makes of a container cannot be told before its end.
                head_at, behind, is_map = (at if tag_at < 0 else _TAGGED), here, major == _MAP
                total = _ENDLESS if argument is None else argument * 2 if is_map else argument
                left = total
                at, tag_at = here, -1
            elif major == _TAG and argument is not None:
                tag_at = at if tag_at < 0 else tag_at
                at = here
            else:
                return None
        while not left:
            if len(outer) < 2:
                return Beginning((), at)
            head_at, behind, is_map, total, left = outer.pop()
    if not outer:
        return None
    outer.append((head_at, behind, is_map, total, left))
    if any(each[0] == _TAGGED for each in outer):
        return None
    return Beginning(tuple(map(OpenItem._make, outer[1:])), at if tag_at < 0 else tag_at)


def _long_head(data: bytes, at: int) -> tuple[int, int | None, int] | None:
    """Major type, argument and end of a head whose first byte does not say it all."""
    first = data[at]
    extra = first & 31
    if extra < 24:
        return first >> 5, extra, at + 1
    if extra < 28:
        behind = at + 1 + (1 << (extra - 24))
        return first >> 5, int.from_bytes(data[at + 1 : behind], "big"), behind
    return (first >> 5, None, at + 1) if extra == 31 else None
