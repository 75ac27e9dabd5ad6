"""Errors in words: each says what failed and what to do."""

from __future__ import annotations

import errno

import pytest
import zmq

from zmqscope.core.types import Endpoint, Role, SocketSpec, SocketType
from zmqscope.engine.reasons import (
    FITTING_PEERS,
    delivery_warning,
    endpoint_problem,
    frames_problem,
    inproc_problem,
    send_problem,
)

BIND = Endpoint(Role.BIND, "tcp://*:80")


def test_every_type_has_its_peers() -> None:
    assert set(FITTING_PEERS) == set(SocketType)


@pytest.mark.parametrize(
    "number",
    [
        errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES, errno.ENODEV, errno.ENOENT,
        errno.EINVAL, errno.EPROTONOSUPPORT, errno.EMFILE, zmq.ENOCOMPATPROTO,
    ],
)  # fmt: skip
def test_common_endpoint_errors_have_a_next_step(number: int) -> None:
    problem = endpoint_problem(BIND, zmq.ZMQError(number))
    assert problem.text.endswith(".")
    assert problem.hint.endswith(".")


def test_an_uncommon_error_still_has_words() -> None:
    assert "tcp://*:80" in endpoint_problem(BIND, zmq.ZMQError(errno.EIO)).text


@pytest.mark.parametrize(
    ("kind", "frames", "refused"),
    [
        (SocketType.SUB, (b"x",), True),
        (SocketType.PULL, (b"x",), True),
        (SocketType.PUSH, (), True),
        (SocketType.PUSH, (b"",), False),
        (SocketType.ROUTER, (b"id",), True),
        (SocketType.ROUTER, (b"id", b"x"), False),
        (SocketType.STREAM, (b"id", b"x", b"y"), True),
        (SocketType.STREAM, (b"id", b""), False),
    ],
)
def test_frames_that_libzmq_would_drop_in_silence(
    kind: SocketType, frames: tuple[bytes, ...], refused: bool
) -> None:
    assert (frames_problem(SocketSpec(kind), frames) is not None) is refused


def test_would_block_names_the_real_reason() -> None:
    again = zmq.ZMQError(zmq.EAGAIN)
    spec = SocketSpec(SocketType.PUSH)
    assert "no peer" in send_problem(spec, 0, again).text
    assert "high-water mark" in send_problem(spec, 1, again).text


def test_out_of_turn_is_explained() -> None:
    error = zmq.ZMQError(zmq.EFSM)
    assert "reply" in send_problem(SocketSpec(SocketType.REQ), 1, error).text
    assert "request" in send_problem(SocketSpec(SocketType.REP), 1, error).text


def test_sending_to_nobody_is_said() -> None:
    assert delivery_warning(SocketSpec(SocketType.PUB), 1) is None
    dropped = delivery_warning(SocketSpec(SocketType.PUB), 0)
    queued = delivery_warning(SocketSpec(SocketType.PUSH), 0)
    assert dropped is not None
    assert queued is not None
    assert dropped.text.startswith("Dropped")
    assert queued.text.startswith("Queued")


@pytest.mark.parametrize(
    ("kind", "frames", "word"),
    [
        (SocketType.REP, (b"answer",), "peer that asked has left"),
        (SocketType.XSUB, (b"x",), "Dropped"),
        (SocketType.XSUB, (b"\x01x",), "Queued"),
        (SocketType.DEALER, (b"x",), "Queued"),
    ],
)
def test_what_becomes_of_a_message_to_nobody_is_true(
    kind: SocketType, frames: tuple[bytes, ...], word: str
) -> None:
    warning = delivery_warning(SocketSpec(kind), 0, frames)
    assert warning is not None
    assert word in warning.text


def test_a_routing_id_that_libzmq_accepts_is_that_of_a_peer() -> None:
    frames = (b"id", b"x")
    assert delivery_warning(SocketSpec(SocketType.ROUTER), 0, frames) is None
    assert delivery_warning(SocketSpec(SocketType.STREAM), 0, frames) is None
    careless = SocketSpec(SocketType.ROUTER, options=(("router_mandatory", 0),))
    assert delivery_warning(careless, 0, frames) is not None


def test_inproc_connects_only_what_fits() -> None:
    endpoint = Endpoint(Role.CONNECT, "inproc://x")
    for kind in SocketType:
        for binder in SocketType:
            refused = inproc_problem(endpoint, kind, binder, is_itself=False) is not None
            back = inproc_problem(endpoint, binder, kind, is_itself=False) is not None
            assert refused is back
    assert inproc_problem(endpoint, SocketType.PAIR, SocketType.PAIR, is_itself=True) is not None
