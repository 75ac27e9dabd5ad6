"""Whether the system speaks TIPC, of which libzmq knows nothing. Any thread."""

from __future__ import annotations

import errno
import socket

from zmqscope.core.errors import EndpointError

_AF_TIPC = 30  # linux/socket.h; not every Python was built with its name


def has_tipc() -> bool:
    """Whether Linux has it: asking loads its module where that is installed and allowed."""
    try:
        socket.socket(_AF_TIPC, socket.SOCK_STREAM).close()
    except OSError as error:
        return error.errno != errno.EAFNOSUPPORT
    return True


def check_tipc(scheme: str) -> None:
    """Refuse ``tipc`` where the system has none.

    libzmq would say of a bind that there is no such interface, and would try a connect for ever.

    Args:
        scheme: The transport of an endpoint; all others pass.

    Raises:
        EndpointError: There is none.
    """
    if scheme == "tipc" and not has_tipc():
        raise EndpointError(
            "This system has no TIPC.",
            "Load it with “sudo modprobe tipc”, then retry; or use tcp://.",
        )
