"""What the composer knows: a draft and a history for each socket, and how sending stands.

GUI thread. Widgets show it; it shows nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from zmqscope.core.errors import UserError
from zmqscope.core.types import Problem, SocketId, SocketSnapshot, SocketType, Turn
from zmqscope.models.composer import send_pattern as pattern
from zmqscope.models.composer.frame_draft import (
    FrameDraft,
    FrameFormat,
    draft_of,
    frame_problem,
    to_hex,
)
from zmqscope.models.composer.head_choice import known_groups
from zmqscope.models.composer.message_draft import MessageDraft
from zmqscope.models.composer.python_script import script_of
from zmqscope.models.composer.send_desks import SendDesks
from zmqscope.models.composer.send_history import preview
from zmqscope.models.composer.send_jobs import SendJobs
from zmqscope.models.composer.send_loads import SendLoads
from zmqscope.models.composer.send_pattern import Obstacle
from zmqscope.models.composer.send_reports import SendReports
from zmqscope.models.format import format_count

if TYPE_CHECKING:
    from zmqscope.bridge.controller import EngineController
    from zmqscope.core.capture.store import CaptureStore

_CONTEXT = "Composer"


class ComposerModel(QObject):
    """The message being written for the chosen socket, and everything done with it.

    Args:
        store: Asked for routing ids seen before, and for whose turn it is.
        controller: Sends.
        parent: Owner.

    Attributes:
        message: The message being written.
        desks: What is written for other sockets, and what was sent before.
        jobs: The messages sent every N seconds, on any socket.
        loads: The messages sent very often, on any socket.
        reports: What became of each send.
    """

    socket_changed = Signal()
    """Another socket was chosen, or the chosen one changed."""
    sockets_changed = Signal()
    """Any socket came, went or changed."""
    obstacle_changed = Signal()
    """The chosen socket can send now, or cannot any more."""

    def __init__(
        self,
        store: CaptureStore,
        controller: EngineController,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._controller = controller
        self._socket_id: SocketId | None = None
        self._obstacle = Obstacle.NO_SOCKET
        self.message = MessageDraft(self)
        self.desks = SendDesks(self.message, self)
        self.jobs = SendJobs(controller, self)
        self.loads = SendLoads(controller, self)
        self.reports = SendReports(controller, self)
        self.reports.changed.connect(self.on_reports_changed)
        controller.socket_changed.connect(self.on_controller_socket_changed)
        controller.socket_removed.connect(self.on_controller_socket_removed)
        controller.woken.connect(self.on_controller_woken)

    # ---- the socket -------------------------------------------------------------------------

    @property
    def socket_id(self) -> SocketId | None:
        """The chosen socket."""
        return self._socket_id

    @property
    def socket(self) -> SocketSnapshot | None:
        """The chosen socket as it is now."""
        if self._socket_id is None:
            return None
        return self._controller.snapshots.get(self._socket_id)

    @property
    def kind(self) -> SocketType | None:
        """The chosen socket's type."""
        socket = self.socket
        return socket.spec.type if socket is not None else None

    @property
    def turn(self) -> Turn:
        """Whose turn it is on the chosen socket."""
        if self._socket_id is None:
            return Turn.FREE
        return self._store.counters.of(self._socket_id).turn

    @property
    def obstacle(self) -> Obstacle:
        """What keeps the socket from sending now, whatever the message."""
        return self._obstacle

    def sockets(self) -> tuple[SocketSnapshot, ...]:
        """All sockets that one could choose, those that can send first."""
        every = self._controller.snapshots.values()
        return tuple(sorted(every, key=lambda socket: not socket.spec.type.can_send))

    def set_socket(self, socket_id: SocketId | None) -> None:
        """Choose a socket; what is being written for the one before is kept."""
        if socket_id not in self._controller.snapshots:
            socket_id = None
        if socket_id == self._socket_id:
            return
        self._socket_id = socket_id
        self._obstacle = pattern.obstacle_of(self.socket, self.turn)
        self.desks.go_to(socket_id, self.kind)
        self.socket_changed.emit()
        self.obstacle_changed.emit()
        self.reports.changed.emit(socket_id)

    def choose_socket(self, socket_id: SocketId) -> None:
        """Choose a socket to send from; a message the one before cannot send comes along."""
        frames = self.message.drafts
        is_stuck = self._obstacle in (Obstacle.NO_SOCKET, Obstacle.RECEIVES_ONLY)
        comes_along = is_stuck and not pattern.is_blank(frames)
        if comes_along:
            self.message.replace_all(pattern.starting_frames(self.kind))
        self.set_socket(socket_id)
        if comes_along:
            self.desks.write(frames)

    @Slot()
    def reopen_socket(self) -> None:
        """Open the chosen socket again."""
        if self._socket_id is not None:
            self._controller.reopen_socket(self._socket_id)

    def routing_ids(self) -> list[bytes]:
        """Routing ids or addresses that the socket received messages from lately, newest first."""
        if self._socket_id is None:
            return []
        return self._store.recent_first_frames(self._socket_id)

    def heads(self) -> list[bytes]:
        """What frame 1 may say: groups of a RADIO, elsewhere what messages came from lately."""
        if self.kind is not None and self.kind.has_groups:
            return known_groups(self.desks.history(), self._controller.snapshots.values())
        return self.routing_ids()

    def update_obstacle(self) -> None:
        """Look whether the chosen socket can send now; cheap."""
        obstacle = pattern.obstacle_of(self.socket, self.turn)
        if obstacle is not self._obstacle:
            self._obstacle = obstacle
            self.obstacle_changed.emit()

    @Slot()
    def on_controller_woken(self) -> None:
        """Something came; perhaps the reply that a REQ waits for."""
        self.update_obstacle()

    @Slot(object)
    def on_reports_changed(self, socket_id: SocketId | None) -> None:
        """A send was taken; a REQ now waits for its reply."""
        if socket_id == self._socket_id:
            self.update_obstacle()

    @Slot(object)
    def on_controller_socket_changed(self, socket: SocketSnapshot) -> None:
        """A socket has another name, state or endpoint."""
        self.sockets_changed.emit()
        if socket.socket_id == self._socket_id:
            self.socket_changed.emit()
            self.update_obstacle()

    @Slot(object)
    def on_controller_socket_removed(self, socket_id: SocketId) -> None:
        """A socket is gone, and what was written for it."""
        if socket_id == self._socket_id:
            self.set_socket(None)
        self.desks.forget(socket_id)
        self.sockets_changed.emit()

    # ---- writing ----------------------------------------------------------------------------

    def load(self, frames: tuple[bytes, ...], origin: str = "") -> None:
        """Take a message over to be edited and sent again; what was written is put aside."""
        self.desks.write(tuple(draft_of(data, origin) for data in frames))

    def clear(self) -> None:
        """Begin anew; what was written can be called back."""
        self.desks.write(pattern.starting_frames(self.kind))

    def write_subscription(self, topic: bytes, *, cancel: bool) -> None:
        """Write the message with which an XSUB subscribes or cancels."""
        frame = pattern.subscription_frame(topic, cancel=cancel)
        self.desks.write((FrameDraft(FrameFormat.HEX, to_hex(frame)),))
        words = _tr("Send it to cancel.") if cancel else _tr("Send it to subscribe.")
        self.reports.tell(self._socket_id, words, "muted")

    # ---- sending ----------------------------------------------------------------------------

    def blocker(self) -> Problem | None:
        """Why this message cannot be sent now; None if it can be tried."""
        problem = pattern.obstacle_problem(self._obstacle, self.kind)
        return problem or self.fault()

    def fault(self) -> Problem | None:
        """What is wrong with the message itself."""
        return _fault_of(self.message, self.kind)

    def send(self) -> bool:
        """Send the message; its report follows. It stays in the composer.

        Returns:
            Whether it was handed to the engine; if not, the report says why.
        """
        frames, socket = self._sendable(), self.socket
        if frames is None or socket is None:
            return False
        self.reports.send(socket.socket_id, frames)
        self.desks.record()
        return True

    def start_repeat(self, interval_s: float) -> bool:
        """Send the message every ``interval_s`` seconds from now on.

        Returns:
            Whether it was started; if not, the report says why.
        """
        frames, socket = self._sendable(), self.socket
        if frames is None or socket is None:
            return False
        self.jobs.start(socket, frames, interval_s, preview(self.message.drafts))
        self.desks.record()
        return True

    def stop_repeat(self) -> bool:
        """Stop all jobs of the chosen socket; whether there were any."""
        running = self.jobs.running_on(self._socket_id)
        for job_id in running:
            self.jobs.stop(job_id)
        return bool(running)

    def _sendable(self) -> tuple[bytes, ...] | None:
        self.update_obstacle()
        blocker = self.blocker()
        if blocker is None:
            return self.message.data()
        text = _tr("Not sent. {0}").format(blocker.sentence())
        self.reports.tell(self._socket_id, text, "waiting")
        return None


def script_from(model: ComposerModel) -> str:
    """A pyzmq script that sends the message from a socket such as the chosen one.

    Raises:
        UserError: There is none, with the reason.
    """
    socket, problem = model.socket, model.fault()
    if socket is None or not socket.spec.type.can_send:
        problem = pattern.obstacle_problem(model.obstacle, model.kind)
    if problem is not None or socket is None:
        raise UserError(problem.text if problem else "", problem.hint if problem else "")
    return script_of(socket.spec, model.message)


def _fault_of(message: MessageDraft, kind: SocketType | None) -> Problem | None:
    index = message.first_fault()
    if index is not None:
        problem = frame_problem(message.draft(index), message.check(index)) or Problem("")
        text = _tr("Frame {0}: {1}").format(format_count(index + 1), problem.text)
        return Problem(text, problem.hint)
    frames = message.data()
    return pattern.message_problem(kind, frames) if kind is not None and frames else None


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
