"""What is being written for each socket, and what was sent from it before. GUI thread."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from zmqscope.core.types import SocketId, SocketType
from zmqscope.models.composer.message_draft import MessageDraft
from zmqscope.models.composer.send_history import SendHistory
from zmqscope.models.composer.send_pattern import Frames, starting_frames


@dataclass(slots=True)
class _Desk:
    """What is kept for one socket while another is shown."""

    frames: Frames
    history: SendHistory = field(default_factory=SendHistory)


class SendDesks(QObject):
    """A desk for each socket, and one for none; the message lies on the chosen one.

    Args:
        message: The message being written.
        parent: Owner.
    """

    history_changed = Signal()
    """There is one more message to call back."""

    def __init__(self, message: MessageDraft, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._message = message
        self._desk = _Desk(starting_frames(None))
        self._desks: dict[SocketId | None, _Desk] = {None: self._desk}

    def go_to(self, socket_id: SocketId | None, kind: SocketType | None) -> None:
        """Bring what is being written for a socket, which begins as its type wants it."""
        self._desk.frames = self._message.drafts
        if socket_id not in self._desks:
            self._desks[socket_id] = _Desk(starting_frames(kind))
        self._desk = self._desks[socket_id]
        self._message.replace_all(self._desk.frames)

    def forget(self, socket_id: SocketId) -> None:
        """A socket is gone, and what was written for it; another one is chosen."""
        self._desks.pop(socket_id, None)

    def write(self, frames: Frames) -> None:
        """Put another message in the place of this one, which can be called back."""
        self._desk.history.put_aside(self._message.drafts)
        self._message.replace_all(frames)
        self.history_changed.emit()

    def record(self) -> None:
        """The message was sent: it can be called back."""
        self._desk.history.record(self._message.drafts)
        self.history_changed.emit()

    def history(self) -> tuple[Frames, ...]:
        """The messages sent from the chosen socket, oldest first."""
        return self._desk.history.entries

    def previous(self) -> None:
        """Call the message before this one back."""
        self._show(self._desk.history.previous(self._message.drafts))

    def next(self) -> None:
        """Go on towards what was being written."""
        self._show(self._desk.history.next(self._message.drafts))

    def recall(self, index: int) -> None:
        """Call a message back by its index in ``history()``."""
        self._show(self._desk.history.recall(index, self._message.drafts))

    def _show(self, frames: Frames | None) -> None:
        if frames is not None:
            self._message.replace_all(frames)
