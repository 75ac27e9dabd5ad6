"""The generated loads of this session, on any socket. GUI thread."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from zmqscope.core.load import LoadPlan, LoadSnapshot
from zmqscope.core.types import JobId, SocketId, SocketSnapshot
from zmqscope.models.composer.load_line import LoadLine

if TYPE_CHECKING:
    from zmqscope.bridge.controller import EngineController

_MAX_ENDED = 20


class SendLoads(QObject):
    """Starts and stops loads, and knows how they go.

    A load that has ended stays, with what it really sent, until it is dismissed or its socket
    sends another one.

    Args:
        controller: The engine.
        parent: Owner.
    """

    changed = Signal()
    """A line is new, gone or different."""

    def __init__(self, controller: EngineController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._lines: dict[JobId, LoadLine] = {}
        controller.load_changed.connect(self.on_controller_load_changed)
        controller.socket_changed.connect(self.on_controller_socket_changed)
        controller.socket_removed.connect(self.on_controller_socket_removed)

    @property
    def lines(self) -> tuple[LoadLine, ...]:
        """All loads, oldest first."""
        return tuple(self._lines.values())

    def newest_on(self, socket_id: SocketId | None) -> LoadLine | None:
        """The load of a socket that was started last."""
        found = [line for line in self._lines.values() if line.snapshot.socket_id == socket_id]
        return found[-1] if found else None

    def start(self, socket: SocketSnapshot, plan: LoadPlan, preview: str) -> JobId:
        """Send a load from now on."""
        self._forget_ended(socket.socket_id)
        job_id = self._controller.start_load(socket.socket_id, plan)
        snapshot = LoadSnapshot(job_id, socket.socket_id, plan.rate_per_s, plan.count)
        self._lines[job_id] = LoadLine(snapshot, socket.name, preview)
        self.changed.emit()
        return job_id

    def stop(self, job_id: JobId) -> None:
        """Stop a load; one that has ended already leaves the list."""
        line = self._lines.get(job_id)
        if line is None:
            return
        if not line.snapshot.running:
            del self._lines[job_id]
        else:
            self._lines[job_id] = replace(line, is_stopping=True)
            self._controller.stop_job(job_id)
        self.changed.emit()

    @Slot(object)
    def on_controller_load_changed(self, snapshot: LoadSnapshot) -> None:
        """A load goes on, or has ended."""
        line = self._lines.get(snapshot.job_id)
        if line is None:
            return
        self._lines[snapshot.job_id] = replace(line, snapshot=snapshot)
        ended = [job_id for job_id, line in self._lines.items() if not line.snapshot.running]
        for job_id in ended[: max(0, len(ended) - _MAX_ENDED)]:
            del self._lines[job_id]
        self.changed.emit()

    @Slot(object)
    def on_controller_socket_changed(self, socket: SocketSnapshot) -> None:
        """A socket may have another name."""
        for job_id, line in list(self._lines.items()):
            if line.snapshot.socket_id == socket.socket_id and line.socket_name != socket.name:
                self._lines[job_id] = replace(line, socket_name=socket.name)
                self.changed.emit()

    @Slot(object)
    def on_controller_socket_removed(self, socket_id: SocketId) -> None:
        """Its loads have ended with it."""
        ended = [j for j, line in self._lines.items() if line.snapshot.socket_id == socket_id]
        for job_id in ended:
            del self._lines[job_id]
        if ended:
            self.changed.emit()

    def _forget_ended(self, socket_id: SocketId) -> None:
        """The result of the load before, on the same socket."""
        for job_id, line in list(self._lines.items()):
            if line.snapshot.socket_id == socket_id and not line.snapshot.running:
                del self._lines[job_id]
