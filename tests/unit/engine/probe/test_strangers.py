"""Whoever does not answer a greeting is asked in TLS and HTTP."""

from __future__ import annotations

import socket
import time

from tests.unit.engine.probe.rig import port_of
from zmqscope.core.probe import Answer
from zmqscope.engine.probe.heard import Heard
from zmqscope.engine.probe.line import Place
from zmqscope.engine.probe.strangers import ask_stranger

SILENT = Heard(Answer.SILENT)


def ask(place: Place) -> Heard:
    return ask_stranger(place, time.monotonic() + 60, SILENT)


def test_a_tls_server_answers_with_a_record() -> None:
    def say(far: socket.socket) -> None:
        assert far.recv(1_000).startswith(b"\x16\x03")
        far.sendall(b"\x15\x03\x03\x00\x02\x02\x28")  # handshake_failure

    with port_of(say) as place:
        assert ask(place).answer is Answer.TLS


def test_an_http_server_answers_its_request_alone() -> None:
    def say(far: socket.socket) -> None:
        if far.recv(1_000).startswith(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"):
            far.sendall(b"HTTP/1.1 404 Not Found\r\n\r\n")

    with port_of(say) as place:
        heard = ask(place)
    assert (heard.answer, heard.detail) == (Answer.HTTP, "HTTP/1.1 404 Not Found")


def test_whoever_hangs_up_stays_what_it_was() -> None:
    with port_of(lambda far: None) as place:
        assert ask(place) is SILENT
    assert ask(place) is SILENT, "nobody is there any more"
