"""The socket actions as records: the menu, the palette and the row's menu are made of these."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from zmqscope.ui.actions import Action

CONTEXT_MENU: tuple[str, ...] = (
    "socket.edit",
    "socket.lock",
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


_CONTEXT = "SocketActions"


class _Entry(NamedTuple):
    """One action before translation."""

    name: str
    title: str
    words: str
    icon: str
    shortcut: str = ""
    checkable: bool = False


# Delete has no shortcut here: it belongs to the list alone, not to every field of the window.
_ENTRIES = (
    _Entry(
        "new",
        "New socket…",
        "Open a socket of any type, bound or connected",
        "plus",
        "Ctrl+N",
    ),
    _Entry(
        "focus_list",
        "Go to the sockets",
        "Walk through the list of sockets with the arrow keys",
        "list",
        "Ctrl+1",
    ),
    _Entry(
        "edit",
        "Edit endpoints…",
        "Endpoints, subscriptions, totals and options of the socket",
        "settings",
        "Ctrl+I",
    ),
    _Entry(
        "rename",
        "Rename socket",
        "Give the selected socket another name",
        "pencil",
        "F2",
    ),
    _Entry(
        "close",
        "Close socket",
        "Close the socket; it stays listed and can be reopened",
        "unplug",
        "Ctrl+W",
    ),
    _Entry(
        "reopen",
        "Reopen socket",
        "Open the selected socket again as it is now",
        "rotate-ccw",
        "Ctrl+Shift+R",
    ),
    _Entry(
        "pause_display",
        "Pause display of this socket",
        "Keep its new messages off the list; they are still captured",
        "pause",
        "Ctrl+Shift+H",
        checkable=True,
    ),
    _Entry(
        "show_only",
        "Show only this socket’s messages",
        "Hide the messages of all other sockets",
        "filter",
        "Ctrl+Shift+S",
        checkable=True,
    ),
    _Entry(
        "copy_spec",
        "Copy socket spec",
        "Copy the socket as one line that opens it again",
        "copy",
        "Ctrl+Alt+C",
    ),
    _Entry(
        "copy_address",
        "Copy address",
        "Copy the real address of the socket’s first endpoint",
        "link",
        "Ctrl+Alt+A",
    ),
    _Entry(
        "remove",
        "Remove socket",
        "Close the socket and take it off the list",
        "trash-2",
        "Ctrl+Shift+W",
    ),
)


def socket_actions() -> tuple[Action, ...]:
    """All of them, in the order of the menu."""
    return tuple(
        Action(
            f"socket.{entry.name}",
            QCoreApplication.translate(_CONTEXT, entry.title),
            "Socket",
            entry.shortcut,
            entry.icon,
            entry.checkable,
            QCoreApplication.translate(_CONTEXT, entry.words),
        )
        for entry in _ENTRIES
    )
