"""The monitor events of the truth table, as libzmq 4.3.5 sends them, and what is made of them."""

from __future__ import annotations

import errno
import socket
import time

import pytest
import zmq

from zmqscope.core.diagnosis.attempts import Outcome
from zmqscope.core.types import Endpoint, EndpointState, Role, Severity, SocketType
from zmqscope.engine.attachment import HANDSHAKE_OVERDUE_S, Attachment
from zmqscope.engine.monitor import MonitorEvent

ADDRESS = "tcp://127.0.0.1:5556"


def attached(kind: SocketType, role: Role, address: str = ADDRESS) -> Attachment:
    attachment = Attachment(kind, Endpoint(role, address))
    attachment.attached = True
    attachment.state = EndpointState.LISTENING if role is Role.BIND else EndpointState.CONNECTING
    return attachment


def feed(attachment: Attachment, *events: tuple[zmq.Event, int]) -> list[str]:
    told = [attachment.apply(MonitorEvent(kind, value, ADDRESS)) for kind, value in events]
    return [t.text for t in told if t is not None]


def test_connect_handshake_counts_a_peer() -> None:
    a = attached(SocketType.SUB, Role.CONNECT)
    told = feed(
        a,
        (zmq.Event.CONNECT_DELAYED, errno.EINPROGRESS),
        (zmq.Event.CONNECTED, 20),
        (zmq.Event.HANDSHAKE_SUCCEEDED, 0),
    )
    assert (a.state, a.peers, a.problem) == (EndpointState.CONNECTED, 1, None)
    assert told == [f"Connected to {ADDRESS}."]


def test_tcp_connection_without_handshake_is_no_peer() -> None:
    a = attached(SocketType.SUB, Role.CONNECT)
    feed(a, (zmq.Event.CONNECTED, 20))
    assert (a.state, a.peers) == (EndpointState.CONNECTING, 0)


def test_nobody_listening_is_told_once_and_stays_a_problem() -> None:
    a = attached(SocketType.PUSH, Role.CONNECT)
    refused = ((zmq.Event.CLOSED, 13), (zmq.Event.CONNECT_RETRIED, 125))
    told = feed(a, *refused, *refused, *refused)
    assert a.state is EndpointState.RETRYING
    assert a.problem is not None
    assert told == [f"Nobody answers at {ADDRESS}; libzmq keeps trying."]


def test_lost_connection_and_return() -> None:
    a = attached(SocketType.SUB, Role.CONNECT)
    feed(a, (zmq.Event.CONNECTED, 20), (zmq.Event.HANDSHAKE_SUCCEEDED, 0))
    feed(a, (zmq.Event.DISCONNECTED, 20), (zmq.Event.CONNECT_RETRIED, 100))
    lost = a.status()
    assert (lost.state, lost.peers) == (EndpointState.RETRYING, 0)
    assert lost.problem is not None
    assert "was lost" in lost.problem.text
    feed(a, (zmq.Event.CONNECTED, 21), (zmq.Event.HANDSHAKE_SUCCEEDED, 0))
    back = a.status()
    assert (back.state, back.peers, back.problem) == (EndpointState.CONNECTED, 1, None)


def test_types_that_do_not_fit_fail_for_good() -> None:
    a = attached(SocketType.SUB, Role.CONNECT)
    feed(a, (zmq.Event.CONNECTED, 20), (zmq.Event.DISCONNECTED, 20))
    assert a.state is EndpointState.FAILED
    assert a.problem is not None
    assert "PUB or XPUB" in a.problem.hint


