"""The chosen change in full, below the list. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout

from zmqscope.models.compare.rows import CompareRow
from zmqscope.models.format import one_line
from zmqscope.ui.theme import Theme

_MOST_CHARS = 400
_FONT_PX = 11.5


class ChangeDetails(QFrame):
    """Path, old and new value; no room while there is no change chosen.

    Args:
        theme: Fonts.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "details")
        self._path = _label(theme, "muted")
        self._old = _label(theme, "")
        self._new = _label(theme, "")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 5, 12, 6)
        column.setSpacing(2)
        for label in (self._path, self._old, self._new):
            column.addWidget(label)
        self.hide()

    def show_change(self, row: CompareRow | None) -> None:
        """Show another change, or nothing."""
        if row is None or row.is_frame:
            self.hide()
            return
        name = one_line((row.path or row.label)[:_MOST_CHARS])
        self._path.setText(f"{name}  {row.difference}".rstrip())
        self._old.setText(f"− {_bounded(row.before)}")
        self._new.setText(f"+ {_bounded(row.after)}")
        is_same = row.before == row.after
        self._old.setVisible(bool(row.before) and not is_same)
        self._new.setVisible(bool(row.after))
        if is_same:
            self._new.setText(_bounded(row.after))
        self.setAccessibleName(name)
        self.show()


def _bounded(text: str) -> str:
    more = "…" if len(text) > _MOST_CHARS else ""
    # A zero-width blank every so often would let it break, and be copied along: wrap anywhere.
    return one_line(text[:_MOST_CHARS]) + more


def _label(theme: Theme, tone: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(theme.data_font(size_px=_FONT_PX))
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    label.setMaximumHeight(72)
    if tone:
        label.setProperty("tone", tone)
    return label
