"""The rates panel with sockets and a clock that a test moves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import numpy as np
from PySide6.QtCore import QObject, QPoint, QPointF, QSettings, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import (
    Direction,
    SocketId,
    SocketSnapshot,
    SocketSpec,
    SocketState,
    SocketType,
)
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.rates.legend_entry import LegendEntry
from zmqscope.ui.rates.panel import RatesPanel
from zmqscope.ui.rates.plot import RatesPlot
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme, ThemeMode

S = 1_000_000_000


NOW = 1_795_442_532 * S


NO_KEYS = Qt.KeyboardModifier.NoModifier


IN, OUT = Direction.RECEIVED, Direction.SENT


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.time_ns = NOW

    def now_ns(self) -> int:
        return self.time_ns


class Sockets(QObject):
    """Stands for the controller."""

    socket_changed = Signal(object)
    socket_removed = Signal(object)
    notice_posted = Signal(object)
    events_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.snapshots: dict[SocketId, SocketSnapshot] = {}

    def put(self, number: int, name: str) -> None:
        spec = SocketSpec(SocketType.PAIR, name=name)
        snapshot = SocketSnapshot(SocketId(number), spec, SocketState.CONNECTED)
        self.snapshots[snapshot.socket_id] = snapshot
        self.socket_changed.emit(snapshot)


class RatesPanelRig:
    """A panel in a window of its own, and everything it hangs on."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.store = CaptureStore()
        self.sockets = Sockets()
        self.theme = Theme(ThemeMode.DARK)
        self.actions = ActionRegistry(self.theme)
        file = str(folder / "settings.ini")
        self.settings = Settings(QSettings(file, QSettings.Format.IniFormat))
        self.panel = self.make_panel(self.actions)
        qtbot.addWidget(self.panel)
        self.panel.resize(900, 260)
        with qtbot.waitExposed(self.panel):
            self.panel.show()

    def make_panel(self, actions: ActionRegistry) -> RatesPanel:
        return RatesPanel(
            self.store,
            cast(EngineController, self.sockets),
            self.theme,
            actions,
            self.settings,
        )

    def carry(self, number: int, way: Direction, per_s: int, from_s: float, to_s: float) -> None:
        times = np.arange(int(NOW + from_s * S), int(NOW + to_s * S), S // per_s)
        self.store.rates.add(SocketId(number), way, times, np.full(len(times), 78))

    def busy(self, curves: int = 3) -> None:
        for number in range(1, curves + 1):
            self.sockets.put(number, f"socket {number}")
            self.carry(number, IN, 100 * number, -65, 60)
        self.refresh()

    def refresh(self, later_s: float = 0.0) -> None:
        self.sockets.clock.time_ns += round(later_s * S)
        self.panel.refresh(self.sockets.clock.time_ns)
        QApplication.processEvents()

    def settle(self) -> None:
        for _ in range(60):
            self.refresh(0.05)

    @property
    def plot(self) -> RatesPlot:
        return self.panel._plot

    def at(self, x: float, y: float = 0.5) -> QPoint:
        rect = self.plot.rect_px
        return QPointF(rect.left() + rect.width() * x, rect.top() + rect.height() * y).toPoint()

    def hover(self, x: float, y: float = 0.5) -> None:
        self.plot.gestures.hovered.emit(QPointF(self.at(x, y)))

    def trigger(self, action_id: str) -> None:
        self.actions.qaction(action_id).trigger()

    def entries(self) -> list[LegendEntry]:
        return [e for e in self.panel.findChildren(LegendEntry) if e.isVisible()]

    def image(self) -> QImage:
        image: QImage = self.plot.viewport().grab().toImage()
        return image


def send_move(widget: QWidget, at: QPoint) -> None:
    QTest.mouseMove(widget, at)
    QApplication.processEvents()


def pixels(image: QImage) -> np.ndarray[tuple[int, ...], np.dtype[np.uint32]]:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(image.constBits(), np.uint32)
    return flat.reshape(image.height(), image.bytesPerLine() // 4)[:, : image.width()].copy()


@contextmanager
def opened_rates(qtbot: QtBot, tmp_path: Path) -> Iterator[RatesPanelRig]:
    """Without traffic."""
    rig = RatesPanelRig(qtbot, tmp_path)
    try:
        yield rig
    finally:
        for menu in QApplication.topLevelWidgets():
            if isinstance(menu, QMenu):
                menu.close()
