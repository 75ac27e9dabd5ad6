"""The bar that finds fields by name or value. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QSizePolicy

from zmqscope.core.decode.node import Node
from zmqscope.models.node_search import NodeSearch
from zmqscope.ui.claimed_keys import claims_escape
from zmqscope.ui.icon_button import IconButton
from zmqscope.ui.theme import Theme

_SLICE_S = 0.008
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


class TreeFindBar(QFrame):
    """Looks through the fields a slice at a time, so that the window never waits for it.

    Args:
        theme: Icons.

    Attributes:
        field: Where one types.
    """

    hit_chosen = Signal(object)
    """Where a hit is: tuple[int, ...] of rows below the root."""
    closed = Signal()
    """The bar was left."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._root: Node | None = None
        self._search: NodeSearch | None = None
        self._at = -1
        self._wanted = False
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self.on_timer_timeout)
        self.setProperty("role", "find")
        self.field = _FindField()
        self.field.setMaxLength(_MAX_CHARS)
        self.field.setPlaceholderText(self.tr("Find a field or value"))
        self.field.setAccessibleName(self.tr("Find a field or value"))
        self.field.setToolTip(self.tr("Capital letters make it mind case; Enter goes on"))
        self.field.textChanged.connect(self.on_text_changed)
        self.field.stepped.connect(self.on_stepped)
        self.field.left.connect(self.on_left)
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
        close.clicked.connect(self.on_left)
        row = QHBoxLayout(self)
        row.setContentsMargins(9, 3, 6, 3)
        row.setSpacing(4)
        row.addWidget(self.field, 1)
        row.addWidget(self._words)
        for button in (back, on, close):
            row.addWidget(button)
        self.hide()

    def set_root(self, root: Node | None) -> None:
        """Look here from now on; words that are there are looked for again, without a jump."""
        self._root = root
        self._start()

    @property
    def words(self) -> str:
        """What it says of the search."""
        return self._words.text()

    @Slot()
    def open(self) -> None:
        """Come into sight."""
        self.show()
        self.field.setFocus()
        self.field.selectAll()
        self._start()

    @Slot(str)
    def on_text_changed(self, _text: str) -> None:
        """Something else is looked for."""
        self._start()
        self._wanted = bool(self.field.text())

    def _start(self) -> None:
        text = self.field.text()
        self._at = -1
        self._wanted = False
        if self._root is None or not text or self.isHidden():
            self._search = None
            self._timer.stop()
        else:
            self._search = NodeSearch(self._root, text)
            self._timer.start()
        self._tell()

    @Slot()
    def on_timer_timeout(self) -> None:
        """Look on."""
        search = self._search
        if search is None:
            self._timer.stop()
            return
        search.run(_SLICE_S)
        if search.is_done:
            self._timer.stop()
        if self._wanted and len(search.hits) > self._at + 1:
            self._wanted = False
            self._go(self._at + 1)
        self._tell()

    @Slot(int)
    def on_stepped(self, step: int) -> None:
        """The next or the previous hit is wanted."""
        search = self._search
        if search is None:
            return
        at = self._at + step
        if at >= len(search.hits) and not search.is_done:
            self._wanted = True
        elif search.hits:
            self._go(at % len(search.hits))
        self._tell()

    def _go(self, at: int) -> None:
        if self._search is not None:
            self._at = at
            self.hit_chosen.emit(self._search.hits[at])

    @Slot()
    def on_back_clicked(self) -> None:
        """The previous hit is wanted."""
        self.on_stepped(-1)

    @Slot()
    def on_next_clicked(self) -> None:
        """The next hit is wanted."""
        self.on_stepped(1)

    @Slot()
    def on_left(self) -> None:
        """Close the bar."""
        self.hide()
        self._start()
        self.closed.emit()

    def _none_words(self, search: NodeSearch) -> str:
        if search.is_cut:
            return self.tr("Not in the first {0}").format(f"{search.looked_at:,}")
        return self.tr("Not found")

    def _tell(self) -> None:
        search = self._search
        if search is None:
            words = ""
        else:
            count = f"{len(search.hits):,}"
            if search.is_cut:
                count += "+"
            place = f"{self._at + 1:,} / {count}" if self._at >= 0 else count
            if search.is_done:
                words = place if search.hits else self._none_words(search)
            else:
                words = f"{place} … {search.looked_at:,}"
        if words != self._words.text():
            self._words.setText(words)
            self._words.setAccessibleName(words)
