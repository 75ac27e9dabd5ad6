"""What one can do with the current field: the slots behind its actions. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication

from zmqscope.core.decode.field_path import FieldPath
from zmqscope.core.decode.node import Node
from zmqscope.models.format import one_line
from zmqscope.models.inspector.node_words import as_json, lines_of, value_text
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.inspector.action_list import NEEDS_FIELDS, field_actions
from zmqscope.ui.inspector.tree_pane import TreePane
from zmqscope.ui.inspector.value_dialog import ValueDialog
from zmqscope.ui.theme import Theme

_SAID_CHARS = 80


class FieldCommands(QObject):
    """Registers the actions of fields and carries them out.

    Args:
        actions: Where they go.
        theme: For the dialog that shows a value.
        path_of: The path of the tree's current field.
        parent: Owner.
    """

    said = Signal(str)
    """What was done, in one sentence."""

    def __init__(
        self,
        actions: ActionRegistry,
        theme: Theme,
        path_of: Callable[[], FieldPath | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self._theme = theme
        self._path_of = path_of
        self._pane: TreePane | None = None
        slots: dict[str, Callable[..., object]] = {
            "inspector.copy_value": self.on_copy_value,
            "inspector.copy_path": self.on_copy_path,
            "inspector.copy_json": self.on_copy_json,
            "inspector.copy_fields": self.on_copy_fields,
            "inspector.open_value": self.on_open_value,
            "inspector.expand_below": self.on_expand_below,
            "inspector.collapse": self.on_collapse,
            "inspector.find_field": self.on_find_field,
            "inspector.fit_columns": self.on_fit_columns,
            "inspector.reset_columns": self.on_reset_columns,
        }
        for action in field_actions():
            qaction = actions.add(action, slots[action.id])
            # Letters: they work only where the tree itself has the keyboard.
            qaction.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)

    def set_pane(self, pane: TreePane) -> None:
        """Work on this tree."""
        self._pane = pane
        pane.tree.addActions([self._actions.qaction(action_id) for action_id in NEEDS_FIELDS])
        pane.opened.connect(self.on_opened)

    def set_enabled(self, enabled: bool) -> None:
        """Whether there are fields in sight."""
        for action_id in NEEDS_FIELDS:
            self._actions.qaction(action_id).setEnabled(enabled)

    @property
    def _node(self) -> Node | None:
        return None if self._pane is None else self._pane.tree.current_node

    def _copy(self, text: str, words: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.said.emit(words)

    @Slot()
    def on_copy_value(self) -> None:
        """Copy the value; of a container, all of it as JSON."""
        node = self._node
        if node is None:
            self.said.emit(self.tr("Select a field first."))
        elif node.children is not None:
            self.on_copy_json()
        else:
            text = value_text(node)
            shown = text if len(text) <= _SAID_CHARS else text[:_SAID_CHARS] + "…"
            self._copy(text, self.tr("Copied {0}").format(one_line(shown)))

    @Slot()
    def on_copy_path(self) -> None:
        """Copy where the field is."""
        path = self._path_of()
        if path is None:
            self.said.emit(self.tr("Select a field first."))
            return
        text = str(path)
        shown = text if len(text) <= _SAID_CHARS else text[:_SAID_CHARS] + "…"
        self._copy(text, self.tr("Copied {0}").format(one_line(shown)))

    @Slot()
    def on_copy_json(self) -> None:
        """Copy the field and all below it as JSON."""
        node = self._node
        if node is None:
            self.said.emit(self.tr("Select a field first."))
            return
        text, is_cut = as_json(node)
        words = self.tr("Copied as JSON.")
        if is_cut:
            words = self.tr("Copied as JSON, but not all: it is too large. Save the frame instead.")
        self._copy(text, words)

    @Slot()
    def on_copy_fields(self) -> None:
        """Copy the field and all below it, a line each."""
        node = self._node
        if node is None:
            self.said.emit(self.tr("Select a field first."))
            return
        text = lines_of(node)
        self._copy(text, self.tr("Copied {0} lines.").format(f"{text.count(chr(10)) + 1:,}"))

    @Slot()
    def on_open_value(self) -> None:
        """Show the value in full."""
        if self._node is not None:
            self.on_opened(self._node)

    @Slot(object)
    def on_opened(self, node: Node) -> None:
        """Show a field's value in a window of its own."""
        path = self._path_of()
        if self._pane is not None:
            ValueDialog(
                self._theme, node, "" if path is None else str(path), self._pane.window()
            ).show()

    @Slot()
    def on_expand_below(self) -> None:
        """Open what is below the field."""
        if self._pane is not None:
            self._pane.tree.expand_below()

    @Slot()
    def on_collapse(self) -> None:
        """Close everything but the root."""
        if self._pane is not None:
            self._pane.tree.collapse_below()

    @Slot()
    def on_fit_columns(self) -> None:
        """Make columns as wide as what is in sight needs."""
        if self._pane is not None:
            self._pane.tree.columns.fit()

    @Slot()
    def on_reset_columns(self) -> None:
        """Share the tree's room out as at first."""
        if self._pane is not None:
            self._pane.tree.columns.reset()

    @Slot()
    def on_find_field(self) -> None:
        """Open the find bar."""
        if self._pane is not None:
            self._pane.find_bar.open()
