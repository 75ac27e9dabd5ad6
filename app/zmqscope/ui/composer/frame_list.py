"""All frames of a message, as editors for those that can be seen. GUI thread.

A message may have thousands of frames: only the rows near the visible part are widgets, the
others are heights.
"""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from zmqscope.core.types import Problem, SocketType
from zmqscope.models.composer.frame_draft import FrameDraft
from zmqscope.models.composer.message_draft import MessageDraft
from zmqscope.models.composer.send_pattern import FrameRole, leading_roles
from zmqscope.ui.composer.frame_editor import MAX_LINES
from zmqscope.ui.composer.frame_menu import FramePlace
from zmqscope.ui.composer.frame_row import FrameRow
from zmqscope.ui.theme import Theme

_MARGIN_X = 12
_TOP = 8
_GAP = 7
_ROW_HEIGHT = 33
_LINE_HEIGHT = 16
_BEYOND_PX = 160
"""Rows this far outside the visible part are widgets too, so that Tab finds the next one."""
_MAX_SPARE = 16
_KEPT_ROWS = 24
"""Below this number rows are never given up: each keeps its undo history."""


class FrameList(QScrollArea):
    """Shows a message and keeps one row current.

    Args:
        message: What to show.
        theme: Colours, fonts, icons.
        parent: Owner.
    """

    row_made = Signal(object)
    """FrameRow: connect to it what it may ask."""

    def __init__(self, message: MessageDraft, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._message = message
        self._theme = theme
        self._kind: SocketType | None = None
        self._rows: dict[int, FrameRow] = {}
        self._spare: list[FrameRow] = []
        self._heights: dict[int, int] = {}
        self._tops: list[int] = []
        self._notes: dict[int, Problem] = {}
        self._roles: tuple[FrameRole, ...] = ()
        self._current_key = 0
        self._content = QWidget()
        self._content.setObjectName("frames")
        self.setWidget(self._content)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Frames"))
        self.verticalScrollBar().valueChanged.connect(self.on_scroll_bar_value_changed)
        message.frames_arranged.connect(self.on_message_frames_arranged)
        message.frame_changed.connect(self.on_message_frame_changed)

    # ---- what is shown ----------------------------------------------------------------------

    @property
    def rows(self) -> tuple[FrameRow, ...]:
        """The rows that are widgets now, in the order of their frames."""
        return tuple(self._rows[key] for key in self._message.keys if key in self._rows)

    def row(self, index: int) -> FrameRow:
        """The row of a frame, scrolled into view."""
        self._reveal(index)
        return self._rows[self._message.keys[index]]

    def set_kind(self, kind: SocketType | None) -> None:
        """What the frames mean depends on the socket type."""
        if kind is not self._kind:
            self._kind = kind
            self._arrange()

    @property
    def current(self) -> int:
        """The frame that was last typed in, by index."""
        keys = self._message.keys
        return keys.index(self._current_key) if self._current_key in keys else 0

    def focus_frame(self, index: int) -> None:
        """Scroll to a frame and let one type there."""
        row = self.row(index)
        row.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self._current_key = row.key

    def show_note(self, index: int, problem: Problem) -> None:
        """Say below a frame why something was not done."""
        self._notes[self._message.keys[index]] = problem
        self._refresh_row(index)

    def drop_note(self, index: int) -> None:
        """Say nothing below a frame any more."""
        if self._notes.pop(self._message.keys[index], None) is not None:
            self._refresh_row(index)

    def _refresh_row(self, index: int) -> None:
        self._fill(index, self.row(index))
        self._place()

    # ---- layout -----------------------------------------------------------------------------

    def _arrange(self) -> None:
        """Heights, places and rows, after anything changed."""
        if not self.isVisible():
            return
        keys = self._message.keys
        self._roles = self._roles_now()
        gone = set(self._rows) - set(keys)
        was_writing = any(self._has_focus(self._rows[key]) for key in gone)
        for key in gone:
            self._drop(key)
        self._notes = {key: note for key, note in self._notes.items() if key in keys}
        if len(self._heights) > 2 * len(keys):
            self._heights = {key: self._heights[key] for key in keys if key in self._heights}
        for index, key in enumerate(keys):
            if key in self._rows:
                self._fill(index, self._rows[key])
        self._place()
        if was_writing:
            self.focus_frame(self.current)

    def _has_focus(self, row: FrameRow) -> bool:
        focused: QWidget | None = self.window().focusWidget()
        return focused is not None and row.isAncestorOf(focused)

    def _roles_now(self) -> tuple[FrameRole, ...]:
        if self._kind is None:
            return ()
        return leading_roles(self._kind, self._message.leading_data(3))

    def _place(self) -> None:
        """Where each row stands; makes those that come near the visible part."""
        for _ in range(3):  # a new row may be higher than was thought
            self._stack()
            if not self._make_near_rows():
                break
        self._stack()
        self._drop_far_rows()

    def _stack(self) -> None:
        keys, top = self._message.keys, _TOP
        self._tops = []
        for index, key in enumerate(keys):
            self._tops.append(top)
            top += (self._heights.get(key) or _guessed_height(self._message.draft(index))) + _GAP
        self._content.resize(self.viewport().width(), top)
        for index, key in enumerate(keys):
            if key in self._rows:
                self._rows[key].move(_MARGIN_X, self._tops[index])

    def _near(self) -> range:
        """The frames that can be seen or are close to it."""
        top = self.verticalScrollBar().value() - _BEYOND_PX
        bottom = top + self.viewport().height() + 2 * _BEYOND_PX
        inside = [index for index, y in enumerate(self._tops) if top <= y + _ROW_HEIGHT <= bottom]
        first = max(0, inside[0] - 1) if inside else 0
        return range(first, min(len(self._tops), (inside[-1] if inside else 0) + 2))

    def _make_near_rows(self) -> bool:
        keys, made = self._message.keys, False
        for index in self._near():
            if keys[index] not in self._rows:
                self._make(index)
                made = True
        if made:
            self._chain()
        return made

    def _make(self, index: int) -> None:
        key = self._message.keys[index]
        if self._spare:
            row = self._spare.pop()
            row.reuse(key)
        else:
            row = FrameRow(self._theme, key, self._content)
            row.entered.connect(self.on_row_entered)
            self.row_made.emit(row)
        self._rows[key] = row
        row.show()
        self._fill(index, row)

    def _fill(self, index: int, row: FrameRow) -> None:
        role = self._roles[index] if index < len(self._roles) else FrameRole.NONE
        place = FramePlace(index, len(self._message))
        row.show_frame(place, self._message.draft(index), self._message.check(index), role)
        note = self._notes.get(row.key)
        if note is not None:
            row.show_note(note)
        self._heights[row.key] = row.fit(self._row_width())

    def _row_width(self) -> int:
        return max(120, self.viewport().width() - 2 * _MARGIN_X)

    def _drop_far_rows(self) -> None:
        if len(self._rows) <= _KEPT_ROWS:
            return
        keys = self._message.keys
        near = {keys[index] for index in self._near()}
        for key in [k for k in self._rows if k not in near]:
            focused: QWidget | None = self.focusWidget()
            if focused is None or not self._rows[key].isAncestorOf(focused):
                self._drop(key)

    def _drop(self, key: int) -> None:
        row = self._rows.pop(key)
        focused: QWidget | None = self.focusWidget()
        if focused is not None and row.isAncestorOf(focused):
            # QStackedWidget gives a page its last focus widget back, even one that is hidden.
            focused.clearFocus()
        row.hide()
        if len(self._spare) < _MAX_SPARE:
            self._spare.append(row)
        else:
            row.deleteLater()

    def _chain(self) -> None:
        """Tab walks the rows in the order of their frames, whichever was made first."""
        stops = [stop for row in self.rows for stop in row.tab_stops()]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _reveal(self, index: int) -> None:
        if not self._tops or len(self._tops) != len(self._message):
            self._arrange()
        key = self._message.keys[index]
        top = self._tops[index] if self._tops else 0
        bar, height = self.verticalScrollBar(), self._heights.get(key, _ROW_HEIGHT)
        if top - _TOP < bar.value():
            bar.setValue(top - _TOP)
        elif top + height + _GAP > bar.value() + self.viewport().height():
            bar.setValue(top + height + _GAP - self.viewport().height())
        if key not in self._rows:
            self._make(index)
            self._place()

    # ---- events -----------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._heights.clear()
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._arrange()

    @Slot(int)
    def on_scroll_bar_value_changed(self, value: int) -> None:
        """Other rows come into view."""
        self._place()

    @Slot()
    def on_message_frames_arranged(self) -> None:
        """Frames were added, removed, moved or replaced."""
        self._arrange()

    @Slot(int)
    def on_message_frame_changed(self, key: int) -> None:
        """One frame has another draft; leading frames may have other meanings now."""
        self._notes.pop(key, None)
        if not self.isVisible():
            return
        index = self._message.index_of(key)
        if self._roles_now() != self._roles:
            self._arrange()
        elif key in self._rows:
            height = self._heights.get(key)
            self._fill(index, self._rows[key])
            if height != self._heights[key]:
                self._place()
        else:
            self._heights.pop(key, None)
            self._place()

    @Slot(int)
    def on_row_entered(self, key: int) -> None:
        """The keyboard focus came into a row."""
        self._current_key = key
        if key in self._message.keys:
            self._reveal(self._message.keys.index(key))


def _guessed_height(draft: FrameDraft) -> int:
    """How high a row will be that was never laid out."""
    lines = min(MAX_LINES, draft.text.count("\n", 0, 2_000) + 1)
    return _ROW_HEIGHT + (lines - 1) * _LINE_HEIGHT
