"""The view of the topology: zooms, pans, and goes from node to node by keyboard. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, Signal, Slot
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

from zmqscope.models.topology.air import LEAST_FIT
from zmqscope.models.topology.graph import NodeKey
from zmqscope.ui.theme import Theme
from zmqscope.ui.topology.focus import (
    as_much_as_fits,
    center_for,
    focus_key,
    focus_rects,
    next_node,
)
from zmqscope.ui.topology.node import NodeItem
from zmqscope.ui.topology.overview import MAP_INSET, MAP_ROOM, Beyond
from zmqscope.ui.topology.scene import TopologyScene

_LEAST_ZOOM, _MOST_ZOOM, _STEP = 0.12, 3.0, 1.2
_LARGEST_FIT = 1.2
_ROOM = 1_500.0
_ARROWS = {
    Qt.Key.Key_Left: QPointF(-1.0, 0.0),
    Qt.Key.Key_Right: QPointF(1.0, 0.0),
    Qt.Key.Key_Up: QPointF(0.0, -1.0),
    Qt.Key.Key_Down: QPointF(0.0, 1.0),
}


class TopologyView(QGraphicsView):
    """Shows the whole picture until the user zooms or pans, as long as it can be read.

    Of one that is too large for that it shows the chosen node and what that is joined with, or the
    busiest socket, and that there is more.

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
        self._held: NodeKey | None = None
        self.beyond = Beyond(scene, theme, self)
        self.beyond.map.place_wanted.connect(self.on_map_place_wanted)
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
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.valueChanged.connect(self.on_scrolled)

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
        else:
            self._show_beyond()

    def _fit(self) -> None:
        whole, room = self._scene.content_rect(), self.viewport().size()
        if whole.isEmpty() or not room.width() or not room.height():
            self._show_beyond()
            return
        seen = self._seen()
        fitting = min(room.width() / whole.width(), room.height() / whole.height())
        scale = min(max(fitting, LEAST_FIT), _LARGEST_FIT)
        self.setTransform(QTransform.fromScale(scale, scale))
        size = QSizeF(room.width() / scale, room.height() / scale)
        now = QRectF(QPointF(), size)
        now.moveCenter(seen.center())
        self._bring(now)

    def reveal(self) -> None:
        """Another node is chosen elsewhere: it comes into view, if it is not."""
        self._bring(self._seen())

    def _bring(self, seen: QRectF) -> None:
        """Move as little as it takes to show what matters, from where this is seen."""
        whole = self._bounds(seen)
        self._held = focus_key(self._scene, self._held)
        wanted = QRectF(whole.center(), QSizeF())
        if self._held is not None:
            wanted = as_much_as_fits(focus_rects(self._scene, self._held), seen.size())
        self.centerOn(center_for(wanted, seen, whole))
        self._show_beyond()

    def _bounds(self, seen: QRectF) -> QRectF:
        """The picture, and beside its end room for the map, which must not hide a node for good."""
        whole = self._scene.content_rect()
        if whole.width() > seen.width():
            whole.setRight(whole.right() + (MAP_ROOM.width() + MAP_INSET) / self.zoom)
        elif whole.height() > seen.height():
            whole.setBottom(whole.bottom() + (MAP_ROOM.height() + MAP_INSET) / self.zoom)
        return whole

    def _seen(self) -> QRectF:
        """What is seen now, in the scene."""
        return self.mapToScene(self.viewport().rect()).boundingRect()

    def _show_beyond(self) -> None:
        whole, place = self._scene.content_rect(), self.viewport().geometry()
        self.beyond.show(whole, self._seen(), self.zoom, place)

    @Slot(QPointF)
    def on_map_place_wanted(self, place: QPointF) -> None:
        """The user goes somewhere on the map."""
        self._fits = False
        self.centerOn(place)

    @Slot()
    def on_scrolled(self) -> None:
        """Another part is seen."""
        self._show_beyond()

    def zoom_by(self, factor: float) -> None:
        """Show it larger or smaller."""
        wanted = min(_MOST_ZOOM, max(_LEAST_ZOOM, self.zoom * factor))
        self._fits = False
        self.scale(wanted / self.zoom, wanted / self.zoom)
        self._show_beyond()

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
        else:
            self._show_beyond()
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
            target = next_node(self._scene, _ARROWS[key])
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
