from __future__ import annotations

import pytest

from zmqscope.core.types import SocketId, SocketSnapshot, SocketSpec, SocketState, SocketType
from zmqscope.models.composer.frame_draft import FrameDraft, FrameFormat
from zmqscope.models.composer.head_choice import head_text, head_words, known_groups

_WITH_HEADS = {
    SocketType.ROUTER: "Peer",
    SocketType.STREAM: "Peer",
    SocketType.SERVER: "Peer",
    SocketType.PEER: "Peer",
    SocketType.RADIO: "Group",
    SocketType.DGRAM: "Address",
}


def dish(*groups: bytes) -> SocketSnapshot:
    spec = SocketSpec(SocketType.DISH, name="d", subscriptions=groups)
    return SocketSnapshot(SocketId(1), spec, SocketState.IDLE)


@pytest.mark.parametrize("kind", [None, *SocketType])
def test_what_frame_1_names_is_offered(kind: SocketType | None) -> None:
    words = head_words(kind)
    expected = _WITH_HEADS.get(kind) if kind is not None else None
    assert (words.title if words is not None else None) == expected
    if words is not None:
        assert words.help
        assert words.none.endswith(".")


def test_groups_newest_first_and_each_once() -> None:
    history = [(FrameDraft(text=text), FrameDraft()) for text in ("a", "b", "a")]
    assert known_groups(history, [dish(b"c", b"b")]) == [b"a", b"b", b"c"]


def test_a_frame_that_cannot_be_read_is_no_group() -> None:
    history = [(FrameDraft(FrameFormat.HEX, "0"), FrameDraft()), ()]
    assert known_groups(history, []) == []


def test_the_list_of_groups_is_bounded() -> None:
    many = tuple(str(number).encode() for number in range(1_000))
    assert len(known_groups([], [dish(*many)])) == 32


def test_a_line_says_what_it_is() -> None:
    assert head_text(b"", SocketType.RADIO) == "(empty)"
    assert head_text(b"EUR", SocketType.RADIO) == "EUR"
    assert head_text(b"127.0.0.1:5556", SocketType.DGRAM) == "127.0.0.1:5556"
    assert head_text(b"\x00\x00\x00\x00\x07", SocketType.SERVER) == "7 · 00 00 00 00 07"
