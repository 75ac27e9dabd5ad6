"""Actions as data: one record gives a menu entry, a shortcut, a tooltip and a palette line.

GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence

from zmqscope.ui.theme import Theme

MENUS = ("File", "Socket", "Messages", "Inspect", "Plot", "Send", "View", "Help")
"""The menus of the window, in order."""

SUBMENUS = {"Bytes": "Inspect", "Compare": "Inspect"}
"""Menus at the end of other menus."""

ALL_MENUS = tuple(
    name for menu in MENUS for name in (menu, *(sub for sub, of in SUBMENUS.items() if of == menu))
)
"""All of them, each followed by those inside it."""

_KEEPS_FORMAT = QKeySequence.SequenceFormat.PortableText


@dataclass(frozen=True, slots=True)
class Action:
    """What a person can ask the app to do.

    Attributes:
        id: Where it belongs and what it does, as in ``messages.clear``; unique.
        title: What menus and the palette call it; ``&`` marks nothing.
        menu: One of ``ALL_MENUS``.
        shortcut: In Qt's portable text, alternatives apart by ``"; "``; empty for none.
        icon: An icon of the set; empty for none.
        checkable: Whether it is something that is on or off.
        help: One sentence for the tooltip; empty repeats the title.
    """

    id: str
    title: str
    menu: str
    shortcut: str = ""
    icon: str = ""
    checkable: bool = False
    help: str = ""


class ActionRegistry(QObject):
    """All actions of the window, in the order in which they were added.

    Args:
        theme: Where icons come from; without one the actions have none.
        parent: Owner.
    """

    added = Signal(str)
    """The id of an action that can be used from now on."""

    def __init__(self, theme: Theme | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._actions: dict[str, Action] = {}
        self._qactions: dict[str, QAction] = {}
        self._keys: dict[str, str] = {}
        if theme is not None:
            theme.changed.connect(self.on_theme_changed)

    def add(self, action: Action, callback: Callable[..., object]) -> QAction:
        """Register an action.

        Args:
            action: The record.
            callback: A bound ``@Slot`` method of a QObject; called with the new state if the
                action is checkable, else without arguments.

        Returns:
            The QAction, to be enabled, disabled and checked.

        Raises:
            ValueError: The id or the shortcut is taken, or there is no such menu.
            TypeError: The callback is no bound slot.
        """
        self._check(action, callback)
        keys = _keys(action.shortcut)
        for key in keys:
            self._keys[key.toString(_KEEPS_FORMAT)] = action.id
        qaction = QAction(action.title.replace("&", "&&"), self)
        qaction.setObjectName(action.id)
        qaction.setCheckable(action.checkable)
        qaction.setShortcuts(keys)
        qaction.setToolTip(_tool_tip(action, keys))
        qaction.setStatusTip(action.help)
        qaction.triggered.connect(callback)
        self._actions[action.id] = action
        self._qactions[action.id] = qaction
        self._set_icon(action.id)
        self.added.emit(action.id)
        return qaction

    def _check(self, action: Action, callback: Callable[..., object]) -> None:
        if action.id in self._actions:
            raise ValueError(f"The action id {action.id!r} is taken.")
        if action.menu not in ALL_MENUS:
            raise ValueError(f"{action.id!r} wants the menu {action.menu!r}, which does not exist.")
        for key in _keys(action.shortcut):
            text = key.toString(_KEEPS_FORMAT)
            if not text:
                raise ValueError(f"{action.shortcut!r} of {action.id!r} is no shortcut.")
            if text in self._keys:
                raise ValueError(f"{text} of {action.id!r} is taken by {self._keys[text]!r}.")
        owner = getattr(callback, "__self__", None)
        # PySide keeps what @Slot says beside the function; an undecorated method has nothing.
        if not isinstance(owner, QObject) or not hasattr(callback, "_slots"):
            raise TypeError(f"The callback of {action.id!r} is no bound @Slot method.")

    def qaction(self, action_id: str) -> QAction:
        """The QAction with this id.

        Raises:
            KeyError: It was not added (yet).
        """
        return self._qactions[action_id]

    def action(self, action_id: str) -> Action:
        """The record with this id.

        Raises:
            KeyError: It was not added (yet).
        """
        return self._actions[action_id]

    def actions(self) -> list[Action]:
        """All records, in the order in which they were added."""
        return list(self._actions.values())

    def __contains__(self, action_id: object) -> bool:
        return action_id in self._actions

    def set_theme(self, theme: Theme) -> None:
        """Take the icons from this theme; for a registry that was made without one."""
        if self._theme is None:
            self._theme = theme
            theme.changed.connect(self.on_theme_changed)
            self.on_theme_changed()

    @Slot()
    def on_theme_changed(self) -> None:
        """Draw the icons in the new colours."""
        for action_id in self._actions:
            self._set_icon(action_id)

    def _set_icon(self, action_id: str) -> None:
        name = self._actions[action_id].icon
        if name and self._theme is not None:
            self._qactions[action_id].setIcon(self._theme.icon(name))


def shortcut_text(qaction: QAction) -> str:
    """The shortcuts of an action as the platform writes them, ``""`` if it has none."""
    native = QKeySequence.SequenceFormat.NativeText
    return " · ".join(key.toString(native) for key in qaction.shortcuts())


def _keys(shortcut: str) -> list[QKeySequence]:
    # Qt reads an empty text as one empty key sequence.
    return QKeySequence.listFromString(shortcut, _KEEPS_FORMAT) if shortcut else []


def _tool_tip(action: Action, keys: list[QKeySequence]) -> str:
    words = action.help or action.title
    if not keys:
        return words
    return f"{words} ({keys[0].toString(QKeySequence.SequenceFormat.NativeText)})"
