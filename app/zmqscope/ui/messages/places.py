"""Takes the reader to rows of the table, and back after it was made anew, by row id. GUI thread."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QAbstractItemView

from zmqscope.models.messages.table import MessageTableModel
from zmqscope.ui.messages.view import MessageView

_LINES_BELOW = 2


class Place(NamedTuple):
    """What the reader looks at: a row id, and how many lines below the top it stands."""

    row: int
    line: int


class TablePlaces:
    """Knows where the reader is.

    Args:
        model: The table's model.
        view: The table.
    """

    def __init__(self, model: MessageTableModel, view: MessageView) -> None:
        self._rows = model
        self._view = view
        self._last: Place | None = None

    def current_row(self) -> int | None:
        """Row id of the current row."""
        current = self._view.currentIndex()
        return self._rows.row_id(current.row()) if current.isValid() else None

    def here(self) -> Place | None:
        """Which row the reader looks at, and where: the current one if it is in sight.

        Where the table is empty, what was looked at last.
        """
        top, current = self._view.top_row(), self._view.currentIndex().row()
        line = current - top if self._is_in_sight(current) else 0
        row = self._rows.row_id(top + line)
        if row is not None:
            self._last = Place(row, line)
        return self._last

    def restart(self, place: Place | None) -> None:
        """After the model was reset: the same current row where it still is, live if it was.

        Args:
            place: What ``here`` said before.
        """
        view, rows = self._view, self._rows.rows
        self._rows.take_older()
        self._rows.take_new()
        view.executeDelayedItemsLayout()
        row = view.activated_row
        index = QModelIndex() if row is None else self._rows.index_of(row)
        if index.isValid():
            view.select(index)
        position = len(rows) if place is None else rows.position(place.row)
        if rows.are_hits and not view.is_following:
            # Nothing of it, or only newer ones, may have been found yet: no reason to go live.
            position = min(position, len(rows) - 1)
        if view.is_following or place is None or position >= len(rows):
            view.follow()
        else:
            view.verticalScrollBar().setValue(max(0, position - place.line))

    def go_to(self, row: int) -> bool:
        """Make a row current and bring it in sight; whether it is shown at all."""
        index = self._rows.index_of(row)
        if not index.isValid():
            return False
        self._view.stop_following()
        self._view.select(index)
        # At the lower edge it would stand below the button that leads to the newest.
        if not self._is_in_sight(index.row(), _LINES_BELOW):
            self._view.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        return True

    def _is_in_sight(self, position: int, lines_below: int = 0) -> bool:
        top = self._view.top_row()
        return top <= position < top + self._view.rows_in_sight() - lines_below
