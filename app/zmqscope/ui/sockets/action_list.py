"""The socket actions as records: the menu, the palette and the row's menu are made of these."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from zmqscope.ui.actions import Action

CONTEXT_MENU: tuple[str, ...] = (
    "socket.edit",
    "socket.rename",
    "",
    "socket.close",
    "socket.reopen",
    "",
    "socket.pause_display",
    "socket.show_only",
    "",
    "socket.copy_spec",
    "socket.copy_address",
    "",
    "socket.remove",
)
"""Actions of a row's menu; an empty one is a line."""

NEEDS_SELECTION: tuple[str, ...] = (
    "socket.edit",
    "socket.rename",
    "socket.reopen",
    "socket.pause_display",
    "socket.show_only",
    "socket.copy_spec",
    "socket.remove",
)
"""Actions that any selected socket allows, whatever its state."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("SocketActions", text)


def _action(name: str, title: str, help_words: str, icon: str, shortcut: str = "") -> Action:
    checkable = name in ("pause_display", "show_only")
    return Action(f"socket.{name}", title, "Socket", shortcut, icon, checkable, help_words)


def socket_actions() -> tuple[Action, ...]:
    """All of them, in the order of the menu."""
    return (
        _action(
            "new",
            _tr("New socket…"),
            _tr("Open a socket of any type, bound or connected"),
            "plus",
            "Ctrl+N",
        ),
        _action(
            "edit",
            _tr("Edit endpoints…"),
            _tr("Endpoints, subscriptions, totals and options of the selected socket"),
            "settings",
        ),
        _action(
            "rename",
            _tr("Rename socket"),
            _tr("Give the selected socket another name"),
            "pencil",
            "F2",
        ),
        _action(
            "close",
            _tr("Close socket"),
            _tr("Close the selected socket; it stays listed and can be reopened"),
            "unplug",
            "Ctrl+W",
        ),
        _action(
            "reopen",
            _tr("Reopen socket"),
            _tr("Open the selected socket again as it is now"),
            "rotate-ccw",
            "Ctrl+Shift+R",
        ),
        _action(
            "pause_display",
            _tr("Pause display of this socket"),
            _tr("Keep new messages of the selected socket off the list; they are still captured"),
            "pause",
        ),
        _action(
            "show_only",
            _tr("Show only this socket’s messages"),
            _tr("Hide the messages of all other sockets"),
            "filter",
        ),
        _action(
            "copy_spec",
            _tr("Copy socket spec"),
            _tr("Copy the selected socket as one line that opens it again"),
            "copy",
        ),
        _action(
            "copy_address",
            _tr("Copy address"),
            _tr("Copy the real address of the selected socket’s first endpoint"),
            "link",
        ),
        _action(
            "remove",
            _tr("Remove socket"),
            _tr("Close the selected socket and take it off the list"),
            "trash-2",
        ),
    )
