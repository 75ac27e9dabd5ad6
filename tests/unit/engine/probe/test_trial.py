"""A lock is tried and comes to an end, whatever is wrong with it."""

from __future__ import annotations

import socket
import threading
import time

import zmq

from zmqscope.core.errors import UserError
from zmqscope.core.probe import ProbePlan
from zmqscope.engine.probe.trial import try_lock


def test_a_lock_that_libzmq_does_not_take_leaves_nothing_that_hangs() -> None:
    def prepare(_: zmq.Socket[bytes]) -> None:
        raise UserError("broken", "mend it")

    raised: list[UserError] = []

    def run() -> None:
        try:
            try_lock(ProbePlan("tcp://127.0.0.1:1"), near, time.monotonic() + 60, prepare)
        except UserError as error:
            raised.append(error)

    near, far = socket.socketpair()
    with near, far:
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(60)
        assert not thread.is_alive()
    assert [error.problem.text for error in raised] == ["broken"]
