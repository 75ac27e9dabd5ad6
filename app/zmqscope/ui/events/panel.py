"""The events panel: what happened to sockets, as sentences with the next step. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSize, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from zmqscope.core.types import Notice
from zmqscope.models.events import EventList, event_line, repeats_text
from zmqscope.models.format import format_count, one_line
from zmqscope.ui.actions import Action, ActionRegistry
from zmqscope.ui.events.delegate import EventDelegate
from zmqscope.ui.theme import Theme

if TYPE_CHECKING:
    from zmqscope.bridge.controller import EngineController

_IDLE_MS = 1_000


class EventsPanel(QWidget):
    """Lists notices, the newest last, and shows the selected one in full.

    Args:
        controller: Where notices come from, and the names of sockets.
        theme: Colours, fonts, icons.
        actions: Where copy and clear are registered.
    """

    def __init__(self, controller: EngineController, theme: Theme, actions: ActionRegistry) -> None:
        super().__init__()
        self._controller = controller
        self._theme = theme
        self.model = EventList(parent=self)
        self._view = self._make_view()
        self._details = _Details(theme)
        self._count = QLabel()
        self._clear_button = QToolButton()
        self._corner = self._make_corner()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._make_empty())
        self._stack.addWidget(self._view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        column.addWidget(self._details)
        self.setFocusProxy(self._view)
        self._register(actions)
        controller.notice_posted.connect(self.on_controller_notice_posted)
        theme.changed.connect(self.on_theme_changed)
        self.on_theme_changed()
        self._show_count()

    def _make_view(self) -> QListView:
        view = QListView()
        view.setModel(self.model)
        view.setItemDelegate(EventDelegate(self._theme, view))
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setAccessibleName(self.tr("Events"))
        view.setToolTip(self.tr("Select an event to read it in full"))
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        view.selectionModel().selectionChanged.connect(self.on_view_selection_changed)
        return view

    def _make_empty(self) -> QWidget:
        label = QLabel(
            self.tr(
                "Nothing has happened yet. What goes wrong, and what comes right again, is told "
                "here with the next step."
            )
        )
        label.setProperty("tone", "muted")
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setWordWrap(True)
        label.setContentsMargins(24, 12, 24, 12)
        return label

    def _make_corner(self) -> QWidget:
        corner = QWidget()
        row = QHBoxLayout(corner)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self._count.setProperty("tone", "muted")
        self._count.setFont(self._theme.data_font(size_px=11.0))
        self._clear_button.setProperty("kind", "quiet")
        self._clear_button.setAutoRaise(True)
        self._clear_button.setIconSize(QSize(13, 13))
        row.addWidget(self._count)
        row.addWidget(self._clear_button)
        return corner

    def _register(self, actions: ActionRegistry) -> None:
        copy = Action(
            "view.events.copy",
            self.tr("Copy events"),
            "View",
            "Ctrl+Alt+E",
            icon="copy",
            help=self.tr("Copy the selected events, or all, as text"),
        )
        clear = Action(
            "view.events.clear",
            self.tr("Clear events"),
            "View",
            "Ctrl+Shift+E",
            icon="trash-2",
            help=self.tr("Forget all events; messages stay"),
        )
        self._copy_action = actions.add(copy, self.on_copy)
        self._clear_action = actions.add(clear, self.on_clear)
        for action in (self._copy_action, self._clear_action):
            action.setEnabled(False)
            self._view.addAction(action)
        self._clear_button.setToolTip(clear.help)
        self._clear_button.setAccessibleName(clear.title)
        self._clear_button.clicked.connect(self._clear_action.trigger)

    # ---- what the window asks ---------------------------------------------------------------

    def corner_widget(self) -> QWidget:
        """Count and clear button, for the title strip."""
        return self._corner

    def refresh(self, now_ns: int) -> None:
        """Nothing to do: lines come with the signal."""

    def refresh_interval_ms(self) -> int:
        """Never in a hurry."""
        return _IDLE_MS

    # ---- slots ------------------------------------------------------------------------------

    @Slot(object)
    def on_controller_notice_posted(self, notice: object) -> None:
        """Add a line; follow the end if the reader is there."""
        if not isinstance(notice, Notice):
            return
        snapshot = None
        if notice.socket_id is not None:
            snapshot = self._controller.snapshots.get(notice.socket_id)
        name = ""
        if notice.socket_id is not None:
            name = snapshot.name if snapshot else self.tr("removed socket")
        bar = self._view.verticalScrollBar()
        at_end = bar.value() >= bar.maximum()
        self.model.add(notice, name)
        if at_end:
            self._view.scrollToBottom()
        self._show_count()

    @Slot()
    def on_view_selection_changed(self) -> None:
        """Show the selected event in full."""
        rows = self._selected_rows()
        if len(rows) == 1:
            event = self.model.event_at(rows[0])
            words = one_line(event.notice.text)
            if event.count > 1:
                words = f"{words} {repeats_text(event)}"
            self._details.show_words(words, one_line(event.notice.hint))
        else:
            self._details.hide()

    @Slot()
    def on_copy(self) -> None:
        """Copy the selected lines, or all."""
        rows = self._selected_rows() or list(range(self.model.rowCount()))
        lines = [event_line(self.model.event_at(row)) for row in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))

    @Slot()
    def on_clear(self) -> None:
        """Forget all lines."""
        self.model.clear()
        self._details.hide()
        self._show_count()

    @Slot()
    def on_theme_changed(self) -> None:
        """Draw the icons in the new colours."""
        self._clear_button.setIcon(self._theme.quiet_icon("trash-2"))

    def _selected_rows(self) -> list[int]:
        indexes: list[QModelIndex] = self._view.selectionModel().selectedIndexes()
        return sorted(index.row() for index in indexes)

    def _show_count(self) -> None:
        count, dropped = self.model.rowCount(), self.model.dropped
        words = format_count(count) if count else ""
        if dropped:
            words = self.tr("{count} · {dropped} older dropped").format(
                count=words, dropped=format_count(dropped)
            )
        self._count.setText(words)
        self._stack.setCurrentIndex(1 if count else 0)
        for action in (self._copy_action, self._clear_action):
            action.setEnabled(bool(count))
        self._clear_button.setEnabled(bool(count))


class _Details(QFrame):
    """One event in full, below the list."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "details")
        self._words, self._hint = QLabel(), QLabel()
        self._words.setFont(theme.ui_font())
        self._hint.setProperty("tone", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(2)
        for label in (self._words, self._hint):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setWordWrap(True)
            column.addWidget(label)
        self.hide()

    def show_words(self, words: str, hint: str) -> None:
        """Show a sentence and the next step."""
        self._words.setText(words)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.show()
