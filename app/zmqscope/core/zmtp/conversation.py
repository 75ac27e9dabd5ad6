"""Both directions of a connection: what the two peers agree on. Any thread, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from zmqscope.core.zmtp.command_reader import Command, Initiate, Ready, Refusal
from zmqscope.core.zmtp.commands import IDENTITY, READY, SOCKET_TYPE, find
from zmqscope.core.zmtp.curve import CurveHello, CurveWelcome
from zmqscope.core.zmtp.decoder import DEFAULT_MAX_BODY, ZmtpDecoder
from zmqscope.core.zmtp.events import (
    BoxReceived,
    CommandReceived,
    Event,
    FrameReceived,
    GreetingReceived,
    IdentityReceived,
    LegacyGreetingReceived,
)
from zmqscope.core.zmtp.greeting import Mechanism
from zmqscope.core.zmtp.opening import Revision
from zmqscope.core.zmtp.plain import PlainHello, PlainWelcome
from zmqscope.core.zmtp.socket_types import can_talk


class Side(Enum):
    """One of the two peers, by how the connection came about."""

    CONNECTING = "connecting"
    BINDING = "binding"

    @property
    def other(self) -> Side:
        """The other peer."""
        return Side.BINDING if self is Side.CONNECTING else Side.CONNECTING


class Stage(Enum):
    """How far a connection is."""

    GREETING = "greeting"
    HANDSHAKE = "handshake"
    TRAFFIC = "traffic"
    REFUSED = "refused"
    FAILED = "failed"


class SubscriptionForm(Enum):
    """How subscriptions are sent: as messages until ZMTP 3.0, as commands from 3.1 on."""

    MESSAGES = "messages"
    COMMANDS = "commands"


@dataclass(frozen=True, slots=True)
class PeerFacts:
    """What a peer has said of itself so far.

    Attributes:
        version: Major and minor; None before its greeting is over. A peer of 3.x that went down to
            2.0 or 1.0 has that.
        mechanism: Name of the security mechanism; NULL before ZMTP 3.0, None if not known yet.
        is_server: Whether it is the server of a handshake with roles, by its greeting or by what it
            has sent: libzmq's servers do not say so in their greeting. None if not known.
        socket_type: In capitals; None if it has said none, or said it encrypted.
        identity: None likewise.
        is_introduced: Whether it has sent what must come before its first message.
    """

    version: tuple[int, int] | None = None
    mechanism: bytes | None = None
    is_server: bool | None = None
    socket_type: bytes | None = None
    identity: bytes | None = None
    is_introduced: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """An event, and who caused it."""

    side: Side
    event: Event


_LEGACY_VERSIONS = {Revision.V1: (1, 0), Revision.V2: (2, 0)}
_FIRST_WITH_COMMANDS = (3, 1)
_ROLES = {True: "servers", False: "clients"}


class Conversation:
    """Takes the bytes of both directions, in about the order in which they were sent.

    That order matters in the first eleven bytes alone, where an old peer makes a new one change the
    version; there, a peer's bytes must come after those that it answered.

    Args:
        max_body: Bytes to keep of a message frame's body; see ``ZmtpDecoder``.
    """

    def __init__(self, max_body: int = DEFAULT_MAX_BODY) -> None:
        self._decoders = {side: ZmtpDecoder(max_body) for side in Side}
        self._facts = {side: PeerFacts() for side in Side}
        self._readies: set[Side] = set()
        self._refusal: bytes | None = None
        self._latest = Side.CONNECTING

    # ---- bytes in, events out -------------------------------------------------------------------

    def receive_data(self, side: Side, data: bytes | bytearray | memoryview) -> None:
        """Take bytes that this peer sent."""
        decoder = self._decoders[side]
        decoder.receive_data(data)
        self._latest = side
        if decoder.revision is None and decoder.major is not None:
            self._decoders[side.other].set_peer_major(decoder.major)

    def events(self) -> Iterator[Said]:
        """All events that can be had now."""
        while (said := self.next_event()) is not None:
            yield said

    def next_event(self) -> Said | None:
        """The next event; None if more bytes are needed."""
        # What has just come may decide how the other direction's beginning is to be read.
        for side in (self._latest, self._latest.other):
            event = self._decoders[side].next_event()
            if event is not None:
                if not isinstance(event, FrameReceived | BoxReceived):
                    self._note(side, event)
                return Said(side, event)
        return None

    def decoder(self, side: Side) -> ZmtpDecoder:
        """One direction; only to be looked at."""
        return self._decoders[side]

    # ---- what the two agree on ------------------------------------------------------------------

    def facts(self, side: Side) -> PeerFacts:
        """What this peer has said of itself so far."""
        return self._facts[side]

    @property
    def version(self) -> tuple[int, int] | None:
        """The version that counts: the smaller one; None until both are known."""
        one, other = self._both()
        return (
            None
            if one.version is None or other.version is None
            else min(one.version, other.version)
        )

    @property
    def mechanism(self) -> bytes | None:
        """The security mechanism; None until both have named it, and the same."""
        one, other = self._both()
        return one.mechanism if one.mechanism == other.mechanism else None

    @property
    def is_encrypted(self) -> bool:
        """Whether messages are in boxes, of which ``BoxReceived`` tells the size."""
        return self.mechanism == Mechanism.CURVE.value

    @property
    def subscriptions(self) -> SubscriptionForm | None:
        """How subscriptions are sent; None until the version is known."""
        version = self.version
        if version is None:
            return None
        if version >= _FIRST_WITH_COMMANDS:
            return SubscriptionForm.COMMANDS
        return SubscriptionForm.MESSAGES

    @property
    def refusal(self) -> bytes | None:
        """The reason of an ERROR, if there was one; it may be empty."""
        return self._refusal

    @property
    def is_established(self) -> bool:
        """Whether the handshake is over, so that messages may be sent."""
        return self.stage is Stage.TRAFFIC

    @property
    def stage(self) -> Stage:
        """How far the connection is."""
        if self._refusal is not None:
            return Stage.REFUSED
        if any(decoder.has_failed for decoder in self._decoders.values()):
            return Stage.FAILED
        if self.version is None:
            return Stage.GREETING
        return Stage.TRAFFIC if self._is_introduced() else Stage.HANDSHAKE

    @property
    def disagreement(self) -> str | None:
        """Why the two peers cannot talk to each other, as far as it shows; None if they can."""
        one, other = self._both()
        if one.version is None or other.version is None:
            return None
        if (one.version[0] < 3 or other.version[0] < 3) and one.version != other.version:
            return f"One peer speaks ZMTP {_dotted(one)}, the other one {_dotted(other)}."
        if one.mechanism != other.mechanism:
            return f"The mechanisms differ: {_text(one.mechanism)} and {_text(other.mechanism)}."
        if one.is_server is not None and one.is_server == other.is_server:
            return f"Both peers are {_ROLES[one.is_server]} of {_text(one.mechanism)}."
        if one.socket_type and other.socket_type:
            return _misfit(one.socket_type, other.socket_type)
        return None

    # ---- what was said --------------------------------------------------------------------------

    def _both(self) -> tuple[PeerFacts, PeerFacts]:
        return self._facts[Side.CONNECTING], self._facts[Side.BINDING]

    def _is_introduced(self) -> bool:
        one, other = self._both()
        if self.mechanism in (None, Mechanism.NULL.value):
            return one.is_introduced and other.is_introduced
        # The server's READY is the last word of a handshake with roles.
        return bool(self._readies)

    def _note(self, side: Side, event: Event) -> None:
        facts = self._facts[side]
        match event:
            case GreetingReceived(greeting):
                facts = replace(
                    facts,
                    version=(greeting.major, greeting.minor),
                    mechanism=greeting.mechanism,
                    is_server=greeting.as_server or None,
                )
            case LegacyGreetingReceived(revision, _, socket_type):
                facts = replace(
                    facts,
                    version=_LEGACY_VERSIONS[revision],
                    mechanism=Mechanism.NULL.value,
                    socket_type=socket_type or None,
                )
            case IdentityReceived(_, identity):
                facts = replace(facts, identity=identity)
            case CommandReceived(_, name, command):
                facts = self._note_command(side, facts, name, command)
            case _:
                return
        is_introduced = not self._decoders[side].is_in_handshake
        self._facts[side] = replace(facts, is_introduced=is_introduced)

    def _note_command(
        self, side: Side, facts: PeerFacts, name: bytes, command: Command
    ) -> PeerFacts:
        if name == READY:
            self._readies.add(side)
        if isinstance(command, Refusal) and self._refusal is None:
            self._refusal = command.reason
        if isinstance(command, PlainHello | CurveHello):
            return replace(facts, is_server=False)
        if isinstance(command, PlainWelcome | CurveWelcome):
            return replace(facts, is_server=True)
        if isinstance(command, Ready | Initiate):
            return replace(
                facts,
                socket_type=find(command.metadata, SOCKET_TYPE),
                identity=find(command.metadata, IDENTITY),
            )
        return facts


def _dotted(facts: PeerFacts) -> str:
    return ".".join(map(str, facts.version or ()))


def _text(name: bytes | None) -> str:
    return (name or b"").decode("ascii", "backslashreplace") or "none"


def _misfit(one: bytes, other: bytes) -> str | None:
    if can_talk(one, other) is False:
        return f"{_text(one)} and {_text(other)} do not talk to each other."
    return None
