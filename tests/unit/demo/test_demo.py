"""The demo: what its peers say, that they answer, and that they end with their parent."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import os
import select
import signal
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from datetime import UTC
from itertools import pairwise
from pathlib import Path
from random import Random

import cbor2
import msgpack
import pytest
import zmq
from google.protobuf import empty_pb2
from google.protobuf.unknown_fields import UnknownFieldSet
from PIL import Image

from zmqscope.core.spec import parse_spec
from zmqscope.core.types import Role, SocketSpec, SocketType
from zmqscope.demo.child import DemoChild, default_command
from zmqscope.demo.feed import Market, OrderFlow, Pace, Results
from zmqscope.demo.folder import FOLDER_PREFIX, FOLDER_VARIABLE
from zmqscope.demo.robot import NOTEBOOK_KEY

Socket = zmq.Socket[bytes]

PEERS = [sys.executable, "-m", "zmqscope.demo.peers"]
READY_S = 60.0
NAMES = {
    *("quotes", "orders", "pipeline", "ref-data", "approvals", "console", "robot", "notebook"),
}


# ---- what is said --------------------------------------------------------------------------


def test_pace_is_alive_and_within_its_range() -> None:
    pace = Pace(Random(7), 250, 1_900, 13.0)
    per_s = [sum(pace.due(s + t / 30, 1 / 30) for t in range(30)) for s in range(120)]
    assert min(per_s) >= 250
    assert max(per_s) <= 1_901
    assert max(per_s) > 2 * min(per_s)
    flat = sum(abs(a - b) < 0.02 * a for a, b in pairwise(per_s))
    assert flat < len(per_s) / 3


def test_pace_does_not_catch_up_with_a_pause() -> None:
    assert Pace(Random(7), 1_000, 1_000, 10.0).due(3_600.0, 3_600.0) == 100


def test_quotes_are_json_with_one_sequence_over_all_topics() -> None:
    market = Market(Random(1))
    quotes = [market.quote() if number % 50 else market.news() for number in range(5_000)]
    bodies = [json.loads(body) for _, body in quotes]
    assert [body["seq"] for body in bodies] == list(range(918_273, 918_273 + len(bodies)))
    assert {topic for topic, _ in quotes} > {b"EURUSD", b"USDJPY", b"news"}
    trades = [body for topic, body in zip(quotes, bodies, strict=True) if topic[0] == b"EURUSD"]
    assert all(set(body) == {"px", "qty", "seq", "src"} for body in trades)
    assert all(1.0 < body["px"] < 1.2 for body in trades)


def test_the_same_seed_says_the_same() -> None:
    one, two = (Market(Random(3)), Market(Random(3)))
    assert [one.quote() for _ in range(100)] == [two.quote() for _ in range(100)]


def test_orders_and_approvals_are_json() -> None:
    flow = OrderFlow(Random(1), Market(Random(1)))
    for _ in range(500):
        kind, body = flow.order()
        assert kind == b"order"
        assert json.loads(body)["op"] in {"new", "cancel"}
    assert json.loads(flow.approval(9)[0])["id"] == 9


def test_results_say_how_many_numbers_follow() -> None:
    results = Results(Random(1))
    for _ in range(40):
        head, block = results.result(2)
        assert json.loads(head)["n"] * 4 == len(block)


# ---- the running child ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def child() -> Iterator[DemoChild]:
    running = DemoChild(PEERS)
    running.start()
    assert running.wait_for_specs(READY_S), running.problem
    yield running
    running.stop()


class Scope:
    """Plain sockets that open the child's specs, in place of the app."""

    def __init__(self, child: DemoChild) -> None:
        self.context: zmq.Context[Socket] = zmq.Context()
        specs = [parse_spec(text) for text in child.poll_specs() or ()]
        self.specs = {spec.name: spec for spec in specs}
        self._sockets: list[Socket] = []

    def open(self, name: str) -> Socket:
        spec = self.specs[name]
        socket = self.context.socket(spec.type.value)
        self._sockets.append(socket)
        socket.set(zmq.LINGER, 0)
        socket.set(zmq.RCVTIMEO, 60_000)
        socket.set(zmq.SNDTIMEO, 60_000)
        if spec.type is SocketType.SUB:
            socket.subscribe(b"")
        for endpoint in spec.endpoints:
            call = socket.bind if endpoint.role is Role.BIND else socket.connect
            call(endpoint.address)
        return socket

    def close(self) -> None:
        for socket in self._sockets:
            socket.close(0)
        self.context.term()


@pytest.fixture
def scope(child: DemoChild) -> Iterator[Scope]:
    opened = Scope(child)
    yield opened
    opened.close()


