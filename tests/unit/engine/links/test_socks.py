"""What is said to a SOCKS5 proxy, byte by byte, and what becomes of everything that it may say."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
from collections.abc import Generator, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.link_rig import finish, take, wire_pair
from zmqscope.engine.links.opening import Awaited
from zmqscope.engine.links.socks import ProxyFailedError, ask_proxy
from zmqscope.engine.links.wire import PlainWire

HELLO = bytes.fromhex("050100")
HELLO_WITH_NAME = bytes.fromhex("05020002")
WELCOME, NAME_PLEASE, GO_AWAY = b"\x05\x00", b"\x05\x02", b"\x05\xff"
YES = bytes.fromhex("05000001 7f000001 15b4")
YES_IPV6 = bytes.fromhex("05000004") + bytes(16) + b"\x15\xb4"
YES_NAME = bytes.fromhex("05000003") + b"\x05proxy" + b"\x15\xb4"
ASKED = bytes.fromhex("05010003") + b"\x0bexample.org" + b"\x15\xb4"
HOST, PORT = "example.org", 5556

Ends = tuple[PlainWire, socket.socket]


@pytest.fixture
def ends() -> Iterator[Ends]:
    """A wire, and the proxy's end of it."""
    with wire_pair() as pair:
        yield pair


def ask(
    ends: Ends, answers: bytes, user: bytes = b"", host: str = HOST
) -> tuple[bytes, Exception | None]:
    """Ask for a connection; what the proxy was told, and why it came to nothing."""
    wire, proxy = ends
    proxy.send(answers)
    proxy.shutdown(socket.SHUT_WR)
    (result,) = finish(ask_proxy(wire, user, host, PORT))
    return take(proxy), result


def failure(ends: Ends, answers: bytes, user: bytes = b"") -> str:
    """The words of a failure."""
    _, error = ask(ends, answers, user)
    assert isinstance(error, ProxyFailedError)
    assert error.hint
    return str(error)


# ---- what is said ------------------------------------------------------------------------------


@pytest.mark.parametrize("yes", [YES, YES_IPV6, YES_NAME], ids=["IPv4", "IPv6", "name"])
def test_a_name_is_the_proxys_to_look_up(ends: Ends, yes: bytes) -> None:
    assert ask(ends, WELCOME + yes) == (HELLO + ASKED, None)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", b"\x01\x7f\x00\x00\x01"),
        ("2001:db8::7", b"\x04" + bytes.fromhex("20010db8") + bytes(11) + b"\x07"),
        ("localhost", b"\x03\x09localhost"),
        ("x" * 253, b"\x03\xfd" + b"x" * 253),
    ],
)
def test_every_kind_of_host(ends: Ends, host: str, address: bytes) -> None:
    said, error = ask(ends, WELCOME + YES, host=host)
    assert error is None
    assert said == HELLO + b"\x05\x01\x00" + address + b"\x15\xb4"


def test_what_comes_behind_the_answer_is_the_peers(ends: Ends) -> None:
    assert ask(ends, WELCOME + YES + b"greeting")[1] is None
    room = bytearray(100)
    assert ends[0].receive_into(memoryview(room)) == 8
    assert room[:8] == b"greeting"


def test_a_user_has_a_name_and_an_empty_password(ends: Ends) -> None:
    said, error = ask(ends, NAME_PLEASE + b"\x01\x00" + YES, b"me")
    assert error is None
    assert said == HELLO_WITH_NAME + b"\x01\x02me\x00" + ASKED


def test_the_longest_user_name(ends: Ends) -> None:
    said, error = ask(ends, NAME_PLEASE + b"\x01\x00" + YES, b"n" * 255)
    assert error is None
    assert said == HELLO_WITH_NAME + b"\x01\xff" + b"n" * 255 + b"\x00" + ASKED


def test_a_proxy_may_not_want_the_name(ends: Ends) -> None:
    assert ask(ends, WELCOME + YES, b"me") == (HELLO_WITH_NAME + ASKED, None)


def test_each_step_waits_for_the_answer_to_the_last(ends: Ends) -> None:
    wire, proxy = ends
    steps = ask_proxy(wire, b"me", HOST, PORT)
    for answer, said in (
        (NAME_PLEASE, HELLO_WITH_NAME),
        (b"\x01\x00", b"\x01\x02me\x00"),
        (YES, ASKED),
    ):
        assert next(steps) == (wire, wire.receive_needs)
        assert take(proxy) == said
        proxy.send(answer)
    with pytest.raises(StopIteration):
        next(steps)


