"""Answers the demo's requests that nobody has answered for a while. GUI thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from zmqscope.bridge.controller import EngineController
from zmqscope.core.types import SocketId, Turn
from zmqscope.demo.child import DemoSend

_LOOK_EVERY_MS = 250


class DemoAnswers(QObject):
    """A demo in which a request waits for ever would be a broken one.

    Whoever has the socket in the composer answers it himself: nothing is done there.

    Args:
        controller: Sends, and knows whose turn it is.
        answers: What to answer on which socket, and after how long.
        chosen: The socket that the composer has.
        parent: Owner.
    """

    looked = Signal()
    """It has looked whether anything waits."""

    def __init__(
        self,
        controller: EngineController,
        answers: Mapping[SocketId, DemoSend],
        chosen: Callable[[], SocketId | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._answers = dict(answers)
        self._chosen = chosen
        self._since_s: dict[SocketId, float] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.on_timer_timeout)
        self._timer.start()

    @Slot()
    def on_timer_timeout(self) -> None:
        """Answer what has waited long enough."""
        now_s = time.monotonic()
        for socket_id, answer in self._answers.items():
            turn = self._controller.store.counters.of(socket_id).turn
            if turn is not Turn.HOLDS_REQUEST or self._chosen() == socket_id:
                self._since_s.pop(socket_id, None)
            elif now_s - self._since_s.setdefault(socket_id, now_s) >= answer.every_s:
                del self._since_s[socket_id]
                self._controller.send(socket_id, answer.frames)
        self.looked.emit()
