"""The state of a socket out of those of its endpoints."""

from __future__ import annotations

import pytest

from zmqscope.core.types import (
    Endpoint,
    EndpointState,
    Problem,
    Role,
    SocketId,
    SocketSnapshot,
    SocketSpec,
    SocketState,
    SocketType,
)
from zmqscope.engine.attachment import Attachment
from zmqscope.engine.snapshot import make_snapshot

TCP = Endpoint(Role.CONNECT, "tcp://127.0.0.1:1")
INPROC = Endpoint(Role.CONNECT, "inproc://x")


def snapshot(
    *states: EndpointState, is_open: bool = True, problem: Problem | None = None
) -> SocketSnapshot:
    attachments = [Attachment(SocketType.SUB, TCP) for _ in states]
    for attachment, state in zip(attachments, states, strict=True):
        attachment.state = state
    spec = SocketSpec(SocketType.SUB)
    return make_snapshot(SocketId(1), spec, attachments, {}, is_open, problem)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ((), SocketState.IDLE),
        ((EndpointState.LISTENING,), SocketState.LISTENING),
        ((EndpointState.LISTENING, EndpointState.CONNECTING), SocketState.CONNECTING),
        ((EndpointState.CONNECTING, EndpointState.RETRYING), SocketState.RETRYING),
        ((EndpointState.LISTENING, EndpointState.FAILED), SocketState.FAILED),
        ((EndpointState.PENDING,), SocketState.OPENING),
    ],
)
def test_the_worst_endpoint_counts(
    states: tuple[EndpointState, ...], expected: SocketState
) -> None:
    assert snapshot(*states).state is expected


def test_a_closed_socket_and_one_that_could_not_be_made() -> None:
    assert snapshot(EndpointState.CLOSED, is_open=False).state is SocketState.CLOSED
    failed = snapshot(EndpointState.CLOSED, is_open=False, problem=Problem("No."))
    assert (failed.state, failed.problem) == (SocketState.FAILED, Problem("No."))


@pytest.mark.parametrize("states", [(), (EndpointState.PENDING,)])
def test_what_waits_for_its_secret_is_opening(states: tuple[EndpointState, ...]) -> None:
    attachments = [Attachment(SocketType.SUB, TCP) for _ in states]
    spec = SocketSpec(SocketType.SUB)
    made = make_snapshot(SocketId(1), spec, attachments, {}, False, None, is_opening=True)
    assert made.state is SocketState.OPENING
    assert made.is_open


@pytest.mark.parametrize(("peers", "state"), [(0, "connecting"), (2, "connected")])
def test_inproc_peers_are_counted_elsewhere(peers: int, state: str) -> None:
    attachment = Attachment(SocketType.SUB, INPROC)
    made = make_snapshot(
        SocketId(1), SocketSpec(SocketType.SUB), [attachment], {INPROC: peers}, True, None
    )
    assert (made.peer_count, made.state.value) == (peers, state)
