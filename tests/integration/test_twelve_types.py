"""The engine against real peers in other processes: every type, transport and role."""

from __future__ import annotations

import errno
import socket
from pathlib import Path

import pytest

from tests.integration.conftest import StartPeer
from tests.integration.exchange import (
    COUNT,
    PEER_ARGUMENTS,
    TALKS,
    TOPIC,
    give_to_peer,
    numbered,
    numbers,
    probe_from_peer,
    received,
    take_from_peer,
    until_fact,
    until_peers,
)
from tests.peers.launch import PeerProcess
from tests.rig import EngineRig
from zmqscope.core.types import (
    Direction,
    Endpoint,
    EndpointState,
    Role,
    SocketId,
    SocketState,
    Turn,
)
from zmqscope.engine import commands as cmd

TCP = "tcp://127.0.0.1:*"
LIBZMQ5_TYPES = ("PAIR", "PUB", "SUB", "REQ", "REP", "DEALER", "ROUTER", "PULL", "PUSH")


def meet(
    rig: EngineRig, start_peer: StartPeer, script: str, kind: str, address: str, role: Role
) -> tuple[SocketId, PeerProcess]:
    """Open a socket of the engine and start its peer, each in its role."""
    topics = f",topic={TOPIC.decode()}" if kind in ("SUB", "XSUB") else ""
    peer_type, arguments = TALKS[kind][0], PEER_ARGUMENTS.get(kind, ())
    if role is Role.BIND:
        socket_id = rig.open(f"{kind}:@{address}{topics}")
        assert rig.snapshots[socket_id].state is SocketState.LISTENING
        peer = start_peer(script, peer_type, "--connect", rig.address(socket_id), *arguments)
    else:
        peer = start_peer(script, peer_type, "--bind", address, *arguments)
        socket_id = rig.open(f"{kind}:{peer.endpoint}{topics}")
    return socket_id, peer


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("transport", ["tcp", "ipc"])
@pytest.mark.parametrize("kind", TALKS)
def test_every_type_talks_with_a_peer(
    rig: EngineRig, start_peer: StartPeer, ipc_folder: Path, kind: str, transport: str, role: Role
) -> None:
    address = TCP if transport == "tcp" else f"ipc://{ipc_folder}/s"
    socket_id, peer = meet(rig, start_peer, "twelve.py", kind, address, role)
    TALKS[kind][1](rig, socket_id, peer)
    until_peers(rig, socket_id)
    assert rig.snapshots[socket_id].state is SocketState.CONNECTED
    summary = peer.finish()
    assert (summary["missing"], summary["misordered"], summary["refused"]) == (0, 0, 0)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("kind", LIBZMQ5_TYPES)
