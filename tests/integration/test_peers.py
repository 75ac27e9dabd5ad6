"""The peers that other tests rely on, with each other: what one says, the other gets."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.conftest import StartPeer
from tests.peers import certificates, nodejs
from tests.peers.launch import PeerProcess

COUNT = 50
WAIT_S = 60.0
TOPIC = b"EURUSD"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two types that fit.

    Attributes:
        giver: Sends first.
        taker: Gets it.
        taker_arguments: Besides its address.
        prefix: Frames in front of what the giver sends.
        answers: Whether the taker can answer.
        by_id: Whether it answers to a routing id.
        is_lossy: Whether what is sent too early is lost.
    """

    giver: str
    taker: str
    taker_arguments: tuple[str, ...] = ()
    prefix: tuple[bytes, ...] = ()
    answers: bool = False
    by_id: bool = False
    is_lossy: bool = False

    def __str__(self) -> str:
        return f"{self.giver}-{self.taker}"


STABLE = (
    Pair("PAIR", "PAIR", answers=True),
    Pair("PUB", "SUB", ("--subscribe", TOPIC.hex()), (TOPIC,), is_lossy=True),
    Pair("XPUB", "XSUB", (), (TOPIC,), is_lossy=True),
    Pair("REQ", "REP", ("--echo",)),
    Pair("DEALER", "ROUTER", (), (b"", b"head"), answers=True, by_id=True),
    Pair("PUSH", "PULL", (), (b"", b"head")),
)
DRAFT = (
    Pair("CLIENT", "SERVER", answers=True, by_id=True),
    Pair("RADIO", "DISH", ("--group", TOPIC.hex()), (TOPIC,), is_lossy=True),
    Pair("SCATTER", "GATHER"),
    Pair("CHANNEL", "CHANNEL", answers=True),
)
PEER = Pair("PEER", "PEER", answers=True, by_id=True)


def give(
    giver: PeerProcess, taker: PeerProcess, prefix: tuple[bytes, ...] = (), to_last: bool = False
) -> None:
    """Numbered messages from one to the other."""
    taker.do("await", count=COUNT)
    giver.do("send", count=COUNT, prefix=[p.hex() for p in prefix], to_last=to_last)
    assert taker.next_fact(WAIT_S)["received"] >= COUNT


def converse(pair: Pair, giver: PeerProcess, taker: PeerProcess) -> None:
    """Both ways as far as the types can, and nothing may be missing in the end."""
    if pair.taker == "XSUB":
        taker.say(b"\x01" + TOPIC)
    if pair.is_lossy:
        taker.do("await", count=1, any=True)
        giver.say(*pair.prefix, b"probe")
        while taker.fact(0.01) is None:
            giver.say(*pair.prefix, b"probe")
        giver.say(b"other", bytes(8))
    if "--echo" in pair.taker_arguments:
        giver.do("await", count=COUNT)
    give(giver, taker, pair.prefix, to_last=pair == PEER)
    if "--echo" in pair.taker_arguments:
        assert giver.next_fact(WAIT_S) == {"received": COUNT}
    if pair.answers:
        give(taker, giver, to_last=pair.by_id)
    for peer in (giver, taker):
        summary = peer.finish()
        assert (summary["missing"], summary["misordered"], summary["refused"]) == (0, 0, 0)


Meet = Callable[..., None]


@pytest.fixture
def meet(start_peer: StartPeer, tmp_path: Path) -> Meet:
    """Starts a pair of peers, each from its script, and has them converse."""

    def run(
        pair: Pair, address: str, binding: str, connecting: str, *more: str, giver_binds: bool
    ) -> None:
        to_bind: tuple[str, ...] = ()
        to_connect = more
        if address.startswith("wss:"):
            made = certificates.make(tmp_path)
            to_bind, to_connect = made.to_bind, (*made.to_connect, *more)
        ends = [(pair.giver, ()), (pair.taker, pair.taker_arguments)]
        (first, own), (second, others) = ends if giver_binds else ends[::-1]
        bound = start_peer(binding, first, "--bind", address, *own, *to_bind)
        connected = start_peer(
            connecting, second, "--connect", bound.endpoint, *others, *to_connect
        )
        peers = (bound, connected) if giver_binds else (connected, bound)
        converse(pair, *peers)

    return run


