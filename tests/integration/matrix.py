"""Every socket type over every transport in both roles, and the programs that can be the peer.

Stated here on its own, without a look at what ``core.transports`` says of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zmqscope.core.transports import ALL
from zmqscope.core.types import Role, SocketType

ROLES = (Role.BIND, Role.CONNECT)
KINDS = tuple(SocketType)
SCHEMES = tuple(transport.scheme for transport in ALL)

STABLE = frozenset(kind for kind in SocketType if kind.value <= SocketType.STREAM.value)
DRAFT = frozenset(SocketType) - STABLE
_MESSAGES = frozenset(SocketType) - {SocketType.STREAM, SocketType.DGRAM}
_KINDS_OF_NPM = frozenset(SocketType) - {SocketType.PEER}

FITTING = {
    SocketType.PAIR: SocketType.PAIR,
    SocketType.PUB: SocketType.SUB,
    SocketType.SUB: SocketType.PUB,
    SocketType.REQ: SocketType.REP,
    SocketType.REP: SocketType.REQ,
    SocketType.DEALER: SocketType.ROUTER,
    SocketType.ROUTER: SocketType.DEALER,
    SocketType.PULL: SocketType.PUSH,
    SocketType.PUSH: SocketType.PULL,
    SocketType.XPUB: SocketType.XSUB,
    SocketType.XSUB: SocketType.XPUB,
    SocketType.STREAM: SocketType.STREAM,
    SocketType.SERVER: SocketType.CLIENT,
    SocketType.CLIENT: SocketType.SERVER,
    SocketType.RADIO: SocketType.DISH,
    SocketType.DISH: SocketType.RADIO,
    SocketType.GATHER: SocketType.SCATTER,
    SocketType.SCATTER: SocketType.GATHER,
    SocketType.DGRAM: SocketType.DGRAM,
    SocketType.PEER: SocketType.PEER,
    SocketType.CHANNEL: SocketType.CHANNEL,
}
"""The type of the peer that each type meets here."""


@dataclass(frozen=True, slots=True)
class Place:
    """A type over a transport in a role: one question that the matrix answers.

    Attributes:
        kind: The type of our socket.
        scheme: The transport's.
        role: What our socket does.
    """

    kind: SocketType
    scheme: str
    role: Role

    def __str__(self) -> str:
        return f"{self.kind.name}-{self.scheme}-{self.role.value}"


@dataclass(frozen=True, slots=True)
class Program:
    """Somebody else's program that can be the peer.

    Attributes:
        name: In the name of a test.
        script: In tests/peers.
        kinds: Types of peers that it is asked for.
        addresses: By transport, an address that it and we can bind; ``{}`` is a folder.
        arguments: Of its command line, always.
        when_bound: What the spec of our socket needs besides if this program is bound.
        filters: Whether a publisher sends to each subscriber only what it wants.
    """

    name: str
    script: str
    kinds: frozenset[SocketType]
    addresses: dict[str, str]
    arguments: tuple[str, ...] = ()
    when_bound: str = ""
    filters: bool = True


_TCP = {"tcp": "tcp://127.0.0.1:*"}
_IPC = {"ipc": "ipc://{}/s"}
# One segment: libzmq's client sends only the last one, and its server knows no more.
_WS = {"ws": "ws://127.0.0.1:*/feed"}
_WSS = {"wss": "wss://localhost:*/feed"}
_UDP = {"udp": "udp://127.0.0.1:*"}
_MULTICAST = {"udp": "udp://127.0.0.1;239.192.7.4:*"}
_TIPC = {"tipc": "tipc://{{71004,0,0}}"}

PROGRAMS = (
    Program("pyzmq", "twelve.py", STABLE, _TCP | _IPC | _TIPC),
    Program("libzmq5", "libzmq5.py", STABLE, _TCP | _IPC | _WS),
    Program("draft libzmq", "libzmq_draft.py", DRAFT, _TCP | _IPC | _WS | _UDP),
    Program("npm zeromq", "node_zeromq.js", _KINDS_OF_NPM, _TCP | _IPC | _WS | _UDP),
    Program(
        "jszmq",
        "jszmq.js",
        STABLE - {SocketType.STREAM},
        _WS | _WSS,
        # It echoes the first subprotocol offered, and then speaks ZWS2.0 all the same.
        when_bound=",zws_subprotocol=ZWS2.0",
        # Whoever has got one message gets all from then on: its Distribution never unmatches.
        filters=False,
    ),
    Program("gateway", "wss.py", _MESSAGES, _WSS),
    Program("bare gateway", "wss.py", _MESSAGES, _WS, ("--subprotocol", "ZWS2.0")),
    Program("datagrams", "udp.py", DRAFT, _UDP),
    Program("multicast datagrams", "udp.py", DRAFT - {SocketType.DGRAM}, _MULTICAST),
    Program("multicast libzmq", "libzmq_draft.py", DRAFT - {SocketType.DGRAM}, _MULTICAST),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A place and who is there to talk with.

    Attributes:
        place: The place.
        program: The peer's; None where the peer is another socket of the app.
    """

    place: Place
    program: Program | None

    def __str__(self) -> str:
        return f"{self.place}-{self.program.name if self.program else 'app'}"


def all_places() -> Iterator[Place]:
    """Every type × every transport × both roles."""
    for kind in KINDS:
        for scheme in SCHEMES:
            for role in ROLES:
                yield Place(kind, scheme, role)


def is_spoken(place: Place) -> bool:
    """Whether messages have to get through there; if not, it has to be refused."""
    kind, scheme, role = place.kind, place.scheme, place.role
    if scheme == "udp":
        # RFC 48 leaves udp open; this is what libzmq has (zmq_udp(7)).
        role_of = {
            SocketType.RADIO: Role.CONNECT,
            SocketType.DISH: Role.BIND,
            SocketType.DGRAM: Role.BIND,
        }
        return role_of.get(kind) is role
    spoken = {
        "tcp": _MESSAGES | {SocketType.STREAM},
        "ipc": _MESSAGES | {SocketType.STREAM},
        "inproc": _MESSAGES,
        "ws": _MESSAGES,
        "wss": _MESSAGES,
        "tipc": _MESSAGES & STABLE,
    }
    return kind in spoken.get(scheme, ())


def cells_of(place: Place) -> tuple[Cell, ...]:
    """Everybody who can be the peer at a place where messages get through."""
    if place.scheme == "inproc":
        return (Cell(place, None),)
    return tuple(
        Cell(place, program)
        for program in PROGRAMS
        if place.scheme in program.addresses and FITTING[place.kind] in program.kinds
    )


CELLS = tuple(cell for place in all_places() if is_spoken(place) for cell in cells_of(place))
"""Every meeting that has to come about."""

REFUSED = tuple(place for place in all_places() if not is_spoken(place))
"""Every place where a socket must not even be opened, with a reason."""
