"""How many messages wait where, and what is kept. Pure data, any thread."""

from __future__ import annotations

from zmqscope.core.option_groups.option import (
    ALL,
    CONNECTED,
    MAX_INT64,
    ZMTP,
    Option,
    OptionGroup,
    OptionKind,
    switch,
)
from zmqscope.core.types import SocketType

OUR_RCVHWM = 100_000
"""Messages libzmq holds for us: the monitor must not be the slow subscriber."""

_GROUP = OptionGroup.FLOW
# libzmq adds the marks of both sides of an inproc connection in a 32-bit integer.
_MAX_HWM = 1_000_000_000
_RECEIVING = frozenset(kind for kind in SocketType if kind.can_receive)

OPTIONS: tuple[Option, ...] = (
    Option(
        "sndhwm", 23, OptionKind.INT, 1000, 0, _MAX_HWM,
        "Messages (of a SUB or DISH: subscriptions) that wait for each peer before sending "
        "blocks or drops; 0 is no limit.",
        _GROUP, "messages", ALL - {SocketType.PULL, SocketType.GATHER}, before_attach=False,
    ),
    Option(
        "rcvhwm", 24, OptionKind.INT, 1000, 0, _MAX_HWM,
        "Messages held from each peer before libzmq stops reading; 0 is no limit.",
        _GROUP, "messages", _RECEIVING, before_attach=False, ours=OUR_RCVHWM,
    ),
    # libzmq ignores it on all others, and a message of a RADIO or DISH has two frames inside.
    switch(
        "conflate", 54, "Keep only the newest message; messages of several frames break.", _GROUP,
        types=frozenset({
            SocketType.PUB, SocketType.SUB, SocketType.DEALER, SocketType.PULL, SocketType.PUSH,
        }),
    ),
    switch(
        "immediate", 39, "Queue messages only for connections that are complete.", _GROUP,
        types=CONNECTED, aliases=("delay_attach_on_connect",),
    ),
    switch(
        "xpub_nodrop", 69, "Refuse a message instead of dropping it when a subscriber's queue is "
        "full.",
        _GROUP, types=frozenset({SocketType.PUB, SocketType.XPUB, SocketType.RADIO}),
        before_attach=False,
    ),
    Option(
        "maxmsgsize", 22, OptionKind.INT64, -1, -1, MAX_INT64,
        "Disconnect a peer that sends a larger frame; -1 is no limit.", _GROUP, "bytes", ZMTP,
    ),
)  # fmt: skip