@pytest.mark.parametrize(
    ("kind", "value", "word"),
    [
        (zmq.Event.HANDSHAKE_FAILED_PROTOCOL, 0x11000001, "keys"),
        (zmq.Event.HANDSHAKE_FAILED_PROTOCOL, 0x11000002, "mechanisms"),
        (zmq.Event.HANDSHAKE_FAILED_PROTOCOL, 0x10000001, "protocol"),
        (zmq.Event.HANDSHAKE_FAILED_AUTH, 400, "400"),
        (zmq.Event.HANDSHAKE_FAILED_NO_DETAIL, errno.EPIPE, "closed the connection"),
        (zmq.Event.HANDSHAKE_FAILED_NO_DETAIL, errno.EAGAIN, "does not finish"),
        (zmq.Event.HANDSHAKE_FAILED_NO_DETAIL, errno.EFAULT, "without a result"),
    ],
)
def test_failed_handshakes_in_words(kind: zmq.Event, value: int, word: str) -> None:
    a = attached(SocketType.REQ, Role.CONNECT)
    told = feed(a, (zmq.Event.CONNECTED, 20), (kind, value), (zmq.Event.DISCONNECTED, 20))
    assert a.state is EndpointState.FAILED
    assert len(told) == 1
    assert word in told[0]


def test_bound_endpoint_counts_peers_and_stays_healthy() -> None:
    a = attached(SocketType.PULL, Role.BIND)
    feed(a, (zmq.Event.ACCEPTED, 20), (zmq.Event.ACCEPTED, 21))
    feed(a, (zmq.Event.HANDSHAKE_SUCCEEDED, 0), (zmq.Event.HANDSHAKE_SUCCEEDED, 0))
    assert a.peers == 2
    feed(a, (zmq.Event.DISCONNECTED, 20))
    assert (a.state, a.peers, a.problem) == (EndpointState.LISTENING, 1, None)


def test_a_stranger_at_a_bound_endpoint_is_a_warning_not_a_failure() -> None:
    a = attached(SocketType.PULL, Role.BIND)
    a.apply(MonitorEvent(zmq.Event.ACCEPTED, 20, ADDRESS))
    told = a.apply(MonitorEvent(zmq.Event.DISCONNECTED, 20, ADDRESS))
    assert told is not None
    assert told.severity is Severity.WARNING
    assert a.state is EndpointState.LISTENING


def test_stream_counts_connections_without_handshake() -> None:
    a = attached(SocketType.STREAM, Role.BIND)
    feed(a, (zmq.Event.ACCEPTED, 20))
    assert a.peers == 1
    told = feed(a, (zmq.Event.HANDSHAKE_FAILED_NO_DETAIL, 32), (zmq.Event.DISCONNECTED, 20))
    assert a.peers == 0
    assert told == [f"A peer left {ADDRESS}."]


def test_a_failed_stranger_gives_its_mark_to_the_real_peer() -> None:
    a = attached(SocketType.PULL, Role.BIND)
    feed(a, (zmq.Event.ACCEPTED, 20), (zmq.Event.ACCEPTED, 21), (zmq.Event.HANDSHAKE_SUCCEEDED, 0))
    told = feed(
        a, (zmq.Event.HANDSHAKE_FAILED_NO_DETAIL, errno.EPIPE), (zmq.Event.DISCONNECTED, 20)
    )
    assert a.peers == 1
    assert len(told) == 1


def test_nothing_is_left_after_close() -> None:
    a = attached(SocketType.PULL, Role.BIND)
    feed(a, (zmq.Event.ACCEPTED, 20), (zmq.Event.HANDSHAKE_SUCCEEDED, 0))
    a.close()
    assert (a.peers, a.state, a.attached) == (0, EndpointState.CLOSED, False)


def test_a_handshake_that_fails_again_and_again_is_told_once() -> None:
    a = attached(SocketType.SUB, Role.CONNECT)
    told = []
    for number in (errno.EPIPE, errno.ECONNRESET) * 10:
        told += feed(
            a,
            (zmq.Event.CONNECTED, 20),
            (zmq.Event.HANDSHAKE_FAILED_NO_DETAIL, number),
            (zmq.Event.DISCONNECTED, 20),
            (zmq.Event.CONNECT_RETRIED, 100),
        )
    assert len(told) == 1
    assert a.state is EndpointState.RETRYING
    assert a.problem is not None
    assert "closed the connection" in a.problem.text


