"""What one can do in the compare panel: the slots behind its actions. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtGui import QActionGroup, QGuiApplication
from PySide6.QtWidgets import QWidget

from zmqscope.models.compare.comparison import Comparison
from zmqscope.models.compare.copy import as_json, as_text
from zmqscope.models.compare.rows import CompareRow
from zmqscope.models.compare.sides import CompareSides, Mode
from zmqscope.ui.action_menu import fill_menu
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.compare.action_list import CONTEXT_MENU, MODE_ACTIONS, compare_actions
from zmqscope.ui.key_menu import KeyMenu

_NEEDS_COMPARISON = ("next", "back", "copy", "copy_json", "swap")


class CompareCommands(QObject):
    """Registers the panel's actions and carries them out.

    Args:
        sides: Which messages are compared.
        actions: Where the actions go.
        parent: Owner; menus are its children.
    """

    said = Signal(str, bool)
    """A sentence for the reader, and whether it is a warning."""
    front_wanted = Signal()
    """The panel has to be seen."""
    two_wanted = Signal()
    """The rows selected in the table are to be compared."""
    step_wanted = Signal(int)
    """The next change is wanted; -1: the one before."""
    form_changed = Signal()
    """It is to be shown another way."""

    def __init__(self, sides: CompareSides, actions: ActionRegistry, parent: QWidget) -> None:
        super().__init__(parent)
        self._widget = parent
        self._sides = sides
        self._actions = actions
        self._comparison: Comparison | None = None
        self._current: CompareRow | None = None
        self._modes = QActionGroup(self)
        callbacks: dict[str, Callable[..., object]] = {
            "compare.previous": self.on_mode,
            "compare.pinned": self.on_mode,
            "compare.two": self.on_mode,
            "compare.pin": self.on_pin,
            "compare.follow": self.on_follow,
            "compare.next": self.on_next,
            "compare.back": self.on_back,
            "compare.only_changes": self.on_form,
            "compare.bytes": self.on_form,
            "compare.swap": self.on_swap,
            "compare.copy": self.on_copy,
            "compare.copy_json": self.on_copy_json,
            "compare.copy_path": self.on_copy_path,
        }
        for action in compare_actions():
            qaction = actions.add(action, callbacks[action.id])
            if action.id in MODE_ACTIONS.values():
                self._modes.addAction(qaction)
        actions.qaction("compare.only_changes").setChecked(True)
        self.show_mode()
        self.set_comparison(None)
        self.set_current(None)

    # ---- state ------------------------------------------------------------------------------

    @property
    def shows_equal(self) -> bool:
        """Whether what is equal is shown, too."""
        return not self._actions.qaction("compare.only_changes").isChecked()

    @property
    def shows_bytes(self) -> bool:
        """Whether bytes are compared whatever they mean."""
        return self._actions.qaction("compare.bytes").isChecked()

    def show_bytes(self) -> None:
        """Compare bytes from now on."""
        action = self._actions.qaction("compare.bytes")
        if not action.isChecked():
            action.trigger()

    def show_mode(self) -> None:
        """Check what is compared with what."""
        self._actions.qaction(MODE_ACTIONS[self._sides.mode]).setChecked(True)
        self._actions.qaction("compare.follow").setChecked(self._sides.is_following)
        self._actions.qaction("compare.pin").setEnabled(self._sides.subject is not None)

    def set_comparison(self, comparison: Comparison | None) -> None:
        """Another comparison is shown, or none."""
        self._comparison = comparison
        for name in _NEEDS_COMPARISON:
            self._actions.qaction(f"compare.{name}").setEnabled(comparison is not None)

    def set_current(self, row: CompareRow | None) -> None:
        """Another line is chosen."""
        self._current = row
        self._actions.qaction("compare.copy_path").setEnabled(row is not None and bool(row.path))

    # ---- slots ------------------------------------------------------------------------------

    @Slot()
    def on_mode(self) -> None:
        """Another way to choose the two messages."""
        checked = self._modes.checkedAction().objectName()
        mode = next(mode for mode, name in MODE_ACTIONS.items() if name == checked)
        self.front_wanted.emit()
        if mode is Mode.TWO:
            self.two_wanted.emit()
        else:
            self._sides.set_mode(mode)
        self.show_mode()

    @Slot()
    def on_pin(self) -> None:
        """Keep the message that is looked at."""
        if self._sides.pin():
            # Behind the inspector nobody would see that anything was done.
            self.front_wanted.emit()
            self.said.emit(self.tr("Pinned. Select another message to compare it."), False)
        else:
            self.said.emit(self.tr("There is no message to pin. Select one."), True)
        self.show_mode()

    @Slot(bool)
    def on_follow(self, following: bool) -> None:
        """Compare the newest message of the topic, or the inspector's."""
        if following:
            self.front_wanted.emit()
        self._sides.set_following(following)
        self.show_mode()

    @Slot()
    def on_next(self) -> None:
        """Go to the next change."""
        self.front_wanted.emit()
        self.step_wanted.emit(1)

    @Slot()
    def on_back(self) -> None:
        """Go to the change before."""
        self.front_wanted.emit()
        self.step_wanted.emit(-1)

    @Slot()
    def on_form(self) -> None:
        """Show it another way."""
        self.front_wanted.emit()
        self.form_changed.emit()

    @Slot()
    def on_swap(self) -> None:
        """Turn the sides round."""
        self._sides.swap()

    @Slot()
    def on_copy(self) -> None:
        """Copy all changes as text."""
        if self._comparison is not None:
            self._copy(as_text(self._comparison), self.tr("Copied the changes as text."))

    @Slot()
    def on_copy_json(self) -> None:
        """Copy all changes as JSON."""
        if self._comparison is not None:
            self._copy(as_json(self._comparison), self.tr("Copied the changes as JSON."))

    @Slot()
    def on_copy_path(self) -> None:
        """Copy the path of the chosen field."""
        if self._current is not None and self._current.path:
            self._copy(self._current.path, self.tr("Copied the field’s path."))

    def _copy(self, text: str, words: str) -> None:
        # A lone surrogate has no encoding that a clipboard could hold.
        QGuiApplication.clipboard().setText(text.encode("utf-8", "replace").decode())
        self.said.emit(words, False)

    @Slot(QPoint)
    def on_menu_asked(self, place: QPoint) -> None:
        """Show what can be done."""
        menu = KeyMenu(self._widget)
        menu.aboutToHide.connect(menu.deleteLater)
        fill_menu(menu, self._actions, CONTEXT_MENU)
        menu.popup(place)
