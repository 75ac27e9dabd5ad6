"""Opens the demo: first its peers, then the sockets that talk with them. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

from zmqscope.bootstrap.demo_answers import DemoAnswers
from zmqscope.bridge.controller import EngineController
from zmqscope.core.spec import parse_spec
from zmqscope.core.types import Severity, SocketId
from zmqscope.demo.child import DemoChild, DemoPlan

_POLL_MS = 10


class DemoOpening(QObject):
    """Opens the demo once; its peers are started then if they were not before.

    Args:
        demo: The demo's peers.
        controller: Opens sockets and sends.
        chosen: The socket that the composer has.
        say: Tells the user something: how bad it is, what, and what to do.
        parent: Owner.
    """

    def __init__(
        self,
        demo: DemoChild,
        controller: EngineController,
        chosen: Callable[[], SocketId | None],
        say: Callable[[Severity, str, str], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._demo = demo
        self._controller = controller
        self._chosen = chosen
        self._say = say
        self._is_open = False
        self._timer = QTimer(self)
        self._timer.setInterval(_POLL_MS)
        self._timer.timeout.connect(self.on_timer_timeout)

    def start(self) -> None:
        """Start the peers if need be; their sockets open when they are ready."""
        if self._is_open:
            self._say(Severity.INFO, "The demo is open already.", "")
            return
        self._demo.start()
        self._timer.start()

    @Slot()
    def on_timer_timeout(self) -> None:
        """Open the demo's sockets once its peers have said where they are."""
        self._demo.poll_specs()
        plan = self._demo.plan
        if plan is not None:
            self._timer.stop()
            self._is_open = True
            self._open(plan)
        elif self._demo.problem:
            self._timer.stop()
            self._say(Severity.ERROR, self._demo.problem, "Start the app again to retry.")

    def _open(self, plan: DemoPlan) -> None:
        ids = {}
        for text in plan.specs:
            spec = parse_spec(text)
            ids[spec.name] = self._controller.open_socket(spec)
        for send in plan.sends:
            self._controller.start_periodic_send(ids[send.socket], send.frames, send.every_s)
        answers = {ids[answer.socket]: answer for answer in plan.answers}
        DemoAnswers(self._controller, answers, self._chosen, self)
