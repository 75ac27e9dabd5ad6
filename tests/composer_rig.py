"""A controller that records what the composer tells it, and answers when it is told to."""

from __future__ import annotations

import itertools
from typing import cast

import numpy as np
from PySide6.QtCore import QObject, Signal

from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.segment import Batch
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.clock import CaptureClock
from zmqscope.core.load import LoadEnd, LoadPlan, LoadSnapshot
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import (
    Direction,
    JobId,
    JobSnapshot,
    Problem,
    RequestId,
    SendReport,
    SocketId,
    SocketSnapshot,
    SocketState,
    SocketType,
    Turn,
)

ADDRESS = "tcp://127.0.0.1:5556"


class RecordingController(QObject):
    """Has the signals of ``EngineController`` and remembers the commands."""

    socket_changed = Signal(object)
    socket_removed = Signal(object)
    send_finished = Signal(object)
    job_changed = Signal(object)
    load_changed = Signal(object)
    woken = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.clock = CaptureClock()
        self.snapshots: dict[SocketId, SocketSnapshot] = {}
        self.sent: list[tuple[RequestId, SocketId, tuple[bytes, ...]]] = []
        self.started: list[tuple[JobId, SocketId, tuple[bytes, ...], float]] = []
        self.loads: list[tuple[JobId, SocketId, LoadPlan]] = []
        self.stopped: list[JobId] = []
        self.reopened: list[SocketId] = []
        self._numbers = itertools.count(1)

    def as_controller(self) -> EngineController:
        """Itself, as the composer knows it."""
        return cast(EngineController, self)

    def send(self, socket_id: SocketId, frames: tuple[bytes, ...]) -> RequestId:
        request_id = RequestId(next(self._numbers))
        self.sent.append((request_id, socket_id, frames))
        return request_id

    def start_periodic_send(
        self, socket_id: SocketId, frames: tuple[bytes, ...], interval_s: float
    ) -> JobId:
        job_id = JobId(next(self._numbers))
        self.started.append((job_id, socket_id, frames, interval_s))
        return job_id

    def start_load(self, socket_id: SocketId, plan: LoadPlan) -> JobId:
        job_id = JobId(next(self._numbers))
        self.loads.append((job_id, socket_id, plan))
        return job_id

    def stop_job(self, job_id: JobId) -> None:
        self.stopped.append(job_id)

    def reopen_socket(self, socket_id: SocketId) -> None:
        self.reopened.append(socket_id)


class ComposerRig:
    """A store and a controller, and what the engine would do with them."""

    def __init__(self) -> None:
        self.store = CaptureStore(64 * 1024 * 1024)
        self.recorder = RecordingController()
        self.controller = self.recorder.as_controller()

    def open(
        self,
        kind: SocketType,
        *,
        name: str = "",
        options: str = "",
        state: SocketState | None = None,
    ) -> SocketId:
        """List a socket that is connected, or in another state."""
        socket_id = SocketId(len(self.recorder.snapshots) + 1)
        name = name or f"{kind.name.lower()} {socket_id}"
        address = "@udp://127.0.0.1:5556" if kind is SocketType.DGRAM else ADDRESS
        spec = parse_spec(f"{kind.name.lower()}:{address},name={name}{options}")
        self.show(SocketSnapshot(socket_id, spec, state or SocketState.CONNECTED))
        return socket_id

    def show(self, snapshot: SocketSnapshot) -> None:
        """Say how a socket is."""
        self.recorder.snapshots[snapshot.socket_id] = snapshot
        self.recorder.socket_changed.emit(snapshot)

    def remove(self, socket_id: SocketId) -> None:
        """Take a socket off the list."""
        del self.recorder.snapshots[socket_id]
        self.recorder.socket_removed.emit(socket_id)

    def set_turn(self, socket_id: SocketId, turn: Turn) -> None:
        """Say whose turn it is, as the engine's thread does."""
        self.store.counters.of(socket_id).turn = turn
        self.recorder.woken.emit()

    def receive(self, socket_id: SocketId, *frames: bytes) -> None:
        """Capture a message that came in."""
        self.store.append(
            Batch(
                socket_id,
                Direction.RECEIVED,
                np.array([1], np.int64),
                np.array([len(frames)], np.uint32),
                np.array([len(frame) for frame in frames], np.uint32),
                b"".join(frames),
            )
        )

    def report(self, *, accepted: bool = True, problem: Problem | None = None) -> None:
        """Say what became of the last send."""
        request_id, socket_id, _ = self.recorder.sent[-1]
        self.recorder.send_finished.emit(SendReport(request_id, socket_id, accepted, problem))

    def report_job(
        self,
        *,
        running: bool = True,
        sent: int = 0,
        refused: int = 0,
        problem: Problem | None = None,
    ) -> None:
        """Say how the last job goes."""
        job_id, socket_id, _, interval_s = self.recorder.started[-1]
        self.recorder.job_changed.emit(
            JobSnapshot(job_id, socket_id, interval_s, running, sent, refused, problem)
        )

    def report_load(
        self,
        *,
        sent: int = 0,
        seconds: float = 0.0,
        rate_per_s: float = 0.0,
        blocked_s: float = 0.0,
        given_up: int = 0,
        end: LoadEnd | None = None,
        problem: Problem | None = None,
    ) -> None:
        """Say how the last load goes."""
        job_id, socket_id, plan = self.recorder.loads[-1]
        self.recorder.load_changed.emit(
            LoadSnapshot(
                job_id,
                socket_id,
                plan.rate_per_s,
                plan.count,
                sent=sent,
                sent_bytes=sent * plan.message_bytes,
                seconds=seconds,
                rate_per_s=rate_per_s,
                blocked_times=int(blocked_s > 0),
                blocked_s=blocked_s,
                given_up=given_up,
                end=end,
                problem=problem,
            )
        )
