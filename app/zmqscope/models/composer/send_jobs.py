"""The messages that are sent every N seconds, on any socket. GUI thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from zmqscope.core.types import JobId, JobSnapshot, SocketId, SocketSnapshot
from zmqscope.models.format import one_line

if TYPE_CHECKING:
    from zmqscope.bridge.controller import EngineController

_CONTEXT = "SendJobs"

MIN_INTERVAL_S = 0.001
MAX_INTERVAL_S = 3_600.0
_MAX_STOPPED = 20


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job, as a list shows it.

    Attributes:
        snapshot: The job as it is now.
        socket_name: What its socket was called last.
        preview: The message, in one line.
        is_stopping: Whether it was told to stop.
    """

    snapshot: JobSnapshot
    socket_name: str
    preview: str
    is_stopping: bool = False

    @property
    def tone(self) -> str:
        """The theme token of its state."""
        if not self.snapshot.running:
            return "broken" if self.snapshot.problem else "muted"
        return "waiting" if self.snapshot.problem else "received"

    def counts(self) -> str:
        """How many messages went and how many did not."""
        sent = _tr("{0} sent").format(f"{self.snapshot.sent:,}")
        if not self.snapshot.refused:
            return sent
        return _tr("{0}, {1} refused").format(sent, f"{self.snapshot.refused:,}")

    def title(self) -> str:
        """Which socket, and how often or that it stopped."""
        name = one_line(self.socket_name)
        if not self.snapshot.running:
            return _tr("{0} · stopped").format(name)
        return _tr("{0} · every {1}").format(name, interval_words(self.snapshot.interval_s))

    def reason(self) -> str:
        """Why it stopped, or why the last message did not go; empty if all is well."""
        return one_line(self.snapshot.problem.sentence()) if self.snapshot.problem else ""


def interval_words(interval_s: float) -> str:
    """Seconds as short as they can be: ``2.0 s``, ``0.25 s``, ``0.001 s``."""
    text = f"{interval_s:.3f}".rstrip("0")
    return f"{text}0 s" if text.endswith(".") else f"{text} s"


class SendJobs(QObject):
    """Starts and stops jobs, and knows how they go.

    A job that the user stops leaves the list; one that stops by itself stays with its reason
    until it is dismissed.

    Args:
        controller: The engine.
        parent: Owner.
    """

    changed = Signal()
    """A line is new, gone or different."""

    def __init__(self, controller: EngineController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._lines: dict[JobId, JobLine] = {}
        controller.job_changed.connect(self.on_controller_job_changed)
        controller.socket_changed.connect(self.on_controller_socket_changed)
        controller.socket_removed.connect(self.on_controller_socket_removed)

    @property
    def lines(self) -> tuple[JobLine, ...]:
        """All jobs, oldest first."""
        return tuple(self._lines.values())

    def running_on(self, socket_id: SocketId | None) -> tuple[JobId, ...]:
        """The jobs of a socket that run and were not told to stop."""
        return tuple(
            job_id
            for job_id, line in self._lines.items()
            if line.snapshot.socket_id == socket_id
            and line.snapshot.running
            and not line.is_stopping
        )

    def start(
        self, socket: SocketSnapshot, frames: tuple[bytes, ...], interval_s: float, preview: str
    ) -> JobId:
        """Send a message every ``interval_s`` seconds from now on."""
        interval_s = min(MAX_INTERVAL_S, max(MIN_INTERVAL_S, interval_s))
        job_id = self._controller.start_periodic_send(socket.socket_id, frames, interval_s)
        snapshot = JobSnapshot(job_id, socket.socket_id, interval_s, running=True)
        self._lines[job_id] = JobLine(snapshot, socket.name, preview)
        self.changed.emit()
        return job_id

    def stop(self, job_id: JobId) -> None:
        """Stop a job; one that has stopped already leaves the list."""
        line = self._lines.get(job_id)
        if line is None:
            return
        if not line.snapshot.running:
            del self._lines[job_id]
        else:
            self._lines[job_id] = JobLine(
                line.snapshot, line.socket_name, line.preview, is_stopping=True
            )
            self._controller.stop_job(job_id)
        self.changed.emit()

    @Slot(object)
    def on_controller_job_changed(self, snapshot: JobSnapshot) -> None:
        """A job goes on, or has stopped."""
        line = self._lines.get(snapshot.job_id)
        if line is None:
            return
        if line.is_stopping and not snapshot.running:
            del self._lines[snapshot.job_id]
        else:
            self._lines[snapshot.job_id] = JobLine(
                snapshot, line.socket_name, line.preview, line.is_stopping
            )
            self._forget_oldest_stopped()
        self.changed.emit()

    @Slot(object)
    def on_controller_socket_changed(self, socket: SocketSnapshot) -> None:
        """A socket may have another name."""
        for job_id, line in list(self._lines.items()):
            if line.snapshot.socket_id == socket.socket_id and line.socket_name != socket.name:
                self._lines[job_id] = JobLine(
                    line.snapshot, socket.name, line.preview, line.is_stopping
                )
                self.changed.emit()

    @Slot(object)
    def on_controller_socket_removed(self, socket_id: SocketId) -> None:
        """Its jobs have ended with it: nobody can take their advice to reopen it."""
        ended = [j for j, line in self._lines.items() if line.snapshot.socket_id == socket_id]
        for job_id in ended:
            del self._lines[job_id]
        if ended:
            self.changed.emit()

    def _forget_oldest_stopped(self) -> None:
        stopped = [job_id for job_id, line in self._lines.items() if not line.snapshot.running]
        for job_id in stopped[: max(0, len(stopped) - _MAX_STOPPED)]:
            del self._lines[job_id]


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
