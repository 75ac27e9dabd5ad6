"""The topology's actions as records: menus, palette and shortcuts are made of these."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from zmqscope.ui.actions import Action

CONTEXT_MENU: tuple[str, ...] = (
    "view.topology.details",
    "view.topology.peers",
    "",
    "view.topology.fit",
    "view.topology.zoom_in",
    "view.topology.zoom_out",
    "view.topology.arrange",
    "",
    "view.topology.export",
)
"""Actions of the picture's menu; an empty one is a line."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("TopologyActions", text)


def _action(name: str, title: str, help_words: str, icon: str, shortcut: str) -> Action:
    return Action(f"view.topology.{name}", title, "View", shortcut, icon, help=help_words)


def topology_actions() -> tuple[Action, ...]:
    """All of them, in the order of the menu."""
    return (*_on_picture(), *_on_node())


def _on_picture() -> tuple[Action, ...]:
    return (
        _action(
            "fit",
            _tr("Fit topology"),
            _tr("Show the whole topology (0 within it)"),
            "maximize",
            "Ctrl+0",
        ),
        _action(
            "zoom_in",
            _tr("Zoom into the topology"),
            _tr("Show the topology larger (+ within it)"),
            "zoom-in",
            "Ctrl+Alt+Shift+I",
        ),
        _action(
            "zoom_out",
            _tr("Zoom out of the topology"),
            _tr("Show the topology smaller (− within it)"),
            "zoom-out",
            "Ctrl+Alt+Shift+O",
        ),
        _action(
            "arrange",
            _tr("Lay the topology out anew"),
            _tr("Forget where nodes stand, those that were moved by hand too, and begin again"),
            "refresh-cw",
            "Ctrl+Alt+Shift+L",
        ),
        _action(
            "export",
            _tr("Export topology…"),
            _tr("Save the topology as an SVG picture, as it is now"),
            "download",
            "Ctrl+Alt+Shift+X",
        ),
    )


def _on_node() -> tuple[Action, ...]:
    return (
        _action(
            "details",
            _tr("Details of the chosen node"),
            _tr("Show the details of the socket that is chosen in the topology"),
            "settings",
            "Ctrl+Alt+Shift+D",
        ),
        _action(
            "peers",
            _tr("Peers of the chosen node"),
            _tr("List the peers of what is chosen in the topology in the peers panel"),
            "list",
            "Ctrl+Alt+Shift+K",
        ),
    )
