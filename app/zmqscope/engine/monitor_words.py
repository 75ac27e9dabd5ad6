"""Raw events of libzmq's socket monitor in words (zmq_socket_monitor(3)). Pure; no I/O but one."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable

import zmq

from zmqscope.core.types import Severity
from zmqscope.engine.monitor import MonitorEvent

_PROTOCOL_ERRORS = {
    0x10000000: "a ZMTP error without detail",
    0x10000001: "a ZMTP command that does not belong there",
    0x10000002: "ZMTP messages out of order",
    0x10000003: "the exchange of keys failed",
    0x10000011: "a malformed ZMTP command",
    0x10000012: "a malformed MESSAGE command",
    0x10000013: "a malformed HELLO command",
    0x10000014: "a malformed INITIATE command",
    0x10000015: "a malformed ERROR command",
    0x10000016: "a malformed READY command",
    0x10000017: "a malformed WELCOME command",
    0x10000018: "invalid metadata",
    0x11000001: "a cryptographic check failed: a wrong key, or something changed on the way",
    0x11000002: "the security mechanisms differ",
    0x20000000: "a ZAP error without detail",
    0x20000001: "the ZAP handler's reply is malformed",
    0x20000002: "the ZAP handler's reply has a wrong request id",
    0x20000003: "the ZAP handler's reply has a wrong version",
    0x20000004: "the ZAP handler's status code is none",
    0x20000005: "the ZAP handler's metadata is invalid",
    0x30000000: "a WebSocket error",
}
"""Every ``ZMQ_PROTOCOL_ERROR_…`` of zmq.h (libzmq 4.3.5)."""

_ZAP_STATUS = {
    300: "a temporary error; the peer may try again",
    400: "refused",
    500: "an error of the authenticator",
}
"""What RFC 27 says of a reply's status."""

_ACCEPTED = int(zmq.Event.ACCEPTED)

FAILURES = frozenset(
    int(event)
    for event in (
        zmq.Event.BIND_FAILED,
        zmq.Event.ACCEPT_FAILED,
        zmq.Event.CLOSE_FAILED,
        zmq.Event.HANDSHAKE_FAILED_NO_DETAIL,
        zmq.Event.HANDSHAKE_FAILED_PROTOCOL,
        zmq.Event.HANDSHAKE_FAILED_AUTH,
    )
)
"""Events whose value, an error, tells two happenings apart; others hold a descriptor."""

_WORDS = {
    int(zmq.Event.LISTENING): "The socket listens.",
    int(zmq.Event.CONNECT_DELAYED): "A connection is under way.",
    int(zmq.Event.CONNECTED): "A connection is made; the handshake begins.",
    int(zmq.Event.CLOSED): "A connection or listener is closed.",
    int(zmq.Event.DISCONNECTED): "A connection has ended.",
    int(zmq.Event.MONITOR_STOPPED): "The monitor has stopped.",
    int(zmq.Event.HANDSHAKE_SUCCEEDED): "A handshake is done.",
}


def event_severity(kind: int) -> Severity:
    """How much a raw event matters: something failed, or not."""
    return Severity.WARNING if kind in FAILURES else Severity.INFO


def event_name(kind: int) -> str:
    """The name that libzmq has for an event, such as ``HANDSHAKE_SUCCEEDED``."""
    return zmq.Event(kind).name or f"event {kind:#x}"


def event_words(event: MonitorEvent, peer: str = "") -> str:
    """An event in one sentence.

    Args:
        event: The event.
        peer: The address of the peer that was let in, where it is known.
    """
    kind, value = int(event.kind), event.value
    if kind == _ACCEPTED:
        return f"A connection came in, from {peer}." if peer else "A connection came in."
    if kind in _WORDS:
        return _WORDS[kind]
    if kind in _DETAILS:
        words, detail = _DETAILS[kind]
        return words.format(detail(value))
    return f"libzmq tells of event {kind:#x} with value {value}."


def peer_words(descriptor: int) -> str:
    """The address at the other end of a connection; empty if it is gone, or has none.

    The port is left off: it is another one each time. The descriptor is looked at through a copy,
    so that it stays libzmq's.
    """
    try:
        copy = socket.socket(fileno=os.dup(descriptor))
    except OSError:
        return ""
    with copy:
        try:
            name = copy.getpeername()
        except OSError:
            return ""
        return str(name[0]) if isinstance(name, tuple) and name else ""


def _errno_words(number: int) -> str:
    name = errno.errorcode.get(number, str(number))
    return f"{os.strerror(number).lower()} ({name})"


def _protocol_words(code: int) -> str:
    return f"{_PROTOCOL_ERRORS.get(code, 'a code that is not known')} ({code:#010x})"


def _status_words(status: int) -> str:
    return f"ZAP status {status}, {_ZAP_STATUS.get(status, 'which is not known')}"


_DETAILS: dict[int, tuple[str, Callable[[int], str]]] = {
    int(zmq.Event.CONNECT_RETRIED): ("Connecting failed; the next try is in {} ms.", str),
    int(zmq.Event.BIND_FAILED): ("Binding failed: {}.", _errno_words),
    int(zmq.Event.ACCEPT_FAILED): ("A connection could not be let in: {}.", _errno_words),
    int(zmq.Event.CLOSE_FAILED): ("A connection could not be closed: {}.", _errno_words),
    int(zmq.Event.HANDSHAKE_FAILED_NO_DETAIL): ("A handshake failed: {}.", _errno_words),
    int(zmq.Event.HANDSHAKE_FAILED_PROTOCOL): ("A handshake failed: {}.", _protocol_words),
    int(zmq.Event.HANDSHAKE_FAILED_AUTH): ("A handshake failed: {}.", _status_words),
}
