"""Through a SOCKS5 proxy in another process: what passes, what is told, and that nothing dies."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq

from tests.integration.conftest import StartPeer
from tests.integration.matrix import FITTING
from tests.integration.talks import TALKS, Meeting, assert_all_there
from tests.peers import certificates
from tests.peers.launch import PeerProcess
from tests.rig import EngineRig
from zmqscope.core.transcode.plain import PlainTranscoder
from zmqscope.core.types import Endpoint, Problem, Role, SocketId, SocketState, SocketType
from zmqscope.engine import commands as cmd
from zmqscope.engine.links.board import LinkBoard
from zmqscope.engine.links.listening import unix_listener
from zmqscope.engine.links.plan import GatePlan
from zmqscope.engine.links.proxy import Proxy

ONLY_THE_PROXY_KNOWS = "behind.test"
TCP, WS, WSS = "tcp://127.0.0.1:*", "ws://127.0.0.1:*/feed", "wss://localhost:*/feed"
WAIT_MS = 60_000
ROUNDS = 15


@pytest.fixture(autouse=True)
def the_rest_goes_on(rig: EngineRig) -> Iterator[None]:
    """Two sockets besides, which talk with each other afterwards."""
    left, right = rig.open("pair:@inproc://bystander"), rig.open("pair:inproc://bystander")
    yield
    assert rig.send(left, b"still here").accepted
    rig.until(lambda: rig.store.counters.of(right).received.messages == 1)


def start_proxy(start_peer: StartPeer, *arguments: str) -> PeerProcess:
    """Start a proxy that knows a name nobody else does."""
    return start_peer("socks_proxy.py", "--know", f"{ONLY_THE_PROXY_KNOWS}=127.0.0.1", *arguments)


def by_name(address: str) -> str:
    """An address as only the proxy understands it."""
    return address.replace("127.0.0.1", ONLY_THE_PROXY_KNOWS)


def host_port(address: str) -> str:
    """The host and the port of an endpoint."""
    return address.partition("://")[2].partition("/")[0]


def unused_port() -> Iterator[tuple[socket.socket, int]]:
    """A socket that is bound and does not listen: whoever connects is refused."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound, bound.getsockname()[1]


nobody = pytest.fixture(unused_port)


def until_told(rig: EngineRig, socket_id: SocketId, words: str) -> Problem:
    """Wait until the problem of a socket has these words in it; it must also be a notice."""

    def is_told() -> bool:
        problem = rig.snapshots[socket_id].problem
        return problem is not None and words in problem.text

    rig.until(is_told)
    problem = rig.snapshots[socket_id].problem
    assert problem is not None
    assert problem.hint
    assert [n for n in rig.notices if n.socket_id == socket_id and words in n.text]
    return problem


# ---- what passes -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "script", "address"),
    [
        (SocketType.REQ, "twelve.py", TCP),
        (SocketType.SUB, "twelve.py", TCP),
        (SocketType.PUSH, "twelve.py", TCP),
        (SocketType.ROUTER, "twelve.py", TCP),
        (SocketType.PAIR, "libzmq5.py", TCP),
        (SocketType.CLIENT, "libzmq_draft.py", TCP),
        (SocketType.DISH, "libzmq_draft.py", TCP),
        (SocketType.SUB, "libzmq5.py", WS),
        (SocketType.REQ, "wss.py", WSS),
        (SocketType.CLIENT, "wss.py", WSS),
    ],
)
def test_every_message_gets_through(
    rig: EngineRig,
    start_peer: StartPeer,
    tmp_path: Path,
    kind: SocketType,
    script: str,
    address: str,
) -> None:
    chain = certificates.make(tmp_path)
    is_secure = address == WSS
    talk = TALKS[kind]
    peer = start_peer(
        script,
        FITTING[kind].name,
        *("--bind", address),
        *talk.arguments,
        *(chain.to_bind if is_secure else ()),
    )
    proxy = start_proxy(start_peer)
    target = by_name(peer.endpoint)
    trust = f",wss_trust_pem={chain.ca}" if is_secure else ""
    spec = f"{kind.name}:{target},socks_proxy={proxy.endpoint}{trust}{talk.ours}"
    meeting = Meeting(rig, rig.open(spec), Role.CONNECT, peer, peer.endpoint)
    talk.run(meeting)
    assert_all_there(meeting)
    assert proxy.next_fact(60.0)["asked"] == host_port(target)
    # Whose name it is must not leave this machine but to the proxy.
    assert "zmqscope-resolver" not in {thread.name for thread in threading.enumerate()}


