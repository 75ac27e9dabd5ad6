"""The actions on events as records: menus, palette and shortcuts are made of these."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from zmqscope.ui.actions import Action


def _tr(text: str) -> str:
    return QCoreApplication.translate("EventActions", text)


def event_actions() -> tuple[Action, ...]:
    """All of them, in the order of the menu."""
    return (
        Action(
            "view.events.find",
            _tr("Find event…"),
            "View",
            "Ctrl+Alt+I",
            icon="search",
            help=_tr("Show only events that contain what is typed (Ctrl+F in the list)"),
        ),
        Action(
            "view.events.copy",
            _tr("Copy events"),
            "View",
            "Ctrl+Alt+E",
            icon="copy",
            help=_tr("Copy the selected events, or all that are shown, as text"),
        ),
        Action(
            "view.events.clear",
            _tr("Clear events"),
            "View",
            "Ctrl+Shift+E",
            icon="trash-2",
            help=_tr("Forget all events; messages stay"),
        ),
    )
