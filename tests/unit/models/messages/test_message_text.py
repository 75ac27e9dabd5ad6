"""Envelope and preview of every pattern, and payloads that mean harm."""

from __future__ import annotations

import pytest

from zmqscope.core.capture.store import RowView
from zmqscope.core.types import Direction, RowId, SocketId, SocketType
from zmqscope.models.messages.message_text import (
    HEAD_BYTES,
    MAX_FRAMES,
    PREVIEW_CHARS,
    decode_text,
    frame_line,
    payload_start,
    payload_texts,
)

IN, OUT = Direction.RECEIVED, Direction.SENT


def view(*frames: bytes, direction: Direction = IN) -> RowView:
    heads = frames[:MAX_FRAMES]
    return RowView(
        RowId(0),
        0,
        SocketId(1),
        direction,
        len(frames),
        sum(map(len, frames)),
        tuple(frame[:HEAD_BYTES] for frame in heads),
        tuple(map(len, heads)),
    )


@pytest.mark.parametrize(
    ("socket_type", "frames", "topic", "preview"),
    [
        (SocketType.SUB, (b"EURUSD", b'{"px":1}'), "EURUSD", '{"px":1}'),
        (SocketType.SUB, (b"heartbeat",), "heartbeat", "heartbeat"),
        (SocketType.SUB, (b"\x00\x6b\x8b", b"x"), "⟨00 6b 8b⟩", "x"),
        (SocketType.SUB, (b"", b""), "(empty)", "(empty)"),
        (SocketType.SUB, (b"a", b"b", b"\xff\x00"), "a", "b · ff 00"),
        (SocketType.ROUTER, (b"\x00\x6b", b"", b"go"), "⟨00 6b⟩", "go"),
        (SocketType.ROUTER, (b"w1", b"go"), "w1", "go"),
        (SocketType.ROUTER, (b"w1", b"c9", b"", b"a", b"b"), "w1 c9", "a · b"),
        (SocketType.ROUTER, (b"w1", b""), "w1", "(empty)"),
        (SocketType.ROUTER, (b"w1",), "w1", "–"),
        (SocketType.DEALER, (b"", b"reply"), "–", "reply"),
        (SocketType.DEALER, (b"c9", b"", b"reply"), "c9", "reply"),
        (SocketType.DEALER, (b"plain",), "–", "plain"),
        (SocketType.DEALER, (b"",), "–", "(empty)"),
        (SocketType.STREAM, (b"\x00\x01", b"GET /"), "⟨00 01⟩", "GET /"),
        (SocketType.PULL, (b"job", b"2"), "–", "job · 2"),
        (SocketType.DISH, (b"EUR", b"1.08"), "EUR", "1.08"),
        (SocketType.RADIO, (b"", b"1.08"), "(empty)", "1.08"),
        (SocketType.DGRAM, (b"127.0.0.1:9", b"\xff"), "127.0.0.1:9", "ff"),
        (
            SocketType.SERVER,
            (b"\x00\x6b\x8b\x45\x67", b""),
            "1804289383 ⟨00 6b 8b 45 67⟩",
            "(empty)",
        ),
        (SocketType.PEER, (b"odd", b"x"), "odd", "x"),
        (SocketType.CLIENT, (b"hi",), "–", "hi"),
        (None, (b"job",), "–", "job"),
    ],
)
def test_each_pattern_is_read_its_own_way(
    socket_type: SocketType | None, frames: tuple[bytes, ...], topic: str, preview: str
) -> None:
    assert payload_texts(view(*frames), socket_type) == (topic, preview)


@pytest.mark.parametrize(
    ("socket_type", "direction", "frame", "topic"),
    [
        (SocketType.XPUB, IN, b"\x01EUR", "subscribe EUR"),
        (SocketType.XPUB, IN, b"\x00EUR", "cancel EUR"),
        (SocketType.XPUB, IN, b"\x01", "subscribe everything"),
        (SocketType.XPUB, IN, b"\x01\xff", "subscribe ⟨ff⟩"),
        (SocketType.XPUB, IN, b"other", "other"),
        (SocketType.XPUB, OUT, b"\x01x", "⟨01 78⟩"),
        (SocketType.XSUB, OUT, b"\x01EUR", "subscribe EUR"),
        (SocketType.XSUB, IN, b"\x01x", "⟨01 78⟩"),
    ],
)
def test_subscriptions_are_words(
    socket_type: SocketType, direction: Direction, frame: bytes, topic: str
) -> None:
    assert payload_texts(view(frame, direction=direction), socket_type).topic == topic


def test_control_and_bidi_characters_never_reach_the_table() -> None:
    evil = "\x1b[31mred\x07 \u202egnp.exe\nnext\u200b".encode()
    texts = payload_texts(view(evil, evil), SocketType.SUB)
    assert texts.topic.isprintable()
    assert "␛[31mred␇" in texts.topic
    assert "⟨U+202E⟩gnp.exe␊next" in texts.preview


def test_what_is_cut_says_so() -> None:
    assert frame_line(b"a" * HEAD_BYTES, HEAD_BYTES + 1).endswith("a…")
    assert frame_line(b"\xff" * 100, 100).endswith("ff …")
    assert frame_line(b"abc", 3) == "abc"
    many = payload_texts(view(*[b"x"] * 20), SocketType.PULL).preview
    assert many == " · ".join(["x"] * MAX_FRAMES) + " · …"
    long = payload_texts(view(*[b"y" * HEAD_BYTES] * 2), SocketType.PULL).preview
    assert len(long) == PREVIEW_CHARS + 1
    assert long.endswith("…")


def test_a_character_cut_in_two_is_still_text() -> None:
    euro = "€".encode()
    assert decode_text(b"abc" + euro[:2], cut=True) == "abc"
    assert decode_text(b"abc" + euro[:2]) is None
    assert decode_text(b"abc" + euro[:1] + b"d", cut=True) is None


def test_binary_is_not_text_though_it_is_utf_8() -> None:
    assert decode_text(b"\x00\x00\x00\x01") is None
    assert decode_text(b"\x01\x02a") is None
    assert decode_text(b"line\r\n\tnext\n") is not None


def test_payload_begins_behind_the_envelope() -> None:
    assert payload_start(view(b"t", b"x"), SocketType.SUB) == 1
    assert payload_start(view(b"t"), SocketType.SUB) == 0
    assert payload_start(view(b"a", b"b", b"", b"x"), SocketType.ROUTER) == 3
    assert payload_start(view(b"\x01t"), SocketType.XPUB) == 0
