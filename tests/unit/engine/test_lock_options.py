"""What a lock sets on libzmq's socket."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import zmq

from zmqscope.core.security.lock import NO_LOCK, Lock, Mechanism
from zmqscope.core.security.secret import Credentials, KeyPair, Secret
from zmqscope.core.types import SocketId
from zmqscope.engine.context import GUARDED_THREAD, ORDINARY_THREAD, make_context
from zmqscope.engine.key_maker import make_key_pair
from zmqscope.engine.lock_options import apply_lock

ZmqSocket = zmq.Socket[bytes]
SEVEN = SocketId(7)


@pytest.fixture
def made() -> Iterator[ZmqSocket]:
    context = make_context()
    with context.socket(zmq.PULL) as socket:
        yield socket
    context.term()


def test_none(made: ZmqSocket) -> None:
    assert apply_lock(made, SEVEN, NO_LOCK, Credentials()) is None
    assert made.get(zmq.MECHANISM) == zmq.NULL
    assert made.get(zmq.ZAP_DOMAIN) == b""
    assert made.get(zmq.AFFINITY) == ORDINARY_THREAD


def test_null_server(made: ZmqSocket) -> None:
    assert apply_lock(made, SEVEN, Lock(is_server=True, access="cams"), Credentials()) is None
    assert made.get(zmq.MECHANISM) == zmq.NULL
    assert made.get(zmq.ZAP_DOMAIN) == b"cams#7"
    assert made.get(zmq.AFFINITY) == ORDINARY_THREAD


def test_plain_client(made: ZmqSocket) -> None:
    lock = Lock(Mechanism.PLAIN, user="é")
    assert apply_lock(made, SEVEN, lock, Credentials(password=Secret(b"p"))) is None
    assert made.get(zmq.MECHANISM) == zmq.PLAIN
    assert made.get(zmq.PLAIN_SERVER) == 0
    assert made.get(zmq.PLAIN_USERNAME) == "é".encode()
    assert made.get(zmq.PLAIN_PASSWORD) == b"p"
    assert made.get(zmq.ZAP_DOMAIN) == b""


def test_plain_client_without_a_password(made: ZmqSocket) -> None:
    assert apply_lock(made, SEVEN, Lock(Mechanism.PLAIN, user="a"), Credentials()) is None
    assert made.get(zmq.MECHANISM) == zmq.PLAIN
    assert made.get(zmq.PLAIN_PASSWORD) == b""


def test_plain_server(made: ZmqSocket) -> None:
    assert apply_lock(made, SEVEN, Lock(Mechanism.PLAIN, is_server=True), Credentials()) is None
    assert made.get(zmq.PLAIN_SERVER) == 1
    assert made.get(zmq.ZAP_DOMAIN) == b"default#7"
    assert made.get(zmq.AFFINITY) == GUARDED_THREAD


@pytest.mark.parametrize("is_server", [True, False])
def test_curve(made: ZmqSocket, is_server: bool) -> None:
    pair, server_key = make_key_pair(), make_key_pair().public
    lock = Lock(Mechanism.CURVE, is_server)
    credentials = Credentials(pair=pair, server_key=server_key)
    assert apply_lock(made, SEVEN, lock, credentials) is None
    assert made.get(zmq.MECHANISM) == zmq.CURVE
    assert made.get(zmq.CURVE_SERVER) == is_server
    assert made.get(zmq.AFFINITY) == (GUARDED_THREAD if is_server else ORDINARY_THREAD)


def test_a_req_is_told_no_names() -> None:
    context = make_context()
    with context.socket(zmq.REQ) as made:
        apply_lock(made, SEVEN, Lock(Mechanism.PLAIN, is_server=True), Credentials())
        assert made.get(zmq.ZAP_DOMAIN) == b"default#-7"
    context.term()


def test_what_libzmq_refuses_is_said_without_the_secret(made: ZmqSocket) -> None:
    bad = Credentials(pair=KeyPair("short", Secret(b"hidden")), server_key="x")
    problem = apply_lock(made, SEVEN, Lock(Mechanism.CURVE), bad)
    assert problem is not None
    assert "does not accept the lock: Invalid argument" in problem.text
    assert "hidden" not in problem.sentence()


def test_a_context_with_one_thread() -> None:
    context: zmq.Context[ZmqSocket] = zmq.Context(1)
    with context.socket(zmq.PULL) as made:
        lock = Lock(Mechanism.PLAIN, is_server=True)
        assert apply_lock(made, SEVEN, lock, Credentials()) is None
        assert made.get(zmq.AFFINITY) == 0
        made.bind("tcp://127.0.0.1:*")
    context.term()
