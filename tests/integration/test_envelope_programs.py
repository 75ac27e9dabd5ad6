"""Messages of real programs, captured by the engine: a kernel, ZeroRPC, Locust."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from jupyter_client.connect import write_connection_file
from jupyter_client.session import Session

from tests.decoder_checks import check_envelope
from tests.envelope_cases import outline_of
from tests.integration.conftest import StartPeer
from tests.rig import EngineRig
from zmqscope.core.decode.builtin import builtin_decoders, builtin_layers
from zmqscope.core.decode.payload import Payload
from zmqscope.core.decode.registry import Registry
from zmqscope.core.envelopes.builtin import builtin_envelopes
from zmqscope.core.envelopes.envelope import Sighting
from zmqscope.core.envelopes.jupyter import Jupyter
from zmqscope.core.envelopes.known import KnownEnvelopes
from zmqscope.core.types import Direction, Message, SocketId, SocketType

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SLOW_S = 90.0
"""Programs that import half of PyPI start slowly on a machine that is busy."""

ENDED_S = 10.0
PEERS = Path(__file__).parent.parent / "peers"


def missing(beginnings: Iterable[str], lines: list[str]) -> list[str]:
    """The beginnings that no line has."""
    return [each for each in beginnings if not any(line.startswith(each) for line in lines)]


class Witness:
    """Looks at all that the engine captured.

    Args:
        rig: The engine.
        name: The envelope that everything must be of.
    """

    def __init__(self, rig: EngineRig, name: str) -> None:
        self.rig = rig
        self.known = KnownEnvelopes(builtin_envelopes())
        self.registry = Registry(builtin_decoders(), builtin_layers())
        self._name = name
        self._seen: dict[int, Sighting] = {}

    def see(self, message: Message) -> Sighting:
        """A message as the table and as the inspector see it; both must agree on what it is."""
        if message.row not in self._seen:
            self._seen[message.row] = self._look(message)
        return self._seen[message.row]

    def _look(self, message: Message) -> Sighting:
        kind = self.rig.snapshots[message.socket_id].spec.type
        found: list[Sighting] = []
        for is_cut in (True, False):
            view = outline_of(message.frames, kind, message.direction, is_cut=is_cut)
            sighting = self.known.see(view)
            assert sighting is not None, message.frames
            assert sighting.envelope == self._name
            assert sighting.confidence > 0.75
            assert check_envelope(self.known.by_name[self._name], view, message.frames)
            found.append(sighting)
        assert found[0].frames == found[1].frames
        return found[0]

    def lines(self, *sockets: SocketId) -> list[str]:
        """What is said of each message."""
        return [
            self.see(message).summary
            for message in self.rig.messages()
            if not sockets or message.socket_id in sockets
        ]

    def until(self, *beginnings: str) -> list[str]:
        """Wait until there is a line for each beginning."""
        lines: list[str] = []

        def there() -> bool:
            lines[:] = self.lines()
            return not missing(beginnings, lines)

        try:
            self.rig.until(there, SLOW_S)
        except AssertionError as error:
            raise AssertionError(f"{missing(beginnings, lines)} are not in {lines}") from error
        return lines

    def decode_all(self) -> set[str]:
        """Decode each frame as its envelope says; tells which decoders were at work."""
        used: set[str] = set()
        for message in self.rig.messages():
            for frame, name in zip(message.frames, self.see(message).frames, strict=False):
                if name.decoder not in self.registry.decoders or not frame:
                    continue
                reading = self.registry.read(Payload(frame[name.offset :]), None, name.decoder)
                assert reading.decoder == name.decoder, (name, frame[:200])
                assert reading.decoded is not None
                assert not reading.is_guess
                used.add(reading.decoder)
        return used


@contextlib.contextmanager
def program(*command: str, home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program with a home folder of its own, ended by its number."""
    environment = {**os.environ, "HOME": str(home), "IPYTHONDIR": str(home), "LANG": "C.UTF-8"}
    environment.pop("JUPYTER_PLATFORM_DIRS", None)
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=home,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(ENDED_S)


# ---- Jupyter ----------------------------------------------------------------------------------

KEY = b"only-for-this-test"
CODE = """\
import sys
from ipykernel.comm import Comm
from IPython.display import HTML, display
print(1 + 1)
print("oh", file=sys.stderr)
display(HTML("<b>bold</b>"))
comm = Comm(target_name="test", data={"a": 1}, buffers=[b"one", b"two"])
40 + 2
"""