def test_specs_name_six_conversations_over_tcp_and_ipc(scope: Scope) -> None:
    assert set(scope.specs) == NAMES
    addresses = {e.address for spec in scope.specs.values() for e in spec.endpoints}
    assert {address.partition(":")[0] for address in addresses} == {"tcp", "ipc"}
    roles = {e.role for spec in scope.specs.values() for e in spec.endpoints}
    assert roles == {Role.BIND, Role.CONNECT}
    assert {spec.type for spec in scope.specs.values()} == {
        SocketType.SUB,
        SocketType.ROUTER,
        SocketType.PULL,
        SocketType.REQ,
        SocketType.REP,
        SocketType.PAIR,
    }


def test_sends_name_sockets_that_can_send(child: DemoChild, scope: Scope) -> None:
    assert child.plan is not None
    assert child.plan.sends
    for send in child.plan.sends:
        spec: SocketSpec = scope.specs[send.socket]
        assert spec.type.can_send
        assert send.every_s > 0


def test_quotes_flow(scope: Scope) -> None:
    quotes = scope.open("quotes")
    messages = [quotes.recv_multipart() for _ in range(200)]
    numbers = [json.loads(m[1])["seq"] for m in messages if len(m) == 2]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_pipeline_comes_from_all_workers(scope: Scope) -> None:
    pull = scope.open("pipeline")
    seen: set[str] = set()
    for _ in range(2_000):
        seen.add(json.loads(pull.recv_multipart()[0])["worker"])
        if len(seen) == 3:
            break
    assert seen == {"w1", "w2", "w3"}


def test_orders_have_named_and_unnamed_clients_that_acknowledge(scope: Scope) -> None:
    router = scope.open("orders")
    clients: set[bytes] = set()
    while len(clients) < 3:
        identity, kind, body = router.recv_multipart()
        clients.add(identity)
        assert kind == b"order"
        assert json.loads(body)["op"]
    assert {b"desk-london", b"desk-tokyo"} < clients
    router.send_multipart([b"desk-tokyo", b"fill", b"{}"])
    while (message := router.recv_multipart())[1] != b"ack":
        pass
    assert message == [b"desk-tokyo", b"ack", b"fill", b"{}"]


@pytest.mark.parametrize(
    ("request_body", "is_ok"),
    [
        (b'{"get":"price","sym":"EURUSD"}', True),
        (b'{"get":"symbols"}', True),
        (b'{"sym":"NOPE"}', False),
        (b"\xff not json", False),
        (b"[" * 100_000, False),
        (b"", False),
    ],
)
def test_the_service_answers_everything_in_json(
    scope: Scope, request_body: bytes, is_ok: bool
) -> None:
    req = scope.open("ref-data")
    req.send(request_body)
    assert json.loads(req.recv())["ok"] is is_ok


def test_an_approval_is_asked_once_answered_and_followed_by_the_next(scope: Scope) -> None:
    rep = scope.open("approvals")
    first = json.loads(rep.recv())
    rep.send(b'{"ok":true}')
    assert json.loads(rep.recv())["id"] == first["id"] + 1


def test_answers_name_the_socket_that_is_asked(child: DemoChild) -> None:
    assert child.plan is not None
    assert [answer.socket for answer in child.plan.answers] == ["approvals"]
    assert all(answer.every_s > 0 for answer in child.plan.answers)


def test_the_console_ticks_and_echoes(scope: Scope) -> None:
    pair = scope.open("console")
    tick = json.loads(pair.recv())["tick"]
    assert tick > 0
    pair.send_multipart([b"a", b"", b"\xff"])
    while (message := pair.recv_multipart())[0] != b"echo":
        pass
    assert message == [b"echo", b"a", b"", b"\xff"]


def test_the_robot_speaks_a_format_a_topic(scope: Scope) -> None:
    sub = scope.open("robot")
    bodies: dict[bytes, bytes] = {}
    while len(bodies) < 6:
        topic, bodies[topic] = sub.recv_multipart()
    imu = msgpack.unpackb(bodies[b"imu"])
    assert imu["accel"][2] == pytest.approx(9.81, abs=0.5)
    battery = cbor2.loads(bodies[b"battery"])
    assert (battery["cells"][1], battery["at"].tzinfo) == (4.09, UTC)
    assert len(struct.unpack("<181f", bodies[b"scan"])) == 181
    with Image.open(io.BytesIO(bodies[b"camera"])) as camera:
        assert (camera.format, camera.size, len(camera.tobytes())) == ("PNG", (96, 64), 96 * 64)
    assert json.loads(zlib.decompress(bodies[b"plan"]))["goal"] == "dock 2"
    empty = empty_pb2.Empty()
    empty.ParseFromString(bodies[b"pose"])
    fields = UnknownFieldSet(empty)
    assert [fields[at].field_number for at in range(len(fields))] == [1, 2, 3, 4]


def test_the_notebook_signs_what_it_says(scope: Scope) -> None:
    sub = scope.open("notebook")
    kinds = set()
    for _ in range(7):
        topic, delimiter, signature, *parts = sub.recv_multipart()
        assert delimiter == b"<IDS|MSG>"
        right = hmac.new(NOTEBOOK_KEY, b"".join(parts), hashlib.sha256).hexdigest()
        assert signature.decode() == right
        kinds.add(json.loads(parts[0])["msg_type"])
        assert topic.endswith(json.loads(parts[0])["msg_type"].encode())
    assert {"status", "execute_input"} < kinds


