"""How a table's columns are laid out, chosen and sorted, remembered in the settings. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QEvent, QObject, QPoint, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from zmqscope.models.peers_rows import TableColumn
from zmqscope.ui.peers.painter import PADDING_PX
from zmqscope.ui.peers.view import CellView
from zmqscope.ui.settings import Settings

_MIN_WIDTH_PX = 32


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """How columns are at first.

    Attributes:
        key: Under which widths, order and choice are kept.
        chars: Widths, in characters; of those that stretch the least.
        stretched: Which share what room is left, and how many parts of it each gets.
        hidden: Which are not shown until somebody asks for them.
        sorted_by: The column that rows are sorted by, ascending.
    """

    key: str
    chars: Sequence[int]
    stretched: dict[int, int]
    hidden: frozenset[int]
    sorted_by: int


class KeptColumns(QObject):
    """Keeps a table's header as the user wants it.

    Args:
        view: The table.
        columns: What it shows.
        plan: How it is at first.
        settings: Where it is kept.
    """

    def __init__(
        self,
        view: CellView,
        columns: Sequence[TableColumn],
        plan: ColumnPlan,
        settings: Settings,
    ) -> None:
        header = view.horizontalHeader()
        super().__init__(header)
        self._view = view
        self._header = header
        self._columns = columns
        self._plan = plan
        self._settings = settings
        self._by_hand: set[int] = set()
        self._is_placing = False
        header.setSectionsMovable(True)
        header.setMinimumSectionSize(_MIN_WIDTH_PX)
        header.setAccessibleName(self.tr("Columns"))
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._set_first()
        self._restore()
        view.setSortingEnabled(True)
        view.viewport().installEventFilter(self)
        header.sectionResized.connect(self.on_section_resized)
        header.sectionMoved.connect(self.on_header_changed)
        header.sortIndicatorChanged.connect(self.on_header_changed)
        header.customContextMenuRequested.connect(self.on_menu_requested)
        self.stretch()

    # ---- widths -----------------------------------------------------------------------------

    def _set_first(self) -> None:
        """All as at first: order, widths, and which are shown."""
        self._by_hand.clear()
        self._is_placing = True
        for column in range(len(self._columns)):
            self._header.moveSection(self._header.visualIndex(column), column)
            self._header.setSectionHidden(column, column in self._plan.hidden)
            self._header.resizeSection(column, self._least(column))
        self._is_placing = False

    def _least(self, column: int) -> int:
        return round(self._plan.chars[column] * self._view.char_px) + 2 * PADDING_PX

    def stretch(self) -> None:
        """Hand what room is left to the columns that can do with it, unless set by hand."""
        stretched = {
            column: parts
            for column, parts in self._plan.stretched.items()
            if column not in self._by_hand and not self._header.isSectionHidden(column)
        }
        taken = sum(
            self._least(column) if column in stretched else self._header.sectionSize(column)
            for column in self.shown()
        )
        left, parts_left = self._view.viewport().width() - taken, sum(stretched.values())
        self._is_placing = True
        for column, parts in stretched.items():
            extra = max(0, left) * parts // parts_left
            self._header.resizeSection(column, self._least(column) + extra)
            left, parts_left = left - extra, parts_left - parts
        self._is_placing = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self.stretch()
        return super().eventFilter(watched, event)

    @Slot(int, int, int)
    def on_section_resized(self, column: int, _before: int, after: int) -> None:
        """The user resized a column: so wide it stays."""
        if self._is_placing or not after or self._header.isSectionHidden(column):
            return
        self._by_hand.add(column)
        self.stretch()
        self._save()

    # ---- which columns ----------------------------------------------------------------------

    def shown(self) -> list[int]:
        """The columns that are shown, in their first order."""
        return [one for one in range(len(self._columns)) if not self._header.isSectionHidden(one)]

    def set_shown(self, column: int, shown: bool) -> None:
        """Show or hide a column, because the user wants it; the last one stays."""
        if not shown and self.shown() == [column]:
            return
        self._settings.set_text(self._chosen_key, "yes")
        self._show(column, shown)
        self._save()

    def offer(self, column: int) -> None:
        """There is something to be seen in a column: it is shown, unless the user has chosen."""
        if self._header.isSectionHidden(column) and not self._settings.get_text(self._chosen_key):
            self._show(column, True)

    def _show(self, column: int, shown: bool) -> None:
        self._is_placing = True
        self._header.setSectionHidden(column, not shown)
        self._is_placing = False
        self.stretch()

    @Slot()
    def reset(self) -> None:
        """Order, widths and choice as they were at first."""
        self._set_first()
        self.stretch()
        self._settings.set_text(self._chosen_key, "")
        self._save()

    @Slot(QPoint)
    def on_menu_requested(self, place: QPoint) -> None:
        """The header was clicked with the right button."""
        self.pop_up(self._header.mapToGlobal(place))

    def pop_up(self, place: QPoint) -> QMenu:
        """Show the choice of columns at a point of the screen."""
        menu = QMenu(self._header)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        shown = self.shown()
        for number, column in enumerate(self._columns):
            entry = menu.addAction(column.title)
            entry.setToolTip(column.help)
            entry.setCheckable(True)
            entry.setChecked(number in shown)
            entry.setEnabled(shown != [number])
            entry.setData(number)
        menu.addSeparator()
        menu.addAction(self.tr("Reset columns"))
        menu.triggered.connect(self.on_menu_triggered)
        menu.popup(place)
        return menu

    @Slot(QAction)
    def on_menu_triggered(self, entry: QAction) -> None:
        """A column, or the reset, was chosen."""
        if entry.isCheckable():
            self.set_shown(int(entry.data()), entry.isChecked())
        else:
            self.reset()

    # ---- settings ---------------------------------------------------------------------------

    @property
    def _hand_key(self) -> str:
        return f"{self._plan.key}-by-hand"

    @property
    def _chosen_key(self) -> str:
        return f"{self._plan.key}-chosen"

    def _restore(self) -> None:
        state = self._settings.get_bytes(self._plan.key)
        self._is_placing = True
        is_restored = bool(state) and self._header.restoreState(QByteArray(state))
        self._is_placing = False
        if is_restored and self.shown():
            kept = self._settings.get_text(self._hand_key).split(",")
            self._by_hand = {int(one) for one in kept if one.isdecimal()}
        else:
            self._set_first()
            self._header.setSortIndicator(self._plan.sorted_by, Qt.SortOrder.AscendingOrder)
        self._header.setStretchLastSection(False)

    def _save(self) -> None:
        self._settings.set_bytes(self._plan.key, bytes(self._header.saveState().data()))
        self._settings.set_text(self._hand_key, ",".join(map(str, sorted(self._by_hand))))

    @Slot()
    def on_header_changed(self) -> None:
        """The user moved a column, or sorts by another."""
        if not self._is_placing:
            self._save()
