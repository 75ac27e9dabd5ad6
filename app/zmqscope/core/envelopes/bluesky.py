"""Documents of Bluesky's RunEngine. Pure, any thread.

Source: bluesky, ``bluesky/callbacks/zmq.py``: prefix, name and document, a blank between them.
"""

from __future__ import annotations

import re

from zmqscope.core.decode.decoded import Decoded, DecodeError
from zmqscope.core.envelopes.envelope import FrameName, Note, Outline, Sighting
from zmqscope.core.envelopes.json_head import read_object
from zmqscope.core.envelopes.summary import CutText, brief, join, quote
from zmqscope.core.wording import counted

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
# The fields that tell documents apart (event-model), the best one first.
_SHOWN = (
    *("plan_name", "scan_id", "exit_status", "seq_num", "data_key", "spec", "name"),
    *("datum_id", "uid", "descriptor", "run_start"),
)
_SHOWN_FIELDS = 3
_MOST_BYTES = 2_048
# A text of at most 255 bytes and what remembers it, in protocols 4 and 5; then in 2 and 3.
_KEYS = re.compile(
    b"|".join(
        b"\x8c%c(%b)\x94|X%c\0\0\0(%b)q." % (len(key), key.encode(), len(key), key.encode())
        for key in _SHOWN
    ),
    re.DOTALL,
)
_INTEGERS = {b"K": 1, b"M": 2, b"J": 4}
# A descriptor begins with its devices' configuration: its own ids may come too late for a table.
_TELLING = (
    *(b'"uid"', b'"run_start"', b'"descriptor"', b'"resource"'),
    *(b'"configuration"', b'"data_keys"', b'"object_keys"'),
)


class Bluesky:
    """The envelope."""

    name = "bluesky"
    title = "Bluesky"

    def see(self, outline: Outline) -> Sighting | None:
        """See ``Envelope.see``."""
        if outline.frame_count != 1 or not outline.heads:
            return None
        head = outline.heads[0][:_MOST_BYTES]
        space = head.find(b" ", 0, _LONGEST_FIRST_WORDS)
        if space < 0:
            return None
        end = head.find(b" ", space + 1, space + 20)
        if end < 0 or (name := head[space + 1 : end]) not in _NAMES:
            return None
        document = head[end + 1 :]
        decoder, confidence = _document(document)
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
                    _fields(document, decoder, size) or counted(size, "byte"),
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
        return "json", 0.85 if any(key in head for key in _TELLING) else 0.0
    return "", 0.0


def _fields(head: bytes, decoder: str, size: int) -> str:
    """The document's fields that matter, as far as they can be read without loading it."""
    if decoder == "json":
        known = read_object(head, size) or {}
        found = [(key, known[key]) for key in _SHOWN if isinstance(known.get(key), str | int)]
    else:
        found = _pickled_fields(head)
    return join(f"{key}={brief(value, 40)}" for key, value in found[:_SHOWN_FIELDS])


def _pickled_fields(head: bytes) -> list[tuple[str, object]]:
    """Fields of a pickled dictionary, by what picklers write for a text and the value behind it.

    Reading the pickle's opcodes one by one, as its decoder does, takes ten times the microseconds
    that a line may cost. Keys that are looked for are none of those that devices choose.
    """
    found: list[tuple[str, object]] = []
    for place in _KEYS.finditer(head):
        value = _simple(head, place.end())
        key = next(filter(None, place.groups())).decode()
        if value is not None and all(key != other for other, _ in found):
            found.append((key, value))
    return sorted(found, key=lambda field: _SHOWN.index(field[0]))


def _simple(head: bytes, at: int) -> object:
    """The text or integer that an opcode pushes; None for all else (``Lib/pickletools.py``)."""
    code, at = head[at : at + 1], at + 1
    if code in _INTEGERS:
        size = _INTEGERS[code]
        part = head[at : at + size]
        return int.from_bytes(part, "little", signed=size == 4) if len(part) == size else None
    if code == b"\x8c":
        size, at = head[at] if at < len(head) else 0, at + 1
    elif code == b"X":
        size, at = int.from_bytes(head[at : at + 4], "little"), at + 4
    else:
        return None
    part = head[at : at + min(size, 200)]
    if not 0 < len(part) <= size:
        return None
    if len(part) == size:
        return part.decode("utf-8", "replace")
    # Its end may cut a character in two.
    return CutText(part.decode("utf-8", "ignore"))
