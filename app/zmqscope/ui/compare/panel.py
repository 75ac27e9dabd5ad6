"""The compare panel: two messages, field by field or byte by byte. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.store import CaptureStore
from zmqscope.models.compare.comparison import Comparison
from zmqscope.models.compare.sides import CompareSides
from zmqscope.models.compare.table import CompareTable
from zmqscope.models.compare.words import count_words, lack_words
from zmqscope.models.formats import Formats
from zmqscope.models.inspector.inspected import Inspected
from zmqscope.models.inspector.message_inspector import MessageInspector
from zmqscope.ui.actions import ActionRegistry, shortcut_text
from zmqscope.ui.compare.commands import CompareCommands
from zmqscope.ui.compare.details import ChangeDetails
from zmqscope.ui.compare.head import CompareCorner, CompareHead
from zmqscope.ui.compare.hex_page import HexPage
from zmqscope.ui.compare.kept_line import KeptLine
from zmqscope.ui.compare.table import ChangeView
from zmqscope.ui.messages.overlay import EmptyWords, NoteStrip
from zmqscope.ui.theme import Theme

_LIVE_MS = 400
_IDLE_MS = 500
_SLICE_S = 0.008
_FIRST_S = 0.02


class ComparePanel(QWidget):
    """Compares the inspector's message with the one before on its topic, or with any other.

    Nothing is looked for or compared while it cannot be seen.

    Args:
        store: Where messages are.
        controller: Names and types of sockets.
        theme: Colours and fonts.
        actions: Where its actions go.
        formats: How frames are read.

    Attributes:
        sides: Which messages are compared.
        model: The list of changes.
        view: Where it is seen.
        hex: Both frames as hex.
        commands: What its actions do.
    """

    front_wanted = Signal()
    """The panel has to be seen."""
    two_wanted = Signal()
    """The rows selected in the table are to be compared: see ``compare_rows``."""

    def __init__(
        self,
        store: CaptureStore,
        controller: EngineController,
        theme: Theme,
        actions: ActionRegistry,
        formats: Formats,
    ) -> None:
        super().__init__()
        self._actions = actions
        self._formats = formats
        self._comparison: Comparison | None = None
        self._shown: tuple[Inspected | None, Inspected | None] = (None, None)
        self._is_stale = True
        self.sides = CompareSides(store, MessageInspector(store, controller, formats).inspect, self)
        self.model = CompareTable()
        self.view = ChangeView(self.model, theme)
        self._line = KeptLine(self.model, self.view)
        self.hex = HexPage(theme)
        self.commands = CompareCommands(self.sides, actions, self)
        self.head = CompareHead(theme, actions)
        self._corner = CompareCorner(actions)
        self._details = ChangeDetails(theme)
        self._empty = EmptyWords(self.view, theme)
        self._notes = NoteStrip(self)
        self._said = NoteStrip(self)
        self._stack = QStackedWidget()
        self._more = QTimer(self)
        self._more.setInterval(0)
        self._more.timeout.connect(self.on_more_timeout)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.hex)
        _pile(self, self.head, self._stack, self._details, self._notes, self._said)
        self.setFocusProxy(self.view)
        self._connect()
        self._compare()

    def _connect(self) -> None:
        commands = self.commands
        self.sides.changed.connect(self.on_sides_changed)
        commands.said.connect(self.on_commands_said)
        commands.front_wanted.connect(self.front_wanted)
        commands.two_wanted.connect(self.two_wanted)
        commands.step_wanted.connect(self.on_commands_step_wanted)
        commands.form_changed.connect(self.on_commands_form_changed)
        self.view.menu_asked.connect(commands.on_menu_asked)
        self.view.copy_wanted.connect(commands.on_copy)
        self.view.row_activated.connect(self.on_view_row_activated)
        self.view.selectionModel().currentChanged.connect(self.on_view_current_changed)
        self._formats.choices.changed.connect(self.on_choices_changed)

    def corner_widget(self) -> QWidget:
        """What one can switch, for the panel's title strip."""
        return self._corner

    # ---- which messages ---------------------------------------------------------------------

    @Slot(object)
    def show_message(self, message: Inspected | None) -> None:
        """The inspector shows another message, or none."""
        self.sides.show(message)

    def compare_rows(self, first: int, second: int) -> None:
        """Compare two rows of the store."""
        if not self.sides.set_two(first, second):
            self.on_commands_said(
                self.tr("One of the two messages is no longer in memory. Select others."), True
            )
        self.commands.show_mode()

    def say_select_two(self) -> None:
        """Fewer or more than two rows are selected."""
        if not self.sides.has_two:
            self.on_commands_said(self.tr("Select two messages in the table first."), True)
        self.commands.show_mode()

    # ---- news -------------------------------------------------------------------------------

    def refresh(self, now_ns: int) -> None:
        """Follow the topic, a few times a second; ``now_ns`` on the capture clock."""
        if self._more.isActive() and self.sides.is_following:
            # What was begun is shown first: much traffic must not keep it from ever being done.
            return
        if self.sides.look() or self._is_stale:
            self._compare()

    def refresh_interval_ms(self) -> int:
        """How soon it wants to be asked again."""
        return _LIVE_MS if self.sides.is_following else _IDLE_MS

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._compare()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._more.isActive():
            self._more.stop()
            self._is_stale = True

    @Slot()
    def on_sides_changed(self) -> None:
        """Other messages are to be compared."""
        self._is_stale = True
        self.commands.show_mode()
        if self.isVisible():
            self._compare()

    @Slot()
    def on_choices_changed(self) -> None:
        """The user wants frames read another way, on both sides."""
        self.sides.forget_readings()
        self.on_sides_changed()

    @Slot()
    def on_commands_form_changed(self) -> None:
        """Show it another way."""
        self.hex.set_folding(not self.commands.shows_equal)
        self.on_sides_changed()

    @Slot(str, bool)
    def on_commands_said(self, words: str, warning: bool) -> None:
        """Something was done, or could not be."""
        self._said.say(words, warning=warning, passing=True)

    # ---- comparing --------------------------------------------------------------------------

    def _compare(self) -> None:
        """Compare anew, and show what is found at once; the rest comes in slices."""
        self._is_stale = False
        self._more.stop()
        if self._comparison is not None:
            self._comparison.close()
        sides = self.sides.sides()
        self.head.show_sides(sides)
        key = shortcut_text(self._actions.qaction("compare.pin"))
        self._empty.set_words(*(lack_words(sides.lack, key) if sides.lack else ("", "")))
        if sides.before is None or sides.after is None or sides.lack is not None:
            self._comparison = None
            self._show()
            return
        self._comparison = Comparison(
            sides.before,
            sides.after,
            with_equal=self.commands.shows_equal,
            as_bytes=self.commands.shows_bytes,
        )
        self._comparison.go_on(_FIRST_S)
        self._show()
        if not self._comparison.is_done:
            self._more.start()

    def _show(self) -> None:
        """Show a new comparison; the reader's place is kept where it can be."""
        comparison = self._comparison
        self._line.keep()
        self.model.show(comparison)
        self._line.go_back()
        self.commands.set_comparison(comparison)
        shows_bytes = comparison is not None and self.commands.shows_bytes
        self._stack.setCurrentWidget(self.hex if shows_bytes else self.view)
        self.setFocusProxy(self.hex.view if shows_bytes else self.view)
        self.hex.show_comparison(comparison if shows_bytes else None)
        self._update_words()

    @Slot()
    def on_more_timeout(self) -> None:
        """Compare for another moment."""
        comparison = self._comparison
        if comparison is None or comparison.is_done:
            self._more.stop()
            return
        comparison.go_on(_SLICE_S)
        # Waiting for another thread needs no haste.
        self._more.setInterval(20 if comparison.is_waiting else 0)
        if comparison.is_done:
            self._more.stop()
        self.model.grow(comparison)
        self._line.go_back()
        if self.commands.shows_bytes:
            self.hex.grow(comparison)
        self._update_words()

    def _update_words(self) -> None:
        comparison = self._comparison
        self.head.set_count(count_words(comparison))
        notes = "" if comparison is None else "\n".join(comparison.notes)
        if notes != self._notes.text() or bool(notes) is self._notes.isHidden():
            self._notes.say(notes)
        self.on_view_current_changed()

    # ---- changes ----------------------------------------------------------------------------

    @Slot()
    def on_view_current_changed(self) -> None:
        """Another line is chosen."""
        row = None if self.commands.shows_bytes else self.view.current
        self._details.show_change(row)
        self.commands.set_current(row)

    @Slot()
    def on_view_row_activated(self) -> None:
        """A line was double-clicked, or Enter was pressed: show its bytes."""
        row = self.view.current
        if row is None or self._comparison is None:
            return
        self.hex.want(row.frame, row.at)
        self.commands.show_bytes()

    @Slot(int)
    def on_commands_step_wanted(self, direction: int) -> None:
        """Go to the next change, or to the one before."""
        if self._comparison is None:
            return
        if self.commands.shows_bytes:
            found = self.hex.step(direction)
        else:
            at = self.model.step(self.view.currentIndex().row(), direction)
            found = at is not None
            if at is not None:
                self.view.go_to(at)
        if not found:
            self.on_commands_said(self.tr("There is no further change."), False)


def _pile(panel: QWidget, head: QWidget, middle: QWidget, *below: QWidget) -> None:
    """Lay a panel out from top to bottom; what is in the middle takes all the room."""
    column = QVBoxLayout(panel)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(head)
    column.addWidget(middle, 1)
    for widget in below:
        column.addWidget(widget)
