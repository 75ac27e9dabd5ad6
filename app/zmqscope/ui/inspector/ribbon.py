"""The frames of a message side by side, however many there are. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from zmqscope.models.composer.frame_list import FrameListModel
from zmqscope.models.inspector.inspected import Inspected
from zmqscope.ui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_ITEM_HEIGHT_PX = 26
_PADDING_PX = 9
_SPACING_PX = 3
_RADIUS_PX = 6.0
_FONT_PX = 11.5
# As the style sheet has it. There is room for it always: what is below stays where it is from one
# message to the next, however many frames they have.
_SCROLL_BAR_PX = 6
# Beyond this many frames all items are as wide as the widest of the last ones: asking each for
# its width would take longer than opening the message.
_MAX_MEASURED = 2_000


class FrameDelegate(QStyledItemDelegate):
    """Paints a frame as a button.

    Args:
        theme: Colours and font.
        parent: Owner.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._font = theme.data_font(size_px=_FONT_PX)
        self._metrics = QFontMetricsF(self._font)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        text = str(index.data() or "")
        width = self._metrics.horizontalAdvance(text) + 2 * _PADDING_PX
        return QSize(round(width) + 1, _ITEM_HEIGHT_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        state, rect = option.state, QRect(option.rect)
        # Where there is no scroll bar, the list gives an item that room as well.
        rect.setHeight(_ITEM_HEIGHT_PX)
        current = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        color = self._theme.color
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color("accent" if current else "border"), 1))
        painter.setBrush(color("raised") if current or hovered else color("panel"))
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS_PX, _RADIUS_PX)
        painter.setFont(self._font)
        painter.setPen(color("text" if current or hovered else "muted"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(index.data() or ""))
        painter.restore()


class FrameRibbon(QListView):
    """Lists the frames; the arrow keys and a click choose one.

    Args:
        theme: Colours and font.
    """

    frame_chosen = Signal(int)
    """Index of the frame to be shown."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._frames = FrameListModel()
        self.setModel(self._frames)
        self.setItemDelegate(FrameDelegate(theme, self))
        self.setAccessibleName(self.tr("Frames"))
        self.setToolTip(self.tr("The frames of the message; 1 to 9 show a frame"))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setSpacing(_SPACING_PX)
        self.setUniformItemSizes(False)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self.on_current_changed)
        theme.changed.connect(self.viewport().update)
        self.setFixedHeight(_ITEM_HEIGHT_PX + 2 * _SPACING_PX + 2 + _SCROLL_BAR_PX)

    def set_message(self, message: Inspected | None) -> None:
        """List the frames of another message; none is chosen yet."""
        self.setUniformItemSizes(message is not None and len(message.frames) > _MAX_MEASURED)
        self._frames.set_message(message)

    def update_titles(self) -> None:
        """The frames are read another way; the chosen one stays so."""
        self._frames.tell_titles_changed()
        self.scheduleDelayedItemsLayout()

    def choose(self, index: int) -> None:
        """Choose a frame."""
        self.setCurrentIndex(self._frames.index(index))

    @property
    def chosen(self) -> int:
        """Index of the chosen frame; -1 for none."""
        return self.currentIndex().row()

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The gaps above and below an item belong to it."""
        return super().indexAt(QPoint(point.x(), _SPACING_PX + _ITEM_HEIGHT_PX // 2))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Digits and letters are the panel's; the list would search for them.
        if event.text().isalnum() and not event.modifiers():
            event.ignore()
        else:
            super().keyPressEvent(event)

    @Slot(QModelIndex, QModelIndex)
    def on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        """Another frame was chosen."""
        if current.isValid():
            self.frame_chosen.emit(current.row())
