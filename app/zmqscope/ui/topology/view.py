"""The view of the topology: zooms, pans, and goes from node to node by keyboard. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from zmqscope.ui.theme import Theme
from zmqscope.ui.topology.node import NodeItem
from zmqscope.ui.topology.scene import TopologyScene

_LEAST_ZOOM, _MOST_ZOOM, _STEP = 0.12, 3.0, 1.2
_LARGEST_FIT = 1.0
_ROOM = 1_500.0
_ARROWS = {
    Qt.Key.Key_Left: QPointF(-1.0, 0.0),
    Qt.Key.Key_Right: QPointF(1.0, 0.0),
    Qt.Key.Key_Up: QPointF(0.0, -1.0),
    Qt.Key.Key_Down: QPointF(0.0, 1.0),
}


class TopologyView(QGraphicsView):
    """Shows the whole picture until the user zooms or pans.

    Args:
        scene: What it shows.
        theme: The ground's colour.
        parent: Owner.
    """

    node_clicked = Signal()
    """The chosen node was clicked, or Enter was pressed on it."""
    node_opened = Signal()
    """The chosen node was double-clicked."""
    resized = Signal()
    """There is more room now, or less."""
    menu_asked = Signal(QPoint)
    """Where, on the screen."""

    def __init__(self, scene: TopologyScene, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self._scene = scene
        self._theme = theme
        self._fits = True
        self._pressed: NodeItem | None = None
        self._start = QPoint()
        self.setAccessibleName(self.tr("Topology"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        scene.current_changed.connect(self.on_scene_current_changed)

    # ---- zoom -------------------------------------------------------------------------------

    @property
    def zoom(self) -> float:
        """How large a pixel of the scene is."""
        return self.transform().m11()

    @property
    def is_fitting(self) -> bool:
        """Whether it keeps the whole picture in view."""
        return self._fits

    @Slot()
    def fit(self) -> None:
        """Show the whole picture, and keep doing so."""
        self._fits = True
        self._fit()

    def follow(self) -> None:
        """The picture has another size now."""
        whole = self._scene.content_rect()
        self.setSceneRect(whole.adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM))
        if self._fits:
            self._fit()

    def _fit(self) -> None:
        whole, room = self._scene.content_rect(), self.viewport().size()
        if whole.isEmpty() or not room.width() or not room.height():
            return
        scale = min(room.width() / whole.width(), room.height() / whole.height(), _LARGEST_FIT)
        self.setTransform(QTransform.fromScale(scale, scale))
        self.centerOn(whole.center())

    def zoom_by(self, factor: float) -> None:
        """Show it larger or smaller."""
        wanted = min(_MOST_ZOOM, max(_LEAST_ZOOM, self.zoom * factor))
        self._fits = False
        self.scale(wanted / self.zoom, wanted / self.zoom)

    @Slot()
    def zoom_in(self) -> None:
        """One step larger, around the middle."""
        self._zoom_in_place(_STEP)

    @Slot()
    def zoom_out(self) -> None:
        """One step smaller, around the middle."""
        self._zoom_in_place(1 / _STEP)

    def _zoom_in_place(self, factor: float) -> None:
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.zoom_by(factor)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turns = event.angleDelta().y() / 120
        if turns:
            self.zoom_by(_STEP**turns)
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fits:
            self._fit()
        self.resized.emit()

    # ---- mouse ------------------------------------------------------------------------------

    def _node_at(self, place: QPoint) -> NodeItem | None:
        item = self.itemAt(place)
        return item if isinstance(item, NodeItem) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        is_left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = self._node_at(place) if is_left else None
        self._start = self._center()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            if event.button() == Qt.MouseButton.LeftButton and self._center() != self._start:
                self._fits = False
        elif pressed.was_dragged:
            self.follow()
        elif pressed.scene() is self._scene:
            self._scene.choose(pressed.key)
            self.node_clicked.emit()
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)

    def _center(self) -> QPoint:
        return QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        node = self._node_at(event.position().toPoint())
        if node is None:
            self.fit()
        else:
            self._scene.choose(node.key)
            self.node_opened.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            current = self._scene.current
            rect = QRectF() if current is None else current.scene_rect
            place = self.viewport().mapToGlobal(self.mapFromScene(rect.center()))
        else:
            node = self._node_at(event.pos())
            if node is not None:
                self._scene.choose(node.key)
        self.menu_asked.emit(place)

    # ---- keyboard ---------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ARROWS:
            target = self._scene.next_node(_ARROWS[key])
            if target is not None:
                self._scene.choose(target)
                self.ensureVisible(self._scene.nodes[target].scene_rect, 20, 20)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._scene.current is not None:
                self.node_clicked.emit()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif key == Qt.Key.Key_Minus:
            self.zoom_out()
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key == Qt.Key.Key_Escape:
            self._scene.choose(None)
        else:
            super().keyPressEvent(event)

    @Slot()
    def on_scene_current_changed(self) -> None:
        """Say which node is chosen."""
        current = self._scene.current
        self.setAccessibleDescription("" if current is None else current.spoken())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Enter:
            # The hand is for while the ground is dragged; else it would shout.
            self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        return super().viewportEvent(event)
