"""bzip2 as a compression that any format can be behind."""

from __future__ import annotations

import bz2

from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.decoder import Unpacked
from zmqscope.core.decode.payload import Payload


class Bzip2:
    """Takes bzip2 off."""

    name = "bzip2"
    title = "bzip2"
    first_bytes = frozenset(b"B")

    def sniff(self, payload: Payload) -> float:
        """`BZh`, a digit, and the first six digits of pi."""
        data = payload.data
        is_marked = data.startswith(b"BZh") and data[4:10] == b"\x31\x41\x59\x26\x53\x59"
        return 0.99 if is_marked else 0.0

    def unpack(self, payload: Payload, limit: int) -> Unpacked:
        """Never gives out more than `limit` bytes, however much the data claims to hold."""
        stream = bz2.BZ2Decompressor()
        try:
            data = stream.decompress(payload.data, limit)
        except OSError:
            raise DecodeError("This is no bzip2 data.") from None
        if stream.eof or not stream.needs_input or payload.is_cut:
            return Unpacked(data, is_cut=not stream.eof)
        return Unpacked(data, problem="The bzip2 data ends too early.")
