"""gzip (RFC 1952), one member or several. Pure, any thread."""

from __future__ import annotations

from zmqscope.core.decode.decoder import Unpacked
from zmqscope.core.decode.layers import deflate
from zmqscope.core.decode.payload import Payload

_MAGIC = b"\x1f\x8b\x08"
_RESERVED_FLAGS = 0xE0


class Gzip:
    """Takes gzip off."""

    name = "gzip"
    title = "gzip"
    first_bytes: frozenset[int] | None = frozenset((0x1F,))

    def sniff(self, payload: Payload) -> float:
        """Three bytes of mark, and a little of it is inflated."""
        data = payload.data
        if not data.startswith(_MAGIC) or (len(data) > 3 and data[3] & _RESERVED_FLAGS):
            return 0.0
        return deflate.taste(payload, deflate.GZIP)

    def unpack(self, payload: Payload, limit: int) -> Unpacked:
        """Inflate all members."""
        return deflate.inflate(payload, limit, deflate.GZIP, "gzip", _MAGIC)


GZIP = Gzip()
