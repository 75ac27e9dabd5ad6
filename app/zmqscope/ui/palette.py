"""The command palette: every action by name, from the keyboard. GUI thread."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QAction, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from zmqscope.models.fuzzy import match
from zmqscope.ui.actions import Action, ActionRegistry, shortcut_text
from zmqscope.ui.theme import Theme

_WIDTH_PX = 560
_TOP_PX = 60
_ROW_PX = 30
_FIELD_PX = 42
_SHOWN_ROWS = 11
_MENUS_BY_USE = (
    *("Socket", "Messages", "Inspect", "Compare", "Plot", "Send", "Bytes", "File", "View", "Help"),
)
_LINE_ROLE = Qt.ItemDataRole.UserRole + 1
_NO_PARENT = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


class PaletteLine(NamedTuple):
    """One line of the palette.

    Attributes:
        title: What the action is called.
        menu: The menu that it stands in.
        shortcut: Its shortcut, or empty.
        qaction: What happens.
    """

    title: str
    menu: str
    shortcut: str
    qaction: QAction


class PaletteModel(QAbstractListModel):
    """The actions that fit what was typed, best first; those that cannot be used now come last.

    Args:
        actions: All actions.
        parent: Owner.
    """

    def __init__(self, actions: ActionRegistry, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._lines: list[PaletteLine] = []

    def search(self, typed: str) -> None:
        """Show what fits."""
        found: list[tuple[bool, int, int, PaletteLine]] = []
        for order, action in enumerate(_in_menu_order(self._actions.actions())):
            qaction = self._actions.qaction(action.id)
            line = PaletteLine(action.title, action.menu, shortcut_text(qaction), qaction)
            score = _score(typed, line)
            if score is not None:
                found.append((not qaction.isEnabled(), -score, order, line))
        self.beginResetModel()
        self._lines = [line for *_, line in sorted(found, key=lambda entry: entry[:3])]
        self.endResetModel()

    def usable_count(self) -> int:
        """How many lines, from the first on, can be used now."""
        return sum(line.qaction.isEnabled() for line in self._lines)

    def line(self, row: int) -> PaletteLine:
        """The line in a row.

        Raises:
            IndexError: There is no such row.
        """
        return self._lines[row]

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self._lines[index.row()]
        if role == _LINE_ROLE:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{line.title}, {line.menu}"
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        enabled = self._lines[index.row()].qaction.isEnabled()
        flags = Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEnabled if enabled else flags


def _in_menu_order(actions: list[Action]) -> list[Action]:
    """New socket and the like first, panels and help last; inside a menu as registered."""
    return sorted(actions, key=lambda action: _MENUS_BY_USE.index(action.menu))


def _score(typed: str, line: PaletteLine) -> int | None:
    """The title counts more than the menu before it."""
    in_title = match(typed, line.title)
    if in_title is not None:
        return in_title.score * 2
    in_path = match(typed, f"{line.menu} {line.title}")
    return None if in_path is None else in_path.score


class CommandPalette(QWidget):
    """Lies over the window while somebody looks for an action; a click beside it closes it.

    Args:
        theme: Colours and fonts.
        actions: All actions.
        window: What it lies over.
    """

    closed = Signal()
    """It is gone again, whether something was chosen or not."""

    def __init__(self, theme: Theme, actions: ActionRegistry, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._model = PaletteModel(actions, self)
        self._focus_before: QWidget | None = None
        self.setAccessibleName(self.tr("Command palette"))
        self._box = QFrame(self)
        self._box.setProperty("role", "popup")
        self._field = self._make_field(theme)
        self._list = self._make_list(theme)
        line = QFrame()
        line.setProperty("role", "line")
        column = QVBoxLayout(self._box)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._field)
        column.addWidget(line)
        column.addWidget(self._list)
        window.installEventFilter(self)
        self.hide()

    def _make_field(self, theme: Theme) -> _SearchField:
        field = _SearchField()
        field.setFont(theme.ui_font(size_px=14.0))
        field.setPlaceholderText(self.tr("What do you want to do?"))
        field.setAccessibleName(self.tr("Search actions"))
        field.setToolTip(self.tr("Type a few letters, then press Enter"))
        field.setProperty("kind", "search")
        field.textChanged.connect(self.on_field_text_changed)
        field.moved.connect(self.on_field_moved)
        field.accepted.connect(self.on_field_accepted)
        field.left.connect(self.close_palette)
        return field

    def _make_list(self, theme: Theme) -> QListView:
        view = QListView()
        view.setModel(self._model)
        view.setItemDelegate(_LineDelegate(theme, view))
        view.setUniformItemSizes(True)
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setAccessibleName(self.tr("Actions"))
        view.clicked.connect(self.on_list_clicked)
        return view

    def open_palette(self) -> None:
        """Show it, with nothing typed."""
        self._focus_before = QApplication.focusWidget()
        self._field.clear()
        self._model.search("")
        self._select(0)
        self._place()
        self.show()
        self.raise_()
        self._field.setFocus(Qt.FocusReason.PopupFocusReason)

    @Slot()
    def close_palette(self) -> None:
        """Take it away; whoever had the focus gets it back."""
        if not self.isVisible():
            return
        before, self._focus_before = self._focus_before, None
        self.hide()
        if before is not None:
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    @Slot(str)
    def on_field_text_changed(self, typed: str) -> None:
        """Show what fits."""
        self._model.search(typed)
        self._select(0)
        self._place()

    @Slot(int)
    def on_field_moved(self, steps: int) -> None:
        """Up or down."""
        rows = self._model.usable_count()
        if rows:
            row = self._list.currentIndex().row() + steps
            self._select(row % rows if abs(steps) == 1 else max(0, min(rows - 1, row)))

    @Slot()
    def on_field_accepted(self) -> None:
        """Enter: do what the current line says."""
        self._run(self._list.currentIndex())

    @Slot(QModelIndex)
    def on_list_clicked(self, index: QModelIndex) -> None:
        """A line was clicked."""
        self._run(index)

    def _run(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        qaction = self._model.line(index.row()).qaction
        if not qaction.isEnabled():
            return
        self.close_palette()
        # Only once the focus is back where it was: some actions work on the widget that has it.
        QTimer.singleShot(0, qaction, qaction.trigger)

    def _select(self, row: int) -> None:
        index = self._model.index(row)
        self._list.setCurrentIndex(index)
        self._list.scrollTo(index)

    def _place(self) -> None:
        self.setGeometry(self._window.rect())
        width = min(_WIDTH_PX, self.width() - 40)
        rows = max(1, min(_SHOWN_ROWS, self._model.rowCount()))
        height = _FIELD_PX + 1 + rows * _ROW_PX + 2
        self._box.setGeometry((self.width() - width) // 2, _TOP_PX, width, height)

    # ---- Qt's virtuals ----------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self.isVisible() and watched is self._window:
            if event.type() == QEvent.Type.Resize:
                self._place()
            elif event.type() == QEvent.Type.WindowDeactivate:
                self.close_palette()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.close_palette()
        event.accept()


class _SearchField(QLineEdit):
    """The field on top; keeps the keys that walk through the list."""

    moved = Signal(int)
    accepted = Signal()
    left = Signal()

    def event(self, event: QEvent) -> bool:
        # While it is open no shortcut of the window may fire behind it.
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: _SHOWN_ROWS,
            Qt.Key.Key_PageUp: -_SHOWN_ROWS,
        }.get(Qt.Key(event.key()))
        is_own_key = (
            event.key() == Qt.Key.Key_K and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        )
        if steps is not None:
            self.moved.emit(steps)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accepted.emit()
        elif event.key() == Qt.Key.Key_Escape or is_own_key:
            self.left.emit()
        elif event.key() not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            super().keyPressEvent(event)


class _LineDelegate(QStyledItemDelegate):
    """Draws a line: title, menu, shortcut."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(100, _ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        line = index.data(_LINE_ROLE)
        if not isinstance(line, PaletteLine):
            return
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        enabled = line.qaction.isEnabled()
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self._theme.color("selection" if enabled else "raised"))
        painter.setOpacity(1.0 if enabled else 0.5)
        inner = rect.adjusted(14, 0, -14, 0)
        keys_font = self._theme.data_font(size_px=11.0)
        keys_width = QFontMetrics(keys_font).horizontalAdvance(line.shortcut)
        painter.setFont(keys_font)
        painter.setPen(self._theme.color("muted"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, middle | Qt.AlignmentFlag.AlignRight, line.shortcut)
        room = inner.adjusted(0, 0, -keys_width - 16, 0)
        title_font = self._theme.ui_font(size_px=13.0)
        painter.setFont(title_font)
        painter.setPen(self._theme.color("text"))
        title = QFontMetrics(title_font).elidedText(
            line.title, Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, middle, title)
        room.setLeft(room.left() + QFontMetrics(title_font).horizontalAdvance(title) + 10)
        painter.setFont(self._theme.ui_font(size_px=11.5))
        painter.setPen(self._theme.color("muted"))
        if room.width() > painter.fontMetrics().horizontalAdvance(line.menu):
            painter.drawText(room, middle, line.menu)
        painter.restore()