def test_an_address_goes_as_an_address(rig: EngineRig, start_peer: StartPeer) -> None:
    peer = start_peer("twelve.py", "PULL", "--bind", TCP)
    proxy = start_proxy(start_peer)
    port = proxy.endpoint.rpartition(":")[2]
    push = rig.open(f"push:{peer.endpoint},socks_proxy=localhost:{port}")
    rig.until(lambda: rig.snapshots[push].state is SocketState.CONNECTED)
    assert proxy.next_fact(60.0)["asked"] == host_port(peer.endpoint)


def test_a_user_name_without_a_password(rig: EngineRig, start_peer: StartPeer) -> None:
    peer = start_peer("twelve.py", "PULL", "--bind", TCP)
    proxy = start_proxy(start_peer, "--user", "me")
    push = rig.open(f"push:{peer.endpoint},socks_proxy={proxy.endpoint},socks_username=me")
    rig.until(lambda: rig.snapshots[push].state is SocketState.CONNECTED)
    assert proxy.next_fact(60.0)["user"] == "me"


@pytest.mark.parametrize("kind", ["push", "scatter"])
def test_a_source_address_is_that_of_the_way_to_the_proxy(
    rig: EngineRig, start_peer: StartPeer, kind: str
) -> None:
    proxy = start_proxy(start_peer)
    rig.open(f"{kind}:tcp://127.0.0.5:0;a.test:5556,socks_proxy={proxy.endpoint}")
    facts: list[object] = []

    def is_asked() -> bool:
        facts.extend(filter(None, [proxy.fact()]))
        return bool(facts)

    rig.until(is_asked)
    assert facts[0] == {"asked": "a.test:5556", "user": "", "from": "127.0.0.5"}


def test_a_bind_needs_no_proxy(rig: EngineRig, nobody: tuple[socket.socket, int]) -> None:
    pull = rig.open(f"pull:@tcp://127.0.0.1:*,socks_proxy=127.0.0.1:{nobody[1]}")
    push = rig.open(f"push:{rig.address(pull)}")
    rig.until(lambda: rig.snapshots[push].peer_count == 1)
    assert rig.send(push, b"straight").accepted
    rig.until(lambda: rig.store.counters.of(pull).received.messages == 1)


# ---- security ----------------------------------------------------------------------------------


def secure_nothing(server: zmq.Socket[bytes], client: zmq.Socket[bytes]) -> None:
    """NULL."""


def secure_with_password(server: zmq.Socket[bytes], client: zmq.Socket[bytes]) -> None:
    """PLAIN."""
    server.set(zmq.PLAIN_SERVER, 1)
    server.set(zmq.ZAP_DOMAIN, b"tests")
    client.set(zmq.PLAIN_USERNAME, b"me")
    client.set(zmq.PLAIN_PASSWORD, b"secret")


def secure_with_keys(server: zmq.Socket[bytes], client: zmq.Socket[bytes]) -> None:
    """CURVE."""
    (public, secret), (own_public, own_secret) = zmq.curve_keypair(), zmq.curve_keypair()
    server.set(zmq.CURVE_SERVER, 1)
    server.set(zmq.CURVE_SECRETKEY, secret)
    client.set(zmq.CURVE_SERVERKEY, public)
    client.set(zmq.CURVE_PUBLICKEY, own_public)
    client.set(zmq.CURVE_SECRETKEY, own_secret)


