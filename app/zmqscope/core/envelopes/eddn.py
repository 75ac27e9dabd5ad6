"""The Elite Dangerous Data Network: JSON in zlib. Pure, any thread.

Source: EDCD/EDDN, ``schemas/README-EDDN-schemas.md`` and ``docs/Developers.md``.
"""

from __future__ import annotations

import re
import zlib

from zmqscope.core.decode.decoded import Decoded, DecodeError
from zmqscope.core.envelopes.envelope import FrameName, Note, Outline, Sighting
from zmqscope.core.envelopes.json_head import read_object
from zmqscope.core.envelopes.summary import brief, join, quote

_DEFLATE = 0x78
_LEVELS = b"\x01\x5e\x9c\xda"
_PACKED_BYTES, _UNPACKED_BYTES = 512, 2_048
_REF = b'"$schemaRef"'
_SCHEMA = re.compile(r"https?://[^/]{1,100}/(?:schemas/)?(.{1,120})")
_PLACES = ("StarSystem", "SystemName", "systemName", "stationName", "StationName", "BodyName")


class Eddn:
    """The envelope."""

    name = "eddn"
    title = "EDDN"

    def see(self, outline: Outline) -> Sighting | None:
        """See ``Envelope.see``."""
        if outline.frame_count != 1 or not outline.heads:
            return None
        head = outline.heads[0]
        if len(head) < 16 or head[0] != _DEFLATE or head[1] not in _LEVELS:
            return None
        try:
            text = zlib.decompressobj().decompress(head[:_PACKED_BYTES], _UNPACKED_BYTES)
        except zlib.error:
            return None
        if not text.startswith(b"{") or (_REF not in text and b'"header"' not in text):
            return None
        # What is unpacked may go on: its size is not known.
        fields = read_object(text, len(text) + 1) or {}
        schema, message, header = (fields.get(k) for k in ("$schemaRef", "message", "header"))
        if not isinstance(schema, str):
            if not isinstance(header, dict) or "uploaderID" not in header:
                return None
            schema = ""
        is_own = "eddn" in schema or (isinstance(header, dict) and "softwareName" in header)
        return Sighting(
            self.name,
            0.97 if is_own else 0.6,
            join((_schema(schema), _words(message, header))),
            (FrameName("message", "json"),),
            0,
        )

    def decode(self, index: int, frame: bytes) -> Decoded:
        """Never called: the frame is compressed JSON."""
        raise DecodeError("EDDN's messages are JSON in zlib.")

    def check(self, frames: tuple[bytes, ...], sighting: Sighting) -> tuple[Note, ...]:
        """Nothing needs the frame whole."""
        return ()


def _schema(ref: str) -> str:
    """The schema's name: ``journal/1`` of ``https://eddn.edcd.io/schemas/journal/1``."""
    found = _SCHEMA.fullmatch(ref)
    name = found[1].removeprefix("eddn/") if found is not None else ref
    return quote(name, 80)[1:-1]


def _words(message: object, header: object) -> str:
    parts: list[str] = []
    if isinstance(message, dict):
        event = message.get("event")
        if isinstance(event, str):
            parts.append(quote(event, 60)[1:-1])
        parts += [brief(message[key], 60) for key in _PLACES if isinstance(message.get(key), str)]
    if isinstance(header, dict) and isinstance(software := header.get("softwareName"), str):
        parts.append(f"({quote(software, 60)[1:-1]})")
    return join(parts)
