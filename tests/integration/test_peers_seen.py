"""What the engine knows of the peers at the other end: real ones, in processes of their own."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.callers import plain
from tests.integration.conftest import StartPeer
from tests.integration.exchange import received, until_fact
from tests.integration.locked import PASSWORD, USER, Keys
from tests.kernel_rig import load_kernels
from tests.link_rig import greeting, ready, zmtp
from tests.peers.launch import PeerProcess
from tests.rig import EngineRig
from zmqscope.core.peers import Peer, PeerState, PeerSubscription
from zmqscope.core.types import SocketId, SocketType
from zmqscope.engine import commands as cmd

TCP = "tcp://127.0.0.1:*"


def peers(rig: EngineRig, socket_id: SocketId) -> tuple[Peer, ...]:
    told = rig.peers.get(socket_id)
    return told.peers if told is not None else ()


def until_peers(
    rig: EngineRig, socket_id: SocketId, count: int, holds: Callable[[Peer], object]
) -> tuple[Peer, ...]:
    """All peers of a socket, once there are so many and something holds of each."""
    rig.until(
        lambda: (
            len(peers(rig, socket_id)) == count
            and all(holds(peer) for peer in peers(rig, socket_id))
        ),
        # Processes are looked for at the pace that a fiftieth of a core allows.
        30.0,
    )
    return peers(rig, socket_id)


def until_one(
    rig: EngineRig, socket_id: SocketId, holds: Callable[[Peer], object] = lambda _: True
) -> Peer:
    """The only peer of a socket, once something holds of it."""
    (peer,) = until_peers(rig, socket_id, 1, holds)
    return peer


def is_ready(peer: Peer) -> bool:
    return peer.state is PeerState.READY


def is_told(peer: Peer) -> bool:
    return is_ready(peer) and peer.is_type_told


def has_process(peer: Peer) -> bool:
    return is_ready(peer) and peer.process is not None


def wants(rig: EngineRig, socket_id: SocketId) -> dict[bytes, PeerSubscription]:
    told = rig.peers.get(socket_id)
    if told is None or told.subscriptions is None:
        return {}
    return {each.topic: each for each in told.subscriptions}


def counts(rig: EngineRig, socket_id: SocketId) -> dict[bytes, tuple[int, int]]:
    """By topic: how many want it, and of how many it is known who they are."""
    return {t: (each.count, len(each.peers)) for t, each in wants(rig, socket_id).items()}


def pid_of(peer: PeerProcess) -> int:
    return peer._process.pid


# ---- transports and roles ----------------------------------------------------------------------


@pytest.mark.parametrize("transport", ["tcp", "tcp6", "ipc"])
@pytest.mark.parametrize("binds", [True, False])
def test_who_is_at_the_other_end(
    rig: EngineRig, start_peer: StartPeer, ipc_folder: Path, transport: str, binds: bool
) -> None:
    address = {"tcp": TCP, "tcp6": "tcp://[::1]:*", "ipc": f"ipc://{ipc_folder}/a"}[transport]
    more = ("--ipv6",) if transport == "tcp6" else ()
    if binds:
        pull = rig.open(f"pull:@{address}")
        other = start_peer("twelve.py", "PUSH", "--connect", rig.address(pull), *more)
    else:
        other = start_peer("twelve.py", "PUSH", "--bind", address, *more)
        pull = rig.open(f"pull:{other.endpoint}")
    other.do("send", count=5)
    rig.until(lambda: len(received(rig, pull)) == 5)
    peer = until_one(rig, pull, lambda p: has_process(p) and is_told(p) and p.figures)
    assert peer.types == (SocketType.PUSH,)
    assert (peer.mechanism, peer.version) == ("NULL", "3.x")
    assert peer.process is not None
    assert peer.process.pid == pid_of(other)
    assert "twelve.py" in peer.process.command
    assert not peer.process.is_own
    assert peer.figures is not None
    assert (peer.figures.received_messages, peer.figures.received_bytes) == (5, 5 * 64)
    assert (peer.identity, peer.user_id, peer.own_socket) == (None, "", None)
    assert (peer.reconnects, peer.endpoint) == (0, rig.snapshots[pull].spec.endpoints[0])
    assert abs(peer.since_ns - rig.clock.now_ns()) < 20e9
    if transport == "ipc":
        assert peer.address == f"pid {pid_of(other)}"
    else:
        host, _, port = peer.address.rpartition(":")
        assert host == ("[::1]" if transport == "tcp6" else "127.0.0.1")
        assert int(port) > 0
        if not binds:
            assert peer.address == other.endpoint.removeprefix("tcp://")
    until_one(rig, pull, lambda p: (p.unsent_bytes, p.unread_bytes) == (0, 0))


@pytest.mark.parametrize(
    ("ours", "theirs", "types"),
    [
        ("push", "PULL", {"PULL"}),
        ("pub", "SUB", {"SUB", "XSUB"}),
        ("dealer", "REP", {"ROUTER", "REP", "DEALER"}),
        ("rep", "REQ", {"REQ", "DEALER"}),
        ("pair", "PAIR", {"PAIR"}),
    ],
)
def test_a_peer_that_has_said_nothing(
    rig: EngineRig, start_peer: StartPeer, ours: str, theirs: str, types: set[str]
) -> None:
    mine = rig.open(f"{ours}:@{TCP}")
    start_peer("twelve.py", theirs, "--connect", rig.address(mine))
    peer = until_one(rig, mine, is_ready)
    assert {each.name for each in peer.types} == types
    assert not peer.is_type_told


def test_stream_peers_have_no_type_and_no_version(rig: EngineRig) -> None:
    stream = rig.open(f"stream:@{TCP}")
    port = int(rig.address(stream).rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"hello")
        peer = until_one(rig, stream, lambda p: is_ready(p) and p.process and p.figures)
        assert (peer.types, peer.version, peer.mechanism) == ((), "", "")
        assert peer.process is not None
        assert peer.process.is_own
        assert peer.figures is not None
        assert peer.figures.received_bytes >= len(b"hello")
    rig.until(lambda: not peers(rig, stream))


# ---- identities and figures --------------------------------------------------------------------


def test_figures_by_routing_id(rig: EngineRig, start_peer: StartPeer) -> None:
    router = rig.open(f"router:@{TCP}")
    address = rig.address(router)
    named = start_peer("twelve.py", "DEALER", "--connect", address, "--identity", "mill-7")
    nameless = start_peer("twelve.py", "DEALER", "--connect", address)
    named.do("send", count=3)
    nameless.do("send", count=4)
    rig.until(lambda: len(received(rig, router)) == 7)
    found = until_peers(rig, router, 2, lambda p: is_told(p) and p.figures)
    by_identity = {peer.identity: peer for peer in found}
    assert by_identity.keys() == {b"mill-7", b""}
    first, second = by_identity[b"mill-7"].figures, by_identity[b""].figures
    assert first is not None
    assert second is not None
    assert (first.received_messages, second.received_messages) == (3, 4)
    assert rig.send(router, b"mill-7", b"back").accepted
    rig.until(
        lambda: (
            {p.identity: p.figures.sent_messages for p in peers(rig, router) if p.figures}
            == {b"mill-7": 1, b"": 0}
        )
    )


def test_figures_end_when_there_are_two(rig: EngineRig, start_peer: StartPeer) -> None:
    pull = rig.open(f"pull:@{TCP}")
    first = start_peer("twelve.py", "PUSH", "--connect", rig.address(pull))
    first.do("send", count=2)
    until_one(rig, pull, lambda p: p.figures and p.figures.received_messages == 2)
    second = start_peer("twelve.py", "PUSH", "--connect", rig.address(pull))
    until_peers(rig, pull, 2, lambda p: is_ready(p) and p.figures is None)
    second.kill()
    # What came while there were two is nobody's alone.
    assert until_one(rig, pull).figures is None


def test_the_same_again_is_a_reconnect(rig: EngineRig, start_peer: StartPeer) -> None:
    router = rig.open(f"router:@{TCP}")
    for time in range(3):
        peer = start_peer(
            "twelve.py", "DEALER", "--connect", rig.address(router), "--identity", "again"
        )
        peer.do("send", count=1)
        seen = until_one(rig, router, lambda p: is_told(p) and has_process(p))
        assert (seen.identity, seen.reconnects) == (b"again", time)
        peer.kill()
        rig.until(lambda: not peers(rig, router))


def test_a_connect_that_comes_back(rig: EngineRig, start_peer: StartPeer) -> None:
    first = start_peer("twelve.py", "PUB", "--bind", TCP)
    sub = rig.open(f"sub:{first.endpoint},topic=")
    before = until_one(rig, sub, is_ready)
    assert before.reconnects == 0
    first.kill()
    rig.until(lambda: not peers(rig, sub))
    start_peer("twelve.py", "PUB", "--bind", first.endpoint)
    after = until_one(rig, sub, is_ready)
    assert after.reconnects == 1
    assert after.peer_id != before.peer_id


# ---- handshakes --------------------------------------------------------------------------------


def test_strangers_are_not_taken_for_the_peer(rig: EngineRig, start_peer: StartPeer) -> None:
    push = rig.open(f"push:@{TCP}")
    port = int(rig.address(push).rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as silent:
        stranger = until_one(rig, push, lambda p: p.address)
        assert stranger.state is PeerState.HANDSHAKE
        assert (stranger.mechanism, stranger.version) == ("", "")
        start_peer("twelve.py", "PULL", "--connect", rig.address(push))
        rig.until(lambda: rig.snapshots[push].peer_count == 1)
        # libzmq tells of a handshake, but not of whose.
        rig.until(lambda: {p.state for p in peers(rig, push)} == set(PeerState) - {SURPLUS})
        states = {p.address: p.state for p in peers(rig, push)}
        host, own_port = silent.getsockname()
        assert states[f"{host}:{own_port}"] is PeerState.HANDSHAKE


SURPLUS = PeerState.SURPLUS


def test_a_surplus_peer(rig: EngineRig, start_peer: StartPeer) -> None:
    pair = rig.open(f"pair:@{TCP}")
    start_peer("twelve.py", "PAIR", "--connect", rig.address(pair))
    until_one(rig, pair, is_ready)
    start_peer("twelve.py", "PAIR", "--connect", rig.address(pair))
    rig.until(lambda: [p.state for p in peers(rig, pair)] == [PeerState.READY, SURPLUS])


def test_an_old_peer(rig: EngineRig) -> None:
    pull = rig.open(f"pull:@{TCP}")
    port = int(rig.address(pull).rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as old:
        # ZMTP 1.0 (RFC 13): an empty identity, then a message.
        old.sendall(b"\x01\x00" + b"\x03\x00hi")
        peer = until_one(rig, pull, is_ready)
        assert (peer.version, peer.mechanism) == ("1.0 or 2.0", "")


def test_a_stopped_process(rig: EngineRig, start_peer: StartPeer) -> None:
    push = rig.open(f"push:@{TCP}")
    other = start_peer("twelve.py", "PULL", "--connect", rig.address(push))
    until_one(rig, push, has_process)
    other.pause()
    until_one(rig, push, lambda p: p.process and p.process.is_stopped)
    os.kill(pid_of(other), signal.SIGCONT)
    until_one(rig, push, lambda p: p.process and not p.process.is_stopped)


def test_what_waits_for_a_peer_that_does_not_read(rig: EngineRig, start_peer: StartPeer) -> None:
    push = rig.open(f"push:@{TCP}")
    other = start_peer("twelve.py", "PULL", "--connect", rig.address(push))
    until_one(rig, push, is_ready)
    other.pause()
    for _ in range(40):
        rig.send(push, bytes(1 << 20))
    peer = until_one(rig, push, lambda p: p.unsent_bytes)
    assert peer.unsent_bytes is not None
    assert peer.unsent_bytes > 100_000


# ---- this app's own ----------------------------------------------------------------------------


@pytest.mark.parametrize("transport", ["tcp", "ipc", "inproc", "ws"])
def test_own_sockets_know_each_other(rig: EngineRig, ipc_folder: Path, transport: str) -> None:
    address = {
        "tcp": TCP,
        "ipc": f"ipc://{ipc_folder}/own",
        "inproc": "inproc://own",
        "ws": "ws://127.0.0.1:*",
    }[transport]
    pub = rig.open(f"pub:@{address}")
    sub = rig.open(f"sub:{rig.address(pub)},topic=")
    there = until_one(rig, pub, lambda p: p.own_socket and p.process)
    here = until_one(rig, sub, lambda p: p.own_socket and p.process)
    assert (there.own_socket, here.own_socket) == (sub, pub)
    assert (there.types, here.types) == ((SocketType.SUB,), (SocketType.PUB,))
    assert there.is_type_told
    assert there.process is not None
    assert there.process.is_own
    assert there.process.pid == os.getpid()
    rig.change(cmd.CloseSocket(sub))
    rig.until(lambda: not peers(rig, pub) and not peers(rig, sub))


def test_two_own_peers_over_one_path_are_not_mixed_up(rig: EngineRig, ipc_folder: Path) -> None:
    push = rig.open(f"push:@ipc://{ipc_folder}/two")
    for _ in range(2):
        rig.open(f"pull:ipc://{ipc_folder}/two")
    second = until_peers(rig, push, 2, has_process)[1]
    assert second.process is not None
    assert second.process.is_own
    assert second.own_socket is None  # it may be either


# ---- links -------------------------------------------------------------------------------------


def test_a_peer_beyond_a_websocket(rig: EngineRig, start_peer: StartPeer) -> None:
    router = rig.open("router:@ws://127.0.0.1:*")
    for name in ("one", "two"):
        dealer = start_peer(
            "libzmq5.py", "DEALER", "--connect", rig.address(router), "--identity", name
        )
        dealer.do("send", count=2)
    found = until_peers(rig, router, 2, lambda p: is_told(p) and p.process and p.figures)
    assert {peer.identity for peer in found} == {b"one", b"two"}
    for peer in found:
        assert peer.types == (SocketType.DEALER,)
        assert (peer.version, peer.mechanism) == ("ZWS 2.0", "NULL")
        assert peer.address.startswith("127.0.0.1:")
        assert peer.process is not None
        assert "libzmq5.py" in peer.process.command
        assert peer.identity is not None
        assert peer.identity.decode() in peer.process.command
        assert peer.figures is not None
        assert peer.figures.received_messages == 2


def test_a_connect_over_a_websocket_that_comes_back(rig: EngineRig, start_peer: StartPeer) -> None:
    first = start_peer("libzmq5.py", "PUSH", "--bind", "ws://127.0.0.1:*")
    pull = rig.open(f"pull:{first.endpoint}")
    peer = until_one(rig, pull, lambda p: is_told(p) and p.process)
    assert peer.types == (SocketType.PUSH,)
    assert peer.process is not None
    assert peer.process.pid == pid_of(first)
    first.kill()
    rig.until(lambda: not peers(rig, pull))
    again = start_peer("libzmq5.py", "PUSH", "--bind", first.endpoint)
    peer = until_one(rig, pull, lambda p: is_told(p) and p.process)
    assert peer.process is not None
    assert (peer.process.pid, peer.reconnects) == (pid_of(again), 1)


@pytest.mark.parametrize("transport", ["tcp", "ipc"])
def test_draft_peers(
    rig: EngineRig, start_peer: StartPeer, ipc_folder: Path, transport: str
) -> None:
    address = TCP if transport == "tcp" else f"ipc://{ipc_folder}/draft"
    server = rig.open(f"server:@{address}")
    client = start_peer("libzmq_draft.py", "CLIENT", "--connect", rig.address(server))
    client.do("send", count=3)
    peer = until_one(rig, server, lambda p: is_told(p) and p.process and p.figures)
    assert (peer.types, peer.version) == ((SocketType.CLIENT,), "3.1")
    assert peer.process is not None
    assert peer.process.pid == pid_of(client)
    assert peer.figures is not None
    assert peer.figures.received_messages == 3


# ---- subscriptions -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["pub", "xpub"])
def test_who_wants_what(rig: EngineRig, start_peer: StartPeer, kind: str) -> None:
    mine = rig.open(f"{kind}:@{TCP}")
    a, b = (start_peer("twelve.py", "XSUB", "--connect", rig.address(mine)) for _ in range(2))
    until_peers(rig, mine, 2, is_ready)
    for frame in (b"\x01both", b"\x01a", b"\x01"):
        a.say(frame)
    b.say(b"\x01both")
    rig.until(lambda: counts(rig, mine) == {b"both": (2, 2), b"a": (1, 1), b"": (1, 1)})
    found = until_peers(rig, mine, 2, is_told)
    assert {peer.types for peer in found} == {(SocketType.XSUB,)}
    a.say(b"\x00a")
    rig.until(lambda: counts(rig, mine) == {b"both": (2, 2), b"": (1, 1)})
    b.kill()
    rig.until(lambda: counts(rig, mine) == {b"both": (1, 1), b"": (1, 1)})
    (left,) = peers(rig, mine)
    assert wants(rig, mine)[b"both"].peers == (left.peer_id,)
    a.say(b"\x00both")
    a.say(b"\x00")
    rig.until(lambda: not counts(rig, mine))
    # A PUB receives nothing; an XPUB has what it read among its messages, in order.
    first = b"" if kind == "pub" else b"\x01"
    heard = [message.frames[0][:1] for message in rig.messages(mine)]
    assert (heard[:1] or [b""]) == [first]
    assert len(heard) == (0 if kind == "pub" else 8)


def test_subscriptions_over_inproc_are_counted(rig: EngineRig) -> None:
    pub = rig.open("pub:@inproc://counted")
    first = rig.open("sub:inproc://counted,topic=a,topic=b")
    rig.open("sub:inproc://counted,topic=a")
    rig.until(lambda: counts(rig, pub) == {b"a": (2, 0), b"b": (1, 0)})
    rig.change(cmd.CloseSocket(first))
    rig.until(lambda: counts(rig, pub) == {b"a": (1, 0)})


def test_groups_of_a_radio(rig: EngineRig, start_peer: StartPeer) -> None:
    radio = rig.open(f"radio:@{TCP}")
    group = b"news".hex()
    for _ in range(2):
        start_peer("libzmq_draft.py", "DISH", "--connect", rig.address(radio), "--group", group)
    rig.until(lambda: counts(rig, radio) == {b"news": (2, 2)})
    assert {p.types for p in until_peers(rig, radio, 2, is_told)} == {(SocketType.DISH,)}


def test_subscribers_of_a_pub_over_websocket(rig: EngineRig, start_peer: StartPeer) -> None:
    pub = rig.open("pub:@ws://127.0.0.1:*")
    topic = b"rates".hex()
    sub = start_peer("libzmq5.py", "SUB", "--connect", rig.address(pub), "--subscribe", topic)
    rig.until(lambda: counts(rig, pub) == {b"rates": (1, 1)})
    sub.do("await", count=1, any=True)
    assert rig.send(pub, b"rates", b"1").accepted
    rig.until(lambda: sub.fact() is not None)
    sub.kill()
    rig.until(lambda: not counts(rig, pub) and not peers(rig, pub))


def test_a_peer_of_zmtp_3_0_subscribes_by_message(rig: EngineRig) -> None:
    pub = rig.open(f"pub:@{TCP}")
    port = int(rig.address(pub).rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as sub:
        sub.settimeout(60)
        sub.sendall(greeting(minor=0) + zmtp(4, ready(b"SUB")))
        came = b""
        while b"Socket-Type" not in came:
            came += sub.recv(4096)
        sub.sendall(zmtp(0, b"\x01old"))
        rig.until(lambda: counts(rig, pub) == {b"old": (1, 1)})
        assert rig.send(pub, b"old", b"news").accepted
        while b"news" not in came:
            came += sub.recv(4096)
    rig.until(lambda: not counts(rig, pub))


def test_a_conflating_pub_stays_one(rig: EngineRig, start_peer: StartPeer) -> None:
    pub = rig.open(f"pub:@{TCP},conflate=1")
    start_peer("twelve.py", "SUB", "--connect", rig.address(pub), "--subscribe", "")
    until_one(rig, pub, is_ready)
    assert rig.peers[pub].subscriptions is None


def test_an_xpub_that_is_told_only_the_first(rig: EngineRig, start_peer: StartPeer) -> None:
    xpub = rig.open(f"xpub:@{TCP},xpub_verboser=0")
    first, second = (
        start_peer("twelve.py", "SUB", "--connect", rig.address(xpub), "--subscribe", "61")
        for _ in range(2)
    )
    until_peers(rig, xpub, 2, is_ready)
    rig.until(lambda: counts(rig, xpub)[b"a"][0] == 1)
    first.kill()
    until_one(rig, xpub)
    assert counts(rig, xpub)[b"a"][0] == 1
    second.kill()
    rig.until(lambda: not counts(rig, xpub))


def test_what_peers_send_to_a_pub_is_dropped(rig: EngineRig, start_peer: StartPeer) -> None:
    pub = rig.open(f"pub:@{TCP}")
    other = start_peer("twelve.py", "XSUB", "--connect", rig.address(pub))
    other.do("send", count=2_000)
    other.do("flushed")
    other.say(b"\x01last")
    rig.until(lambda: counts(rig, pub) == {b"last": (1, 1)})
    assert not received(rig, pub)


# ---- names, locks, proxies ---------------------------------------------------------------------


@pytest.mark.parametrize("ours", ["pull", "push"])
def test_what_the_authenticator_calls_them(
    rig: EngineRig, start_peer: StartPeer, tmp_path: Path, ours: str
) -> None:
    theirs = "PUSH" if ours == "pull" else "PULL"
    rig.change(cmd.SetAccess(Keys.make(tmp_path).access))
    mine = rig.open(f"{ours}:@{TCP},lock=plain-server")
    other = start_peer("twelve.py", theirs, "--connect", rig.address(mine), *plain(USER, PASSWORD))
    if ours == "pull":
        other.do("send", count=1)
    # A PULL says nothing: then it is the authenticator's own record that knows.
    peer = until_one(rig, mine, lambda p: p.user_id)
    assert (peer.user_id, peer.mechanism) == (USER, "PLAIN")


@pytest.mark.parametrize("draft", [False, True])
def test_a_peer_behind_a_proxy(rig: EngineRig, start_peer: StartPeer, draft: bool) -> None:
    script, kind = ("libzmq_draft.py", "SCATTER") if draft else ("twelve.py", "PUSH")
    other = start_peer(script, kind, "--bind", TCP)
    proxy = start_peer("socks_proxy.py", "--know", "behind.test=127.0.0.1")
    target = other.endpoint.replace("127.0.0.1", "behind.test")
    taker = "gather" if draft else "pull"
    mine = rig.open(f"{taker}:{target},socks_proxy={proxy.endpoint}")
    other.do("send", count=1)
    peer = until_one(rig, mine, is_told)
    assert peer.address == target.removeprefix("tcp://")
    assert peer.types == (SocketType[kind],)
    assert peer.process is None  # of the proxy something would be known, of the peer nothing is


# ---- order and counts --------------------------------------------------------------------------


@pytest.fixture(params=["native", "plain"])
def either(request: pytest.FixtureRequest) -> Iterator[EngineRig]:
    """An engine that takes messages in the one way or in the other."""
    with EngineRig(kernels=load_kernels() if request.param == "native" else None) as engine:
        yield engine


@pytest.mark.parametrize("kind", ["pull", "router", "sub"])
def test_introductions_keep_every_message_in_order(
    either: EngineRig, start_peer: StartPeer, kind: str
) -> None:
    theirs = {"pull": "PUSH", "router": "DEALER", "sub": "XPUB"}[kind]
    mine = either.open(f"{kind}:@{TCP}" + (",topic=" if kind == "sub" else ""))
    prefix = [b"head".hex()] * 2
    count, found = 3_000, dict[bytes, list[int]]()
    peers: list[PeerProcess] = []
    # New peers come while others send: each has to be introduced in the midst of traffic.
    for number in range(6):
        name = f"peer-{number}"
        more = ("--identity", name) if kind == "router" else ()
        peer = start_peer("twelve.py", theirs, "--connect", either.address(mine), *more)
        if kind == "sub":
            # What it sends before our subscription has reached it would be lost.
            peer.do("await", count=1, any=True)
            until_fact(either, peer, "received", lambda: None)
        peer.do("send", count=count, prefix=[name.encode().hex(), *prefix], size=40)
        peers.append(peer)
    totals = either.store.counters.of(mine).received
    either.until(lambda: totals.messages >= 6 * count, 60.0)
    assert len(received(either, mine)) == 6 * count
    for message in received(either, mine):
        frames = message.frames[1:] if kind == "router" else message.frames
        assert frames[1:-1] == (b"head", b"head")
        found.setdefault(frames[0], []).append(int.from_bytes(frames[-1][:8]))
    assert len(found) == 6
    assert all(numbers == list(range(count)) for numbers in found.values())
    # What came in one burst may all have gone the quick way: they are known once they speak again.
    while not all(map(is_told, either.peers[mine].peers)):
        for peer in peers:
            peer.say(b"again")
        until_some(either, mine, totals.messages)
    until_peers(either, mine, 6, is_told)


def until_some(rig: EngineRig, socket_id: SocketId, before: int) -> None:
    """Until more has come, and a look at the peers is due again."""
    told = rig.peers.get(socket_id)
    totals = rig.store.counters.of(socket_id).received
    rig.until(lambda: totals.messages > before or rig.peers.get(socket_id) is not told)
