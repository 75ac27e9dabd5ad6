"""A bridge once hands are shaken: heartbeats, mechanisms, fragments, and the end."""

from __future__ import annotations

import pytest

from tests.link_rig import (
    BINARY,
    CLOSE,
    CONTINUATION,
    FIRST_FRAGMENT,
    KEY,
    PING,
    PONG,
    command,
    read_websocket,
    read_zmtp,
    ready,
    take,
    websocket,
    zmtp,
    zws,
)
from tests.unit.engine.links.bridge_rig import MakeBridge
from zmqscope.core.types import SocketType
from zmqscope.engine.links.flow import LinkFailedError
from zmqscope.engine.links.wire import READ, WRITE

# ---- heartbeats --------------------------------------------------------------------------------


@pytest.mark.parametrize("is_client", [False, True])
def test_a_ping_of_libzmq_becomes_one_of_the_websocket(
    make_bridge: MakeBridge, is_client: bool
) -> None:
    rig = make_bridge(SocketType.PULL, "ws", is_client)
    rig.shake_hands(b"PULL", b"PUSH")
    sent = rig.from_ours((4, command(b"PING", b"\x00\x0actx")))
    assert read_websocket(sent, is_client) == [(PING, b"ctx")]
    pong = websocket(b"ctx", rig.key, PONG)
    assert rig.from_peer(pong) == [(4, command(b"PONG", b"ctx"))]
    assert rig.from_peer(pong) == [], "nobody asked for a second one"


def test_a_ping_of_the_websocket_is_answered_here(make_bridge: MakeBridge) -> None:
    rig = make_bridge(SocketType.PULL, "ws", is_client=False)
    rig.shake_hands(b"PULL", b"PUSH")
    sent = zws(1, b"a", KEY) + websocket(b"?", KEY, PING) + zws(0, b"b", KEY)
    assert rig.from_peer(sent) == [(1, b"a"), (0, b"b")]
    assert rig.to_peer() == [(PONG, b"?")]


@pytest.mark.parametrize("mechanism", [b"NULL", b"PLAIN", b"CURVE"])
def test_a_pong_that_nobody_asked_for_never_reaches_libzmq(
    make_bridge: MakeBridge, mechanism: bytes
) -> None:
    # libzmq gives a connection up for a command that it does not expect in a handshake.
    rig = make_bridge(SocketType.PULL, "ws", mechanism=mechanism)
    assert rig.from_peer(websocket(b"", first=PONG)) == []
    rig.from_ours((4, ready(b"PULL")))
    assert take(rig.ours) == b""
    assert rig.from_peer(websocket(b"x", first=PONG)) == []
    assert rig.from_peer(zws(2, ready(b"PUSH"))) == [(4, ready(b"PUSH"))]
    assert rig.from_peer(websocket(b"x", first=PONG)) == []


def test_heartbeats_of_draft_types_over_tcp_pass_through(make_bridge: MakeBridge) -> None:
    rig = make_bridge(SocketType.GATHER)
    rig.shake_hands(b"PULL", b"SCATTER")
    ping, pong = command(b"PING", b"\0\0x"), command(b"PONG", b"x")
    assert rig.from_ours((4, ping)) == zmtp(4, ping)
    assert rig.from_peer(zmtp(4, pong) + zmtp(4, ping)) == [(4, pong), (4, ping)]
    assert rig.from_ours((4, pong)) == zmtp(4, pong)


def test_pings_without_end_from_a_peer_that_reads_nothing_cost_no_memory(
    make_bridge: MakeBridge,
) -> None:
    rig = make_bridge(SocketType.PULL, "ws", is_client=False)
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


def test_plain_passes_through_and_its_types_are_rewritten(make_bridge: MakeBridge) -> None:
    hello, welcome = command(b"HELLO", b"\x01u\x01p"), command(b"WELCOME")
    client = make_bridge(SocketType.CLIENT, "ws", mechanism=b"PLAIN")
    assert read_websocket(client.from_ours((4, hello)), True) == [(BINARY, b"\x02" + hello)]
    assert client.from_peer(zws(2, welcome)) == [(4, welcome)]
    sent = client.from_ours((4, ready(b"DEALER", (b"Identity", b""), name=b"INITIATE")))
    initiate = ready(b"CLIENT", name=b"INITIATE")
    assert read_websocket(sent, True) == [(BINARY, b"\x02" + initiate)]
    assert not client.bridge.is_done
    assert client.from_peer(zws(2, ready(b"SERVER"))) == [(4, ready(b"ROUTER"))]
    assert client.bridge.is_done

    server = make_bridge(SocketType.SERVER, "ws", is_client=False, mechanism=b"PLAIN")
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
def test_curve_passes_through_unread(
    make_bridge: MakeBridge, is_client: bool, as_server: bool
) -> None:
    rig = make_bridge(SocketType.REQ, "ws", is_client, mechanism=b"CURVE")
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


def test_long_fragments_whose_bytes_look_like_frames(make_bridge: MakeBridge) -> None:
    rig = make_bridge(SocketType.PULL, "ws")
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


def test_control_frames_cut_anywhere_between_messages(make_bridge: MakeBridge) -> None:
    rig = make_bridge(SocketType.PULL, "ws", is_client=False)
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
def test_a_frame_masked_by_the_wrong_side_is_refused(
    make_bridge: MakeBridge, is_client: bool
) -> None:
    rig = make_bridge(SocketType.PULL, "ws", is_client)
    rig.shake_hands(b"PULL", b"PUSH")
    with pytest.raises(LinkFailedError, match="against RFC 6455"):
        rig.from_peer(zws(0, b"x", KEY if is_client else b""))


# ---- the end -----------------------------------------------------------------------------------


def test_a_goodbye_of_the_peer_ends_it(make_bridge: MakeBridge) -> None:
    rig = make_bridge(SocketType.PULL, "ws")
    rig.shake_hands(b"PULL", b"PUSH")
    assert rig.from_peer(zws(0, b"last") + websocket(b"", first=CLOSE)) == [(0, b"last")]
    assert rig.bridge.has_ended
    rig.bridge.say_goodbye()
    assert rig.to_peer() == [(CLOSE, (1000).to_bytes(2))]
    assert rig.peer.recv(1) == b""


@pytest.mark.parametrize("scheme", ["tcp", "ws"])
def test_when_libzmq_leaves_all_it_said_arrives_with_a_goodbye(
    make_bridge: MakeBridge, scheme: str
) -> None:
    rig = make_bridge(SocketType.CLIENT, scheme)
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


def test_what_libzmq_does_not_take_yet_keeps_it_alive(make_bridge: MakeBridge) -> None:
    rig = make_bridge(SocketType.GATHER)
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
