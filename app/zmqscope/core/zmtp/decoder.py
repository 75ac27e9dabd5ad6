"""One direction of a connection, from bytes to events. Any thread, one at a time.

Memory is bounded by what was fed and not yet taken out as events, and by what is to be kept of one
body, never by a length that a peer claims.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zmqscope.core.zmtp.command_reader import (
    Command,
    OtherCommand,
    ends_handshake,
    read_command,
)
from zmqscope.core.zmtp.commands import split_command
from zmqscope.core.zmtp.curve import BOX_HEAD_BYTES, read_box
from zmqscope.core.zmtp.errors import ZmtpError
from zmqscope.core.zmtp.events import (
    BoxReceived,
    CommandReceived,
    Event,
    FrameReceived,
    GreetingReceived,
    IdentityReceived,
    LegacyGreetingReceived,
    ProtocolFailed,
)
from zmqscope.core.zmtp.frames import COMMAND, MORE, FrameHeader, read_header
from zmqscope.core.zmtp.greeting import GREETING_BYTES, Greeting, Mechanism
from zmqscope.core.zmtp.inbox import Inbox
from zmqscope.core.zmtp.legacy import MAX_IDENTITY_BYTES, read_header_v1, read_header_v2
from zmqscope.core.zmtp.opening import Opening, Revision, read_major, read_opening

DEFAULT_MAX_BODY = 1 << 20
"""Bytes that are kept of a message frame's body, unless told otherwise."""

MAX_COMMAND = 1 << 16
"""Bytes of a command that is looked into; of a longer one its name is told."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Where a decoder left off.

    Attributes:
        position: Place in the stream of the first byte that is not used.
        skip: Bytes of the present body that are still to come.
        data: What has come and is not used.
    """

    position: int
    skip: int
    data: bytes


