"""What attacks on the ports have found: turns, leaks and idle turns of single links."""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import struct
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.link_rig import (
    KEY,
    PONG,
    greeting,
    make_scratch,
    ready,
    take,
    until,
    websocket,
    wire_over_tcp,
    wire_pair,
    zmtp,
)
from tests.peers import certificates
from zmqscope.core.transcode import layout as at
from zmqscope.core.transcode.transcoder import new_state
from zmqscope.core.types import Endpoint, Role, SocketType
from zmqscope.engine.links.flow import Flow, LinkFailedError
from zmqscope.engine.links.framing import WebSocketFraming
from zmqscope.engine.links.link import Link, Progress
from zmqscope.engine.links.opening import dial_inner
from zmqscope.engine.links.plan import GatePlan
from zmqscope.engine.links.tls import server_context
from zmqscope.engine.links.udp import UdpLink
from zmqscope.engine.links.wire import READ, TlsWire

RESET = struct.pack("ii", 1, 0)
WSS = GatePlan(SocketType.PULL, Endpoint(Role.BIND, "wss://127.0.0.1:1"), "wss", "/nowhere")


def test_frames_that_cost_much_leave_others_their_turn() -> None:
    seen = 0

    def on_pong(_payload: bytes) -> None:
        nonlocal seen
        seen += 1

    framing = WebSocketFraming(lambda *_: None, on_pong, lambda _: None, is_client=False)
    pongs = websocket(b"p", KEY, PONG) * 1_000
    with wire_pair() as (source, before), wire_pair() as (sink, _):
        state = new_state(at.WEBSOCKET, at.ZMTP, is_masked=True)
        flow = Flow(source, sink, state, make_scratch(), framing.take)
        assert before.send(pongs) == len(pongs)
        turns: list[int] = []
        while flow.move():
            turns.append(seen - sum(turns))
        turns.append(seen - sum(turns))
    assert seen == 1_000
    assert max(turns) <= 100


def test_what_was_left_for_the_next_turn_comes_before_the_end() -> None:
    taken: list[bytes] = []
    framing = WebSocketFraming(lambda *_: None, taken.append, lambda _: None, is_client=False)
    with wire_pair() as (source, before), wire_pair() as (sink, _):
        state = new_state(at.WEBSOCKET, at.ZMTP, is_masked=True)
        flow = Flow(source, sink, state, make_scratch(), framing.take)
        before.sendall(b"".join(websocket(b"%d" % at, KEY, PONG) for at in range(250)))
        before.close()
        until(lambda: flow.has_ended, flow.move)
    assert taken == [b"%d" % at for at in range(250)]


def test_questions_whose_answers_nobody_reads_cost_no_memory() -> None:
    with wire_pair() as (source, _), wire_pair(4_096) as (sink, behind):
        flow = Flow(source, sink, new_state(at.ZMTP, at.ZMTP), make_scratch(), lambda _: 0)
        for number in range(10_000):
            flow.put_latest(websocket(b"%05d" % number, b"", PONG))
        came = b""

        def go_on() -> None:
            nonlocal came
            flow.flush()
            came += take(behind)

        until(lambda: not flow.writes and came.endswith(b"09999"), go_on)
    assert len(came) < 20_000


def descriptor_is_free(descriptor: int) -> bool:
    try:
        socket.close(socket.dup(descriptor))
    except OSError:
        return True
    return False


def gone(near: socket.socket, far: socket.socket) -> None:
    """The other side leaves with RST."""
    far.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    far.close()
    assert select.select([near], [], [], 10)[0]


def test_tls_with_somebody_who_has_gone_leaves_nothing_behind(tmp_path: Path) -> None:
    made = certificates.make(tmp_path)
    options = {"wss_cert_pem": str(made.chain).encode(), "wss_key_pem": str(made.key).encode()}
    context = server_context(options)
    with wire_over_tcp() as (near, far):
        descriptor = near.fileno()
        gone(near, far)
        with pytest.raises(OSError, match="not connected"):
            TlsWire(near, context, None)
        # Still its owner's, who closes it.
        assert near.fileno() == descriptor


@pytest.mark.parametrize("advances", [False, True], ids=["before it began", "when it failed"])
def test_a_link_that_comes_to_nothing_closes_its_connection(tmp_path: Path, advances: bool) -> None:
    made = certificates.make(tmp_path)
    options = {"wss_cert_pem": str(made.chain).encode(), "wss_key_pem": str(made.key).encode()}
    plan = replace(WSS, tls=server_context(options))
    with contextlib.ExitStack() as stack:
        near, far = stack.enter_context(wire_over_tcp())
        descriptor = near.fileno()
        gone(near, far)
        link = Link(plan, make_scratch(), near)
        if advances:
            assert link.advance() is Progress.HAS_ENDED
            assert isinstance(link.failure, OSError)
            # Or it would keep the link, and the link it, until somebody collects garbage.
            assert link.failure.__traceback__ is None
            assert link.failure.__context__ is None
        link.close()
        assert descriptor_is_free(descriptor)


def test_garbage_below_tls_ends_a_link_with_a_sentence(tmp_path: Path) -> None:
    made = certificates.make(tmp_path)
    options = {"wss_cert_pem": str(made.chain).encode(), "wss_key_pem": str(made.key).encode()}
    plan = replace(WSS, tls=server_context(options))
    with wire_over_tcp() as (near, far):
        link = Link(plan, make_scratch(), near)
        far.sendall(b"\x16\x03\x01" + bytes(200))
        until(lambda: link.advance() is Progress.HAS_ENDED, lambda: None)
        assert isinstance(link.failure, ssl.SSLError)
        assert link.explain() is not None
        link.close()


def test_datagrams_are_not_waited_for_while_they_cannot_be_taken() -> None:
    plan = GatePlan(SocketType.DISH, Endpoint(Role.BIND, "udp://127.0.0.1:1"), "udp", "")
    near, ours = socket.socketpair()
    with (
        ours,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outer,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer,
    ):
        outer.bind(("127.0.0.1", 0))
        outer.setblocking(False)
        ours.setblocking(False)
        link = UdpLink(plan, outer, near)
        ours.sendall(greeting() + zmtp(4, ready(b"SUB")) + zmtp(0, b"\x01g"))
        until(lambda: link.is_open, link.advance)
        link.advance()
        assert [wire.fileno() for wire, _ in link.waits_for()] == [near.fileno(), outer.fileno()]

        def flood() -> None:
            peer.sendto(b"\x01g" + bytes(60_000), outer.getsockname())
            link.advance()

        # Else the thread would be told of datagrams again and again, and do nothing about them.
        until(lambda: len(link.waits_for()) == 1, flood)
        assert take(ours)
        link.advance()
        assert (outer.fileno(), READ) in [(wire.fileno(), need) for wire, need in link.waits_for()]
        link.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
def test_who_finds_no_room_is_turned_away_with_what_to_do() -> None:
    import resource

    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, limits[1]))
    try:
        with pytest.raises(LinkFailedError, match="few file descriptors are left") as caught:
            next(dial_inner("/nowhere"))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert "ulimit -n" in caught.value.hint
