"""The Guide's protocols spoken by npm's zeromq, captured by the engine; ZAP by libzmq itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest
import zmq

from tests.envelope_cases import outline_of
from tests.integration.conftest import StartPeer
from tests.peers.launch import PeerProcess
from tests.rig import EngineRig
from zmqscope.core.envelopes.builtin import builtin_envelopes
from zmqscope.core.envelopes.known import KnownEnvelopes
from zmqscope.core.types import Direction, Message, SocketId, SocketType

UUID = b"5F0C3A1E9B7D4C2A8E6F1B0D9C8A7E5F"
PATIENCE_S = 60.0
KNOWN = KnownEnvelopes(builtin_envelopes())


@pytest.fixture
def rig() -> Iterator[EngineRig]:
    with EngineRig() as made:
        yield made


def said(rig: EngineRig, *sockets: SocketId) -> list[tuple[str, str]]:
    """Envelope and summary of all that was captured; the same from whole and from cut frames."""
    found = []
    for message in rig.messages():
        if sockets and message.socket_id not in sockets:
            continue
        kind = rig.snapshots[message.socket_id].spec.type
        sightings = [
            KNOWN.see(outline_of(message.frames, kind, message.direction, is_cut=is_cut))
            for is_cut in (False, True)
        ]
        assert sightings[0] is not None, message.frames
        assert sightings[0] == sightings[1]
        found.append((sightings[0].envelope, sightings[0].summary))
    return found


def received(rig: EngineRig, wanted: Callable[[Message], bool]) -> Message:
    """Wait for a message that fits, and take it."""

    def fitting() -> list[Message]:
        came = [m for m in rig.messages() if m.direction is Direction.RECEIVED]
        return [message for message in came if wanted(message)]

    rig.until(fitting, PATIENCE_S)
    return fitting()[-1]


def is_part(message: Message, command: bytes) -> bool:
    """Whether a worker of version 0.2 answers, with PARTIAL or FINAL."""
    return message.frames[1:3] == (b"MDPW02", command) and len(message.frames) == 6


def is_for(message: Message, service: bytes) -> bool:
    """Whether a client of version 0.1 asks for a service."""
    return message.frames[3] == service


def fact(rig: EngineRig, peer: PeerProcess, name: str) -> object:
    """The next thing that a peer prints."""
    facts: list[object] = []

    def told() -> bool:
        found = peer.fact()
        if found is not None:
            facts.append(found[name])
        return bool(facts)

    rig.until(told, PATIENCE_S)
    return facts[0]


def test_a_majordomo_broker_of_version_01(rig: EngineRig, start_peer: StartPeer) -> None:
    broker = rig.open("router:@tcp://127.0.0.1:*")
    worker = start_peer("guide.js", "worker", rig.address(broker), "echo", "1")
    worker_id = received(rig, lambda m: m.frames[2] == b"MDPW01").frames[0]
    rig.send(broker, worker_id, b"", b"MDPW01", b"\4")
    received(rig, lambda m: m.frames[3:] == (b"\4",))
    calls = ("mmi.service=echo", "echo=hello")
    client = start_peer("guide.js", "client1", rig.address(broker), *calls)
    asked = received(rig, lambda m: m.frames[2] == b"MDPC01").frames
    rig.send(broker, *asked[:4], b"200")
    assert fact(rig, client, "reply") == ["MDPC01", "mmi.service", "200"]
    asked = received(rig, lambda m: m.frames[2:4] == (b"MDPC01", b"echo")).frames
    rig.send(broker, worker_id, b"", b"MDPW01", b"\2", asked[0], b"", asked[4])
    done = received(rig, lambda m: m.frames[3:4] == (b"\3",)).frames
    rig.send(broker, done[4], b"", b"MDPC01", b"echo", done[6])
    assert fact(rig, client, "reply") == ["MDPC01", "echo", "olleh"]
    rig.send(broker, worker_id, b"", b"MDPW01", b"\5")
    assert fact(rig, worker, "ended") is True
    assert said(rig) == [
        ("majordomo", summary)
        for summary in (
            *("READY echo", "HEARTBEAT", "HEARTBEAT"),
            *('request mmi.service "echo"', "reply mmi.service 200 found"),
            *('request echo "hello"', 'REQUEST "hello"', 'REPLY "olleh"', 'reply echo "olleh"'),
            "DISCONNECT",
        )
    ]


def test_a_majordomo_broker_of_version_02(rig: EngineRig, start_peer: StartPeer) -> None:
    broker = rig.open("router:@tcp://127.0.0.1:*")
    start_peer("guide.js", "worker", rig.address(broker), "echo", "2")
    worker_id = received(rig, lambda m: m.frames[1] == b"MDPW02").frames[0]
    client = start_peer("guide.js", "client2", rig.address(broker), "echo", "hello")
    asked = received(rig, lambda m: m.frames[1] == b"MDPC02").frames
    rig.send(broker, worker_id, b"MDPW02", b"\2", asked[0], b"", asked[4])
    for command, answer in ((b"\3", b"\2"), (b"\4", b"\3")):
        part = received(rig, partial(is_part, command=command)).frames
        rig.send(broker, part[3], b"MDPC02", answer, b"echo", part[5])
    assert [fact(rig, client, "reply"), fact(rig, client, "reply")] == [
        ["echo", "ol"],
        ["echo", "leh"],
    ]
    assert sorted(said(rig)) == sorted(
        ("majordomo", summary)
        for summary in (
            *("READY echo", 'request echo "hello"', 'REQUEST "hello"', 'PARTIAL "ol"'),
            *('partial echo "ol"', 'FINAL "leh"', 'final echo "leh"'),
        )
    )


def test_a_client_of_titanic(rig: EngineRig, start_peer: StartPeer) -> None:
    broker = rig.open("router:@tcp://127.0.0.1:*")
    uuid = UUID.decode()
    calls = ("titanic.request=echo=hello", f"titanic.reply={uuid}", f"titanic.close={uuid}")
    client = start_peer("guide.js", "client1", rig.address(broker), *calls)
    for service, answer in (
        (b"titanic.request", (b"200", UUID)),
        (b"titanic.reply", (b"300",)),
        (b"titanic.close", (b"200",)),
    ):
        asked = received(rig, partial(is_for, service=service)).frames
        rig.send(broker, *asked[:4], *answer)
        fact(rig, client, "reply")
    assert said(rig) == [
        ("titanic", summary)
        for summary in (
            *('titanic.request echo "hello"', f"titanic.request → 200 OK {uuid}"),
            *(f"titanic.reply {uuid}", "titanic.reply → 300 PENDING"),
            *(f"titanic.close {uuid}", "titanic.close → 200 OK"),
        )
    ]


def test_a_paranoid_pirate(rig: EngineRig, start_peer: StartPeer) -> None:
    queue = rig.open("router:@tcp://127.0.0.1:*")
    start_peer("guide.js", "pirate", rig.address(queue))
    rig.until(lambda: len(rig.messages()) == 2, PATIENCE_S)
    assert said(rig) == [("paranoid_pirate", "READY"), ("paranoid_pirate", "HEARTBEAT")]


def test_a_clone_server(rig: EngineRig, start_peer: StartPeer) -> None:
    server = start_peer("guide.js", "cloneServer", "tcp://127.0.0.1:*")
    snapshots, publisher, collector = server.endpoints
    asking = rig.open(f"dealer:{snapshots}")
    listening = rig.open(f"sub:{publisher}")
    telling = rig.open(f"pub:{collector}")
    rig.send(asking, b"ICANHAZ?", b"/client/")
    rig.until(lambda: len(rig.messages(asking)) == 3, PATIENCE_S)

    def heard() -> bool:
        # A subscription travels on its own: what is published before it came is lost.
        rig.send(telling, b"/client/1", bytes(8), bytes(range(16)), b"ttl=5\n", b"mine")
        return bool(rig.messages(listening))

    rig.until(heard, PATIENCE_S)
    rig.until(lambda: len(rig.messages(listening)) >= 6, PATIENCE_S)
    assert said(rig, asking) == [
        ("clone", summary)
        for summary in (
            *("ICANHAZ? /client/", 'KVSYNC /client/1 = "one" #1', "KTHXBAI #1 /client/"),
        )
    ]
    assert set(said(rig, listening)) == {
        ("clone", "HUGZ"),
        ("clone", 'KVPUB /client/1 = "two" #2 ttl=30'),
        ("clone", "KVPUB /client/1 deleted #3"),
    }
    assert set(said(rig, telling)) == {("clone", 'KVSET /client/1 = "mine" #0 ttl=5')}


# ---- ZAP: libzmq itself asks ---------------------------------------------------------------------


@pytest.mark.parametrize("mechanism", ["NULL", "PLAIN", "CURVE"])
def test_what_libzmq_asks_an_authenticator(mechanism: str) -> None:
    public, secret = zmq.curve_keypair()
    server_public, server_secret = zmq.curve_keypair()
    with zmq.Context() as context:
        handler = context.socket(zmq.ROUTER)
        handler.bind("inproc://zeromq.zap.01")
        server, client = context.socket(zmq.PULL), context.socket(zmq.PUSH)
        server.zap_domain = b"test"
        client.identity = b"BOB"
        if mechanism == "PLAIN":
            server.plain_server = True
            client.plain_username, client.plain_password = b"admin", b"correct horse"
        if mechanism == "CURVE":
            server.curve_server, server.curve_secretkey = True, server_secret
            client.curve_serverkey = server_public
            client.curve_publickey, client.curve_secretkey = public, secret
        client.connect(f"tcp://127.0.0.1:{server.bind_to_random_port('tcp://127.0.0.1')}")
        assert handler.poll(int(PATIENCE_S * 1_000))
        asked = tuple(handler.recv_multipart())
        version_at = asked.index(b"1.0")
        answer = (*asked[: version_at + 2], b"200", b"OK", b"joe", b"")
        handler.send_multipart(answer)
        for socket in (handler, server, client):
            socket.close(0)
    whose = {
        "NULL": "",
        "PLAIN": " user admin",
        "CURVE": f" key {public.decode()}",
    }[mechanism]
    request = KNOWN.see(outline_of(asked, SocketType.ROUTER))
    assert request is not None
    # A PUSH tells libzmq no identity.
    said = f"request {mechanism}{whose} from 127.0.0.1 domain test"
    assert (request.envelope, request.summary) == ("zap", said)
    secrets = [asked[at] for at, name in enumerate(request.frames) if name.is_secret]
    assert secrets == ([b"correct horse"] if mechanism == "PLAIN" else [])
    reply = KNOWN.see(outline_of(answer, SocketType.ROUTER, Direction.SENT))
    assert reply is not None
    assert (reply.envelope, reply.summary) == ("zap", "reply 200 OK user joe")
