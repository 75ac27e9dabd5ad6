"""A listing, such as a disassembly: a line for each stretch of bytes. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Signal, Slot
from PySide6.QtWidgets import QHeaderView

from zmqscope.core.decode.decoded import Listing
from zmqscope.models.inspector.listing_table import ListingColumn, ListingTableModel
from zmqscope.ui.inspector.data_table import DataTable
from zmqscope.ui.theme import Theme

_OFFSET_PX = 62


class ListingView(DataTable):
    """Shows the lines; a line's bytes are selected with it.

    Args:
        theme: Font.
    """

    bytes_selected = Signal(int, int)
    """By the user: first byte of a line, and one past its last."""

    def __init__(self, theme: Theme) -> None:
        self._lines = ListingTableModel()
        super().__init__(theme, self._lines)
        self.setAccessibleName(self.tr("Listing of the frame"))
        self.setSelectionBehavior(DataTable.SelectionBehavior.SelectRows)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(ListingColumn.TEXT, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(ListingColumn.OFFSET, _OFFSET_PX)
        header.hide()
        self.current_moved.connect(self.on_current_moved)

    @property
    def lines(self) -> ListingTableModel:
        """The model."""
        return self._lines

    def set_listing(self, listing: Listing | None) -> None:
        """Show another listing, or none."""
        self._lines.set_listing(listing)
        has_notes = any(self._lines.line(row).note for row in range(self._lines.rowCount()))
        self.setColumnHidden(ListingColumn.NOTE, not has_notes)

    def select_bytes(self, start: int) -> None:
        """Go to the line that has a byte."""
        row = self._lines.row_at(start)
        if row >= 0:
            self.go_to(self._lines.index(row, ListingColumn.TEXT))

    @Slot(QModelIndex)
    def on_current_moved(self, index: QModelIndex) -> None:
        """Another line is current."""
        span = self._lines.line(index.row()).span
        self.bytes_selected.emit(span.start, span.stop)