class Kernel:
    """A client of a running kernel, made of our own sockets."""

    def __init__(self, rig: EngineRig, path: str, ports: dict[str, int]) -> None:
        self.rig = rig
        self.session = Session(key=KEY, username="test")
        at = "tcp://127.0.0.1"
        self.iopub = rig.open(f"sub:{at}:{ports['iopub_port']}")
        # A kernel asks on stdin whoever has the routing id of the request.
        self.shell = rig.open(f"dealer:{at}:{ports['shell_port']},routing_id=test")
        self.stdin = rig.open(f"dealer:{at}:{ports['stdin_port']},routing_id=test")
        self.control = rig.open(f"dealer:{at}:{ports['control_port']}")
        self.path = path

    def until_heard(self) -> None:
        """Wait until the kernel knows of our subscription, which travels on its own."""

        def heard() -> bool:
            answers = len(self.rig.messages(self.shell))
            self.ask("kernel_info_request", {})
            self.rig.until(lambda: len(self.rig.messages(self.shell)) >= answers + 2, SLOW_S)
            return bool(self.rig.messages(self.iopub))

        self.rig.until(heard, SLOW_S)

    def ask(self, kind: str, content: dict[str, object], where: SocketId | None = None) -> None:
        """Send a request as ``jupyter_client`` packs it."""
        frames = self.session.serialize(self.session.msg(kind, content))
        assert self.rig.send(where or self.shell, *frames).accepted

    def run(self, code: str) -> None:
        """Have it execute something."""
        content = {"code": code, "silent": False, "stop_on_error": False, "allow_stdin": True}
        self.ask("execute_request", content)


@pytest.fixture
def kernel(rig: EngineRig, tmp_path: Path) -> Iterator[Kernel]:
    """An IPython kernel in a process of its own."""
    path, about = write_connection_file(
        str(tmp_path / "kernel-test.json"), ip="127.0.0.1", key=KEY, kernel_name="python3"
    )
    ports = {name: number for name, number in about.items() if isinstance(number, int)}
    plain = ("--IPCompleter.use_jedi=False", "--HistoryManager.enabled=False")
    with program("-m", "ipykernel_launcher", "-f", path, *plain, home=tmp_path) as process:
        client = Kernel(rig, path, ports)
        rig.until(
            lambda: all(
                rig.snapshots[each].peer_count
                for each in (client.iopub, client.shell, client.stdin)
            ),
            SLOW_S,
        )
        yield client
        assert process.poll() is None or process.returncode == 0


def test_a_kernel_says_what_it_does(rig: EngineRig, kernel: Kernel) -> None:
    witness = Witness(rig, "jupyter")
    kernel.until_heard()
    kernel.run(CODE)
    kernel.run("undefined")
    kernel.ask("complete_request", {"code": "prin", "cursor_pos": 4})
    lines = witness.until(
        *("kernel_info_reply ok ipython", "status busy", "status idle", 'stream stdout "2\\n"'),
        *('stream stderr "oh', 'display_data text/html "<IPython', "comm_open test"),
        *('execute_result [1] "42"', "execute_reply ok [1]", 'execute_input [1] "import sys\\n'),
        *('execute_request "undefined"', "error NameError: name 'undefined' is not defined"),
        *("execute_reply error NameError: name 'undefined'", "complete_reply ok "),
    )
    assert any(line.startswith('execute_request "import sys\\nfrom ipykernel') for line in lines)
    kernel.ask("shutdown_request", {"restart": False}, kernel.control)
    witness.until("shutdown_request", "shutdown_reply ok")
    channels = {
        note.text for message in rig.messages(kernel.iopub) for note in witness.see(message).notes
    }
    assert channels == {"Channel: iopub."}
    buffers = [m for m in rig.messages(kernel.iopub) if b'"comm_open"' in b"".join(m.frames[:4])]
    assert [name.label for name in witness.see(buffers[0]).frames][-2:] == ["buffer 1", "buffer 2"]
    assert witness.decode_all() == {"json", "text"}


def test_what_somebody_types_is_not_shown(rig: EngineRig, kernel: Kernel) -> None:
    witness = Witness(rig, "jupyter")
    kernel.run('len(__import__("getpass").getpass("Password: "))')
    witness.until('input_request "Password: " password')
    kernel.ask("input_reply", {"value": "hunter2"}, kernel.stdin)
    lines = witness.until("execute_reply ok [1]", "input_reply 7 characters")
    assert not any("hunter2" in line for line in lines)
    for message in rig.messages(kernel.stdin):
        *_, content = witness.see(message).frames
        assert content.is_secret == (message.direction is Direction.SENT)


