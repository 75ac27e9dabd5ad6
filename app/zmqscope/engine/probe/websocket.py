"""ZeroMQ over WebSocket (RFC 45): upgrade, then the first frame that the peer sends. Blocking."""

from __future__ import annotations

import ssl
import time
from dataclasses import replace

from zmqscope.core.probe import Answer
from zmqscope.core.zmtp.command_reader import Ready, Refusal, read_command
from zmqscope.core.zmtp.commands import split_command
from zmqscope.core.zmtp.errors import ZmtpError
from zmqscope.core.zmtp.greeting import known_mechanism
from zmqscope.engine.links.flow import LinkFailedError
from zmqscope.engine.links.upgrade import PLAIN_ZWS, Asking, Upgraded
from zmqscope.engine.probe.greeting import foreign, with_ready
from zmqscope.engine.probe.heard import Heard
from zmqscope.engine.probe.line import Line, Place

_SUBPROTOCOLS = ("ZWS2.0/NULL", "ZWS2.0/PLAIN", "ZWS2.0/CURVE", PLAIN_ZWS)
_PATIENCE_S = 1.0
_MOST = 64 * 1024
_COMMAND = 2
_BINARY = 0x82


def ask_websocket(line: Line, place: Place, tls: ssl.SSLContext | None, name: str) -> Heard:
    """Upgrade to WebSocket and hear what comes.

    Args:
        line: A new connection.
        place: Where it leads.
        tls: For wss; None for ws.
        name: Whom TLS expects.
    """
    if tls is not None:
        try:
            line.secure(tls, name)
        except OSError as error:
            return _without_tls(error)
    host = f"[{place.host}]" if ":" in place.host else place.host
    try:
        asking = Asking(f"{host}:{place.port}", place.path, _SUBPROTOCOLS)
        upgraded, came = _upgrade(line, asking)
    except LinkFailedError as error:
        return _refused(line.came, str(error))
    if upgraded is None:
        if came:
            return foreign(came) or Heard(Answer.OTHER, first_bytes=came[:256])
        return Heard(Answer.CLOSES if line.ends else Answer.SILENT)
    mechanism = upgraded.subprotocol.partition("/")[2] or "NULL"
    heard = Heard(Answer.ZMTP, version="WebSocket 2.0", mechanism=mechanism, is_websocket=True)
    return _hear_first(line, upgraded, heard)


def _without_tls(error: OSError) -> Heard:
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message or "it cannot be verified"
        return Heard(Answer.TLS, f"its certificate is not trusted: {why}")
    if isinstance(error, ssl.SSLError):
        reason = (error.reason or "no reason given").replace("_", " ").lower()
        return Heard(Answer.OTHER, f"no TLS ({reason})")
    return Heard(Answer.CLOSES if not isinstance(error, TimeoutError) else Answer.SILENT)


def _refused(came: bytes, why: str) -> Heard:
    found = foreign(came) if came else None
    if found is not None:
        return replace(found, detail=found.detail or why)
    return Heard(Answer.OTHER if came else Answer.SILENT, why, first_bytes=came)


def _upgrade(line: Line, asking: Asking) -> tuple[Upgraded | None, bytes]:
    line.send(bytes(asking.answer))
    asking.answer.clear()
    until_s = time.monotonic() + _PATIENCE_S
    came = b""
    while (left_s := until_s - time.monotonic()) > 0:
        data = line.receive(left_s)
        if not data:
            break
        came += data
        upgraded = asking.take(data)
        if upgraded is not None:
            return upgraded, came
    return None, came


def _hear_first(line: Line, upgraded: Upgraded, heard: Heard) -> Heard:
    """READY, or the routing id where there is no handshake."""
    data = upgraded.rest
    if _first_frame(data) is None:
        data += line.gather(
            _PATIENCE_S, lambda more: _first_frame(upgraded.rest + more) is not None
        )
    body = _first_frame(data)
    if not body:
        return heard
    if upgraded.subprotocol == PLAIN_ZWS:
        return replace(heard, identity=body[1:] if body[:1] == b"\0" else None)
    if body[0] != _COMMAND:
        return heard
    try:
        name, rest = split_command(body[1:])
        known = known_mechanism(heard.mechanism.encode())
        command = read_command(known, name, rest, in_handshake=True)
    except ZmtpError:
        return heard
    if isinstance(command, Ready):
        return with_ready(heard, command)
    if isinstance(command, Refusal):
        return replace(heard, refusal=command.reason)
    return heard


def _first_frame(data: bytes) -> bytes | None:
    """The body of the first binary frame, once it is there (RFC 6455, section 5.2)."""
    if len(data) < 2 or data[0] != _BINARY:
        return None
    length, at = data[1] & 0x7F, 2
    if length == 126:
        length, at = int.from_bytes(data[2:4], "big"), 4
    if length > _MOST or len(data) < at + length:
        return None
    return data[at : at + length]
