"""The way from hit to hit in the table. GUI thread."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QCoreApplication

from zmqscope.models.messages.table import MessageTableModel
from zmqscope.ui.messages.places import TablePlaces
from zmqscope.ui.messages.view import MessageView


class Step(IntEnum):
    """Which way to go."""

    NEXT = 1
    PREVIOUS = -1


class HitSteps:
    """Goes to the hits next to the current row, and from the last on to the first.

    Args:
        model: The table's model, with the hits.
        view: The table.
        places: Goes to its rows.

    Attributes:
        note: What happened at the last step, if it needs words.
    """

    def __init__(self, model: MessageTableModel, view: MessageView, places: TablePlaces) -> None:
        self._model = model
        self._view = view
        self._places = places
        self._wanted: Step | None = None
        self.note = ""

    def forget(self) -> None:
        """Go nowhere any more: something else is searched for."""
        self._wanted, self.note = None, ""

    def go_on(self) -> None:
        """Take the step that could not be taken yet."""
        if self._wanted is not None:
            self.go(self._wanted)

    def go(self, step: Step) -> None:
        """Go to a hit; if there may be one that is not found yet, as soon as it is."""
        hits, is_done = self._model.hits.rows, self._model.hits.progress.is_done
        position, count = self._next_position(step), len(hits)
        self.forget()
        if not 0 <= position < count:
            if not is_done:
                self._wanted = step
            if not is_done or not count:
                return
            position = 0 if step is Step.NEXT else count - 1
            self.note = (
                _tr("went on from the oldest")
                if step is Step.NEXT
                else _tr("went on from the newest")
            )
        self._places.go_to(hits.ids(position, position + 1)[0])

    def _next_position(self, step: Step) -> int:
        """Where in the list of hits the next one stands; outside of it if there is none."""
        hits = self._model.hits.rows
        current = self._places.current_row()
        if current is None:
            # From nowhere: to the newest one that is in sight or above.
            bottom = self._view.bottom_row()
            return max(0, hits.position(bottom + 1) - 1) if len(hits) else -1
        return hits.position(current + 1) if step is Step.NEXT else hits.position(current) - 1


def _tr(text: str) -> str:
    return QCoreApplication.translate("HitSteps", text)