def test_the_reason_changes_when_nobody_listens_any_more() -> None:
    a = attached(SocketType.SUB, Role.CONNECT)
    feed(
        a,
        (zmq.Event.CONNECTED, 20),
        (zmq.Event.HANDSHAKE_FAILED_NO_DETAIL, errno.EPIPE),
        (zmq.Event.DISCONNECTED, 20),
        (zmq.Event.CONNECT_RETRIED, 100),
    )
    told = feed(a, (zmq.Event.CLOSED, 20), (zmq.Event.CONNECT_RETRIED, 200))
    assert told == [f"Nobody answers at {ADDRESS}; libzmq keeps trying."]
    assert a.problem is not None
    assert "Nobody answers" in a.problem.text
    feed(a, (zmq.Event.CONNECTED, 20))
    status = a.status()
    assert (status.state, status.problem) == (EndpointState.CONNECTING, None)


def test_a_lost_connection_stays_the_reason_while_it_is_tried_again() -> None:
    a = attached(SocketType.SUB, Role.CONNECT)
    feed(a, (zmq.Event.CONNECTED, 20), (zmq.Event.HANDSHAKE_SUCCEEDED, 0))
    told = feed(
        a,
        (zmq.Event.DISCONNECTED, 20),
        (zmq.Event.CONNECT_RETRIED, 100),
        (zmq.Event.CLOSED, 20),
        (zmq.Event.CONNECT_RETRIED, 200),
    )
    assert told == [f"The connection to {ADDRESS} was lost."]
    assert a.problem is not None
    assert "was lost" in a.problem.text


@pytest.mark.parametrize("role", Role)
def test_a_handshake_that_does_not_end_is_told_once(role: Role) -> None:
    a = attached(SocketType.SUB, role)
    came = zmq.Event.ACCEPTED if role is Role.BIND else zmq.Event.CONNECTED
    feed(a, (came, 20))
    now_s = time.monotonic()
    assert a.look_after(now_s) == []
    (told,) = a.look_after(now_s + HANDSHAKE_OVERDUE_S)
    assert told.severity is Severity.WARNING
    assert a.look_after(now_s + 100) == []
    assert (a.problem is not None) is (role is Role.CONNECT)
    feed(a, (zmq.Event.HANDSHAKE_SUCCEEDED, 0))
    assert (a.problem, a.peers) == (None, 1)


def test_an_old_zeromq_shows_by_its_first_message_and_leaves_like_a_peer() -> None:
    a = attached(SocketType.SUB, Role.CONNECT)
    feed(a, (zmq.Event.CONNECTED, 20))
    a.look_after(time.monotonic() + 100)
    assert a.credit() is not None
    assert (a.state, a.peers, a.problem) == (EndpointState.CONNECTED, 1, None)
    assert a.credit() is None
    told = feed(
        a, (zmq.Event.HANDSHAKE_FAILED_NO_DETAIL, errno.EPIPE), (zmq.Event.DISCONNECTED, 20)
    )
    assert told == [f"The connection to {ADDRESS} was lost."]


def test_a_second_peer_of_a_bound_pair_is_no_peer() -> None:
    a = attached(SocketType.PAIR, Role.BIND)
    feed(a, (zmq.Event.ACCEPTED, 20), (zmq.Event.HANDSHAKE_SUCCEEDED, 0), (zmq.Event.ACCEPTED, 21))
    told = a.apply(MonitorEvent(zmq.Event.HANDSHAKE_SUCCEEDED, 0, ADDRESS), is_taken=True)
    assert told is not None
    assert told.severity is Severity.WARNING
    assert a.peers == 1
    problem = a.status().problem
    assert problem is not None
    assert "second peer" in problem.text
    feed(a, (zmq.Event.DISCONNECTED, 20))
    assert a.peers == 0  # the second one stays of no use
    assert a.status().problem is not None
    feed(a, (zmq.Event.DISCONNECTED, 21))
    assert a.status().problem is None


