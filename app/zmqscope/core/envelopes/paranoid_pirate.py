"""Paranoid Pirate: READY and HEARTBEAT of one byte each between a queue and workers. Any thread.

Source: RFC 6 (PPP); its requests and replies are ordinary ones, which nothing tells apart.
"""

from __future__ import annotations

import re

from zmqscope.core.decode.decoded import Decoded, DecodeError
from zmqscope.core.envelopes import fields
from zmqscope.core.envelopes.envelope import FrameName, Note, Outline, Sighting
from zmqscope.core.types import SocketType

_COMMANDS = {b"\x01": "READY", b"\x02": "HEARTBEAT"}
_GUIDE_ID = re.compile(rb"[0-9A-F]{4}-[0-9A-F]{4}")
"""Routing ids as the Guide's workers make them."""

_TELLING, _ANY_BYTE = 0.8, 0.4


class ParanoidPirate:
    """The envelope.

    A single byte of 1 or 2 is what many programs send, so without the routing id of the Guide's
    workers the confidence stays below what is shown.
    """

    name = "paranoid_pirate"
    title = "Paranoid Pirate"

    def see(self, outline: Outline) -> Sighting | None:
        """See ``Envelope.see``."""
        kind = outline.socket_type
        is_router = kind is SocketType.ROUTER
        if not is_router and kind is not SocketType.DEALER:
            return None
        at = 1 if is_router else 0
        if outline.frame_count != at + 1 or len(outline.sizes) <= at or outline.sizes[at] != 1:
            return None
        command = _COMMANDS.get(outline.heads[at])
        if command is None:
            return None
        is_telling = is_router and _GUIDE_ID.fullmatch(outline.heads[0])
        names = (*([FrameName("routing id")] * at), FrameName("command", self.name))
        sure = _TELLING if is_telling else _ANY_BYTE
        return Sighting(self.name, sure, command, names, at)

    def decode(self, index: int, frame: bytes) -> Decoded:
        """Read a command."""
        command = _COMMANDS.get(frame)
        if command is None:
            raise DecodeError("A command is one byte, 1 or 2.", 0)
        node = fields.number("command", "uint8", frame[0], (0, 1), command)
        return fields.tree(command, (node,), 1)

    def check(self, frames: tuple[bytes, ...], sighting: Sighting) -> tuple[Note, ...]:
        """Nothing more to say."""
        return ()
