"""Clone: a hashmap that a server shares with its clients. Pure, any thread.

Source: RFC 12 (CHP); ICANHAZ? also without its subtree, as an early model of the Guide sends it.
"""

from __future__ import annotations

import re

from zmqscope.core.decode.decoded import Decoded, DecodeError
from zmqscope.core.decode.field_path import Name
from zmqscope.core.decode.node import Node
from zmqscope.core.envelopes import fields
from zmqscope.core.envelopes.envelope import FrameName, Note, Outline, Sighting
from zmqscope.core.envelopes.frames import front_names, plain, text_of, words
from zmqscope.core.envelopes.summary import join
from zmqscope.core.types import Direction, SocketType

_ASKING = b"ICANHAZ?"
_ENDING = b"KTHXBAI"
_HUGS = b"HUGZ"
_SYNC_TYPES = (SocketType.ROUTER, SocketType.DEALER)
_STREAM_TYPES = (SocketType.PUB, SocketType.SUB, SocketType.XPUB, SocketType.XSUB)
_KEY_BYTES = 255
_MOST_SEQUENCE = 1 << 32
_MOST_PROPERTIES = 65_536
_SHOWN_PROPERTIES = 3
_PROPERTIES = re.compile(rb"(?:[^=\n\x00-\x1f]{1,255}=[^\n]*\n)*")
_PARTS = ("key", "sequence", "uuid", "properties", "value")


class Clone:
    """The envelope."""

    name = "clone"
    title = "Clone"

    def see(self, outline: Outline) -> Sighting | None:
        """See ``Envelope.see``."""
        sizes = outline.sizes
        # A ROUTER has the client's id in front. Its empty frames are fields, not delimiters.
        at = 1 if outline.socket_type is SocketType.ROUTER else 0
        frames = outline.frame_count - at
        if not 1 <= frames <= 5 or len(sizes) != outline.frame_count:
            return None
        if sizes[at] == 8 and outline.heads[at] == _ASKING and frames <= 2:
            summary = join(("ICANHAZ?", _subtree(outline, at + 1)))
            names = (FrameName("command"), FrameName("subtree"))[:frames]
            return self._sighting(outline, at, 0.98, summary, names, at + frames - 1)
        if frames != 5 or sizes[at + 1] != 8 or sizes[at + 2] not in (0, 16) or not sizes[at]:
            return None
        return self._see_five(outline, at)

    def _see_five(self, outline: Outline, at: int) -> Sighting | None:
        key, sizes = outline.heads[at], outline.sizes
        number = int.from_bytes(outline.heads[at + 1])
        names = tuple(
            FrameName(
                part, self.name if part in ("sequence", "uuid", "properties") and size else ""
            )
            for part, size in zip(_PARTS, sizes[at : at + 5], strict=True)
        )
        is_bare = not sizes[at + 2] and not sizes[at + 3]
        if key == _HUGS and is_bare and not sizes[at + 4]:
            return self._sighting(outline, at, 0.98, "HUGZ", names, at)
        if key == _ENDING and is_bare:
            summary = join((f"KTHXBAI #{number:,}", _subtree(outline, at + 4)))
            names = (FrameName("command"), names[1], *names[2:4], FrameName("subtree"))
            return self._sighting(outline, at, 0.98, summary, names, at + 4)
        return self._see_value(outline, at, number, names)

    def _see_value(
        self, outline: Outline, at: int, number: int, names: tuple[FrameName, ...]
    ) -> Sighting | None:
        key, size = outline.heads[at], outline.sizes[at]
        properties = outline.heads[at + 3]
        if number >= _MOST_SEQUENCE or size > _KEY_BYTES or text_of(key) is None:
            return None
        if outline.sizes[at + 3] > _MOST_PROPERTIES:
            return None
        if outline.is_whole(at + 3) and _PROPERTIES.fullmatch(properties) is None:
            return None
        command = _command(outline, number)
        lines = [part.decode("utf-8", "replace") for part in properties.split(b"\n") if part]
        listed = lines[:_SHOWN_PROPERTIES]
        if len(lines) > _SHOWN_PROPERTIES or not outline.is_whole(at + 3):
            listed.append("…")
        is_deleted = not outline.sizes[at + 4]
        value = "deleted" if is_deleted else f"= {words(outline, at + 4)}"
        summary = join((command, plain(outline, at), value, f"#{number:,}", *listed))
        sure = 0.85 if outline.sizes[at + 2] else 0.7
        if outline.socket_type not in (*_SYNC_TYPES, *_STREAM_TYPES):
            sure -= 0.2
        return self._sighting(outline, at, sure, summary, names, at if is_deleted else at + 4)

    def _sighting(
        self,
        outline: Outline,
        at: int,
        sure: float,
        summary: str,
        names: tuple[FrameName, ...],
        body: int,
    ) -> Sighting:
        return Sighting(self.name, sure, summary, (*front_names(outline, at), *names), body)

    def decode(self, index: int, frame: bytes) -> Decoded:
        """Read a sequence number, a UUID or properties; sizes and signs tell which it is."""
        if len(frame) == 8 and frame[:4] == bytes(4):
            number = int.from_bytes(frame)
            return _one("sequence", fields.number("sequence", "uint64", number, (0, 8)))
        if frame == b"0" * 8:  # as RFC 12 writes HUGZ, in digits
            return _one("sequence", fields.text("sequence", frame, (0, 8)))
        if len(frame) == 16 and not (frame.endswith(b"\n") and b"=" in frame):
            return _one("UUID", fields.uuid("uuid", frame, (0, 16)))
        if 0 < len(frame) <= _MOST_PROPERTIES and _PROPERTIES.fullmatch(frame):
            return _properties(frame)
        raise DecodeError("It is neither a sequence number, a UUID nor properties.", 0)

    def check(self, frames: tuple[bytes, ...], sighting: Sighting) -> tuple[Note, ...]:
        """Nothing more to say."""
        return ()


def _command(outline: Outline, number: int) -> str:
    """Which command has a key and a value: the frames of all three are the same.

    Snapshots go from a ROUTER to a DEALER. A client that publishes has no sequence of its own and
    sends 0 as a rule; a server's is above 0.
    """
    kind, is_sent = outline.socket_type, outline.direction is Direction.SENT
    if kind in _SYNC_TYPES:
        return "KVSYNC"
    if kind in _STREAM_TYPES:
        return "KVPUB" if number else "KVSET"
    return "KVSET" if is_sent and not number else "key and value"


def _subtree(outline: Outline, index: int) -> str:
    if index >= len(outline.sizes) or not outline.sizes[index]:
        return "everything"
    return plain(outline, index)


def _one(title: str, node: Node) -> Decoded:
    span = node.span
    return fields.tree(title, (node,), 0 if span is None else span.stop)


def _properties(frame: bytes) -> Decoded:
    nodes, at = [], 0
    seen: dict[str, int] = {}
    for line in frame.split(b"\n"):
        name, _, value = line.partition(b"=")
        if line:
            start = at + len(name) + 1
            span, key = (start, start + len(value)), (at, start - 1)
            word = name.decode("utf-8", "replace")
            nth = seen[word] = seen.get(word, 0) + 1
            nodes.append(fields.text(Name(word, nth), value, span, key_span=key))
        at += len(line) + 1
    return fields.tree("properties", nodes, len(frame))