def test_a_second_peer_of_a_connecting_pair_fails_that_endpoint() -> None:
    a = attached(SocketType.PAIR, Role.CONNECT)
    feed(a, (zmq.Event.CONNECTED, 20))
    a.apply(MonitorEvent(zmq.Event.HANDSHAKE_SUCCEEDED, 0, ADDRESS), is_taken=True)
    assert (a.state, a.peers) == (EndpointState.FAILED, 0)


@pytest.mark.parametrize("role", Role)
def test_a_stream_connection_that_we_closed_is_forgotten(role: Role) -> None:
    # libzmq has no event for it.
    a = attached(SocketType.STREAM, role)
    ours, theirs = socket.socketpair()
    came = zmq.Event.ACCEPTED if role is Role.BIND else zmq.Event.CONNECTED
    feed(a, (came, ours.fileno()))
    assert a.look_after(0.0) == []
    ours.close()
    theirs.close()
    assert a.look_after(0.0) == []  # the peer may have closed: then an event is on its way
    (told,) = a.look_after(0.0)
    assert told.severity is Severity.INFO
    assert a.peers == 0
    assert (a.state is EndpointState.FAILED) is (role is Role.CONNECT)


# ---- what the doctor is told ----------------------------------------------------------------


def test_attempts_of_a_connect_that_finds_nobody() -> None:
    a = attached(SocketType.PUSH, Role.CONNECT)
    for _ in range(3):
        feed(
            a,
            (zmq.Event.CONNECT_DELAYED, errno.EINPROGRESS),
            (zmq.Event.CLOSED, 13),
            (zmq.Event.CONNECT_RETRIED, 125),
        )
    tally = a.attempts.failed(Outcome.UNREACHED)
    assert tally is not None
    assert tally.count == 3
    assert not a.attempts.may_be_given_up


def test_attempts_of_a_connect_that_is_given_up() -> None:
    a = attached(SocketType.SUB, Role.CONNECT)
    feed(a, (zmq.Event.CONNECTED, 20), (zmq.Event.DISCONNECTED, 20))
    assert a.attempts.failed(Outcome.CLOSED) is not None
    assert a.attempts.may_be_given_up
    feed(a, (zmq.Event.CONNECT_RETRIED, 100))
    assert not a.attempts.may_be_given_up


@pytest.mark.parametrize(
    ("kind", "value", "outcome"),
    [
        (zmq.Event.HANDSHAKE_FAILED_NO_DETAIL, errno.EPIPE, Outcome.NO_DETAIL),
        (zmq.Event.HANDSHAKE_FAILED_PROTOCOL, 0x11000002, Outcome.PROTOCOL),
        (zmq.Event.HANDSHAKE_FAILED_AUTH, 400, Outcome.REFUSED),
    ],
)
def test_attempts_that_fail_count_once(kind: zmq.Event, value: int, outcome: Outcome) -> None:
    a = attached(SocketType.PULL, Role.BIND)
    feed(a, (zmq.Event.ACCEPTED, 20), (kind, value), (zmq.Event.DISCONNECTED, 20))
    assert a.attempts.values(outcome) == [value]
    assert a.attempts.failed(Outcome.CLOSED) is None


def test_attempts_know_of_losses() -> None:
    a = attached(SocketType.PULL, Role.BIND)
    feed(a, (zmq.Event.ACCEPTED, 20), (zmq.Event.HANDSHAKE_SUCCEEDED, 0))
    feed(a, (zmq.Event.DISCONNECTED, 20))
    assert (a.attempts.successes, len(a.attempts.losses)) == (1, 1)


def test_the_crowd_tells_who_waits() -> None:
    a = attached(SocketType.PULL, Role.BIND)
    assert (a.crowd.waiting, a.crowd.waiting_since_s) == (0, 0.0)
    feed(a, (zmq.Event.ACCEPTED, 20), (zmq.Event.ACCEPTED, 21))
    assert a.crowd.waiting == 2
    assert 0 < a.crowd.waiting_since_s <= time.monotonic()
