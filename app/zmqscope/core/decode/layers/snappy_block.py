"""A bare Snappy block: recognised by following it, and given out from its beginning.

Pure, any thread. The format: https://github.com/google/snappy/blob/main/format_description.txt. The
library gives out a block only as a whole; a property test holds this to it.
"""

from __future__ import annotations

import time

from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.decoder import Unpacked
from zmqscope.core.decode.layers.lz4_block import copy_back
from zmqscope.core.decode.layers.output import MIN_TIME_NS, NS_PER_BYTE
from zmqscope.core.decode.payload import Payload

_MAX_LENGTH = (1 << 32) - 1
_MAX_RATIO = 22
"""A copy of 64 bytes takes three."""

_FRAGMENT = 65_536
_FOLLOWED = 24
_LOOK_EVERY = 1_024
_LIBRARY_BYTES = 64_000_000


def read_length(data: bytes) -> tuple[int, int]:
    """The claimed length (a varint) and where it ends; 0, 0 if there is none."""
    length = 0
    for at, byte in enumerate(data[:5]):
        length |= (byte & 0x7F) << 7 * at
        if byte < 0x80:
            return (length, at + 1) if length <= _MAX_LENGTH else (0, 0)
    return 0, 0


def looks_like_block(payload: Payload) -> float:
    """How likely it is that bytes are a Snappy block.

    There is no mark. But a block says how long it is when unpacked, which must fit its size and be
    met exactly; it begins with a literal, has no two of them in a row, and never refers back to
    before its beginning. Other bytes fail within two or three steps.
    """
    data = payload.data
    if len(data) < 4 or data[0] == 0:
        return 0.0
    length, at = (data[0], 1) if data[0] < 0x80 else read_length(data)
    # The first element is a literal of at most 60 bytes or says how many bytes its length takes.
    if at == 0 or at >= len(data) or data[at] & 3:
        return 0.0
    if length > _MAX_RATIO * payload.size or length + length // 6 + 32 < payload.size:
        return 0.0
    return _follow(payload, length, at)


def _follow(payload: Payload, length: int, at: int) -> float:
    data, size = payload.data, len(payload.data)
    produced, copies, was_literal = 0, 0, False
    for _ in range(_FOLLOWED):
        if at >= size:
            break
        tag = data[at]
        kind = tag & 3
        if kind == 0:
            if was_literal and produced % _FRAGMENT:
                return 0.0
            count, at = _literal(data, at)
            at += count
            was_literal = True
        else:
            count, offset, at = _copy(data, at)
            # The very end of what we hold may cut an element.
            if at > size:
                break
            if not 0 < offset <= produced:
                return 0.0
            copies += 1
            was_literal = False
        produced += count
        if produced > length:
            return 0.0
    return _confidence(payload, at, produced == length, copies)


def _confidence(payload: Payload, at: int, is_complete: bool, copies: int) -> float:
    size = len(payload.data)
    if is_complete and at != payload.size:
        return 0.0
    if not payload.is_cut and at >= size and not is_complete:
        return 0.0
    if is_complete and copies == 0:
        # A literal alone: two lengths that fit each other. Few compress what does not shrink.
        return 0.7 if size > 64 else 0.4
    if copies == 0:
        return 0.55 if at > size >= 64 else 0.3
    return min(0.95, (0.8 if is_complete else 0.7) + 0.05 * copies)


def _literal(data: bytes, at: int) -> tuple[int, int]:
    """A literal's length and where its bytes begin."""
    count = data[at] >> 2
    if count < 60:
        return count + 1, at + 1
    extra = count - 59
    return int.from_bytes(data[at + 1 : at + 1 + extra], "little") + 1, at + 1 + extra


def _copy(data: bytes, at: int) -> tuple[int, int, int]:
    """A copy's length, its offset, and where the next element begins."""
    tag = data[at]
    kind = tag & 3
    if kind == 1:
        low = data[at + 1] if at + 1 < len(data) else 0
        return 4 + (tag >> 2 & 7), (tag >> 5) << 8 | low, at + 2
    extra = 2 if kind == 2 else 4
    return (tag >> 2) + 1, int.from_bytes(data[at + 1 : at + 1 + extra], "little"), at + 1 + extra


def unpack_block(payload: Payload, limit: int) -> Unpacked:
    """Take a block off, as far as it is there.

    Raises:
        DecodeError: Not a single byte could be had.
    """
    data = payload.data
    length, at = read_length(data)
    if at == 0:
        raise DecodeError("This is no Snappy block: it does not begin with a length.", 0)
    if not payload.is_cut and length <= min(_LIBRARY_BYTES, _MAX_RATIO * len(data)):
        whole = _by_library(data)
        if whole is not None:
            return Unpacked(whole[:limit], len(whole) > limit)
    out = bytearray()
    wanted = min(limit, length)
    at, problem = _walk(data, at, out, wanted)
    given = bytes(out[:wanted])
    if payload.is_cut and problem == _TOO_EARLY:
        return Unpacked(given, is_cut=True)
    if not problem and length <= limit and len(out) >= length:
        if not payload.is_cut and (at < len(data) or len(out) > length):
            problem = f"More follows than the {length:,} bytes that this Snappy block claims."
        return Unpacked(given, problem=problem)
    if problem and not given:
        raise DecodeError(problem)
    return Unpacked(given, is_cut=not problem, problem=problem)


_TOO_EARLY = "The Snappy data ends too early: the rest is missing."


def _by_library(data: bytes) -> bytes | None:
    import cramjam

    try:
        return bytes(cramjam.snappy.decompress_raw(data))
    except cramjam.DecompressionError:
        # The walk says where, and gives out what is there.
        return None


def _walk(data: bytes, at: int, out: bytearray, wanted: int) -> tuple[int, str]:
    """Follow the elements until enough is there or the time is over.

    Returns:
        Where it stopped, and why if it could not go on.
    """
    end_ns = time.thread_time_ns() + max(MIN_TIME_NS, wanted * NS_PER_BYTE)
    turns = 0
    while len(out) < wanted:
        turns += 1
        if turns % _LOOK_EVERY == 0 and time.thread_time_ns() > end_ns:
            break
        if at >= len(data):
            return at, _TOO_EARLY
        start = at
        if data[at] & 3 == 0:
            count, at = _literal(data, at)
            out += data[at : at + count]
            at += count
        else:
            count, offset, at = _copy(data, at)
            if at <= len(data):
                if not 0 < offset <= len(out):
                    return start, f"Byte {start:,} of the Snappy data refers to what is not there."
                copy_back(out, offset, count)
        if at > len(data):
            return len(data), _TOO_EARLY
    return at, ""