@pytest.mark.parametrize("secure", [secure_nothing, secure_with_password, secure_with_keys])
def test_libzmq_speaks_through_a_tunnel_as_if_there_were_none(
    start_peer: StartPeer, ipc_folder: Path, secure: object
) -> None:
    assert callable(secure)
    proxy = start_proxy(start_peer)
    board = LinkBoard(PlainTranscoder())
    inner = f"{ipc_folder}/inner"
    with contextlib.closing(board), contextlib.ExitStack() as stack:
        context: zmq.Context[zmq.Socket[bytes]] = stack.enter_context(zmq.Context())
        zap, server, client = (
            stack.enter_context(context.socket(kind)) for kind in (zmq.REP, zmq.ROUTER, zmq.DEALER)
        )
        zap.bind("inproc://zeromq.zap.01")
        secure(server, client)
        port = server.bind_to_random_port("tcp://127.0.0.1")
        plan = GatePlan(
            SocketType.DEALER,
            Endpoint(Role.CONNECT, f"tcp://{ONLY_THE_PROXY_KNOWS}:{port}"),
            "tcp",
            inner,
            ("127.0.0.1",),
            port,
            ONLY_THE_PROXY_KNOWS,
            proxy=Proxy(proxy.endpoint),
        )
        board.open(plan, unix_listener(inner))
        client.connect(f"ipc://{inner}")
        client.send(b"request")
        poller = zmq.Poller()
        poller.register(zap, zmq.POLLIN)
        poller.register(server, zmq.POLLIN)
        if zap in dict(poller.poll(WAIT_MS)):
            version, number, *_ = zap.recv_multipart()
            zap.send_multipart([version, number, b"200", b"", b"", b""])
        assert server.poll(WAIT_MS)
        routing_id, request = server.recv_multipart()
        server.send_multipart([routing_id, request + b", answered"])
        assert client.poll(WAIT_MS)
        assert client.recv() == b"request, answered"


# ---- what is told ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--answer", "1"), "answered: general failure"),
        (("--answer", "2"), "answered: not allowed by its rules"),
        (("--answer", "4"), "answered: host unreachable"),
        (("--answer", "5"), "answered: connection refused"),
        (("--answer", "77"), "answered: failure 77, which RFC 1928 does not know"),
        (("--user", "me"), "demands a user name or another authentication"),
        (("--http",), "speaks HTTP, not SOCKS5"),
        (("--refuse",), "closed the connection without an answer"),
        (("--silent",), "did not finish the handshake in time"),
    ],
)
@pytest.mark.parametrize("target", ["push:tcp", "client:tcp", "sub:ws"])
def test_what_the_proxy_says_is_told_of_the_proxy(
    rig: EngineRig, start_peer: StartPeer, target: str, arguments: tuple[str, ...], words: str
) -> None:
    proxy = start_proxy(start_peer, *arguments)
    # Short for the one that does not answer: the others might not have had their say by then.
    patience = ",handshake_ivl=400" if "--silent" in arguments else ""
    spec = f"{target}://a.test:5556,socks_proxy={proxy.endpoint}{patience}"
    socket_id = rig.open(spec)
    where = f"{target.partition(':')[2]}://a.test:5556"
    until_told(rig, socket_id, f"The SOCKS proxy {proxy.endpoint} for {where} {words}.")
    assert rig.snapshots[socket_id].state is SocketState.RETRYING


def test_a_user_name_that_is_not_welcome(rig: EngineRig, start_peer: StartPeer) -> None:
    proxy = start_proxy(start_peer, "--user", "me")
    push = rig.open(f"push:tcp://a.test:1,socks_proxy={proxy.endpoint},socks_username=you")
    problem = until_told(rig, push, "refused the user name “you” without a password.")
    assert problem.hint == "Check socks_username=."


def test_a_proxy_that_says_yes_before_it_has_connected(
    rig: EngineRig, start_peer: StartPeer, nobody: tuple[socket.socket, int]
) -> None:
    proxy = start_proxy(start_peer, "--early")
    push = rig.open(f"push:tcp://127.0.0.1:{nobody[1]},socks_proxy={proxy.endpoint}")
    until_told(rig, push, "let the connection through, and closed it before anything came")


@pytest.mark.parametrize("target", ["push:tcp", "client:tcp", "sub:ws"])
def test_no_proxy_is_there(rig: EngineRig, nobody: tuple[socket.socket, int], target: str) -> None:
    spec = f"{target}://a.test:5556,socks_proxy=127.0.0.1:{nobody[1]}"
    socket_id = rig.open(spec)
    where = f"{target.partition(':')[2]}://a.test:5556"
    text = f"Nobody answers at 127.0.0.1:{nobody[1]}, the SOCKS proxy for {where}; it is tried"
    until_told(rig, socket_id, text)
    assert rig.snapshots[socket_id].state is SocketState.RETRYING


def test_a_proxy_of_an_unknown_name(rig: EngineRig) -> None:
    push = rig.open("push:tcp://127.0.0.1:1,socks_proxy=no-such-host.invalid:1080")
    until_told(rig, push, "Unknown host no-such-host.invalid of the SOCKS proxy")


