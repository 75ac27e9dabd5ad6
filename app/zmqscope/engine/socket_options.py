"""libzmq's options of a new socket: ours first, then those of its spec. Loop thread."""

from __future__ import annotations

import zmq

from zmqscope.core.errors import UserError
from zmqscope.core.option_groups.flow import OUR_RCVHWM
from zmqscope.core.option_table import OptionCarrier
from zmqscope.core.options import find_option, options_conflict, options_for
from zmqscope.core.types import Problem, SocketSpec, SocketType

DEFAULT_RCVHWM = OUR_RCVHWM
"""Messages libzmq holds for us: the monitor must not be the slow subscriber."""


def apply_options(socket: zmq.Socket[bytes], spec: SocketSpec) -> Problem | None:
    """Set all options on the twin of a spec's type, but for those that our links carry out.

    Returns:
        The reason when they do not go with its endpoints, or libzmq does not accept one of the
        spec's; None when all are set.
    """
    conflict = options_conflict(spec)
    if conflict is not None:
        return conflict
    socket.set(zmq.LINGER, 0)
    if spec.type.twin is SocketType.ROUTER:
        # Without it an unknown routing id is dropped in silence (zmq_socket(3), ZMQ_ROUTER).
        # A SERVER or PEER is always told, so it is no option of theirs.
        socket.set(zmq.ROUTER_MANDATORY, 1)
    for option in options_for(spec.type):
        if option.ours is not None and option.carrier is not OptionCarrier.LINK:
            socket.setsockopt(zmq.SocketOption[option.name.upper()], option.ours)
    # Last: with it on, libzmq reads the IPv4 range of tcp_accept_filter as one of IPv6, and lets
    # everybody in.
    for name, value in sorted(spec.options, key=lambda pair: pair[0] == "ipv6"):
        if not _set(socket, name, value):
            shown = value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else value
            return Problem(
                f"libzmq does not accept {name}={shown} on a {spec.type.name}.",
                "Change or remove the option and open the socket again.",
            )
    return None


def _set(socket: zmq.Socket[bytes], name: str, value: int | bytes) -> bool:
    try:
        option = find_option(name)
        if option.carrier is not OptionCarrier.LINK:
            socket.setsockopt(zmq.SocketOption[option.name.upper()], value)
    except (zmq.ZMQError, UserError, KeyError, TypeError, OverflowError):
        return False
    return True
