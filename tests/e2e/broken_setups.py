"""Set-ups that do not work, as people come with them: sockets of the app, and whom they meet."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import zmq

from tests.integration.locked import (
    CURVE_PUBLICKEY,
    CURVE_SECRETKEY,
    CURVE_SERVERKEY,
    PLAIN_SERVER,
    ZAP_DOMAIN,
    Keys,
    new_pair,
    shown,
)
from tests.peers import certificates
from tests.peers.launch import PeerProcess
from zmqscope.core.diagnosis.finding import Rule

_ANY = "tcp://127.0.0.1:*"
_SHAKES_HANDS_S = 60.0


@dataclass(frozen=True, slots=True)
class Setup:
    """One socket that does not do what it was opened for.

    Attributes:
        spec: The socket; its name is the set-up's.
        rule: What the doctor has to find of it.
        words: What has to stand in the finding's sentence or reason.
        frames: What is typed and sent; by a socket that is opened for it, unless there is a sender.
        sender: Another socket that sends instead.
        spoil: What is done to the peer once the window is there.
        before: What may have been found of it until the cause was there.
    """

    spec: str
    rule: Rule
    words: tuple[str, ...]
    frames: tuple[str, ...] = ()
    sender: str = ""
    spoil: Callable[[], None] | None = None
    before: tuple[Rule, ...] = ()

    @property
    def name(self) -> str:
        """What the socket is called."""
        return self.spec.partition("name=")[2].partition(",")[0]


@dataclass(slots=True)
class Yard:
    """Where peers are started, and ended all together.

    Attributes:
        folder: For keys and certificates.
        peers: All that were started.
    """

    folder: Path
    peers: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def run(self, script: str, *arguments: str) -> PeerProcess:
        """Start a peer."""
        return self.peers.enter_context(PeerProcess(script, *arguments))

    def peer(self, kind: str, *options: str) -> PeerProcess:
        """A good one."""
        return self.run("twelve.py", kind, *options)

    def caller(self, kind: str, address: str, *options: str) -> PeerProcess:
        """One that tells when its handshake is done; it may be started before the app."""
        return self.run("caller.py", kind, address, *options)

    def address(self) -> str:
        """A tcp address at which nobody listens, and that nobody else is given meanwhile.

        A socket that is bound there and does not listen keeps it; libzmq's SO_REUSEADDR may bind.
        """
        holder = self.peers.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{holder.getsockname()[1]}"


@contextlib.contextmanager
def yard(folder: Path) -> Iterator[Yard]:
    """A yard, and its end."""
    made = Yard(folder)
    with made.peers:
        yield made


# ---- found without doing anything ---------------------------------------------------------------


def nobody_listens(at: Yard) -> Setup:
    """The other program is not there."""
    return Setup(
        f"sub:{at.address()},name=nobody",
        Rule.NOBODY_LISTENS,
        ("nobody listens at tcp://", "Check that it runs"),
    )


def wrong_type(at: Yard) -> Setup:
    """A SUB that was pointed at a REP."""
    peer = at.peer("REP", "--bind", _ANY)
    return Setup(
        f"sub:{peer.endpoint},name=wrong-type",
        Rule.TYPES_DO_NOT_FIT,
        ("is a REP, and this is a SUB", "talks with PUB or XPUB"),
    )


def wrong_server_key(at: Yard) -> Setup:
    """A CURVE client that expects another server."""
    keys = Keys.make(_folder(at, "server-key"))
    peer = at.peer("PUB", "--bind", _ANY, *keys.theirs("curve", is_server=True))
    ours = keys.ours("curve", is_server=False)
    right, wrong = (k.replace("%", "%25") for k in (keys.server.public, new_pair().public))
    return Setup(
        f"sub:{peer.endpoint},name=wrong-key{ours.replace(right, wrong)}",
        Rule.WRONG_SERVER_KEY,
        ("server key", "is not the server’s public key", "Paste"),
    )


def no_lock(at: Yard) -> Setup:
    """A client without a lock at a PLAIN server."""
    keys = Keys.make(_folder(at, "no-lock"))
    peer = at.peer("PUB", "--bind", _ANY, *keys.theirs("plain", is_server=True))
    return Setup(
        f"sub:{peer.endpoint},name=no-lock",
        Rule.MECHANISMS_DIFFER,
        ("mechanisms differ", "The peer speaks PLAIN and this socket speaks NULL."),
    )


def wrong_password(at: Yard) -> Setup:
    """The server knows the user by another password."""
    keys = Keys.make(_folder(at, "password"))
    locked = (f"--set={PLAIN_SERVER}=#1", f"--set={ZAP_DOMAIN}=global", "--user=ann:other")
    peer = at.peer("PUB", "--bind", _ANY, *locked)
    return Setup(
        f"sub:{peer.endpoint},name=wrong-password{keys.ours('plain', is_server=False)}",
        Rule.CREDENTIALS_REFUSED,
        ("refused by tcp://", "password"),
    )


def port_taken(at: Yard) -> Setup:
    """Another program is bound there."""
    peer = at.peer("PULL", "--bind", _ANY)
    return Setup(
        f"pull:@{peer.endpoint},name=taken",
        Rule.ADDRESS_IN_USE,
        ("already in use", f"({peer.pid}) is bound there", "choose another port"),
    )


def web_server(at: Yard) -> Setup:
    """An HTTP server that waits for a request."""
    peer = at.run("broken.py", "http-patient")
    return Setup(
        f"sub:{peer.endpoint},name=web",
        Rule.NOT_ZMTP,
        ("is an HTTP server, not ZeroMQ",),
    )


def ws_to_wss(at: Yard) -> Setup:
    """WebSocket without TLS, to a server that begins with TLS."""
    made = certificates.make(_folder(at, "ws"))
    peer = at.run("answers.py", "--certificate", str(made.chain), "--key", str(made.key))
    address = peer.ready["at"]["tls"].replace("tcp:", "ws:")
    return Setup(f"sub:{address},name=ws-to-wss", Rule.CLOSES_AT_ONCE, ("wss://", "Check"))


def wss_to_ws(at: Yard) -> Setup:
    """The other way round."""
    made = certificates.make(_folder(at, "wss"))
    peer = at.run("wss.py", "PUB", "--bind", "ws://127.0.0.1:*", *made.to_bind)
    address = peer.endpoint.replace("ws:", "wss:")
    return Setup(
        f"sub:{address},name=wss-to-ws,wss_trust_pem={made.ca}",
        Rule.NOT_ZMTP,
        ("TLS", "wss://"),
    )


def unknown_certificate(at: Yard) -> Setup:
    """An authority that this machine does not know."""
    made = certificates.make(_folder(at, "certificate"))
    peer = at.run("wss.py", "PUB", "--bind", "wss://127.0.0.1:*", *made.to_bind)
    return Setup(
        f"sub:{peer.endpoint},name=certificate",
        Rule.UNTRUSTED_CERTIFICATE,
        ("certificate that is not trusted", "wss_trust_pem"),
    )


def quiet_topic(at: Yard) -> Setup:
    """A topic that nobody publishes."""
    peer = at.peer("PUB", "--bind", _ANY)
    return Setup(
        f"sub:{peer.endpoint},name=quiet,topic=EUR",
        Rule.SUBSCRIPTION_MATCHES_NOTHING,
        ("nothing that begins with “EUR” has come in", "only what is subscribed to"),
    )


def second_pair(at: Yard) -> Setup:
    """Two peers at one PAIR."""
    address = at.address()
    for _ in range(2):
        at.caller("PAIR", address)
    return Setup(
        f"pair:@{address},name=pair",
        Rule.SECOND_PAIR,
        ("second peer", "first peer only", "DEALER"),
    )


def knock(at: Yard) -> Setup:
    """A client that nobody knows; the access list asks."""
    keys, address = Keys.make(_folder(at, "knock")), at.address()
    pair = new_pair()
    at.caller(
        "PUSH", address,
        f"--set={CURVE_SERVERKEY}={keys.server.public}",
        f"--set={CURVE_PUBLICKEY}={pair.public}",
        f"--set={CURVE_SECRETKEY}={shown(pair.secret)}",
    )  # fmt: skip
    secret = keys.folder / "server.key_secret"
    return Setup(
        f"pull:@{address},name=vault,lock=curve-server,secret=file:{secret},access=default",
        Rule.KNOCKING,
        ("knocks", pair.public[:8], "waits for your answer"),
    )


# ---- found once the peer does not do its part ---------------------------------------------------


def stopped_subscriber(at: Yard) -> Setup:
    """A subscriber that is stopped."""
    address = at.address()
    peer = at.caller("SUB", address)
    return Setup(
        f"pub:@{address},name=feed",
        Rule.PEER_STOPPED,
        (f"({peer.pid}) is stopped", f"kill -CONT {peer.pid}"),
        spoil=lambda: _stop(peer),
    )


def no_heartbeats(at: Yard) -> Setup:
    """A peer that is stopped, where heartbeats tell."""
    address = at.address()
    peer = at.caller("PUSH", address)
    return Setup(
        f"pull:@{address},name=heartbeats,heartbeat_ivl=300,heartbeat_timeout=600",
        Rule.HEARTBEAT_LOST,
        ("heartbeats", "is stopped", "600 ms"),
        spoil=lambda: _stop(peer),
    )


def too_large(at: Yard) -> Setup:
    """A peer that sends more than is taken."""
    address = at.address()
    peer = at.caller("PUSH", address)

    def send() -> None:
        _shaken(peer)
        peer.say(bytes(5_000))

    return Setup(
        f"pull:@{address},name=small,maxmsgsize=1000",
        Rule.MESSAGE_TOO_LARGE,
        ("maxmsgsize", "1,000 bytes"),
        spoil=send,
    )


# ---- found once something is sent ---------------------------------------------------------------


def no_answer(at: Yard) -> Setup:
    """A server that never answers."""
    peer = at.peer("REP", "--bind", _ANY)
    return Setup(
        f"req:{peer.endpoint},name=ask",
        Rule.REQ_WAITS,
        ("s for a reply", "but nothing came back", "cannot send again"),
        ("well?",),
    )


def rep_and_req(at: Yard) -> Setup:
    """A REQ of this app at a REP of this app, for which nobody answers."""
    address = at.address()
    return Setup(
        f"rep:@{address},name=answers",
        Rule.REP_HOLDS_REQUEST,
        ("s for your answer", "send the answer from the composer"),
        ("may I?",),
        sender=f"req:{address},name=asks",
    )


def push_alone(at: Yard) -> Setup:
    """A PUSH without a PULL."""
    return Setup(
        f"push:@{at.address()},name=jobs",
        Rule.NOBODY_CONNECTED,
        ("no peer is connected", "connect a PULL here"),
        ("job",),
    )


def dealer_to_rep(at: Yard) -> Setup:
    """A DEALER that leaves the empty frame out."""
    peer = at.peer("REP", "--bind", _ANY, "--echo")
    return Setup(
        f"dealer:{peer.endpoint},name=dealer",
        Rule.NO_EMPTY_DELIMITER,
        ("REP peer drops", "empty first frame"),
        ("well?",),
    )


def unknown_id(at: Yard) -> Setup:
    """A ROUTER that sends to somebody who is not there."""
    address = at.address()
    at.peer("DEALER", "--connect", address, "--identity=ann")
    return Setup(
        f"router:@{address},name=router",
        Rule.UNKNOWN_ROUTING_ID,
        ("routing id “bob”", "Nobody of that name"),
        (b"bob".hex(),),
    )


def conflate(at: Yard) -> Setup:
    """Several frames through a socket that keeps one."""
    peer = at.peer("PULL", "--bind", _ANY)
    return Setup(
        f"push:{peer.endpoint},name=conflate,conflate=1",
        Rule.CONFLATE_MULTIPART,
        ("conflate", "several frames", "Turn it off"),
        ("head", "body"),
    )


def ring(at: Yard) -> tuple[Setup, str]:
    """A REQ of this app, and a REP of this app that is opened anew and loses the request."""
    address = at.address()
    asks = Setup(
        f"req:{address},name=ring-asks",
        Rule.DEADLOCK,
        ("“ring-asks” and “ring-answers” wait for each other", "for a reply", "for a request"),
        ("may I?",),
        before=(Rule.NOBODY_LISTENS, Rule.NOBODY_CONNECTED, Rule.REQ_WAITS),
    )
    return asks, f"rep:@{address},name=ring-answers"


AT_ONCE = (
    *(nobody_listens, wrong_type, wrong_server_key, no_lock, wrong_password, port_taken),
    *(web_server, ws_to_wss, wss_to_ws, unknown_certificate, quiet_topic, second_pair, knock),
    *(stopped_subscriber, no_heartbeats, too_large),
)
SENDING = (no_answer, push_alone, dealer_to_rep, unknown_id, conflate, rep_and_req)


def _folder(at: Yard, name: str) -> Path:
    made = at.folder / name
    made.mkdir()
    return made


def _shaken(peer: PeerProcess) -> None:
    """Wait until a caller's handshake is done."""
    while peer.next_fact(_SHAKES_HANDS_S).get("event") != zmq.Event.HANDSHAKE_SUCCEEDED.name:
        pass


def _stop(peer: PeerProcess) -> None:
    _shaken(peer)
    peer.pause()
