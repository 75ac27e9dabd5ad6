"""ZAP requests and replies as frames (RFC 27). Pure, any thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from zmqscope.core.security.access_rules import AccessRequest
from zmqscope.core.security.keys import KEY_BYTES, encode_z85
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.security.zap_domain import split_zap_domain, takes_user_id
from zmqscope.core.types import SocketId

_VERSION = b"1.0"
_HEAD = 8
"""Routing id, delimiter, version, request id, domain, address, identity, mechanism."""
_MOST_BYTES = 255
"""Of any field of a request."""
_CREDENTIALS = {Mechanism.NULL: 0, Mechanism.PLAIN: 2, Mechanism.CURVE: 1}
_MECHANISMS = {mechanism.value.encode(): mechanism for mechanism in Mechanism}
_OWN_PEER = "localhost:"


class ZapStatus(Enum):
    """What a reply says; values are the codes on the wire."""

    SUCCESS = 200
    TEMPORARY = 300
    """The peer is told nothing: with libzmq it waits until ``HANDSHAKE_IVL`` ends its connection,
    and comes again."""
    REFUSED = 400
    """The peer is told; libzmq's never comes again."""
    BROKEN = 500
    """The request makes no sense."""


@dataclass(frozen=True, slots=True)
class ReturnTo:
    """Where a reply goes.

    Attributes:
        route: The routing id of the asker.
        request_id: The asker's own number.
        takes_user_id: Whether the reply may name the user.
    """

    route: bytes
    request_id: bytes
    takes_user_id: bool = True


@dataclass(frozen=True, slots=True)
class ZapRequest:
    """One peer at the door of one of our sockets.

    libzmq gives the server's own routing id for the peer's identity: it is left out.

    Attributes:
        return_to: Where the reply goes.
        socket_id: At whose door.
        access: The access list's name.
        seen: What the peer shows.
    """

    return_to: ReturnTo
    socket_id: SocketId
    access: str
    seen: AccessRequest


@dataclass(frozen=True, slots=True)
class ZapFault:
    """A request that cannot be dealt with.

    Attributes:
        return_to: Where the reply goes; None if that cannot be known either.
        status: What the reply says.
        text: Why.
    """

    return_to: ReturnTo | None
    status: ZapStatus
    text: str


def parse_request(frames: Sequence[bytes], own_pid: int) -> ZapRequest | ZapFault:
    """Read a request as a ROUTER receives it; whatever it is made of.

    Args:
        frames: With the routing id in front.
        own_pid: Of this process: connections from it are those of our own links.
    """
    if len(frames) < 4 or frames[1] or len(frames[3]) > _MOST_BYTES:
        return ZapFault(None, ZapStatus.BROKEN, "no ZAP request")
    return_to = ReturnTo(frames[0], frames[3])
    if frames[2] != _VERSION:
        return ZapFault(return_to, ZapStatus.BROKEN, "version is not 1.0")
    if len(frames) < _HEAD or any(len(frame) > _MOST_BYTES for frame in frames[4:]):
        return ZapFault(return_to, ZapStatus.BROKEN, "frames are missing or too long")
    return_to = replace(return_to, takes_user_id=takes_user_id(frames[4]))
    door = split_zap_domain(frames[4])
    if door is None:
        return ZapFault(return_to, ZapStatus.REFUSED, "unknown domain")
    mechanism = _MECHANISMS.get(frames[7])
    if mechanism is None:
        return ZapFault(return_to, ZapStatus.REFUSED, "unknown mechanism")
    credentials = frames[_HEAD:]
    is_key = mechanism is not Mechanism.CURVE or [len(c) for c in credentials] == [KEY_BYTES]
    if len(credentials) != _CREDENTIALS[mechanism] or not is_key:
        return ZapFault(return_to, ZapStatus.REFUSED, "credentials do not fit the mechanism")
    address = frames[5].decode("ascii", "backslashreplace")
    is_own = address.startswith(_OWN_PEER) and address.rpartition(":")[2] == str(own_pid)
    access, socket_id = door
    return ZapRequest(
        return_to, socket_id, access, _seen(mechanism, address, is_own, list(credentials))
    )


def _seen(
    mechanism: Mechanism, address: str, is_own: bool, credentials: list[bytes]
) -> AccessRequest:
    match mechanism:
        case Mechanism.NULL:
            return AccessRequest(mechanism, address, is_own=is_own)
        case Mechanism.PLAIN:
            user, password = credentials
            name = user.decode("utf-8", "surrogateescape")
            return AccessRequest(mechanism, address, name, password, is_own=is_own)
        case Mechanism.CURVE:
            return AccessRequest(mechanism, address, key=encode_z85(credentials[0]), is_own=is_own)


def reply_frames(
    return_to: ReturnTo, status: ZapStatus, text: str = "", user_id: str = ""
) -> list[bytes]:
    """A reply as a ROUTER sends it.

    Args:
        return_to: Where it goes.
        status: What it says.
        text: Why; for logs, libzmq passes it on to nobody.
        user_id: What the peer is called: ``User-Id`` in the metadata of its messages; left out
            where the asker must not be told (a REQ).
    """
    shown_id = user_id if return_to.takes_user_id else ""
    return [
        return_to.route,
        b"",
        _VERSION,
        return_to.request_id,
        str(status.value).encode(),
        text.encode("utf-8", "replace")[:_MOST_BYTES],
        shown_id.encode("utf-8", "surrogateescape")[:_MOST_BYTES],
        b"",
    ]
