"""The upgrade, and the first frame behind it, from a server made of bytes."""

from __future__ import annotations

import base64
import hashlib
import re
import socket

import pytest

from tests.unit.engine.probe.rig import line_to
from zmqscope.core.probe import Answer
from zmqscope.core.zmtp.commands import encode_error, encode_ready
from zmqscope.engine.probe.heard import Heard
from zmqscope.engine.probe.line import Place
from zmqscope.engine.probe.websocket import ask_websocket

PLACE = Place("ws", "127.0.0.1", 80, "/feed")
READY = encode_ready([("Socket-Type", b"PUB"), ("Identity", b"")])
# RFC 6455, section 1.3.
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def frame(body: bytes) -> bytes:
    """A binary message, unmasked as servers send it."""
    return bytes([0x82, len(body)]) + body


def hear(subprotocol: str, after: bytes) -> Heard:
    """What is heard of a server that takes this subprotocol, and sends this."""

    def say(far: socket.socket) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            request += far.recv(1_000)
        assert request.startswith(b"GET /feed HTTP/1.1")
        key = re.search(rb"(?i)sec-websocket-key: *(\S+)", request)
        assert key is not None
        accept = base64.b64encode(hashlib.sha1(key[1] + GUID, usedforsecurity=False).digest())
        far.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n"
            b"Sec-WebSocket-Protocol: " + subprotocol.encode() + b"\r\n\r\n" + after
        )

    with line_to(say) as line:
        return ask_websocket(line, PLACE, None, "")


@pytest.mark.parametrize("mechanism", ["NULL", "PLAIN"])
def test_a_ready_behind_the_upgrade(mechanism: str) -> None:
    heard = hear(f"ZWS2.0/{mechanism}", frame(b"\x02" + READY))
    assert (heard.answer, heard.mechanism, heard.is_websocket) == (Answer.ZMTP, mechanism, True)
    assert heard.type_name == "PUB"


def test_a_refusal_behind_the_upgrade() -> None:
    assert hear("ZWS2.0/NULL", frame(b"\x02" + encode_error(b"400"))).refusal == b"400"


def test_bare_websocket_tells_its_routing_id() -> None:
    heard = hear("ZWS2.0", frame(b"\x00bob"))
    assert (heard.mechanism, heard.identity) == ("NULL", b"bob")


@pytest.mark.parametrize("after", [b"", b"\x82", b"\x82\x7f" + b"\xff" * 8, frame(b"\x02")])
def test_whatever_else_comes_it_is_zeromq(after: bytes) -> None:
    assert hear("ZWS2.0/NULL", after).answer is Answer.ZMTP


@pytest.mark.parametrize(
    ("says", "answer"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", Answer.HTTP),
        (b"SSH-2.0-x\r\n", Answer.SSH),
        (b"", Answer.CLOSES),
    ],
)
def test_a_server_that_does_not_upgrade(says: bytes, answer: Answer) -> None:
    with line_to(lambda far: far.sendall(says) if far.recv(1_000) else None) as line:
        assert ask_websocket(line, PLACE, None, "").answer is answer
