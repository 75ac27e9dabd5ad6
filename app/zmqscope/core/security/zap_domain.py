"""The ZAP domain of a server: which access list, and at whose door (RFC 27). Pure, any thread."""

from __future__ import annotations

from zmqscope.core.types import SocketId

LONGEST_ACCESS_BYTES = 200
"""Of an access list's name in UTF-8: a domain has room for 255 bytes."""

_SEPARATOR = "#"
_NAMELESS = "-"


def zap_domain(access: str, socket_id: SocketId, *, takes_user_id: bool = True) -> bytes:
    """What libzmq tells the authenticator with each request (ZMQ_ZAP_DOMAIN).

    Args:
        access: The access list's name.
        socket_id: The server's number.
        takes_user_id: Whether a reply may name the user. A REQ must not be told: its session takes
            the name for a message out of turn, and libzmq drops the connection (req.cpp).
    """
    mark = "" if takes_user_id else _NAMELESS
    return f"{access}{_SEPARATOR}{mark}{socket_id}".encode()


def takes_user_id(domain: bytes) -> bool:
    """Whether a reply to a request of this domain may name the user; see ``zap_domain``."""
    return not domain.rpartition(_SEPARATOR.encode())[2].startswith(_NAMELESS.encode())


def split_zap_domain(domain: bytes) -> tuple[str, SocketId] | None:
    """Access list and socket of a domain; None if it is none of ours."""
    try:
        access, separator, number = domain.decode().rpartition(_SEPARATOR)
    except UnicodeDecodeError:
        return None
    number = number.removeprefix(_NAMELESS)
    if not separator or not access or not (number.isascii() and number.isdigit()):
        return None
    return access, SocketId(int(number))
