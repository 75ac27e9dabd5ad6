"""libzmq's options of a new socket: ours first, then those of its spec. Loop thread."""

from __future__ import annotations

import zmq

from zmqscope.core.types import Problem, SocketSpec, SocketType

DEFAULT_RCVHWM = 100_000
"""Messages libzmq holds for us: the monitor must not be the slow subscriber."""

_RECONNECT_IVL_MAX_MS = 1_000


def apply_options(socket: zmq.Socket[bytes], spec: SocketSpec) -> Problem | None:
    """Set all options; the reason when libzmq does not accept one of the spec's."""
    socket.set(zmq.LINGER, 0)
    socket.set(zmq.RECONNECT_IVL_MAX, _RECONNECT_IVL_MAX_MS)
    if spec.type.can_receive:
        socket.set(zmq.RCVHWM, DEFAULT_RCVHWM)
    if spec.type is SocketType.ROUTER:
        # Without it an unknown routing id is dropped in silence (zmq_socket(3), ZMQ_ROUTER).
        socket.set(zmq.ROUTER_MANDATORY, 1)
    for name, value in spec.options:
        try:
            socket.set(zmq.SocketOption[name.upper()], value)
        except (zmq.ZMQError, KeyError, TypeError, OverflowError):
            shown = value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else value
            return Problem(
                f"libzmq does not accept {name}={shown} on a {spec.type.name}.",
                "Change or remove the option and open the socket again.",
            )
    return None
