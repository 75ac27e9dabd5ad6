"""HTTP until both sides speak WebSocket, or one of them says why not."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable

import pytest

from zmqscope.engine.links.flow import LinkFailedError
from zmqscope.engine.links.upgrade import (
    PLAIN_ZWS,
    Answering,
    Asking,
    Upgraded,
)

NULL = "ZWS2.0/NULL"
BOTH = (NULL, PLAIN_ZWS)
# RFC 6455, section 1.3.
NONCE, ACCEPT = b"dGhlIHNhbXBsZSBub25jZQ==", b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
MOST_BYTES = 16 * 1024


def request(
    line: bytes = b"GET /feed HTTP/1.1",
    version: bytes = b"13",
    subprotocols: bytes = b"ZWS2.0/NULL, ZWS2.0",
    more: bytes = b"",
) -> bytes:
    """A request as libzmq 4.3.5 writes it (ws_engine.cpp, start_ws_handshake)."""
    return (
        line + b"\r\n"
        b"Host: localhost:8080\r\n"
        b"Upgrade: websocket\r\n"
        b"Connection: Upgrade\r\n"
        b"Sec-WebSocket-Key: " + NONCE + b"\r\n"
        b"Sec-WebSocket-Protocol: " + subprotocols + b"\r\n"
        b"Sec-WebSocket-Version: " + version + b"\r\n" + more + b"\r\n"
    )


def headers(head: bytes) -> dict[str, str]:
    """Headers of a request or response, their names spelled as they are."""
    lines = head.decode("ascii").split("\r\n\r\n")[0].split("\r\n")[1:]
    return {line.split(": ", 1)[0]: line.split(": ", 1)[1] for line in lines}


def answer_to(asked: bytes, subprotocol: bytes = b"ZWS2.0/NULL", more: bytes = b"") -> bytes:
    """A response as libzmq writes it (ws_engine.cpp, server_handshake)."""
    key = headers(asked)["Sec-WebSocket-Key"].encode()
    magic = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    accept = base64.b64encode(hashlib.sha1(key + magic).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\n"
        b"Upgrade: websocket\r\n"
        b"Connection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n"
        b"Sec-WebSocket-Protocol: " + subprotocol + b"\r\n" + more + b"\r\n"
    )


def refusal(side: Asking | Answering, data: bytes, step: int = 1 << 20) -> str:
    """What a side says against bytes that come in pieces; there is a hint too."""
    with pytest.raises(LinkFailedError) as failed:
        feed(side, data, step)
    assert failed.value.hint.endswith(".")
    return str(failed.value)


def feed(side: Asking | Answering, data: bytes, step: int) -> None:
    """Hand over bytes in pieces; there must be no upgrade."""
    for at in range(0, len(data), step):
        assert side.take(data[at : at + step]) is None


# ---- each other --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "/", "/feed", "/a%20b/%C3%A9?x=1&y=%2F"])
@pytest.mark.parametrize(
    ("offered", "spoken", "chosen"),
    [
        (BOTH, BOTH, NULL),
        ((PLAIN_ZWS,), BOTH, PLAIN_ZWS),
        (BOTH, (PLAIN_ZWS,), PLAIN_ZWS),
        (BOTH[::-1], BOTH, NULL),
        (("ZWS2.0/CURVE",), ("ZWS2.0/CURVE",), "ZWS2.0/CURVE"),
    ],
)
@pytest.mark.parametrize("step", [1, 1 << 16])
def test_both_sides(
    path: str, offered: tuple[str, ...], spoken: tuple[str, ...], chosen: str, step: int
) -> None:
    asking = Asking("[::1]:8080", path, offered)
    answering = Answering(path, spoken)
    pieces = [bytes(asking.answer[at : at + step]) for at in range(0, len(asking.answer), step)]
    found = [answering.take(piece) for piece in pieces]
    assert found == [None] * (len(found) - 1) + [Upgraded(chosen, b"")]
    answer = bytes(answering.answer) + b"behind"
    pieces = [answer[at : at + step] for at in range(0, len(answer), step)]
    upgraded = next(each for each in map(asking.take, pieces) if each is not None)
    assert upgraded.subprotocol == chosen
    assert b"behind".startswith(upgraded.rest)


def test_what_comes_behind_a_request_is_kept() -> None:
    answering = Answering("", BOTH)
    assert answering.take(request() + b"\x82\x81") == Upgraded(NULL, b"\x82\x81")


# ---- as libzmq has it --------------------------------------------------------------------------


def test_our_request_is_one_that_libzmq_reads() -> None:
    asked = bytes(Asking("localhost:8080", "/feed", BOTH).answer)
    assert asked.startswith(b"GET /feed HTTP/1.1\r\n")
    # libzmq compares names as they are spelled, and most values too (ws_engine.cpp).
    found = headers(asked)
    assert found["Host"] == "localhost:8080"
    assert found["Upgrade"].lower() == "websocket"
    assert found["Connection"] == "Upgrade"
    assert found["Sec-WebSocket-Version"] == "13"
    assert found["Sec-WebSocket-Protocol"].replace(" ", "").split(",") == list(BOTH)
    assert len(base64.b64decode(found["Sec-WebSocket-Key"])) == 16


def test_each_request_has_a_key_of_its_own() -> None:
    keys = {headers(bytes(Asking("a:1", "/", BOTH).answer))["Sec-WebSocket-Key"] for _ in range(9)}
    assert len(keys) == 9


def test_our_answer_is_one_that_libzmq_reads() -> None:
    answering = Answering("/feed", BOTH)
    assert answering.take(request()) == Upgraded(NULL, b"")
    answer = bytes(answering.answer)
    assert answer.startswith(b"HTTP/1.1 101 Switching Protocols\r\n")
    found = headers(answer)
    assert found["Upgrade"].lower() == "websocket"
    assert found["Connection"] == "Upgrade"
    assert found["Sec-WebSocket-Accept"] == ACCEPT.decode()
    assert found["Sec-WebSocket-Protocol"] == NULL


def test_libzmqs_answer_is_read() -> None:
    asking = Asking("localhost:8080", "/", BOTH)
    answer = answer_to(bytes(asking.answer))
    assert asking.take(answer + b"\x82\x01\x00") == Upgraded(NULL, b"\x82\x01\x00")


def test_the_case_of_header_names_does_not_count_here() -> None:
    answering = Answering("", BOTH)
    spelled = (
        request().replace(b"Sec-WebSocket", b"sec-websocket").replace(b"Upgrade:", b"UPGRADE:")
    )
    assert answering.take(spelled) == Upgraded(NULL, b"")


def test_a_browser_may_offer_compression_and_gets_none() -> None:
    answering = Answering("", BOTH)
    more = b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
    assert answering.take(request(more=more + b"Origin: null\r\nCookie: a=b\r\n")) is not None
    assert b"Extensions" not in answering.answer


@pytest.mark.parametrize("served", ["", "/"])
def test_without_a_path_every_path_is_served(served: str) -> None:
    for line in (b"GET / HTTP/1.1", b"GET /any/where?x HTTP/1.1"):
        assert Answering(served, BOTH).take(request(line)) == Upgraded(NULL, b"")


# ---- refused by us -----------------------------------------------------------------------------

HTTP_GET = b"GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: curl/8\r\nAccept: */*\r\n\r\n"


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        (request(b"GET /other HTTP/1.1"), 404, "asked for the path “/other”, which is not served"),
        (
            request(b"GET /%1B[31m%0A HTTP/1.1"),
            404,
            "asked for the path “/\\x1b[31m\\x0a”, which is not served",
        ),
        (request(b"GET /" + b"x" * 5_000 + b" HTTP/1.1"), 404, "asked for the path “/xxx"),
        (request(subprotocols=b"chat, mqtt"), 400, "subprotocols chat, mqtt, and ZWS2.0/NULL is"),
        (request(subprotocols=b"zws2.0/null"), 400, "offered the WebSocket subprotocols zws2.0"),
        (request().replace(b"Sec-WebSocket-Protocol", b"X-Other"), 400, "subprotocols none, and"),
        (request(version=b"8"), 400, "does not speak WebSocket (Missing header"),
        (request().replace(b"Sec-WebSocket-Key", b"X-Key"), 400, "does not speak WebSocket"),
        (request().replace(b"Host:", b"X-Host:"), 400, "does not speak WebSocket"),
        (HTTP_GET, 400, "does not speak WebSocket (Missing header, 'Connection: Upgrade')"),
        (request(b"POST /feed HTTP/1.1"), 400, "does not speak WebSocket"),
        (request(b"GET  HTTP/1.1"), 400, "does not speak WebSocket"),
        (request(b"GET /\xff HTTP/1.1"), 400, "does not speak WebSocket"),
        (request(more=b"Sec-WebSocket-Protocol: \xff\xfe\r\n"), 400, "does not speak WebSocket"),
        (request(more=b"Host: " + b"a" * 70 + b"\r\n"), 400, "does not speak WebSocket"),
        (request().replace(b"localhost", b"\xff\xfe"), 400, "does not speak WebSocket"),
        (request(more=b"broken header\r\n"), 400, "does not speak WebSocket"),
        (b"\x16\x03\x01\x02\x00\x01\x00", 400, "speaks TLS: one side uses wss://"),
        (b"\xff" + bytes(8) + b"\x7f", 400, "does not speak WebSocket"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", 400, "does not speak WebSocket"),
        (b"GOT", 400, "does not speak WebSocket"),
        (b"\r\n\r\n", 400, "does not speak WebSocket"),
        (b"GET /" + b"x" * MOST_BYTES, 400, "sent an HTTP head without an end"),
        (request(more=b"X: " + b"x" * MOST_BYTES + b"\r\n"), 400, "HTTP head without an end"),
    ],
    ids=range(24),
)
def test_what_is_refused_is_said_in_words_and_in_http(data: bytes, status: int, said: str) -> None:
    for step in (1 << 20, 100):
        answering = Answering("/feed", BOTH)
        text = refusal(answering, data, step)
        assert said in text
        assert len(text) < 300
        assert text.isprintable()
        assert answering.answer.startswith(f"HTTP/1.1 {status} ".encode())
        assert answering.answer.endswith(b"\r\n\r\n")


def test_whoever_asks_for_another_version_is_told_which_there_is() -> None:
    answering = Answering("", BOTH)
    refusal(answering, request(version=b"8"))
    assert b"\r\nSec-WebSocket-Version: 13\r\n" in answering.answer


def test_a_head_that_is_not_all_there_is_waited_for() -> None:
    answering = Answering("", BOTH)
    for byte in request()[:-1]:
        assert answering.take(bytes((byte,))) is None
    assert answering.answer == b""
    assert answering.take(b"\n") == Upgraded(NULL, b"")


# ---- refused by the other side -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda asked: b"HTTP/1.1 404 Not Found\r\n\r\n", "answered with HTTP status 404"),
        (
            lambda asked: (
                b"HTTP/1.1 301 Moved\r\nLocation: http://b/\r\nContent-Length: 3\r\n\r\nabc"
            ),
            "answered with HTTP status 301",
        ),
        (
            lambda asked: b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\n\r\n",
            "answered with HTTP status 401",
        ),
        (lambda asked: b"HTTP/1.0 200 OK\r\n\r\n<html>", "answered with HTTP status 200"),
        (lambda asked: b"HTTP/1.1 100 Continue\r\n\r\n", "answered with HTTP status 100"),
        (lambda asked: answer_to(asked, b"chat"), "unrecognized subprotocol chat"),
        (
            lambda asked: answer_to(asked).replace(b"Sec-WebSocket-Protocol", b"X-Other"),
            "opened a WebSocket, but one that is not ZeroMQ’s",
        ),
        (lambda asked: answer_to(asked, b"\xff"), "does not speak WebSocket"),
        (
            lambda asked: answer_to(asked).replace(b"Accept: ", b"Accept: x"),
            "does not speak WebSocket (Bad accept token)",
        ),
        (
            lambda asked: answer_to(asked, more=b"Sec-WebSocket-Extensions: x\r\n"),
            "does not speak WebSocket (unrecognized extension x)",
        ),
        (lambda asked: b"\x15\x03\x01\x00\x02\x02\x16", "speaks TLS: one side uses wss://"),
        (lambda asked: b"\xff" + bytes(8) + b"\x7f", "does not speak WebSocket"),
        (lambda asked: b"SSH-2.0-OpenSSH_9.2\r\n", "does not speak WebSocket"),
        (lambda asked: b"HTTP/1.1 nonsense\r\n\r\n", "does not speak WebSocket"),
        (lambda asked: b"HTTP/1.1 101 " + b"x" * MOST_BYTES, "HTTP head without an end"),
    ],
    ids=range(15),
)
@pytest.mark.parametrize("step", [1 << 20, 3])
def test_an_answer_that_is_none_is_said_in_words(
    make: Callable[[bytes], bytes], said: str, step: int
) -> None:
    asking = Asking("localhost:8080", "/", BOTH)
    data = make(bytes(asking.answer))
    text = refusal(asking, data, step)
    assert said in text
    assert len(text) < 300
    assert text.isprintable()


@pytest.mark.parametrize("host", ["a" * 64 + ":80", "a..b:80", ".:80"])
def test_a_host_that_no_request_can_name_is_said_in_words(host: str) -> None:
    with pytest.raises(LinkFailedError, match="cannot be named in an HTTP request"):
        Asking(host, "/", BOTH)
