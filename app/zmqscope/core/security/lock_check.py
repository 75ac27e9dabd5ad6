"""Which locks go with which sockets and transports, and what a lock still lacks. Pure, any thread.

Sources: RFC 24 (PLAIN), RFC 25 and 26 (CURVE), zmq_plain(7), zmq_curve(7), zmq_inproc(7).
"""

from __future__ import annotations

from zmqscope.core.endpoints import transport_of
from zmqscope.core.security.keys import is_key, key_problem
from zmqscope.core.security.lock import NO_LOCK, Lock, Mechanism
from zmqscope.core.security.secrets import path_problem, secret_ref_problem, server_key_path
from zmqscope.core.security.zap_domain import LONGEST_ACCESS_BYTES
from zmqscope.core.types import Endpoint, Problem, SocketSpec, SocketType
from zmqscope.core.wording import quoted

LONGEST_USER_BYTES = 255
"""Of a PLAIN user's name in UTF-8: its length is one byte on the wire (RFC 24)."""

WITHOUT_LOCKS = frozenset({"inproc", "udp", "pgm", "epgm", "norm"})
"""Transports over which no ZMTP handshake takes place, so that libzmq ignores locks there."""

_SUBPROTOCOL = "zws_subprotocol"
_WEB = ("ws", "wss")


def lock_name(lock: Lock) -> str:
    """What a spec calls it, such as ``curve-client``; empty for no lock."""
    if lock.mechanism is Mechanism.NULL and not lock.is_server:
        return ""
    return f"{lock.mechanism.value.lower()}-{'server' if lock.is_server else 'client'}"


def lock_problem(spec: SocketSpec) -> Problem | None:
    """Why a spec's lock cannot be used with its type and endpoints, or is not complete.

    Returns:
        The first problem in words, with what to do; None if the socket can be opened with it.
    """
    if spec.lock == NO_LOCK:
        return None
    problem = _lacking(spec.lock) or _broken(spec.lock) or _type_problem(spec.type, spec.lock)
    if problem is not None:
        return problem
    for endpoint in spec.endpoints:
        problem = endpoint_lock_problem(spec, endpoint)
        if problem is not None:
            return problem
    return None


def endpoint_lock_problem(spec: SocketSpec, endpoint: Endpoint) -> Problem | None:
    """Why a spec's lock cannot be had on one endpoint; None if it can."""
    if spec.lock == NO_LOCK:
        return None
    scheme = transport_of(endpoint)
    if scheme in WITHOUT_LOCKS:
        why = "stays within this app" if scheme == "inproc" else "has no handshake"
        return Problem(
            f"{quoted(endpoint.address)} cannot be locked: {scheme}:// {why}.",
            f"Leave out lock={lock_name(spec.lock)}, or open a socket of its own for that "
            "endpoint.",
        )
    offered = dict(spec.options).get(_SUBPROTOCOL)
    if scheme in _WEB and offered and spec.lock.mechanism is not Mechanism.NULL:
        return Problem(
            f"{_SUBPROTOCOL}= names a subprotocol without a lock.",
            f"Leave it out: lock={lock_name(spec.lock)} has its own, "
            f"ZWS2.0/{spec.lock.mechanism.value}.",
        )
    return None


def _type_problem(kind: SocketType, lock: Lock) -> Problem | None:
    if kind is SocketType.STREAM:
        return Problem(
            "A STREAM cannot be locked, because it speaks raw TCP without a ZMTP handshake.",
            "Leave out lock=.",
        )
    if kind is SocketType.DGRAM:
        return Problem("A DGRAM cannot be locked: datagrams have no handshake.", "Leave out lock=.")
    if kind.is_draft and lock.mechanism is Mechanism.CURVE:
        return Problem(
            f"A {kind.name} cannot use CURVE here: ZMQ Scope has to change the socket type in "
            "the handshake, and CURVE encrypts it.",
            "Use PLAIN in a network that you trust, or a stable type such as "
            f"{kind.twin.name} on this side and its partner on the other.",
        )
    return None


def _lacking(lock: Lock) -> Problem | None:
    """What has to be there and is not."""
    name = lock_name(lock)
    if not name:
        return Problem(
            "user=, secret=, server_key= and access= mean nothing without a lock.",
            "Type lock=plain-client, or another lock that has them.",
        )
    if lock.mechanism is Mechanism.PLAIN and not lock.is_server and not lock.user:
        return Problem(
            f"lock={name} lacks the name to show to the server.", "Type user= and the name."
        )
    if lock.mechanism is not Mechanism.CURVE:
        return None
    if lock.is_server and lock.secret is None:
        return Problem(
            f"lock={name} lacks the server’s key pair.",
            "Type secret=file: and the path of its .key_secret file, or make a pair.",
        )
    if not lock.is_server and not lock.server_key:
        return Problem(
            f"lock={name} lacks the public key of the server.",
            "Type server_key= and its 40 letters, or server_key=file: and the path of its "
            ".key file.",
        )
    return None


def _broken(lock: Lock) -> Problem | None:
    """What is there and cannot be used."""
    surplus = _surplus(lock)
    if surplus is not None:
        return surplus
    if lock.user and _is_bad_name(lock.user, LONGEST_USER_BYTES):
        return Problem(
            f"The user name is no text, or longer than {LONGEST_USER_BYTES} bytes.",
            "Type a shorter one.",
        )
    if lock.access and (
        _is_bad_name(lock.access, LONGEST_ACCESS_BYTES) or not lock.access.isprintable()
    ):
        return Problem(
            "The access list’s name has characters that do not print, or is longer than "
            f"{LONGEST_ACCESS_BYTES} bytes.",
            "Type access= and a plain name.",
        )
    if lock.secret is not None:
        problem = secret_ref_problem(lock.secret)
        if problem is not None:
            return problem
    if not lock.server_key or is_key(lock.server_key):
        return None
    path = server_key_path(lock)
    if path is not None:
        return path_problem(path)
    return key_problem(lock.server_key) or Problem(
        "The server’s key is not written as 40 letters of Z85.", "Paste it anew."
    )


def _surplus(lock: Lock) -> Problem | None:
    """What means nothing with this mechanism and side."""
    name = lock_name(lock)
    is_plain_client = lock.mechanism is Mechanism.PLAIN and not lock.is_server
    is_curve_client = lock.mechanism is Mechanism.CURVE and not lock.is_server
    if lock.user and not is_plain_client:
        return Problem(
            f"user= means nothing with lock={name}.",
            "Leave it out; who may come in is in the access list."
            if lock.is_server
            else "Leave it out, or type lock=plain-client.",
        )
    if lock.server_key and not is_curve_client:
        return Problem(
            f"server_key= means nothing with lock={name}.",
            "Leave it out, or type lock=curve-client.",
        )
    if lock.secret is not None and lock.is_server and lock.mechanism is not Mechanism.CURVE:
        return Problem(
            f"secret= means nothing with lock={name}.",
            "Leave it out; users and passwords are in the access list.",
        )
    if lock.access and not lock.is_server:
        return Problem(
            f"access= means nothing with lock={name}.", "Leave it out: only servers let others in."
        )
    return None


def _is_bad_name(name: str, longest_bytes: int) -> bool:
    try:
        return len(name.encode()) > longest_bytes
    except UnicodeEncodeError:
        return True
