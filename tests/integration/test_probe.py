"""What a probe says of real peers and of ports that are none, each in a process of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq

from tests.integration.conftest import StartPeer
from tests.integration.linked import free_port
from tests.peers import certificates
from tests.peers.launch import PeerProcess
from zmqscope.core.errors import EndpointError
from zmqscope.core.probe import Answer, ProbePlan, ProbeResult
from zmqscope.core.security.lock import NO_LOCK, Lock, Mechanism, SecretPlace, SecretRef
from zmqscope.core.security.session_secrets import SessionSecrets
from zmqscope.core.types import SocketType
from zmqscope.engine.links.tls import client_context
from zmqscope.engine.probe.lock import LockPreparer
from zmqscope.engine.probe.run import run_probe
from zmqscope.engine.probe.trial import PrepareSocket


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    made = certificates.make(tmp_path_factory.mktemp("certificates"))
    peer = PeerProcess("answers.py", *made.to_bind)
    yield peer.ready["at"]
    peer.kill()


def probe(
    address: str,
    kind: SocketType | None = None,
    lock: Lock = NO_LOCK,
    prepare: PrepareSocket | None = None,
) -> ProbeResult:
    began_s = time.monotonic()
    result = run_probe(ProbePlan(address, kind, lock), prepare)
    assert time.monotonic() - began_s < 30
    assert address in result.text
    assert result.text.endswith(".")
    return result


@pytest.mark.parametrize("script", ["twelve.py", "libzmq5.py", "node_zeromq.js"])
@pytest.mark.parametrize("kind", ["PUB", "ROUTER", "REP", "PULL", "PAIR", "XSUB"])
def test_zmtp_is_known_to_the_socket_type(start_peer: StartPeer, script: str, kind: str) -> None:
    peer = start_peer(script, kind, "--bind", "tcp://127.0.0.1:*")
    result = probe(peer.endpoint)
    assert (result.answer, result.type_name, result.mechanism) == (Answer.ZMTP, kind, "NULL")
    assert result.version in ("3.0", "3.1")
    assert result.fits is None


def test_the_routing_id_is_told(start_peer: StartPeer) -> None:
    peer = start_peer("twelve.py", "ROUTER", "--bind", "tcp://127.0.0.1:*", "--identity", "bob")
    assert probe(peer.endpoint).identity == b"bob"


def test_whether_the_types_fit(start_peer: StartPeer) -> None:
    peer = start_peer("twelve.py", "REP", "--bind", "tcp://127.0.0.1:*")
    right, wrong = probe(peer.endpoint, SocketType.REQ), probe(peer.endpoint, SocketType.SUB)
    assert (right.fits, wrong.fits) == (True, False)
    assert "A REQ can talk with it." in right.text
    assert "A SUB does not talk with it." in wrong.text
    assert wrong.hint == "A SUB talks with PUB or XPUB."


def test_ipc(start_peer: StartPeer, ipc_folder: Path) -> None:
    where = f"ipc://{ipc_folder}/p"
    start_peer("twelve.py", "PUSH", "--bind", where)
    assert probe(where, SocketType.PULL).fits is True
    absent = probe(f"ipc://{ipc_folder}/none")
    assert absent.answer is Answer.REFUSED
    assert "There is no socket" in absent.text


def test_an_address_of_all_interfaces_is_this_machine(start_peer: StartPeer) -> None:
    peer = start_peer("twelve.py", "PUB", "--bind", "tcp://127.0.0.1:*")
    port = peer.endpoint.rpartition(":")[2]
    for wildcard in ("*", "0.0.0.0"):
        assert probe(f"tcp://{wildcard}:{port}").type_name == "PUB"


@pytest.mark.parametrize("script", ["libzmq5.py", "jszmq.js", "wss.py"])
def test_zeromq_over_websocket(start_peer: StartPeer, script: str) -> None:
    peer = start_peer(script, "PUB", "--bind", "ws://127.0.0.1:*/feed")
    result = probe(peer.endpoint, SocketType.SUB)
    assert (result.answer, result.version) == (Answer.ZMTP, "WebSocket 2.0")
    told = result.type_name == "PUB"
    assert told is (script != "jszmq.js")  # it has no handshake, and so tells no type
    assert result.fits is (True if told else None)


@pytest.mark.parametrize("script", ["libzmq5.py", "jszmq.js", "wss.py"])
def test_whoever_comes_to_a_websocket_by_tcp_is_told(start_peer: StartPeer, script: str) -> None:
    peer = start_peer(script, "PUB", "--bind", "ws://127.0.0.1:*/")
    by_tcp = probe(f"tcp://{peer.endpoint.split('/')[2]}")
    assert "ZeroMQ over WebSocket" in by_tcp.text
    assert "ws://" in by_tcp.hint


def test_wss(start_peer: StartPeer, tmp_path: Path) -> None:
    made = certificates.make(tmp_path)
    peer = start_peer("wss.py", "PULL", "--bind", "wss://127.0.0.1:*", *made.to_bind)
    trusting = client_context({"wss_trust_pem": str(made.ca).encode()})
    plan = ProbePlan(peer.endpoint, SocketType.PUSH)
    assert run_probe(plan, tls=trusting).fits is True
    distrusting = run_probe(plan)
    assert distrusting.answer is Answer.TLS
    assert "its certificate is not trusted" in distrusting.text
    assert "wss_trust_pem" in distrusting.hint


def test_nobody_listens() -> None:
    result = probe(f"tcp://127.0.0.1:{free_port()}")
    assert result.answer is Answer.REFUSED
    assert "Nobody listens" in result.text


def test_unknown_host() -> None:
    result = probe("tcp://no-such-host.invalid:5555")
    assert result.answer is Answer.UNREACHABLE
    assert "unknown host" in result.text


STRANGERS = {
    "silent": (Answer.SILENT, "says nothing"),
    "closes": (Answer.CLOSES, "closes it at once"),
    "ssh": (Answer.SSH, "OpenSSH_9.2p1"),
    "mail": (Answer.OTHER, "220 mail.example"),
    "http": (Answer.HTTP, "HTTP server"),
    "tls": (Answer.TLS, "speaks TLS"),
    "zeros": (Answer.OTHER, "something else"),
    "random": (Answer.OTHER, "something else"),
}


@pytest.mark.parametrize("name", STRANGERS)
def test_strangers_are_known_by_what_they_say(answers: dict[str, str], name: str) -> None:
    answer, words = STRANGERS[name]
    result = probe(answers[name], SocketType.SUB)
    assert (result.answer, result.fits) == (answer, None)
    assert words in result.text
    assert len(result.first_bytes) <= 256


def test_ws_and_wss_that_meet_the_wrong_server(answers: dict[str, str]) -> None:
    def web(scheme: str, name: str) -> ProbeResult:
        return probe(answers[name].replace("tcp", scheme))

    assert web("ws", "http").answer is Answer.HTTP
    assert "Connect with ws://" in web("wss", "http").hint
    assert web("ws", "tls").answer in (Answer.TLS, Answer.HTTP)
    assert web("ws", "silent").answer is Answer.SILENT
    assert web("ws", "closes").answer in (Answer.CLOSES, Answer.SILENT)
    assert web("ws", "ssh").answer is Answer.SSH


def test_ws_to_a_peer_that_begins_with_tls(start_peer: StartPeer, tmp_path: Path) -> None:
    made = certificates.make(tmp_path)
    peer = start_peer("wss.py", "PUB", "--bind", "wss://127.0.0.1:*", *made.to_bind)
    result = probe(peer.endpoint.replace("wss:", "ws:"), SocketType.SUB)
    assert result.answer is Answer.TLS
    assert "Connect with wss:// instead" in result.hint


@pytest.mark.parametrize(
    ("ours", "theirs", "word"),
    [
        (SocketType.DEALER, "REP", "empty frame"),
        (SocketType.ROUTER, "REQ", "behind its routing id"),
        (SocketType.DEALER, "ROUTER", ""),
    ],
)
def test_what_fits_may_ask_for_an_empty_frame(
    start_peer: StartPeer, ours: SocketType, theirs: str, word: str
) -> None:
    result = probe(start_peer("twelve.py", theirs, "--bind", "tcp://127.0.0.1:*").endpoint, ours)
    assert result.fits is True
    assert word in result.hint if word else not result.hint


def test_old_peers(answers: dict[str, str]) -> None:
    first, second = probe(answers["zmtp-1"]), probe(answers["zmtp-2"], SocketType.PUSH)
    assert (first.version, first.identity) == ("1.0", b"bob")
    assert (second.version, second.type_name, second.identity) == ("2.0", "PUSH", b"bob")
    assert second.fits is False


def test_a_greeting_in_pieces_and_one_that_claims_too_much(answers: dict[str, str]) -> None:
    assert probe(answers["slow"]).version == "3.0"
    assert probe(answers["huge"]).version == "3.0"


def test_a_mechanism_that_is_not_ours(answers: dict[str, str]) -> None:
    result = probe(answers["curve"], SocketType.PUSH, Lock(Mechanism.PLAIN, user="mia"))
    assert (result.mechanism, result.is_server, result.fits) == ("CURVE", True, False)
    assert "This socket has PLAIN." in result.text


@pytest.mark.parametrize("name", ["plain", "curve"])
def test_two_servers_do_not_talk(answers: dict[str, str], name: str) -> None:
    lock = Lock(Mechanism[name.upper()], is_server=True)
    result = probe(answers[name], SocketType.PUSH, lock)
    assert result.fits is False
    assert "so is this socket" in result.text


def test_a_bound_client_is_seen_by_its_hello_and_its_password_is_not(
    answers: dict[str, str],
) -> None:
    plain, curve = probe(answers["plain-client"]), probe(answers["curve-client"])
    assert (plain.mechanism, plain.is_server) == ("PLAIN", False)
    assert (curve.mechanism, curve.is_server) == ("CURVE", False)
    assert b"hushhush" not in plain.first_bytes
    assert "hushhush" not in repr(plain)


def plain_lock(password: bytes) -> PrepareSocket:
    def prepare(socket: zmq.Socket[bytes]) -> None:
        socket.set(zmq.PLAIN_USERNAME, b"mia")
        socket.set(zmq.PLAIN_PASSWORD, password)

    return prepare


def curve_lock(server_key: bytes) -> PrepareSocket:
    def prepare(socket: zmq.Socket[bytes]) -> None:
        public, secret = zmq.curve_keypair()
        socket.set(zmq.CURVE_PUBLICKEY, public)
        socket.set(zmq.CURVE_SECRETKEY, secret)
        socket.set(zmq.CURVE_SERVERKEY, server_key)

    return prepare


def test_a_password_is_tried(answers: dict[str, str]) -> None:
    lock = Lock(Mechanism.PLAIN, user="mia")
    right = probe(answers["plain"], SocketType.PUSH, lock, plain_lock(b"right"))
    wrong = probe(answers["plain"], SocketType.PUSH, lock, plain_lock(b"wrong"))
    misfit = probe(answers["plain"], SocketType.SUB, lock, plain_lock(b"right"))
    assert [each.fits for each in (right, wrong, misfit)] == [True, False, False]
    assert "lets this socket in" in right.text
    assert "refuses this socket’s name and password (status 400)" in wrong.text
    assert "does not talk with a SUB" in misfit.text


def test_a_wrong_server_key_and_types_that_do_not_fit_are_told_apart(
    answers: dict[str, str],
) -> None:
    key, other = answers["server-key"].encode(), zmq.curve_keypair()[0]
    lock = Lock(Mechanism.CURVE, server_key=answers["server-key"])
    right = probe(answers["curve"], SocketType.PUSH, lock, curve_lock(key))
    wrong = probe(answers["curve"], SocketType.PUSH, lock, curve_lock(other))
    misfit = probe(answers["curve"], SocketType.SUB, lock, curve_lock(key))
    foreign = probe(answers["curve-listed"], SocketType.PUSH, lock, curve_lock(key))
    assert [each.fits for each in (right, wrong, misfit, foreign)] == [True, False, False, False]
    assert "does not accept the server key" in wrong.text
    assert "does not talk with a SUB" in misfit.text
    assert "refuses this socket’s key" in foreign.text


@pytest.mark.parametrize("address", ["inproc://a", "udp://127.0.0.1:5555", "tcp://", "nonsense"])
def test_what_cannot_be_probed_is_said(address: str) -> None:
    with pytest.raises(EndpointError) as caught:
        run_probe(ProbePlan(address))
    assert caught.value.problem.hint


def test_who_is_probed_counts_no_peer_and_gets_no_message(start_peer: StartPeer) -> None:
    peer = start_peer("twelve.py", "PULL", "--bind", "tcp://127.0.0.1:*")
    assert probe(peer.endpoint, SocketType.PUSH).fits is True
    assert peer.finish()["received"] == 0


def test_who_listens_on_this_machine_is_named(start_peer: StartPeer) -> None:
    peer = start_peer("twelve.py", "PULL", "--bind", "tcp://127.0.0.1:*")
    owner = probe(peer.endpoint).local_owner
    assert owner.endswith(f"({peer.pid})")
    assert owner.startswith("python")


def test_a_lock_is_tried_with_what_it_refers_to(answers: dict[str, str], tmp_path: Path) -> None:
    right, wrong = tmp_path / "right", tmp_path / "wrong"
    for path in (right, wrong):
        path.write_text(path.name)
        path.chmod(0o600)
    prepare = LockPreparer(SessionSecrets())

    def tried(path: Path) -> ProbeResult:
        lock = Lock(Mechanism.PLAIN, user="mia", secret=SecretRef(SecretPlace.FILE, str(path)))
        plan = ProbePlan(answers["plain"], SocketType.PUSH, lock)
        return run_probe(plan, prepare(plan))

    assert (tried(right).fits, tried(wrong).fits) == (True, False)
    fresh = Lock(Mechanism.CURVE, server_key=answers["server-key"])
    plan = ProbePlan(answers["curve"], SocketType.PUSH, fresh)
    assert run_probe(plan, prepare(plan)).fits is True


def test_a_lock_that_may_not_be_tried_is_shown_to_nobody(answers: dict[str, str]) -> None:
    asked: list[object] = []
    plan = ProbePlan(
        answers["plain"], SocketType.PUSH, Lock(Mechanism.PLAIN, user="mia"), tries_lock=False
    )
    result = run_probe(plan, asked.append)
    assert asked == []
    assert (result.mechanism, result.fits) == ("PLAIN", None)


def test_what_strangers_say_is_shown_as_escapes(answers: dict[str, str]) -> None:
    text = probe(answers["zeros"]).text
    assert text.isprintable()
    assert "\\x00" in text
