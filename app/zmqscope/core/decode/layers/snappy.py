"""Snappy: the framing format with a mark, and bare blocks without one. Pure, any thread.

https://github.com/google/snappy/blob/main/framing_format.txt and format_description.txt.
"""

from __future__ import annotations

from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.decoder import Unpacked
from zmqscope.core.decode.layers.output import Output, reason
from zmqscope.core.decode.layers.snappy_block import looks_like_block, read_length, unpack_block
from zmqscope.core.decode.payload import Payload

_MAGIC = b"\xff\x06\x00\x00sNaPpY"
_MAX_CHUNK = 65_536
_COMPRESSED, _PLAIN, _FIRST_SKIPPED, _STREAM = 0x00, 0x01, 0x80, 0xFF
_CRC_BYTES = 4


class Snappy:
    """Takes Snappy off."""

    name = "snappy"
    title = "Snappy"
    first_bytes: frozenset[int] | None = None

    def sniff(self, payload: Payload) -> float:
        """The framing format has a mark; a bare block is followed for some steps."""
        if payload.data.startswith(_MAGIC):
            return 0.99
        return looks_like_block(payload)

    def unpack(self, payload: Payload, limit: int) -> Unpacked:
        """Take it off."""
        if payload.data.startswith(_MAGIC):
            return _unpack_chunks(payload, limit)
        return unpack_block(payload, limit)


def _unpack_chunks(payload: Payload, limit: int) -> Unpacked:
    output = Output(payload, limit)
    data, at = payload.data, 0
    while at < len(data):
        if output.is_over:
            return output.stopped()
        if at + 4 > len(data):
            return output.ran_out()
        kind, start = data[at], at + 4
        stop = start + int.from_bytes(data[at + 1 : start], "little")
        if kind in (_COMPRESSED, _PLAIN):
            if stop > len(data):
                if payload.is_cut:
                    output.add(_begin_chunk(kind, data[start + _CRC_BYTES :], output.room))
                return output.ran_out()
            part, problem = _unpack_chunk(data[at:stop], kind)
            output.add(part)
            if problem:
                return output.broken(problem)
        elif kind < _FIRST_SKIPPED:
            return output.broken(f"Byte {at:,} begins a chunk of an unknown kind (0x{kind:02x}).")
        elif kind == _STREAM and not data.startswith(_MAGIC, at):
            return output.broken(f"Byte {at:,} begins a stream that is not Snappy.")
        at = stop
    return output.ended() if at == len(data) else output.ran_out()


def _unpack_chunk(chunk: bytes, kind: int) -> tuple[bytes, str]:
    """One chunk by the library, which checks its check sum; and what is wrong with it."""
    import cramjam

    body = chunk[4 + _CRC_BYTES :]
    length = len(body) if kind == _PLAIN else read_length(body)[0]
    if length > _MAX_CHUNK:
        return b"", f"A Snappy chunk claims {length:,} bytes; {_MAX_CHUNK:,} are allowed."
    try:
        return bytes(cramjam.snappy.decompress(_MAGIC + chunk)), ""
    except cramjam.DecompressionError as error:
        text = reason(error)
        if "checksum" in text or "CRC" in text:
            return b"", "A check sum is wrong: the Snappy data was changed on the way."
        return b"", f"The Snappy data is broken: {text}."


def _begin_chunk(kind: int, body: bytes, room: int) -> bytes:
    """The beginning of a chunk of which not all is there."""
    if kind == _PLAIN:
        return body
    try:
        return unpack_block(Payload(body, is_cut=True), room).data
    except DecodeError:
        return b""


SNAPPY = Snappy()