@pytest.mark.parametrize("giver_binds", [True, False], ids=["bind", "connect"])
@pytest.mark.parametrize("pair", [*STABLE, *DRAFT], ids=str)
def test_npm_zeromq_talks_with_itself_over_tcp(meet: Meet, pair: Pair, giver_binds: bool) -> None:
    script = "node_zeromq.js"
    meet(pair, "tcp://127.0.0.1:*", script, script, giver_binds=giver_binds)


@pytest.mark.parametrize("transport", ["tcp", "ws"])
@pytest.mark.parametrize("pair", DRAFT, ids=str)
def test_its_libzmq_speaks_without_node(meet: Meet, pair: Pair, transport: str) -> None:
    address = f"{transport}://127.0.0.1:*"
    meet(pair, address, "libzmq_draft.py", "node_zeromq.js", giver_binds=True)


@pytest.mark.parametrize("transport", ["tcp", "ws"])
def test_a_peer_knows_whom_it_connects_to(meet: Meet, transport: str) -> None:
    script = "libzmq_draft.py"
    meet(PEER, f"{transport}://127.0.0.1:*", script, script, giver_binds=False)


@pytest.mark.parametrize("pair", STABLE, ids=str)
def test_jszmq_talks_with_the_systems_libzmq(meet: Meet, pair: Pair) -> None:
    meet(pair, "ws://127.0.0.1:*", "libzmq5.py", "jszmq.js", giver_binds=True)


@pytest.mark.parametrize("pair", STABLE, ids=str)
def test_jszmq_is_asked_for_the_bare_subprotocol(meet: Meet, pair: Pair) -> None:
    bare = ("--subprotocol", "ZWS2.0")
    meet(pair, "wss://127.0.0.1:*/a", "jszmq.js", "wss.py", *bare, giver_binds=False)


@pytest.mark.parametrize("pair", [*STABLE, *DRAFT, PEER], ids=str)
def test_wss_with_a_chain_of_certificates(meet: Meet, pair: Pair) -> None:
    meet(pair, "wss://localhost:*/a/b", "wss.py", "wss.py", giver_binds=False)


@pytest.mark.parametrize("script", ["node_zeromq.js", "libzmq_draft.py"])
@pytest.mark.parametrize("address", ["udp://127.0.0.1:*", "udp://127.0.0.1;239.192.7.1:*"])
def test_libzmq_and_plain_datagrams_agree(meet: Meet, script: str, address: str) -> None:
    meet(DRAFT[1], address, "udp.py", script, giver_binds=False)
    meet(DRAFT[1], address, script, "udp.py", giver_binds=False)


@pytest.mark.parametrize("script", ["node_zeromq.js", "libzmq_draft.py"])
def test_a_dgram_gets_an_answer(start_peer: StartPeer, script: str) -> None:
    echo = start_peer(script, "DGRAM", "--bind", "udp://127.0.0.1:*", "--echo")
    plain = start_peer("udp.py", "DGRAM", "--bind", "udp://127.0.0.1:*")
    address = echo.endpoint.removeprefix("udp://").encode()
    # libzmq opens its port some time after zmq_bind has returned.
    plain.do("await", count=1, any=True)
    deadline_s = time.monotonic() + WAIT_S
    while plain.fact(0.05) is None:
        assert time.monotonic() < deadline_s, "no answer"
        plain.say(address, b"?")
    give(plain, plain, (address,))


def test_what_is_missing_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(nodejs, "PACKAGES", tmp_path)
    with pytest.raises(AssertionError, match="`sh packaging/dev setup` installs them"):
        PeerProcess("jszmq.js", "PULL", "--bind", "ws://127.0.0.1:*")
