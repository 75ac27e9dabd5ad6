"""Bytes and large values as the text of a field."""

from __future__ import annotations

from zmqscope.core.decode.leaf_text import BYTES_SHOWN, hex_text, large_text
from zmqscope.core.decode.node import MAX_NODE_TEXT


def test_few_bytes_are_shown_whole_and_many_by_their_beginning() -> None:
    assert hex_text(b"\x01\xff") == "01 ff"
    assert hex_text(bytes(BYTES_SHOWN)) == " ".join(["00"] * BYTES_SHOWN)
    assert hex_text(bytes(BYTES_SHOWN + 1)) == " ".join(["00"] * BYTES_SHOWN) + " …"


def test_of_a_large_value_the_beginning_is_shown() -> None:
    data = b"--" + "ü".encode() * 10_000
    assert large_text(data, 2, is_text=True) == "ü" * (MAX_NODE_TEXT - 1) + "…"
    assert large_text(data, 2, is_text=False).startswith("c3 bc c3")
    assert large_text(b"a\xff" * 10_000, 0, is_text=True).startswith("a\N{REPLACEMENT CHARACTER}")
