"""The bar where one types what to find, with a count and the way from hit to hit. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QSizePolicy

from zmqscope.ui.claimed_keys import claims_escape
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.theme import Theme

_MAX_CHARS = 1_000


class _FindField(QLineEdit):
    """Enter and Shift+Enter go from hit to hit, Esc leaves."""

    stepped = Signal(int)
    left = Signal()

    def event(self, event: QEvent) -> bool:
        return claims_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.stepped.emit(-1 if back else 1)
            case Qt.Key.Key_Down:
                self.stepped.emit(1)
            case Qt.Key.Key_Up:
                self.stepped.emit(-1)
            case Qt.Key.Key_Escape:
                self.left.emit()
            case _:
                super().keyPressEvent(event)


class FindBar(QFrame):
    """A field, words about the search, and buttons.

    Args:
        theme: Icons.
        purpose: What can be found.

    Attributes:
        field: Where one types.
    """

    typed = Signal(str)
    """Something else is looked for."""
    stepped = Signal(int)
    """The next hit is wanted, or with -1 the one before."""
    closed = Signal()
    """The bar was left."""

    def __init__(self, theme: Theme, purpose: str) -> None:
        super().__init__()
        self.setProperty("role", "find")
        self.field = _FindField()
        self.field.setMaxLength(_MAX_CHARS)
        self.field.setPlaceholderText(purpose)
        self.field.setAccessibleName(purpose)
        self.field.setToolTip(self.tr("Capital letters make it mind case; Enter goes on"))
        self.field.textChanged.connect(self.typed)
        self.field.stepped.connect(self.stepped)
        self.field.left.connect(self.leave)
        self._words = QLabel()
        self._words.setProperty("tone", "muted")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._words.setMinimumWidth(86)
        back = IconButton(theme, "chevron-up", self.tr("Previous hit (Shift+Enter)"))
        back.clicked.connect(self.on_back_clicked)
        on = IconButton(theme, "chevron-down", self.tr("Next hit (Enter)"))
        on.clicked.connect(self.on_next_clicked)
        close = IconButton(theme, "x", self.tr("Close (Esc)"))
        close.clicked.connect(self.leave)
        row = QHBoxLayout(self)
        row.setContentsMargins(9, 3, 6, 3)
        row.setSpacing(4)
        row.addWidget(self.field, 1)
        row.addWidget(self._words)
        for button in (back, on, close):
            row.addWidget(button)
        self.hide()

    @property
    def words(self) -> str:
        """What it says of the search."""
        return self._words.text()

    def say(self, words: str) -> None:
        """Say something else of the search."""
        if words != self._words.text():
            self._words.setText(words)
            self._words.setAccessibleName(words)

    @Slot()
    def open(self) -> None:
        """Come into sight."""
        self.show()
        self.field.setFocus()
        self.field.selectAll()

    @Slot()
    def leave(self) -> None:
        """Go out of sight."""
        self.hide()
        self.closed.emit()

    @Slot()
    def on_back_clicked(self) -> None:
        """The previous hit is wanted."""
        self.stepped.emit(-1)

    @Slot()
    def on_next_clicked(self) -> None:
        """The next hit is wanted."""
        self.stepped.emit(1)
