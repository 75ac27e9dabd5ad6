"""Remote calls of ZeroRPC, protocol version 3. Pure, any thread.

Source: zerorpc-python, ``doc/protocol.md`` and ``zerorpc/events.py``.
"""

from __future__ import annotations

from zmqscope.core.decode.decoded import Decoded, DecodeError
from zmqscope.core.envelopes.envelope import FrameName, Note, Outline, Sighting
from zmqscope.core.envelopes.msgpack_head import HeadEndError, MsgpackHead
from zmqscope.core.envelopes.summary import brief, fit, join, quote, unquoted

_ARRAY_OF_3 = 0x93
_FIXMAP = 0x80
_ID_CHARS = 8
_SHOWN_ARGUMENTS = 6


class ZeroRpc:
    """The envelope."""

    name = "zerorpc"
    title = "ZeroRPC"

    def see(self, outline: Outline) -> Sighting | None:
        """See ``Envelope.see``."""
        heads = outline.heads
        if outline.frame_count != len(heads):
            return None
        last = heads[-1] if heads else b""
        # An array of three whose first element is a map: header, name, arguments.
        if len(last) < 4 or last[0] != _ARRAY_OF_3 or last[1] & 0xF0 != _FIXMAP:
            return None
        if len(heads) > 1 and heads[-2]:
            return None
        try:
            reader = MsgpackHead(last)
            reader.array()
            header, name = reader.fields(), reader.value()
        except HeadEndError:
            return None
        if not isinstance(name, str) or not ("message_id" in header or "response_to" in header):
            return None
        ids = len(heads) - 2
        frames = [FrameName("routing id")] * ids if ids > 0 else []
        if len(heads) > 1:
            frames.append(FrameName("delimiter"))
        answers = header.get("response_to")
        notes = () if answers is None else (Note(f"It belongs to call #{_id(answers, 64)}."),)
        return Sighting(
            self.name,
            0.97 if "v" in header else 0.8,
            _summary(header, name, reader),
            (*frames, FrameName("event", "msgpack")),
            len(heads) - 1,
            notes,
        )

    def decode(self, index: int, frame: bytes) -> Decoded:
        """Never called: the event is MessagePack."""
        raise DecodeError("ZeroRPC's events are MessagePack.")

    def check(self, frames: tuple[bytes, ...], sighting: Sighting) -> tuple[Note, ...]:
        """Nothing needs the frames whole."""
        return ()


def _summary(header: dict[object, object], name: str, reader: MsgpackHead) -> str:
    answers = header.get("response_to")
    channel = f"#{_id(header.get('message_id') if answers is None else answers)}"
    arguments = _arguments(reader)
    match name:
        case "_zpc_hb":
            return join(("heartbeat", channel if answers is not None else ""))
        case "_zpc_more":
            return join(("more", arguments[0] if arguments else "", channel))
        case "OK" | "STREAM" if answers is not None:
            return join((name, ", ".join(arguments), channel))
        case "STREAM_DONE" if answers is not None:
            return join((name, channel))
        case "ERR" if answers is not None:
            # Name, message and traceback.
            words = [fit(unquoted(each), 200) for each in arguments[:2]]
            return join((name, ": ".join(words), channel))
        case _:
            call = f"{quote(name, 80)[1:-1]}({', '.join(arguments)})"
            return join((call, channel))


def _arguments(reader: MsgpackHead) -> list[str]:
    """The arguments, as far as they are here; an answer has its value without a list around it."""
    try:
        length = reader.array()
    except HeadEndError:
        try:
            value = reader.value()
        except HeadEndError:
            return ["…"]
        return [] if value is None else [brief(value)]
    found: list[str] = []
    for _ in range(min(length, _SHOWN_ARGUMENTS)):
        try:
            found.append(brief(reader.value()))
        except HeadEndError:
            return [*found, "…"]
    return [*found, "…"] if length > _SHOWN_ARGUMENTS else found


def _id(value: object, most: int = _ID_CHARS) -> str:
    """A message's number: opaque bytes, most often hex digits."""
    if isinstance(value, bytes):
        text = value.decode("ascii", "replace")
        value = text if text.isprintable() and text.isascii() else value.hex()
    return fit(value, most) if isinstance(value, str) else brief(value, most)
