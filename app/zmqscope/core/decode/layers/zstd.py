"""Zstandard (RFC 8878), one frame or several. Pure, any thread."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.decoder import Unpacked
from zmqscope.core.decode.layers.output import Output, reason
from zmqscope.core.decode.payload import Payload

if TYPE_CHECKING:
    from zstandard import ZstdDecompressionObj, ZstdDecompressor

MAX_WINDOW_BYTES = 1 << 27
"""What a frame may want to look back on; what the zstd tool allows without being told more."""

_KEPT_WINDOW_BYTES = 1 << 23
_MAGIC = b"\x28\xb5\x2f\xfd"
_SKIPPED_MAGIC = b"\x2a\x4d\x18"
_FIRST_SKIPPED = 0x50
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
    first_bytes: frozenset[int] | None = frozenset((0x28, *range(0x50, 0x60)))

    def sniff(self, payload: Payload) -> float:
        """Four bytes of mark, and a header without what must not be set."""
        data = payload.data
        if data.startswith(_MAGIC):
            return 0.99 if len(data) > 5 and not data[4] & _RESERVED_BIT else 0.0
        if is_skipped_frame(data, 0):
            behind = 8 + int.from_bytes(data[4:8], "little")
            return 0.99 if data.startswith(_MAGIC, behind) else 0.0
        return 0.0

    def unpack(self, payload: Payload, limit: int) -> Unpacked:
        """Take all frames off."""
        output = Output(payload, limit)
        data, at = payload.data, 0
        if not data.startswith(_MAGIC) and not is_skipped_frame(data, 0):
            raise DecodeError("Zstandard data begins with 28 b5 2f fd; this does not.", 0)
        while at < len(data):
            if output.is_over:
                return output.stopped()
            if is_skipped_frame(data, at):
                at += 8 + int.from_bytes(data[at + 4 : at + 8], "little")
            elif data.startswith(_MAGIC, at):
                ended = _Frame(data, at, output).unpack()
                if isinstance(ended, Unpacked):
                    return ended
                at = ended
            else:
                words = f"Behind the Zstandard data are {len(data) - at:,} bytes of another kind."
                return output.ended()._replace(problem=words)
        return output.ended() if at == len(data) else output.ran_out()


def is_skipped_frame(data: bytes, at: int) -> bool:
    """Whether a frame begins here that holds no data (zstd and lz4 share these)."""
    return (
        len(data) >= at + 8
        and data.startswith(_SKIPPED_MAGIC, at + 1)
        and data[at] & 0xF0 == _FIRST_SKIPPED
    )


class _OfThread(threading.local):
    """A thread's own decompressor: to make one takes longer than to unpack a small frame."""

    kept: ZstdDecompressor | None = None


_OF_THREAD = _OfThread()


def _decompressor(window_bytes: int) -> ZstdDecompressor:
    """One for a frame; those that look back far are not kept, since they keep that memory."""
    import zstandard

    if window_bytes > _KEPT_WINDOW_BYTES:
        return zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW_BYTES)
    if _OF_THREAD.kept is None:
        _OF_THREAD.kept = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW_BYTES)
    return _OF_THREAD.kept


class _Frame:
    def __init__(self, data: bytes, at: int, output: Output) -> None:
        self._data = data
        self._at = at
        self._output = output

    def unpack(self) -> Unpacked | int:
        """Take it off; where it ends, or what there is if nothing can follow."""
        import zstandard

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
