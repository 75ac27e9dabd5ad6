"""Peers of the sockets under test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import zmq

from tests.rig import MakePeer


@pytest.fixture
def make_peer() -> Iterator[MakePeer]:
    """Makes sockets in a context that is not the engine's."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    made: list[zmq.Socket[bytes]] = []

    def make(kind: int) -> zmq.Socket[bytes]:
        made.append(context.socket(kind))
        return made[-1]

    yield make
    for peer in made:
        peer.close(0)
    context.term()
