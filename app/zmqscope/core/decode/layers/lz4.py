"""LZ4 frames (LZ4 frame format 1.6.4), and bare blocks where the user says so. Pure, any thread."""

from __future__ import annotations

import struct

from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.decoder import Unpacked
from zmqscope.core.decode.layers.lz4_block import REFERS, unpack_block
from zmqscope.core.decode.layers.output import INPUT_STEP, Output, reason
from zmqscope.core.decode.layers.zstd import is_skipped_frame
from zmqscope.core.decode.payload import Payload

_MAGIC = b"\x04\x22\x4d\x18"
_LONGEST_HEADER = 19
_SIZE_BIT, _DICTIONARY_BIT = 0x08, 0x01
_STORED_BIT = 1 << 31
_SIZE = struct.Struct("<I")


class Lz4:
    """Takes LZ4 frames off."""

    name = "lz4"
    title = "LZ4"
    first_bytes: frozenset[int] | None = frozenset((0x04, *range(0x50, 0x60)))

    def sniff(self, payload: Payload) -> float:
        """Four bytes of mark, version and reserved bits; the library looks at the check sum."""
        data = payload.data
        if data.startswith(_MAGIC):
            return 0.99 if len(data) > 6 and data[4] & 0xC2 == 0x40 and not data[5] & 0x8F else 0.0
        if is_skipped_frame(data, 0):
            behind = 8 + int.from_bytes(data[4:8], "little")
            return 0.99 if data.startswith(_MAGIC, behind) else 0.0
        return 0.0

    def unpack(self, payload: Payload, limit: int) -> Unpacked:
        """Take all frames off."""
        output = Output(payload, limit)
        data, at = payload.data, 0
        if not data.startswith(_MAGIC) and not is_skipped_frame(data, 0):
            raise DecodeError("LZ4 frames begin with 04 22 4d 18; this does not.", 0)
        while at < len(data):
            if output.is_over:
                return output.stopped()
            if is_skipped_frame(data, at):
                at += 8 + int.from_bytes(data[at + 4 : at + 8], "little")
            elif data.startswith(_MAGIC, at):
                ended = _unpack_frame(payload, at, output)
                if isinstance(ended, Unpacked):
                    return ended
                at = ended
            else:
                words = f"Behind the LZ4 data are {len(data) - at:,} bytes of another kind."
                return output.ended()._replace(problem=words)
        return output.ended() if at == len(data) else output.ran_out()


def _unpack_frame(payload: Payload, at: int, output: Output) -> Unpacked | int:
    """Take one frame off; where it ends, or what there is if nothing can follow."""
    import lz4.frame

    data, start, before = memoryview(payload.data), at, len(output)
    context = lz4.frame.create_decompression_context()
    is_end = False
    try:
        # The library keeps what it was given of a block: an empty answer may still be progress.
        while not is_end and not output.is_over:
            piece = data[at : at + INPUT_STEP]
            part, used, is_end = lz4.frame.decompress_chunk(context, piece, output.step)
            output.add(part)
            at += used
            if not part and not used:
                break
    except (RuntimeError, MemoryError) as error:
        if start + _LONGEST_HEADER > len(data) and payload.is_cut:
            return output.ran_out()
        return output.broken(_words(reason(error)))
    if is_end:
        return at
    if output.is_over:
        return output.stopped()
    if len(output) == before:
        # No block is there as a whole: a list sees only so much of it.
        _begin_block(payload.data[start:], output)
    return output.ran_out()


def _begin_block(frame: bytes, output: Output) -> None:
    """Give out the beginning of the first block."""
    header = 7 + 8 * bool(frame[4] & _SIZE_BIT) + 4 * bool(frame[4] & _DICTIONARY_BIT)
    if len(frame) < header + 4 or frame[4] & _DICTIONARY_BIT:
        return
    (size,) = _SIZE.unpack_from(frame, header)
    block = frame[header + 4 :]
    output.add(block if size & _STORED_BIT else unpack_block(block, output.room).data)


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
                sized = unpack_block(data[4:], limit)
                if len(sized.data) <= claimed and REFERS not in sized.problem:
                    return self._of(payload, sized)
        return self._of(payload, unpack_block(data, limit))

    @staticmethod
    def _of(payload: Payload, found: Unpacked) -> Unpacked:
        if payload.is_cut:
            return Unpacked(found.data, is_cut=True)
        if found.problem and not found.data:
            raise DecodeError(found.problem)
        return found


LZ4 = Lz4()
LZ4_BLOCK = Lz4Block()
