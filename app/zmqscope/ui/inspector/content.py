"""One frame: what it means above, its bytes below, and each finds the other. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zmqscope.core.decode.field_path import BYTES, FieldPath
from zmqscope.models.format import one_line
from zmqscope.models.frame_views import FrameView
from zmqscope.models.inspected import Inspected
from zmqscope.models.reading_words import bytes_title, problem_words
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.inspector.bodies import FrameBodies
from zmqscope.ui.inspector.body_split import BodySplit
from zmqscope.ui.inspector.hex_pane import HexPane
from zmqscope.ui.inspector.hex_view import HexView
from zmqscope.ui.inspector.sentence import Sentence
from zmqscope.ui.inspector.text_view import FrameTextView
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme

_BELOW_KEY = "inspector.bytes_below"
_MAX_NOTES = 8


class FrameContent(QWidget):
    """Shows a frame; says so wherever it does not show all of it or not as it is.

    Args:
        theme: Colours and fonts.
        actions: Where the inspector's actions are registered.
        settings: Remembers the split; None forgets.

    Attributes:
        bodies: What the frame means.
        hex_pane: Its bytes.
        split: What shares the room out between the two.
    """

    hex_requested = Signal()
    save_requested = Signal()
    reveal_requested = Signal()
    """The frame is to be shown although it may be a password."""

    def __init__(self, theme: Theme, actions: ActionRegistry, settings: Settings | None) -> None:
        super().__init__()
        self._settings = settings
        self._view = FrameView.HEX
        # What spans of the reading have to be moved by in the bytes shown; None: they are others.
        self._shift: int | None = 0
        self._problem_at: int | None = None
        self._bytes_below = settings is None or settings.get_text(_BELOW_KEY, "on") != "off"
        self.bodies = FrameBodies(theme, actions)
        self.hex_pane = HexPane(theme, actions, settings)
        self._problem = Sentence("problem")
        self._notes = Sentence("muted")
        self._which_bytes = Sentence("muted")
        self._which_bytes.setContentsMargins(12, 3, 12, 0)
        self._go = QPushButton()
        self._go.setProperty("kind", "flat")
        self._go.clicked.connect(self.on_go_clicked)
        self._reveal = QPushButton(self.tr("Show it"))
        self._reveal.setObjectName("reveal")
        self._reveal.setProperty("kind", "flat")
        self._reveal.setAccessibleName(self.tr("Show the frame although it may be a password"))
        self._reveal.setToolTip(self._reveal.accessibleName())
        self._reveal.clicked.connect(self.reveal_requested)
        self.split = BodySplit(settings)
        self._lay_out()
        self.bodies.bytes_selected.connect(self.on_bytes_selected)
        self.bodies.text.hex_requested.connect(self.hex_requested)
        self.bodies.text.save_requested.connect(self.save_requested)
        self.hex_pane.selection_changed.connect(self.on_hex_selection_changed)
        self.hex_pane.save_requested.connect(self.save_requested)

    def _lay_out(self) -> None:
        below = QWidget()
        stack = QVBoxLayout(below)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(0)
        stack.addWidget(self._which_bytes)
        stack.addWidget(self.hex_pane, 1)
        self._below = below
        self.split.addWidget(self.bodies)
        self.split.addWidget(below)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(4)
        row.addWidget(self._problem, 1)
        row.addWidget(self._go)
        row.addWidget(self._reveal)
        self._go.hide()
        self._reveal.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.split, 1)
        column.addWidget(self._notes)

    @property
    def text(self) -> FrameTextView:
        """Where text and JSON are shown."""
        return self.bodies.text.text

    @property
    def hex(self) -> HexView:
        """Where bytes are shown."""
        return self.hex_pane.view

    @property
    def view(self) -> FrameView:
        """How the frame is shown."""
        return self._view

    # ---- what is shown ----------------------------------------------------------------------

    def show_frame(
        self, message: Inspected, index: int, view: FrameView, *, own_bytes: bool
    ) -> None:
        """Show a frame.

        Args:
            message: The message.
            index: Which of its frames.
            view: How.
            own_bytes: Show the bytes of the frame itself even where it was unpacked.
        """
        self._reveal.hide()
        focused = QApplication.focusWidget()
        if focused is not None and not self.isAncestorOf(focused):
            focused = None
        found = message.found(index)
        before, self._view = self._view, view
        packed = own_bytes and found.is_packed
        self._shift = None if packed else 0 if found.is_packed else found.offset
        problem = self.bodies.show_view(view, found, message.reading(index))
        words = problem_words(message.formats, found)
        self._problem.set_words(words or problem)
        self._offer_byte(found.reading.problem_at if words else None)
        self._show_bytes(message, index, packed=packed)
        decoded = found.reading.decoded
        notes = [] if decoded is None else [one_line(note) for note in decoded.notes[:_MAX_NOTES]]
        if not found.frame:
            notes.append(self.tr("This frame is empty: it has no bytes."))
        self._notes.set_words("\n".join(notes))
        self._arrange()
        is_moved = focused is self.hex and before is FrameView.HEX and view is not before
        if focused is not None and (is_moved or not focused.isVisible()):
            # What had the keyboard has gone, or gone below: what stands in its place has it.
            self.take_focus()
        self._mark_current()

    def _show_bytes(self, message: Inspected, index: int, *, packed: bool) -> None:
        found = message.found(index)
        is_shown = self._view is FrameView.HEX or self._bytes_below
        own = packed or not found.is_packed
        data = found.frame if own else found.reading.data
        title = bytes_title(message.formats, found, packed=packed)
        layers = () if own else tuple(layer.name for layer in found.reading.layers)
        path = message.field_path(index, ())
        path = FieldPath((*layers, BYTES), frame=path.frame)
        self.hex_pane.set_bytes(data if is_shown else b"", title, path)
        self._which_bytes.set_words(title if is_shown else "")

    def show_hidden(self) -> None:
        """Say that the frame may be a password, and how to see it all the same."""
        self.show_nothing()
        self._view = FrameView.HEX
        self.bodies.setVisible(False)
        self._below.setVisible(False)
        self._problem.set_words(self.tr("Somebody typed this: it may be a password. Not shown."))
        self._reveal.show()

    def show_nothing(self) -> None:
        """Let go of the frame."""
        self._reveal.hide()
        self.bodies.show_nothing()
        self.hex_pane.clear()
        self._problem.set_words("")
        self._notes.set_words("")
        self._go.hide()

    def _arrange(self) -> None:
        alone = self._view is FrameView.HEX
        self.bodies.setVisible(not alone)
        self._below.setVisible(alone or self._bytes_below)
        self.hex_pane.set_below(not alone)

    @property
    def bytes_below(self) -> bool:
        """Whether bytes are shown below every other view."""
        return self._bytes_below

    def set_bytes_below(self, shown: bool) -> None:
        """Show bytes below every other view, or not; the caller shows the frame again."""
        self._bytes_below = shown
        if self._settings is not None:
            self._settings.set_text(_BELOW_KEY, "on" if shown else "off")

    def take_focus(self) -> None:
        """The keyboard goes to what is shown."""
        shown = self.hex if self._view is FrameView.HEX else self.bodies.current
        shown.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # ---- fields and bytes -------------------------------------------------------------------

    def _mark_current(self) -> None:
        """The field that stayed current through a change of messages keeps its bytes marked."""
        if self._view is FrameView.TREE:
            node = self.bodies.tree.tree.current_node
            span = None if node is None else node.span
            if span is not None and self._shift is not None and self._bytes_below:
                self.hex_pane.select(span.start + self._shift, span.stop + self._shift)
                return
        self.hex_pane.set_field(0, 0)

    @Slot(int, int)
    def on_bytes_selected(self, start: int, stop: int) -> None:
        """A field, number or line was selected: show its bytes."""
        if self._shift is None:
            return
        if stop > start:
            self.hex_pane.select(start + self._shift, stop + self._shift)
            self.hex_pane.set_field(0, 0)
        else:
            self.hex_pane.set_field(0, 0)

    @Slot(int, int)
    def on_hex_selection_changed(self, start: int, stop: int) -> None:
        """Bytes were selected: show what stands in them."""
        if self._shift is None or self._view is FrameView.HEX:
            return
        node = self.bodies.select_bytes(start - self._shift, stop - self._shift)
        if node is not None and node.span is not None:
            self.hex_pane.set_field(node.span.start + self._shift, node.span.stop + self._shift)
        else:
            self.hex_pane.set_field(0, 0)

    def _offer_byte(self, at: int | None) -> None:
        self._problem_at = at
        self._go.setVisible(at is not None)
        if at is not None:
            words = self.tr("Show byte {0}").format(f"{at:,}")
            self._go.setText(words)
            self._go.setAccessibleName(words)
            self._go.setToolTip(self.tr("Select the byte where reading failed"))

    @Slot()
    def on_go_clicked(self) -> None:
        """Show the byte where reading failed."""
        if self._problem_at is not None and self._shift is not None:
            at = self._problem_at + self._shift
            if not self.hex_pane.isVisible():
                self.hex_requested.emit()
            self.hex_pane.select(at, at + 1)
