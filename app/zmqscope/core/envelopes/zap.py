"""ZAP: a server asks an authenticator about a peer. Passwords are never shown. Pure, any thread.

Source: RFC 27 (ZAP).
"""

from __future__ import annotations

import re

from zmqscope.core.decode.decoded import Decoded, Tree
from zmqscope.core.decode.node import Node, NodeKind
from zmqscope.core.envelopes.envelope import FrameName, Note, Outline, Sighting
from zmqscope.core.envelopes.frames import front_names, plain, plain_bytes, text_of
from zmqscope.core.envelopes.summary import join, quote
from zmqscope.core.security.keys import encode_z85

_VERSION = b"1.0"
_STATUS = re.compile(rb"[2-5]00")
_CREDENTIALS = {
    b"NULL": (),
    b"PLAIN": ("user name", "password"),
    b"CURVE": ("public key",),
    b"GSSAPI": ("principal",),
}
_ASKED = ("version", "request id", "domain", "address", "identity", "mechanism")
_ANSWERED = ("version", "request id", "status code", "status text", "user id", "metadata")
_MOST_IDS = 4
_HIDDEN = "hidden"


class Zap:
    """The envelope."""

    name = "zap"
    title = "ZAP"

    def see(self, outline: Outline) -> Sighting | None:
        """See ``Envelope.see``."""
        if not 6 <= outline.frame_count <= _MOST_IDS + 9:
            return None
        for at, head in enumerate(outline.heads[:_MOST_IDS]):
            if head == _VERSION and outline.sizes[at] == 3:
                return self._see(outline, at)
        return None

    def _see(self, outline: Outline, at: int) -> Sighting | None:
        frames = outline.frame_count - at
        if len(outline.heads) < at + 6:
            return None
        # No more than a mechanism's bytes: a frame of megabytes would be hashed.
        mechanism = outline.heads[at + 5][:8]
        credentials = _CREDENTIALS.get(mechanism)
        if credentials is not None and frames == 6 + len(credentials):
            return self._request(outline, at, mechanism.decode(), credentials)
        if frames == 6 and _STATUS.fullmatch(outline.heads[at + 2]):
            return self._reply(outline, at)
        return None

    def _request(
        self, outline: Outline, at: int, mechanism: str, credentials: tuple[str, ...]
    ) -> Sighting:
        names = [FrameName(label) for label in (*_ASKED, *credentials)]
        notes: tuple[Note, ...] = ()
        who = ""
        if mechanism == "PLAIN":
            names[-1] = FrameName("password", self.name, is_secret=True)
            notes = (Note("The password is not shown. PLAIN sends it in clear."),)
            who = f"user {plain(outline, at + 6)}"
        elif mechanism == "CURVE":
            who = f"key {_key(outline, at + 6)}"
        elif credentials:
            who = f"principal {plain(outline, at + 6)}"
        identity = f"identity {plain(outline, at + 4)}" if outline.sizes[at + 4] else ""
        domain = f"domain {plain(outline, at + 2)}" if outline.sizes[at + 2] else ""
        where = f"from {plain(outline, at + 3)}" if outline.sizes[at + 3] else ""
        summary = join((f"request {mechanism}", who, where, domain, identity))
        names = [*front_names(outline, at), *names]
        body = at + 5 if mechanism == "NULL" else at + 6
        return Sighting(self.name, 0.98, summary, tuple(names), body, notes)

    def _reply(self, outline: Outline, at: int) -> Sighting:
        code = outline.heads[at + 2].decode()
        said = text_of(outline.heads[at + 3]) or ""
        is_short = said.isprintable() and len(said) <= 80
        user = f"user {plain(outline, at + 4)}" if outline.sizes[at + 4] else ""
        names = [*front_names(outline, at), *(FrameName(label) for label in _ANSWERED)]
        notes: tuple[Note, ...] = ()
        if user and code != "200":
            notes = (Note("Only a 200 may name a user (RFC 27).", True),)
        properties = _metadata(outline.heads[at + 5])
        summary = join(("reply", code, said if is_short else quote(said, 80), user, *properties))
        return Sighting(self.name, 0.97, summary, tuple(names), at + 2, notes)

    def decode(self, index: int, frame: bytes) -> Decoded:
        """A password, which stays hidden; its length would say too much."""
        node = Node(None, NodeKind.OTHER, "password", _HIDDEN)
        return Decoded((Tree(node),), "password", ("Passwords are not shown.",))

    def check(self, frames: tuple[bytes, ...], sighting: Sighting) -> tuple[Note, ...]:
        """Nothing more to say."""
        return ()


def _key(outline: Outline, index: int) -> str:
    """A CURVE key as Z85 (RFC 32), the way key files have it."""
    if index >= len(outline.heads) or len(outline.heads[index]) != 32:
        return plain(outline, index)
    return encode_z85(outline.heads[index])


def _metadata(data: bytes) -> list[str]:
    """Properties as ZMTP 3 writes them: name and value with their lengths; the first few."""
    found: list[str] = []
    at = 0
    while at < len(data):
        if len(found) == 4:
            return [*found, "…"]
        value = at + 1 + data[at]
        stop = value + 4 + int.from_bytes(data[value : value + 4])
        if value + 4 > len(data) or stop > len(data):
            break
        name = plain_bytes(data[at + 1 : value], data[at], 40)
        found.append(f"{name}={plain_bytes(data[value + 4 : stop], stop - value - 4, 40)}")
        at = stop
    return found
