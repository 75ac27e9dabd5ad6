"""ZRE: how Zyre's nodes greet each other and talk, and the beacon that announces them. Any thread.

Sources: RFC 36 (ZRE version 2); Zyre's ``zre_msg`` for ELECT, LEADER and GOODBYE, and its beacon of
version 3, which has a CURVE key.
"""

from __future__ import annotations

from uuid import UUID

from zmqscope.core.decode.decoded import Decoded
from zmqscope.core.envelopes import fields
from zmqscope.core.envelopes.envelope import FrameName, Note, Outline, Sighting
from zmqscope.core.envelopes.frames import all_words, body_names, front_names
from zmqscope.core.envelopes.summary import fit, join, quote
from zmqscope.core.envelopes.zproto import Codec, Command, Field, Kind, Reading, sureness

_SIGNATURE = b"\xaa\xa1"
_BEACON = b"ZRE"
_BEACON_SIZES = {1: 22, 3: 54}
_LISTED = 4
_GROUP, _STATUS = Field("group", Kind.STRING), Field("status", Kind.NUMBER_1)
_HELLO = (
    *(Field("endpoint", Kind.STRING), Field("groups", Kind.STRINGS), _STATUS),
    *(Field("name", Kind.STRING), Field("headers", Kind.DICTIONARY)),
)

CODEC = Codec(
    _SIGNATURE,
    {
        1: Command("HELLO", _HELLO),
        2: Command("WHISPER", has_content=True),
        3: Command("SHOUT", (_GROUP,), has_content=True),
        4: Command("JOIN", (_GROUP, _STATUS)),
        5: Command("LEAVE", (_GROUP, _STATUS)),
        6: Command("PING"),
        7: Command("PING-OK"),
        8: Command("ELECT", (_GROUP, Field("challenger_id", Kind.STRING))),
        9: Command("LEADER", (_GROUP, Field("leader_id", Kind.STRING))),
        10: Command("GOODBYE"),
    },
    (Field("version", Kind.NUMBER_1), Field("sequence", Kind.NUMBER_2)),
)


class Zre:
    """The envelope."""

    name = "zre"
    title = "ZRE (Zyre)"

    def see(self, outline: Outline) -> Sighting | None:
        """See ``Envelope.see``."""
        heads = outline.heads
        # A ROUTER has the peer's id in front; an empty content frame is no delimiter here.
        for at in (0, 1):
            if at < len(heads):
                two = heads[at][:2]
                if two == _SIGNATURE:
                    return self._see_command(outline, at)
                if two == b"ZR":
                    return self._see_beacon(outline, at)
        return None

    def _see_command(self, outline: Outline, at: int) -> Sighting | None:
        reading = CODEC.read(outline.heads[at])
        if reading is None or reading.number("version") != 2:
            return None
        if outline.frame_count > at + 1 and not reading.command.has_content:
            return None
        sequence = reading.number("sequence")
        parts = [reading.command.name, _details(reading)]
        if reading.command.has_content:
            parts.append(all_words(outline, at + 1))
        parts.append("" if sequence is None else f"#{sequence}")
        names = [
            *front_names(outline, at),
            FrameName("command", self.name),
            *body_names(outline, at + 1, "content"),
        ]
        body = at + 1 if outline.frame_count > at + 1 else at
        sure = sureness(reading, outline.sizes[at])
        return Sighting(self.name, sure, join(parts), tuple(names), body, _notes(outline, at))

    def _see_beacon(self, outline: Outline, at: int) -> Sighting | None:
        head, size = outline.heads[at], outline.sizes[at]
        if head[:3] != _BEACON or len(head) < 22 or at + 1 != outline.frame_count:
            return None
        if size != _BEACON_SIZES.get(head[3], 0):
            return None
        port, peer = int.from_bytes(head[20:22]), UUID(bytes=head[4:20])
        summary = f"beacon of {peer} at port {port}" if port else f"beacon of {peer}, which leaves"
        names = (*front_names(outline, at), FrameName("beacon", self.name))
        return Sighting(self.name, 0.97, summary, names, at)

    def decode(self, index: int, frame: bytes) -> Decoded:
        """Read a command or a beacon."""
        return _decode_beacon(frame) if frame[:3] == _BEACON else CODEC.decode(frame)

    def check(self, frames: tuple[bytes, ...], sighting: Sighting) -> tuple[Note, ...]:
        """Nothing more to say."""
        return ()


def _details(reading: Reading) -> str:
    name = reading.command.name
    if name == "HELLO":
        groups = reading.texts("groups")
        listed = ", ".join(fit(group, 40) for group in groups[:_LISTED])
        more = f", … {len(groups)}" if len(groups) > _LISTED else ""
        return join(
            (
                _word(reading.text("name")),
                f"at {_word(reading.text('endpoint'))}",
                f"in {listed}{more}" if groups else "",
            )
        )
    whose = reading.text("challenger_id") or reading.text("leader_id")
    return join((_word(reading.text("group")), _word(whose)))


def _word(text: str) -> str:
    plain = text.isprintable() and " " not in text and len(text) <= 120
    return text if plain else quote(text)


def _notes(outline: Outline, at: int) -> tuple[Note, ...]:
    """Who sent it: RFC 36 has the id be a byte of 1 and the node's UUID."""
    if at and len(outline.heads[0]) == 17 and outline.heads[0][0] == 1:
        return (Note(f"Sent by node {UUID(bytes=outline.heads[0][1:])}."),)
    return ()


def _decode_beacon(frame: bytes) -> Decoded:
    fields.take(frame, 0, 22, "the beacon")
    port = int.from_bytes(frame[20:22])
    nodes = [
        fields.text("protocol", frame[:3], (0, 3)),
        fields.number("version", "uint8", frame[3], (3, 4)),
        fields.uuid("uuid", frame[4:20], (4, 20)),
        fields.number("port", "uint16", port, (20, 22), "" if port else "The node leaves"),
    ]
    if frame[3] == 3:
        nodes.append(
            fields.blob("public_key", fields.take(frame, 22, 32, "the CURVE key"), (22, 54))
        )
    return fields.tree("beacon", nodes, len(frame))
