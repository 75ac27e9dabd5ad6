"""The peer actions as records: menus, palette and shortcuts are made of these."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from zmqscope.ui.actions import Action

CONTEXT_MENU: tuple[str, ...] = (
    "view.peers.socket",
    "view.peers.other_end",
    "view.peers.messages",
    "",
    "view.peers.copy",
    "view.peers.copy_address",
    "view.peers.copy_pid",
    "",
    "view.peers.find",
    "view.peers.scope",
    "view.peers.subscriptions",
    "view.peers.columns",
)
"""Actions of a row's menu; an empty one is a line."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("PeerActions", text)


def _action(
    name: str, title: str, help_words: str, icon: str, shortcut: str, *, checkable: bool = False
) -> Action:
    return Action(f"view.peers.{name}", title, "View", shortcut, icon, checkable, help_words)


def peer_actions() -> tuple[Action, ...]:
    """All of them, in the order of the menu."""
    return (*_on_panel(), *_leading_away(), *_copying())


def _on_panel() -> tuple[Action, ...]:
    return (
        _action(
            "find",
            _tr("Find peer…"),
            _tr("Show only peers, or topics, that contain what is typed"),
            "search",
            "Ctrl+Alt+Shift+F",
        ),
        _action(
            "scope",
            _tr("Peers of the selected socket only"),
            _tr("Show the peers of the socket that is selected in the list, or those of all"),
            "",
            "Ctrl+Alt+Shift+S",
            checkable=True,
        ),
        _action(
            "subscriptions",
            _tr("Subscriptions instead of peers"),
            _tr("Show who subscribes to what on PUB, XPUB and RADIO, and what nobody wants"),
            "",
            "Ctrl+Alt+Shift+U",
            checkable=True,
        ),
        _action(
            "columns",
            _tr("Choose peer columns…"),
            _tr("Choose which columns the table of peers, or of subscriptions, shows"),
            "columns-3",
            "Ctrl+Alt+Shift+T",
        ),
    )


def _leading_away() -> tuple[Action, ...]:
    return (
        _action(
            "socket",
            _tr("Go to the peer's socket"),
            _tr("Select the socket of this app that the selected row belongs to"),
            "arrow-right",
            "Ctrl+Alt+Shift+G",
        ),
        _action(
            "other_end",
            _tr("Go to the socket at the other end"),
            _tr("Select the socket of this app that is the selected peer"),
            "arrow-left-right",
            "Ctrl+Alt+Shift+E",
        ),
        _action(
            "messages",
            _tr("Show only this peer's messages"),
            _tr("Find the messages that begin with the selected peer's routing id"),
            "filter",
            "Ctrl+Alt+Shift+M",
        ),
    )


def _copying() -> tuple[Action, ...]:
    return (
        _action(
            "copy",
            _tr("Copy rows"),
            _tr("Copy the selected rows with their titles, apart by tabs"),
            "copy",
            "Ctrl+Alt+Shift+C",
        ),
        _action(
            "copy_address",
            _tr("Copy peer address"),
            _tr("Copy the selected peer's address"),
            "copy",
            "Ctrl+Alt+Shift+A",
        ),
        _action(
            "copy_pid",
            _tr("Copy process id"),
            _tr("Copy the number of the selected peer's process"),
            "hash",
            "Ctrl+Alt+Shift+P",
        ),
    )
