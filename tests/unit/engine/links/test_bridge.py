"""Handshakes are rewritten, heartbeats translated, groups told, and what breaks a rule refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

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
    Frame,
    command,
    make_scratch,
    read_websocket,
    read_zmtp,
    ready,
    take,
    websocket,
    wire_pair,
    zmtp,
    zws,
)
from zmqscope.core.types import SocketType
from zmqscope.core.zmtp.commands import encode_error
from zmqscope.engine.links.bridge import Bridge, BridgePlan, WrongPeerError
from zmqscope.engine.links.flow import LinkFailedError
from zmqscope.engine.links.wire import READ, WRITE

DRAFTS = {
    SocketType.CLIENT: (b"DEALER", b"SERVER", b"ROUTER"),
    SocketType.SERVER: (b"ROUTER", b"CLIENT", b"DEALER"),
    SocketType.RADIO: (b"PUB", b"DISH", b"SUB"),
    SocketType.DISH: (b"SUB", b"RADIO", b"PUB"),
    SocketType.SCATTER: (b"PUSH", b"GATHER", b"PULL"),
    SocketType.GATHER: (b"PULL", b"SCATTER", b"PUSH"),
    SocketType.CHANNEL: (b"PAIR", b"CHANNEL", b"PAIR"),
    SocketType.PEER: (b"ROUTER", b"PEER", b"DEALER"),
}
"""What our own socket calls itself, who the peer is, and what our own socket takes it for."""


class BridgeRig:
    """A bridge with the test at both ends: as the peer, and as libzmq.

    Args:
        plan: See ``BridgePlan``.
        rest: What came from the peer already.
    """

    def __init__(self, plan: BridgePlan, rest: bytes = b"") -> None:
        self._stack = ExitStack()
        outer, self.peer = self._stack.enter_context(wire_pair())
        inner, self.ours = self._stack.enter_context(wire_pair())
        self.bridge = Bridge(plan, outer, inner, make_scratch(), rest)
        self.key = b"" if plan.is_client else KEY
        self.is_client = plan.is_client

    def close(self) -> None:
        """Close all ends."""
        self._stack.close()

    def move(self) -> None:
        """Move until there is nothing more to do."""
        while self.bridge.move():
            pass

    def from_peer(self, data: bytes) -> list[Frame]:
        """The peer says something; what libzmq gets."""
        self.peer.sendall(data)
        self.move()
        return read_zmtp(take(self.ours))

    def to_ours(self) -> bytes:
        """What libzmq gets."""
        self.move()
        return take(self.ours)

    def from_ours(self, *frames: Frame) -> bytes:
        """libzmq says something; what the peer gets."""
        self.ours.sendall(b"".join(zmtp(*frame) for frame in frames))
        self.move()
        return take(self.peer)

    def to_peer(self) -> list[Frame]:
        """WebSocket frames that the peer gets."""
        self.move()
        return read_websocket(take(self.peer), self.is_client)

    def shake_hands(self, own: bytes, peer: bytes) -> None:
        """Both READYs, over ZMTP or ZWS."""
        is_websocket = bool(self.from_ours((4, ready(own)))[0] & 0x80)
        frame = zws(2, ready(peer), self.key) if is_websocket else zmtp(4, ready(peer))
        assert self.from_peer(frame)
        assert self.bridge.is_done


MakeRig = Callable[..., BridgeRig]


@pytest.fixture
def make_rig() -> Iterator[MakeRig]:
    """Makes rigs that are closed with the test."""
    rigs: list[BridgeRig] = []

    def make(
        kind: SocketType,
        scheme: str = "tcp",
        is_client: bool = True,
        has_ready: bool = True,
        mechanism: bytes = b"NULL",
        rest: bytes = b"",
    ) -> BridgeRig:
        plan = BridgePlan(kind, mechanism, scheme == "ws", is_client, has_ready)
        rigs.append(BridgeRig(plan, rest))
        return rigs[-1]

    yield make
    for rig in rigs:
        rig.close()


# ---- READY -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", DRAFTS, ids=lambda kind: kind.name)
def test_a_draft_type_is_its_twin_to_libzmq_and_itself_to_its_peer(
    make_rig: MakeRig, kind: SocketType
) -> None:
    own, peer, peer_to_us = DRAFTS[kind]
    rig = make_rig(kind)
    # Draft types have no identity; what else there is goes along.
    mine = ready(own, (b"Identity", b"me"), (b"X-Mine", b"1"))
    assert rig.from_ours((4, mine)) == zmtp(4, ready(kind.name.encode(), (b"X-Mine", b"1")))
    assert not rig.bridge.is_done
    theirs = ready(peer, (b"X-Theirs", b"\0\xff"), (b"IDENTITY", b"you"))
    assert rig.from_peer(zmtp(4, theirs)) == [(4, ready(peer_to_us, (b"X-Theirs", b"\0\xff")))]
    assert rig.bridge.is_done


@pytest.mark.parametrize("kind", DRAFTS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("scheme", ["tcp", "ws"])
def test_the_types_of_metadata_are_found_in_any_case(
    make_rig: MakeRig, kind: SocketType, scheme: str
) -> None:
    own, peer, peer_to_us = DRAFTS[kind]
    rig = make_rig(kind, scheme)
    rig.from_ours((4, ready(own)))
    theirs = ready(peer).replace(b"Socket-Type", b"socket-TYPE")
    framed = zws(2, theirs) if scheme == "ws" else zmtp(4, theirs)
    assert rig.from_peer(framed) == [(4, ready(peer_to_us))]


def test_stable_types_over_websocket_keep_their_metadata(make_rig: MakeRig) -> None:
    rig = make_rig(SocketType.DEALER, "ws", is_client=False)
    mine = ready(b"DEALER", (b"Identity", b"me"))
    assert read_websocket(rig.from_ours((4, mine)), is_masked=False) == [(BINARY, b"\x02" + mine)]
    theirs = ready(b"ROUTER", (b"Identity", b"you"), (b"X-Y", b""))
    assert rig.from_peer(zws(2, theirs, KEY)) == [(4, theirs)]
    assert rig.bridge.is_done


def test_a_pub_is_one_to_its_peers_though_it_is_an_xpub_underneath(make_rig: MakeRig) -> None:
    rig = make_rig(SocketType.PUB, "ws", is_client=False)
    said = rig.from_ours((4, ready(b"XPUB", (b"X-Y", b"1"))))
    shown = ready(b"PUB", (b"X-Y", b"1"))
    assert read_websocket(said, is_masked=False) == [(BINARY, b"\x02" + shown)]


@pytest.mark.parametrize("scheme", ["tcp", "ws"])
def test_who_the_peer_is_is_told_before_our_socket_knows(make_rig: MakeRig, scheme: str) -> None:
    rig = make_rig(SocketType.SERVER, scheme, is_client=False)
    seen: list[tuple[bytes, bytes | None, bytes]] = []

    def on_handshake() -> None:
        bridge = rig.bridge
        seen.append((bridge.peer_type, bridge.peer_identity, take(rig.ours)))

    rig.bridge.on_handshake = on_handshake
    rig.from_ours((4, ready(b"ROUTER")))
    theirs = ready(b"CLIENT", (b"Identity", b"you"))
    assert rig.from_peer(zws(2, theirs, KEY) if scheme == "ws" else zmtp(4, theirs))
    assert seen == [(b"CLIENT", b"you", b"")]


def test_under_curve_only_the_handshake_itself_is_told(make_rig: MakeRig) -> None:
    rig = make_rig(SocketType.PULL, "ws", is_client=False, mechanism=b"CURVE")
    seen: list[bytes] = []
    rig.bridge.on_handshake = lambda: seen.append(rig.bridge.peer_type)
    rig.from_peer(zws(2, command(b"HELLO", b"x"), KEY))
    assert seen == []
    rig.from_peer(zws(2, command(b"INITIATE", b"x"), KEY))
    assert seen == [b""]


@pytest.mark.parametrize(
    ("kind", "peer", "said"),
    [
        (SocketType.CLIENT, b"CLIENT", "is a CLIENT"),
        (SocketType.RADIO, b"SUB", "is a SUB"),
        (SocketType.SUB, b"REP", "is a REP"),
        (SocketType.SUB, b"sub", "is a sub"),
        (SocketType.SUB, b"", "is a socket without a type"),
        (SocketType.SUB, b"\x1b[31m\xff", "is a socket of type “\\x1b[31m\\xff”"),
        (SocketType.SUB, b"X" * 5_000, "is a socket of type “XXX"),
    ],
)
def test_a_type_that_does_not_fit_is_refused(
    make_rig: MakeRig, kind: SocketType, peer: bytes, said: str
) -> None:
    rig = make_rig(kind, "ws")
    rig.from_ours((4, ready(kind.twin.name.encode())))
    with pytest.raises(WrongPeerError) as failed:
        rig.from_peer(zws(2, ready(peer)))
    assert str(failed.value).startswith(said)
    assert len(str(failed.value)) < 100
    assert take(rig.ours) == b""


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0",
        b"\x05REA",
        command(b"READY", b"\0"),
        command(b"READY", b"\x0bSocket-Type\0\0\0\xff"),
        command(b"READY", b"\x0bSocket"),
    ],
)
@pytest.mark.parametrize("scheme", ["tcp", "ws"])
def test_a_ready_that_is_none_is_refused(make_rig: MakeRig, scheme: str, body: bytes) -> None:
    rig = make_rig(SocketType.PEER, scheme)
    rig.from_ours((4, ready(b"ROUTER")))
    with pytest.raises(LinkFailedError, match="broke ZMTP"):
        rig.from_peer(zws(2, body) if scheme == "ws" else zmtp(4, body))


@pytest.mark.parametrize("scheme", ["tcp", "ws"])
@pytest.mark.parametrize("more", [0, 1])
def test_a_message_before_ready_is_refused(make_rig: MakeRig, scheme: str, more: int) -> None:
    rig = make_rig(SocketType.CLIENT, scheme)
    rig.from_ours((4, ready(b"DEALER")))
    with pytest.raises(LinkFailedError, match="sent a message before its handshake"):
        rig.from_peer(zws(more, b"x") if scheme == "ws" else zmtp(more, b"x"))


def test_the_reason_of_a_refusal_reaches_libzmq(make_rig: MakeRig) -> None:
    rig = make_rig(SocketType.DEALER, "ws")
    rig.from_ours((4, ready(b"DEALER")))
    refusal = encode_error(b"no")
    assert rig.from_peer(zws(2, refusal)) == [(4, refusal)]
    assert not rig.bridge.is_done


@pytest.mark.parametrize("scheme", ["tcp", "ws"])
def test_nothing_reaches_libzmq_before_its_own_ready(make_rig: MakeRig, scheme: str) -> None:
    theirs = ready(b"SERVER")
    frame = zws(2, theirs) + zws(0, b"hi") if scheme == "ws" else zmtp(4, theirs) + zmtp(0, b"hi")
    for rest, sent in ((frame, b""), (b"", frame), (frame[:9], frame[9:])):
        rig = make_rig(SocketType.CLIENT, scheme, rest=rest)
        assert rig.from_peer(sent) == []
        # It waits for libzmq alone, and does not ask the peer for more.
        (_, outer_needs), (_, inner_needs) = rig.bridge.interests()
        assert (outer_needs, inner_needs) == (0, READ)
        rig.from_ours((4, ready(b"DEALER")))
        assert read_zmtp(take(rig.ours)) == [(4, ready(b"ROUTER")), (0, b"hi")]


def test_a_ready_in_fragments_is_not_lost_while_libzmq_is_slow(make_rig: MakeRig) -> None:
    theirs = b"\x02" + ready(b"SERVER")
    rig = make_rig(SocketType.CLIENT, "ws")
    sent = websocket(theirs[:5], first=FIRST_FRAGMENT) + websocket(theirs[5:], first=CONTINUATION)
    assert rig.from_peer(sent) == []
    rig.from_ours((4, ready(b"DEALER")))
    assert read_zmtp(take(rig.ours)) == [(4, ready(b"ROUTER"))]
    assert rig.bridge.is_done


# ---- bare ZWS 2.0 ------------------------------------------------------------------------------

USUAL = {
    SocketType.PUB: b"SUB",
    SocketType.XPUB: b"SUB",
    SocketType.SUB: b"PUB",
    SocketType.XSUB: b"PUB",
    SocketType.REQ: b"ROUTER",
    SocketType.REP: b"DEALER",
    SocketType.DEALER: b"ROUTER",
    SocketType.ROUTER: b"DEALER",
    SocketType.PULL: b"PUSH",
    SocketType.PUSH: b"PULL",
    SocketType.PAIR: b"PAIR",
    SocketType.SERVER: b"DEALER",
    SocketType.CLIENT: b"ROUTER",
    SocketType.RADIO: b"SUB",
    SocketType.DISH: b"PUB",
    SocketType.GATHER: b"PUSH",
    SocketType.SCATTER: b"PULL",
    SocketType.CHANNEL: b"PAIR",
    SocketType.PEER: b"DEALER",
}


@pytest.mark.parametrize("kind", USUAL, ids=lambda kind: kind.name)
@pytest.mark.parametrize("is_client", [False, True])
def test_routing_ids_stand_for_ready(make_rig: MakeRig, kind: SocketType, is_client: bool) -> None:
    rig = make_rig(kind, "ws", is_client, has_ready=False)
    mine = ready(kind.twin.name.encode(), (b"Identity", b"me"))
    said = read_websocket(rig.from_ours((4, mine)), is_client)
    assert said == [(BINARY, b"\0me")]
    made = rig.from_peer(zws(0, b"you", rig.key))
    assert made == [(4, ready(USUAL[kind], (b"Identity", b"you")))]
    assert rig.bridge.is_done
    if kind is not SocketType.DISH:
        assert rig.from_peer(zws(1, b"a", rig.key) + zws(0, b"b", rig.key)) == [
            (1, b"a"),
            (0, b"b"),
        ]


@pytest.mark.parametrize("routing_id", [b"", bytes(300)])
def test_routing_ids_may_be_empty_and_are_cut_at_255(make_rig: MakeRig, routing_id: bytes) -> None:
    rig = make_rig(SocketType.PULL, "ws", has_ready=False)
    assert read_websocket(rig.from_ours((4, ready(b"PULL"))), True) == [(BINARY, b"\0")]
    made = rig.from_peer(zws(0, routing_id))
    assert made == [(4, ready(b"PUSH", (b"Identity", routing_id[:255])))]


# ---- groups ------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["tcp", "ws"])
def test_a_dish_joins_what_its_twin_subscribes_to(make_rig: MakeRig, scheme: str) -> None:
    rig = make_rig(SocketType.DISH, scheme)

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


def test_groups_in_fragments_are_matched_too(make_rig: MakeRig) -> None:
    rig = make_rig(SocketType.DISH, "ws")
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


def test_a_radio_sends_only_what_its_peer_has_joined(make_rig: MakeRig) -> None:
    rig = make_rig(SocketType.RADIO)
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


def test_the_longest_group_and_one_that_is_too_long(make_rig: MakeRig) -> None:
    rig = make_rig(SocketType.RADIO)
    rig.shake_hands(b"PUB", b"DISH")
    longest = bytes(range(1, 256))
    assert rig.from_peer(zmtp(4, command(b"JOIN", longest))) == [(0, b"\x01" + longest)]
    assert read_zmtp(rig.from_ours((1, longest), (0, b"x"))) == [(1, longest), (0, b"x")]
    with pytest.raises(LinkFailedError, match="joined more groups, or a longer one"):
        rig.from_peer(zmtp(4, command(b"JOIN", bytes(256))))


def test_nobody_joins_groups_without_end(make_rig: MakeRig) -> None:
    rig = make_rig(SocketType.RADIO)
    rig.shake_hands(b"PUB", b"DISH")

    def join_many() -> None:
        for start in range(0, 101_000, 1_000):
            groups = range(start, start + 1_000)
            rig.from_peer(b"".join(zmtp(4, command(b"JOIN", b"%d" % group)) for group in groups))

    with pytest.raises(LinkFailedError, match="joined more groups"):
        join_many()


@pytest.mark.parametrize("kind", [SocketType.CLIENT, SocketType.DISH], ids=lambda kind: kind.name)
def test_join_means_nothing_to_other_types(make_rig: MakeRig, kind: SocketType) -> None:
    own, peer, _ = DRAFTS[kind]
    rig = make_rig(kind)
    rig.shake_hands(own, peer)
    assert rig.from_peer(zmtp(4, command(b"JOIN", b"a"))) == []


# ---- heartbeats --------------------------------------------------------------------------------


@pytest.mark.parametrize("is_client", [False, True])
def test_a_ping_of_libzmq_becomes_one_of_the_websocket(make_rig: MakeRig, is_client: bool) -> None:
    rig = make_rig(SocketType.PULL, "ws", is_client)
    rig.shake_hands(b"PULL", b"PUSH")
    sent = rig.from_ours((4, command(b"PING", b"\x00\x0actx")))
    assert read_websocket(sent, is_client) == [(PING, b"ctx")]
    pong = websocket(b"ctx", rig.key, PONG)
    assert rig.from_peer(pong) == [(4, command(b"PONG", b"ctx"))]
    assert rig.from_peer(pong) == [], "nobody asked for a second one"


def test_a_ping_of_the_websocket_is_answered_here(make_rig: MakeRig) -> None:
    rig = make_rig(SocketType.PULL, "ws", is_client=False)
    rig.shake_hands(b"PULL", b"PUSH")
    sent = zws(1, b"a", KEY) + websocket(b"?", KEY, PING) + zws(0, b"b", KEY)
    assert rig.from_peer(sent) == [(1, b"a"), (0, b"b")]
    assert rig.to_peer() == [(PONG, b"?")]


@pytest.mark.parametrize("mechanism", [b"NULL", b"PLAIN", b"CURVE"])
def test_a_pong_that_nobody_asked_for_never_reaches_libzmq(
    make_rig: MakeRig, mechanism: bytes
) -> None:
    # libzmq gives a connection up for a command that it does not expect in a handshake.
    rig = make_rig(SocketType.PULL, "ws", mechanism=mechanism)
    assert rig.from_peer(websocket(b"", first=PONG)) == []
    rig.from_ours((4, ready(b"PULL")))
    assert take(rig.ours) == b""
    assert rig.from_peer(websocket(b"x", first=PONG)) == []
    assert rig.from_peer(zws(2, ready(b"PUSH"))) == [(4, ready(b"PUSH"))]
    assert rig.from_peer(websocket(b"x", first=PONG)) == []


def test_heartbeats_of_draft_types_over_tcp_pass_through(make_rig: MakeRig) -> None:
    rig = make_rig(SocketType.GATHER)
    rig.shake_hands(b"PULL", b"SCATTER")
    ping, pong = command(b"PING", b"\0\0x"), command(b"PONG", b"x")
    assert rig.from_ours((4, ping)) == zmtp(4, ping)
    assert rig.from_peer(zmtp(4, pong) + zmtp(4, ping)) == [(4, pong), (4, ping)]
    assert rig.from_ours((4, pong)) == zmtp(4, pong)


def test_pings_without_end_from_a_peer_that_reads_nothing_cost_no_memory(make_rig: MakeRig) -> None:
    rig = make_rig(SocketType.PULL, "ws", is_client=False)
    rig.shake_hands(b"PULL", b"PUSH")
    payloads = [b"%06d" % number + bytes(100) for number in range(30_000)]
    for start in range(0, len(payloads), 1_000):
        pings = b"".join(websocket(each, KEY, PING) for each in payloads[start : start + 1_000])
        assert rig.from_peer(pings) == []
    (_, outer_needs), _ = rig.bridge.interests()
    assert outer_needs == READ | WRITE
    pongs = rig.to_peer()
    while more := rig.to_peer():
        pongs += more
    # What its buffers held, and the last.
    assert len(pongs) < 10_000
    assert pongs[-1] == (PONG, payloads[-1])


# ---- other mechanisms --------------------------------------------------------------------------


def test_plain_passes_through_and_its_types_are_rewritten(make_rig: MakeRig) -> None:
    hello, welcome = command(b"HELLO", b"\x01u\x01p"), command(b"WELCOME")
    client = make_rig(SocketType.CLIENT, "ws", mechanism=b"PLAIN")
    assert read_websocket(client.from_ours((4, hello)), True) == [(BINARY, b"\x02" + hello)]
    assert client.from_peer(zws(2, welcome)) == [(4, welcome)]
    sent = client.from_ours((4, ready(b"DEALER", (b"Identity", b""), name=b"INITIATE")))
    initiate = ready(b"CLIENT", name=b"INITIATE")
    assert read_websocket(sent, True) == [(BINARY, b"\x02" + initiate)]
    assert not client.bridge.is_done
    assert client.from_peer(zws(2, ready(b"SERVER"))) == [(4, ready(b"ROUTER"))]
    assert client.bridge.is_done

    server = make_rig(SocketType.SERVER, "ws", is_client=False, mechanism=b"PLAIN")
    assert server.from_peer(zws(2, hello, KEY)) == [(4, hello)]
    server.from_ours((4, welcome))
    dealer = ready(b"DEALER", name=b"INITIATE")
    assert server.from_peer(zws(2, initiate, KEY)) == [(4, dealer)]
    assert not server.bridge.is_done
    sent = server.from_ours((4, ready(b"ROUTER")))
    assert read_websocket(sent, False) == [(BINARY, b"\x02" + ready(b"SERVER"))]
    assert server.bridge.is_done


@pytest.mark.parametrize("is_client", [False, True])
@pytest.mark.parametrize("as_server", [False, True])
def test_curve_passes_through_unread(make_rig: MakeRig, is_client: bool, as_server: bool) -> None:
    rig = make_rig(SocketType.REQ, "ws", is_client, mechanism=b"CURVE")
    secrets = {name: command(name, name * 20) for name in (b"HELLO", b"WELCOME", b"INITIATE")}
    secrets[b"READY"] = command(b"READY", b"\0secret box")
    from_client = [b"HELLO", b"INITIATE"]
    for name in (b"HELLO", b"WELCOME", b"INITIATE", b"READY"):
        assert not rig.bridge.is_done
        body = secrets[name]
        if (name in from_client) is as_server:
            assert rig.from_peer(zws(2, body, rig.key)) == [(4, body)]
        else:
            assert read_websocket(rig.from_ours((4, body)), is_client) == [(BINARY, b"\x02" + body)]
    assert rig.bridge.is_done
    message = command(b"MESSAGE", bytes(50))
    assert rig.from_peer(zws(0, message, rig.key)) == [(0, message)]
    assert read_websocket(rig.from_ours((0, message)), is_client) == [(BINARY, b"\0" + message)]


# ---- WebSocket frames --------------------------------------------------------------------------


def test_long_fragments_whose_bytes_look_like_frames(make_rig: MakeRig) -> None:
    rig = make_rig(SocketType.PULL, "ws")
    rig.shake_hands(b"PULL", b"PUSH")
    looks_like_a_frame = zws(0, b"never") * 100_000
    sent = websocket(b"\0" + looks_like_a_frame, first=FIRST_FRAGMENT)
    found = b""
    for start in range(0, len(sent), 50_000):
        rig.peer.sendall(sent[start : start + 50_000])
        rig.move()
        found += take(rig.ours)
    assert found == b""
    rig.peer.sendall(websocket(b"!", first=CONTINUATION) + zws(0, b"next"))
    while piece := rig.to_ours():
        found += piece
    assert read_zmtp(found) == [(0, looks_like_a_frame + b"!"), (0, b"next")]


def test_control_frames_cut_anywhere_between_messages(make_rig: MakeRig) -> None:
    rig = make_rig(SocketType.PULL, "ws", is_client=False)
    rig.shake_hands(b"PULL", b"PUSH")
    # Bytes of the ping's payload that look like a message.
    looks_like_a_frame = zws(0, b"never", KEY)
    data = zws(1, b"a", KEY) + websocket(looks_like_a_frame, KEY, PING) + zws(0, b"b", KEY)
    found = b""
    for place in range(len(data)):
        rig.peer.sendall(data[place : place + 1])
        rig.move()
        found += take(rig.ours)
    assert read_zmtp(found) == [(1, b"a"), (0, b"b")]
    assert rig.to_peer() == [(PONG, looks_like_a_frame)]


@pytest.mark.parametrize("is_client", [False, True])
def test_a_frame_masked_by_the_wrong_side_is_refused(make_rig: MakeRig, is_client: bool) -> None:
    rig = make_rig(SocketType.PULL, "ws", is_client)
    rig.shake_hands(b"PULL", b"PUSH")
    with pytest.raises(LinkFailedError, match="against RFC 6455"):
        rig.from_peer(zws(0, b"x", KEY if is_client else b""))


# ---- the end -----------------------------------------------------------------------------------


def test_a_goodbye_of_the_peer_ends_it(make_rig: MakeRig) -> None:
    rig = make_rig(SocketType.PULL, "ws")
    rig.shake_hands(b"PULL", b"PUSH")
    assert rig.from_peer(zws(0, b"last") + websocket(b"", first=CLOSE)) == [(0, b"last")]
    assert rig.bridge.has_ended
    rig.bridge.say_goodbye()
    assert rig.to_peer() == [(CLOSE, (1000).to_bytes(2))]
    assert rig.peer.recv(1) == b""


@pytest.mark.parametrize("scheme", ["tcp", "ws"])
def test_when_libzmq_leaves_all_it_said_arrives_with_a_goodbye(
    make_rig: MakeRig, scheme: str
) -> None:
    rig = make_rig(SocketType.CLIENT, scheme)
    rig.shake_hands(b"DEALER", b"SERVER")
    rig.ours.sendall(zmtp(0, b"last"))
    rig.ours.close()
    rig.move()
    assert rig.bridge.has_ended
    rig.bridge.say_goodbye()
    data = take(rig.peer)
    if scheme == "ws":
        goodbye = (CLOSE, (1000).to_bytes(2))
        assert read_websocket(data, True) == [(BINARY, b"\0last"), goodbye]
    else:
        assert data == zmtp(0, b"last")


def test_what_libzmq_does_not_take_yet_keeps_it_alive(make_rig: MakeRig) -> None:
    rig = make_rig(SocketType.GATHER)
    rig.shake_hands(b"PULL", b"SCATTER")
    frame = zmtp(0, bytes(100_000))
    sent = 0
    while rig.bridge.interests()[0][1]:
        rig.peer.sendall(frame)
        rig.bridge.move()
        sent += 1
    rig.peer.close()
    rig.move()
    assert not rig.bridge.has_ended
    found = b""
    while not rig.bridge.has_ended:
        found += take(rig.ours)
        rig.move()
    assert read_zmtp(found + take(rig.ours)) == [(0, bytes(100_000))] * sent
