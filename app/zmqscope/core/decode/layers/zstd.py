"""Zstandard (RFC 8878), one frame or several. Pure, any thread."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from zmqscope.core.decode.decoder import Unpacked
from zmqscope.core.decode.layers.framed import SKIPPED_FIRST, is_behind_skipped, unpack_frames
from zmqscope.core.decode.layers.output import Output, reason
from zmqscope.core.decode.libraries import library
from zmqscope.core.decode.payload import Payload

if TYPE_CHECKING:
    from zstandard import ZstdDecompressionObj, ZstdDecompressor

MAX_WINDOW_BYTES = 1 << 27
"""What a frame may want to look back on; what the zstd tool allows without being told more."""

_KEPT_WINDOW_BYTES = 1 << 23
_MAGIC = b"\x28\xb5\x2f\xfd"
_RAW_BLOCK = 0
_RLE_BLOCK = 1
_RESERVED_BLOCK = 3
_RESERVED_BIT = 0x08
_CHECKSUM_BIT = 0x04
_SHORTEST_HEADER, _LONGEST_HEADER = 6, 18


class Zstd:
    """Takes Zstandard off.

    A block gives out at most 128 KiB, whatever it claims. So the library gets one block at a time.
    """

    name = "zstd"
    title = "Zstandard"
    first_bytes: frozenset[int] | None = SKIPPED_FIRST | {0x28}

    def sniff(self, payload: Payload) -> float:
        """Four bytes of mark, and a header without what must not be set."""
        data = payload.data
        if data.startswith(_MAGIC):
            return 0.99 if len(data) > 5 and not data[4] & _RESERVED_BIT else 0.0
        return 0.99 if is_behind_skipped(data, _MAGIC) else 0.0

    def unpack(self, payload: Payload, limit: int) -> Unpacked:
        """Take all frames off."""
        return unpack_frames(payload, limit, "Zstandard", _MAGIC, _unpack_frame)


class _OfThread(threading.local):
    """A thread's own decompressor: to make one takes longer than to unpack a small frame."""

    kept: ZstdDecompressor | None = None


_OF_THREAD = _OfThread()


def _decompressor(window_bytes: int) -> ZstdDecompressor:
    """One for a frame; those that look back far are not kept, since they keep that memory."""
    if window_bytes > _KEPT_WINDOW_BYTES:
        made: ZstdDecompressor = library("zstandard").ZstdDecompressor(
            max_window_size=MAX_WINDOW_BYTES
        )
        return made
    if _OF_THREAD.kept is None:
        _OF_THREAD.kept = library("zstandard").ZstdDecompressor(max_window_size=MAX_WINDOW_BYTES)
    return _OF_THREAD.kept


def _unpack_frame(payload: Payload, at: int, output: Output) -> Unpacked | int:
    return _Frame(payload.data, at, output).unpack()


class _Frame:
    def __init__(self, data: bytes, at: int, output: Output) -> None:
        self._data = data
        self._at = at
        self._output = output

    def unpack(self) -> Unpacked | int:
        """Take it off; where it ends, or what there is if nothing can follow."""
        zstandard = library("zstandard")

        head = self._data[self._at : self._at + _LONGEST_HEADER]
        if len(head) < _SHORTEST_HEADER:
            return self._output.ran_out()
        try:
            header_bytes = zstandard.frame_header_size(head)
            if header_bytes > len(head):
                return self._output.ran_out()
            claims = zstandard.get_frame_parameters(head)
        except zstandard.ZstdError as error:
            text = reason(error).rpartition(": ")[2]
            return self._output.broken(f"The Zstandard header is not accepted: {text}.")
        if claims.dict_id:
            return self._output.broken(
                f"This Zstandard frame was packed with dictionary {claims.dict_id}, "
                "which is not known here."
            )
        if claims.window_size > MAX_WINDOW_BYTES:
            return self._output.broken(
                f"This Zstandard frame wants to look back on {claims.window_size:,} bytes; "
                f"at most {MAX_WINDOW_BYTES:,} are kept."
            )
        try:
            return self._blocks(_decompressor(claims.window_size).decompressobj(), header_bytes)
        except zstandard.ZstdError as error:
            return self._output.broken(_words(reason(error)))
        except MemoryError:
            return self._output.broken("There is not enough memory for this Zstandard frame.")

    def _blocks(self, stream: ZstdDecompressionObj, header_bytes: int) -> Unpacked | int:
        """Hand one block after the other to the library (RFC 8878, section 3.1.1.2)."""
        data, at, output = self._data, self._at, self._output
        has_checksum = bool(data[at + 4] & _CHECKSUM_BIT)
        start, is_last = at, False
        at += header_bytes
        while not is_last:
            if output.is_over:
                return output.stopped()
            head = int.from_bytes(data[at : at + 3], "little")
            is_last, kind, size = bool(head & 1), head >> 1 & 3, head >> 3
            if kind == _RESERVED_BLOCK and at + 3 <= len(data):
                return output.broken(f"Byte {at:,} begins a block of an unknown kind.")
            at += 3 + (1 if kind == _RLE_BLOCK else size)
            if at > len(data):
                if kind == _RAW_BLOCK:
                    output.add(data[at - size :])
                return output.ran_out()
            output.add(stream.decompress(data[start:at]))
            start = at
        if has_checksum:
            at += 4
            if at > len(data):
                return output.ran_out()
            output.add(stream.decompress(data[start:at]))
        return at


def _words(text: str) -> str:
    if "checksum" in text:
        return "The check sum is wrong: the Zstandard data was changed on the way."
    return f"The Zstandard data is broken: {text.rpartition(': ')[2]}."


ZSTD = Zstd()
