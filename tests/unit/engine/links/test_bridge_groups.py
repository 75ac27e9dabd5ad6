"""Groups over a bridge: JOIN and LEAVE are subscriptions to libzmq."""

from __future__ import annotations

import pytest

from tests.link_rig import (
    BINARY,
    CONTINUATION,
    FIRST_FRAGMENT,
    FRAGMENT,
    Frame,
    command,
    read_websocket,
    read_zmtp,
    websocket,
    zmtp,
    zws,
)
from tests.unit.engine.links.bridge_rig import DRAFTS, MakeBridge
from zmqscope.core.types import SocketType
from zmqscope.engine.links.flow import LinkFailedError


@pytest.mark.parametrize("scheme", ["tcp", "ws"])
def test_a_dish_joins_what_its_twin_subscribes_to(make_bridge: MakeBridge, scheme: str) -> None:
    rig = make_bridge(SocketType.DISH, scheme)

    def command_to_peer(name: bytes, group: bytes) -> list[Frame]:
        body = command(name, group)
        return [(BINARY, b"\x02" + body)] if scheme == "ws" else [(4, body)]

    def said(*frames: Frame) -> list[Frame]:
        data = rig.from_ours(*frames)
        return read_websocket(data, True) if scheme == "ws" else read_zmtp(data)

    rig.shake_hands(b"SUB", b"RADIO")
    assert said((0, b"\x01news")) == command_to_peer(b"JOIN", b"news")
    assert said((0, b"\x01news")) == []
    assert said((0, b"\x00news")) == []
    assert said((0, b"\x00never")) == []
    assert said((0, b"\x00news")) == command_to_peer(b"LEAVE", b"news")
    assert said((0, b"\x01a"), (0, b"\x01")) == [
        *command_to_peer(b"JOIN", b"a"),
        *command_to_peer(b"JOIN", b""),
    ]
    framed = zws if scheme == "ws" else zmtp
    sent = [(1, b"a"), (0, b"1"), (1, b"ab"), (0, b"2"), (1, b""), (0, b"3"), (0, b"a")]
    assert rig.from_peer(b"".join(framed(*frame) for frame in sent)) == [
        (1, b"a"), (0, b"1"), (1, b""), (0, b"3"),
    ]  # fmt: skip


def test_groups_in_fragments_are_matched_too(make_bridge: MakeBridge) -> None:
    rig = make_bridge(SocketType.DISH, "ws")
    rig.shake_hands(b"SUB", b"RADIO")
    rig.from_ours((0, b"\x01ab"))

    def in_fragments(flags: int, body: bytes) -> bytes:
        message = bytes((flags,)) + body
        return (
            websocket(message[:1], first=FIRST_FRAGMENT)
            + websocket(message[1:3], first=FRAGMENT)
            + websocket(message[3:], first=CONTINUATION)
        )

    assert rig.from_peer(in_fragments(1, b"abc") + in_fragments(0, b"not mine")) == []
    assert rig.from_peer(in_fragments(1, b"abc") + zws(0, b"nor this")) == []
    assert rig.from_peer(zws(1, b"abc") + in_fragments(0, b"nor that")) == []
    assert rig.from_peer(in_fragments(0, b"ab")) == []
    mine = [(1, b"ab"), (0, b"mine")]
    assert rig.from_peer(in_fragments(1, b"ab") + in_fragments(0, b"mine")) == mine
    assert rig.from_peer(zws(1, b"ab") + in_fragments(0, b"mine")) == mine
    assert rig.from_peer(in_fragments(1, b"ab") + zws(0, b"mine")) == mine


def test_a_radio_sends_only_what_its_peer_has_joined(make_bridge: MakeBridge) -> None:
    rig = make_bridge(SocketType.RADIO)
    rig.shake_hands(b"PUB", b"DISH")
    join, leave = command(b"JOIN", b"a"), command(b"LEAVE", b"a")
    assert rig.from_peer(zmtp(4, join) + zmtp(4, join)) == [(0, b"\x01a")]
    # Its twin matches by prefix, so more comes than was joined.
    sent = [(1, b"a"), (0, b"1"), (1, b"ab"), (0, b"2")]
    assert read_zmtp(rig.from_ours(*sent)) == sent[:2]
    assert rig.from_peer(zmtp(4, leave)) == []
    assert rig.from_peer(zmtp(4, leave)) == [(0, b"\x00a")]
    assert rig.from_peer(zmtp(4, leave)) == []
    assert rig.from_ours(*sent) == b""


def test_the_longest_group_and_one_that_is_too_long(make_bridge: MakeBridge) -> None:
    rig = make_bridge(SocketType.RADIO)
    rig.shake_hands(b"PUB", b"DISH")
    longest = bytes(range(1, 256))
    assert rig.from_peer(zmtp(4, command(b"JOIN", longest))) == [(0, b"\x01" + longest)]
    assert read_zmtp(rig.from_ours((1, longest), (0, b"x"))) == [(1, longest), (0, b"x")]
    with pytest.raises(LinkFailedError, match="joined more groups, or a longer one"):
        rig.from_peer(zmtp(4, command(b"JOIN", bytes(256))))


def test_nobody_joins_groups_without_end(make_bridge: MakeBridge) -> None:
    rig = make_bridge(SocketType.RADIO)
    rig.shake_hands(b"PUB", b"DISH")

    def join_many() -> None:
        for start in range(0, 101_000, 1_000):
            groups = range(start, start + 1_000)
            rig.from_peer(b"".join(zmtp(4, command(b"JOIN", b"%d" % group)) for group in groups))

    with pytest.raises(LinkFailedError, match="joined more groups"):
        join_many()


@pytest.mark.parametrize("kind", [SocketType.CLIENT, SocketType.DISH], ids=lambda kind: kind.name)
def test_join_means_nothing_to_other_types(make_bridge: MakeBridge, kind: SocketType) -> None:
    own, peer, _ = DRAFTS[kind]
    rig = make_bridge(kind)
    rig.shake_hands(own, peer)
    assert rig.from_peer(zmtp(4, command(b"JOIN", b"a"))) == []
