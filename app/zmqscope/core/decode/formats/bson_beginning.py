"""A BSON document of which only the beginning is there, read in one go. Pure, any thread."""

from __future__ import annotations

import struct
from typing import Any

from zmqscope.core.decode.compact import CUT
from zmqscope.core.decode.formats.bson_tree import ARRAY, DOCUMENT, MIN_DOCUMENT, WIDTHS
from zmqscope.core.decode.formats.bson_values import decoded
from zmqscope.core.decode.formats.open_items import MOST_ITEMS

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
    # Where each document begins whose end is not there, and how many elements of it are there.
    path: list[tuple[int, int]] = []
    start, count, at = 0, 0, 4
    (stop,) = _LENGTH.unpack_from(data)
    size = len(data)
    for _ in range(MOST_ITEMS):
        if at >= min(size, stop - 1):
            break
        kind = data[at]
        value = data.find(b"\0", at + 1) + 1
        if not value:
            break
        width = WIDTHS.get(kind)
        if width is not None:
            end = value + width
        elif value + 4 > size:
            break
        else:
            (length,) = _LENGTH.unpack_from(data, value)
            if kind in (DOCUMENT, ARRAY):
                end = value + length
                if length < MIN_DOCUMENT or end > stop - 1:
                    return None
                if end > size:
                    path.append((start, count))
                    start, count, at, stop = value, 0, value + 4, end
                    continue
            elif length >= 0 and kind in _LENGTHS:
                end = value + length + _LENGTHS[kind]
            else:
                return None
        if end > stop - 1:
            return None
        if end > size:
            break
        at = end
        count += 1
    is_whole = at == stop - 1 and data[at : at + 1] == b"\0"
    if not is_whole and at >= stop - 1 and stop <= size:
        return None
    return _read(data, path, (start, count), at, is_whole=is_whole)


def _read(
    data: bytes, path: list[tuple[int, int]], last: tuple[int, int], stop: int, *, is_whole: bool
) -> dict[Any, Any] | None:
    """What the library makes of it, closed behind its last element that is there."""
    closed = _closed(data[last[0] + 4 : stop])
    inner_start = last[0]
    for start, _ in reversed(path):
        closed = _closed(data[start + 4 : inner_start] + closed)
        inner_start = start
    try:
        value = decoded(closed)
    except ValueError:
        return None
    if is_whole:
        return value
    inner: Any = value
    for _, count in path:
        if len(inner) != count + 1:
            return None
        if type(inner) is list:
            deeper = inner[-1]
            inner.append(CUT)
        else:
            deeper = inner[next(reversed(inner))]
            inner[CUT] = None
        inner = deeper
        if type(inner) not in (list, dict):
            return None
    if len(inner) != last[1]:
        return None
    if type(inner) is list:
        inner.append(CUT)
    else:
        inner[CUT] = None
    return value


def _closed(elements: bytes) -> bytes:
    return _LENGTH.pack(len(elements) + MIN_DOCUMENT) + elements + b"\0"