def test_answers_that_dribble_in(ends: Ends) -> None:
    wire, proxy = ends

    def dribble() -> Generator[Awaited, None, None]:
        for byte in NAME_PLEASE + b"\x01\x00" + YES_NAME:
            proxy.send(bytes((byte,)))
            yield 0.0

    assert finish(ask_proxy(wire, b"me", HOST, PORT), dribble()) == [None, None]


# ---- what goes wrong ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (1, "general failure"),
        (2, "not allowed by its rules"),
        (3, "network unreachable"),
        (4, "host unreachable"),
        (5, "connection refused"),
        (6, "time to live expired"),
        (7, "it knows no such command"),
        (8, "it knows no such kind of address"),
        (9, "failure 9, which RFC 1928 does not know"),
        (255, "failure 255, which RFC 1928 does not know"),
    ],
)
def test_refusals_are_told_in_words(ends: Ends, code: int, words: str) -> None:
    # No more than the code: some proxies leave it at that.
    assert failure(ends, WELCOME + bytes((5, code))) == f"answered: {words}"


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "speaks HTTP, not SOCKS5"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "does not speak SOCKS5"),
        (b"\x00\x5b" + bytes(6), "does not speak SOCKS5"),
        (GO_AWAY, "demands a user name or another authentication"),
        (NAME_PLEASE, "chose the authentication 2, unasked"),
        (b"\x05\x01", "chose the authentication 1, unasked"),
        (WELCOME + b"\x04\x5a" + bytes(6), "does not speak SOCKS5"),
        (WELCOME + b"\x05\x00\x00\x02" + bytes(6), "does not speak SOCKS5"),
    ],
)
def test_other_programs_are_no_proxies(ends: Ends, answers: bytes, words: str) -> None:
    assert failure(ends, answers) == words


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (GO_AWAY, "demands more than a user name"),
        (NAME_PLEASE + b"\x01\x01", "refused the user name “me” without a password"),
        (NAME_PLEASE + b"\x05\x00", "does not speak SOCKS5"),
    ],
)
def test_a_user_who_is_not_welcome(ends: Ends, answers: bytes, words: str) -> None:
    assert failure(ends, answers, b"me") == words


def test_a_name_of_any_bytes_is_told(ends: Ends) -> None:
    words = failure(ends, NAME_PLEASE + b"\x01\x01", b"\xffme")
    assert "\\xffme" in words


@pytest.mark.parametrize("size", range(len(WELCOME + YES_NAME)))
def test_a_proxy_that_leaves_early(ends: Ends, size: int) -> None:
    answers = (WELCOME + YES_NAME)[:size]
    assert failure(ends, answers) == "closed the connection without an answer"


def test_a_proxy_that_leaves_with_our_words_unread(ends: Ends) -> None:
    """A reset, where one that leaves before they come just ends: users are told the same."""
    wire, proxy = ends
    steps = ask_proxy(wire, b"", HOST, PORT)
    next(steps)
    proxy.close()
    with pytest.raises(ProxyFailedError, match="closed the connection without an answer"):
        next(steps)


def test_a_proxy_that_has_left_before_we_speak(ends: Ends) -> None:
    wire, proxy = ends
    proxy.close()
    with pytest.raises(ProxyFailedError, match="closed the connection without an answer"):
        next(ask_proxy(wire, b"", HOST, PORT))


class DeadWire(PlainWire):
    """A wire whose other end this machine has lost."""

    def receive_into(self, room: memoryview) -> int | None:
        raise OSError(errno.EHOSTUNREACH, os.strerror(errno.EHOSTUNREACH))


def test_a_connection_that_breaks() -> None:
    ours, proxy = socket.socketpair()
    with contextlib.closing(DeadWire(ours)) as wire, proxy:
        steps = ask_proxy(wire, b"", HOST, PORT)
        with pytest.raises(ProxyFailedError, match=r"broke off \(no route to host\)"):
            next(steps)


@given(answers=st.binary(max_size=300), user=st.sampled_from([b"", b"me"]))
def test_whatever_it_says_it_ends_in_words_or_in_a_connection(answers: bytes, user: bytes) -> None:
    with wire_pair() as ends:
        _, result = ask(ends, answers, user)
        assert result is None or isinstance(result, ProxyFailedError)
