"""Where one can begin to read in the middle of a text."""

from __future__ import annotations

import pytest

from zmqscope.models.inspector.text_start import text_start


def test_a_line_shortly_before() -> None:
    data = b"one\ntwo\nthree"
    assert text_start(data, "utf-8", 10) == 8
    assert text_start(data, "utf-8", 8) == 8
    assert text_start(data, "utf-8", 7) == 4
    assert text_start(data, "utf-8", 2) == 2
    assert text_start(data, "utf-8", 0) == 0
    assert text_start(data, "utf-8", 2, 3) == 3


@pytest.mark.parametrize("char", ["é", "語", "\U0001f600"])
@pytest.mark.parametrize("name", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_never_inside_of_a_character(name: str, char: str) -> None:
    data = (char * 5_000).encode(name)
    size = len(char.encode(name))
    for byte in range(5_000, 5_020):
        start = text_start(data, name, byte)
        assert start is not None
        assert start % size == 0
        assert byte - size < start <= byte


def test_bytes_that_are_no_utf8_are_begun_anywhere() -> None:
    assert text_start(b"\x80" * 9_000, "utf-8", 5_000) == 5_000


def test_a_wide_line_feed_stands_on_its_own_place() -> None:
    # U+0A00 and U+000A are the same bytes, one the other way round and one byte on.
    data = "\u0a00\u000ax".encode("utf-16-be") + b"\0\x0a"[:1]
    assert text_start(data, "utf-16-be", 5) == 4
    assert text_start("\u0a00\u0a00ab".encode("utf-16-le"), "utf-16-le", 6) == 6


def test_where_characters_cannot_be_told_apart_lines_are() -> None:
    text = "語" * 40_000
    data = text.encode("gb18030") + b"\n" + text.encode("gb18030")
    assert text_start(data, "gb18030", 80_100) == 80_001
    assert text_start(data, "gb18030", 60_000) == 0
    assert text_start(data, "gb18030", 79_000) is None
