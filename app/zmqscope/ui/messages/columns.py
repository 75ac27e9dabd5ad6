"""Widths, order and choice of the table's columns, remembered in the settings. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QObject, QPoint, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHeaderView, QMenu

from zmqscope.models.messages.cells import Column, column_name
from zmqscope.ui.messages.painter import PADDING_PX, RowPainter
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme

# The number at the end goes up when columns change, so that old widths are not taken for new ones.
_KEY = "messages/columns-1"
_CHARS = {
    Column.NUMBER: 10,
    Column.TIME: 15,
    Column.DIRECTION: 1,
    Column.SOCKET: 9,
    Column.TOPIC: 13,
    Column.FRAMES: 6,
    Column.SIZE: 7,
    Column.PAYLOAD: 13,
}
_MIN_WIDTH_PX = 24


class ColumnLayout(QObject):
    """Keeps a header as the user wants it.

    Args:
        header: The header.
        theme: Fonts, for the widths at first.
        settings: Where the layout is kept.
    """

    def __init__(self, header: QHeaderView, theme: Theme, settings: Settings) -> None:
        super().__init__(header)
        self._header = header
        self._theme = theme
        self._settings = settings
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setStretchLastSection(True)
        header.setMinimumSectionSize(_MIN_WIDTH_PX)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.setAccessibleName(self.tr("Columns"))
        self.reset()
        self._restore()
        header.sectionResized.connect(self.on_header_changed)
        header.sectionMoved.connect(self.on_header_changed)
        header.customContextMenuRequested.connect(self.on_menu_requested)

    def shown(self) -> list[Column]:
        """The columns that are shown, from left to right."""
        columns = (Column(self._header.logicalIndex(place)) for place in range(len(Column)))
        return [column for column in columns if not self._header.isSectionHidden(column)]

    def set_shown(self, column: Column, shown: bool) -> None:
        """Show or hide a column; the last one stays."""
        if not shown and self.shown() == [column]:
            return
        self._header.setSectionHidden(column, not shown)
        self._save()

    @Slot()
    def reset(self) -> None:
        """All columns, in the first order and width."""
        char_px = RowPainter(self._theme).char_px
        for column, chars in _CHARS.items():
            self._header.setSectionHidden(column, False)
            self._header.moveSection(self._header.visualIndex(column), column)
            padding = PADDING_PX if column is Column.DIRECTION else PADDING_PX * 2
            self._header.resizeSection(column, round(chars * char_px) + padding + 2)

    def _restore(self) -> None:
        state = self._settings.get_bytes(_KEY)
        if not state:
            return
        restored = self._header.restoreState(QByteArray(state))
        if not restored or self._header.count() != len(Column) or not self.shown():
            self.reset()
        self._header.setStretchLastSection(True)

    def _save(self) -> None:
        self._settings.set_bytes(_KEY, bytes(self._header.saveState().data()))

    @Slot()
    def on_header_changed(self) -> None:
        """The user moved or resized a column."""
        self._save()

    @Slot(QPoint)
    def on_menu_requested(self, place: QPoint) -> None:
        """The header was clicked with the right button."""
        self.pop_up(self._header.mapToGlobal(place))

    def pop_up_below(self) -> QMenu:
        """Show the choice of columns below the header's right end, where its button is."""
        return self.pop_up(
            self._header.mapToGlobal(self._header.rect().bottomRight()), leftwards=True
        )

    def pop_up(self, place: QPoint, *, leftwards: bool = False) -> QMenu:
        """Show the choice of columns at a point of the screen, to its right or to its left."""
        menu = QMenu(self._header)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shown = self.shown()
        for column in Column:
            entry = menu.addAction(column_name(column))
            entry.setCheckable(True)
            entry.setChecked(column in shown)
            entry.setEnabled(shown != [column])
            entry.setData(int(column))
        menu.addSeparator()
        menu.addAction(self.tr("Reset columns"))
        menu.triggered.connect(self.on_menu_triggered)
        menu.popup(place - QPoint(menu.sizeHint().width(), 0) if leftwards else place)
        return menu

    @Slot(QAction)
    def on_menu_triggered(self, entry: QAction) -> None:
        """A column, or the reset, was chosen."""
        if entry.isCheckable():
            self.set_shown(Column(entry.data()), entry.isChecked())
        else:
            self.reset()
            self._save()
