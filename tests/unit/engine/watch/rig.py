"""Two real sockets that are connected, for what is read from them one by one."""

from __future__ import annotations

from tests.rig import MakePeer, Socket
from zmqscope.core.types import SocketId

FOREVER_NS = 10**12
ID = SocketId(1)


def pair(make_peer: MakePeer, left: int, right: int) -> tuple[Socket, Socket]:
    """Two connected sockets over tcp."""
    bound, connected = make_peer(left), make_peer(right)
    port = bound.bind_to_random_port("tcp://127.0.0.1")
    connected.connect(f"tcp://127.0.0.1:{port}")
    return bound, connected
