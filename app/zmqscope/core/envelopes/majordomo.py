"""Majordomo: clients, a broker and workers, with services by name. Pure, any thread.

Sources: RFC 7 (MDP 0.1), RFC 18 (MDP 0.2), RFC 8 (MMI, the broker's own services), and the ``0X``
of the reference broker at github.com/zeromq/majordomo, which has a NAK.
"""

from __future__ import annotations

from types import MappingProxyType

from zmqscope.core.decode.decoded import Decoded, DecodeError
from zmqscope.core.envelopes import fields
from zmqscope.core.envelopes.envelope import FrameName, Note, Outline, Sighting
from zmqscope.core.envelopes.frames import (
    all_words,
    body_names,
    front_names,
    is_request,
    plain,
)
from zmqscope.core.envelopes.summary import join

CLIENT = b"MDPC01"
"""What a client of version 0.1 and its broker begin with."""

_CLIENT_2, _CLIENT_X = b"MDPC02", b"MDPC0X"
_WORKERS = MappingProxyType(
    {
        b"MDPW01": ("READY", "REQUEST", "REPLY", "HEARTBEAT", "DISCONNECT"),
        b"MDPW02": ("READY", "REQUEST", "PARTIAL", "FINAL", "HEARTBEAT", "DISCONNECT"),
        b"MDPW0X": ("READY", "REQUEST", "REPORT", "HEARTBEAT", "DISCONNECT"),
    }
)
_CLIENTS = MappingProxyType(
    {
        _CLIENT_2: ("request", "partial", "final"),
        _CLIENT_X: ("request", "report", "NAK"),
    }
)
_MMI = b"mmi."
_MMI_CODES = {b"200": "found", b"404": "not found", b"501": "not implemented"}
_MOST_IDS = 6


def header_at(outline: Outline) -> int:
    """Index of the frame with the protocol's name; -1 if there is none.

    It is looked for: the empty frame before a worker's body looks like the end of routing ids.
    """
    for at, size in enumerate(outline.sizes[:_MOST_IDS]):
        if size == 6 and outline.heads[at][:3] == b"MDP":
            return at
    return -1


class Majordomo:
    """The envelope."""

    name = "majordomo"
    title = "Majordomo"

    def see(self, outline: Outline) -> Sighting | None:
        """See ``Envelope.see``."""
        at = header_at(outline)
        if at < 0:
            return None
        header = outline.heads[at]
        if header == CLIENT:
            return self._see_client_1(outline, at)
        if header in _CLIENTS:
            return self._see_client_2(outline, at, _CLIENTS[header])
        if header in _WORKERS:
            return self._see_worker(outline, at, _WORKERS[header])
        return None

    def _see_client_1(self, outline: Outline, at: int) -> Sighting | None:
        if outline.frame_count < at + 2:
            return None
        asks = is_request(outline)
        word = {True: "request", False: "reply", None: ""}[asks]
        summary = join((word, plain(outline, at + 1), _body(outline, at + 1, asks)))
        names = (*front_names(outline, at), FrameName("protocol"), FrameName("service"))
        notes = () if outline.frame_count > at + 2 else (Note("There is no body (RFC 7).", True),)
        return self._sighting(outline, summary, names, at + 2, notes)

    def _see_client_2(self, outline: Outline, at: int, known: tuple[str, ...]) -> Sighting | None:
        command = _command(outline, at + 1, known)
        if command is None or outline.frame_count < at + 3:
            return None
        body = _body(outline, at + 2, command == "request")
        summary = join((command, plain(outline, at + 2), body))
        names = (*front_names(outline, at), FrameName("protocol"), FrameName("command", self.name))
        return self._sighting(outline, summary, (*names, FrameName("service")), at + 3)

    def _see_worker(self, outline: Outline, at: int, known: tuple[str, ...]) -> Sighting | None:
        command = _command(outline, at + 1, known)
        if command is None:
            return None
        names = (*front_names(outline, at), FrameName("protocol"), FrameName("command", self.name))
        frames = outline.frame_count - at
        if command == "READY":
            service = plain(outline, at + 2) if frames > 2 else ""
            names = (*names, FrameName("service")) if frames > 2 else names
            summary = join((command, service))
            return self._sighting(outline, summary, names, at + 3, _ready_notes(outline, at))
        if command in ("HEARTBEAT", "DISCONNECT"):
            return self._sighting(outline, command, names, at + 2)
        # Reference brokers send the client's address, an empty frame, and the body.
        notes: tuple[Note, ...] = ()
        body = at + 2
        if frames > 3 and at + 3 < len(outline.sizes) and not outline.sizes[at + 3]:
            names = (*names, FrameName("client address"), FrameName("delimiter"))
            body = at + 4
        else:
            notes = (Note("Client address and empty frame before the body are missing.", True),)
        summary = join((command, all_words(outline, body)))
        return self._sighting(outline, summary, names, body, notes)

    def _sighting(
        self,
        outline: Outline,
        summary: str,
        names: tuple[FrameName, ...],
        body: int,
        notes: tuple[Note, ...] = (),
    ) -> Sighting:
        names = (*names, *body_names(outline, body))
        body = min(body, outline.frame_count - 1)
        return Sighting(self.name, 0.98, summary, names, body, notes)

    def decode(self, index: int, frame: bytes) -> Decoded:
        """A command, which is a byte; its name depends on the frame before, so none is given."""
        if len(frame) != 1:
            raise DecodeError("A command is one byte.", 0)
        node = fields.number("command", "uint8", frame[0], (0, 1))
        return fields.tree(f"command {frame[0]}", (node,), 1)

    def check(self, frames: tuple[bytes, ...], sighting: Sighting) -> tuple[Note, ...]:
        """Nothing more to say."""
        return ()


def _command(outline: Outline, index: int, known: tuple[str, ...]) -> str | None:
    """A command in words; None if the frame is no command."""
    if index >= len(outline.sizes) or outline.sizes[index] != 1:
        return None
    number = outline.heads[index][0]
    return known[number - 1] if 0 < number <= len(known) else f"command {number}"


def _body(outline: Outline, service: int, asks: bool | None) -> str:
    """The body in a few words; codes of the broker's own services in plain text (RFC 8)."""
    at = service + 1
    if asks is False and at < len(outline.heads) and service < len(outline.heads):
        meaning = _MMI_CODES.get(outline.heads[at][:4])
        if meaning is not None and outline.heads[service].startswith(_MMI):
            return f"{outline.heads[at][:4].decode()} {meaning}"
    return all_words(outline, at)


def _ready_notes(outline: Outline, at: int) -> tuple[Note, ...]:
    if outline.frame_count < at + 3:
        return (Note("READY names no service.", True),)
    if at + 2 < len(outline.heads) and outline.heads[at + 2].startswith(_MMI):
        return (Note("Names that begin with mmi. are the broker's own (RFC 8).", True),)
    return ()
