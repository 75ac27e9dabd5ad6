"""What first bytes tell, and a greeting that is exchanged with bytes alone."""

from __future__ import annotations

import socket

import pytest

from tests.unit.engine.probe.rig import line_to, receive
from zmqscope.core.probe import Answer
from zmqscope.core.zmtp.commands import encode_error, encode_plain_hello, encode_ready
from zmqscope.core.zmtp.greeting import GREETING_BYTES, Greeting, encode_greeting
from zmqscope.engine.probe.greeting import ask_zmtp, foreign
from zmqscope.engine.probe.heard import Heard


def command(body: bytes) -> bytes:
    """A short command frame (RFC 37)."""
    return b"\x04" + bytes([len(body)]) + body


def hear(greeting: Greeting, *commands: bytes) -> Heard:
    """What is heard of a peer that greets and says this."""
    seen: list[bytes] = []

    def say(far: socket.socket) -> None:
        far.sendall(encode_greeting(greeting))
        seen.append(receive(far, GREETING_BYTES))
        for body in commands:
            far.sendall(command(body))
        far.recv(1)  # until we hang up: nothing more was said

    with line_to(say) as line:
        heard = ask_zmtp(line)
    assert [len(each) for each in seen] == [GREETING_BYTES]
    return heard


@pytest.mark.parametrize(
    ("head", "answer"),
    [
        (b"SSH-2.0-x\r\n", Answer.SSH),
        (b"HTTP/1.1 400 Bad\r\n", Answer.HTTP),
        (b"\x15\x03\x01\x00\x02", Answer.TLS),
        (b"220 mail\r\n", Answer.OTHER),
        (b"\xff\x00\x00", None),
        (b"\x01\x00", None),  # ZMTP 1.0: an empty identity
        (b"", None),
    ],
)
def test_other_protocols_by_their_first_bytes(head: bytes, answer: Answer | None) -> None:
    found = foreign(head)
    assert (None if found is None else found.answer) is answer


def test_a_ready_tells_type_identity_and_the_rest() -> None:
    ready = encode_ready([("Socket-Type", b"ROUTER"), ("Identity", b"bob"), ("X-Mine", b"1")])
    heard = hear(Greeting(3, 1, b"NULL"), ready)
    assert (heard.answer, heard.version, heard.mechanism) == (Answer.ZMTP, "3.1", "NULL")
    assert (heard.type_name, heard.identity) == ("ROUTER", b"bob")
    assert [value for _, value in heard.metadata] == [b"1"]


def test_a_refusal_is_heard_out() -> None:
    assert hear(Greeting(3, 0, b"NULL"), encode_error(b"400")).refusal == b"400"


def test_who_says_hello_is_the_client_and_its_password_is_not_kept() -> None:
    heard = hear(Greeting(3, 1, b"PLAIN"), encode_plain_hello(b"ann", b"hush-hush"))
    assert heard.is_server is False
    assert b"hush-hush" not in heard.first_bytes


def test_who_waits_for_a_hello_is_the_server() -> None:
    assert hear(Greeting(3, 1, b"CURVE")).is_server is True


@pytest.mark.parametrize(
    ("says", "answer"), [(b"", Answer.CLOSES), (b"220 mail\r\n", Answer.OTHER)]
)
def test_somebody_who_does_not_greet(says: bytes, answer: Answer) -> None:
    with line_to(lambda far: far.sendall(says)) as line:
        assert ask_zmtp(line).answer is answer


def test_bytes_that_only_look_like_a_greeting() -> None:
    with line_to(lambda far: far.sendall(b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"x" * 60)) as line:
        assert ask_zmtp(line).answer is Answer.OTHER
