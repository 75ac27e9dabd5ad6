"""Socket types as the wire names them, and which of them talk to each other. Any thread."""

from __future__ import annotations

NUMBERED = (
    b"PAIR",
    b"PUB",
    b"SUB",
    b"REQ",
    b"REP",
    b"DEALER",
    b"ROUTER",
    b"PULL",
    b"PUSH",
    b"XPUB",
    b"XSUB",
)
"""By their number in the greeting of ZMTP 2.0; RFC 15 ends with PUSH, libzmq goes on."""

_FITTING = {
    b"REQ": (b"REP", b"ROUTER"),
    b"REP": (b"REQ", b"DEALER"),
    b"DEALER": (b"REP", b"DEALER", b"ROUTER"),
    b"ROUTER": (b"REQ", b"DEALER", b"ROUTER"),
    b"PUB": (b"SUB", b"XSUB"),
    b"XPUB": (b"SUB", b"XSUB"),
    b"SUB": (b"PUB", b"XPUB"),
    b"XSUB": (b"PUB", b"XPUB"),
    b"PUSH": (b"PULL",),
    b"PULL": (b"PUSH",),
    b"PAIR": (b"PAIR",),
    b"CLIENT": (b"SERVER",),
    b"SERVER": (b"CLIENT",),
    b"RADIO": (b"DISH",),
    b"DISH": (b"RADIO",),
    b"SCATTER": (b"GATHER",),
    b"GATHER": (b"SCATTER",),
    b"PEER": (b"PEER",),
    b"CHANNEL": (b"CHANNEL",),
}


def can_talk(one: bytes, other: bytes) -> bool | None:
    """Whether sockets of two types talk to each other (RFC 37, The Socket-Type Property).

    Returns:
        None if one of the types is not known.
    """
    if one not in _FITTING or other not in _FITTING:
        return None
    return other in _FITTING[one]


def fitting(kind: bytes) -> tuple[bytes, ...]:
    """Which types a socket of this type talks to; none if the type is not known."""
    return _FITTING.get(kind, ())
