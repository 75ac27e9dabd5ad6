"""What libzmq really says, heard by a tap or told to a raw socket."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable, Iterator

import pytest
import zmq

from tests.zmtp_rig import TIMEOUT_S, Tap, decode, greeting, ready
from zmqscope.core.zmtp import events as ev
from zmqscope.core.zmtp.command_reader import Initiate, Ping, Pong, Ready, Refusal, Subscribe
from zmqscope.core.zmtp.conversation import Side, Stage, SubscriptionForm
from zmqscope.core.zmtp.curve import CurveHello, CurveInitiate, CurveReady, CurveWelcome
from zmqscope.core.zmtp.legacy import encode_frame_v1, encode_greeting_v2
from zmqscope.core.zmtp.opening import UNVERSIONED, Revision
from zmqscope.core.zmtp.plain import PlainHello, PlainWelcome

Make = Callable[[int], zmq.Socket[bytes]]
A, B = Side.CONNECTING, Side.BINDING


@pytest.fixture
def make() -> Iterator[Make]:
    """Makes sockets that are closed at the end."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    made: list[zmq.Socket[bytes]] = []

    def make_one(kind: int) -> zmq.Socket[bytes]:
        made.append(context.socket(kind))
        return made[-1]

    yield make_one
    context.destroy(linger=0)


def commands(tap: Tap, side: Side) -> list[object]:
    events = tap.events(side)
    return [event.command for event in events if isinstance(event, ev.CommandReceived)]


def messages(tap: Tap, side: Side) -> list[tuple[bytes, bool]]:
    events = tap.events(side)
    return [(event.body, event.more) for event in events if isinstance(event, ev.FrameReceived)]


def test_null_with_subscription_multipart_and_heartbeats(make: Make) -> None:
    pub, sub = make(zmq.XPUB), make(zmq.SUB)
    sub.heartbeat_ivl, sub.heartbeat_ttl = 50, 3_000
    port = pub.bind_to_random_port("tcp://127.0.0.1")
    with Tap(port) as tap:
        sub.connect(f"tcp://127.0.0.1:{tap.port}")
        sub.subscribe(b"A")
        tap.run_until(lambda: pub.poll(0) != 0)
        assert pub.recv() == b"\x01A"
        pub.send_multipart([b"A", b"x" * 300])
        tap.run_until(lambda: Pong(b"") in commands(tap, B) and len(messages(tap, B)) == 2)
        talk = tap.conversation
        assert (talk.version, talk.mechanism, talk.stage) == ((3, 1), b"NULL", Stage.TRAFFIC)
        assert talk.subscriptions is SubscriptionForm.COMMANDS
        assert talk.facts(A).socket_type == b"SUB"
        assert talk.facts(B).socket_type == b"XPUB"
        assert commands(tap, A)[:3] == [
            Ready((("Socket-Type", b"SUB"),)),
            Subscribe(b"A"),
            Ping(30, b""),
        ]
        assert commands(tap, B)[:2] == [Ready((("Socket-Type", b"XPUB"),)), Pong(b"")]
        assert messages(tap, B) == [(b"A", True), (b"x" * 300, False)]


def test_identity_of_a_dealer(make: Make) -> None:
    router, dealer = make(zmq.ROUTER), make(zmq.DEALER)
    dealer.routing_id = b"me"
    port = router.bind_to_random_port("tcp://127.0.0.1")
    with Tap(port) as tap:
        dealer.connect(f"tcp://127.0.0.1:{tap.port}")
        tap.run_until(lambda: tap.conversation.is_established)
        assert tap.conversation.facts(A).identity == b"me"
        assert tap.conversation.facts(B).identity == b""


def answer_zap(server: zmq.Socket[bytes], status: bytes) -> None:
    """Answer a request of RFC 27, if there is one."""
    if server.poll(0):
        version, request, *_ = server.recv_multipart()
        server.send_multipart([version, request, status, b"", b"", b""])


def plain_pair(make: Make) -> tuple[zmq.Socket[bytes], zmq.Socket[bytes]]:
    server, client = make(zmq.PULL), make(zmq.PUSH)
    server.plain_server = True
    client.plain_username, client.plain_password = b"bob", b"sesame"
    return server, client


