"""Which columns give way in a table that is too narrow for all, and the button that says so.

GUI thread.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtWidgets import QTableView

from zmqscope.ui.quiet_button import QuietButton
from zmqscope.ui.theme import Theme

_FONT_PX = 11.0


def columns_without_room(
    widths_px: Mapping[int, int], gives_way: Sequence[int], room_px: int, button_px: int
) -> frozenset[int]:
    """The columns to be left out so that all others fit; one at least stays.

    Args:
        widths_px: The least width of each column that is wanted.
        gives_way: Which may be left out, first those that are missed the least.
        room_px: How wide the table is.
        button_px: What the button needs as soon as any is left out.
    """
    needed_px, gone = sum(widths_px.values()), set[int]()
    for column in gives_way:
        is_enough = needed_px + (button_px if gone else 0) <= room_px
        if is_enough or len(gone) == len(widths_px) - 1:
            break
        if column in widths_px:
            needed_px -= widths_px[column]
            gone.add(column)
    return frozenset(gone)


class MoreColumns(QuietButton):
    """``+3`` at the right end of a table's header: so many columns have no room.

    Args:
        view: The table.
        theme: Colours and fonts.
    """

    def __init__(self, view: QTableView, theme: Theme) -> None:
        super().__init__(theme, theme.data_font(size_px=_FONT_PX), view)
        self._view = view
        self._header = view.horizontalHeader()
        self.reserve("+9")
        self.hide()
        self._header.installEventFilter(self)

    @property
    def room_px(self) -> int:
        """How much of the header it takes."""
        return self.sizeHint().width()

    def set_titles(self, titles: Collection[str]) -> None:
        """Show how many columns are left out; nothing if none is."""
        self.setText(f"+{len(titles)}" if titles else "")
        names = ", ".join(titles)
        self.setToolTip(self.tr("No room here for: {0}. Click to choose columns.").format(names))
        self.setAccessibleName(self.tr("Columns without room: {0}").format(names))
        self.setVisible(bool(titles))
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show):
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        place, width = self._header.geometry(), self.room_px
        left = place.right() + 1 - width
        self.setGeometry(QRect(left, place.top(), width, place.height()))
        self.raise_()
