"""From the first byte to an open link, against real sockets on the other side."""

from __future__ import annotations

import errno
import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from tests.link_rig import finish, greeting, take, wire_pair
from zmqscope.core.types import Endpoint, Role, SocketType
from zmqscope.core.zmtp.greeting import Greeting
from zmqscope.engine.links.flow import LinkFailedError
from zmqscope.engine.links.opening import (
    UnreachableError,
    dial,
    dial_inner,
    greet_inner,
    greet_outer,
    send_all,
    upgrade,
)
from zmqscope.engine.links.plan import GatePlan
from zmqscope.engine.links.upgrade import Answering, Asking, Upgraded
from zmqscope.engine.links.wire import PlainWire

ADDRESS = "tcp://127.0.0.1:1"
PLAN = GatePlan(SocketType.CLIENT, Endpoint(Role.CONNECT, ADDRESS), "tcp", "")
BOTH = ("ZWS2.0/NULL", "ZWS2.0")


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Closes what is put on it."""
    with ExitStack() as made:
        yield made


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a path short enough for a unix socket."""
    with tempfile.TemporaryDirectory(prefix="zs-") as made:
        yield Path(made)


def listener(stack: ExitStack, host: str = "127.0.0.1") -> tuple[socket.socket, int]:
    """Somebody who listens, and the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = stack.enter_context(socket.create_server((host, 0), family=family))
    return made, made.getsockname()[1]


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


# ---- dialling ----------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "::1%lo"])
def test_dialling(stack: ExitStack, host: str) -> None:
    server, port = listener(stack, host.removesuffix("%lo"))
    attempts: list[socket.socket] = []
    (found,) = finish(dial(replace(PLAN, addresses=(host,), port=port), attempts))
    assert isinstance(found, socket.socket)
    stack.enter_context(found)
    accepted, _ = server.accept()
    with accepted:
        found.sendall(b"x")
        assert accepted.recv(1) == b"x"
    assert attempts == []


def test_the_next_address_is_tried_when_one_does_not_answer(stack: ExitStack) -> None:
    _, port = listener(stack)
    attempts: list[socket.socket] = []
    plan = replace(PLAN, addresses=("::1", "127.0.0.2", "127.0.0.1"), port=port)
    (found,) = finish(dial(plan, attempts))
    assert isinstance(found, socket.socket)
    stack.enter_context(found)
    assert found.getpeername()[0] == "127.0.0.1"
    assert len(attempts) == 2
    for attempt in attempts:
        attempt.close()


def test_nobody_answers() -> None:
    attempts: list[socket.socket] = []
    plan = replace(PLAN, addresses=("127.0.0.1", "::1"), port=free_port())
    (found,) = finish(dial(plan, attempts))
    assert isinstance(found, UnreachableError)
    assert found.errno == errno.ECONNREFUSED
    for attempt in attempts:
        attempt.close()


def test_a_connection_to_itself_is_none() -> None:
    attempts: list[socket.socket] = []
    port = free_port()
    plan = replace(PLAN, addresses=("127.0.0.1",), port=port, source=("127.0.0.1", port))
    (found,) = finish(dial(plan, attempts))
    assert isinstance(found, UnreachableError)
    assert found.errno == errno.ECONNREFUSED
    (attempt,) = attempts
    assert attempt.getpeername() == ("127.0.0.1", port), "TCP did connect it"
    attempt.close()


def test_a_path_of_ipc(stack: ExitStack, folder: Path) -> None:
    path = str(folder / "s")
    attempts: list[socket.socket] = []
    plan = replace(PLAN, scheme="ipc", addresses=(path,))
    (found,) = finish(dial(plan, attempts))
    assert isinstance(found, UnreachableError)
    assert found.errno == errno.ENOENT
    server = stack.enter_context(socket.socket(socket.AF_UNIX))
    server.bind(path)
    server.listen()
    (found,) = finish(dial(plan, attempts))
    assert isinstance(found, socket.socket)
    for each in (found, *attempts):
        each.close()


def test_our_own_socket_is_waited_for_while_its_backlog_is_full(
    stack: ExitStack, folder: Path
) -> None:
    path = str(folder / "s")
    server = stack.enter_context(socket.socket(socket.AF_UNIX))
    server.bind(path)
    server.listen(0)
    first = stack.enter_context(socket.socket(socket.AF_UNIX))
    first.connect(path)
    steps = dial_inner(path)
    assert isinstance(next(steps), float)
    assert isinstance(next(steps), float)
    stack.enter_context(server.accept()[0])
    with pytest.raises(StopIteration) as stopped:
        next(steps)
    stopped.value.value.close()


def test_our_own_socket_that_is_gone_leaves_no_descriptor(folder: Path) -> None:
    (found,) = finish(dial_inner(str(folder / "s")))
    assert isinstance(found, FileNotFoundError)
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(folder / "t"))
    server.listen(0)
    first = socket.socket(socket.AF_UNIX)
    first.connect(str(folder / "t"))
    steps = dial_inner(str(folder / "t"))
    next(steps)
    # Given up half-way: a socket left open would be a warning, and warnings fail tests.
    steps.close()
    first.close()
    server.close()


# ---- greetings ---------------------------------------------------------------------------------


def test_two_of_us_greet_each_other() -> None:
    near, far = map(PlainWire, socket.socketpair())
    found = finish(greet_outer(near, b"NULL"), greet_outer(far, b"NULL"))
    assert found == [Greeting(3, 1, b"NULL")] * 2
    near.close()
    far.close()


@pytest.mark.parametrize(("mechanism", "minor"), [(b"NULL", 0), (b"PLAIN", 0), (b"CURVE", 1)])
def test_our_own_socket_meets_a_peer_of_zmtp_3_0_where_it_can_see_it(
    stack: ExitStack, mechanism: bytes, minor: int
) -> None:
    wire, far = stack.enter_context(wire_pair())
    far.sendall(greeting(mechanism) + b"READY")
    assert finish(greet_inner(wire, mechanism)) == [Greeting(3, 1, mechanism)]
    assert take(far) == greeting(mechanism, minor=minor)
    room = bytearray(9)
    assert wire.receive_into(memoryview(room)) == 5, "what follows is left where it is"


def test_a_greeting_in_pieces(stack: ExitStack) -> None:
    wire, far = stack.enter_context(wire_pair())
    steps = greet_outer(wire, b"NULL")
    for byte in greeting():
        assert isinstance(next(steps), tuple)
        far.sendall(bytes((byte,)))
    assert finish(steps) == [Greeting(3, 1, b"NULL")]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        # ZMTP 1.0: the frame of an anonymous identity; of one with a name.
        (b"\x01\x00", "does not speak ZMTP 3"),
        (b"\x05\x00name", "does not speak ZMTP 3"),
        (b"\xff" + (5).to_bytes(8) + b"\x00name", "does not speak ZMTP 3"),
        # ZMTP 2.0 sends its signature and revision first, and then waits.
        (b"\xff" + (1).to_bytes(8) + b"\x7f\x01", "speaks a ZMTP older than 3"),
        (b"\xff" + (1).to_bytes(8) + b"\x7f\x01\x05\x00\x00", "speaks a ZMTP older than 3"),
        (b"\xff" + bytes(8) + b"\x7f\x00", "speaks a ZMTP older than 3"),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "does not speak ZMTP 3"),
        (b"\x16\x03\x01\x02\x00\x01\x00", "does not speak ZMTP 3"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "does not speak ZMTP 3"),
        (greeting(b"CURVE"), "uses the security mechanism CURVE, and NULL is set here"),
        (greeting(b"\x1b[31m\xff"), "mechanism “\\x1b[31m\\xff”, and NULL is set here"),
        (greeting(b""), "mechanism “”, and NULL is set here"),
    ],
)
def test_who_is_no_peer_is_told_at_once(stack: ExitStack, sent: bytes, said: str) -> None:
    wire, far = stack.enter_context(wire_pair())
    far.sendall(sent)
    (found,) = finish(greet_outer(wire, b"NULL"))
    assert isinstance(found, LinkFailedError)
    assert said in str(found)
    assert str(found).isprintable()
    assert found.hint.endswith(".")


@pytest.mark.parametrize("sent", [b"", b"\xff", greeting()[:-1]])
def test_who_leaves_before_the_greeting_is_complete(stack: ExitStack, sent: bytes) -> None:
    wire, far = stack.enter_context(wire_pair())
    far.sendall(sent)
    far.shutdown(socket.SHUT_WR)
    (found,) = finish(greet_outer(wire, b"NULL"))
    assert isinstance(found, LinkFailedError)
    assert "before its ZMTP greeting was complete" in str(found)
    assert found.hint.endswith(".")


# ---- upgrades ----------------------------------------------------------------------------------


def test_both_sides_of_an_upgrade(stack: ExitStack) -> None:
    near, far = map(PlainWire, socket.socketpair())
    found = finish(upgrade(near, Asking("a:1", "/x", BOTH)), upgrade(far, Answering("/x", BOTH)))
    assert found == [Upgraded("ZWS2.0/NULL", b"")] * 2
    near.close()
    far.close()


def test_a_refusal_is_sent_before_it_is_told(stack: ExitStack) -> None:
    near, far = map(PlainWire, socket.socketpair())
    asked, answered = finish(
        upgrade(near, Asking("a:1", "/x", BOTH)), upgrade(far, Answering("/y", BOTH))
    )
    assert str(asked) == "answered with HTTP status 404, not a WebSocket"
    assert str(answered) == "asked for the path “/x”, which is not served here"
    near.close()
    far.close()


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\n"])
def test_who_leaves_during_the_upgrade(stack: ExitStack, sent: bytes) -> None:
    wire, far = stack.enter_context(wire_pair())
    far.sendall(sent)
    far.shutdown(socket.SHUT_WR)
    (found,) = finish(upgrade(wire, Answering("", BOTH)))
    assert isinstance(found, LinkFailedError)
    assert "during the WebSocket handshake" in str(found)
    assert found.hint.endswith(".")


def test_what_a_wire_does_not_take_at_once_is_sent_later(stack: ExitStack) -> None:
    wire, far = stack.enter_context(wire_pair(4_096))
    data = bytearray(bytes(range(256)) * 1_000)
    whole, found = bytes(data), b""
    for _ in send_all(wire, data):
        found += take(far)
    assert found + take(far) == whole
    assert data == b""
