"""zlib (RFC 1950), as EDDN sends it. Pure, any thread."""

from __future__ import annotations

from zmqscope.core.decode.decoder import Unpacked
from zmqscope.core.decode.layers import deflate
from zmqscope.core.decode.payload import Payload

_DICTIONARY = 0x20


class Zlib:
    """Takes zlib off. There is no mark, only a header whose sixteen bits divide by 31."""

    name = "zlib"
    title = "zlib"
    first_bytes: frozenset[int] | None = frozenset(range(0x08, 0x80, 0x10))

    def sniff(self, payload: Payload) -> float:
        """One in 31 pairs of bytes would do as a header: a little of it is inflated."""
        data = payload.data
        if len(data) < 2:
            return 0.0
        first, second = data[0], data[1]
        if first & 0x8F != 0x08 or (first << 8 | second) % 31 or second & _DICTIONARY:
            return 0.0
        return deflate.taste(payload, deflate.ZLIB)

    def unpack(self, payload: Payload, limit: int) -> Unpacked:
        """Inflate it."""
        return deflate.inflate(payload, limit, deflate.ZLIB, "zlib", b"")


ZLIB = Zlib()
