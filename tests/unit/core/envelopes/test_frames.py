from __future__ import annotations

import pytest

from tests.envelope_cases import RECEIVED, SENT, outline_of
from zmqscope.core.envelopes import frames
from zmqscope.core.envelopes.envelope import FrameName, Outline
from zmqscope.core.types import Direction, SocketType


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        (SocketType.ROUTER, "routing id"),
        (SocketType.SUB, "topic"),
        (SocketType.DISH, "group"),
        (SocketType.DGRAM, "address"),
        (None, "routing id"),
    ],
)
def test_what_the_pattern_puts_first_is_named(kind: SocketType | None, first: str) -> None:
    outline = outline_of((b"a", b"", b"body"), kind)
    assert frames.front_names(outline, 2) == [FrameName(first), FrameName("delimiter")]
    assert frames.body_names(outline, 2) == [FrameName("body")]
    assert frames.body_names(outline, 3) == []


def test_names_are_bounded() -> None:
    outline = outline_of((b"x",) * 1_000, SocketType.PULL)
    assert len(frames.body_names(outline, 1)) == frames.MOST_NAMED
    assert len(frames.front_names(outline, 900)) == frames.MOST_NAMED


@pytest.mark.parametrize(
    ("kind", "direction", "asks"),
    [
        (SocketType.REQ, SENT, True),
        (SocketType.DEALER, RECEIVED, False),
        (SocketType.ROUTER, RECEIVED, True),
        (SocketType.REP, SENT, False),
        (SocketType.PAIR, SENT, None),
        (None, SENT, None),
    ],
)
def test_who_asks(kind: SocketType | None, direction: Direction, asks: bool | None) -> None:
    assert frames.is_request(Outline((b"x",), (1,), 1, 0, kind, direction)) is asks


def test_text() -> None:
    assert frames.text_of("grün".encode()) == "grün"
    assert frames.text_of("grün".encode()[:3]) is None
    assert frames.text_of("grün".encode()[:3], is_cut=True) == "gr"
    assert frames.text_of(b"a\0b") is None
    assert frames.text_of(b"\xff") is None
    assert frames.text_of(b"two\nlines") == "two\nlines"
    assert frames.text_of("é".encode() * 1_000) == "é" * 128


def test_names_and_bodies_in_words() -> None:
    outline = outline_of((b"echo", b"two words", b"\xff\xfe", b"", b"x" * 300), SocketType.PULL)
    assert [frames.plain(outline, at) for at in range(4)] == ["echo", '"two words"', "⟨fffe⟩", '""']
    assert frames.plain(outline, 9) == "…"
    assert frames.words(outline, 0) == '"echo"'
    assert frames.words(outline, 2) == "2 bytes"
    assert frames.words(outline, 4, 5) == '"xxxxx…"'
    assert frames.words(outline, 5) == ""
    assert frames.all_words(outline, 3) == '"" + 1 frame'
    seen = Outline((b"a",), (1,), 3)
    assert frames.all_words(seen, 1) == "… + 1 frame"
