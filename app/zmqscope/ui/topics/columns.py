"""How the topic table's columns are laid out and sorted, remembered in the settings. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, QObject, Slot
from PySide6.QtWidgets import QHeaderView

from zmqscope.models.topics.cells import TopicColumn
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme
from zmqscope.ui.topics.painter import PADDING_PX, TopicPainter

TOPIC = TopicColumn.TOPIC

# The number at the end goes up when columns change, so that old widths are not taken for new ones.
_KEY = "topics/columns-1"
# In a window of 1,280 they just fit between the docks.
_CHARS = {
    TopicColumn.TOPIC: 20,
    TopicColumn.SOCKET: 12,
    TopicColumn.RATE: 7,
    TopicColumn.MESSAGES: 9,
    TopicColumn.SHARE: 12,
    TopicColumn.BYTES: 8,
    TopicColumn.LAST: 9,
}
_MOST_TOPIC_CHARS = 48
_MIN_WIDTH_PX = 32


class TopicColumns(QObject):
    """Keeps a header as the user wants it.

    Args:
        header: The header.
        theme: Fonts, for the widths at first.
        settings: Where widths and order are kept.
    """

    def __init__(self, header: QHeaderView, theme: Theme, settings: Settings) -> None:
        super().__init__(header)
        self._header = header
        self._settings = settings
        header.setSectionsMovable(True)
        header.setStretchLastSection(True)
        header.setMinimumSectionSize(_MIN_WIDTH_PX)
        header.setAccessibleName(self.tr("Columns"))
        self._char_px = TopicPainter(theme).char_px
        for column, chars in _CHARS.items():
            header.resizeSection(column, self._width_px(chars))
        self._is_fitting = False
        # Until the user has chosen otherwise, long topics get the room that there is.
        state = settings.get_bytes(_KEY)
        self._fits_topics = not (state and header.restoreState(QByteArray(state)))
        header.setStretchLastSection(True)
        header.installEventFilter(self)
        header.sectionResized.connect(self.on_section_resized)
        header.sectionMoved.connect(self.on_header_changed)
        header.sortIndicatorChanged.connect(self.on_header_changed)

    def _width_px(self, chars: int) -> int:
        return round(chars * self._char_px) + 2 * PADDING_PX

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self._fits_topics:
            self._fit_topics()
        return super().eventFilter(watched, event)

    def _fit_topics(self) -> None:
        others = sum(map(self._width_px, _CHARS.values())) - self._width_px(_CHARS[TOPIC])
        least, most = self._width_px(_CHARS[TOPIC]), self._width_px(_MOST_TOPIC_CHARS)
        self._is_fitting = True
        self._header.resizeSection(TOPIC, max(least, min(self._header.width() - others, most)))
        self._is_fitting = False

    @Slot(int, int, int)
    def on_section_resized(self, column: int, _before: int, _after: int) -> None:
        """The user resized a column, unless it was the window that did."""
        if not self._is_fitting and column != TopicColumn.LAST:
            self.on_header_changed()

    @Slot()
    def on_header_changed(self) -> None:
        """The user moved, resized or chose a column."""
        self._fits_topics = False
        self._settings.set_bytes(_KEY, bytes(self._header.saveState().data()))
