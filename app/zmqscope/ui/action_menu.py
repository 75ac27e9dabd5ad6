"""Puts actions into menus. GUI thread."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QMenu

from zmqscope.ui.actions import ActionRegistry


def fill_menu(menu: QMenu, actions: ActionRegistry, ids: Iterable[str]) -> None:
    """Add actions to a menu.

    Args:
        menu: The menu.
        actions: Where they are registered.
        ids: Which ones, in order; an empty one stands for a line between two groups.
    """
    for action_id in ids:
        if action_id:
            menu.addAction(actions.qaction(action_id))
        else:
            menu.addSeparator()
