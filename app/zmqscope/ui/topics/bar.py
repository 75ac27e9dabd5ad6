"""The topics panel's controls, for the right end of its title strip. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from zmqscope.models.topics.separator import separator_text
from zmqscope.ui.filter_field import FilterField
from zmqscope.ui.quiet_button import QuietButton
from zmqscope.ui.theme import Theme

_FIELD_PX, _NARROW_PX = 190, 90
_SPACING_PX = 10


class TopicsBar(QWidget):
    """``312 topics   [Find topic…]   whole frame ▾``.

    Where there is no room for all of it, the count gives way first, then the choice of where a
    topic ends, which the View menu has too.

    Args:
        theme: Icons and fonts.

    Attributes:
        field: Where one types.
        ends: The button that offers where topics end.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.field = FilterField(theme, _NARROW_PX, _FIELD_PX)
        self.field.setFont(theme.data_font())
        self.field.set_words(
            self.tr("Find topic…"),
            self.tr(
                "Show only topics that contain this: text in either case, or bytes as the table "
                "writes them, such as 00 6b 8b (Esc shows all again)"
            ),
        )
        self.ends = QuietButton(theme, theme.ui_font())
        self.ends.set_chevron()
        self._count = QLabel()
        self._count.setProperty("tone", "muted")
        self._count.setFont(theme.data_font(size_px=11.0))
        self._lay_out()

    def _lay_out(self) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 4, 0)
        row.setSpacing(_SPACING_PX)
        row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        row.addStretch(1)
        row.addWidget(self._count)
        row.addWidget(self.field, 8)
        row.addWidget(self.ends)

    # ---- how much of it there is room for -----------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(self._needed_px(_FIELD_PX, 0), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROW_PX, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _needed_px(self, field_px: int, gone: int) -> int:
        others = (self._count, self.ends)[gone:]
        widths = [widget.sizeHint().width() + _SPACING_PX for widget in others]
        return field_px + sum(widths) + 4

    def _fit(self) -> None:
        gone = next((n for n in range(2) if self._needed_px(_NARROW_PX, n) <= self.width()), 2)
        self._count.setVisible(gone < 1)
        self.ends.setVisible(gone < 2)

    # ---- what it shows ----------------------------------------------------------------------

    def set_count(self, words: str) -> None:
        """Say how many topics there are."""
        if words != self._count.text():
            self._count.setText(words)
            self.updateGeometry()
            self._fit()

    def set_separator(self, separator: int | None) -> None:
        """Say where topics end."""
        if separator is None:
            self.ends.setText(self.tr("topic: whole frame"))
        else:
            words = self.tr("topic ends at {0}")
            self.ends.setText(words.format(separator_text(separator)))
        self.updateGeometry()
        self._fit()
