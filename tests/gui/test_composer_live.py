"""The composer on the real engine, with real peers."""

from collections.abc import Iterator

import pytest
import zmq
from pytestqt.qtbot import QtBot

from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.clock import CaptureClock
from zmqscope.core.load import CounterSpec, LoadEnd
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import SocketId, SocketState
from zmqscope.models.composer.frame_draft import FrameDraft
from zmqscope.models.composer.generator import GeneratorModel
from zmqscope.models.composer.send_pattern import Obstacle
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.composer.panel import ComposerPanel
from zmqscope.ui.theme import Theme, ThemeMode

_TIMEOUT_MS = 60_000

Peer = zmq.Socket[bytes]


class Live:
    """A panel on an engine, and a context for peers."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        store = CaptureStore(32 * 1024 * 1024)
        self.controller = EngineController(store, CaptureClock())
        self.controller.start()
        theme = Theme(ThemeMode.DARK)
        self.panel = ComposerPanel(store, self.controller, theme, ActionRegistry(theme))
        qtbot.addWidget(self.panel)
        self.panel.resize(400, 300)
        self.panel.show()
        self.model = self.panel.model
        self._context: zmq.Context[Peer] = zmq.Context()
        self._peers: list[Peer] = []

    def peer(self, kind: int) -> tuple[Peer, str]:
        peer = self._context.socket(kind)
        self._peers.append(peer)
        peer.set(zmq.LINGER, 0)
        peer.set(zmq.RCVTIMEO, _TIMEOUT_MS)
        peer.bind("tcp://127.0.0.1:*")
        address = peer.get(zmq.LAST_ENDPOINT)
        assert isinstance(address, bytes)
        return peer, address.rstrip(b"\0").decode()

    def open(self, spec: str) -> SocketId:
        socket_id = self.controller.open_socket(parse_spec(spec))
        self.panel.set_socket(socket_id)
        return socket_id

    def wait_for(self, state: SocketState) -> None:
        def reached() -> bool:
            socket = self.model.socket
            return socket is not None and socket.state is state

        self.qtbot.waitUntil(reached, timeout=_TIMEOUT_MS)

    def write(self, *texts: str) -> None:
        self.model.message.replace_all([FrameDraft(text=text) for text in texts])

    def wait_for_report(self, words: str) -> None:
        def reported() -> bool:
            line = self.model.reports.line(self.model.socket_id)
            return line is not None and words in line.text

        self.qtbot.waitUntil(reported, timeout=_TIMEOUT_MS)

    def close(self) -> None:
        for peer in self._peers:
            peer.close()
        self._context.term()
        assert self.controller.stop(_TIMEOUT_MS)


@pytest.fixture
def live(qtbot: QtBot) -> Iterator[Live]:
    made = Live(qtbot)
    yield made
    made.close()


def test_what_is_written_reaches_the_peer(live: Live) -> None:
    pull, address = live.peer(zmq.PULL)
    live.open(f"push:{address}")
    live.wait_for(SocketState.CONNECTED)
    live.write("zwölf", "", '{"a": 1}')
    assert live.model.send()
    assert pull.recv_multipart() == ["zwölf".encode(), b"", b'{"a": 1}']
    live.wait_for_report("Sent 3 frames, 14 B at ")


def test_a_send_to_nobody_says_so_at_once(live: Live) -> None:
    live.open("push:@tcp://127.0.0.1:0")
    live.wait_for(SocketState.LISTENING)
    live.write("work")
    assert live.model.send()
    live.wait_for_report("no peer is connected")


def test_a_req_can_send_again_after_its_reply(live: Live) -> None:
    rep, address = live.peer(zmq.REP)
    live.open(f"req:{address}")
    live.wait_for(SocketState.CONNECTED)
    live.write("ping")
    assert live.model.send()
    live.qtbot.waitUntil(lambda: live.model.obstacle is Obstacle.AWAITS_REPLY, timeout=_TIMEOUT_MS)
    assert rep.recv() == b"ping"
    rep.send(b"pong")
    live.qtbot.waitUntil(lambda: live.model.blocker() is None, timeout=_TIMEOUT_MS)


def test_a_router_answers_the_peer_it_has_seen(live: Live) -> None:
    dealer, address = live.peer(zmq.DEALER)
    live.open(f"router:{address}")
    live.wait_for(SocketState.CONNECTED)
    dealer.send(b"hello")
    live.qtbot.waitUntil(lambda: bool(live.model.routing_ids()), timeout=_TIMEOUT_MS)
    (routing_id,) = live.model.routing_ids()
    live.panel.load_frames((routing_id, b"answer"))
    assert live.model.send()
    assert dealer.recv() == b"answer"


def test_a_repeated_message_stops_with_its_socket(live: Live) -> None:
    pull, address = live.peer(zmq.PULL)
    socket_id = live.open(f"push:{address}")
    live.wait_for(SocketState.CONNECTED)
    live.write("tick")
    assert live.model.start_repeat(0.01)
    for _ in range(3):
        assert pull.recv() == b"tick"
    live.controller.close_socket(socket_id)
    live.qtbot.waitUntil(lambda: not live.model.jobs.lines[0].snapshot.running, timeout=_TIMEOUT_MS)
    assert live.model.jobs.lines[0].snapshot.sent >= 3
    assert live.model.jobs.lines[0].reason()
    live.qtbot.waitUntil(lambda: live.model.obstacle is Obstacle.CLOSED, timeout=_TIMEOUT_MS)


def test_a_repeated_message_stops_when_told(live: Live) -> None:
    pull, address = live.peer(zmq.PULL)
    live.open(f"push:{address}")
    live.wait_for(SocketState.CONNECTED)
    live.write("tick")
    assert live.model.start_repeat(0.01)
    assert pull.recv() == b"tick"
    assert live.model.stop_repeat()
    live.qtbot.waitUntil(lambda: not live.model.jobs.lines, timeout=_TIMEOUT_MS)


def test_two_hundred_megabytes_do_not_stop_the_window(live: Live) -> None:
    pull, address = live.peer(zmq.PULL)
    live.open(f"push:{address}")
    live.wait_for(SocketState.CONNECTED)
    data = bytes(200_000_000)
    live.panel.load_frames((data,))
    assert live.model.send()
    assert len(pull.recv()) == len(data)
    live.wait_for_report("Sent 1 frame, 200 MB at ")


def test_a_load_is_sent_counted_and_stopped(live: Live) -> None:
    pull, address = live.peer(zmq.PULL)
    live.open(f"push:{address}")
    live.wait_for(SocketState.CONNECTED)
    live.write("number: --------")
    generator = GeneratorModel(live.model)
    generator.set_rate(5_000.0)
    generator.set_numbered(True)
    generator.set_counter(CounterSpec(0, 8))
    assert generator.start()
    for number in range(1_000):
        assert pull.recv() == b"number: " + number.to_bytes(8)
    generator.stop()
    live.qtbot.waitUntil(lambda: not generator.is_running, timeout=_TIMEOUT_MS)
    line = generator.line()
    assert line is not None
    assert line.snapshot.end is LoadEnd.STOPPED
    for number in range(1_000, line.snapshot.sent):
        assert pull.recv() == b"number: " + number.to_bytes(8)
    assert not pull.poll(200)
