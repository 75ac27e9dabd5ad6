"""The beginning of an LZ4 block, which the library gives out only as a whole. Pure, any thread.

The format: https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md. A property test holds this
to the library.
"""

from __future__ import annotations

import re
import time

from zmqscope.core.decode.decoder import Unpacked
from zmqscope.core.decode.layers.output import MIN_TIME_NS, NS_PER_BYTE
from zmqscope.core.decode.libraries import library

_MIN_MATCH = 4
_FULL = re.compile(rb"\xff*")
_LOOK_EVERY = 1_024
_LIBRARY_BYTES = 16_000_000
_MOST_LENGTH_BYTES = 0x7E000000 // 255 + 1
"""Bytes that a length takes at most: a block has no more than ``LZ4_MAX_INPUT_SIZE``."""


REFERS = "refers to what is not there"
"""What the sentence about a block says that is none."""


class _BrokenError(Exception):
    """The bytes are no LZ4 block from here on."""


def unpack_block(data: bytes | memoryview, limit: int, *, is_cut: bool = False) -> Unpacked:
    """Take a block off, as far as it goes.

    Args:
        data: The block, or its beginning.
        limit: Bytes to be given out at most.
        is_cut: Whether its end is known not to be there, so that the library need not be asked.

    Returns:
        What was had; ``problem`` if the block does not end where it should.
    """
    whole = None if is_cut else _by_library(data, limit)
    if whole is not None:
        return Unpacked(whole[:limit], len(whole) > limit)
    out = bytearray()
    try:
        is_cut = _walk(data, out, limit)
    except IndexError:
        return Unpacked(bytes(out[:limit]), problem="The LZ4 block ends too early.")
    except _BrokenError as error:
        return Unpacked(bytes(out[:limit]), problem=str(error))
    return Unpacked(bytes(out[:limit]), is_cut or len(out) > limit)


def _by_library(data: bytes | memoryview, limit: int) -> bytes | None:
    lz4_block = library("lz4.block")

    # A block gives out no more than 255 times its size; and the library all or nothing.
    room = min(255 * len(data), max(limit, _LIBRARY_BYTES))
    if not data:
        return None
    try:
        whole: bytes = lz4_block.decompress(data, uncompressed_size=room)
    except (lz4_block.LZ4BlockError, MemoryError, ValueError, OverflowError):
        return None
    return whole


def _walk(data: bytes | memoryview, out: bytearray, limit: int) -> bool:
    """Follow the sequences; whether it stopped because of ``limit`` or the time."""
    end_ns = time.thread_time_ns() + max(MIN_TIME_NS, limit * NS_PER_BYTE)
    at, turns = 0, 0
    while True:
        turns += 1
        if len(out) > limit or (turns % _LOOK_EVERY == 0 and time.thread_time_ns() > end_ns):
            return True
        token = data[at]
        at += 1
        literals = token >> 4
        if literals == 15:
            literals, at = _length(data, at)
        if literals:
            out += data[at : at + min(literals, limit + 1)]
            at += literals
        if at == len(data):
            return False
        if at > len(data):
            raise IndexError
        offset = data[at] | data[at + 1] << 8
        at += 2
        match = token & 15
        if match == 15:
            match, at = _length(data, at)
        match += _MIN_MATCH
        start = len(out) - offset
        if not offset or start < 0:
            raise _BrokenError(f"Byte {at:,} of the LZ4 block {REFERS}.")
        if match <= offset and match <= limit:
            out += out[start : start + match]
        else:
            copy_back(out, offset, min(match, limit + 1 - len(out)))


def _length(data: bytes | memoryview, at: int) -> tuple[int, int]:
    """A length that goes on in further bytes, and where it ends."""
    found = _FULL.match(data, at, at + _MOST_LENGTH_BYTES)
    end = found.end() if found else at
    if end - at == _MOST_LENGTH_BYTES:
        raise _BrokenError(f"Byte {at:,} begins a length that no LZ4 block can have.")
    return 15 + 255 * (end - at) + data[end], end + 1


def copy_back(out: bytearray, offset: int, count: int) -> None:
    """Repeat what stands ``offset`` bytes before the end; the copy may run into itself."""
    start = len(out) - offset
    if offset >= count:
        out += out[start : start + count]
    elif count > 0:
        period = out[start:]
        out += (period * (count // offset + 1))[:count]
