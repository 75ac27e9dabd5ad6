"""The actions about locks, keys and access as records. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from zmqscope.ui.actions import Action

_CONTEXT = "SecurityActions"

NEEDS_SELECTION = ("socket.lock",)
"""Actions that are about the selected socket."""


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)


def security_actions() -> tuple[Action, ...]:
    """All of them, in the order of the menu."""
    return (
        Action(
            "socket.lock",
            _tr("Change lock…"),
            "Socket",
            "Ctrl+Alt+R",
            "lock",
            help=_tr("Mechanism, keys and passwords of the selected socket"),
        ),
        Action(
            "socket.keys",
            _tr("Keys…"),
            "Socket",
            "Ctrl+Alt+K",
            "key-round",
            help=_tr("Make, import and export CURVE key pairs"),
        ),
        Action(
            "socket.access",
            _tr("Access lists…"),
            "Socket",
            "Ctrl+Alt+G",
            "list",
            help=_tr("Who may come in: users, client keys, addresses"),
        ),
    )