def test_a_zone_of_this_machine_is_none_of_the_proxys(rig: EngineRig) -> None:
    push = rig.open("push:tcp://[fe80::1%25eth0]:5556,socks_proxy=127.0.0.1:1080")
    until_told(rig, push, "has a zone")


def test_once_the_peer_is_heard_what_is_wrong_is_between_it_and_libzmq(
    rig: EngineRig, start_peer: StartPeer, nobody: tuple[socket.socket, int]
) -> None:
    bound, port = nobody
    proxy = start_proxy(start_peer)
    where = f"tcp://127.0.0.1:{port}"
    push = rig.open(f"push:{where},socks_proxy={proxy.endpoint}")
    until_told(rig, push, "answered: connection refused")
    bound.listen()
    bound.setblocking(False)

    def answer_and_look() -> bool:
        with contextlib.suppress(BlockingIOError):
            stranger, _ = bound.accept()
            stranger.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            stranger.close()
        problem = rig.snapshots[push].problem
        return problem is not None and problem.text.startswith(f"{where} closed the connection")

    rig.until(answer_and_look)


# ---- coming and going --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "script", "address"),
    [
        (SocketType.PUSH, "twelve.py", TCP),
        (SocketType.SCATTER, "libzmq_draft.py", TCP),
        (SocketType.PUSH, "libzmq5.py", WS),
    ],
)
def test_when_the_proxy_comes_back_so_does_the_connection(
    rig: EngineRig, start_peer: StartPeer, kind: SocketType, script: str, address: str
) -> None:
    peer = start_peer(script, FITTING[kind].name, "--bind", address)
    proxy = start_proxy(start_peer)
    at = proxy.endpoint
    push = rig.open(f"{kind.name}:{by_name(peer.endpoint)},socks_proxy={at}")
    meeting = Meeting(rig, push, Role.CONNECT, peer, peer.endpoint)
    meeting.until_connected()
    meeting.give()
    for _ in range(2):
        proxy.kill()
        until_told(rig, push, f"Nobody answers at {at}, the SOCKS proxy for")
        assert rig.snapshots[push].state is SocketState.RETRYING
        proxy = start_proxy(start_peer, "--bind", at)
        meeting.until_connected()
        assert rig.snapshots[push].problem is None
        meeting.give()
    assert_all_there(meeting)


@pytest.mark.parametrize("target", ["sub:tcp", "client:tcp", "sub:ws"])
@pytest.mark.parametrize(
    "arguments", [("--silent",), ("--refuse",), ("--answer", "5"), ("--http",), None]
)
def test_closing_at_any_moment_is_harmless(
    rig: EngineRig,
    start_peer: StartPeer,
    nobody: tuple[socket.socket, int],
    target: str,
    arguments: tuple[str, ...] | None,
) -> None:
    """libzmq's own SOCKS ends the process here: “Bad file descriptor (epoll.cpp:86)”."""
    at = f"127.0.0.1:{nobody[1]}"
    if arguments is not None:
        at = start_proxy(start_peer, *arguments).endpoint
    socket_id = rig.open(f"{target}://a.test:5556,socks_proxy={at},reconnect_ivl=1")
    for number in range(ROUNDS):
        for _ in range(number % 5):
            rig.step()
        rig.change(cmd.CloseSocket(socket_id))
        assert rig.snapshots[socket_id].state is SocketState.CLOSED
        rig.change(cmd.ReopenSocket(socket_id))
        assert rig.snapshots[socket_id].is_open
    rig.change(cmd.RemoveSocket(socket_id))


def test_closing_while_the_proxy_comes_and_goes(rig: EngineRig, start_peer: StartPeer) -> None:
    peer = start_peer("twelve.py", "PUB", "--bind", TCP)
    proxy = start_proxy(start_peer)
    at = proxy.endpoint
    spec = f"sub:{by_name(peer.endpoint)},socks_proxy={at},reconnect_ivl=1"
    ids = [rig.open(spec) for _ in range(4)]
    rig.until(lambda: all(rig.snapshots[each].peer_count == 1 for each in ids))
    for socket_id in ids[:3]:
        proxy.kill()
        rig.change(cmd.CloseSocket(socket_id))
        rig.until(lambda: rig.snapshots[ids[3]].state is SocketState.RETRYING)
        rig.change(cmd.ReopenSocket(socket_id))
        proxy = start_proxy(start_peer, "--bind", at)
        rig.until(lambda: all(rig.snapshots[each].peer_count == 1 for each in ids))