@pytest.mark.parametrize("status", [b"200", b"400"])
def test_plain(make: Make, status: bytes) -> None:
    zap = make(zmq.REP)
    zap.bind("inproc://zeromq.zap.01")
    server, client = plain_pair(make)
    port = server.bind_to_random_port("tcp://127.0.0.1")
    with Tap(port) as tap:
        client.connect(f"tcp://127.0.0.1:{tap.port}")

        def is_decided() -> bool:
            answer_zap(zap, status)
            return tap.conversation.stage in (Stage.TRAFFIC, Stage.REFUSED)

        tap.run_until(is_decided)
        assert commands(tap, A)[0] == PlainHello(b"bob", has_password=True)
        assert "sesame" not in repr(tap.said)
        if status == b"400":
            assert commands(tap, B) == [Refusal(b"400")]
            return
        assert commands(tap, A)[1:] == [Initiate((("Socket-Type", b"PUSH"),))]
        assert commands(tap, B)[0] == PlainWelcome()
        assert tap.conversation.facts(B).socket_type == b"PULL"
        assert tap.conversation.facts(B).is_server
        assert tap.conversation.disagreement is None
        client.send(b"in clear")
        tap.run_until(lambda: bool(messages(tap, A)))
        assert messages(tap, A) == [(b"in clear", False)]


def test_curve(make: Make) -> None:
    server, client = make(zmq.PULL), make(zmq.PUSH)
    server_public, server.curve_secretkey = zmq.curve_keypair()
    server.curve_server = True
    client.curve_serverkey = server_public
    client.curve_publickey, client.curve_secretkey = zmq.curve_keypair()
    port = server.bind_to_random_port("tcp://127.0.0.1")
    with Tap(port) as tap:
        client.connect(f"tcp://127.0.0.1:{tap.port}")
        client.send_multipart([b"", b"x" * 1_000])
        tap.run_until(lambda: server.poll(0) != 0)
        assert server.recv_multipart() == [b"", b"x" * 1_000]
        hello, initiate = commands(tap, A)
        assert isinstance(hello, CurveHello)
        assert (hello.version, hello.nonce, len(hello.transient_key)) == ((1, 0), 1, 32)
        assert isinstance(initiate, CurveInitiate)
        # Socket-Type with PUSH: a name of 11 bytes, a value of 4, and five of lengths.
        assert initiate.metadata_bytes >= 20
        welcome, last = commands(tap, B)
        assert isinstance(welcome, CurveWelcome)
        assert isinstance(last, CurveReady)
        boxes = [event for event in tap.events(A) if isinstance(event, ev.BoxReceived)]
        assert [box.length for box in boxes] == [0, 1_000]
        assert boxes[0].nonce + 1 == boxes[1].nonce
        assert tap.conversation.is_encrypted
        assert tap.conversation.is_established
        assert tap.conversation.facts(A).socket_type is None
        assert tap.conversation.facts(B).is_server
        assert tap.conversation.disagreement is None


def ask_libzmq(asked: zmq.Socket[bytes], told: bytes, last: bytes) -> bytes:
    """What a libzmq socket answers to a raw peer that says this, as far as it ends so."""
    port = asked.bind_to_random_port("tcp://127.0.0.1")
    heard = b""
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S) as raw:
        raw.sendall(told)
        if asked.type == zmq.DEALER:
            asked.send(last)
        deadline = time.monotonic() + TIMEOUT_S
        while not heard.endswith(last):
            assert time.monotonic() < deadline, heard
            # A SUB that is bound subscribes when its thread looks at it.
            asked.poll(1)
            if select.select([raw], [], [], 0)[0]:
                heard += raw.recv(65_536)
    return heard


def dealer(make: Make) -> zmq.Socket[bytes]:
    made = make(zmq.DEALER)
    made.routing_id, made.sndtimeo = b"lib", TIMEOUT_S * 1_000
    return made


def test_libzmq_goes_down_to_2_0(make: Make) -> None:
    heard = ask_libzmq(dealer(make), encode_greeting_v2(b"DEALER", b"old"), b"hello")
    expected = [
        ev.LegacyGreetingReceived(Revision.V2, 3, b"DEALER"),
        ev.IdentityReceived(12, b"lib"),
        ev.FrameReceived(17, False, 5, b"hello"),
    ]
    assert decode(heard, peer_major=1) == expected
    assert decode(heard) == expected


def test_libzmq_goes_down_to_1_0(make: Make) -> None:
    heard = ask_libzmq(dealer(make), encode_frame_v1(0, b"old"), b"hello")
    assert decode(heard, range(len(heard)), peer_major=UNVERSIONED) == [
        ev.LegacyGreetingReceived(Revision.V1, UNVERSIONED, b""),
        ev.IdentityReceived(0, b"lib"),
        ev.FrameReceived(13, False, 5, b"hello"),
    ]


def test_libzmq_sends_subscriptions_to_3_0_as_messages(make: Make) -> None:
    sub = make(zmq.SUB)
    sub.subscribe(b"A")
    told = greeting(minor=0) + ready(b"PUB")
    heard = ask_libzmq(sub, told, b"\x01A")
    assert decode(heard)[2:] == [ev.FrameReceived(len(heard) - 4, False, 2, b"\x01A")]
