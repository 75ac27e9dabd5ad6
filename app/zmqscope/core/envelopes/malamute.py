"""Malamute: streams, mailboxes and services over one broker. Pure, any thread.

Source: ``mlm_proto`` in Malamute's own repository; there is no RFC.
"""

from __future__ import annotations

from zmqscope.core.decode.decoded import Decoded
from zmqscope.core.envelopes.envelope import FrameName, Note, Outline, Sighting
from zmqscope.core.envelopes.frames import all_words, body_names, front_names
from zmqscope.core.envelopes.summary import join, quote
from zmqscope.core.envelopes.zproto import Codec, Command, Field, Kind, Reading, sureness

_SIGNATURE = b"\xaa\xa8"


def _text(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, Kind.STRING) for name in names)


_TIMEOUT = (Field("timeout", Kind.NUMBER_4),)
_STATUS = (Field("status_code", Kind.NUMBER_2), Field("status_reason", Kind.STRING))
_SENT = (*_text("address", "subject", "tracker"), *_TIMEOUT)
_DELIVERED = _text("sender", "address", "subject", "tracker")
_OPEN = (*_text("protocol"), Field("version", Kind.NUMBER_2), *_text("address"))

CODEC = Codec(
    _SIGNATURE,
    {
        1: Command("CONNECTION OPEN", _OPEN),
        2: Command("CONNECTION PING"),
        3: Command("CONNECTION PONG"),
        4: Command("CONNECTION CLOSE"),
        5: Command("STREAM WRITE", _text("stream")),
        6: Command("STREAM READ", _text("stream", "pattern")),
        7: Command("STREAM SEND", _text("subject"), has_content=True),
        8: Command("STREAM DELIVER", _text("address", "sender", "subject"), has_content=True),
        9: Command("MAILBOX SEND", _SENT, has_content=True),
        10: Command("MAILBOX DELIVER", _DELIVERED, has_content=True),
        11: Command("SERVICE SEND", _SENT, has_content=True),
        12: Command("SERVICE OFFER", _text("address", "pattern")),
        13: Command("SERVICE DELIVER", _DELIVERED, has_content=True),
        14: Command("OK", _STATUS),
        15: Command("ERROR", _STATUS),
        16: Command("CREDIT", (Field("amount", Kind.NUMBER_2),)),
        17: Command("CONFIRM", (*_text("tracker"), *_STATUS)),
        18: Command("STREAM CANCEL", _text("stream")),
    },
)


class Malamute:
    """The envelope."""

    name = "malamute"
    title = "Malamute"

    def see(self, outline: Outline) -> Sighting | None:
        """See ``Envelope.see``."""
        heads = outline.heads
        for at in (0, 1):
            if at < len(heads) and heads[at][:2] == _SIGNATURE:
                return self._see(outline, at)
        return None

    def _see(self, outline: Outline, at: int) -> Sighting | None:
        reading = CODEC.read(outline.heads[at])
        if reading is None:
            return None
        has_content = reading.command.has_content
        if outline.frame_count > at + 1 and not has_content:
            return None
        if reading.command.name == "CONNECTION OPEN" and reading.text("protocol") != "MALAMUTE":
            return None
        parts = [reading.command.name, *_details(reading)]
        if has_content:
            parts.append(all_words(outline, at + 1))
        names = [
            *front_names(outline, at),
            FrameName("command", self.name),
            *body_names(outline, at + 1, "content"),
        ]
        body = at + 1 if outline.frame_count > at + 1 else at
        sure = sureness(reading, outline.sizes[at])
        return Sighting(self.name, sure, join(parts), tuple(names), body)

    def decode(self, index: int, frame: bytes) -> Decoded:
        """Read a command."""
        return CODEC.decode(frame)

    def check(self, frames: tuple[bytes, ...], sighting: Sighting) -> tuple[Note, ...]:
        """Nothing more to say."""
        return ()


def _details(reading: Reading) -> list[str]:
    """What matters of a command, in the order of a sentence."""
    found = [_word(reading.text("stream")), _word(reading.text("address"))]
    found += [_word(reading.text("subject")), _word(reading.text("pattern"))]
    if sender := reading.text("sender"):
        found.append(f"from {_word(sender)}")
    if tracker := reading.text("tracker"):
        found.append(f"tracker {_word(tracker)}")
    if timeout := reading.number("timeout"):
        found.append(f"within {timeout:,} ms")
    if (status := reading.number("status_code")) is not None:
        found += [str(status), _word(reading.text("status_reason"), spaces=True)]
    if (amount := reading.number("amount")) is not None:
        found.append(f"{amount:,}")
    return found


def _word(text: str, *, spaces: bool = False) -> str:
    if not text or (text.isprintable() and len(text) <= 80 and (spaces or " " not in text)):
        return text
    return quote(text, 80)
