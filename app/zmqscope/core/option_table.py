"""The socket options that a spec can set, as one table; numbers from zmq.h. Pure data, any thread.

Bounds are those that libzmq 4.3.5 accepts (options.cpp), narrowed where a larger value would
overflow inside it or be refused by the kernel later.
"""

from __future__ import annotations

from zmqscope.core.option_groups import (
    behaviour,
    flow,
    heartbeat,
    reconnect,
    transport,
    websocket,
)
from zmqscope.core.option_groups.option import (
    Option,
    OptionCarrier,
    OptionForm,
    OptionGroup,
    OptionKind,
)
from zmqscope.core.option_groups.refused import REFUSED

__all__ = [
    "OPTIONS",
    "REFUSED",
    "Option",
    "OptionCarrier",
    "OptionForm",
    "OptionGroup",
    "OptionKind",
]

OPTIONS: tuple[Option, ...] = (
    *flow.OPTIONS,
    *reconnect.OPTIONS,
    *heartbeat.OPTIONS,
    *transport.OPTIONS,
    *websocket.OPTIONS,
    *behaviour.OPTIONS,
)
"""Every option that a spec can set, group by group, in the order in which a list shows them."""
