"""PLAIN and CURVE pass through WebSocket unchanged: both ends are ordinary sockets of libzmq."""

from __future__ import annotations

import itertools
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import zmq
from zmq.utils.monitor import recv_monitor_message

from zmqscope.core.tcp_address import HostPort
from zmqscope.core.transcode.plain import PlainTranscoder
from zmqscope.core.types import Endpoint, Problem, Role, SocketType
from zmqscope.engine.links.board import LinkBoard
from zmqscope.engine.links.listening import tcp_listener, unix_listener
from zmqscope.engine.links.plan import GatePlan

ZmqSocket = zmq.Socket[bytes]

PATIENCE_S = 60.0
USER, PASSWORD = b"user", b"pass"
SERVER_PUBLIC, SERVER_SECRET = zmq.curve_keypair()
CLIENT_PUBLIC, CLIENT_SECRET = zmq.curve_keypair()


class MechanismRig:
    """Ordinary sockets, with links between those that bind and those that connect.

    Args:
        folder: For unix sockets.
        mechanism: Theirs.
        handshake_s: How long links let them take.

    Attributes:
        problems: What the links told.
        refuses: Whether nobody is let in.
    """

    def __init__(self, folder: Path, mechanism: str, handshake_s: float = 30.0) -> None:
        self._stack = ExitStack()
        self._context: zmq.Context[ZmqSocket] = zmq.Context()
        self._board = LinkBoard(PlainTranscoder())
        self._folder = folder
        self._mechanism = mechanism
        self._handshake_s = handshake_s
        self._numbers = itertools.count(1)
        self.problems: list[Problem] = []
        self.refuses = False
        self._zap = self._made(zmq.ROUTER)
        self._zap.bind("inproc://zeromq.zap.01")

    def close(self) -> None:
        """Close everything."""
        self._stack.close()
        self._board.close()
        self._context.term()

    def _made(self, kind: int) -> ZmqSocket:
        made = self._context.socket(kind)
        made.setsockopt(zmq.LINGER, 0)
        self._stack.callback(made.close)
        return made

    def server(self, kind: SocketType) -> tuple[ZmqSocket, int]:
        """A socket that lets others in over WebSocket, and its port."""
        made = self._made(kind.value)
        if self._mechanism == "PLAIN":
            made.setsockopt(zmq.PLAIN_SERVER, 1)
        else:
            made.setsockopt(zmq.CURVE_SERVER, 1)
            made.setsockopt(zmq.CURVE_SECRETKEY, SERVER_SECRET)
        inner = self._inner()
        made.bind(f"ipc://{inner}")
        listener = tcp_listener(HostPort("127.0.0.1", "*", False), False, 10)
        port = int(listener.getsockname()[1])
        self._open(Role.BIND, kind, inner, port, listener)
        return made, port

    def client(self, kind: SocketType, port: int, server_key: bytes = SERVER_PUBLIC) -> ZmqSocket:
        """A socket that connects to such a port."""
        made = self._made(kind.value)
        if self._mechanism == "PLAIN":
            made.setsockopt(zmq.PLAIN_USERNAME, USER)
            made.setsockopt(zmq.PLAIN_PASSWORD, PASSWORD)
        else:
            made.setsockopt(zmq.CURVE_SERVERKEY, server_key)
            made.setsockopt(zmq.CURVE_PUBLICKEY, CLIENT_PUBLIC)
            made.setsockopt(zmq.CURVE_SECRETKEY, CLIENT_SECRET)
        inner = self._inner()
        self._open(Role.CONNECT, kind, inner, port, unix_listener(inner))
        made.connect(f"ipc://{inner}")
        return made

    def _inner(self) -> str:
        return str(self._folder / str(next(self._numbers)))

    def _open(
        self, role: Role, kind: SocketType, inner: str, port: int, listener: socket.socket
    ) -> None:
        plan = GatePlan(
            kind,
            Endpoint(role, f"ws://127.0.0.1:{port}"),
            "ws",
            inner,
            addresses=("127.0.0.1",),
            port=port,
            host="127.0.0.1",
            subprotocols=(f"ZWS2.0/{self._mechanism}",),
            mechanism=self._mechanism.encode(),
            handshake_s=self._handshake_s,
        )
        self._board.open(plan, listener)

    # ---- going on ---------------------------------------------------------------------------

    def step(self) -> None:
        """Say who may come in, and take what the links tell."""
        self._zap.poll(10)
        while self._zap.poll(0):
            envelope, empty, version, request_id, *asked = self._zap.recv_multipart()
            knows = self._mechanism == "CURVE" or asked[-2:] == [USER, PASSWORD]
            status = b"200" if knows and not self.refuses else b"400"
            reply = [envelope, empty, version, request_id, status, b"", b"somebody", b""]
            self._zap.send_multipart(reply)
        self.problems += [r.problem for r in self._board.reports() if r.problem is not None]

    def until(self, condition: Callable[[], object]) -> None:
        """Go on until a condition holds."""
        deadline_s = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline_s, f"not in time; {self.problems}"
            self.step()

    def receive(self, taker: ZmqSocket) -> list[bytes]:
        """The next message."""
        self.until(lambda: taker.poll(0))
        return taker.recv_multipart()

    def events(self, watched: ZmqSocket) -> ZmqSocket:
        """A socket's monitor."""
        monitor = watched.get_monitor_socket()
        # Called in the other order; the other way round libzmq may wait for ever.
        self._stack.callback(monitor.close, 0)
        self._stack.callback(watched.disable_monitor)
        return monitor

    def until_event(self, monitor: ZmqSocket, wanted: int) -> None:
        """Go on until a socket has seen one of some events."""

        def has_come() -> bool:
            while monitor.poll(0):
                if int(recv_monitor_message(monitor)["event"]) & wanted:
                    return True
            return False

        self.until(has_come)


