"""Scripts are run in another process against a real peer in this one."""

import socket as tcp
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
import zmq

from zmqscope.core.errors import UserError
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import SocketType
from zmqscope.models.composer.frame_draft import FrameDraft, FrameFormat
from zmqscope.models.composer.message_draft import MessageDraft
from zmqscope.models.composer.python_script import script_for, script_of

_TIMEOUT_MS = 60_000
_AWKWARD = (
    ("Grüße 'n' \"more\" \\ \n\t\u202e\u2028 👩\u200d🚀".encode(), True),
    (bytes(range(256)), False),
    (b'{"a": [1, 2]}\r\n', True),
    (b"", True),
    (b"", False),
)
_DATA = [frame for frame, _ in _AWKWARD]

Peer = zmq.Socket[bytes]
MakePeer = Callable[[SocketType], tuple[Peer, str]]


@pytest.fixture
def make_peer() -> Iterator[MakePeer]:
    context: zmq.Context[Peer] = zmq.Context()
    peers: list[Peer] = []

    def make(kind: SocketType) -> tuple[Peer, str]:
        peer = context.socket(kind.value)
        peers.append(peer)
        peer.set(zmq.LINGER, 0)
        peer.set(zmq.RCVTIMEO, _TIMEOUT_MS)
        if kind is SocketType.SUB:
            peer.set(zmq.SUBSCRIBE, b"")
        if kind is SocketType.DEALER:
            peer.set(zmq.IDENTITY, b"\x01peer")
        peer.bind("tcp://127.0.0.1:*")
        address = peer.get(zmq.LAST_ENDPOINT)
        assert isinstance(address, bytes)
        return peer, address.rstrip(b"\0").decode()

    yield make
    for peer in peers:
        peer.close()
    context.term()


def run(script: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=_TIMEOUT_MS / 1000)
    assert (process.returncode, err) == (0, "")
    return out


@pytest.mark.parametrize(
    ("kind", "peer_kind", "options"),
    [
        (SocketType.PAIR, SocketType.PAIR, ""),
        (SocketType.PUSH, SocketType.PULL, ",sndhwm=7"),
        (SocketType.PUB, SocketType.SUB, ""),
        (SocketType.XPUB, SocketType.SUB, ",xpub_verbose=1"),
    ],
)
def test_a_script_sends_the_frames_as_they_are(
    make_peer: MakePeer, kind: SocketType, peer_kind: SocketType, options: str
) -> None:
    peer, address = make_peer(peer_kind)
    spec = parse_spec(f"{kind.name.lower()}:{address}{options}")
    process = run(script_for(spec, _AWKWARD))
    assert peer.recv_multipart() == _DATA
    finish(process)


def test_a_dealer_has_its_identity(make_peer: MakePeer) -> None:
    peer, address = make_peer(SocketType.ROUTER)
    process = run(script_for(parse_spec(f"dealer:{address},identity=w1"), _AWKWARD))
    assert peer.recv_multipart() == [b"w1", *_DATA]
    finish(process)


def test_a_router_waits_for_its_peer(make_peer: MakePeer) -> None:
    peer, address = make_peer(SocketType.DEALER)
    frames = ((b"\x01peer", False), *_AWKWARD)
    process = run(script_for(parse_spec(f"router:{address}"), frames))
    assert peer.recv_multipart() == _DATA
    finish(process)


def test_a_req_prints_its_reply(make_peer: MakePeer) -> None:
    peer, address = make_peer(SocketType.REP)
    process = run(script_for(parse_spec(f"req:{address}"), _AWKWARD))
    assert peer.recv_multipart() == _DATA
    peer.send(b"pong")
    assert finish(process) == "[b'pong']\n"


def test_a_rep_answers_the_next_request(make_peer: MakePeer) -> None:
    peer, address = make_peer(SocketType.REQ)
    peer.set(zmq.SNDTIMEO, _TIMEOUT_MS)
    process = run(script_for(parse_spec(f"rep:{address}"), _AWKWARD))
    peer.send(b"ping")
    assert peer.recv_multipart() == _DATA
    assert finish(process) == "[b'ping']\n"


def test_an_xsub_subscribes_first(make_peer: MakePeer) -> None:
    peer, address = make_peer(SocketType.XPUB)
    process = run(script_for(parse_spec(f"xsub:{address},topic=EUR"), [(b"\x01USD", False)]))
    assert sorted([peer.recv(), peer.recv()]) == [b"\x01EUR", b"\x01USD"]
    finish(process)


def test_a_stream_writes_to_its_connection() -> None:
    with tcp.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(_TIMEOUT_MS / 1000)
        spec = parse_spec(f"stream:tcp://127.0.0.1:{server.getsockname()[1]}")
        process = run(script_for(spec, [(b"\x00id", False), (b"GET /\r\n", True)]))
        connection, _ = server.accept()
        with connection:
            connection.settimeout(_TIMEOUT_MS / 1000)
            assert connection.recv(100) == b"GET /\r\n"
        finish(process)


