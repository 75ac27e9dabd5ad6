"""Which kinds of events are wanted: a chip for each, or a menu of them. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from zmqscope.core.events import EventKind
from zmqscope.models.events.filter import FIRST_KINDS


class KindChoice(QObject):
    """The kinds, each wanted or not.

    Args:
        parent: Owner; the parent of the menu.

    Attributes:
        chips: A button for each kind.
        menu: The same as a menu.
    """

    changed = Signal()
    """Other kinds are wanted."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        titles = {
            EventKind.NOTICE: (self.tr("Notices"), self.tr("What the app says, problems too")),
            EventKind.PEER: (self.tr("Peers"), self.tr("Peers that come and go")),
            EventKind.FINDING: (self.tr("Doctor"), self.tr("What the doctor found")),
            EventKind.ACCESS: (self.tr("Access"), self.tr("Who was let in, or refused")),
            EventKind.MONITOR: (self.tr("libzmq"), self.tr("Every event of libzmq's monitors")),
        }
        self._actions = {kind: self._action(kind, *words) for kind, words in titles.items()}
        self.chips = [_chip(action) for action in self._actions.values()]
        self.menu = QMenu(parent)
        self.menu.addActions(list(self._actions.values()))

    def _action(self, kind: EventKind, title: str, help_words: str) -> QAction:
        action = QAction(title, self)
        action.setCheckable(True)
        action.setChecked(kind in FIRST_KINDS)
        action.setToolTip(help_words)
        action.toggled.connect(self.on_action_toggled)
        return action

    @property
    def kinds(self) -> frozenset[EventKind]:
        """The kinds that are wanted."""
        return frozenset(kind for kind, action in self._actions.items() if action.isChecked())

    def reset(self) -> None:
        """Want those that are wanted at first."""
        for kind, action in self._actions.items():
            action.setChecked(kind in FIRST_KINDS)

    def allow(self, kind: EventKind) -> None:
        """Want this kind, too."""
        self._actions[kind].setChecked(True)

    @Slot()
    def on_action_toggled(self) -> None:
        """A kind was switched."""
        self.changed.emit()


def _chip(action: QAction) -> QToolButton:
    chip = QToolButton()
    chip.setDefaultAction(action)
    chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    chip.setAccessibleName(action.text())
    chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return chip
