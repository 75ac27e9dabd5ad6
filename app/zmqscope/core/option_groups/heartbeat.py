"""How a peer that has gone silent is noticed. Pure data, any thread."""

from __future__ import annotations

from zmqscope.core.option_groups.option import (
    FROM_0,
    STABLE,
    ZMTP,
    Option,
    OptionGroup,
    OptionKind,
    milliseconds,
)

_GROUP = OptionGroup.HEARTBEAT
# libzmq keeps the time to live in tenths of a second in 16 bits (RFC 37, PING).
_MAX_TTL_MS = 6_553_599
# Linux refuses longer keep-alive times (tcp.h: MAX_TCP_KEEPIDLE, MAX_TCP_KEEPCNT).
_MAX_KEEPALIVE_S = 32_767
_MAX_KEEPALIVE_COUNT = 127


def _keepalive(name: str, number: int, maximum: int, meaning: str, unit: str = "") -> Option:
    return Option(
        name, number, OptionKind.INT, -1, -1, maximum, meaning, _GROUP, unit, STABLE,
        over=("tcp",), only_direct=True,
    )  # fmt: skip


OPTIONS: tuple[Option, ...] = (
    milliseconds(
        "heartbeat_ivl", 75, 0, FROM_0, "Send a ZMTP ping this often; 0 is never.", _GROUP,
        types=ZMTP,
    ),
    milliseconds(
        "heartbeat_timeout", 77, -1, FROM_0,
        "Disconnect when nothing follows a ping for this long; it starts as heartbeat_ivl.",
        _GROUP, types=ZMTP,
    ),
    milliseconds(
        "heartbeat_ttl", 76, 0, (0, _MAX_TTL_MS),
        "Ask the peer to disconnect when it hears nothing for this long; 0 does not ask.",
        _GROUP, types=ZMTP,
    ),
    _keepalive(
        "tcp_keepalive", 34, 1, "TCP keep-alive: 1 on, 0 off, -1 as the system has it.",
    ),
    _keepalive(
        "tcp_keepalive_idle", 36, _MAX_KEEPALIVE_S,
        "Silence before the first keep-alive probe; -1 is the system's.", "s",
    ),
    _keepalive(
        "tcp_keepalive_intvl", 37, _MAX_KEEPALIVE_S,
        "Time between keep-alive probes; -1 is the system's.", "s",
    ),
    _keepalive(
        "tcp_keepalive_cnt", 35, _MAX_KEEPALIVE_COUNT,
        "Unanswered keep-alive probes before TCP gives up; -1 is the system's.", "probes",
    ),
)  # fmt: skip
