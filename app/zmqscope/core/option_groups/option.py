"""What one socket option is, and short ways to write one down. Pure, any thread."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypedDict, Unpack

from zmqscope.core.types import SocketType


class OptionKind(Enum):
    """What a value is, and how libzmq wants it."""

    INT = "int"
    BOOL = "bool"
    INT64 = "int64"
    BYTES = "bytes"


class OptionGroup(Enum):
    """What an option is about; the values are headings."""

    FLOW = "Flow"
    RECONNECT = "Reconnecting"
    HEARTBEAT = "Heartbeats"
    TRANSPORT = "Transport"
    BEHAVIOUR = "Behaviour"


class OptionCarrier(Enum):
    """Who carries an option out.

    LIBZMQ sets it on its socket. LINK is a link of this app, for what libzmq as pyzmq ships it
    does not have; libzmq never hears of it. BOTH is libzmq for its transports and a link for ours.
    """

    LIBZMQ = "libzmq"
    LINK = "link"
    BOTH = "both"


class OptionForm(Enum):
    """What the bytes of a value must look like, beyond their number."""

    ANY = "any bytes"
    TEXT = "text"
    PEM_PATH = "path of a PEM file"
    HOST_PORT = "host and port"
    IPV4_RANGE = "range of IPv4 addresses"
    HOST = "host name"
    PROPERTY = "property"
    SUBPROTOCOLS = "WebSocket subprotocols"


@dataclass(frozen=True, slots=True)
class Option:
    """One socket option.

    Attributes:
        name: In lower case, as pyzmq calls it; this is what a spec says.
        number: Its number in zmq.h; None for one of our own.
        kind: What its value is.
        default: What libzmq starts with; for one of our own, what this app starts with.
        minimum: The smallest number, or the fewest bytes.
        maximum: The largest number, or the most bytes.
        meaning: One sentence for the user.
        group: What it is about.
        unit: Of a number; empty for a plain count, a switch or bytes.
        types: The socket types on which it does something.
        before_attach: Whether it only counts for endpoints added after it was set.
        aliases: Other names that mean the same.
        ours: What this app starts with, where that is not libzmq's default.
        carrier: Who carries it out.
        form: What a value of bytes must look like.
        over: The only transports over which it counts; empty for all.
        only_direct: Whether it only counts where libzmq itself speaks to the peer: not over ws,
            wss and udp, nor on draft types, where a link of this app does.
    """

    name: str
    number: int | None
    kind: OptionKind
    default: int | bytes
    minimum: int
    maximum: int
    meaning: str
    group: OptionGroup
    unit: str = ""
    types: frozenset[SocketType] = frozenset(SocketType)
    before_attach: bool = True
    aliases: tuple[str, ...] = ()
    ours: int | None = None
    carrier: OptionCarrier = OptionCarrier.LIBZMQ
    form: OptionForm = OptionForm.ANY
    over: tuple[str, ...] = ()
    only_direct: bool = False


MAX_INT = 2**31 - 1
MAX_INT64 = 2**63 - 1
FROM_0 = (0, MAX_INT)

ALL = frozenset(SocketType)
CONNECTED = ALL - {SocketType.DGRAM}
"""The types that have connections."""

ZMTP = CONNECTED - {SocketType.STREAM}
"""The types that speak ZMTP (RFC 23)."""

STABLE = frozenset(kind for kind in SocketType if not kind.is_draft)
"""The types whose peers libzmq itself speaks to, if the transport is its own."""

PUBLISHING = frozenset({SocketType.PUB, SocketType.SUB, SocketType.XPUB, SocketType.XSUB})
"""The types that pgm and norm carry."""

WEB = ("ws", "wss")
MULTICAST = ("pgm", "epgm", "norm")


class More(TypedDict, total=False):
    """What an option may have besides what every option has; as in ``Option``."""

    types: frozenset[SocketType]
    before_attach: bool
    aliases: tuple[str, ...]
    ours: int
    carrier: OptionCarrier
    over: tuple[str, ...]
    only_direct: bool


def switch(
    name: str,
    number: int,
    meaning: str,
    group: OptionGroup,
    default: int = 0,
    **more: Unpack[More],
) -> Option:
    """An option that is on (1) or off (0)."""
    return Option(name, number, OptionKind.BOOL, default, 0, 1, meaning, group, **more)


def milliseconds(
    name: str,
    number: int,
    default: int,
    bounds: tuple[int, int],
    meaning: str,
    group: OptionGroup,
    **more: Unpack[More],
) -> Option:
    """An option that is a time in milliseconds."""
    kind = OptionKind.INT
    return Option(name, number, kind, default, *bounds, meaning, group, "ms", **more)
