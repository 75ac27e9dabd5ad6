"""Cap'n Proto without a schema; messages are put together by hand, after the encoding spec."""

from __future__ import annotations

import random
import struct

import pytest

from tests.schema_rig import child, plain, survives, tree, walk
from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.formats.capnp import CAPNP
from zmqscope.core.decode.payload import NO_OPTIONS, Payload


def _struct(offset: int, words: int, pointers: int) -> int:
    return (offset << 2 & 0xFFFF_FFFF) | words << 32 | pointers << 48


def _list(offset: int, form: int, count: int) -> int:
    return 1 | (offset << 2 & 0xFFFF_FFFF) | form << 32 | count << 35


def _message(*segments: list[int | bytes]) -> bytes:
    bodies = [
        b"".join(w if isinstance(w, bytes) else struct.pack("<Q", w) for w in words)
        for words in segments
    ]
    table = struct.pack(f"<{1 + len(bodies)}I", len(bodies) - 1, *(len(b) // 8 for b in bodies))
    return table + bytes(-len(table) % 8) + b"".join(bodies)


EVENT = _message(
    [
        _struct(0, 2, 3),
        1_700_000_000,
        0x3FF8_0000_0000_0000,
        _list(2, 2, 6),
        _list(2, 4, 3),
        0,
        b"hello\0\0\0",
        struct.pack("<4I", 1, 2, 3, 0),
    ]
)


def test_shows_segments_and_the_words_of_the_root() -> None:
    node = tree(CAPNP, EVENT)
    walk(node, len(EVENT))
    assert child(node, "segments", 0).text == "9 words"
    assert plain(child(node, "root")) == {
        "word0": 1_700_000_000,
        "word1": 0x3FF8_0000_0000_0000,
        "pointer0": "hello",
        "pointer1": [1, 2, 3],
        "pointer2": None,
    }
    assert child(node, "root", "word1").note == "As a double 1.5"
    assert CAPNP.preview(Payload(EVENT), NO_OPTIONS).startswith(
        'capnp segments(1) word0=1700000000 word1=4609434218613702656 pointer0="hello"'
    )


def test_lists_of_structs_and_far_pointers() -> None:
    far = 2 | 0 << 3 | 1 << 32
    data = _message(
        [_struct(0, 0, 2), far, _list(0, 7, 4), _struct(2, 1, 1), 7, 0, 8, 0], [_struct(0, 1, 0), 5]
    )
    root = child(tree(CAPNP, data), "root")
    assert plain(child(root, "pointer0")) == {"word0": 5}
    assert plain(child(root, "pointer1")) == [
        {"word0": 7, "pointer0": None},
        {"word0": 8, "pointer0": None},
    ]


def test_is_modest() -> None:
    assert 0.5 <= CAPNP.sniff(Payload(EVENT)) <= 0.7
    assert CAPNP.sniff(Payload(EVENT[:40], is_cut=True, size=len(EVENT))) >= 0.5
    assert CAPNP.sniff(Payload(EVENT + b"x")) == 0
    for data in (bytes(16), bytes(64), struct.pack("<8I", *range(8)), b"\1\0\0\0" * 8):
        assert CAPNP.sniff(Payload(data)) < 0.5


def test_what_is_none_is_refused() -> None:
    for data in (b"", b"\0" * 7, b"\xff" * 64, b"\0\0\0\0\xff\xff\xff\x7f"):
        with pytest.raises(DecodeError):
            CAPNP.decode(Payload(data), NO_OPTIONS)


def test_hostile_messages_are_bounded() -> None:
    for words in (
        [_struct(-1, 0, 1)],
        [_struct(0, 0, 1), _struct(-2, 0, 1)],
        [_struct(0, 65_535, 65_535)],
        [_struct(0, 0, 1), _list(0, 7, 0), _struct(1 << 29, 0, 0)],
        [_struct(0, 0, 1), _list(0, 6, (1 << 29) - 1)],
        [_struct(0, 0, 1), _list(0, 0, (1 << 29) - 1)],
        [2 | 0 << 3],
        [6 | 1 << 40],
    ):
        survives(CAPNP, _message(list(words)))
    source = random.Random(6)
    for _ in range(500):
        data = bytearray(EVENT)
        for _ in range(source.choice((1, 2, 8))):
            data[source.randrange(len(data))] = source.randrange(256)
        survives(CAPNP, bytes(data[: source.randrange(1, len(data) + 1)]))
