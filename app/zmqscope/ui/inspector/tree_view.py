"""Decoded fields as a tree: open, select, step through messages with the eye on a field. GUI."""

from __future__ import annotations

from time import perf_counter

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeView

from zmqscope.core.decode.field_path import Step
from zmqscope.core.decode.node import Node
from zmqscope.models.inspector.node_tree import NodeTreeModel
from zmqscope.ui.inspector.tree_columns import TreeColumns
from zmqscope.ui.inspector.tree_delegate import ROW_PX, FieldDelegate
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_INDENT_PX = 13
_MAX_OPENED = 2_000
_OPEN_S = 0.15
_RESTORE_S = 0.006
_MAX_RESTORED = 64
_MAX_DEPTH = 60

Steps = tuple[Step, ...]


class FieldTree(QTreeView):
    """Shows the fields of a frame.

    Args:
        theme: Colours and font.
        settings: Remembers how wide columns are; None forgets.

    Attributes:
        columns: How wide they are.
    """

    field_selected = Signal(object)
    """Node that the user made current, or None."""
    opened = Signal(object)
    """Node that is to be read in full."""
    find_wanted = Signal()
    """The keys for finding were pressed."""
    copy_wanted = Signal()
    """The keys for copying were pressed."""
    path_wanted = Signal()
    """The keys for copying the path were pressed."""
    menu_wanted = Signal(QPoint)
    """A menu is wanted, at this place on the screen."""

    def __init__(self, theme: Theme, settings: Settings | None = None) -> None:
        super().__init__()
        self._theme = theme
        self._fields = NodeTreeModel(self)
        # Open fields and the current one, by their steps: the next message is shown the same way.
        self._open: set[Steps] = {()}
        self._current: Steps = ()
        self._is_quiet = False
        self.setModel(self._fields)
        delegate = FieldDelegate(theme, self)
        self.setItemDelegate(delegate)
        self.setUniformRowHeights(True)
        self.setIndentation(_INDENT_PX)
        self.setAnimated(False)
        self.setExpandsOnDoubleClick(False)
        self.setAllColumnsShowFocus(True)
        self.setAccessibleName(self.tr("Fields of the frame"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.columns = TreeColumns(self, delegate.metrics, settings)
        self.verticalScrollBar().valueChanged.connect(self.on_scrolled)
        self.expanded.connect(self.on_expanded)
        self.collapsed.connect(self.on_collapsed)
        self.doubleClicked.connect(self.on_double_clicked)
        theme.changed.connect(self.viewport().update)

    # ---- what is shown ----------------------------------------------------------------------

    @property
    def fields(self) -> NodeTreeModel:
        """The model."""
        return self._fields

    def set_root(self, root: Node | None) -> None:
        """Show other fields; what was open and current stays so where it is there again."""
        top = self.verticalScrollBar().value()
        self._is_quiet = True
        self._fields.set_root(root)
        if root is not None:
            self._restore()
            self.executeDelayedItemsLayout()
            self.verticalScrollBar().setValue(top)
        self._is_quiet = False

    def forget(self) -> None:
        """What comes next has another shape: show it from its root."""
        self._open = {()}
        self._current = ()
        self.verticalScrollBar().setValue(0)

    def _restore(self) -> None:
        until_s = perf_counter() + _RESTORE_S
        for steps in sorted(self._open, key=len)[:_MAX_RESTORED]:
            index, done = self._fields.at_steps(steps, 0.002)
            if done == len(steps):
                self.expand(index)
            if perf_counter() > until_s:
                break
        index, done = self._fields.at_steps(self._current)
        if self._current and done == len(self._current):
            self.setCurrentIndex(index)

    @property
    def current_node(self) -> Node | None:
        """The current field."""
        return self._fields.node(self.currentIndex())

    @property
    def current_steps(self) -> Steps:
        """The way to the current field."""
        return self._fields.steps(self.currentIndex())

    def select_rows(self, rows: tuple[int, ...], *, quietly: bool) -> bool:
        """Make a field current and bring it into sight; say nothing of it if quietly."""
        index = self._fields.at_rows(rows)
        if not index.isValid():
            return False
        self._is_quiet = quietly
        parent = index.parent()
        while parent.isValid():
            self.setExpanded(parent, True)
            parent = parent.parent()
        self.setCurrentIndex(index)
        self.scrollTo(index)
        self._is_quiet = False
        self._current = self._fields.steps(index)
        return True

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        super().currentChanged(current, previous)
        if not self._is_quiet and current.isValid():
            self._current = self._fields.steps(current)
            self.field_selected.emit(self._fields.node(current))

    # ---- opening ----------------------------------------------------------------------------

    @Slot()
    def expand_below(self) -> None:
        """Open the current field and what is in it, as far as that is soon done."""
        start = self.currentIndex() if self.currentIndex().isValid() else self._fields.index(0, 0)
        until_s = perf_counter() + _OPEN_S
        waiting = [(start.siblingAtColumn(0), 0)]
        opened = 0
        while waiting and opened < _MAX_OPENED and perf_counter() < until_s:
            index, depth = waiting.pop(0)
            if not self._fields.hasChildren(index):
                continue
            self.expand(index)
            opened += 1
            if depth < _MAX_DEPTH:
                rows = range(min(self._fields.rowCount(index), _MAX_OPENED))
                waiting.extend((self._fields.index(row, 0, index), depth + 1) for row in rows)

    @Slot()
    def collapse_below(self) -> None:
        """Close everything but the root."""
        self._open = {()}
        self.collapseAll()
        self.expand(self._fields.index(0, 0))

    @Slot(QModelIndex)
    def on_expanded(self, index: QModelIndex) -> None:
        """A field was opened."""
        if len(self._open) < _MAX_OPENED:
            self._open.add(self._fields.steps(index))
        self.on_scrolled()

    @Slot(QModelIndex)
    def on_collapsed(self, index: QModelIndex) -> None:
        """A field was closed."""
        self._open.discard(self._fields.steps(index))

    @Slot(QModelIndex)
    def on_double_clicked(self, index: QModelIndex) -> None:
        """Open or close a container, read a leaf in full."""
        self._activate(index.siblingAtColumn(0))

    def _activate(self, index: QModelIndex) -> None:
        if self._fields.hasChildren(index):
            self.setExpanded(index, not self.isExpanded(index))
            return
        node = self._fields.node(index)
        if node is not None:
            self.opened.emit(node)

    @Slot()
    def on_scrolled(self) -> None:
        """Read on where the last field read comes into sight; Qt does so only at the root."""
        index = self.indexAt(QPoint(1, 1))
        for _ in range(self.viewport().height() // ROW_PX + 2):
            if not index.isValid():
                return
            parent = index.parent()
            is_last = index.row() == self._fields.rowCount(parent) - 1
            if is_last and parent.isValid() and self._fields.canFetchMore(parent):
                self._fields.fetchMore(parent)
            index = self.indexBelow(index)

    # ---- keys and size ----------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            copies = event.matches(QKeySequence.StandardKey.Copy) or _is_copy_path(event)
            if copies or event.matches(QKeySequence.StandardKey.Find):
                # While the keyboard is here, these keys mean the fields and not the messages.
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Find):
            self.find_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif _is_copy_path(event):
            self.path_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._activate(self.currentIndex().siblingAtColumn(0))
        elif event.key() == Qt.Key.Key_Asterisk:
            # Qt would open everything below, however much that is.
            self.expand_below()
        elif event.text().isalnum() and not event.modifiers():
            # Digits and letters are the panel's; the view would search for them.
            event.ignore()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """No search by typing: Qt would read every field for it."""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            rect = self.visualRect(self.currentIndex())
            self.menu_wanted.emit(self.viewport().mapToGlobal(rect.bottomLeft()))
            return
        self.menu_wanted.emit(event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.columns.share_out()
        self.on_scrolled()


def _is_copy_path(event: QKeyEvent) -> bool:
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    return event.key() == Qt.Key.Key_C and event.modifiers() == held
