"""Raw monitor events in words."""

from __future__ import annotations

import errno
import os
import socket

import pytest
import zmq

from zmqscope.core.types import Severity
from zmqscope.engine.monitor import MonitorEvent
from zmqscope.engine.monitor_words import event_name, event_severity, event_words, peer_words

EVENTS = [event for event in zmq.Event if event not in (zmq.Event.ALL, zmq.Event.ALL_V1)]
PROTOCOL_ERRORS = [
    int(getattr(zmq, name)) for name in dir(zmq) if name.startswith("PROTOCOL_ERROR_")
]


def words(kind: zmq.Event, value: int = 0, peer: str = "") -> str:
    return event_words(MonitorEvent(kind, value, "tcp://127.0.0.1:5556"), peer)


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: str(kind.name))
def test_every_event_has_a_sentence_and_a_name(kind: zmq.Event) -> None:
    sentence = words(kind, 32)
    assert sentence.endswith(".")
    assert "{" not in sentence
    if int(kind) < 0x8000:
        assert "libzmq tells of event" not in sentence
    assert event_name(int(kind)) == kind.name


@pytest.mark.parametrize("code", PROTOCOL_ERRORS, ids=hex)
def test_every_protocol_error_has_words(code: int) -> None:
    sentence = words(zmq.Event.HANDSHAKE_FAILED_PROTOCOL, code)
    assert "not known" not in sentence
    assert f"{code:#010x}" in sentence


def test_values_are_put_into_words() -> None:
    assert words(zmq.Event.CONNECT_RETRIED, 142).endswith("in 142 ms.")
    assert "ZAP status 400, refused" in words(zmq.Event.HANDSHAKE_FAILED_AUTH, 400)
    assert "which is not known" in words(zmq.Event.HANDSHAKE_FAILED_AUTH, 999)
    assert "(EPIPE)" in words(zmq.Event.HANDSHAKE_FAILED_NO_DETAIL, errno.EPIPE)
    assert "(EADDRINUSE)" in words(zmq.Event.BIND_FAILED, errno.EADDRINUSE)
    assert "not known (0x12345678)" in words(zmq.Event.HANDSHAKE_FAILED_PROTOCOL, 0x12345678)
    assert words(zmq.Event.ACCEPTED, 7, "10.0.0.7") == "A connection came in, from 10.0.0.7."


def test_failures_matter_more() -> None:
    assert event_severity(int(zmq.Event.HANDSHAKE_FAILED_AUTH)) is Severity.WARNING
    assert event_severity(int(zmq.Event.DISCONNECTED)) is Severity.INFO


def test_who_was_let_in_is_asked_without_touching_the_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname())
        let_in, _ = server.accept()
        with client, let_in:
            assert peer_words(let_in.fileno()) == "127.0.0.1"
            client.sendall(b"x")
            assert let_in.recv(1) == b"x"
            gone = let_in.fileno()
    assert peer_words(gone) == ""


def test_what_is_no_connection_has_no_address() -> None:
    near, far = socket.socketpair()
    with near, far:
        assert peer_words(near.fileno()) == ""
    with open(os.devnull, "rb") as file:
        assert peer_words(file.fileno()) == ""
    assert peer_words(-1) == ""
