"""The ZeroMQ context and the guard that keeps libzmq away from its aborts. Any thread."""

from __future__ import annotations

import contextlib
import errno
import os
import sys

import zmq

from zmqscope.core.errors import UserError
from zmqscope.core.transports import LibraryTransports

_SPARE_DESCRIPTORS = 64
# The first that the system allows. So many that the strangers of one machine cannot use them up: it
# has 64,512 ports to come from.
_WANTED_DESCRIPTORS = (262_144, 65_536, 10_240)
# libzmq lets in tens of thousands of peers a second: the more there are, the more notice is needed.
_RESERVED_PART = 16
MORE_ROOM = "Close sockets, or raise the limit with “ulimit -n” before starting."
"""What to do when too few file descriptors are left."""
_LINUX_FOLDER = "/proc/self/fd"
_MAX_SOCKETS = 8_192
_IO_THREADS = 2
ORDINARY_THREAD, GUARDED_THREAD = 0b01, 0b10
"""Bits of ZMQ_AFFINITY: libzmq's first I/O thread, and the second, for doors that strangers may
knock at with cryptography."""
# A libzmq that does not know one of them says that it does not have it.
_OPTIONAL_TRANSPORTS = ("tipc", "pgm", "norm", "vmci", "vsock")


def raise_descriptor_limit() -> int:
    """Raise the soft limit of file descriptors as far as allowed.

    libzmq aborts the process when it runs out of them (signaler.cpp), so there must be plenty.

    Returns:
        The limit now in force; 0 where the platform has none to ask for.
    """
    if sys.platform == "win32":
        return 0
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for most in _WANTED_DESCRIPTORS:
        wanted = most if hard == resource.RLIM_INFINITY else min(hard, most)
        if soft >= wanted:
            break
        # macOS says that there is no limit, and allows as many as it likes.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            break
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def spare_descriptors() -> int | None:
    """File descriptors still free; None where it cannot be known."""
    if sys.platform == "win32":
        return None
    import resource

    try:
        used = _used_descriptors()
    except OSError as error:
        return 0 if error.errno in (errno.EMFILE, errno.ENFILE) else None
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0] - used


def _used_descriptors() -> int:
    if not os.path.isdir(_LINUX_FOLDER):
        return len(os.listdir("/dev/fd"))
    # Linux counts them since 6.2, in a microsecond and without taking one; before, it says 0.
    return os.stat(_LINUX_FOLDER).st_size or len(os.listdir(_LINUX_FOLDER))


def descriptor_reserve() -> int:
    """File descriptors that peers may not use up: 64, or more where there are many."""
    if sys.platform == "win32":
        return _SPARE_DESCRIPTORS
    import resource

    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return max(_SPARE_DESCRIPTORS, limit // _RESERVED_PART)


def library_transports() -> frozenset[str]:
    """Which of the transports that libzmq can be built without are there (zmq_has(3))."""
    present = {scheme for scheme in _OPTIONAL_TRANSPORTS if zmq.has(scheme)}
    # epgm is pgm within udp, and comes with it (zmq_pgm(7)).
    return frozenset(present | {"epgm"} if "pgm" in present else present)


def make_context() -> zmq.Context[zmq.Socket[bytes]]:
    """A context of our own with room for thousands of sockets; notes what libzmq has."""
    raise_descriptor_limit()
    LibraryTransports.note(library_transports())
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    context.set(zmq.MAX_SOCKETS, _MAX_SOCKETS)
    context.set(zmq.IO_THREADS, _IO_THREADS)
    return context


def check_room_for_socket() -> None:
    """Refuse a new socket while there is still time to refuse it.

    Raises:
        UserError: Fewer than 64 file descriptors are left.
    """
    spare = spare_descriptors()
    if spare is not None and spare < _SPARE_DESCRIPTORS:
        raise UserError(
            f"Only {spare} file descriptors are left; libzmq would end the program at zero.",
            MORE_ROOM,
        )
