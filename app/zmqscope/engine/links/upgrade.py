"""The HTTP side of a WebSocket: asks for one, or answers who asks (RFC 6455, RFC 45).

Bytes in, bytes out; the links' thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from wsproto.connection import ConnectionType
from wsproto.events import (
    AcceptConnection,
    Event,
    RejectConnection,
    RejectData,
    Request,
)
from wsproto.handshake import H11Handshake
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from zmqscope.core.diagnosis.finding import Rule
from zmqscope.core.wording import quoted
from zmqscope.engine.links.flow import LinkFailedError

_MOST_BYTES = 16 * 1024
_END = b"\r\n\r\n"
_SHOWN = 60
_IS_IT_ZWS = "Check the address: there has to be ZeroMQ over WebSocket."
_SAME_FORM = "Let both sides have one in common, with zws_subprotocol=."
_LOGIN = "It wants a login, which ZeroMQ over WebSocket does not have."
_HINTS = {401: _LOGIN, 403: _LOGIN, 404: "Check the path, which follows the port in the address."}
# Handshake and alert (RFC 8446, section 5.1).
_TLS_RECORDS = (b"\x16", b"\x15")
# With the one version that there is, as RFC 6455 asks in section 4.4.
_BAD_REQUEST = (
    b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nSec-WebSocket-Version: 13\r\n"
    b"Content-Length: 0\r\n\r\n"
)
PLAIN_ZWS = "ZWS2.0"
"""The subprotocol without a ZMTP handshake (RFC 45)."""


class HttpRefusedError(LinkFailedError):
    """The other side answered, but not with a WebSocket."""


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What an upgrade ended with.

    Attributes:
        subprotocol: What both sides speak from now on.
        rest: Bytes that came behind it.
    """

    subprotocol: str
    rest: bytes


class Asking:
    """The client's side.

    Args:
        host: The value of the Host header.
        path: What to ask for.
        subprotocols: What to offer, the preferred one first.

    Raises:
        LinkFailedError: HTTP cannot name the host.

    Attributes:
        answer: Bytes to send; whoever sends them empties it.
    """

    def __init__(self, host: str, path: str, subprotocols: Sequence[str]) -> None:
        self._handshake = H11Handshake(ConnectionType.CLIENT)
        self._offered = tuple(subprotocols)
        self._came = bytearray()
        request = Request(host=host, target=path or "/", subprotocols=list(subprotocols))
        try:
            self.answer = bytearray(self._handshake.send(request))
        except UnicodeError:
            # wsproto takes it for a domain name, the port for part of its last label.
            raise LinkFailedError(
                "cannot be named in an HTTP request: its name is too long"
            ) from None

    def take(self, data: bytes) -> Upgraded | None:
        """Take what came; None while the answer is not all there.

        Raises:
            LinkFailedError: There will be no WebSocket.
        """
        self._came += data
        events, rest = _events(self._handshake, self._came, b"HTTP/1.")
        if rest is None:
            return None
        for event in events:
            if isinstance(event, RejectConnection | RejectData):
                raise _refused(getattr(event, "status_code", 0))
            if isinstance(event, AcceptConnection):
                chosen = event.subprotocol or ""
                if chosen not in self._offered:
                    text = "opened a WebSocket, but one that is not ZeroMQ’s"
                    raise HttpRefusedError(text, _IS_IT_ZWS)
                return Upgraded(chosen, rest)
        raise HttpRefusedError("answered with something that is no WebSocket", _IS_IT_ZWS)


def _refused(status: int) -> HttpRefusedError:
    is_elsewhere = 300 <= status < 400
    hint = "Connect to where it is now: no redirection is followed." if is_elsewhere else ""
    text = f"answered with HTTP status {status}, not a WebSocket"
    return HttpRefusedError(text, hint or _HINTS.get(status, _IS_IT_ZWS))


class Answering:
    """The server's side.

    Args:
        path: The one to answer; empty for any.
        subprotocols: What is spoken here, the preferred one first.

    Attributes:
        answer: Bytes to send; whoever sends them empties it.
    """

    def __init__(self, path: str, subprotocols: Sequence[str]) -> None:
        self._handshake = H11Handshake(ConnectionType.SERVER)
        self._path = path
        self._spoken = tuple(subprotocols)
        self._came = bytearray()
        self.answer = bytearray()

    def take(self, data: bytes) -> Upgraded | None:
        """Take what came; None while the request is not all there.

        Raises:
            LinkFailedError: There will be no WebSocket; ``answer`` says so to the other side.
        """
        self._came += data
        try:
            events, rest = _events(self._handshake, self._came, b"GET ")
        except LinkFailedError:
            self.answer += _BAD_REQUEST
            raise
        if rest is None:
            return None
        request = next((event for event in events if isinstance(event, Request)), None)
        if request is None:
            self.answer += _BAD_REQUEST
            text = "sent an HTTP request that asks for no WebSocket"
            raise LinkFailedError(text, _IS_IT_ZWS, Rule.NOT_ZMTP)
        asked = unquote(request.target.partition("?")[0])
        if not self._serves(asked):
            self._reject(404)
            text = f"asked for the path {quoted(asked)}, which is not served here"
            hint = f"Let it ask for {quoted(self._path)}."
            raise LinkFailedError(text, hint, Rule.NOT_ZMTP)
        chosen = next((name for name in self._spoken if name in request.subprotocols), None)
        if chosen is None:
            self._reject(400)
            offered = ", ".join(request.subprotocols)[:_SHOWN] or "none"
            raise LinkFailedError(
                f"offered the WebSocket subprotocols {offered}, and {self._spoken[0]} is wanted",
                _SAME_FORM,
                Rule.NOT_ZMTP,
            )
        self.answer += self._handshake.send(AcceptConnection(subprotocol=chosen))
        return Upgraded(chosen, rest)

    def _serves(self, path: str) -> bool:
        ours = unquote(self._path.partition("?")[0])
        # libzmq's clients ask for the last segment alone (ws_address.cpp, 4.3.5).
        return ours in ("", "/", path) or path == ours[ours.rindex("/") :]

    def _reject(self, status: int) -> None:
        self.answer += self._handshake.send(RejectConnection(status_code=status))


def _events(
    handshake: H11Handshake, came: bytearray, begins_with: bytes
) -> tuple[list[Event], bytes | None]:
    """Events of a whole head, and what came behind it; None in its place if it is not whole."""
    if came[:1] in _TLS_RECORDS:
        text = "speaks TLS: one side uses wss://, the other ws://"
        raise HttpRefusedError(text, "Use the same on both sides.")
    if not begins_with.startswith(came[: len(begins_with)]):
        raise HttpRefusedError("does not speak WebSocket", _IS_IT_ZWS)
    end = came.find(_END)
    if end < 0 and len(came) <= _MOST_BYTES:
        return [], None
    end += len(_END)
    if not len(_END) <= end <= _MOST_BYTES:
        raise HttpRefusedError("sent an HTTP head without an end", _IS_IT_ZWS)
    try:
        handshake.receive_data(bytes(came[:end]))
        events = list(handshake.events())
    # UnicodeError: wsproto takes names and values of headers for ASCII.
    except (RemoteProtocolError, LocalProtocolError, UnicodeError) as error:
        text = f"does not speak WebSocket ({str(error)[:150]})"
        raise HttpRefusedError(text, _IS_IT_ZWS) from None
    return events, bytes(came[end:])
