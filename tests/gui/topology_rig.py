"""The topology panel with sockets and peers that a test makes up."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.peer_rig import PeerList, figures_of, peer_of, process_of
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.types import EndpointState, SocketId, SocketType
from zmqscope.models.topology.graph import NodeKey
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.theme import Theme, ThemeMode
from zmqscope.ui.topology.node import NodeItem
from zmqscope.ui.topology.panel import TopologyPanel

JOBS, ORDERS, LEFT, RIGHT = (SocketId(n) for n in (1, 2, 3, 4))


SECOND_NS = 1_000_000_000


class TopologyRig:
    """The panel with its corner above it, over a list of sockets without an engine."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.store, self.sockets = CaptureStore(), PeerList()
        self.actions, self.theme = ActionRegistry(), Theme(ThemeMode.DARK)
        self.panel = TopologyPanel(
            self.store, self.sockets.as_controller(), self.theme, self.actions
        )
        self.window = QWidget()
        column = QVBoxLayout(self.window)
        column.addWidget(self.panel.corner_widget())
        column.addWidget(self.panel, 1)
        qtbot.addWidget(self.window)
        self.window.resize(900, 500)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.scene, self.view = self.panel.scene, self.panel.view
        self.now_ns = self.sockets.clock.now_ns()
        self.told: list[tuple[str, object]] = []
        for name in ("socket_selected", "details_wanted", "peers_wanted"):
            signal = getattr(self.panel, name)
            signal.connect(lambda what, name=name: self.told.append((name, what)))

    def open_sockets(self) -> None:
        self.sockets.listen(1, SocketType.PULL, "jobs")
        self.sockets.listen(2, SocketType.ROUTER, "orders")
        self.sockets.listen(3, SocketType.PAIR, "left", "inproc://a")
        self.sockets.listen(4, SocketType.PAIR, "right", "inproc://a", EndpointState.CONNECTED)

    def tell(self) -> None:
        self.sockets.tell(1, *(peer_of(n, process=process_of(n)) for n in (11, 12)))
        self.sockets.tell(
            2,
            peer_of(21, 2, address="10.0.4.2:1", types=(SocketType.DEALER,), identity=b"w1"),
            peer_of(22, 2, process=process_of(11), figures=figures_of(1)),
        )
        self.sockets.tell(3, peer_of(31, 3, own_socket=RIGHT))
        self.sockets.tell(4, peer_of(41, 4, own_socket=LEFT))

    def refresh(self, seconds: float = 3.0) -> None:
        """Let time pass, and wait until all that is there is drawn."""
        self.now_ns += round(seconds * SECOND_NS)
        self.panel.refresh(self.now_ns)
        self.qtbot.waitUntil(lambda: not self.panel._worker.is_busy)

    def places(self) -> dict[NodeKey, QPointF]:
        return {key: item.pos() for key, item in self.scene.nodes.items()}

    def node(self, key: NodeKey) -> NodeItem:
        return self.scene.nodes[key]

    def point(self, key: NodeKey) -> QPoint:
        return self.view.mapFromScene(self.node(key).scene_rect.center())

    def click(self, key: NodeKey) -> None:
        QTest.mouseClick(self.view.viewport(), Qt.MouseButton.LeftButton, pos=self.point(key))

    def drag(self, start: QPoint, end: QPoint) -> None:
        viewport, button = self.view.viewport(), Qt.MouseButton.LeftButton
        QTest.mousePress(viewport, button, pos=start)
        for step in range(1, 5):
            place = start + (end - start) * step / 4
            event = mouse_move(place, viewport.mapToGlobal(place))
            QApplication.sendEvent(viewport, event)
        QTest.mouseRelease(viewport, button, pos=end)

    def trigger(self, name: str) -> None:
        self.actions.qaction(f"view.topology.{name}").trigger()

    def is_enabled(self, name: str) -> bool:
        return self.actions.qaction(f"view.topology.{name}").isEnabled()

    def words(self) -> str:
        labels = self.window.findChildren(QLabel)
        return " | ".join(label.text() for label in labels if label.isVisible())


def mouse_move(place: QPoint, on_screen: QPoint) -> QMouseEvent:
    return QMouseEvent(
        QMouseEvent.Type.MouseMove, QPointF(place), QPointF(on_screen),
        Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
