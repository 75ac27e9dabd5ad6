"""What goes wrong with a connection up to the handshake, and after, in words. Pure."""

from __future__ import annotations

import errno
import os

import zmq

from zmqscope.core.types import Endpoint, Problem, Role, SocketType
from zmqscope.engine.monitor import MonitorEvent
from zmqscope.engine.reasons import FITTING_PEERS

_CURVE_WRONG_KEY = 0x11000001
_MECHANISMS_DIFFER = 0x11000002


def closed_in_handshake(kind: SocketType, endpoint: Endpoint, actual: str) -> Problem:
    """The other side closed the connection before the handshake was done."""
    if endpoint.role is Role.BIND:
        return Problem(
            f"Somebody connected to {actual} and left before the handshake.",
            f"If it is a ZeroMQ program, its socket must be {FITTING_PEERS[kind]}.",
        )
    return Problem(
        f"{endpoint.address} closed the connection during the handshake.",
        f"A {kind.name} talks with {FITTING_PEERS[kind]}: check that the peer is one, and that it "
        "is a ZeroMQ program; then retry.",
    )


def handshake_overdue(endpoint: Endpoint, actual: str) -> Problem:
    """A connection stands, but nothing that libzmq tells apart comes over it."""
    if endpoint.role is Role.BIND:
        return Problem(
            f"Somebody is connected to {actual} and does not finish the ZeroMQ handshake.",
            "It is another kind of program, or ZeroMQ older than 4.0, whose messages come all the "
            "same.",
        )
    return Problem(
        f"{endpoint.address} accepted the connection, but does not finish the ZeroMQ handshake.",
        "Check that the port is that of a ZeroMQ program; one older than 4.0 shows only when a "
        "message comes.",
    )


def surplus_peer(endpoint: Endpoint, actual: str) -> Problem:
    """A PAIR has its one peer already (zmq_socket(3), ZMQ_PAIR)."""
    if endpoint.role is Role.BIND:
        return Problem(
            f"A second peer is connected to {actual}, and a PAIR exchanges nothing with it.",
            "End it, or let it connect again once the first has left.",
        )
    return Problem(
        f"{endpoint.address} is connected, but this PAIR already has its one peer.",
        "Remove one of the two, or use DEALER sockets.",
    )


def handshake_problem(
    kind: SocketType, endpoint: Endpoint, actual: str, event: MonitorEvent
) -> Problem:
    """A failed handshake in words.

    Args:
        kind: The type of the socket.
        endpoint: What the user asked for.
        actual: Its real address.
        event: One of libzmq's three ``ZMQ_EVENT_HANDSHAKE_FAILED_…``.
    """
    where = actual if endpoint.role is Role.BIND else endpoint.address
    if event.kind == zmq.Event.HANDSHAKE_FAILED_AUTH:
        return Problem(
            f"The handshake at {where} was refused with ZAP status {event.value}.",
            "The server does not accept these credentials.",
        )
    if event.kind == zmq.Event.HANDSHAKE_FAILED_PROTOCOL:
        return _protocol_problem(where, event.value)
    if event.value in (errno.EPIPE, errno.ECONNRESET, errno.ECONNABORTED):
        return closed_in_handshake(kind, endpoint, actual)
    if event.value in (errno.EAGAIN, errno.ETIMEDOUT):
        return handshake_overdue(endpoint, actual)
    return Problem(
        f"The handshake at {where} ended without a result ({os.strerror(event.value).lower()}).",
        "It may be another kind of program, another socket type, or another security mechanism.",
    )


def lost(endpoint: Endpoint) -> Problem:
    """A connect had a peer, and has none now."""
    return Problem(f"The connection to {endpoint.address} was lost.", "libzmq is trying again.")


def unanswered(endpoint: Endpoint) -> Problem:
    """A connect finds nobody."""
    return Problem(
        f"Nobody answers at {endpoint.address}; libzmq keeps trying.",
        "Check that the other program runs, and that the address is right.",
    )


def _protocol_problem(where: str, code: int) -> Problem:
    if code == _MECHANISMS_DIFFER:
        return Problem(
            f"The two sides of {where} use different security mechanisms.",
            "One speaks NULL, PLAIN or CURVE and the other another of them.",
        )
    if code == _CURVE_WRONG_KEY:
        return Problem(
            f"A CURVE handshake at {where} failed: the keys do not fit.",
            "Check the server's public key.",
        )
    return Problem(
        f"The peer at {where} broke the ZMTP protocol (code {code:#010x}).",
        "It may be another kind of program, or a proxy that changes the stream.",
    )
