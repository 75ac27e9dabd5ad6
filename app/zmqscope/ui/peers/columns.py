"""How a table's columns are laid out, chosen and sorted, remembered in the settings. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QEvent, QObject, QPoint, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from zmqscope.models.peers.rows import TableColumn
from zmqscope.ui.peers.column_menu import column_menu
from zmqscope.ui.peers.column_room import MoreColumns, columns_without_room
from zmqscope.ui.peers.painter import PADDING_PX
from zmqscope.ui.peers.view import CellView
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme

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
        gives_way: Which are left out where there is no room for all, first those that are missed
            the least; none that somebody has asked for or made as wide as it is.
    """

    key: str
    chars: Sequence[int]
    stretched: dict[int, int]
    hidden: frozenset[int]
    sorted_by: int
    gives_way: Sequence[int] = ()


class KeptColumns(QObject):
    """Keeps a table's header as the user wants it.

    Args:
        view: The table.
        columns: What it shows.
        plan: How it is at first.
        settings: Where it is kept.
        theme: Of the button that stands for the columns without room.

    Attributes:
        more: That button.
    """

    def __init__(
        self,
        view: CellView,
        columns: Sequence[TableColumn],
        plan: ColumnPlan,
        settings: Settings,
        theme: Theme,
    ) -> None:
        header = view.horizontalHeader()
        super().__init__(header)
        self.more = MoreColumns(view, theme)
        self._view = view
        self._header = header
        self._columns = columns
        self._plan = plan
        self._settings = settings
        self._off: set[int] = set()
        self._by_hand: set[int] = set()
        self._asked_for: set[int] = set()
        self._without_room: frozenset[int] = frozenset()
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
        self.more.clicked.connect(self.on_more_clicked)
        self.fit()

    # ---- widths -----------------------------------------------------------------------------

    def _set_first(self) -> None:
        """All as at first: order, widths, and which are shown."""
        self._by_hand.clear()
        self._asked_for.clear()
        self._off = set(self._plan.hidden)
        self._is_placing = True
        for column in range(len(self._columns)):
            self._header.moveSection(self._header.visualIndex(column), column)
            self._header.setSectionHidden(column, column in self._off)
            self._header.resizeSection(column, self._least(column))
        self._is_placing = False

    def _least(self, column: int) -> int:
        return round(self._plan.chars[column] * self._view.char_px) + 2 * PADDING_PX

    def fit(self) -> None:
        """Leave out what there is no room for, and hand out what room is left."""
        fixed = self._by_hand | self._asked_for
        widths = {
            one: self._header.sectionSize(one) if one in self._by_hand else self._least(one)
            for one in range(len(self._columns))
            if one not in self._off
        }
        gives_way = [one for one in self._plan.gives_way if one not in fixed]
        room_px = self._view.viewport().width()
        gone = columns_without_room(widths, gives_way, room_px, self.more.room_px)
        self._is_placing = True
        for column in range(len(self._columns)):
            is_hidden = column in gone or column in self._off
            if self._header.isSectionHidden(column) is not is_hidden:
                self._header.setSectionHidden(column, is_hidden)
                if not is_hidden and column not in self._by_hand:
                    self._header.resizeSection(column, self._least(column))
        self._is_placing = False
        if gone != self._without_room:
            self._without_room = gone
            self.more.set_titles([self._columns[one].title for one in sorted(gone)])
        self._stretch()

    def _stretch(self) -> None:
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
        button_px = self.more.room_px if self._without_room else 0
        left = self._view.viewport().width() - taken - button_px
        parts_left = sum(stretched.values())
        self._is_placing = True
        for column, parts in stretched.items():
            extra = max(0, left) * parts // parts_left
            self._header.resizeSection(column, self._least(column) + extra)
            left, parts_left = left - extra, parts_left - parts
        self._is_placing = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self.fit()
        return super().eventFilter(watched, event)

    @Slot(int, int, int)
    def on_section_resized(self, column: int, _before: int, after: int) -> None:
        """The user resized a column: so wide it stays."""
        if self._is_placing or not after or self._header.isSectionHidden(column):
            return
        self._by_hand.add(column)
        # Columns that go now would move the one that is being drawn away from under the mouse.
        self._stretch()
        self._save()

    # ---- which columns ----------------------------------------------------------------------

    def shown(self) -> list[int]:
        """The columns that can be seen, in their first order."""
        return [one for one in range(len(self._columns)) if not self._header.isSectionHidden(one)]

    def set_shown(self, column: int, shown: bool) -> None:
        """Show or hide a column, because the user wants it; the last one stays."""
        if not shown and self.shown() == [column]:
            return
        self._settings.set_text(self._chosen_key, "yes")
        if shown:
            self._asked_for.add(column)
        else:
            self._asked_for.discard(column)
        self._show(column, shown)
        self._save()

    def offer(self, column: int) -> None:
        """There is something to be seen in a column: it is shown, unless the user has chosen."""
        if column in self._off and not self._settings.get_text(self._chosen_key):
            self._show(column, True)

    def _show(self, column: int, shown: bool) -> None:
        if shown:
            self._off.discard(column)
        else:
            self._off.add(column)
        self.fit()

    @Slot()
    def reset(self) -> None:
        """Order, widths and choice as they were at first."""
        self._set_first()
        self.fit()
        self._settings.set_text(self._chosen_key, "")
        self._save()

    @Slot(QPoint)
    def on_menu_requested(self, place: QPoint) -> None:
        """The header was clicked with the right button."""
        self.pop_up(self._header.mapToGlobal(place))

    @Slot()
    def on_more_clicked(self) -> None:
        """What has no room is wanted."""
        self.pop_up_below()

    def pop_up_below(self) -> QMenu:
        """Show the choice of columns below the header's right end, where the button is."""
        corner = self._header.mapToGlobal(self._header.rect().bottomRight())
        return self.pop_up(corner, leftwards=True)

    def pop_up(self, place: QPoint, *, leftwards: bool = False) -> QMenu:
        """Show the choice of columns at a point of the screen, to its right or to its left."""
        menu = column_menu(self._header, self._columns, self.shown(), self._without_room)
        menu.triggered.connect(self.on_menu_triggered)
        menu.popup(place - QPoint(menu.sizeHint().width(), 0) if leftwards else place)
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
    def _chosen_key(self) -> str:
        return f"{self._plan.key}-chosen"

    def _restore(self) -> None:
        state = self._settings.get_bytes(self._plan.key)
        self._is_placing = True
        is_restored = bool(state) and self._header.restoreState(QByteArray(state))
        self._is_placing = False
        off, every = self._kept_columns("off"), set(range(len(self._columns)))
        if is_restored and off < every:
            # What was hidden for want of room is in the state as well: the choice is kept apart.
            self._off, self._by_hand = off, self._kept_columns("by-hand")
            self._asked_for = self._kept_columns("asked-for")
        else:
            self._set_first()
            self._header.setSortIndicator(self._plan.sorted_by, Qt.SortOrder.AscendingOrder)
        self._header.setStretchLastSection(False)

    def _kept_columns(self, name: str) -> set[int]:
        texts = self._settings.get_text(f"{self._plan.key}-{name}").split(",")
        numbers = {int(one) for one in texts if one.isascii() and one.isdecimal()}
        return {one for one in numbers if one < len(self._columns)}

    def _save(self) -> None:
        self._settings.set_bytes(self._plan.key, bytes(self._header.saveState().data()))
        for name, columns in (
            ("off", self._off),
            ("by-hand", self._by_hand),
            ("asked-for", self._asked_for),
        ):
            self._settings.set_text(f"{self._plan.key}-{name}", ",".join(map(str, sorted(columns))))

    @Slot()
    def on_header_changed(self) -> None:
        """The user moved a column, or sorts by another."""
        if not self._is_placing:
            self._save()
