"""Shows that there is more of the topology than is seen: soft edges and a small map. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QLinearGradient, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from zmqscope.ui.theme import Theme
from zmqscope.ui.topology.look import crisp
from zmqscope.ui.topology.nodes import SocketItem
from zmqscope.ui.topology.scene import TopologyScene

MAP_ROOM = QSize(104, 50)
"""The most that the map takes."""
MAP_INSET = 8
_PAD = 4.0
_EDGE_PX = 26
_SLACK_PX = 3.0
_LEAST_VIEW = QSize(280, 130)


class SoftEdges(QWidget):
    """Lets the picture fade out at the sides at which it goes on; the mouse goes through.

    Args:
        theme: The ground's colour.
        parent: What it lies on.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sides = (False, False, False, False)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @property
    def sides(self) -> tuple[bool, bool, bool, bool]:
        """Where the picture goes on: left, above, right, below."""
        return self._sides

    def show_sides(self, sides: tuple[bool, bool, bool, bool]) -> None:
        """The picture goes on at these: left, above, right, below."""
        if sides != self._sides:
            self._sides = sides
            self.setVisible(any(sides))
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ground = self._theme.color("panel")
        clear = QColor(ground)
        clear.setAlpha(0)
        width, height, deep = self.width(), self.height(), _EDGE_PX
        bands = (
            (QRect(0, 0, deep, height), QPointF(0, 0), QPointF(deep, 0)),
            (QRect(0, 0, width, deep), QPointF(0, 0), QPointF(0, deep)),
            (QRect(width - deep, 0, deep, height), QPointF(width, 0), QPointF(width - deep, 0)),
            (QRect(0, height - deep, width, deep), QPointF(0, height), QPointF(0, height - deep)),
        )
        for is_on, (band, start, end) in zip(self._sides, bands, strict=True):
            if is_on:
                shade = QLinearGradient(start, end)
                shade.setColorAt(0.0, ground)
                shade.setColorAt(1.0, clear)
                painter.fillRect(band, shade)


class TopologyMap(QWidget):
    """The whole picture in small, and what of it is seen; a click or a drag goes there.

    Args:
        scene: The picture.
        theme: Colours.
        parent: What it lies on.
    """

    place_wanted = Signal(QPointF)
    """A point of the scene that is to be in the middle."""

    def __init__(self, scene: TopologyScene, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._scene = scene
        self._theme = theme
        self._whole = QRectF()
        self._seen = QRectF()
        self.setAccessibleName(self.tr("Map of the topology"))
        self.setToolTip(self.tr("The whole topology: click or drag to go there"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def show_part(self, whole: QRectF, seen: QRectF) -> None:
        """Of the whole picture this part is seen now."""
        self._whole, self._seen = whole, seen.intersected(whole)
        room = QSize(MAP_ROOM)
        scale = min(room.width() / whole.width(), room.height() / whole.height())
        size = QSize(round(whole.width() * scale), round(whole.height() * scale))
        self.resize(size.expandedTo(QSize(24, 24)))
        self.update()

    @property
    def _scale(self) -> float:
        across = (self.width() - 2 * _PAD) / self._whole.width()
        return min(across, (self.height() - 2 * _PAD) / self._whole.height())

    def _mapped(self, rect: QRectF) -> QRectF:
        scale, middle = self._scale, self._whole.center()
        at = (rect.topLeft() - middle) * scale
        here = QPointF(self.width() / 2, self.height() / 2)
        return QRectF(here + at, rect.size() * scale)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("border"), 1.0))
        painter.setBrush(theme.color("window"))
        painter.drawRoundedRect(crisp(QRectF(self.rect())), 4.0, 4.0)
        if self._whole.isEmpty():
            return
        painter.setPen(Qt.PenStyle.NoPen)
        for item in self._scene.nodes.values():
            token = "muted" if isinstance(item, SocketItem) else "border"
            painter.setBrush(theme.color("accent" if item.is_current else token))
            painter.drawRoundedRect(self._mapped(item.scene_rect), 1.0, 1.0)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("text"), 1.0))
        painter.drawRoundedRect(crisp(self._mapped(self._seen).toAlignedRect().toRectF()), 2.0, 2.0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position())

    def _go(self, place: QPointF) -> None:
        here = QPointF(self.width() / 2, self.height() / 2)
        self.place_wanted.emit(self._whole.center() + (place - here) / self._scale)


class Beyond:
    """Edges and map of a view, shown where the picture is larger than it.

    Args:
        scene: The picture.
        theme: Colours.
        view: What they lie on.
    """

    def __init__(self, scene: TopologyScene, theme: Theme, view: QWidget) -> None:
        self.edges = SoftEdges(theme, view)
        self.map = TopologyMap(scene, theme, view)

    def show(self, whole: QRectF, seen: QRectF, zoom: float, place: QRect) -> None:
        """Bring them up to date.

        Args:
            whole: The picture, in the scene.
            seen: What of it is seen, in the scene.
            zoom: How large a pixel of the scene is.
            place: Where the view shows it.
        """
        slack = _SLACK_PX / zoom
        sides = (
            whole.left() < seen.left() - slack,
            whole.top() < seen.top() - slack,
            whole.right() > seen.right() + slack,
            whole.bottom() > seen.bottom() + slack,
        )
        if whole.isEmpty():
            sides = (False, False, False, False)
        self.edges.setGeometry(place)
        self.edges.show_sides(sides)
        is_roomy = place.width() >= _LEAST_VIEW.width() and place.height() >= _LEAST_VIEW.height()
        self.map.setVisible(any(sides) and is_roomy)
        if any(sides):
            self.map.show_part(whole, seen)
            inset = QSize(self.map.width() + MAP_INSET, self.map.height() + MAP_INSET)
            self.map.move(place.right() + 1 - inset.width(), place.bottom() + 1 - inset.height())
            self.edges.raise_()
            self.map.raise_()
