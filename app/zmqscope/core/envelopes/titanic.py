"""Titanic: requests that are kept on disk, as three services over Majordomo. Pure, any thread.

Source: RFC 9 (TSP) over RFC 7 (MDP 0.1). Only what clients say is told apart: a worker's messages
do not name their service.
"""

from __future__ import annotations

import re

from zmqscope.core.decode.decoded import Decoded, DecodeError
from zmqscope.core.envelopes.envelope import FrameName, Note, Outline, Sighting
from zmqscope.core.envelopes.frames import all_words, body_names, front_names, is_request, plain
from zmqscope.core.envelopes.majordomo import CLIENT, header_at
from zmqscope.core.envelopes.summary import join

_SERVICES = frozenset((b"titanic.request", b"titanic.reply", b"titanic.close"))
_STATUSES = {b"200": "OK", b"300": "PENDING", b"400": "UNKNOWN", b"500": "ERROR"}
_UUID = re.compile(rb"[0-9A-Za-z]{32}")


class Titanic:
    """The envelope; it must stand before Majordomo, of which its messages are a special case."""

    name = "titanic"
    title = "Titanic"

    def see(self, outline: Outline) -> Sighting | None:
        """See ``Envelope.see``."""
        at = header_at(outline)
        if at < 0 or outline.heads[at] != CLIENT or at + 2 >= len(outline.heads):
            return None
        service = outline.heads[at + 1][:16]
        if service not in _SERVICES:
            return None
        code = outline.heads[at + 2][:3]
        asks = is_request(outline)
        is_reply = code in _STATUSES if asks is None else not asks
        names = [
            *front_names(outline, at),
            *(FrameName("protocol"), FrameName("service")),
        ]
        kind = service.decode()
        if is_reply:
            return self._reply(outline, at, kind, names)
        return self._request(outline, at, kind, names)

    def _request(
        self, outline: Outline, at: int, kind: str, names: list[FrameName]
    ) -> Sighting | None:
        if kind == "titanic.request":
            names += [FrameName("target service"), *body_names(outline, at + 3)]
            summary = join((kind, plain(outline, at + 2), all_words(outline, at + 3)))
            return self._sighting(outline, summary, names, at + 3)
        names += [FrameName("request's UUID")]
        notes = () if _UUID.fullmatch(outline.heads[at + 2]) else (_NO_UUID,)
        summary = join((kind, plain(outline, at + 2)))
        return self._sighting(outline, summary, names, at + 2, notes)

    def _reply(
        self, outline: Outline, at: int, kind: str, names: list[FrameName]
    ) -> Sighting | None:
        status = outline.heads[at + 2]
        meaning = _STATUSES.get(status[:3])
        notes = () if meaning else (Note("RFC 9 knows no such status.", True),)
        is_told = meaning is None or len(status) > 3
        words = plain(outline, at + 2) if is_told else f"{status[:3].decode()} {meaning}"
        names += [FrameName("status")]
        rest = ""
        if outline.frame_count > at + 3:
            is_id = kind == "titanic.request"
            names += [FrameName("request's UUID")] if is_id else body_names(outline, at + 3)
            rest = plain(outline, at + 3) if is_id else all_words(outline, at + 3)
        body = at + 3 if rest else at + 2
        return self._sighting(outline, join((kind, "→", words, rest)), names, body, notes)

    def _sighting(
        self,
        outline: Outline,
        summary: str,
        names: list[FrameName],
        body: int,
        notes: tuple[Note, ...] = (),
    ) -> Sighting:
        body = min(body, outline.frame_count - 1)
        return Sighting(self.name, 0.98, summary, tuple(names), body, notes)

    def decode(self, index: int, frame: bytes) -> Decoded:
        """Never called: all frames are text or somebody else's."""
        raise DecodeError("Titanic's frames have no layout of their own.")

    def check(self, frames: tuple[bytes, ...], sighting: Sighting) -> tuple[Note, ...]:
        """Nothing more to say."""
        return ()


_NO_UUID = Note("RFC 9 wants 32 hexadecimal characters here.", True)
