"""What became of each send, as the one line that the composer shows. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from zmqscope.core.types import RequestId, SendReport, SocketId
from zmqscope.models.format import format_bytes, format_clock_time, format_count

if TYPE_CHECKING:
    from zmqscope.bridge.controller import EngineController

_CONTEXT = "SendReports"
_MAX_PENDING = 10_000


class ReportLine(NamedTuple):
    """One or two sentences, and the theme token of their colour."""

    text: str
    tone: str


class _Pending(NamedTuple):
    """What was sent, while its report has not come yet."""

    frames: int
    size: int


class SendReports(QObject):
    """Sends, and keeps the latest line of each socket.

    Args:
        controller: The engine.
        parent: Owner.
    """

    changed = Signal(object)
    """SocketId or None: the line of this socket is another one."""

    def __init__(self, controller: EngineController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._pending: dict[RequestId, _Pending] = {}
        self._lines: dict[SocketId | None, ReportLine] = {}
        controller.send_finished.connect(self.on_controller_send_finished)
        controller.socket_removed.connect(self.on_controller_socket_removed)

    def line(self, socket_id: SocketId | None) -> ReportLine | None:
        """The latest line of a socket."""
        return self._lines.get(socket_id)

    def tell(self, socket_id: SocketId | None, text: str, tone: str) -> None:
        """Put a sentence in the place of the report."""
        self._lines[socket_id] = ReportLine(text, tone)
        self.changed.emit(socket_id)

    def send(self, socket_id: SocketId, frames: tuple[bytes, ...]) -> None:
        """Send a message; its line follows."""
        request_id = self._controller.send(socket_id, frames)
        self._pending[request_id] = _Pending(len(frames), sum(map(len, frames)))
        if len(self._pending) > _MAX_PENDING:  # the engine drops reports that nobody fetches
            del self._pending[next(iter(self._pending))]

    @Slot(object)
    def on_controller_send_finished(self, report: SendReport) -> None:
        """A send was taken or refused."""
        pending = self._pending.pop(report.request_id, None)
        if pending is not None:
            time = format_clock_time(self._controller.clock.now_ns(), 3)
            self.tell(report.socket_id, *_words(report, pending, time))

    @Slot(object)
    def on_controller_socket_removed(self, socket_id: SocketId) -> None:
        """A socket is gone."""
        self._lines.pop(socket_id, None)


def _words(report: SendReport, pending: _Pending, time: str) -> ReportLine:
    tone = "broken"
    if report.accepted:
        tone = "waiting" if report.problem is not None else "received"
    if report.problem is not None:
        return ReportLine(f"{time} · {report.problem.sentence()}", tone)
    size = format_bytes(pending.size)
    if not report.accepted:
        return ReportLine(_tr("{0} · libzmq did not take the message.").format(time), tone)
    if pending.frames == 1:
        return ReportLine(_tr("Sent 1 frame, {0} at {1}").format(size, time), tone)
    count = format_count(pending.frames)
    return ReportLine(_tr("Sent {0} frames, {1} at {2}").format(count, size, time), tone)


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