def test_an_independent_libzmq_is_as_good_a_peer(
    rig: EngineRig, start_peer: StartPeer, kind: str, role: Role
) -> None:
    socket_id, peer = meet(rig, start_peer, "libzmq5.py", kind, TCP, role)
    TALKS[kind][1](rig, socket_id, peer)
    summary = peer.finish()
    assert (summary["missing"], summary["misordered"], summary["refused"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("bound", "connected"),
    [
        ("pub", "sub"),
        ("push", "pull"),
        ("pair", "pair"),
        ("xpub", "sub"),
        ("pub", "xsub"),
        ("dealer", "dealer"),
    ],
)
@pytest.mark.parametrize("bind_first", [True, False])
def test_the_apps_own_sockets_meet_over_inproc(
    rig: EngineRig, bound: str, connected: str, bind_first: bool
) -> None:
    topics = f",topic={TOPIC.decode()}" if connected in ("sub", "xsub") else ""
    specs = [f"{bound}:@inproc://here", f"{connected}:inproc://here{topics}"]
    opened = [rig.open(spec) for spec in (specs if bind_first else reversed(specs))]
    sender, receiver = opened if bind_first else reversed(opened)
    rig.until(lambda: rig.snapshots[receiver].state is SocketState.CONNECTED)
    rig.until(lambda: rig.snapshots[sender].state is SocketState.CONNECTED)
    # One step more: an XPUB's or PUB's side of the subscription is a command that it must take.
    rig.step()
    reports = [rig.send(sender, TOPIC, numbered(number)) for number in range(20)]
    assert all(report.accepted and report.problem is None for report in reports)
    rig.until(lambda: len(received(rig, receiver)) == 20)
    assert numbers(received(rig, receiver)) == list(range(20))


def test_req_and_rep_of_the_app_meet_over_inproc(rig: EngineRig) -> None:
    rep, req = rig.open("rep:@inproc://here"), rig.open("req:inproc://here")
    turns = rig.store.counters.of
    for number in range(10):
        assert rig.send(req, numbered(number)).accepted
        rig.until(lambda: turns(rep).turn is Turn.HOLDS_REQUEST)
        assert rig.send(rep, b"ok", numbered(number)).accepted
        rig.until(lambda: turns(req).turn is Turn.MAY_SEND)
    assert numbers(received(rig, req)) == list(range(10))


def test_router_and_dealer_of_the_app_meet_over_inproc(rig: EngineRig) -> None:
    router, dealer = rig.open("router:@inproc://here"), rig.open("dealer:inproc://here,identity=w1")
    assert rig.send(dealer, numbered(0)).accepted
    rig.until(lambda: len(rig.messages(router)) == 1)
    assert rig.messages(router)[0].frames[0] == b"w1"
    assert rig.send(router, b"w1", numbered(1)).accepted
    rig.until(lambda: len(received(rig, dealer)) == 1)


def is_refused(port: int) -> bool:
    """Whether nobody listens on a port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == errno.ECONNREFUSED


# ---- endpoints ------------------------------------------------------------------------------


def test_one_socket_binds_and_connects_several_endpoints(
    rig: EngineRig, start_peer: StartPeer, ipc_folder: Path
) -> None:
    first = start_peer("twelve.py", "PUSH", "--bind", TCP)
    second = start_peer("twelve.py", "PUSH", "--bind", f"ipc://{ipc_folder}/a")
    pull = rig.open(f"pull:{first.endpoint},{second.endpoint},@{TCP},@ipc://{ipc_folder}/b")
    third = start_peer("twelve.py", "PUSH", "--connect", rig.address(pull, 2))
    fourth = start_peer("twelve.py", "PUSH", "--connect", rig.address(pull, 3))
    until_peers(rig, pull, 4)
    assert [status.peers for status in rig.snapshots[pull].endpoints] == [1, 1, 1, 1]
    for name, peer in zip("abcd", (first, second, third, fourth), strict=True):
        peer.do("send", count=COUNT, prefix=[name.encode().hex()])
    rig.until(lambda: rig.store.counters.of(pull).received.messages == 4 * COUNT)
    for name in "abcd":
        ours = [m for m in rig.messages(pull) if m.frames[0] == name.encode()]
        assert numbers(ours) == list(range(COUNT))


def test_ipv6(rig: EngineRig, start_peer: StartPeer) -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 on this machine")
    pull = rig.open("pull:@tcp://[::1]:*")
    assert rig.address(pull).startswith("tcp://[::1]:")
    pusher = start_peer("twelve.py", "PUSH", "--ipv6", "--connect", rig.address(pull))
    take_from_peer(rig, pull, pusher)
    puller = start_peer("twelve.py", "PULL", "--ipv6", "--bind", "tcp://[::1]:*")
    push = rig.open(f"push:{puller.endpoint}")
    until_peers(rig, push)
    give_to_peer(rig, push, puller)


def test_ipv4_and_ipv6_on_one_socket(rig: EngineRig, start_peer: StartPeer) -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 on this machine")
    pull = rig.open(f"pull:@tcp://[::1]:*,@{TCP}")
    for index, option in ((0, ("--ipv6",)), (1, ())):
        peer = start_peer("twelve.py", "PUSH", *option, "--connect", rig.address(pull, index))
        take_from_peer(rig, pull, peer)
    until_peers(rig, pull, 2)
    assert [status.peers for status in rig.snapshots[pull].endpoints] == [1, 1]


@pytest.mark.parametrize("host", ["*", "127.0.0.1", "0.0.0.0", "lo"])
def test_wildcards_and_ephemeral_ports(rig: EngineRig, start_peer: StartPeer, host: str) -> None:
    pull = rig.open(f"pull:@tcp://{host}:*")
    port = rig.address(pull).rpartition(":")[2]
    assert port.isdigit()
    peer = start_peer("twelve.py", "PUSH", "--connect", f"tcp://127.0.0.1:{port}")
    take_from_peer(rig, pull, peer)
    until_peers(rig, pull)
    endpoint = rig.snapshots[pull].spec.endpoints[0]
    rig.change(cmd.RemoveEndpoint(pull, endpoint))
    # libzmq's own thread closes the listener, soon after.
    rig.until(lambda: is_refused(int(port)))


@pytest.mark.usefixtures("current_folder")
def test_an_ephemeral_ipc_endpoint_is_named_and_removed(
    rig: EngineRig, start_peer: StartPeer
) -> None:
    pull = rig.open("pull:@ipc://*")
    path = Path(rig.address(pull).removeprefix("ipc://"))
    assert path.exists()
    assert path.is_absolute()  # or a peer in another folder would look elsewhere
    peer = start_peer("twelve.py", "PUSH", "--connect", rig.address(pull))
    take_from_peer(rig, pull, peer)
    rig.change(cmd.RemoveSocket(pull))
    rig.until(lambda: not path.exists())


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_names_and_addresses_connect(rig: EngineRig, start_peer: StartPeer, host: str) -> None:
    peer = start_peer("twelve.py", "PUSH", "--bind", TCP)
    pull = rig.open(f"pull:{peer.endpoint.replace('127.0.0.1', host)}")
    take_from_peer(rig, pull, peer)
    until_peers(rig, pull)


# ---- changes while open ---------------------------------------------------------------------


def test_endpoints_are_added_and_removed_while_messages_flow(
    rig: EngineRig, start_peer: StartPeer
) -> None:
    first = start_peer("twelve.py", "PUB", "--bind", TCP)
    second = start_peer("twelve.py", "PUB", "--bind", TCP)
    sub = rig.open(f"sub:{first.endpoint}")
    probe_from_peer(rig, sub, first)
    take_from_peer(rig, sub, first, (b"first",))
    rig.change(cmd.AddEndpoint(sub, Endpoint(Role.CONNECT, second.endpoint)))
    until_peers(rig, sub, 2)
    probe_from_peer(rig, sub, second)
    take_from_peer(rig, sub, second, (b"second",))
    rig.change(cmd.RemoveEndpoint(sub, Endpoint(Role.CONNECT, first.endpoint)))
    assert [e.address for e in rig.snapshots[sub].spec.endpoints] == [second.endpoint]
    first.do("send", count=COUNT, prefix=[b"gone".hex()])
    first.do("flushed")
    assert first.next_fact(60.0)["sent"] > COUNT
    take_from_peer(rig, sub, second, (b"second",))
    until_peers(rig, sub, 1)
    assert not [m for m in rig.messages(sub) if m.frames[0] == b"gone"]


def test_a_bound_endpoint_is_removed_and_its_peers_are_told_off(
    rig: EngineRig, start_peer: StartPeer
) -> None:
    pull = rig.open(f"pull:@{TCP},@{TCP.replace('127.0.0.1', '0.0.0.0')}")
    stays, goes = rig.address(pull, 1), rig.address(pull, 0)
    leaving = start_peer("twelve.py", "PUSH", "--connect", goes)
    staying = start_peer("twelve.py", "PUSH", "--connect", stays.replace("0.0.0.0", "127.0.0.1"))
    until_peers(rig, pull, 2)
    rig.change(cmd.RemoveEndpoint(pull, Endpoint(Role.BIND, TCP)))
    assert leaving.endpoints == []
    take_from_peer(rig, pull, staying)
    assert len(rig.snapshots[pull].endpoints) == 1


@pytest.mark.parametrize("kind", ["sub", "xsub"])
def test_topics_are_added_and_removed(rig: EngineRig, start_peer: StartPeer, kind: str) -> None:
    peer = start_peer("twelve.py", "PUB", "--bind", TCP)
    sub = rig.open(f"{kind}:{peer.endpoint},topic=keep,topic=leave")
    probe_from_peer(rig, sub, peer, b"keep")
    probe_from_peer(rig, sub, peer, b"leave")
    rig.change(cmd.Unsubscribe(sub, b"leave"))
    rig.change(cmd.Subscribe(sub, b"\xffnew"))
    # Subscriptions travel in order: when the new one works, the old one is gone.
    probe_from_peer(rig, sub, peer, b"\xffnew")
    peer.say(b"leave", numbered(1))
    peer.say(b"keep", numbered(2))
    rig.until(lambda: len(received(rig, sub)) == 1)
    assert received(rig, sub)[0].frames[0] == b"keep"
    assert rig.snapshots[sub].spec.subscriptions == (b"keep", b"\xffnew")


@pytest.mark.parametrize("role", Role)
def test_a_socket_is_closed_and_reopened(rig: EngineRig, start_peer: StartPeer, role: Role) -> None:
    socket_id, peer = meet(rig, start_peer, "twelve.py", "PULL", TCP, role)
    take_from_peer(rig, socket_id, peer)
    rig.change(cmd.CloseSocket(socket_id))
    snapshot = rig.snapshots[socket_id]
    assert (snapshot.state, snapshot.peer_count) == (SocketState.CLOSED, 0)
    rig.change(cmd.ReopenSocket(socket_id))
    if role is Role.BIND:  # on another port than before
        peer = start_peer("twelve.py", "PUSH", "--connect", rig.address(socket_id))
    take_from_peer(rig, socket_id, peer)
    until_peers(rig, socket_id)
    assert rig.snapshots[socket_id].state is SocketState.CONNECTED


def test_reopen_takes_the_same_fixed_port_again(rig: EngineRig, start_peer: StartPeer) -> None:
    peer = start_peer("twelve.py", "PUSH", "--bind", TCP)
    address = peer.endpoint
    peer.kill()
    pull = rig.open(f"pull:@{address}")
    peer = start_peer("twelve.py", "PUSH", "--connect", address)
    for _ in range(5):
        take_from_peer(rig, pull, peer)
        rig.change(cmd.ReopenSocket(pull))
        assert rig.snapshots[pull].state is SocketState.LISTENING, rig.snapshots[pull]
        until_peers(rig, pull)


# ---- peers that go and come -----------------------------------------------------------------


def test_a_killed_publisher_is_noticed_and_found_again(
    rig: EngineRig, start_peer: StartPeer
) -> None:
    peer = start_peer("twelve.py", "PUB", "--bind", TCP)
    sub = rig.open(f"sub:{peer.endpoint}")
    until_peers(rig, sub)
    peer.kill()
    rig.until(lambda: rig.snapshots[sub].state is SocketState.RETRYING)
    assert rig.snapshots[sub].peer_count == 0
    assert any("lost" in notice.text for notice in rig.notices)
    again = start_peer("twelve.py", "PUB", "--bind", peer.endpoint)
    rig.until(lambda: rig.snapshots[sub].state is SocketState.CONNECTED)
    assert rig.snapshots[sub].problem is None
    probe_from_peer(rig, sub, again)
    take_from_peer(rig, sub, again, (TOPIC,))


def test_a_peer_that_comes_late_is_waited_for(rig: EngineRig, start_peer: StartPeer) -> None:
    early = start_peer("twelve.py", "PUSH", "--bind", TCP)
    early.kill()
    pull = rig.open(f"pull:{early.endpoint}")
    rig.until(lambda: rig.snapshots[pull].state is SocketState.RETRYING)
    assert rig.snapshots[pull].endpoints[0].problem is not None
    late = start_peer("twelve.py", "PUSH", "--bind", early.endpoint)
    rig.until(lambda: rig.snapshots[pull].state is SocketState.CONNECTED)
    take_from_peer(rig, pull, late)


def test_peers_on_the_same_port_of_different_hosts_are_told_apart(
    rig: EngineRig, start_peer: StartPeer
) -> None:
    first = start_peer("twelve.py", "PUSH", "--bind", TCP)
    address = first.endpoint.replace("127.0.0.1", "127.0.0.2")
    second = start_peer("twelve.py", "PUSH", "--bind", address)
    pull = rig.open(f"pull:{first.endpoint},{address}")
    until_peers(rig, pull, 2)
    assert [status.peers for status in rig.snapshots[pull].endpoints] == [1, 1]
    second.kill()
    until_peers(rig, pull, 1)
    states = [status.state for status in rig.snapshots[pull].endpoints]
    assert states == [EndpointState.CONNECTED, EndpointState.RETRYING]


@pytest.mark.parametrize("transport", ["tcp", "ipc"])
def test_killed_clients_are_counted_out(
    rig: EngineRig, start_peer: StartPeer, ipc_folder: Path, transport: str
) -> None:
    address = TCP if transport == "tcp" else f"ipc://{ipc_folder}/s"
    router = rig.open(f"router:@{address}")
    clients = [
        start_peer("twelve.py", "DEALER", "--identity", f"c{n}", "--connect", rig.address(router))
        for n in range(3)
    ]
    until_peers(rig, router, 3)
    clients[1].kill()
    until_peers(rig, router, 2)
    clients[0].kill()
    clients[2].kill()
    until_peers(rig, router, 0)
    assert rig.snapshots[router].state is SocketState.LISTENING
    report = rig.send(router, b"c1", b"x")
    assert not report.accepted


def test_sockets_are_closed_while_a_flood_arrives(rig: EngineRig, start_peer: StartPeer) -> None:
    flood = start_peer("flood.py", "PUSH", f"@{TCP}", "--rate", "0", "--seconds", "20")
    pull = rig.open(f"pull:{flood.endpoint}")
    other = rig.open(f"pub:@{TCP}")
    totals = rig.store.counters.of(pull).received

    def reopen_once_more_has_come() -> None:
        before = totals.messages
        rig.until(lambda: totals.messages > before)
        assert rig.send(other, b"x").accepted
        rig.change(cmd.ReopenSocket(pull))

    for _ in range(5):
        reopen_once_more_has_come()
    rig.change(cmd.RemoveSocket(pull))
    rig.until(lambda: pull in rig.removed)
    assert rig.snapshots[other].state is SocketState.LISTENING


def test_a_paced_flood_arrives_whole(rig: EngineRig, start_peer: StartPeer) -> None:
    arguments = ("--rate", "20000", "--seconds", "1", "--hold")
    flood = start_peer("flood.py", "PUSH", f"@{TCP}", *arguments)
    pull = rig.open(f"pull:{flood.endpoint}")
    until_peers(rig, pull)
    flood.write(b"go\n")
    sent = until_fact(rig, flood, "sent", lambda: None)
    assert sent == 20_000
    rig.until(lambda: rig.store.counters.of(pull).received.messages == sent)
    assert numbers(received(rig, pull)) == list(range(sent))
    assert {m.direction for m in rig.messages(pull)} == {Direction.RECEIVED}


def test_a_type_that_does_not_fit_is_said(rig: EngineRig, start_peer: StartPeer) -> None:
    peer = start_peer("twelve.py", "REP", "--bind", TCP)
    sub = rig.open(f"sub:{peer.endpoint}")
    rig.until(lambda: rig.snapshots[sub].endpoints[0].state is EndpointState.FAILED)
    problem = rig.snapshots[sub].problem
    assert problem is not None
    assert "PUB or XPUB" in problem.sentence()
