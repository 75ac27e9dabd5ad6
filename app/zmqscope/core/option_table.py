"""The libzmq socket options that a spec can set, as data; numbers from zmq.h. Any thread.

Bounds are those that libzmq 4.3.5 accepts (options.cpp), narrowed where a larger value would
overflow inside it or be refused by the kernel later.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from zmqscope.core.types import SocketType


class OptionKind(Enum):
    """What a value is, and how libzmq wants it."""

    INT = "int"
    BOOL = "bool"
    INT64 = "int64"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class Option:
    """One libzmq socket option.

    Attributes:
        name: In lower case, as pyzmq calls it; this is what a spec says.
        number: Its number in zmq.h.
        kind: What its value is.
        default: What libzmq starts with.
        minimum: The smallest number, or the fewest bytes.
        maximum: The largest number, or the most bytes.
        meaning: One sentence for the user.
        unit: Of a number; empty for a plain count, a switch or bytes.
        types: The socket types on which it does something.
        before_attach: Whether it only counts for endpoints added after it was set.
        aliases: Other names that mean the same.
    """

    name: str
    number: int
    kind: OptionKind
    default: int | bytes
    minimum: int
    maximum: int
    meaning: str
    unit: str = ""
    types: frozenset[SocketType] = frozenset(SocketType)
    before_attach: bool = True
    aliases: tuple[str, ...] = ()


_MAX_INT = 2**31 - 1
_MAX_INT64 = 2**63 - 1
# libzmq adds the marks of both sides of an inproc connection in a 32-bit integer.
_MAX_HWM = 1_000_000_000
_MAX_BACKLOG = 65_535
# Linux refuses longer keep-alive times (tcp.h: MAX_TCP_KEEPIDLE, MAX_TCP_KEEPCNT).
_MAX_KEEPALIVE_S = 32_767
_MAX_KEEPALIVE_COUNT = 127
# libzmq keeps the time to live in tenths of a second in 16 bits (RFC 37, PING).
_MAX_HEARTBEAT_TTL_MS = 6_553_599

_PUB, _SUB = SocketType.PUB, SocketType.SUB
_REQ, _REP = SocketType.REQ, SocketType.REP
_DEALER, _ROUTER = SocketType.DEALER, SocketType.ROUTER
_PULL, _PUSH = SocketType.PULL, SocketType.PUSH
_XPUB, _STREAM = SocketType.XPUB, SocketType.STREAM
_ALL = frozenset(SocketType)
_ZMTP = _ALL - {_STREAM}


def _switch(
    name: str,
    number: int,
    meaning: str,
    types: frozenset[SocketType] = _ALL,
    before_attach: bool = True,
) -> Option:
    return Option(
        name, number, OptionKind.BOOL, 0, 0, 1, meaning, types=types, before_attach=before_attach
    )


def _milliseconds(
    name: str,
    number: int,
    default: int,
    minimum: int,
    meaning: str,
    types: frozenset[SocketType] = _ALL,
    maximum: int = _MAX_INT,
) -> Option:
    return Option(name, number, OptionKind.INT, default, minimum, maximum, meaning, "ms", types)


OPTIONS: tuple[Option, ...] = (
    Option(
        "sndhwm", 23, OptionKind.INT, 1000, 0, _MAX_HWM,
        "Messages that wait for each peer before sending blocks or drops; 0 is no limit.",
        "messages", _ALL - {_PULL}, before_attach=False,
    ),
    Option(
        "rcvhwm", 24, OptionKind.INT, 1000, 0, _MAX_HWM,
        "Messages held from each peer before libzmq stops reading; 0 is no limit, and receiving "
        "sockets here start with a high one.",
        "messages", _ALL - {_PUSH}, before_attach=False,
    ),
    Option(
        "identity", 5, OptionKind.BYTES, b"", 1, 255,
        "The routing id by which a ROUTER peer knows this socket.",
        types=frozenset({_REQ, _REP, _DEALER, _ROUTER}), aliases=("routing_id",),
    ),
    _switch(
        "conflate", 54,
        "Keep only the newest message; messages of several frames break.",
        frozenset({_PUB, _SUB, _DEALER, _PULL, _PUSH}),
    ),
    _switch("immediate", 39, "Queue messages only for connections that are complete."),
    _switch("ipv6", 42, "Use IPv6 as well as IPv4; set by itself for an IPv6 address."),
    Option(
        "maxmsgsize", 22, OptionKind.INT64, -1, -1, _MAX_INT64,
        "Disconnect a peer that sends a larger frame; -1 is no limit.", "bytes",
    ),
    _milliseconds("reconnect_ivl", 18, 100, -1, "Pause before connecting again; -1 is never."),
    _milliseconds(
        "reconnect_ivl_max", 21, 0, 0,
        "Let that pause double up to this; 0 keeps it the same.",
    ),
    Option(
        "backlog", 19, OptionKind.INT, 100, 0, _MAX_BACKLOG,
        "Connections that may wait to be accepted by a bound endpoint.", "connections",
    ),
    Option(
        "tcp_keepalive", 34, OptionKind.INT, -1, -1, 1,
        "TCP keep-alive: 1 on, 0 off, -1 as the system has it.",
    ),
    Option(
        "tcp_keepalive_cnt", 35, OptionKind.INT, -1, -1, _MAX_KEEPALIVE_COUNT,
        "Unanswered keep-alive probes before TCP gives up; -1 is the system's.", "probes",
    ),
    Option(
        "tcp_keepalive_idle", 36, OptionKind.INT, -1, -1, _MAX_KEEPALIVE_S,
        "Silence before the first keep-alive probe; -1 is the system's.", "s",
    ),
    Option(
        "tcp_keepalive_intvl", 37, OptionKind.INT, -1, -1, _MAX_KEEPALIVE_S,
        "Time between keep-alive probes; -1 is the system's.", "s",
    ),
    _milliseconds(
        "tcp_maxrt", 80, 0, 0, "Give up on unacknowledged TCP data after this; 0 is the system's."
    ),
    _milliseconds("heartbeat_ivl", 75, 0, 0, "Send a ZMTP ping this often; 0 is never.", _ZMTP),
    _milliseconds(
        "heartbeat_ttl", 76, 0, 0,
        "Ask the peer to disconnect when it hears nothing for this long; 0 does not ask.",
        _ZMTP, _MAX_HEARTBEAT_TTL_MS,
    ),
    _milliseconds(
        "heartbeat_timeout", 77, -1, 0,
        "Disconnect when nothing follows a ping for this long; it starts as heartbeat_ivl.", _ZMTP,
    ),
    _milliseconds(
        "handshake_ivl", 66, 30_000, 0,
        "Disconnect when the ZMTP handshake takes longer; 0 waits for ever.", _ZMTP,
    ),
    _milliseconds(
        "connect_timeout", 79, 0, 0, "Give up on a TCP connect after this; 0 is the system's."
    ),
    Option(
        "sndbuf", 11, OptionKind.INT, -1, -1, _MAX_INT,
        "The kernel's send buffer; -1 is the system's.", "bytes",
    ),
    Option(
        "rcvbuf", 12, OptionKind.INT, -1, -1, _MAX_INT,
        "The kernel's receive buffer; -1 is the system's.", "bytes",
    ),
    Option("tos", 57, OptionKind.INT, 0, 0, 255, "The type-of-service byte of IP packets."),
    _switch(
        "probe_router", 51, "Send an empty message to each new peer, so that a ROUTER knows us.",
        frozenset({_REQ, _DEALER, _ROUTER}), before_attach=False,
    ),
    _switch(
        "router_mandatory", 33,
        "Refuse a message to an unknown routing id instead of dropping it; on here from the start.",
        frozenset({_ROUTER}), before_attach=False,
    ),
    _switch(
        "router_handover", 56, "Let a new peer take over the routing id of an old one.",
        frozenset({_ROUTER}), before_attach=False,
    ),
    _switch(
        "req_relaxed", 53, "Allow another request before the reply has come.",
        frozenset({_REQ}), before_attach=False,
    ),
    _switch(
        "req_correlate", 52, "Number the requests, and drop replies that answer another one.",
        frozenset({_REQ}), before_attach=False,
    ),
    _switch(
        "xpub_verbose", 40, "Hand up every subscription, repeated ones too.",
        frozenset({_XPUB}), before_attach=False,
    ),
    _switch(
        "xpub_verboser", 78, "Hand up every subscription and unsubscription, repeated ones too.",
        frozenset({_XPUB}), before_attach=False,
    ),
    _switch(
        "xpub_nodrop", 69, "Say so instead of dropping when a subscriber's queue is full.",
        frozenset({_PUB, _XPUB}), before_attach=False,
    ),
    Option(
        "xpub_welcome_msg", 72, OptionKind.BYTES, b"", 0, _MAX_INT,
        "A message for every new subscriber that has subscribed to a prefix of it.",
        types=frozenset({_XPUB}), before_attach=False,
    ),
    _switch(
        "invert_matching", 74,
        "Deliver what does not match the subscriptions; both sides need it.",
        frozenset({_PUB, _XPUB, _SUB}),
    ),
    Option(
        "stream_notify", 73, OptionKind.BOOL, 1, 0, 1,
        "Deliver an empty message when a connection comes or goes.", types=frozenset({_STREAM}),
    ),
)  # fmt: skip
"""Every option that a spec can set, in the order in which a list shows them."""

_SECRET = (
    "A socket spec is shown, copied and saved, so it must not hold a secret.",
    "Sockets with PLAIN or CURVE cannot be opened yet.",
)
_SECURITY = ("Sockets with PLAIN, CURVE or GSSAPI cannot be opened yet.", "Leave it out.")
_MULTICAST = (
    "It only counts for multicast and udp://, which these sockets cannot use.",
    "Leave it out.",
)
_GOVERNED = ("ZMQ Scope sets it by itself, so that its window never waits.", "Leave it out.")
_MANUAL = (
    "Nothing here would answer the subscriptions, so every one would be lost.",
    "Leave it out.",
)
_READ_ONLY = ("It can only be read.", "Leave it out.")
_NOT_OFFERED = ("ZMQ Scope does not offer it yet.", "Leave it out.")
_GONE = ("libzmq has replaced it.", "Use sndhwm and rcvhwm, or ipv6.")

REFUSED: dict[str, tuple[str, str]] = {
    "linger": (
        "Closing never waits for unsent messages here, so it is always 0.",
        "Leave it out.",
    ),
    "subscribe": ("Subscriptions are written as topic=.", "Type topic= and the topic."),
    "unsubscribe": ("A spec lists only the topics that are wanted.", "Leave it out."),
    "router_raw": ("STREAM has replaced it.", "Open a stream: socket."),
    **dict.fromkeys(("sndtimeo", "rcvtimeo", "affinity", "blocky"), _GOVERNED),
    **dict.fromkeys(
        ("curve_secretkey", "plain_password", "socks_password", "wss_key_pem"), _SECRET
    ),
    **dict.fromkeys(
        (
            "curve_publickey", "curve_server", "curve_serverkey", "gssapi_plaintext",
            "gssapi_principal", "gssapi_principal_nametype", "gssapi_server",
            "gssapi_service_principal", "gssapi_service_principal_nametype", "mechanism",
            "plain_server", "plain_username", "zap_domain", "zap_enforce_domain",
        ),
        _SECURITY,
    ),
    **dict.fromkeys(
        ("multicast_hops", "multicast_loop", "multicast_maxtpdu", "rate", "recovery_ivl"),
        _MULTICAST,
    ),
    **dict.fromkeys(("xpub_manual", "xpub_manual_last_value"), _MANUAL),
    **dict.fromkeys(
        ("events", "fd", "last_endpoint", "rcvmore", "thread_safe", "topics_count", "type"),
        _READ_ONLY,
    ),
    **dict.fromkeys(("hwm", "ipv4only"), _GONE),
    **dict.fromkeys(
        (
            "bindtodevice", "busy_poll", "connect_rid", "connect_routing_id", "disconnect_msg",
            "hello_msg", "hiccup_msg", "in_batch_size", "ipc_filter_gid", "ipc_filter_pid",
            "ipc_filter_uid", "loopback_fastpath", "metadata", "only_first_subscribe",
            "out_batch_size", "priority", "reconnect_stop", "router_notify", "socks_proxy",
            "socks_username", "tcp_accept_filter", "use_fd", "xsub_verbose_unsubscribe",
        ),
        _NOT_OFFERED,
    ),
}  # fmt: skip
"""Options of libzmq that a spec cannot set: the reason, and what to do instead."""
