"""The compare panel over a store that a test fills."""

from __future__ import annotations

import json

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.compare_rig import messages
from tests.gui.message_rig import SocketList
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.capture.topics import TopicRule
from zmqscope.core.types import RowId, SocketType
from zmqscope.models.compare.sides import Mode
from zmqscope.models.compare.table import CompareColumn
from zmqscope.models.formats import Formats
from zmqscope.models.inspector.inspected import Inspected
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.compare.panel import ComparePanel
from zmqscope.ui.theme import Theme, ThemeMode


class CompareRig:
    """The panel with its corner above it, over a store without an engine."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.store = CaptureStore(1 << 30)
        self.sockets = SocketList()
        self.sockets.add(1, SocketType.SUB, "telemetry")
        self.sockets.add(2, SocketType.ROUTER, "orders")
        self.sockets.add(3, SocketType.PULL, "jobs")
        self.theme = Theme(ThemeMode.DARK)
        self.actions = ActionRegistry(self.theme)
        self.formats = Formats()
        self.panel = ComparePanel(
            self.store, self.sockets.as_controller(), self.theme, self.actions, self.formats
        )
        self.window = QWidget()
        column = QVBoxLayout(self.window)
        column.addWidget(self.panel.corner_widget())
        column.addWidget(self.panel)
        qtbot.addWidget(self.window)
        self.window.resize(420, 500)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.time_ns = 1_700_000_000_000_000_000

    def put(self, *frames: bytes, socket_id: int = 1) -> RowId:
        """Store a message, a millisecond after the last one."""
        rules = {1: TopicRule.ALWAYS, 2: TopicRule.WITH_TWO_FRAMES, 3: TopicRule.NEVER}
        self.time_ns += 1_000_000
        self.store.append(
            messages(
                frames, socket_id=socket_id, start_ns=self.time_ns, topic_rule=rules[socket_id]
            )
        )
        return RowId(self.store.end_row - 1)

    def inspect(self, row: int) -> None:
        """Show a message in the inspector."""
        message = self.store.message(row)
        assert message is not None
        snapshot = self.sockets.snapshots[message.socket_id]
        shown = Inspected(message, snapshot.name, snapshot.spec.type, self.formats)
        self.panel.show_message(shown)
        self.finish()

    def show(self, *frames: bytes, socket_id: int = 1) -> RowId:
        row = self.put(*frames, socket_id=socket_id)
        self.inspect(row)
        return row

    def finish(self) -> None:
        """Wait until everything is compared."""
        self.qtbot.waitUntil(lambda: not self.panel._more.isActive())

    def action(self, name: str) -> QAction:
        return self.actions.qaction(f"compare.{name}")

    def trigger(self, name: str) -> None:
        self.action(name).trigger()
        self.finish()

    def refresh(self) -> None:
        self.panel.refresh(0)
        self.finish()

    def mode(self) -> Mode:
        return self.panel.sides.mode

    def lines(self) -> list[str]:
        """The list, columns apart by bars."""
        model = self.panel.model
        return [
            " | ".join(str(model.index(row, column).data()) for column in CompareColumn).strip(" |")
            for row in range(model.rowCount())
        ]

    def words(self) -> str:
        labels = self.window.findChildren(QLabel)
        return " | ".join(label.text() for label in labels if label.isVisible())


STATE = {"seq": 1, "mode": "hover", "imu": {"accel": [0.1, 9.81]}}


def state(**changed: object) -> bytes:
    return json.dumps({**STATE, **changed}).encode()
