"""Copies many rows to the clipboard in slices, so that the window stays awake. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication

from zmqscope.core.capture.store import CaptureStore
from zmqscope.models.format import format_bytes, format_count
from zmqscope.models.messages.cells import Column
from zmqscope.models.messages.copy import json_line, payload_lines, row_line
from zmqscope.models.messages.message_text import HEAD_BYTES, MAX_FRAMES, payload_start
from zmqscope.models.messages.table import MessageTableModel

MAX_ROWS = 100_000
"""Rows copied at most: a clipboard is no file."""

MAX_CHARS = 64_000_000
"""Characters copied at most."""

_SLICE_ROWS = 1_000


class CopyForm(Enum):
    """What is copied of a message."""

    ROW = "row"
    PAYLOAD = "payload"
    JSON = "json"


class RowCopier(QObject):
    """Copies rows of the table; a new copy ends one that still runs.

    Args:
        store: Where whole messages are.
        model: Where texts are.
        parent: Owner.
    """

    finished = Signal(str)
    """What was copied, in one sentence."""

    def __init__(
        self, store: CaptureStore, model: MessageTableModel, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._model = model
        self._form = CopyForm.ROW
        self._columns: list[Column] = []
        self._rows: list[int] = []
        self._selected = 0
        self._next = 0
        self._chars = 0
        self._parts: list[str] = []
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.on_timer_timeout)

    def copy(self, form: CopyForm, ranges: list[tuple[int, int]], columns: list[Column]) -> None:
        """Begin to copy rows.

        Args:
            form: What of each message.
            ranges: Positions as first and one past the last.
            columns: The columns of ``CopyForm.ROW``, in order.
        """
        self._form, self._columns = form, columns
        self._selected = sum(high - low for low, high in ranges)
        # Row ids stay what they are while old rows go; positions do not.
        self._rows = []
        for low, high in ranges:
            room = MAX_ROWS - len(self._rows)
            self._rows += self._model.rows.row_ids(low, min(high, low + room))
        self._next = self._chars = 0
        self._parts = []
        if self._rows:
            self._timer.start(0)
            self.on_timer_timeout()

    @Slot()
    def on_timer_timeout(self) -> None:
        """Copy the next slice."""
        make: Callable[[int], str | None] = {
            CopyForm.ROW: self._row,
            CopyForm.PAYLOAD: self._payload,
            CopyForm.JSON: self._json,
        }[self._form]
        stop = min(self._next + _SLICE_ROWS, len(self._rows))
        for row in self._rows[self._next : stop]:
            part = make(row)
            if part is not None:
                if self._chars + len(part) > MAX_CHARS and self._parts:
                    self._finish()
                    return
                self._parts.append(part)
                self._chars += len(part) + 1
        self._next = stop
        if self._next >= len(self._rows):
            self._finish()

    def _finish(self) -> None:
        self._timer.stop()
        QGuiApplication.clipboard().setText("\n".join(self._parts))
        copied = len(self._parts)
        self._rows, self._parts = [], []
        self.finished.emit(self._sentence(copied))

    def _sentence(self, copied: int) -> str:
        if copied == self._selected:
            if copied == 1:
                return self.tr("Copied 1 message.")
            return self.tr("Copied {0} messages.").format(format_count(copied))
        words = self.tr("Copied {0} of {1} selected messages: a copy takes {2} rows or {3}.")
        return words.format(
            format_count(copied),
            format_count(self._selected),
            format_count(MAX_ROWS),
            format_bytes(MAX_CHARS),
        )

    def _row(self, row: int) -> str | None:
        position = self._model.rows.position(row)
        cells = next(iter(self._model.cells(position, position + 1)), None)
        if cells is None or cells.row != row:
            return None
        return row_line(cells, self._columns)

    def _payload(self, row: int) -> str | None:
        message = self._store.message(row)
        view = self._store.row_views([row], HEAD_BYTES, MAX_FRAMES)[0]
        if message is None or view is None:
            return None
        kind = self._model.writer.type(message.socket_id)
        hidden = self._model.writer.reader.secret_frames(view, kind)
        return payload_lines(message, payload_start(view, kind), hidden)

    def _json(self, row: int) -> str | None:
        message = self._store.message(row)
        view = self._store.row_views([row], HEAD_BYTES, MAX_FRAMES)[0]
        if message is None or view is None:
            return None
        writer = self._model.writer
        hidden = writer.reader.secret_frames(view, writer.type(message.socket_id))
        return json_line(message, writer.name(message.socket_id), hidden)
