"""LZ4 frames (LZ4 frame format 1.6.4), and bare blocks where the user says so. Pure, any thread."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.decoder import Unpacked
from zmqscope.core.decode.layers.framed import SKIPPED_FIRST, is_behind_skipped, unpack_frames
from zmqscope.core.decode.layers.lz4_block import REFERS, unpack_block
from zmqscope.core.decode.layers.output import Output, reason
from zmqscope.core.decode.libraries import library
from zmqscope.core.decode.payload import Payload

_MAGIC = b"\x04\x22\x4d\x18"
_BLOCK_SUM_BIT, _SIZE_BIT, _CONTENT_SUM_BIT, _DICTIONARY_BIT = 0x10, 0x08, 0x04, 0x01
_STORED_BIT = 1 << 31
_SIZE = struct.Struct("<I")


class Lz4:
    """Takes LZ4 frames off."""

    name = "lz4"
    title = "LZ4"
    first_bytes: frozenset[int] | None = SKIPPED_FIRST | {0x04}

    def sniff(self, payload: Payload) -> float:
        """Four bytes of mark, version and reserved bits; the library looks at the check sum."""
        data = payload.data
        if data.startswith(_MAGIC):
            return 0.99 if len(data) > 6 and data[4] & 0xC2 == 0x40 and not data[5] & 0x8F else 0.0
        return 0.99 if is_behind_skipped(data, _MAGIC) else 0.0

    def unpack(self, payload: Payload, limit: int) -> Unpacked:
        """Take all frames off."""
        return unpack_frames(payload, limit, "LZ4", _MAGIC, _unpack_frame)


def _unpack_frame(payload: Payload, start: int, output: Output) -> Unpacked | int:
    """Take one frame off; where it ends, or what there is if nothing can follow.

    The library gets one block at a time: what came before a broken one is kept.
    """
    lz4_frame = library("lz4.frame")

    data = payload.data
    context = lz4_frame.create_decompression_context()
    at = start
    for stop in _block_ends(data, start):
        if output.is_over:
            return output.stopped()
        if stop > len(data):
            _begin_block(data, at, output)
            return output.ran_out()
        piece, is_end = memoryview(data)[at:stop], False
        try:
            while not output.is_over:
                part, used, is_end = lz4_frame.decompress_chunk(context, piece, output.step)
                output.add(part)
                piece = piece[used:]
                if not part and not piece:
                    break
        except (RuntimeError, MemoryError) as error:
            return output.broken(_words(reason(error)))
        at = stop
        if is_end:
            return at - len(piece)
    return output.ran_out()


def _block_ends(data: bytes, start: int) -> Iterator[int]:
    """Where the header ends, then each block, the last one with the check sum behind it."""
    if start + 5 > len(data):
        return
    flags = data[start + 4]
    at = start + 7 + 8 * bool(flags & _SIZE_BIT) + 4 * bool(flags & _DICTIONARY_BIT)
    yield at
    while at + 4 <= len(data):
        (size,) = _SIZE.unpack_from(data, at)
        if size == 0:
            yield at + 4 + 4 * bool(flags & _CONTENT_SUM_BIT)
            return
        at += 4 + (size & ~_STORED_BIT) + 4 * bool(flags & _BLOCK_SUM_BIT)
        yield at


def _begin_block(data: bytes, at: int, output: Output) -> None:
    """Give out the beginning of a block of which not all is there: a list sees only so much."""
    if at + 4 < len(data) and len(output) == 0:
        (size,) = _SIZE.unpack_from(data, at)
        block = data[at + 4 : at + 4 + (size & ~_STORED_BIT)]
        is_stored = size & _STORED_BIT
        output.add(block if is_stored else unpack_block(block, output.room, is_cut=True).data)


def _words(text: str) -> str:
    if "hecksum" in text:
        return "A check sum is wrong: the LZ4 data was changed on the way."
    if "dict" in text.lower():
        return "This LZ4 frame was packed with a dictionary, which is not known here."
    return f"The LZ4 data is broken: {text.rpartition(': ')[2]}."


class Lz4Block:
    """Takes a bare LZ4 block off, with its size before it or without; it is never guessed."""

    name = "lz4block"
    title = "LZ4 block"
    first_bytes: frozenset[int] | None = frozenset()

    def sniff(self, payload: Payload) -> float:
        """Nothing about a bare block tells it from any other bytes."""
        return 0.0

    def unpack(self, payload: Payload, limit: int) -> Unpacked:
        """Take it off; Python's library puts the size before it, as four bytes."""
        data = payload.data
        if len(data) > 4:
            (claimed,) = _SIZE.unpack_from(data)
            # What a block of that size can take (LZ4_compressBound), and the other way round.
            if claimed <= 255 * payload.size and payload.size - 4 <= claimed + claimed // 255 + 16:
                found = (unpack_block(memoryview(data)[4:], limit), unpack_block(data, limit))
                return self._of(payload, max(found, key=_fit))
        return self._of(payload, unpack_block(data, limit))

    @staticmethod
    def _of(payload: Payload, found: Unpacked) -> Unpacked:
        if payload.is_cut:
            return Unpacked(found.data, is_cut=True)
        if found.problem and not found.data:
            raise DecodeError(found.problem)
        return found


def _fit(found: Unpacked) -> tuple[bool, bool, int]:
    """How well a reading fits: without a problem, at least without nonsense, else the longer."""
    return not found.problem, REFERS not in found.problem, len(found.data)


LZ4 = Lz4()
LZ4_BLOCK = Lz4Block()
