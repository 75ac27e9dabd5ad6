"""The bar above bytes where one types the offset to go to. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout

from zmqscope.models.hex.offset import OffsetError, Target, parse_target
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.inspector.hex_find import ByteField, bar_row
from zmqscope.ui.inspector.hex_line import HexLine
from zmqscope.ui.theme import Theme


class HexGotoBar(QFrame):
    """A field for an offset; says where it leads before one goes there.

    Args:
        theme: Colours, fonts, icons.

    Attributes:
        field: Where one types.
        result: The line below.
    """

    chosen = Signal(int, int)
    """Go there: first byte, and one past the last to be selected; equal for a mere cursor."""
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._caret = self._size = 0
        self.setProperty("role", "find")
        self.field = ByteField(theme, self.tr("Go to offset"))
        self.field.setPlaceholderText("0x1f, 31, +16, -16, 50%, end, 4:8")
        self.result = HexLine(theme)
        close = IconButton(theme, "x", self.tr("Close (Esc)"))
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 2)
        column.setSpacing(0)
        column.addLayout(bar_row(self.field, close))
        below = bar_row(self.result)
        below.setContentsMargins(12, 0, 8, 0)
        column.addLayout(below)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.field.textEdited.connect(self.on_field_edited)
        self.field.next_wanted.connect(self.on_enter)
        self.field.previous_wanted.connect(self.on_enter)
        self.field.left.connect(self.on_close)
        close.clicked.connect(self.on_close)
        self.hide()

    def open_at(self, caret: int, size: int) -> None:
        """Open, or come to the front.

        Args:
            caret: Where one is.
            size: How many bytes there are.
        """
        self._caret, self._size = caret, size
        self.show()
        self.field.setFocus()
        self.field.selectAll()
        self._look()

    @Slot(str)
    def on_field_edited(self, _text: str) -> None:
        """Say where it leads."""
        self._look()

    def _look(self) -> Target | None:
        text = self.field.text()
        self.field.set_problem(False)
        if not text.strip():
            self.result.say(self.tr("An offset in hex or decimal, + or - from here."))
            return None
        try:
            target = parse_target(text, self._caret, self._size)
        except OffsetError as error:
            self.field.set_problem(True)
            problem = error.problem
            self.result.say(f"{problem.text} {problem.hint}", problem.text, tone="broken")
            return None
        words = f"0x{target.start:x} · {target.start:,}"
        if target.stop > target.start:
            words = self.tr("{0}, {1:,} bytes").format(words, target.stop - target.start)
        self.result.say(words)
        return target

    @Slot()
    def on_enter(self) -> None:
        """Go there, if there is such a place."""
        target = self._look()
        if target is not None:
            self.chosen.emit(*target)
            self.on_close()

    @Slot()
    def on_close(self) -> None:
        """Go nowhere."""
        self.hide()
        self.closed.emit()
