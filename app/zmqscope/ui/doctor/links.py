"""Links in lines that wrap, a dot between two of them. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from zmqscope.ui.sockets.buttons import LinkButton
from zmqscope.ui.theme import Theme

_GAP = 14
_LINE_GAP = 2


class LinkLines(QWidget):
    """A few links, in as many lines as they need.

    Args:
        theme: The colour of the dots.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._links: list[LinkButton] = []
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.on_theme_changed)

    @property
    def links(self) -> list[LinkButton]:
        """The links, in order."""
        return list(self._links)

    def set_links(self, links: list[LinkButton]) -> None:
        """Show these and no others; those that were there and are not among them are deleted."""
        for old in self._links:
            if old not in links:
                old.hide()
                old.deleteLater()
        self._links = links
        previous: QWidget | None = None
        for link in links:
            link.setParent(self)
            link.show()
            if previous is not None:
                QWidget.setTabOrder(previous, link)
            previous = link
        self.updateGeometry()
        self._place_links()

    @Slot()
    def on_theme_changed(self) -> None:
        """Another font may need other lines."""
        self.updateGeometry()
        self._place_links()

    def _places(self, width: int) -> list[QRect]:
        places: list[QRect] = []
        at = QPoint(0, 0)
        for link in self._links:
            size = link.sizeHint()
            if at.x() and at.x() + size.width() > width:
                at = QPoint(0, at.y() + size.height() + _LINE_GAP)
            places.append(QRect(at, QSize(min(size.width(), max(width, 1)), size.height())))
            at.setX(at.x() + size.width() + _GAP)
        return places

    def _place_links(self) -> None:
        for link, place in zip(self._links, self._places(self.width()), strict=True):
            link.setGeometry(place)
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        places = self._places(width)
        return places[-1].bottom() + 1 if places else 0

    def event(self, event: QEvent) -> bool:
        # A link has got other words.
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
            self._place_links()
        return super().event(event)

    def sizeHint(self) -> QSize:
        return QSize(60, self.heightForWidth(max(self.width(), 60)))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_links()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._theme.ui_font())
        painter.setPen(self._theme.color("muted"))
        for left, right in zip(self._links, self._links[1:], strict=False):
            if left.y() == right.y():
                # A link is two pixels wider than its words.
                place = QRect(left.geometry().right() - 1, left.y(), _GAP + 2, left.height())
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, "·")