def test_the_signatures_of_a_kernel_are_right(rig: EngineRig, kernel: Kernel) -> None:
    witness = Witness(rig, "jupyter")
    kernel.run("1+1")
    witness.until("execute_reply ok [1]", 'execute_request "1+1"')
    jupyter = witness.known.by_name["jupyter"]
    assert isinstance(jupyter, Jupyter)
    jupyter.keys.add_connection_file(kernel.path)
    for message in rig.messages():
        said = jupyter.check(message.frames, witness.see(message))
        assert said[0].text == (
            "Signature is right (kernel python3, connection file kernel-test.json)."
        )
        changed = list(message.frames)
        changed[witness.see(message).body] += b" "
        assert jupyter.check(tuple(changed), witness.see(message))[0].is_bad


# ---- ZeroRPC ----------------------------------------------------------------------------------


def relay(
    rig: EngineRig, front: SocketId, back: SocketId, rename: Callable[[Message], tuple[bytes, ...]]
) -> Callable[[], None]:
    """What has each message that one socket received sent by the other; to be called again."""
    seen: set[int] = set()

    def forward() -> None:
        for message in rig.messages():
            if message.direction is Direction.SENT or message.row in seen:
                continue
            seen.add(message.row)
            target = back if message.socket_id == front else front
            assert rig.send(target, *rename(message)).accepted

    return forward


def test_calls_of_zerorpc_go_through_us(rig: EngineRig, start_peer: StartPeer) -> None:
    server = start_peer("zerorpc_server.py")
    front = rig.open("router:@tcp://127.0.0.1:*")
    back = rig.open(f"dealer:{server.endpoint}")
    client = start_peer("zerorpc_client.py", rig.address(front))
    ids: list[bytes] = []

    def rename(message: Message) -> tuple[bytes, ...]:
        if message.socket_id == front:
            ids[:] = [message.frames[0]]
            return message.frames[1:]
        return (ids[0], *message.frames)

    forward = relay(rig, front, back, rename)
    results = []
    for call in (["hello", "World"], ["numbers", 3], ["fail"], ["nap"]):
        client.write(f"{call}\n".replace("'", '"').encode())

        def answered() -> bool:
            forward()
            fact = client.fact()
            if fact is not None:
                results.append(fact)
            return fact is not None

        rig.until(answered, SLOW_S)
    assert results == [
        {"result": "Hello, World"},
        {"result": [0, 1, 2]},
        {"error": "NameError"},
        {"result": "done"},
    ]
    witness = Witness(rig, "zerorpc")
    lines = witness.lines()
    wanted = (
        *('hello("World") #', 'OK "Hello, World" #', "numbers(3) #", "STREAM 0 #", "STREAM 2 #"),
        *("STREAM_DONE #", "fail() #", "ERR NameError: name 'x' is not defined #", "heartbeat #"),
    )
    assert not missing(wanted, lines)
    assert witness.decode_all() == {"msgpack"}


# ---- Locust -----------------------------------------------------------------------------------


def free_port() -> int:
    """A port that nobody had a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def test_locust_works_through_us(rig: EngineRig, tmp_path: Path) -> None:
    port, common = free_port(), ("-m", "locust", "-f", str(PEERS / "locustfile.py"), "--headless")
    front = rig.open("router:@tcp://127.0.0.1:*")
    at_front = rig.address(front).rpartition(":")[2]
    master = (*common, "--master", "--master-bind-host", "127.0.0.1", "--users", "2")
    rates = (
        "--spawn-rate",
        "2",
        "--expect-workers",
        "1",
        "--run-time",
        "6s",
        "--stop-timeout",
        "1",
    )
    worker = (*common[:-1], "--worker", "--master-host", "127.0.0.1", "--master-port", at_front)
    with (
        program(*master, "--master-bind-port", str(port), *rates, home=tmp_path),
        program(*worker, home=tmp_path),
    ):
        rig.until(lambda: rig.messages(front), SLOW_S)
        node = rig.messages(front)[0].frames[0]
        back = rig.open(f"dealer:tcp://127.0.0.1:{port},routing_id={node.decode()}")
        rig.until(lambda: rig.snapshots[back].peer_count == 1, SLOW_S)

        def rename(message: Message) -> tuple[bytes, ...]:
            return message.frames[1:] if message.socket_id == front else (node, *message.frames)

        forward = relay(rig, front, back, rename)
        witness = Witness(rig, "locust")
        wanted = (
            *("client_ready", "ack worker 0", "spawn 2 users", "spawning (", "heartbeat running"),
            *("spawning_complete 2 users", "stats ", "quit ("),
        )

        def done() -> bool:
            forward()
            return not missing(wanted, witness.lines())

        rig.until(done, SLOW_S)
    kinds = {rig.snapshots[m.socket_id].spec.type for m in rig.messages()}
    assert kinds == {SocketType.ROUTER, SocketType.DEALER}
    assert witness.decode_all() == {"msgpack", "text"}
