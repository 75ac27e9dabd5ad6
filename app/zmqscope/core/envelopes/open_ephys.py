"""Open Ephys: recordings, events and spikes of the GUI's ZMQ Interface plugin. Pure, any thread.

Sources: the plugin's page in the GUI's documentation and its source (github.com/open-ephys-plugins/
zmq-interface): a word with a zero byte, a JSON header, and samples or an event's bytes.
"""

from __future__ import annotations

from collections.abc import Mapping

from zmqscope.core.decode.decoded import Decoded, DecodeError, Numbers
from zmqscope.core.envelopes import fields
from zmqscope.core.envelopes.envelope import FrameName, Note, Outline, Sighting
from zmqscope.core.envelopes.frames import plain_bytes
from zmqscope.core.envelopes.json_head import read_object
from zmqscope.core.envelopes.summary import brief, join
from zmqscope.core.types import SocketType
from zmqscope.core.wording import counted

_WORDS = frozenset((b"DATA\0", b"EVENT\0", b"DATA", b"EVENT", b"SPIKE\0", b"SPIKE"))
_KINDS = {"data": "DATA", "event": "EVENT", "spike": "SPIKE"}
_EVENTS = {3: "TTL", 4: "spike", 5: "message"}
_HEARTBEAT_TYPES = (SocketType.REQ, SocketType.REP, SocketType.DEALER, SocketType.ROUTER)
_HEARTBEAT_BYTES = 1_024
_TTL_BYTES = 10
_TTL, _MESSAGE = 3, 5
_Fields = Mapping[str, object]


class OpenEphys:
    """The envelope."""

    name = "open_ephys"
    title = "Open Ephys"

    def see(self, outline: Outline) -> Sighting | None:
        """See ``Envelope.see``."""
        heads = outline.heads
        if not heads or outline.frame_count > 4:
            return None
        is_packet = 2 <= outline.frame_count <= 3 and len(heads) > 1
        if is_packet and outline.sizes[0] < 32 and heads[0] in _WORDS:
            return self._see_packet(outline)
        is_small = outline.sizes[-1] <= _HEARTBEAT_BYTES
        if outline.socket_type in _HEARTBEAT_TYPES and is_small and b'"heartbeat"' in heads[-1]:
            return self._see_heartbeat(outline)
        return None

    def _see_packet(self, outline: Outline) -> Sighting | None:
        header = read_object(outline.heads[1], outline.sizes[1])
        if header is None:
            return None
        number = header.get("message_num", header.get("message_no"))
        kind = _KINDS.get(str(header.get("type")))
        if kind is None or not isinstance(number, int):
            return None
        content = header.get("spike" if kind == "SPIKE" else "content")
        facts = content if isinstance(content, dict) else {}
        body = _Body.of(outline, kind, facts)
        details = {"DATA": _data, "EVENT": _event, "SPIKE": _spike}[kind](outline, facts)
        summary = join((kind, f"#{number:,}", details))
        names = [FrameName("envelope"), FrameName("header", "json")]
        if outline.frame_count > 2:
            names.append(FrameName(body, self.name if body != "data" else ""))
        return Sighting(self.name, 0.97, summary, tuple(names), outline.frame_count - 1)

    def _see_heartbeat(self, outline: Outline) -> Sighting | None:
        at = outline.frame_count - 1
        header = read_object(outline.heads[-1], outline.sizes[-1])
        if header is None or len(outline.heads) <= at or header.get("type") != "heartbeat":
            return None
        application = header.get("application")
        if not isinstance(application, str) or not isinstance(header.get("uuid"), str):
            return None
        names = (*([FrameName("routing id")] * max(0, at - 1)), *_delimiter(at))
        summary = join(("heartbeat of", brief(application, 80)))
        return Sighting(self.name, 0.85, summary, (*names, FrameName("heartbeat", "json")), at)

    def decode(self, index: int, frame: bytes) -> Decoded:
        """Read samples, or the ten bytes of a TTL event."""
        if len(frame) == _TTL_BYTES:
            word = int.from_bytes(frame[2:], "little")
            lines = ", ".join(str(bit) for bit in range(64) if word >> bit & 1)
            nodes = (
                fields.number("line", "uint8", frame[0], (0, 1), "Lines are counted from 0"),
                fields.flag("state", bool(frame[1]), (1, 2)),
                fields.number(
                    "word", "uint64", word, (2, 10), f"High: {lines}" if lines else "All low"
                ),
            )
            note = "The word is read as little-endian, the order of the sending machine."
            return fields.tree("TTL event", nodes, len(frame), (note,))
        if not frame or len(frame) % 4:
            raise DecodeError(f"Samples are float32; {len(frame):,} bytes are no multiple of 4.")
        samples = len(frame) // 4
        return Decoded((Numbers("<f4", (samples,)),), f"float32 × {samples:,}")

    def check(self, frames: tuple[bytes, ...], sighting: Sighting) -> tuple[Note, ...]:
        """Nothing more to say."""
        return ()


