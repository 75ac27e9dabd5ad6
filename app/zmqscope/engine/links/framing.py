"""Frames one by one, where they are not moved in bulk, of ZMTP and WebSocket. Links' thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from wsproto.frame_protocol import CloseReason, Frame, FrameProtocol, Opcode, ParseFailed

from zmqscope.core.transcode import layout as at
from zmqscope.core.transcode.plain import masked
from zmqscope.core.zmtp.errors import ZmtpError
from zmqscope.core.zmtp.frames import COMMAND, MORE, encode_frame, read_header
from zmqscope.engine.links.flow import LinkFailedError

MAX_SPECIAL_BYTES = 64 * 1024
"""The longest command; RFC 37 asks for far less."""

_MAX_FRAGMENTED_BYTES = 64 * 1024 * 1024

OnFrame = Callable[[bool, bool, bytes], None]
"""Takes a frame: is it a command, does another follow, its body."""


class Framing(Protocol):
    """How frames look on one wire."""

    def encode(self, is_command: bool, more: bool, body: bytes) -> bytes:
        """A frame as it goes."""
        ...

    def take(self, data: memoryview) -> int:
        """Take the frame at the beginning; how many bytes it was, 0 if it is not all there.

        Raises:
            LinkFailedError: It is none.
        """
        ...


class ZmtpFraming:
    """ZMTP 3 (RFC 37, section 3.2).

    Args:
        on_frame: Takes frames.
    """

    def __init__(self, on_frame: OnFrame) -> None:
        self._on_frame = on_frame

    def encode(self, is_command: bool, more: bool, body: bytes) -> bytes:
        """See ``Framing``."""
        return encode_frame(COMMAND if is_command else MORE if more else 0, body)

    def take(self, data: memoryview) -> int:
        """See ``Framing``."""
        try:
            header = read_header(data)
        except ZmtpError as error:
            raise LinkFailedError(f"broke ZMTP: {error}") from None
        if header is None:
            return 0
        if header.length > MAX_SPECIAL_BYTES:
            raise LinkFailedError(f"sent a command of {header.length} bytes")
        end = header.size + header.length
        if len(data) < end:
            return 0
        body = bytes(data[header.size : end])
        self._on_frame(bool(header.flags & COMMAND), bool(header.flags & MORE), body)
        return end


class WebSocketFraming:
    """ZWS 2.0 in WebSocket frames (RFC 45, RFC 6455).

    Args:
        on_frame: Takes ZWS frames.
        on_pong: Takes the payload of a pong.
        send_pong: Sends a pong; of several that wait only the last has to go (RFC 6455, section
            5.5.3).
        is_client: Whether we are.

    Attributes:
        is_closing: Whether the other side has said goodbye.
    """

    def __init__(
        self,
        on_frame: OnFrame,
        on_pong: Callable[[bytes], None],
        send_pong: Callable[[bytes], None],
        is_client: bool,
    ) -> None:
        self._on_frame = on_frame
        self._on_pong = on_pong
        self._send_pong = send_pong
        self._is_client = is_client
        # Only for what is not one whole binary message: that takes the short way.
        self._frames = FrameProtocol(client=is_client, extensions=[])
        self._left = 0
        self._is_gathering = False
        self._gathered = bytearray()
        self.is_closing = False

    @property
    def is_inside(self) -> bool:
        """Whether what comes next continues a frame or message that it has begun to take."""
        return self._left > 0 or self._is_gathering

    def encode(self, is_command: bool, more: bool, body: bytes) -> bytes:
        """See ``Framing``."""
        flags = (at.ZWS_COMMAND if is_command else 0) | (at.ZWS_MORE if more else 0)
        return bytes(self._frames.send_data(bytes((flags,)) + body, fin=True))

    def raw(self, payload: bytes) -> bytes:
        """A binary message that is not ZWS 2.0: the routing id of its bare form."""
        return bytes(self._frames.send_data(payload, fin=True))

    def ping(self, payload: bytes) -> bytes:
        """A ping."""
        return bytes(self._frames.ping(payload))

    def close(self) -> bytes:
        """Goodbye."""
        return bytes(self._frames.close(CloseReason.NORMAL_CLOSURE))

    # ---- what comes -------------------------------------------------------------------------

    def take(self, data: memoryview) -> int:
        """See ``Framing``."""
        if self._left:
            return self._feed(data[: self._left])
        head = _websocket_head(data)
        if head is None:
            return 0
        size, length, key = head
        if self._is_client is (key is not None):
            side = "masked" if self._is_client else "unmasked"
            raise LinkFailedError(f"sent a WebSocket frame that is {side}, against RFC 6455")
        if data[0] == at.WHOLE_BINARY and not self._is_gathering:
            return self._take_whole(data, size, length, key or 0)
        self._left = size + length
        return self._feed(data[: self._left])

    def _take_whole(self, data: memoryview, size: int, length: int, key: int) -> int:
        """A binary message in one frame."""
        if not 0 < length <= MAX_SPECIAL_BYTES:
            raise LinkFailedError(f"sent a command of {length} bytes")
        if len(data) < size + length:
            return 0
        self._give(masked(data[size : size + length], key))
        return size + length

    def _give(self, message: bytes | bytearray) -> None:
        if not message:
            raise LinkFailedError("sent an empty WebSocket message, against RFC 45")
        flags = message[0]
        if flags > at.ZWS_MORE | at.ZWS_COMMAND:
            raise LinkFailedError("sent a WebSocket message with unknown flags, against RFC 45")
        is_command, more = bool(flags & at.ZWS_COMMAND), bool(flags & at.ZWS_MORE)
        self._on_frame(is_command, more, bytes(message[1:]))

    def _feed(self, data: memoryview) -> int:
        """Control frames and fragments, through the library."""
        self._left -= len(data)
        self._frames.receive_bytes(bytes(data))
        try:
            for frame in self._frames.received_frames():
                self._on_control_or_fragment(frame)
        except ParseFailed as error:
            raise LinkFailedError(f"broke the WebSocket protocol: {error}") from None
        return len(data)

    def _on_control_or_fragment(self, frame: Frame) -> None:
        payload = frame.payload
        if frame.opcode is Opcode.CLOSE:
            self.is_closing = True
        elif not isinstance(payload, bytes | bytearray):
            raise LinkFailedError("sent a text message, against RFC 45")
        elif frame.opcode is Opcode.PING:
            self._send_pong(bytes(self._frames.pong(bytes(payload))))
        elif frame.opcode is Opcode.PONG:
            self._on_pong(bytes(payload))
        else:
            self._gather(bytes(payload), frame.message_finished)

    def _gather(self, piece: bytes, is_last: bool) -> None:
        self._gathered += piece
        if len(self._gathered) > _MAX_FRAGMENTED_BYTES:
            raise LinkFailedError("sent a fragmented message of more than 64 MiB")
        self._is_gathering = not is_last
        if is_last:
            message, self._gathered = self._gathered, bytearray()
            self._give(message)


def _websocket_head(data: memoryview) -> tuple[int, int, int | None] | None:
    """Size of the head, length of the payload, masking key; None if it is not all there."""
    if len(data) < 2:
        return None
    length = data[1] & 0x7F
    extended = {126: 2, 127: 8}.get(length, 0)
    is_masked = data[1] & 0x80
    size = 2 + extended + (4 if is_masked else 0)
    if len(data) < size:
        return None
    if extended:
        length = int.from_bytes(data[2 : 2 + extended])
    key = int.from_bytes(data[size - 4 : size], "little") if is_masked else None
    return size, length, key