@pytest.mark.parametrize(
    "kind", [kind for kind in SocketType if kind.can_send and not kind.names_address]
)
def test_every_script_is_python(kind: SocketType) -> None:
    text = (
        f"{kind.name.lower()}:@tcp://[::1]:5557,tcp://localhost:5556,ipc:///tmp/it's,"
        "name=%22%22%22evil,sndhwm=3"
    )
    spec = parse_spec(text + (",topic=EUR" if kind is SocketType.XSUB else ""))
    script = script_for(spec, _AWKWARD[:2] if kind.is_draft else _AWKWARD)
    compile(script, "script", "exec")
    assert "evil" not in script
    assert "socket.set(zmq.IPV6, 1)" in script
    assert "socket.set(zmq.SNDHWM, 3)" in script
    assert 'socket.bind("tcp://[::1]:5557")' in script
    assert script.count("Close the socket in ZMQ Scope first") == 1
    assert script.endswith("\n")
    assert kind.is_draft is ("ZMQ_DRAFT_API=1" in script)


@pytest.mark.parametrize(
    ("kind", "frames", "line"),
    [
        (SocketType.CLIENT, [(b"hi", True)], 'socket.send(b"hi")'),
        (SocketType.SCATTER, [(b"hi", True)], 'socket.send(b"hi")'),
        (SocketType.CHANNEL, [(b"hi", True)], 'socket.send(b"hi")'),
        (SocketType.RADIO, [(b"EUR", True), (b"1", True)], 'socket.send(b"1", group=b"EUR")'),
        (
            SocketType.SERVER,
            [(b"\0id", False), (b"hi", True)],
            'socket.send(b"hi", routing_id=first.routing_id)',
        ),
        (
            SocketType.PEER,
            [(b"\0id", False), (b"hi", True)],
            'socket.send(b"hi", routing_id=first.routing_id)',
        ),
    ],
)
def test_a_draft_sends_one_frame_the_way_pyzmq_wants_it(
    kind: SocketType, frames: list[tuple[bytes, bool]], line: str
) -> None:
    script = script_for(parse_spec(f"{kind.name.lower()}:tcp://localhost:5556"), frames)
    assert line in script.splitlines()
    assert "send_multipart" not in script


def test_a_pyzmq_without_drafts_is_told_so_before_libzmq_ends_it() -> None:
    process = run(script_for(parse_spec("client:tcp://127.0.0.1:1"), [(b"hi", True)]))
    _, err = process.communicate(timeout=_TIMEOUT_MS / 1000)
    assert process.returncode == 1
    assert err.strip() == "This pyzmq was built without draft socket types."


def test_a_dgram_needs_no_draft_build() -> None:
    with (
        tcp.socket(tcp.AF_INET, tcp.SOCK_DGRAM) as taken,
        tcp.socket(tcp.AF_INET, tcp.SOCK_DGRAM) as peer,
    ):
        taken.bind(("127.0.0.1", 0))
        spec = parse_spec(f"dgram:@udp://127.0.0.1:{taken.getsockname()[1]}")
        taken.close()
        peer.bind(("127.0.0.1", 0))
        peer.settimeout(_TIMEOUT_MS / 1000)
        address = f"127.0.0.1:{peer.getsockname()[1]}".encode()
        process = run(script_for(spec, [(address, True), (b"hi", True)]))
        assert peer.recv(100) == b"hi"
        finish(process)


def test_websocket_options_are_written_as_libzmq_takes_them() -> None:
    spec = parse_spec(
        "pub:@wss://*:8443,ws://localhost:8080,wss_cert_pem=/tmp/it's.pem,wss_key_pem=/tmp/%FF,"
        "zws_subprotocol=ZWS2.0"
    )
    script = script_for(spec, [(b"x", True)])
    compile(script, "script", "exec")
    lines = script.splitlines()
    assert 'socket.set(zmq.WSS_CERT_PEM, open("/tmp/it\'s.pem", "rb").read())' in lines
    assert (
        'socket.set(zmq.WSS_KEY_PEM, open(bytes.fromhex("2f 74 6d 70 2f ff"), "rb").read())'
        in lines
    )
    assert "# zws_subprotocol is an option of ZMQ Scope, not of libzmq." in lines
    assert "# ws:// needs a pyzmq whose libzmq has it; its wheels do not." in lines
    assert "# wss:// needs a pyzmq whose libzmq has it; its wheels do not." in lines


def test_inproc_is_explained() -> None:
    assert "same context" in script_for(parse_spec("pair:inproc://a"), [(b"x", True)])


def test_text_stays_text_and_bytes_stay_hex() -> None:
    message = MessageDraft()
    message.replace_all(
        [
            FrameDraft(text="EURUSD"),
            FrameDraft(text="Zoë's"),
            FrameDraft(FrameFormat.JSON, '{"a": 1}'),
            FrameDraft(FrameFormat.HEX, "00:6b"),
        ]
    )
    script = script_of(parse_spec("push:tcp://localhost:1"), message)
    assert (
        "frames = [\n"
        '    b"EURUSD",\n'
        '    "Zoë\'s".encode(),\n'
        "    b'{\"a\": 1}',\n"
        '    bytes.fromhex("00 6b"),\n'
        "]\n"
        "socket.send_multipart(frames)\n"
    ) in script


def test_a_large_message_makes_no_script() -> None:
    message = MessageDraft()
    message.put_text(0, "x" * 2_000_000, "")
    with pytest.raises(UserError, match=r"2\.0 MB is too large"):
        script_of(parse_spec("push:tcp://localhost:1"), message)