# ---- life and death ------------------------------------------------------------------------


def ended(pid: int, timeout_s: float = 60.0) -> bool:
    """Whether a process that need not be our child ends in time."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], timeout_s)[0])
    finally:
        os.close(handle)


def test_stop_ends_the_child_and_takes_its_folder_along() -> None:
    child = DemoChild(PEERS)
    child.start()
    assert child.wait_for_specs(READY_S), child.problem
    pid, folder = child.pid, child.folder
    assert pid is not None
    assert Path(folder).name.startswith(FOLDER_PREFIX)
    assert Path(folder).is_dir()
    begun = time.monotonic()
    child.stop()
    child.stop()
    assert time.monotonic() - begun < 20.0
    assert not Path(folder).exists()
    with pytest.raises(ProcessLookupError):  # not even a zombie
        os.kill(pid, 0)


def test_stop_ends_a_child_that_hangs() -> None:
    child = DemoChild(PEERS)
    child.start()
    assert child.wait_for_specs(READY_S), child.problem
    pid, folder = child.pid, child.folder
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    begun = time.monotonic()
    child.stop()
    assert time.monotonic() - begun < 20.0
    assert not Path(folder).exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_stop_before_the_child_is_ready_and_without_a_start() -> None:
    child = DemoChild(PEERS)
    child.stop()
    child.start()
    folder = child.folder
    child.stop()
    assert not Path(folder).exists()
    assert child.poll_specs() is None


def test_a_child_that_dies_early_says_why() -> None:
    script = "import sys; print('first', file=sys.stderr); sys.exit('no peers today')"
    child = DemoChild([sys.executable, "-c", script])
    child.start()
    assert child.wait_for_specs(READY_S) is None
    assert "no peers today" in child.problem
    assert "exit status 1" in child.problem
    child.stop()


def test_a_child_that_dies_later_is_noticed() -> None:
    child = DemoChild(PEERS)
    child.start()
    assert child.wait_for_specs(READY_S)
    assert child.pid is not None
    assert child.is_alive()
    os.kill(child.pid, signal.SIGKILL)
    assert ended(child.pid)
    assert not child.is_alive()
    assert "signal 9" in child.problem
    child.stop()


def test_a_command_that_does_not_exist_is_a_problem_not_an_exception() -> None:
    child = DemoChild(["/nonexistent/zmqscope"])
    child.start()
    assert "cannot be started" in child.problem
    assert child.poll_specs() is None
    child.stop()


def test_output_that_is_no_plan_is_a_problem() -> None:
    child = DemoChild([sys.executable, "-c", "print('hello'); input()"])
    child.start()
    assert child.wait_for_specs(READY_S) is None
    assert "unexpected" in child.problem
    child.stop()


def test_ctrl_c_is_left_to_the_app() -> None:
    child = DemoChild(PEERS)
    child.start()
    assert child.wait_for_specs(READY_S)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGINT)
    assert not ended(child.pid, 0.2)
    child.stop()


PARENT = """
import sys
from zmqscope.demo.child import DemoChild
child = DemoChild([sys.executable, "-m", "zmqscope.demo.peers"])
child.start()
child.wait_for_specs(10)
print(child.pid, child.folder, flush=True)
sys.stdin.read()
"""


def test_the_child_dies_with_a_killed_parent() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid, folder = parent.stdout.readline().split()
        assert Path(folder).is_dir()
        parent.kill()
        assert ended(int(pid))
        assert not Path(folder).exists()


FOSTER = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-m", "zmqscope.demo.peers"], stdin=int(sys.argv[1]))
sys.stdin.read()
"""


def test_the_child_dies_even_if_somebody_holds_its_input_open(tmp_path: Path) -> None:
    ours, theirs = os.pipe()
    folder = tmp_path / "ipc"
    folder.mkdir()
    try:
        with subprocess.Popen(
            [sys.executable, "-c", FOSTER, str(ours)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            pass_fds=[ours],
            env={**os.environ, FOLDER_VARIABLE: str(folder)},
        ) as parent:
            assert parent.stdout is not None
            assert json.loads(parent.stdout.readline())["specs"]
            parent.kill()
            # The child holds the write end of this pipe: it ends with the child.
            assert parent.stdout.read() == ""
    finally:
        os.close(ours)
        os.close(theirs)
    assert not folder.exists()


def test_the_default_command_is_this_app(monkeypatch: pytest.MonkeyPatch) -> None:
    assert default_command() == [sys.executable, "-m", "zmqscope", "--serve-demo"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert default_command() == [sys.executable, "--serve-demo"]


def test_the_child_needs_nothing_heavy() -> None:
    script = (
        "import sys, zmqscope.demo.peers; "
        "print([m for m in ('numpy', 'PySide6', 'pyqtgraph', 'psutil') if m in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
