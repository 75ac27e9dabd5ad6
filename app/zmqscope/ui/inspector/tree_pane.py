"""The fields of a frame with the bar that finds them, and what can be done with one. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from zmqscope.core.decode.node import Node
from zmqscope.models.inspector.node_search import field_at
from zmqscope.ui.action_menu import fill_menu
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.inspector.action_list import FIELD_MENU
from zmqscope.ui.inspector.tree_find import TreeFindBar
from zmqscope.ui.inspector.tree_view import FieldTree
from zmqscope.ui.key_menu import KeyMenu
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme


class TreePane(QWidget):
    """Tree and find bar.

    Args:
        theme: Colours and fonts.
        actions: Where the inspector's actions are registered.
        settings: Remembers how wide columns are; None forgets.

    Attributes:
        tree: The fields.
        find_bar: The bar.
    """

    field_selected = Signal(object)
    """Node that the user made current."""
    opened = Signal(object)
    """Node that is to be read in full."""

    def __init__(
        self, theme: Theme, actions: ActionRegistry, settings: Settings | None = None
    ) -> None:
        super().__init__()
        self._actions = actions
        self._root: Node | None = None
        self._shape: tuple[str, ...] = ()
        self.tree = FieldTree(theme, settings)
        self.find_bar = TreeFindBar(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.find_bar)
        column.addWidget(self.tree, 1)
        self.setFocusProxy(self.tree)
        self.tree.field_selected.connect(self.field_selected)
        self.tree.opened.connect(self.opened)
        self.tree.find_wanted.connect(self.find_bar.open)
        self.tree.copy_wanted.connect(actions.qaction("inspector.copy_value").trigger)
        self.tree.path_wanted.connect(actions.qaction("inspector.copy_path").trigger)
        self.tree.menu_wanted.connect(self.on_menu_wanted)
        self.find_bar.hit_chosen.connect(self.on_hit_chosen)
        self.find_bar.closed.connect(self.tree.setFocus)

    def set_root(self, root: Node | None, source: tuple[str, ...] = ()) -> None:
        """Show other fields.

        Args:
            root: The root; None for nothing.
            source: What they were read by: fields of another format begin anew.
        """
        if root is not None and source != self._shape:
            self._shape = source
            self.tree.forget()
        self._root = root
        self.tree.set_root(root)
        self.find_bar.set_root(root)

    def select_bytes(self, start: int, stop: int) -> Node | None:
        """Make the deepest field current that covers some bytes, without saying so.

        Returns:
            The field; None if none does.
        """
        rows = None if self._root is None else field_at(self._root, start, stop)
        if rows is None or not self.tree.select_rows(rows, quietly=True):
            return None
        return self.tree.current_node

    @Slot(object)
    def on_hit_chosen(self, rows: tuple[int, ...]) -> None:
        """Go to a hit."""
        self.tree.select_rows(rows, quietly=False)

    @Slot(QPoint)
    def on_menu_wanted(self, place: QPoint) -> None:
        """Offer what can be done with the field."""
        menu = KeyMenu(self)
        fill_menu(menu, self._actions, FIELD_MENU)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)
