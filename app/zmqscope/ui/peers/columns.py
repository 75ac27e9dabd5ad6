"""How a table's columns are laid out and sorted, remembered in the settings. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QObject, Qt, Slot

from zmqscope.ui.peers.painter import PADDING_PX
from zmqscope.ui.peers.view import CellView
from zmqscope.ui.settings import Settings

_MIN_WIDTH_PX = 32


class KeptColumns(QObject):
    """Keeps a table's header as the user wants it.

    Args:
        view: The table; sorted by ``sorted_by`` at first.
        key: Under which widths and order are kept.
        chars: Widths at first, in characters.
        sorted_by: Number of the column that rows are sorted by at first, ascending.
        settings: Where they are kept.
    """

    def __init__(
        self, view: CellView, key: str, chars: Sequence[int], sorted_by: int, settings: Settings
    ) -> None:
        header = view.horizontalHeader()
        super().__init__(header)
        self._header = header
        self._key = key
        self._settings = settings
        header.setSectionsMovable(True)
        header.setMinimumSectionSize(_MIN_WIDTH_PX)
        header.setAccessibleName(self.tr("Columns"))
        for column, count in enumerate(chars):
            header.resizeSection(column, round(count * view.char_px) + 2 * PADDING_PX)
        state = settings.get_bytes(key)
        if not (state and header.restoreState(QByteArray(state))):
            header.setSortIndicator(sorted_by, Qt.SortOrder.AscendingOrder)
        header.setStretchLastSection(True)
        view.setSortingEnabled(True)
        header.sectionResized.connect(self.on_section_resized)
        header.sectionMoved.connect(self.on_header_changed)
        header.sortIndicatorChanged.connect(self.on_header_changed)

    @Slot(int, int, int)
    def on_section_resized(self, column: int, _before: int, _after: int) -> None:
        """The user resized a column, unless it is the last, which the window resizes."""
        if self._header.visualIndex(column) != self._header.count() - 1:
            self.on_header_changed()

    @Slot()
    def on_header_changed(self) -> None:
        """The user moved, resized or chose a column."""
        self._settings.set_bytes(self._key, bytes(self._header.saveState().data()))