class ZmtpDecoder:
    """Takes the bytes of one direction in pieces of any size.

    After ``receive_data`` take events out with ``next_event`` or ``events``, until there are none.

    Args:
        max_body: Bytes to keep of a message frame's body; the rest is counted and let go.
    """

    def __init__(self, max_body: int = DEFAULT_MAX_BODY) -> None:
        self._max_body = max(0, max_body)
        self._inbox = Inbox()
        self._peer_major: int | None = None
        self._opening: Opening | None = None
        self._revision: Revision | None = None
        self._mechanism: Mechanism | None = None
        self._in_handshake = True
        self._needs_identity = False
        self._has_failed = False
        self._header: FrameHeader | None = None
        self._frame_at = 0
        self._kept = bytearray()
        self._keep = self._left = 0

    # ---- what is known --------------------------------------------------------------------------

    @property
    def major(self) -> int | None:
        """Version that the direction claims, see ``read_major``; None as long as it has not."""
        if self._opening is not None:
            return self._opening.major
        return read_major(self._inbox.head(GREETING_BYTES))

    @property
    def revision(self) -> Revision | None:
        """How frames come; None before the greeting is over."""
        return self._revision

    @property
    def greeting(self) -> Greeting | None:
        """The greeting of ZMTP 3.x, once it is there."""
        return self._opening.greeting if self._opening is not None else None

    @property
    def has_failed(self) -> bool:
        """Whether ``ProtocolFailed`` came, or the rest was released."""
        return self._has_failed

    @property
    def is_in_handshake(self) -> bool:
        """Whether the direction has not yet sent what must come before its first message."""
        return self._in_handshake

    @property
    def is_unfinished(self) -> bool:
        """Whether a stream that ended here would be cut in its greeting or within a frame."""
        return self._opening is None or self._header is not None or len(self._inbox) > 0

    # ---- bytes in, events out -------------------------------------------------------------------

    def set_peer_major(self, major: int) -> None:
        """Tell what the other direction claims, as soon as that is known.

        A peer that can do 3.x goes down to an older one's version. Without this, that is guessed
        from what follows, which is right but for peers of ZMTP 1.0.
        """
        self._peer_major = major

    def receive_data(self, data: bytes | bytearray | memoryview) -> None:
        """Take bytes; after a failure they are let go."""
        if not self._has_failed:
            self._inbox.append(data)

    def events(self) -> Iterator[Event]:
        """All events that can be had now."""
        while (event := self.next_event()) is not None:
            yield event

    def next_event(self) -> Event | None:
        """The next event; None if more bytes are needed, and after a failure."""
        if self._has_failed:
            return None
        try:
            return self._next_frame() if self._opening is not None else self._open()
        except ZmtpError as error:
            at = self._inbox.position if self._header is None else self._frame_at
            self._fail()
            return ProtocolFailed(at, str(error))

    def release(self) -> Rest:
        """Stop, and hand what follows over, as to ``scan.FrameStream``; nothing comes out any more.

        A frame of which only the beginning has come is not told of.

        Raises:
            ZmtpError: There is no such stream: before the greeting is over, after a failure, in
                ZMTP 1.0.
        """
        if self._has_failed or self._revision in (None, Revision.V1):
            raise ZmtpError("Only frames of ZMTP 2.0 and later can be handed over.")
        skip, self._left = self._left, 0
        rest = Rest(self._inbox.position, skip, self._inbox.take(len(self._inbox)))
        self._fail()
        return rest

    def _fail(self) -> None:
        self._has_failed = True
        self._header = None
        self._kept = bytearray()
        self._inbox.drop_all()

    # ---- the greeting ---------------------------------------------------------------------------

    def _open(self) -> Event | None:
        opening = read_opening(self._inbox.head(GREETING_BYTES), self._peer_major)
        if opening is None:
            return None
        self._opening, self._revision = opening, opening.revision
        self._inbox.skip(opening.size)
        if opening.greeting is not None:
            self._mechanism = opening.greeting.known_mechanism
            return GreetingReceived(opening.greeting)
        self._needs_identity = True
        return LegacyGreetingReceived(opening.revision, opening.major, opening.socket_type)

    # ---- frames ---------------------------------------------------------------------------------

    def _next_frame(self) -> Event | None:
        if self._header is None:
            self._header = self._begin_frame()
        header = self._header
        if header is None:
            return None
        inbox = self._inbox
        here = min(self._left, len(inbox))
        kept = min(here, self._keep - len(self._kept))
        if kept:
            self._kept += inbox.take(kept)
        inbox.skip(here - kept)
        self._left -= here
        if self._left:
            return None
        event = self._frame_event(header, bytes(self._kept))
        self._header = None
        self._kept = bytearray()
        return event

    def _begin_frame(self) -> FrameHeader | None:
        """Take the next header, if it is there, and see how much of the body is wanted."""
        inbox = self._inbox
        header = self._read_header(inbox.data, inbox.at)
        if header is None:
            return None
        self._keep = min(header.length, self._limit(header))
        self._left = header.length
        self._frame_at = inbox.position
        inbox.skip(header.size)
        return header

    def _read_header(self, buffer: bytearray, at: int) -> FrameHeader | None:
        if self._revision is Revision.V3:
            return read_header(buffer, at)
        if self._revision is Revision.V2:
            return read_header_v2(buffer, at)
        return read_header_v1(buffer, at, is_first=self._needs_identity)

    def _limit(self, header: FrameHeader) -> int:
        """How many bytes of a body are wanted.

        Raises:
            ZmtpError: There must be no such frame now.
        """
        if self._needs_identity:
            if header.length > MAX_IDENTITY_BYTES:
                raise ZmtpError(f"An identity claims {header.length} bytes; 255 are the most.")
            if header.flags & MORE:
                raise ZmtpError("The frame with the identity says that more frames follow.")
            return MAX_IDENTITY_BYTES
        if self._is_boxed:
            return BOX_HEAD_BYTES
        if header.flags & COMMAND:
            return MAX_COMMAND
        if self._revision is Revision.V3 and self._in_handshake:
            raise ZmtpError("A message came before the handshake was over.")
        return self._max_body

    @property
    def _is_boxed(self) -> bool:
        """Whether every frame is encrypted from now on, be it a message's or a command."""
        return self._mechanism is Mechanism.CURVE and not self._in_handshake

    def _frame_event(self, header: FrameHeader, body: bytes) -> Event:
        if self._needs_identity:
            self._needs_identity = self._in_handshake = False
            return IdentityReceived(self._frame_at, body)
        if self._is_boxed:
            nonce, payload_bytes = read_box(body, header.length)
            return BoxReceived(self._frame_at, nonce, payload_bytes)
        if header.flags & COMMAND:
            return self._command_event(header, body)
        return FrameReceived(self._frame_at, bool(header.flags & MORE), header.length, body)

    def _command_event(self, header: FrameHeader, body: bytes) -> Event:
        name, data = split_command(body)
        command: Command
        if header.length > len(body):
            command = OtherCommand(name, header.length - 1 - len(name), None)
        else:
            command = read_command(self._mechanism, name, data, in_handshake=self._in_handshake)
        if ends_handshake(self._mechanism, name):
            self._in_handshake = False
        return CommandReceived(self._frame_at, name, command)