class _Body:
    """What the last frame is."""

    @staticmethod
    def of(outline: Outline, kind: str, facts: _Fields) -> str:
        """Its name: ``samples``, ``waveform``, ``TTL event``, ``message`` or ``data``."""
        size = outline.sizes[2] if len(outline.sizes) > 2 else 0
        if kind == "EVENT":
            return "TTL event" if size == _TTL_BYTES and facts.get("type") == _TTL else "data"
        if size and not size % 4:
            return "samples" if kind == "DATA" else "waveform"
        return "data"


def _data(outline: Outline, facts: _Fields) -> str:
    channel, samples = facts.get("channel_num"), facts.get("num_samples", facts.get("n_samples"))
    channels = facts.get("n_channels")
    first = facts.get("sample_num", facts.get("timestamp"))
    return join(
        (
            _name(facts.get("stream")),
            f"channel {channel}" if isinstance(channel, int) else "",
            f"{counted(channels, 'channel')} ×" if isinstance(channels, int) else "",
            counted(samples, "sample") if isinstance(samples, int) else "",
            f"from {first:,}" if isinstance(first, int) else "",
            _rate(facts.get("sample_rate")),
        )
    )


def _event(outline: Outline, facts: _Fields) -> str:
    kind, first = facts.get("type"), facts.get("sample_num")
    head = outline.heads[2] if len(outline.heads) > 2 else b""
    what = _EVENTS.get(kind, f"type {kind}") if isinstance(kind, int) else ""
    if kind == _TTL and len(head) == _TTL_BYTES:
        what = f"TTL line {head[0]} {'on' if head[1] else 'off'}"
    elif kind == _MESSAGE and head:
        what = f"message {plain_bytes(head.rstrip(bytes(1)), len(head.rstrip(bytes(1))))}"
    at = f"at {first:,}" if isinstance(first, int) else ""
    return join((_name(facts.get("stream")), what, at))


def _spike(outline: Outline, facts: _Fields) -> str:
    channels = facts.get("num_channels", facts.get("n_channels"))
    samples = facts.get("num_samples", facts.get("n_samples"))
    first = facts.get("sample_num", facts.get("timestamp"))
    unit = facts.get("sorted_id")
    shape = f"{channels} × {samples}" if isinstance(channels, int) else ""
    return join(
        (
            _name(facts.get("stream")),
            _name(facts.get("electrode", facts.get("electrode_id"))),
            shape,
            f"at {first:,}" if isinstance(first, int) else "",
            f"unit {unit}" if isinstance(unit, int) and unit else "",
        )
    )


def _name(value: object) -> str:
    if value is None:
        return ""
    return (
        plain_bytes(value.encode(), len(value.encode())) if isinstance(value, str) else brief(value)
    )


def _rate(value: object) -> str:
    return f"at {value:,g} Hz" if isinstance(value, int | float) and abs(value) < 1e12 else ""


def _delimiter(at: int) -> tuple[FrameName, ...]:
    return (FrameName("delimiter"),) if at else ()
