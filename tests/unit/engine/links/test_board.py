"""The thread of the links: begins with the first endpoint, and leaves nothing when it ends."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.link_rig import PATIENCE_S
from zmqscope.core.transcode.plain import PlainTranscoder
from zmqscope.core.types import Endpoint, Role, SocketType
from zmqscope.engine.links.board import LinkBoard
from zmqscope.engine.links.plan import GatePlan

ADDRESS = "ws://127.0.0.1:1"
NAME = "zmqscope-links"


@pytest.fixture
def board() -> Iterator[LinkBoard]:
    made = LinkBoard(PlainTranscoder())
    yield made
    made.close()


def plan(inner: str = "/nonexistent") -> GatePlan:
    """A bind of which our own socket is not there."""
    endpoint = Endpoint(Role.BIND, ADDRESS)
    return GatePlan(SocketType.PULL, endpoint, "ws", inner, subprotocols=("ZWS2.0/NULL",))


def listen() -> socket.socket:
    """A listener, which a board will own."""
    return socket.create_server(("127.0.0.1", 0))


def threads() -> list[str]:
    """Names of the links' threads."""
    return [each.name for each in threading.enumerate() if each.name == NAME]


def test_without_endpoints_there_is_no_thread(board: LinkBoard) -> None:
    assert threads() == []
    assert board.reports() == []
    board.open(plan(), listen())
    board.open(plan(), listen())
    assert threads() == [NAME]


@pytest.mark.parametrize("count", [1, 30])
def test_closed_at_once_it_closes_what_it_was_just_given(count: int) -> None:
    board = LinkBoard(PlainTranscoder())
    listeners = [listen() for _ in range(count)]
    for listener in listeners:
        board.open(plan(), listener)
    board.close()
    assert [listener.fileno() for listener in listeners] == [-1] * count
    assert threads() == []


def test_a_closed_endpoint_is_free_and_its_links_are_gone(board: LinkBoard, tmp_path: Path) -> None:
    listener = listen()
    place = listener.getsockname()
    gate_id = board.open(plan(), listener)
    with socket.create_connection(place, PATIENCE_S) as peer:
        peer.sendall(b"GET ")
        board.close_gate(gate_id)
        peer.settimeout(PATIENCE_S)
        # A reset if it had not been read yet.
        with contextlib.suppress(ConnectionResetError):
            assert peer.recv(100) == b""
    socket.create_server(place).close()
    board.close_gate(gate_id)


def test_what_there_is_to_tell_is_told_once(board: LinkBoard) -> None:
    listener = listen()
    place = listener.getsockname()
    gate_id = board.open(plan(), listener)
    with socket.create_connection(place, PATIENCE_S) as peer:
        peer.sendall(b"\x16\x03\x01")
        assert select.select([board.reports_ready], [], [], PATIENCE_S)[0]
    (report,) = board.reports()
    assert report.gate_id == gate_id
    assert report.problem is not None
    assert report.problem.text == (
        f"A peer of {ADDRESS} speaks TLS: one side uses wss://, the other ws://."
    )
    assert report.problem.hint == "Use the same on both sides."
    assert board.reports() == []
    assert not select.select([board.reports_ready], [], [], 0)[0]
