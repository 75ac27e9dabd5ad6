"""The ZAP handler's own thread: asked by libzmq's frames, ended, and in nobody's way."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import zmq

from tests.rig import Socket
from zmqscope.core.endpoints import ZAP_ADDRESS
from zmqscope.core.security.access import AccessList, AccessMode
from zmqscope.core.security.zap_domain import zap_domain
from zmqscope.core.types import SocketId
from zmqscope.engine.access.authenticator import Authenticator
from zmqscope.engine.access.checker import PasswordChecker
from zmqscope.engine.access.doorman import Doorman, DoormanParts, Reply

PATIENCE_MS = 60_000


def make_doorman(reply: Reply) -> Doorman:
    made = Doorman(
        DoormanParts(
            reply,
            lambda _: None,
            lambda _: None,
            PasswordChecker(),
            lambda _: None,
            lambda _: "",
            lambda: 0,
        )
    )
    made.set_lists((AccessList(mode=AccessMode.ANYONE),))
    return made


@pytest.fixture
def context() -> Iterator[zmq.Context[Socket]]:
    made: zmq.Context[Socket] = zmq.Context()
    yield made
    made.destroy(0)


@pytest.fixture
def authenticator(context: zmq.Context[Socket]) -> Iterator[Authenticator]:
    made = Authenticator(context, make_doorman)
    yield made
    made.close()


def test_it_replies_and_survives_what_is_no_request(
    context: zmq.Context[Socket], authenticator: Authenticator
) -> None:
    assert authenticator.start() is None
    domain = zap_domain("default", SocketId(1))
    with context.socket(zmq.DEALER) as asker:  # libzmq asks from one
        asker.connect(ZAP_ADDRESS)
        asker.send(b"garbage")
        asker.send_multipart([b"", b"1.0", b"7", domain, b"127.0.0.1", b"", b"NULL"])
        assert asker.poll(PATIENCE_MS)
        reply = asker.recv_multipart()
    assert reply[:4] == [b"", b"1.0", b"7", b"200"]


def test_what_is_asked_of_the_doorman_runs_on_its_thread(authenticator: Authenticator) -> None:
    assert authenticator.start() is None
    threads: list[str] = []
    done = threading.Event()

    def note(_: Doorman) -> None:
        threads.append(threading.current_thread().name)
        done.set()

    authenticator.ask(note)
    assert done.wait(60)
    assert threads == ["zmqscope-zap"]


def test_an_address_that_is_taken_is_a_sentence(
    context: zmq.Context[Socket], authenticator: Authenticator
) -> None:
    with context.socket(zmq.REP) as squatter:
        squatter.bind(ZAP_ADDRESS)
        problem = authenticator.start()
    assert problem is not None
    assert ZAP_ADDRESS in problem.text


def test_what_was_asked_behind_something_that_fails_is_done_too(
    authenticator: Authenticator,
) -> None:
    assert authenticator.start() is None
    done = threading.Event()

    def fail(_: Doorman) -> None:
        authenticator.ask(lambda _: done.set())
        raise ValueError

    authenticator.ask(fail)
    assert done.wait(PATIENCE_MS / 1_000)