MakeRig = Callable[..., MechanismRig]


@pytest.fixture
def make_rig(ipc_folder: Path) -> Iterator[MakeRig]:
    """Makes rigs that are closed with the test."""
    rigs: list[MechanismRig] = []

    def make(mechanism: str, handshake_s: float = 30.0) -> MechanismRig:
        folder = ipc_folder / str(len(rigs))
        folder.mkdir()
        rigs.append(MechanismRig(folder, mechanism, handshake_s))
        return rigs[-1]

    yield make
    for rig in rigs:
        rig.close()


MESSAGES = [[b""], [b"a", b"", b"b"], [bytes(1_000)], [bytes(range(256)) * 4_000, b"end"]]


@pytest.mark.parametrize("mechanism", ["PLAIN", "CURVE"])
def test_messages_go_both_ways(make_rig: MakeRig, mechanism: str) -> None:
    rig = make_rig(mechanism)
    router, port = rig.server(SocketType.ROUTER)
    dealers = [rig.client(SocketType.DEALER, port) for _ in range(3)]
    for message in MESSAGES:
        for dealer in dealers:
            dealer.send_multipart(message)
            routing_id, *came = rig.receive(router)
            assert came == message
            router.send_multipart([routing_id, *reversed(message)])
            assert rig.receive(dealer) == message[::-1]
    assert rig.problems == []


@pytest.mark.parametrize("mechanism", ["PLAIN", "CURVE"])
def test_subscriptions_go_through(make_rig: MakeRig, mechanism: str) -> None:
    rig = make_rig(mechanism)
    xpub, port = rig.server(SocketType.XPUB)
    sub = rig.client(SocketType.SUB, port)
    sub.setsockopt(zmq.SUBSCRIBE, b"a")
    assert rig.receive(xpub) == [b"\x01a"]
    xpub.send_multipart([b"b", b"not wanted"])
    xpub.send_multipart([b"abc", b"wanted"])
    assert rig.receive(sub) == [b"abc", b"wanted"]
    sub.setsockopt(zmq.UNSUBSCRIBE, b"a")
    assert rig.receive(xpub) == [b"\x00a"]


@pytest.mark.parametrize("mechanism", ["PLAIN", "CURVE"])
def test_a_connection_outlives_the_time_for_its_handshake(
    make_rig: MakeRig, mechanism: str
) -> None:
    handshake_s = 0.4
    rig = make_rig(mechanism, handshake_s)
    pull, port = rig.server(SocketType.PULL)
    push = rig.client(SocketType.PUSH, port)
    monitor = rig.events(pull)
    push.send(b"first")
    assert rig.receive(pull) == [b"first"]
    ends_s = time.monotonic() + 3 * handshake_s
    while time.monotonic() < ends_s:
        push.send(b"more")
        assert rig.receive(pull) == [b"more"]
    events = []
    while monitor.poll(0):
        events.append(int(recv_monitor_message(monitor)["event"]))
    assert zmq.Event.DISCONNECTED not in events
    assert rig.problems == []


def test_another_servers_key_lets_nothing_through(make_rig: MakeRig) -> None:
    rig = make_rig("CURVE")
    pull, port = rig.server(SocketType.PULL)
    events = rig.events(pull)
    stranger = rig.client(SocketType.PUSH, port, zmq.curve_keypair()[0])
    stranger.send(b"secret")
    rig.until_event(events, zmq.Event.HANDSHAKE_FAILED_PROTOCOL)
    friend = rig.client(SocketType.PUSH, port)
    friend.send(b"hello")
    assert rig.receive(pull) == [b"hello"]
    assert not pull.poll(0)


@pytest.mark.parametrize("mechanism", ["PLAIN", "CURVE"])
def test_who_is_refused_gets_nothing_through(make_rig: MakeRig, mechanism: str) -> None:
    rig = make_rig(mechanism)
    rig.refuses = True
    pull, port = rig.server(SocketType.PULL)
    push = rig.client(SocketType.PUSH, port)
    push.send(b"secret")
    events = rig.events(pull)
    rig.until_event(events, zmq.Event.HANDSHAKE_FAILED_AUTH)
    assert not pull.poll(0)


def test_mechanisms_that_differ_do_not_meet(make_rig: MakeRig) -> None:
    curve = make_rig("CURVE")
    pull, port = curve.server(SocketType.PULL)
    plain = make_rig("PLAIN")
    push = plain.client(SocketType.PUSH, port)
    push.send(b"secret")

    def is_told() -> bool:
        curve.step()
        return bool(plain.problems and curve.problems)

    plain.until(is_told)
    assert "answered with HTTP status 400" in plain.problems[0].text
    assert "subprotocols ZWS2.0/PLAIN, and ZWS2.0/CURVE is wanted" in curve.problems[0].text
    assert not pull.poll(0)
