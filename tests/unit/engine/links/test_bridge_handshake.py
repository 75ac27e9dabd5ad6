"""READY on its way over a bridge: rewritten, made up for bare ZWS 2.0, refused."""

from __future__ import annotations

import pytest

from tests.link_rig import (
    BINARY,
    CONTINUATION,
    FIRST_FRAGMENT,
    KEY,
    command,
    read_websocket,
    read_zmtp,
    ready,
    take,
    websocket,
    zmtp,
    zws,
)
from tests.unit.engine.links.bridge_rig import DRAFTS, MakeBridge
from zmqscope.core.types import SocketType
from zmqscope.core.zmtp.commands import encode_error
from zmqscope.engine.links.bridge import WrongPeerError
from zmqscope.engine.links.flow import LinkFailedError
from zmqscope.engine.links.wire import READ

# ---- READY -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", DRAFTS, ids=lambda kind: kind.name)
def test_a_draft_type_is_its_twin_to_libzmq_and_itself_to_its_peer(
    make_bridge: MakeBridge, kind: SocketType
) -> None:
    own, peer, peer_to_us = DRAFTS[kind]
    rig = make_bridge(kind)
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
    make_bridge: MakeBridge, kind: SocketType, scheme: str
) -> None:
    own, peer, peer_to_us = DRAFTS[kind]
    rig = make_bridge(kind, scheme)
    rig.from_ours((4, ready(own)))
    theirs = ready(peer).replace(b"Socket-Type", b"socket-TYPE")
    framed = zws(2, theirs) if scheme == "ws" else zmtp(4, theirs)
    assert rig.from_peer(framed) == [(4, ready(peer_to_us))]


def test_stable_types_over_websocket_keep_their_metadata(make_bridge: MakeBridge) -> None:
    rig = make_bridge(SocketType.DEALER, "ws", is_client=False)
    mine = ready(b"DEALER", (b"Identity", b"me"))
    assert read_websocket(rig.from_ours((4, mine)), is_masked=False) == [(BINARY, b"\x02" + mine)]
    theirs = ready(b"ROUTER", (b"Identity", b"you"), (b"X-Y", b""))
    assert rig.from_peer(zws(2, theirs, KEY)) == [(4, theirs)]
    assert rig.bridge.is_done


def test_a_pub_is_one_to_its_peers_though_it_is_an_xpub_underneath(make_bridge: MakeBridge) -> None:
    rig = make_bridge(SocketType.PUB, "ws", is_client=False)
    said = rig.from_ours((4, ready(b"XPUB", (b"X-Y", b"1"))))
    shown = ready(b"PUB", (b"X-Y", b"1"))
    assert read_websocket(said, is_masked=False) == [(BINARY, b"\x02" + shown)]


@pytest.mark.parametrize("scheme", ["tcp", "ws"])
def test_who_the_peer_is_is_told_before_our_socket_knows(
    make_bridge: MakeBridge, scheme: str
) -> None:
    rig = make_bridge(SocketType.SERVER, scheme, is_client=False)
    seen: list[tuple[bytes, bytes | None, bytes]] = []

    def on_handshake() -> None:
        bridge = rig.bridge
        seen.append((bridge.peer_type, bridge.peer_identity, take(rig.ours)))

    rig.bridge.on_handshake = on_handshake
    rig.from_ours((4, ready(b"ROUTER")))
    theirs = ready(b"CLIENT", (b"Identity", b"you"))
    assert rig.from_peer(zws(2, theirs, KEY) if scheme == "ws" else zmtp(4, theirs))
    assert seen == [(b"CLIENT", b"you", b"")]


def test_under_curve_only_the_handshake_itself_is_told(make_bridge: MakeBridge) -> None:
    rig = make_bridge(SocketType.PULL, "ws", is_client=False, mechanism=b"CURVE")
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
    make_bridge: MakeBridge, kind: SocketType, peer: bytes, said: str
) -> None:
    rig = make_bridge(kind, "ws")
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
def test_a_ready_that_is_none_is_refused(make_bridge: MakeBridge, scheme: str, body: bytes) -> None:
    rig = make_bridge(SocketType.PEER, scheme)
    rig.from_ours((4, ready(b"ROUTER")))
    with pytest.raises(LinkFailedError, match="broke ZMTP"):
        rig.from_peer(zws(2, body) if scheme == "ws" else zmtp(4, body))


@pytest.mark.parametrize("scheme", ["tcp", "ws"])
@pytest.mark.parametrize("more", [0, 1])
def test_a_message_before_ready_is_refused(make_bridge: MakeBridge, scheme: str, more: int) -> None:
    rig = make_bridge(SocketType.CLIENT, scheme)
    rig.from_ours((4, ready(b"DEALER")))
    with pytest.raises(LinkFailedError, match="sent a message before its handshake"):
        rig.from_peer(zws(more, b"x") if scheme == "ws" else zmtp(more, b"x"))


def test_the_reason_of_a_refusal_reaches_libzmq(make_bridge: MakeBridge) -> None:
    rig = make_bridge(SocketType.DEALER, "ws")
    rig.from_ours((4, ready(b"DEALER")))
    refusal = encode_error(b"no")
    assert rig.from_peer(zws(2, refusal)) == [(4, refusal)]
    assert not rig.bridge.is_done


@pytest.mark.parametrize("scheme", ["tcp", "ws"])
def test_nothing_reaches_libzmq_before_its_own_ready(make_bridge: MakeBridge, scheme: str) -> None:
    theirs = ready(b"SERVER")
    frame = zws(2, theirs) + zws(0, b"hi") if scheme == "ws" else zmtp(4, theirs) + zmtp(0, b"hi")
    for rest, sent in ((frame, b""), (b"", frame), (frame[:9], frame[9:])):
        rig = make_bridge(SocketType.CLIENT, scheme, rest=rest)
        assert rig.from_peer(sent) == []
        # It waits for libzmq alone, and does not ask the peer for more.
        (_, outer_needs), (_, inner_needs) = rig.bridge.interests()
        assert (outer_needs, inner_needs) == (0, READ)
        rig.from_ours((4, ready(b"DEALER")))
        assert read_zmtp(take(rig.ours)) == [(4, ready(b"ROUTER")), (0, b"hi")]


def test_a_ready_in_fragments_is_not_lost_while_libzmq_is_slow(make_bridge: MakeBridge) -> None:
    theirs = b"\x02" + ready(b"SERVER")
    rig = make_bridge(SocketType.CLIENT, "ws")
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
def test_routing_ids_stand_for_ready(
    make_bridge: MakeBridge, kind: SocketType, is_client: bool
) -> None:
    rig = make_bridge(kind, "ws", is_client, has_ready=False)
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
def test_routing_ids_may_be_empty_and_are_cut_at_255(
    make_bridge: MakeBridge, routing_id: bytes
) -> None:
    rig = make_bridge(SocketType.PULL, "ws", has_ready=False)
    assert read_websocket(rig.from_ours((4, ready(b"PULL"))), True) == [(BINARY, b"\0")]
    made = rig.from_peer(zws(0, routing_id))
    assert made == [(4, ready(b"PUSH", (b"Identity", routing_id[:255])))]
