"""What the system knows of a connection by its descriptor in our process. Any thread; no waiting.

libzmq owns these descriptors, and may close one at any moment; the system then gives its number to
the next who asks. So what was learned is used as long as the inode is the same, and no longer.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

HostPort = tuple[str, int]

_PLATFORM: str = sys.platform
# asm-generic/sockets.h and linux/tcp.h.
_SO_PEERCRED = getattr(socket, "SO_PEERCRED", 17)
_CREDENTIALS = struct.Struct("3i")
_TCP_INFO = getattr(socket, "TCP_INFO", 11)
_BYTES_RECEIVED_AT = 128
_INFO_BYTES = 192
_SIOCOUTQ, _FIONREAD = 0x5411, 0x541B
_MAPPED = "::ffff:"


@dataclass(frozen=True, slots=True)
class Ends:
    """Both ends of a connection.

    Attributes:
        inode: What the descriptor stands for; 0 where systems have no such thing.
        local: Our end, for tcp.
        remote: The other end, for tcp.
        pid: The process at the other end, for ipc.
        uid: Its user, for ipc.
        name: What the other end is bound to, for ipc; empty for most.
    """

    inode: int
    local: HostPort | None = None
    remote: HostPort | None = None
    pid: int | None = None
    uid: int | None = None
    name: str = ""


def inode_of(descriptor: int) -> int | None:
    """What a descriptor stands for; None if it is closed, 0 where that cannot be known."""
    if _PLATFORM == "win32":
        return 0
    try:
        return os.fstat(descriptor).st_ino
    except (OSError, OverflowError, ValueError):
        return None


def ends_of(descriptor: int) -> Ends | None:
    """Who is at both ends; None if the descriptor is no connection any more.

    If it stands for another one by now, that one's event is on its way and will say so.
    """
    inode = inode_of(descriptor)
    return None if inode is None else _asked(descriptor, lambda end: _ends(end, inode))


def own_name(descriptor: int) -> str:
    """What our end of a unix connection is bound to; empty for most."""
    return _asked(descriptor, lambda end: _text(end.getsockname())) or ""


def bytes_received(descriptor: int) -> int | None:
    """How many bytes have ever come over a TCP connection; None if that cannot be known."""
    if _PLATFORM != "linux":
        return None
    info = _asked(descriptor, lambda end: end.getsockopt(socket.SOL_TCP, _TCP_INFO, _INFO_BYTES))
    if info is None or len(info) < _BYTES_RECEIVED_AT + 8:
        return None
    return int.from_bytes(info[_BYTES_RECEIVED_AT : _BYTES_RECEIVED_AT + 8], sys.byteorder)


def hang_up(descriptor: int, inode: int) -> bool:
    """End a connection that is libzmq's, so that libzmq sees its end; whether that was possible."""
    if not inode or inode_of(descriptor) != inode:
        return False

    def end_both_ways(end: socket.socket) -> bool:
        end.shutdown(socket.SHUT_RDWR)
        return True

    return _asked(descriptor, end_both_ways) or False


def queued_bytes(descriptor: int, inode: int) -> tuple[int | None, int | None]:
    """What waits in the system's send and receive queues (man 7 tcp, SIOCOUTQ and SIOCINQ).

    Of ipc the first is the memory that it takes, a little more than its bytes (man 7 unix).
    """
    if _PLATFORM != "linux" or inode_of(descriptor) != inode:
        return None, None
    unsent, unread = _queue(descriptor, _SIOCOUTQ), _queue(descriptor, _FIONREAD)
    return (unsent, unread) if inode_of(descriptor) == inode else (None, None)


def _queue(descriptor: int, request: int) -> int | None:
    import fcntl  # not on Windows

    room = bytearray(4)
    try:
        fcntl.ioctl(descriptor, request, room)
    except (OSError, ValueError):
        return None
    return int.from_bytes(room, sys.byteorder, signed=True)


def _asked(descriptor: int, ask: Callable[[socket.socket], T]) -> T | None:
    """Ask through an object of Python's that never closes the descriptor."""
    try:
        end = socket.socket(fileno=descriptor)
    except (OSError, ValueError):
        return None
    try:
        return ask(end)
    except (OSError, ValueError):
        return None
    finally:
        end.detach()


def _ends(end: socket.socket, inode: int) -> Ends:
    if end.family in (socket.AF_INET, socket.AF_INET6):
        return Ends(inode, _host_port(end.getsockname()), _host_port(end.getpeername()))
    if _PLATFORM != "win32" and end.family == socket.AF_UNIX:
        pid, uid = _credentials(end)
        return Ends(inode, pid=pid, uid=uid, name=_text(end.getpeername()))
    return Ends(inode)


def _text(name: object) -> str:
    return name.decode("utf-8", "surrogateescape") if isinstance(name, bytes) else str(name)


def _credentials(end: socket.socket) -> tuple[int | None, int | None]:
    if _PLATFORM != "linux":
        return None, None
    room = end.getsockopt(socket.SOL_SOCKET, _SO_PEERCRED, _CREDENTIALS.size)
    pid, uid, _ = _CREDENTIALS.unpack(room)
    # 0: somebody of another pid namespace, as in a container.
    return (pid or None), uid


def _host_port(name: object) -> HostPort:
    """An address of TCP.

    Raises:
        ValueError: It is none: between two questions the descriptor came to stand for another
            connection, and of a unix one the address is a path, mostly empty.
    """
    if not isinstance(name, tuple):
        raise ValueError(name)
    host, port = name[0], name[1]
    if host.startswith(_MAPPED) and "." in host:
        host = host.removeprefix(_MAPPED)
    return host, port


def shown_address(end: HostPort) -> str:
    """An address as users write it: ``127.0.0.1:5556``, ``[::1]:5556``."""
    host, port = end
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
