"""Documents of Bluesky's RunEngine. Pure, any thread.

Source: bluesky, ``bluesky/callbacks/zmq.py``: prefix, name and document, a blank between them.
"""

from __future__ import annotations

from zmqscope.core.decode.decoded import Decoded, DecodeError
from zmqscope.core.envelopes.envelope import FrameName, Note, Outline, Sighting
from zmqscope.core.envelopes.summary import count, join, quote

_NAMES = frozenset(
    (
        *(b"start", b"stop", b"descriptor", b"event", b"event_page", b"bulk_events"),
        *(b"datum", b"datum_page", b"bulk_datum", b"resource"),
        *(b"stream_resource", b"stream_datum"),
    )
)
_LONGEST_FIRST_WORDS = 256
_PROTO = 0x80  # what a pickle of protocol 2 or later begins with
_PROTOCOLS = range(2, 6)
_JSON = b'{"'
_UID = (b'"uid"', b'"run_start"', b'"descriptor"', b'"resource"')


class Bluesky:
    """The envelope."""

    name = "bluesky"
    title = "Bluesky"

    def see(self, outline: Outline) -> Sighting | None:
        """See ``Envelope.see``."""
        if outline.frame_count != 1 or not outline.heads:
            return None
        head = outline.heads[0]
        space = head.find(b" ", 0, _LONGEST_FIRST_WORDS)
        if space < 0:
            return None
        end = head.find(b" ", space + 1, space + 20)
        if end < 0 or (name := head[space + 1 : end]) not in _NAMES:
            return None
        decoder, confidence = _document(head[end + 1 :])
        if not confidence:
            return None
        prefix = head[:space].decode("utf-8", "replace")
        size = outline.sizes[0] - end - 1
        label = "prefix, name and document" if prefix else "name and document"
        return Sighting(
            self.name,
            confidence,
            join(
                (
                    name.decode(),
                    _fields(head[end + 1 :], decoder, size) or count(size, "byte"),
                    f"({quote(prefix, 60)[1:-1]})" if prefix else "",
                )
            ),
            (FrameName(label, decoder, end + 1),),
            0,
        )

    def decode(self, index: int, frame: bytes) -> Decoded:
        """Never called: documents are pickles, or what the user's serializer makes."""
        raise DecodeError("Bluesky's documents are of other formats.")

    def check(self, frames: tuple[bytes, ...], sighting: Sighting) -> tuple[Note, ...]:
        """Nothing needs the frame whole."""
        return ()


def _document(head: bytes) -> tuple[str, float]:
    """The document's decoder, and how sure it is that this is a document; 0 if it is none."""
    if len(head) > 1 and head[0] == _PROTO and head[1] in _PROTOCOLS:
        return "pickle", 0.95
    if head.startswith(_JSON):
        return "json", 0.85 if any(key in head for key in _UID) else 0.0
    return "", 0.0


def _fields(head: bytes, decoder: str, size: int) -> str:
    """The document's fields that matter, as far as they can be read without loading it."""
    return ""
