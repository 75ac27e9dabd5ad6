"""How likely bytes are a Protobuf message, from evidence counted in bits. Pure, any thread.

Nothing marks a message, and every second short string can be read as one. So each field gives as
many bits as it would take luck for other bytes to look like it, and takes some where writers would
have written it otherwise.
"""

from __future__ import annotations

import re
import struct
from math import log2

from zmqscope.core.decode.formats.protobuf.guess import packed_floats, plausible_float
from zmqscope.core.decode.formats.protobuf.wire import (
    FIXED32,
    FIXED64,
    GROUP,
    LENGTH,
    VARINT,
    Field,
    WireError,
    next_tag,
    read_field,
    read_varint,
)
from zmqscope.core.decode.payload import Payload

FIRST_BYTES = frozenset(byte for byte in range(8, 256) if byte & 7 in (0, 1, 2, 3, 5))
"""First bytes of a tag that there is."""

_MOST_FIELDS = 12
_ENOUGH_BITS = 40.0
_HOPELESS = -1_000.0
_TEXT_HEAD = re.compile(rb"[\t\n\r\x20-\x7e]*")
_READABLE = re.compile(rb"[\t\n\r\x20-\x7e]*")
_MOST_TEXT = 24
_LEVELS = 3


class _Tally:
    """Evidence of one message and of those inside it."""

    __slots__ = ("bits", "text")

    def __init__(self) -> None:
        self.bits = 0.0
        self.text = 0


def likelihood(payload: Payload) -> float:
    """The confidence that bytes are a message, 0 to 1."""
    data = payload.data
    found = _TEXT_HEAD.match(data, 0, 64)
    if found is not None and found.end() >= min(len(data), 64):
        return 0.0
    tally = _Tally()
    missing = payload.size - len(data) if payload.size > len(data) else -1
    if not payload.is_cut:
        missing = 0
    _weigh(data, 0, len(data), tally, _LEVELS, missing)
    if tally.bits < 6:
        return 0.0
    # 12 bits are even odds, 24 leave little doubt; without text there is always some.
    confidence = min(0.5 + (tally.bits - 12) / 40, 0.9)
    if tally.text < 5:
        confidence = min(confidence, 0.75)
    return max(confidence, 0.0)


def _weigh(data: bytes, start: int, stop: int, tally: _Tally, levels: int, missing: int) -> None:
    """Add a message's evidence; what is no message makes it hopeless.

    Args:
        data: All bytes.
        start: Where the message begins.
        stop: Where the bytes end.
        tally: Where evidence goes.
        levels: How many messages inside messages are looked into.
        missing: How many bytes behind ``stop`` are not here: 0 for none, -1 for unknown.
    """
    at, last = start, 0
    for _ in range(_MOST_FIELDS):
        if at >= stop or tally.bits > _ENOUGH_BITS:
            break
        try:
            field = read_field(data, at, stop)
            _weigh_field(data, field, tally, last, levels)
            at, last = next_tag(data, field, stop), field.number
        except WireError as error:
            go_on = _cut_bits(data, at, stop, missing) if error.is_cut and missing else _HOPELESS
            tally.bits += go_on
            return
        if tally.bits < -8:
            return
    if at == stop and not missing:
        # Fields that fill the bytes exactly.
        tally.bits += 2.0


def _weigh_field(data: bytes, field: Field, tally: _Tally, last: int, levels: int) -> None:
    number, wire = field.number, field.wire
    bits = 1.5
    if number > 15:
        bits = -0.5 if number < 64 else -3.0 if number < 1_024 else -9.0
    # Writers go through fields in order; a repeated one comes again.
    if number < last:
        bits -= 4.0
    elif number == last or number <= last + 3:
        bits += 1.5
    else:
        bits -= 1.0
    tally.bits += bits
    if wire == VARINT:
        tally.bits += _varint_bits(data, field)
    elif wire == LENGTH:
        _weigh_content(data, field, tally, levels)
    elif wire in (FIXED32, FIXED64):
        letter = "<f" if wire == FIXED32 else "<d"
        (value,) = struct.unpack_from(letter, data, field.start)
        plausible = plausible_float(value) and (value or number < 16)
        tally.bits += (2.0 if wire == FIXED32 else 4.0) if plausible else -1.0
    elif wire == GROUP:
        tally.bits -= 1.0


def _varint_bits(data: bytes, field: Field) -> float:
    size = field.stop - field.start
    if size == 1:
        return 1.0
    if data[field.stop - 1] == 0:
        # Nobody writes zeros in front of a number.
        return -9.0
    if size == 10:
        return 8.0 if field.raw >> 31 == (1 << 33) - 1 else -4.0
    return 0.0 if size < 6 else -0.5 * size


def _weigh_content(data: bytes, field: Field, tally: _Tally, levels: int) -> None:
    start, size = field.start, field.stop - field.start
    # That the length fits is luck where few bytes are left.
    room = len(data) - start
    tally.bits += min(log2(256 / (room + 1)), 3.0) if room < 255 else 0.0
    if not size:
        return
    if size < 128 and start - field.tag > 2 and field.number < 16:
        tally.bits -= 9.0
    head = min(field.stop, start + _MOST_TEXT)
    found = _READABLE.match(data, start, head)
    readable = 0 if found is None else found.end() - start
    if readable == head - start:
        tally.bits += 1.2 * readable
        tally.text += readable
    elif size >= 12 and packed_floats(data[start : min(field.stop, start + 64)], size):
        tally.bits += 6.0
    elif levels > 1 and data[start] in FIRST_BYTES:
        inner = _Tally()
        _weigh(data, start, field.stop, inner, levels - 1, 0)
        if inner.bits > 0:
            tally.bits += inner.bits
            tally.text += inner.text


def _cut_bits(data: bytes, at: int, stop: int, missing: int) -> float:
    """Evidence of a field that is cut off: whether it can end where all bytes do."""
    try:
        tag, at = read_varint(data, at, stop)
        if tag & 7 != LENGTH:
            return 0.0 if tag & 7 in (VARINT, FIXED64, FIXED32, GROUP) else _HOPELESS
        length, start = read_varint(data, at, stop)
    except WireError:
        return 0.0 if stop - at < 10 else _HOPELESS
    if missing < 0:
        return 0.0
    room = stop + missing - start
    if length > room or (length < 128 and start - at > 1):
        return _HOPELESS
    lengths: int = 1 << (7 * (start - at))
    bits = max(0.0, min(log2(lengths / (room + 1)), 5.0))
    part = data[start : min(stop, start + 64)]
    return bits + (6.0 if length >= 12 and len(part) >= 12 and packed_floats(part, length) else 0.0)
