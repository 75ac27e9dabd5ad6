"""The line that the reader was on, found again in another comparison. GUI thread."""

from __future__ import annotations

from zmqscope.models.compare.table import CompareTable
from zmqscope.ui.compare.table import ChangeView


class KeptLine:
    """Of one list of changes.

    Args:
        model: The list.
        view: Where it is seen.
    """

    def __init__(self, model: CompareTable, view: ChangeView) -> None:
        self._model = model
        self._view = view
        self._wanted: tuple[tuple[int, str, bool], int] | None = None

    def keep(self) -> None:
        """Another comparison comes: note where the reader is, if anywhere."""
        current = self._view.current
        if current is not None:
            self._wanted = (current.key, self._view.verticalScrollBar().value())

    def go_back(self) -> None:
        """Go there as soon as it has been compared again, unless the reader has chosen a line."""
        if self._wanted is None or self._view.current is not None:
            self._wanted = None
            return
        key, place = self._wanted
        row = self._model.row_of(key)
        if row >= 0:
            self._wanted = None
            self._view.select(self._model.index(row, 0))
            self._view.verticalScrollBar().setValue(place)
