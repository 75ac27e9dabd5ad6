"""One frame: what it means above, its bytes below, and each finds the other. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from zmqscope.core.decode.field_path import BYTES, FieldPath
from zmqscope.models.format import one_line
from zmqscope.models.inspector.frame_views import FrameView
from zmqscope.models.inspector.inspected import Inspected
from zmqscope.models.inspector.reading_words import bytes_title, problem_words
from zmqscope.ui.actions import ActionRegistry
from zmqscope.ui.inspector.bodies import FrameBodies
from zmqscope.ui.inspector.body_split import BodySplit
from zmqscope.ui.inspector.hex_pane import HexPane
from zmqscope.ui.inspector.hex_view import HexView
from zmqscope.ui.inspector.problem_line import ProblemLine
from zmqscope.ui.inspector.sentence import Sentence
from zmqscope.ui.inspector.text_view import FrameTextView
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme

_BELOW_KEY = "inspector.bytes_below"
_MAX_NOTES = 8
_TEXTS = (FrameView.TEXT, FrameView.JSON)


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
        self._decoder_notes: list[str] = []
        # The same for a text, which may be of other bytes than the reading.
        self._text_shift: int | None = None
        self._bytes_below = settings is None or settings.get_text(_BELOW_KEY, "on") != "off"
        self.bodies = FrameBodies(theme, actions, settings)
        self.hex_pane = HexPane(theme, actions, settings)
        self._problem = ProblemLine()
        self._notes = Sentence("muted")
        self._which_bytes = Sentence("muted")
        self._which_bytes.setContentsMargins(12, 3, 12, 0)
        self.split = BodySplit(settings)
        self._lay_out()
        self._problem.byte_wanted.connect(self.on_byte_wanted)
        self._problem.reveal_clicked.connect(self.reveal_requested)
        self.bodies.bytes_selected.connect(self.on_bytes_selected)
        self.bodies.text.hex_requested.connect(self.hex_requested)
        self.bodies.text.save_requested.connect(self.save_requested)
        self.bodies.text.notes_changed.connect(self.on_notes_changed)
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
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._problem)
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
        focused = QApplication.focusWidget()
        if focused is not None and not self.isAncestorOf(focused):
            focused = None
        found = message.found(index)
        before, self._view = self._view, view
        packed = own_bytes and found.is_packed
        self._shift = None if packed else 0 if found.is_packed else found.offset
        problem = self.bodies.show_view(view, found, message.reading(index))
        words = problem_words(message.formats, found)
        self._problem.say(words or problem, found.reading.problem_at if words else None)
        self._show_bytes(message, index, packed=packed)
        is_read = self.bodies.text.frame is found.reading.data
        self._text_shift = self._shift if is_read else None
        decoded = found.reading.decoded
        notes = [] if decoded is None else [one_line(note) for note in decoded.notes[:_MAX_NOTES]]
        if not found.frame:
            notes.append(self.tr("This frame is empty: it has no bytes."))
        self._decoder_notes = notes
        self.on_notes_changed()
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

    @Slot()
    def on_notes_changed(self) -> None:
        """Say what must be known about the frame; below the bytes, where there is room for it."""
        notes = list(self._decoder_notes)
        if self._view in _TEXTS:
            notes.extend(self.bodies.text.notes)
        self._notes.set_words("\n".join(notes))

    def show_hidden(self) -> None:
        """Say that the frame may be a password, and how to see it all the same."""
        self.show_nothing()
        self._view = FrameView.HEX
        self.bodies.setVisible(False)
        self._below.setVisible(False)
        self._problem.say_hidden()

    def show_nothing(self) -> None:
        """Let go of the frame."""
        self._decoder_notes = []
        self.bodies.show_nothing()
        self.hex_pane.clear()
        self._problem.say("")
        self._notes.set_words("")

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

    def open_find(self) -> None:
        """Find something in what is shown, each view in its own way."""
        if self._view is FrameView.TREE:
            self.bodies.tree.find_bar.open()
        elif self._view in _TEXTS:
            self.bodies.text.open_find()
        elif self.hex_pane.isVisible():
            self.hex_pane.on_find()
        elif self.bodies.isVisible():
            # Numbers, pictures and listings are found by their bytes.
            self.hex_requested.emit()
            self.hex_pane.on_find()

    # ---- fields and bytes -------------------------------------------------------------------

    @property
    def _body_shift(self) -> int | None:
        """What bytes of the view have to be moved by in the bytes shown; None: they are others."""
        if self._view not in _TEXTS or self.bodies.text.frame is None:
            return self._shift
        # A text may be of the whole frame where its decoder reads a part of it.
        return 0 if self.bodies.text.frame is self.hex_pane.data else self._text_shift

    def _mark_current(self) -> None:
        """The field that stayed current through a change of messages keeps its bytes marked."""
        if self._view is FrameView.TREE:
            node = self.bodies.tree.tree.current_node
            span = None if node is None else node.span
            if span is not None and self._shift is not None and self._bytes_below:
                self.hex_pane.select(span.start + self._shift, span.stop + self._shift)
                return
        start, stop = self.hex_pane.selection
        shift = self._body_shift
        if self._view in _TEXTS and stop > start and shift is not None:
            self.bodies.select_bytes(start - shift, stop - shift)
        self.hex_pane.set_field(0, 0)

    @Slot(int, int)
    def on_bytes_selected(self, start: int, stop: int) -> None:
        """A field, number or line was selected: show its bytes."""
        shift = self._body_shift
        if shift is None:
            return
        frame = self.bodies.text.frame if self._view in _TEXTS else None
        if stop > start:
            self.hex_pane.select(start + shift, stop + shift)
        elif frame and start == len(frame):
            # The cursor is behind the last character: what was marked before is not here any more.
            self.hex_pane.select(start - 1 + shift, start + shift)
        self.hex_pane.set_field(0, 0)

    @Slot(int, int)
    def on_hex_selection_changed(self, start: int, stop: int) -> None:
        """Bytes were selected: show what stands in them."""
        shift = self._body_shift
        if shift is None or self._view is FrameView.HEX:
            return
        node = self.bodies.select_bytes(start - shift, stop - shift)
        if node is not None and node.span is not None:
            self.hex_pane.set_field(node.span.start + shift, node.span.stop + shift)
        else:
            self.hex_pane.set_field(0, 0)

    @Slot(int)
    def on_byte_wanted(self, at: int) -> None:
        """Show the byte where reading failed."""
        if self._shift is not None:
            if not self.hex_pane.isVisible():
                self.hex_requested.emit()
            self.hex_pane.select(at + self._shift, at + self._shift + 1)
