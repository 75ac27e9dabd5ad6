"""A socket's state out of those of its endpoints. Loop thread; no I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from zmqscope.core.types import (
    Endpoint,
    EndpointState,
    EndpointStatus,
    Problem,
    Role,
    SocketId,
    SocketSnapshot,
    SocketSpec,
    SocketState,
)
from zmqscope.engine.attachment import Attachment

_WORST_FIRST = (
    (EndpointState.RETRYING, SocketState.RETRYING),
    (EndpointState.CONNECTING, SocketState.CONNECTING),
    (EndpointState.PENDING, SocketState.OPENING),
    (EndpointState.LISTENING, SocketState.LISTENING),
    # Connected to nobody in particular: udp.
    (EndpointState.CONNECTED, SocketState.CONNECTED),
)


def make_snapshot(
    socket_id: SocketId,
    spec: SocketSpec,
    attachments: Sequence[Attachment],
    inproc_peers: Mapping[Endpoint, int],
    is_open: bool,
    problem: Problem | None,
    is_opening: bool = False,
) -> SocketSnapshot:
    """A socket as it is now.

    Args:
        socket_id: Its number.
        spec: What would open it again.
        attachments: Its endpoints.
        inproc_peers: For each inproc endpoint that is attached, how many peers it has through it.
        is_open: Whether the libzmq socket exists.
        problem: Why the socket as a whole does not work.
        is_opening: Whether something is waited for before the libzmq socket can be made.
    """
    statuses = tuple(_status(attachment, inproc_peers) for attachment in attachments)
    peer_count = sum(status.peers for status in statuses)
    shown = problem or next((s.problem for s in statuses if s.problem), None)
    states = [status.state for status in statuses]
    if problem is not None or EndpointState.FAILED in states:
        state = SocketState.FAILED
    elif is_opening:
        state = SocketState.OPENING
    elif not is_open:
        state = SocketState.CLOSED
    elif peer_count:
        state = SocketState.CONNECTED
    else:
        state = next((s for e, s in _WORST_FIRST if e in states), SocketState.IDLE)
    return SocketSnapshot(socket_id, spec, state, statuses, peer_count, shown)


def _status(attachment: Attachment, inproc_peers: Mapping[Endpoint, int]) -> EndpointStatus:
    peers = inproc_peers.get(attachment.endpoint)
    if peers is None:
        return attachment.status()
    if attachment.endpoint.role is Role.CONNECT:
        attachment.state = EndpointState.CONNECTED if peers else EndpointState.CONNECTING
    # Counted elsewhere: inproc has no monitor events.
    return replace(attachment.status(), peers=peers)
