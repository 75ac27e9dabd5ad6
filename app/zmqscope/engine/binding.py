"""Binds and unbinds an endpoint, and waits until libzmq has really let go of it. Loop thread."""

from __future__ import annotations

import contextlib
import errno
import time

import zmq

from zmqscope.core.types import EndpointState, Problem
from zmqscope.engine.attachment import Attachment
from zmqscope.engine.ipc_guard import IpcFile, has_listener, ipc_bind_problem, private_ipc_address
from zmqscope.engine.monitor import MonitorEvent, read_events
from zmqscope.engine.reasons import endpoint_problem

_RELEASE_MS = 200
_IPC_WILDCARD = "ipc://*"


def bind(socket: zmq.Socket[bytes], attachment: Attachment, address: str = "") -> Problem | None:
    """Bind an endpoint and note its real address; why it failed, or None.

    Args:
        socket: Where.
        attachment: The endpoint.
        address: The real address that it had before and shall have again; else a new one.
    """
    address = address or attachment.endpoint.address
    if address == _IPC_WILDCARD:
        # libzmq would choose a path relative to the current directory, which peers started
        # elsewhere cannot find, and leave its folder behind.
        address = private_ipc_address()
    problem = ipc_bind_problem(address)
    if problem is not None:
        is_taken = has_listener(address.removeprefix("ipc://"))
        attachment.failed_with = errno.EADDRINUSE if is_taken else 0
        return problem
    try:
        socket.bind(address)
    except zmq.ZMQError as error:
        IpcFile(address).remove_folder()
        attachment.failed_with = error.errno or 0
        return endpoint_problem(attachment.endpoint, error)
    attachment.actual = _bound_to(socket) or address
    attachment.attached = True
    attachment.ipc_file = IpcFile(attachment.actual)
    attachment.state = EndpointState.LISTENING
    return None


def _bound_to(socket: zmq.Socket[bytes]) -> str:
    """Where it was bound last; empty if libzmq does not say: it is bound all the same."""
    try:
        last = socket.get(zmq.LAST_ENDPOINT)
    except zmq.ZMQError:
        return ""
    return last.rstrip(b"\0").decode("utf-8", "replace") if isinstance(last, bytes) else ""


def unbind(
    socket: zmq.Socket[bytes],
    monitor: zmq.Socket[bytes],
    attachment: Attachment,
    at_once: bool = False,
) -> list[MonitorEvent]:
    """Unbind an endpoint and wait, at most 200 ms, until it can be bound again.

    libzmq closes a listener on its I/O thread some time after ``zmq_unbind`` returns; a bind in
    between fails with EADDRINUSE.

    Args:
        socket: The socket that is bound.
        monitor: Its monitor.
        attachment: The endpoint.
        at_once: Do not wait: nobody will bind it again.

    Returns:
        The monitor events that were read meanwhile, to be taken in like any other.
    """
    with contextlib.suppress(zmq.ZMQError):
        socket.unbind(attachment.actual)
    events: list[MonitorEvent] = []
    is_free = at_once or attachment.actual.startswith("inproc:")
    deadline = time.monotonic() + (0 if is_free else _RELEASE_MS / 1000)
    while (left := deadline - time.monotonic()) > 0 and monitor.poll(int(left * 1000) + 1):
        events.extend(read_events(monitor))
        if any(e.kind is zmq.Event.CLOSED and e.address == attachment.actual for e in events):
            break
    if attachment.ipc_file is not None:
        attachment.ipc_file.remove()
        attachment.ipc_file = None
    return events
