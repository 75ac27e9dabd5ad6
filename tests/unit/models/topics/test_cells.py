"""The texts of a row of topics."""

from __future__ import annotations

import pytest

from zmqscope.core.types import Direction, SocketType
from zmqscope.models.topics.cells import (
    TopicColumn,
    column_help,
    column_title,
    share_text,
    topic_text,
)


@pytest.mark.parametrize(
    ("name", "socket_type", "text"),
    [
        (b"EURUSD", SocketType.SUB, "EURUSD"),
        (b"", SocketType.SUB, "(empty)"),
        (b"\x00\x6b\x8b\x45\x67", SocketType.ROUTER, "⟨00 6b 8b 45 67⟩"),
        (b"\x00\x6b\x8b\x45\x67", SocketType.SERVER, "1804289383 ⟨00 6b 8b 45 67⟩"),
        (b"EUR", SocketType.DISH, "EUR"),
        (b"a\x1b[2J", None, "a␛[2J"),
        (b"\x01EUR", SocketType.XPUB, "subscribe EUR"),
        (b"\x00", SocketType.XPUB, "cancel everything"),
        (b"\x01EUR", SocketType.SUB, "␁EUR"),
    ],
)
def test_topics_as_the_message_table_writes_them(
    name: bytes, socket_type: SocketType | None, text: str
) -> None:
    assert topic_text(name, Direction.RECEIVED, socket_type) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"),
        (0.00001, "<0.1 %"),
        (0.0041, "0.4 %"),
        (0.0996, "10 %"),
        (0.314, "31 %"),
        (1, "100 %"),
    ],
)
def test_shares(share: float, text: str) -> None:
    assert share_text(share) == text


def test_every_column_has_a_title_and_a_sentence() -> None:
    for column in TopicColumn:
        assert column_title(column)
        assert column_help(column)
