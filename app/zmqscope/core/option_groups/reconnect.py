"""When a connection is tried, given up and tried again. Pure data, any thread."""

from __future__ import annotations

from zmqscope.core.option_groups.option import (
    CONNECTED,
    FROM_0,
    MAX_INT,
    STABLE,
    ZMTP,
    Option,
    OptionGroup,
    OptionKind,
    milliseconds,
)

_GROUP = OptionGroup.RECONNECT
# ZMQ_RECONNECT_STOP_CONN_REFUSED, _HANDSHAKE_FAILED and _AFTER_DISCONNECT (zmq.h).
_EVERY_REASON_TO_STOP = 1 | 2 | 4

OPTIONS: tuple[Option, ...] = (
    milliseconds(
        "reconnect_ivl", 18, 100, (-1, MAX_INT), "Pause before connecting again; -1 is never.",
        _GROUP, types=CONNECTED,
    ),
    milliseconds(
        "reconnect_ivl_max", 21, 0, FROM_0,
        "Let that pause double up to this; 0 keeps it the same.", _GROUP, types=CONNECTED,
        ours=1_000,
    ),
    Option(
        "reconnect_stop", 109, OptionKind.INT, 0, 0, _EVERY_REASON_TO_STOP,
        "Stop connecting again after some failures: the sum of 1 (refused), 2 (handshake "
        "failed) and 4 (endpoint disconnected here).",
        _GROUP, types=STABLE, only_direct=True,
    ),
    milliseconds(
        "connect_timeout", 79, 0, FROM_0,
        "Give up on a TCP connect after this; 0 is the system's.", _GROUP, types=STABLE,
        over=("tcp",), only_direct=True,
    ),
    milliseconds(
        "handshake_ivl", 66, 30_000, FROM_0,
        "Disconnect when the ZMTP handshake takes longer; 0 waits for ever.", _GROUP,
        types=ZMTP,
    ),
    milliseconds(
        "tcp_maxrt", 80, 0, FROM_0,
        "Disconnect when TCP data stays unacknowledged for longer; 0 is the system's.",
        _GROUP, types=STABLE, over=("tcp",), only_direct=True,
    ),
)  # fmt: skip
