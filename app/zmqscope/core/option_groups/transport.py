"""What a connection runs over, and who may connect. Pure data, any thread."""

from __future__ import annotations

from zmqscope.core.option_groups.option import (
    FROM_0,
    MAX_INT,
    MULTICAST,
    PUBLISHING,
    STABLE,
    WEB,
    ZMTP,
    Option,
    OptionCarrier,
    OptionForm,
    OptionGroup,
    OptionKind,
    milliseconds,
    switch,
)
from zmqscope.core.types import SocketType

_GROUP = OptionGroup.TRANSPORT
_MAX_BACKLOG = 65_535
_MAX_BYTE = 255
# BINDDEVSIZ (options.hpp), and IFNAMSIZ of Linux without its NUL.
_MAX_INTERFACE_BYTES = 15
_MAX_IP_RANGE_BYTES = len("255.255.255.255/32")
_MAX_HOST_PORT_BYTES = 253 + len(":65535")
_MAX_USER_BYTES = 255
# PGM's own minimum, and the largest IP packet (zmq_pgm(7)).
_MIN_TPDU_BYTES = 64
_MAX_TPDU_BYTES = 65_535
_TCP = ("tcp",)
# On udp only what sends: RADIO and DGRAM.
_MULTICASTING = PUBLISHING | {SocketType.RADIO, SocketType.DGRAM}


def _buffer(name: str, number: int, meaning: str) -> Option:
    return Option(
        name, number, OptionKind.INT, -1, -1, MAX_INT, meaning, _GROUP, "bytes", STABLE,
        over=("tcp", "ipc"), only_direct=True,
    )  # fmt: skip


def _ipc_filter(name: str, number: int, meaning: str) -> Option:
    return Option(
        name, number, OptionKind.INT, -1, 0, MAX_INT, meaning, _GROUP, types=STABLE, over=("ipc",),
        only_direct=True,
    )  # fmt: skip


def _tcp_bytes(name: str, number: int, maximum: int, form: OptionForm, meaning: str) -> Option:
    return Option(
        name, number, OptionKind.BYTES, b"", 1, maximum, meaning, _GROUP, types=STABLE, form=form,
        over=_TCP, only_direct=True,
    )  # fmt: skip


def _proxy(name: str, number: int, maximum: int, form: OptionForm, meaning: str) -> Option:
    return Option(
        name, number, OptionKind.BYTES, b"", 1, maximum, meaning, _GROUP, types=ZMTP,
        carrier=OptionCarrier.LINK, form=form, over=("tcp", *WEB),
    )  # fmt: skip


OPTIONS: tuple[Option, ...] = (
    switch(
        "ipv6", 42, "Use IPv6 as well as IPv4; set by itself for an IPv6 address.", _GROUP,
        over=("tcp", "ws", "wss", "udp"),
    ),
    Option(
        "backlog", 19, OptionKind.INT, 100, 0, _MAX_BACKLOG,
        "Connections that may wait to be accepted by a bound endpoint.",
        _GROUP, "connections", STABLE, over=("tcp", "ipc", "tipc"), only_direct=True,
    ),
    _buffer("sndbuf", 11, "The kernel's send buffer; -1 is the system's."),
    _buffer("rcvbuf", 12, "The kernel's receive buffer; -1 is the system's."),
    Option(
        "tos", 57, OptionKind.INT, 0, 0, _MAX_BYTE, "The type-of-service byte of IP packets.",
        _GROUP, types=STABLE, over=_TCP, only_direct=True,
    ),
    _tcp_bytes(
        "bindtodevice", 92, _MAX_INTERFACE_BYTES, OptionForm.TEXT,
        "Use only this network interface, such as eth0; Linux may ask for a privilege.",
    ),
    # Not libzmq's own: it ends the program when a socket is closed while its proxy fails
    # (socks_connecter.cpp, error() leaves a handle behind that process_term() removes again).
    _proxy(
        "socks_proxy", 68, _MAX_HOST_PORT_BYTES, OptionForm.HOST_PORT,
        "Connect through the SOCKS5 proxy at this host and port, such as 127.0.0.1:1080.",
    ),
    _proxy(
        "socks_username", 99, _MAX_USER_BYTES, OptionForm.TEXT,
        "The user name for that proxy, which must ask for no password.",
    ),
    _tcp_bytes(
        "tcp_accept_filter", 38, _MAX_IP_RANGE_BYTES, OptionForm.IPV4_RANGE,
        "Accept only peers from these IPv4 addresses, such as 192.168.1.0/24; with "
        "IPv6 on, nobody.",
    ),
    _ipc_filter("ipc_filter_uid", 59, "Accept only ipc peers that run as this user id."),
    _ipc_filter("ipc_filter_gid", 60, "Accept only ipc peers that run as this group id."),
    _ipc_filter("ipc_filter_pid", 58, "Accept only the ipc peer with this process id."),
    switch(
        "loopback_fastpath", 94,
        "Shorten the way between two programs on one machine; only Windows has it, and both "
        "sides need it.",
        _GROUP, types=STABLE, over=_TCP, only_direct=True,
    ),
    Option(
        "multicast_hops", 25, OptionKind.INT, 1, 1, _MAX_BYTE,
        "Routers that multicast packets may pass, plus one: 1 keeps them on the local network.",
        _GROUP, "hops", _MULTICASTING, carrier=OptionCarrier.BOTH, over=("udp", *MULTICAST),
    ),
    switch(
        "multicast_loop", 96, "Let programs on this machine hear what it multicasts.", _GROUP, 1,
        types=_MULTICASTING, carrier=OptionCarrier.BOTH, over=("udp", *MULTICAST),
    ),
    Option(
        "multicast_maxtpdu", 84, OptionKind.INT, 1500, _MIN_TPDU_BYTES, _MAX_TPDU_BYTES,
        "The largest multicast packet.", _GROUP, "bytes", PUBLISHING, over=MULTICAST,
        only_direct=True,
    ),
    Option(
        "rate", 8, OptionKind.INT, 100, 1, MAX_INT, "The most that is multicast.", _GROUP,
        "kbit/s", PUBLISHING, over=MULTICAST, only_direct=True,
    ),
    milliseconds(
        "recovery_ivl", 9, 10_000, FROM_0,
        "How long a multicast receiver may take to ask again for what it missed; it costs memory.",
        _GROUP, types=PUBLISHING, over=MULTICAST, only_direct=True,
    ),
)  # fmt: skip
