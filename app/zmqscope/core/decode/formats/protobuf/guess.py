"""What length-delimited bytes of an unknown Protobuf field may be. Pure, any thread.

The wire does not tell text from messages, bytes or packed numbers; what is likeliest comes first.
"""

from __future__ import annotations

import codecs
import math
import re
import struct
from enum import Enum
from typing import NamedTuple

from zmqscope.core.decode.formats.protobuf.wire import looks_like_message

_LOOKED_AT = 4_096
_MAX_PACKED = 1_024
_PRINTABLE = re.compile(rb"[\t\n\r\x20-\x7e]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class Content(Enum):
    """What length-delimited bytes may be; the value is what a reader is told."""

    EMPTY = "empty"
    TEXT = "text"
    MESSAGE = "a message"
    VARINTS = "packed varints"
    FLOATS = "packed floats"
    DOUBLES = "packed doubles"
    BYTES = "bytes"


class Likely(NamedTuple):
    """A guess about length-delimited bytes.

    Attributes:
        content: What they are taken for.
        why: The reason and what else they may be: a sentence without its full stop.
    """

    content: Content
    why: str


def likely_content(data: bytes, start: int, stop: int, *, deep: bool = True) -> Likely:
    """What bytes may be.

    Args:
        data: All bytes.
        start: Where they begin.
        stop: Where they end.
        deep: Whether a message may still be taken for one; not where all is nested too deep.
    """
    if start == stop:
        return Likely(Content.EMPTY, "Empty: a text, bytes, a message or a packed array")
    is_text = plain_text(data, start, stop)
    is_message = deep and looks_like_message(data, start, stop)
    if is_text:
        why = "Text, since all of it is printable"
        return Likely(Content.TEXT, f"{why}; it could be a message" if is_message else why)
    if is_message:
        return Likely(Content.MESSAGE, "A message, since fields fill it exactly")
    packed = _packed_content(data, start, stop)
    if packed is not None:
        return packed
    return Likely(Content.BYTES, "Bytes: neither text nor fields nor plausible numbers")


def content_of(data: bytes, start: int, stop: int) -> Content:
    """What bytes may be, without the reason; see ``likely_content``."""
    if start == stop:
        return Content.EMPTY
    if plain_text(data, start, stop):
        return Content.TEXT
    if looks_like_message(data, start, stop):
        return Content.MESSAGE
    packed = _packed_content(data, start, stop)
    return Content.BYTES if packed is None else packed.content


def plain_text(data: bytes, start: int, stop: int) -> bool:
    """Whether bytes begin with readable UTF-8 without control characters."""
    head = data[start : min(stop, start + _LOOKED_AT)]
    if _PRINTABLE.fullmatch(head):
        return True
    if head.isascii():
        return False
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        text = decoder.decode(head, final=stop - start <= _LOOKED_AT)
    except UnicodeDecodeError:
        return False
    return not _CONTROL.search(text)


def _packed_content(data: bytes, start: int, stop: int) -> Likely | None:
    part = data[start : min(stop, start + _MAX_PACKED)]
    packed = packed_floats(part, stop - start)
    if packed is Content.DOUBLES:
        return Likely(packed, "Packed doubles, since all of them are of everyday size")
    if packed is Content.FLOATS:
        return Likely(packed, "Packed floats, since all of them are of everyday size")
    if stop - start >= 2 and _small_varints(part, whole=len(part) == stop - start):
        return Likely(Content.VARINTS, "Packed varints, since small ones fill it exactly")
    return None


def packed_floats(part: bytes, size: int) -> Content | None:
    """Whether bytes are floats or doubles of everyday size.

    Args:
        part: Their beginning.
        size: How many there are.
    """
    floats: tuple[float, ...] = ()
    if size % 4 == 0 and size >= 12:
        floats = struct.unpack_from(f"<{len(part) // 4}f", part)
        if not (any(floats) and all(map(plausible_float, floats))):
            floats = ()
    if size % 8 == 0 and size >= 16:
        doubles = struct.unpack_from(f"<{len(part) // 8}d", part)
        # Two floats make a plausible double by chance, but the lower half of a double makes a
        # plausible float only if it is zero, as in round numbers.
        can_be = not floats or not any(floats[::2])
        if can_be and any(doubles) and all(map(plausible_float, doubles)):
            return Content.DOUBLES
    return Content.FLOATS if floats else None


def plausible_float(value: float) -> bool:
    """Whether a number is of a size that people use."""
    size = math.fabs(value)
    return size == 0 or 1e-9 < size < 1e12


def _small_varints(part: bytes, *, whole: bool) -> bool:
    """Whether bytes are varints in their shortest form, most of them of a single byte."""
    singles = sum(byte < 0x80 for byte in part)
    if singles * 4 < len(part) * 3 or (whole and part[-1] >= 0x80):
        return False
    run = 0
    for byte in part:
        if byte >= 0x80:
            run += 1
        elif run and (not byte or run > 4):
            return False
        else:
            run = 0
    return True
