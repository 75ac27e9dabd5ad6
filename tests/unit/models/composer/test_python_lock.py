"""Locks in scripts: the scripts run in another process; no secret is ever in them."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq

from zmqscope.core.security.keys import decode_z85
from zmqscope.core.security.secret import KeyPair, Secret
from zmqscope.core.security.secret_files import write_key_pair
from zmqscope.core.spec import parse_spec
from zmqscope.models.composer.python_script import script_for

PASSWORD = "pass-w0rd-for-tests"
TIMEOUT_MS = 60_000
ZmqSocket = zmq.Socket[bytes]


class Server:
    """A PULL that lets in by PLAIN or CURVE, with a ZAP handler of its own."""

    def __init__(self) -> None:
        self._context: zmq.Context[ZmqSocket] = zmq.Context()
        self._zap = self._context.socket(zmq.REP)
        self._zap.bind("inproc://zeromq.zap.01")
        self.shown: list[list[bytes]] = []
        self._thread = threading.Thread(target=self._answer)
        self._thread.start()
        self.pull = self._context.socket(zmq.PULL)
        self.pull.set(zmq.RCVTIMEO, TIMEOUT_MS)
        self.pull.set(zmq.ZAP_DOMAIN, b"test")

    def bind(self) -> str:
        port = self.pull.bind_to_random_port("tcp://127.0.0.1")
        return f"tcp://127.0.0.1:{port}"

    def _answer(self) -> None:
        try:
            while True:
                asked = self._zap.recv_multipart()
                self.shown.append(asked[5:])
                self._zap.send_multipart([b"1.0", asked[1], b"200", b"", b"", b""])
        except zmq.ContextTerminated:
            self._zap.close(0)

    def close(self) -> None:
        self.pull.close(0)
        self._context.term()
        self._thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


def new_pair() -> KeyPair:
    public, secret = zmq.curve_keypair()
    return KeyPair(public.decode(), Secret(secret))


def run(script: str, answer: str = "") -> None:
    # getpass reads the terminal; in its place comes what somebody would type.
    lead = f"import getpass; getpass.getpass = lambda prompt: {answer!r}\n" if answer else ""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", lead + script],
        check=False,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_MS / 1000,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("place", ["file", "session"])
def test_plain_client(server: Server, tmp_path: Path, place: str) -> None:
    server.pull.set(zmq.PLAIN_SERVER, 1)
    where = "session:feed"
    if place == "file":
        (tmp_path / "password").write_text(f"{PASSWORD}\n")
        where = f"file:{tmp_path}/password"
    script = script_for(
        parse_spec(f"push:{server.bind()},lock=plain-client,user=Ann é,secret={where}"),
        [(b"hello", True)],
    )
    assert PASSWORD not in script
    run(script, PASSWORD if place == "session" else "")
    assert server.pull.recv() == b"hello"
    assert server.shown == [[b"PLAIN", "Ann é".encode(), PASSWORD.encode()]]


@pytest.mark.parametrize("own", ["file", "session", "none"])
@pytest.mark.parametrize("key", ["text", "file"])
def test_curve_client(server: Server, tmp_path: Path, own: str, key: str) -> None:
    theirs, ours = new_pair(), new_pair()
    write_key_pair(str(tmp_path), "server", theirs)
    write_key_pair(str(tmp_path), "client", ours)
    server.pull.set(zmq.CURVE_SERVER, 1)
    server.pull.set(zmq.CURVE_SECRETKEY, theirs.secret.reveal())
    server_key = theirs.public if key == "text" else f"file:{tmp_path}/server.key"
    secret = {
        "file": f",secret=file:{tmp_path}/client.key_secret",
        "session": ",secret=session:client",
        "none": "",
    }[own]
    spec = parse_spec(f"push:{server.bind()},lock=curve-client,server_key={server_key}{secret}")
    script = script_for(spec, [(b"hello", True)])
    hidden = ours.secret.reveal().decode()
    assert hidden not in script
    run(script, hidden if own == "session" else "")
    assert server.pull.recv() == b"hello"
    (shown,) = server.shown
    if own != "none":
        assert shown == [b"CURVE", decode_z85(ours.public)]


def test_the_keyring_is_asked_for_a_certificate(tmp_path: Path) -> None:
    ours = new_pair()
    _, path = write_key_pair(str(tmp_path), "pub", ours)
    spec = parse_spec("pub:@tcp://127.0.0.1:*,lock=curve-server,secret=keyring:feed")
    script = script_for(spec, [(b"hello", True)])
    fake = (
        "import keyring, pathlib\n"
        f"keyring.get_password = lambda service, name: pathlib.Path({path!r}).read_text()\n"
    )
    run(f"{fake}{script}\nassert public == {ours.public.encode()!r}")


@pytest.mark.parametrize("lock", ["plain-server", "null-server"])
def test_servers(lock: str) -> None:
    script = script_for(parse_spec(f"pub:@tcp://127.0.0.1:*,lock={lock}"), [(b"hello", True)])
    run(script, PASSWORD)
