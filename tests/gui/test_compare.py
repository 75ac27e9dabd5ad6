"""The compare panel: two messages, field by field or byte by byte."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.message_rig import SocketList
from tests.topic_rig import topical
from zmqscope.core.capture.segment import Batch
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import Direction, RowId, SocketType
from zmqscope.models.compare_rows import CompareRow
from zmqscope.models.compare_sides import Mode
from zmqscope.models.formats import Formats
from zmqscope.models.inspected import Inspected
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.compare.panel import ComparePanel
from zmqscope.ui.theme import Theme, ThemeMode

Key = Qt.Key


class Rig:
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

    def put(self, *frames: bytes, socket_id: int = 1) -> RowId:
        """Store a message as the drain does."""
        ...
