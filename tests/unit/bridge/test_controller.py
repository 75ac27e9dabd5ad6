"""The engine on its thread: commands, coalesced wake-ups, and the way out under load."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import cast

import pytest
import zmq
from pytestqt.qtbot import QtBot

from zmqscope.bridge.controller import EngineController
from zmqscope.bridge.worker import EngineWorker, WakeUp
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.clock import CaptureClock
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import JobSnapshot, SendReport, SocketState
from zmqscope.engine.loop import EngineLoop

# It takes some ms; what waits for somebody would take for ever.
STOPS_MS = 20_000


@pytest.fixture
def controller(qtbot: QtBot) -> Iterator[EngineController]:
    made = EngineController(CaptureStore(16 * 1024 * 1024), CaptureClock())
    made.start()
    yield made
    assert made.stop(STOPS_MS)


def test_wake_ups_coalesce(qtbot: QtBot) -> None:
    wake_up = WakeUp()
    seen: list[int] = []
    wake_up.woken.connect(lambda: seen.append(1))
    for _ in range(100):
        wake_up.notify()
    assert len(seen) == 1
    wake_up.consume()
    wake_up.notify()
    assert len(seen) == 2


def test_open_send_receive_close_remove(qtbot: QtBot, controller: EngineController) -> None:
    left = controller.open_socket(parse_spec("pair:@inproc://a,name=left"))
    right = controller.open_socket(parse_spec("pair:inproc://a"))
    assert controller.snapshots[left].state is SocketState.OPENING
    assert controller.snapshots[right].name == "pair 1"
    reports: list[SendReport] = []
    controller.send_finished.connect(reports.append)
    request = controller.send(left, (b"x", b"y"))
    qtbot.waitUntil(lambda: bool(reports) and controller.store.end_row == 2)
    assert (reports[0].request_id, reports[0].accepted) == (request, True)
    controller.close_socket(left)
    qtbot.waitUntil(lambda: controller.snapshots[left].state is SocketState.CLOSED)
    controller.remove_socket(left)
    qtbot.waitUntil(lambda: left not in controller.snapshots)


def test_names_are_never_given_twice(controller: EngineController) -> None:
    ids = [controller.open_socket(parse_spec("pull:")) for _ in range(3)]
    assert [controller.snapshots[i].name for i in ids] == ["pull 1", "pull 2", "pull 3"]


def test_periodic_send_until_stopped(qtbot: QtBot, controller: EngineController) -> None:
    controller.open_socket(parse_spec("pull:@inproc://p"))
    push = controller.open_socket(parse_spec("push:inproc://p"))
    jobs: list[JobSnapshot] = []
    controller.job_changed.connect(jobs.append)
    job = controller.start_periodic_send(push, (b"t",), 0.002)
    qtbot.waitUntil(lambda: controller.store.end_row > 5)
    controller.stop_job(job)
    qtbot.waitUntil(lambda: bool(jobs) and not jobs[-1].running)
    assert jobs[-1].sent >= 3


def test_stop_under_flood_with_unsent_messages_is_quick(qtbot: QtBot) -> None:
    controller = EngineController(CaptureStore(16 * 1024 * 1024), CaptureClock())
    controller.start()
    pull = controller.open_socket(parse_spec("pull:@tcp://127.0.0.1:*"))
    qtbot.waitUntil(lambda: controller.snapshots[pull].state is SocketState.LISTENING)
    address = controller.snapshots[pull].endpoints[0].actual
    dead = controller.open_socket(parse_spec("push:tcp://127.0.0.1:9"))
    for _ in range(100):
        controller.send(dead, (b"x" * 10_000,))
    stop = threading.Event()

    def flood() -> None:
        with zmq.Context() as context, context.socket(zmq.PUSH) as push:
            push.set(zmq.LINGER, 0)
            push.connect(address)
            while not stop.is_set():
                if push.poll(10, zmq.POLLOUT):
                    push.send(b"y" * 64)

    thread = threading.Thread(target=flood)
    thread.start()
    try:
        qtbot.waitUntil(lambda: controller.store.counters.of(pull).received.messages > 1_000)
        assert controller.stop(STOPS_MS)
    finally:
        stop.set()
        thread.join()


def test_a_context_that_does_not_end_is_reported_in_time(qtbot: QtBot) -> None:
    controller = EngineController(CaptureStore(16 * 1024 * 1024), CaptureClock())
    controller.start()
    # What a name look-up on libzmq's I/O thread does: term() waits for as long as it takes.
    held = controller._context.socket(zmq.PAIR)
    started = time.monotonic()
    assert not controller.stop(500)
    assert time.monotonic() - started < 20.0
    held.close(0)
    assert controller.stop(STOPS_MS)


def test_what_is_asked_after_the_end_is_ignored(controller: EngineController) -> None:
    pull = controller.open_socket(parse_spec("pull:"))
    assert controller.stop(STOPS_MS)
    controller.close_socket(pull)
    controller.send(pull, (b"x",))


def test_many_waiting_commands_do_not_hold_up_the_end(controller: EngineController) -> None:
    for _ in range(1_000):
        controller.open_socket(parse_spec("pull:@tcp://127.0.0.1:*,name=x"))
    assert controller.stop(STOPS_MS)


class FailingLoop:
    """A loop whose every step goes wrong."""

    stopping = False

    def __init__(self) -> None:
        self.told: list[str] = []

    def step(self, _timeout_ms: int) -> None:
        raise RuntimeError("broken")

    def tell_unexpected(self, error: Exception) -> None:
        self.told.append(str(error))

    def tell_given_up(self) -> None:
        self.told.append("given up")

    def close(self) -> None:
        self.told.append("closed")


def test_a_loop_that_always_fails_says_that_it_gives_up() -> None:
    loop = FailingLoop()
    worker = EngineWorker(lambda: cast("EngineLoop", loop))
    thread = threading.Thread(target=worker.run)
    thread.start()
    thread.join(5)
    assert loop.told[-2:] == ["given up", "closed"]
    assert len(loop.told) <= 200
