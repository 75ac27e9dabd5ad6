"""openpilot: events of a driver assistance system, Cap'n Proto over PUB. Pure, any thread.

Sources: cereal's ``log.capnp`` (struct Event: a time, a union, whether it is valid) and Cap'n
Proto's encoding: a table of segments, then words of eight bytes, little-endian.
"""

from __future__ import annotations

from dataclasses import replace

from zmqscope.core.decode.decoded import Decoded, DecodeError
from zmqscope.core.decode.field_path import Name
from zmqscope.core.decode.formats.capnp import CapnpDecoder
from zmqscope.core.decode.lookup import children_of, root_of
from zmqscope.core.decode.node import Node
from zmqscope.core.decode.payload import NO_OPTIONS, Payload
from zmqscope.core.envelopes import fields
from zmqscope.core.envelopes.envelope import FrameName, Note, Outline, Sighting
from zmqscope.core.envelopes.openpilot_events import event_name
from zmqscope.core.envelopes.summary import join
from zmqscope.core.wording import counted

_ROOT = bytes.fromhex("0000000002000100")
"""The root pointer of an Event: right behind it, two words of data, one pointer."""

_NOTE = (
    "The event's own fields are shown without their names: these are in log.capnp of the version "
    "that sent it."
)
_MOST_SEGMENTS = 64
_KNOWN_EVENTS = 400
_TIME_NS = 1 << 55  # more than a year since the device has started


class Openpilot:
    """The envelope."""

    name = "openpilot"
    title = "openpilot"

    def see(self, outline: Outline) -> Sighting | None:
        """See ``Envelope.see``."""
        if outline.frame_count != 1 or not outline.heads:
            return None
        head, size = outline.heads[0], outline.sizes[0]
        if size < 40 or size % 8 or len(head) < 40 or head[1:4] != b"\0\0\0":
            return None
        start = _root_at(head, size)
        if start < 0 or head[start : start + 8] != _ROOT or len(head) < start + 32:
            return None
        data = head[start + 8 : start + 24]
        time_ns, which = int.from_bytes(data[:8], "little"), int.from_bytes(data[8:10], "little")
        if time_ns >= _TIME_NS or which >= _KNOWN_EVENTS or data[10] > 1 or any(data[11:]):
            return None
        summary = join(
            (
                event_name(which),
                f"at {time_ns / 1e9:,.3f} s",
                "not valid" if data[10] else "",
            )
        )
        return Sighting(self.name, 0.88, summary, (FrameName("event", self.name),), 0)

    def decode(self, index: int, frame: bytes) -> Decoded:
        """Read what all events have; the rest needs the schema of the sending version."""
        start = _root_at(frame, len(frame))
        if start < 0:
            raise DecodeError("The table of segments does not fit the frame.", 0)
        at = start + 8
        if frame[start:at] != _ROOT:
            raise DecodeError("The root is no Event: two words of data and one pointer.", start)
        fields.take(frame, at, 24, "the event")
        time_ns = int.from_bytes(frame[at : at + 8], "little")
        which = int.from_bytes(frame[at + 8 : at + 10], "little")
        # A default of true is written turned over.
        is_valid = not frame[at + 10] & 1
        segments = int.from_bytes(frame[:4], "little") + 1
        nodes = (
            fields.number("segments", "uint32", segments, (0, 4), "Written as one less"),
            fields.number("logMonoTime", "uint64", time_ns, (at, at + 8), "Nanoseconds"),
            fields.text("which", event_name(which).encode(), (at + 8, at + 10), "union"),
            fields.flag("valid", is_valid, (at + 10, at + 11)),
            _event_node(frame, event_name(which), at + 16),
        )
        title = f"Event, {counted(len(frame) // 8, 'word')}"
        return fields.tree(title, nodes, len(frame), (_NOTE,))

    def check(self, frames: tuple[bytes, ...], sighting: Sighting) -> tuple[Note, ...]:
        """Nothing more to say."""
        return ()


def _event_node(frame: bytes, name: str, at: int) -> Node:
    """What the event's pointer leads to, as far as it can be read without a schema."""
    root = root_of(CapnpDecoder().decode(Payload(frame), NO_OPTIONS))
    inner = None if root is None else _child(root, "root")
    event = None if inner is None else _child(inner, "pointer0")
    if event is None:
        return fields.blob(name, frame[at : at + 8], (at, at + 8), "pointer")
    return replace(event, step=Name(name))


def _child(node: Node, name: str) -> Node | None:
    return next((child for child in children_of(node) if child.step == Name(name)), None)


def _root_at(data: bytes, size: int) -> int:
    """Where the first segment begins if the table of segments fits the size; else -1."""
    segments = int.from_bytes(data[:4], "little") + 1
    table = (4 + 4 * segments + 7) // 8 * 8
    if segments > _MOST_SEGMENTS or len(data) < table:
        return -1
    words = sum(int.from_bytes(data[4 + 4 * at : 8 + 4 * at], "little") for at in range(segments))
    return table if table + 8 * words == size else -1
