"""Frames that are not moved in bulk: commands, control frames, fragments, and broken rules."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from tests.link_rig import (
    BINARY,
    CLOSE,
    CONTINUATION,
    FIRST_FRAGMENT,
    FRAGMENT,
    KEY,
    PING,
    PONG,
    TEXT,
    command,
    mixed,
    read_websocket,
    websocket,
    zmtp,
    zws,
)
from zmqscope.core.transcode import layout as at
from zmqscope.engine.links.flow import LinkFailedError
from zmqscope.engine.links.framing import MAX_SPECIAL_BYTES, WebSocketFraming, ZmtpFraming


@dataclass
class Seen:
    """What framings handed over."""

    frames: list[tuple[bool, bool, bytes]] = field(default_factory=list)
    pongs: list[bytes] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)

    def on_frame(self, is_command: bool, more: bool, body: bytes) -> None:
        self.frames.append((is_command, more, body))

    def websocket(self, is_client: bool) -> WebSocketFraming:
        return WebSocketFraming(self.on_frame, self.pongs.append, self.sent.append, is_client)


def feed(framing: WebSocketFraming | ZmtpFraming, data: bytes, step: int = 1 << 20) -> bytes:
    """Hand over a stream in pieces, as a flow does; what was not used."""
    rest = b""
    for start in range(0, len(data), step):
        rest += data[start : start + step]
        while rest:
            used = framing.take(memoryview(rest))
            rest = rest[used:]
            if not used:
                break
    return rest


# ---- ZMTP --------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [1, 3, 1 << 20])
def test_commands_of_zmtp(step: int) -> None:
    seen = Seen()
    long_body = command(b"READY", bytes(300))
    data = zmtp(4, command(b"PING", b"\0\0")) + zmtp(4, long_body) + zmtp(1, b"m") + b"\x04"
    assert feed(ZmtpFraming(seen.on_frame), data, step) == b"\x04"
    assert seen.frames == [
        (True, False, b"\x04PING\0\0"),
        (True, False, long_body),
        (False, True, b"m"),
    ]


@pytest.mark.parametrize(
    ("is_command", "more", "body", "written"),
    [
        (True, False, b"\x05READY", b"\x04\x06\x05READY"),
        (False, True, b"a", b"\x01\x01a"),
        (False, False, b"", b"\x00\x00"),
        (True, False, bytes(256), b"\x06" + bytes(6) + b"\x01\x00" + bytes(256)),
    ],
)
def test_zmtp_as_it_is_written(is_command: bool, more: bool, body: bytes, written: bytes) -> None:
    assert ZmtpFraming(Seen().on_frame).encode(is_command, more, body) == written


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x08", "broke ZMTP: A frame has reserved flags: 0x08"),
        (b"\x05", "broke ZMTP: A command says that more"),
        (b"\x06\x80" + bytes(7), "broke ZMTP: .* more than 2"),
        (b"\x06" + (1 << 62).to_bytes(8), f"sent a command of {1 << 62} bytes"),
        (b"\x06" + (MAX_SPECIAL_BYTES + 1).to_bytes(8), "sent a command of 65537 bytes"),
    ],
)
def test_zmtp_that_is_none(data: bytes, said: str) -> None:
    with pytest.raises(LinkFailedError, match=said):
        ZmtpFraming(Seen().on_frame).take(memoryview(data))


def test_the_longest_command_of_zmtp() -> None:
    seen = Seen()
    body = bytes(MAX_SPECIAL_BYTES)
    assert feed(ZmtpFraming(seen.on_frame), zmtp(4, body), 10_000) == b""
    assert seen.frames == [(True, False, body)]


# ---- whole messages of a WebSocket -------------------------------------------------------------


@pytest.mark.parametrize("is_client", [False, True])
@pytest.mark.parametrize("step", [1, 7, 1 << 20])
def test_whole_messages(is_client: bool, step: int) -> None:
    key = b"" if is_client else KEY
    seen = Seen()
    framing = seen.websocket(is_client)
    long_body = command(b"READY", bytes(range(256)) * 3)
    data = zws(2, b"\x05READY", key) + zws(1, b"a", key) + zws(0, b"", key) + zws(2, long_body, key)
    assert feed(framing, data + b"\x82", step) == b"\x82"
    assert seen.frames == [
        (True, False, b"\x05READY"),
        (False, True, b"a"),
        (False, False, b""),
        (True, False, long_body),
    ]
    assert not framing.is_inside


@pytest.mark.parametrize("is_client", [False, True])
def test_what_is_written_is_masked_by_a_client(is_client: bool) -> None:
    framing = Seen().websocket(is_client)
    data = framing.encode(True, False, b"\x05READY") + framing.encode(False, True, b"a")
    data += framing.raw(b"\0id") + framing.ping(b"ctx") + framing.close()
    assert read_websocket(data, is_client) == [
        (BINARY, b"\x02\x05READY"),
        (BINARY, b"\x01a"),
        (BINARY, b"\0id"),
        (PING, b"ctx"),
        (CLOSE, (1000).to_bytes(2)),
    ]


@pytest.mark.parametrize("first", [BINARY, PING, CLOSE, TEXT, FIRST_FRAGMENT])
def test_a_client_has_to_mask_and_a_server_must_not(first: int) -> None:
    with pytest.raises(LinkFailedError, match="that is unmasked, against RFC 6455"):
        Seen().websocket(is_client=False).take(memoryview(websocket(b"\x02\x01a", first=first)))
    with pytest.raises(LinkFailedError, match="that is masked, against RFC 6455"):
        Seen().websocket(is_client=True).take(memoryview(websocket(b"\x02\x01a", KEY, first)))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (websocket(b""), "command of 0 bytes"),
        (websocket(b"\x04a"), "unknown flags"),
        (websocket(b"\xff"), "unknown flags"),
        (websocket(b"a", first=TEXT), "text message"),
        (websocket(b"", first=TEXT), "text message"),
        (websocket(b"a", first=0x01), "text message"),
        (websocket("é".encode()[:1], first=TEXT), "WebSocket protocol"),
        (websocket(b"a", first=CONTINUATION), "unexpected CONTINUATION"),
        (websocket(b"a", first=0x83), "Invalid opcode"),
        (websocket(b"a", first=0xC2), "Reserved bit"),
        (websocket(b"a", first=0x09), "fragment control frame"),
        (websocket(bytes(126), first=PING), "Control frame with payload len > 125"),
        (websocket(b"a", first=CLOSE), "CLOSE with 1 byte payload"),
        (websocket((1005).to_bytes(2), first=CLOSE), "local-only reason"),
        (b"\x82\x7f" + (1 << 62).to_bytes(8), f"command of {1 << 62} bytes"),
        (b"\x82\x7f" + b"\xff" * 8, "command of"),
        (b"\x82\x7f" + (MAX_SPECIAL_BYTES + 1).to_bytes(8), "command of 65537 bytes"),
        (b"\x02\x7f" + (1 << 63).to_bytes(8), "WebSocket protocol"),
        (b"\x89\x7f" + (1 << 62).to_bytes(8), "Control frame with payload len > 125"),
    ],
    ids=lambda value: value[:12].hex() if isinstance(value, bytes) else value,
)
def test_a_websocket_that_is_none(data: bytes, said: str) -> None:
    framing = Seen().websocket(is_client=True)
    with pytest.raises(LinkFailedError, match=said):
        feed(framing, data, 1 if len(data) < 100 else 50)


def test_the_longest_command_of_a_websocket() -> None:
    seen = Seen()
    body = bytes(MAX_SPECIAL_BYTES - 1)
    assert feed(seen.websocket(is_client=False), zws(2, body, KEY), 10_000) == b""
    assert seen.frames == [(True, False, body)]


# ---- control frames ----------------------------------------------------------------------------


@pytest.mark.parametrize("is_client", [False, True])
@pytest.mark.parametrize("step", [1, 1 << 20])
@pytest.mark.parametrize("payload", [b"", b"a", bytes(125)])
def test_a_ping_is_answered_with_its_payload(is_client: bool, step: int, payload: bytes) -> None:
    seen = Seen()
    data = websocket(payload, b"" if is_client else KEY, PING)
    assert feed(seen.websocket(is_client), data, step) == b""
    assert read_websocket(b"".join(seen.sent), is_client) == [(PONG, payload)]
    assert not seen.frames
    assert not seen.pongs


@pytest.mark.parametrize("step", [1, 1 << 20])
def test_a_pong_is_handed_over(step: int) -> None:
    seen = Seen()
    assert feed(seen.websocket(is_client=True), websocket(b"ctx", first=PONG), step) == b""
    assert seen.pongs == [b"ctx"]
    assert seen.sent == []


@pytest.mark.parametrize("payload", [b"", (1000).to_bytes(2), (1001).to_bytes(2) + b"gone"])
def test_goodbye(payload: bytes) -> None:
    framing = Seen().websocket(is_client=False)
    assert not framing.is_closing
    assert feed(framing, websocket(payload, KEY, CLOSE), 1) == b""
    assert framing.is_closing


# ---- fragments ---------------------------------------------------------------------------------


@pytest.mark.parametrize("is_client", [False, True])
@pytest.mark.parametrize("step", [1, 5, 1 << 20])
def test_fragments_are_put_together(is_client: bool, step: int) -> None:
    key = b"" if is_client else KEY
    seen = Seen()
    framing = seen.websocket(is_client)
    pieces = [(FIRST_FRAGMENT, b""), (FRAGMENT, b"\x01He"), (FRAGMENT, b""), (FRAGMENT, b"ll")]
    for first, piece in pieces:
        assert feed(framing, websocket(piece, key, first), step) == b""
        assert framing.is_inside
        assert seen.frames == []
    # A control frame may come between (RFC 6455, section 5.4).
    assert feed(framing, websocket(b"?", key, PING), step) == b""
    assert framing.is_inside
    assert read_websocket(b"".join(seen.sent), is_client) == [(PONG, b"?")]
    assert feed(framing, websocket(b"o", key, CONTINUATION), step) == b""
    assert not framing.is_inside
    assert seen.frames == [(False, True, b"Hello")]
    assert feed(framing, zws(2, b"\x01a", key), step) == b""
    assert seen.frames[1:] == [(True, False, b"\x01a")]


def test_in_the_middle_of_a_frame_it_says_so() -> None:
    framing = Seen().websocket(is_client=True)
    data = websocket(b"\x01" + bytes(range(256)) * 4, first=FIRST_FRAGMENT)
    assert framing.take(memoryview(data[:100])) == 100
    assert framing.is_inside
    assert framing.take(memoryview(data[100:] + b"next")) == len(data) - 100
    assert framing.is_inside, "the message goes on"


def test_a_whole_message_between_fragments_is_refused() -> None:
    framing = Seen().websocket(is_client=True)
    feed(framing, websocket(b"\x00a", first=FIRST_FRAGMENT))
    with pytest.raises(LinkFailedError, match="expected CONTINUATION"):
        feed(framing, zws(0, b"b"))


@pytest.mark.parametrize(
    ("payload", "said"), [(b"", "empty WebSocket message"), (b"\x08a", "unknown flags")]
)
def test_fragments_that_make_no_message(payload: bytes, said: str) -> None:
    framing = Seen().websocket(is_client=True)
    feed(framing, websocket(payload[:1], first=FIRST_FRAGMENT))
    with pytest.raises(LinkFailedError, match=said):
        feed(framing, websocket(payload[1:], first=CONTINUATION))


def test_fragments_of_more_than_64_mib_are_refused() -> None:
    seen = Seen()
    framing = seen.websocket(is_client=True)
    piece = bytes(8 * 1024 * 1024)
    feed(framing, websocket(b"\0", first=FIRST_FRAGMENT))
    for _ in range(7):
        feed(framing, websocket(piece, first=FRAGMENT))
    feed(framing, websocket(piece[1:], first=FRAGMENT))
    with pytest.raises(LinkFailedError, match="more than 64 MiB"):
        feed(framing, websocket(b"!", first=CONTINUATION))
    assert seen.frames == []


def test_a_huge_claim_of_a_fragment_costs_nothing() -> None:
    framing = Seen().websocket(is_client=True)
    head = bytes((FIRST_FRAGMENT, 127)) + (1 << 62).to_bytes(8)
    assert feed(framing, head + b"\0abc") == b""
    assert framing.is_inside


def test_what_it_takes_for_whole_is_what_the_transcoder_does() -> None:
    assert at.WHOLE_BINARY == BINARY
    assert mixed(mixed(b"Hello", KEY), KEY) == b"Hello"
