"""A frame's text, with what must be said where not all of it is shown as it is. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from zmqscope.models.inspector.frame_text import FrameText
from zmqscope.ui.claimed_keys import claims
from zmqscope.ui.inspector.find_bar import FindBar
from zmqscope.ui.inspector.text_finder import TextFinder
from zmqscope.ui.inspector.text_rest import TextRest
from zmqscope.ui.inspector.text_view import FrameTextView
from zmqscope.ui.theme import Theme

_MAX_TAKEN_CHARS = 100
_FIND_KEYS = (
    QKeySequence.StandardKey.Find,
    QKeySequence.StandardKey.FindNext,
    QKeySequence.StandardKey.FindPrevious,
)


class TextPane(QWidget):
    """Text, laid out as JSON on wish, and what is found in it.

    Of a large frame the beginning is shown, or what stands around the bytes that somebody wants
    to see.

    Args:
        theme: Colours and fonts.

    Attributes:
        text: Where it is shown.
        find_bar: Where one types what to find.
        finder: The search.
    """

    hex_requested = Signal()
    save_requested = Signal()
    notes_changed = Signal()
    """There is something else to be said about the text."""
    bytes_selected = Signal(int, int)
    """By the user: bytes of the text's frame."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._source: FrameText | None = None
        # Bytes to be selected once they have been loaded, and the units of a hit likewise.
        self._awaited: tuple[int, int] | None = None
        self._awaited_hit: tuple[int, int] | None = None
        self.text = FrameTextView(theme)
        self.find_bar = FindBar(theme, self.tr("Find in the text"))
        self.finder = TextFinder(self.find_bar, self)
        self._rest = TextRest()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.find_bar)
        column.addWidget(self.text, 1)
        column.addWidget(self._rest)
        self.text.grown.connect(self.on_text_grown)
        self._rest.hex_clicked.connect(self.hex_requested)
        self._rest.save_clicked.connect(self.save_requested)
        self._rest.all_clicked.connect(self.on_all_clicked)
        self._rest.begin_clicked.connect(self.on_begin_clicked)
        self.text.places_selected.connect(self.on_places_selected)
        self.find_bar.closed.connect(self.on_find_bar_closed)
        self.finder.words_changed.connect(self.text.set_hits)
        self.finder.hit_chosen.connect(self.on_hit_chosen)
        self.setFocusProxy(self.text)

    def set_source(self, source: FrameText | None, *, is_json: bool) -> None:
        """Show another text from its beginning, or none.

        One of as many lines is shown where one is: a value can be watched from message to message.
        """
        bar, lines = self.text.verticalScrollBar(), self.text.document().blockCount()
        top = bar.value()
        self._show(source, is_json=is_json)
        if self.text.document().blockCount() == lines:
            bar.setValue(top)
        self.finder.set_text(source)

    def _show(self, source: FrameText | None, *, is_json: bool) -> None:
        self._source = source
        self._awaited = self._awaited_hit = None
        if source is None:
            self.text.clear_text()
        else:
            self.text.set_text(source, is_json=is_json)
        self._update_words()

    @property
    def frame(self) -> bytes | None:
        """The bytes that the text is of."""
        return None if self._source is None else self._source.frame

    @property
    def notes(self) -> list[str]:
        """What the reader must know about the text, a sentence each."""
        return [] if self._source is None else self._source.notes()

    # ---- text and bytes ---------------------------------------------------------------------

    @Slot(int, int)
    def on_places_selected(self, start: int, stop: int) -> None:
        """The user selected text."""
        if self._source is not None:
            span = self._source.bytes_between(start, stop)
            self.finder.set_place(start if self._source.is_pretty else span[0])
            self.bytes_selected.emit(*span)

    def select_bytes(self, start: int, stop: int) -> None:
        """Select the text of some bytes, without saying so; equal for one character.

        What is not loaded is shown around them instead of the beginning; laid-out JSON is loaded
        until there.
        """
        source = self._source
        if source is None or not 0 <= start < len(source.frame):
            return
        self._awaited = self._awaited_hit = None
        if self._select(source, start, stop):
            return
        around = None if self.text.is_reading_past(start) else source.around(start)
        if around is not None:
            self._show(around, is_json=False)
        if around is None or not self._select(around, start, stop):
            self._awaited = (start, stop)
            if source.is_pretty:
                self.on_all_clicked()

    def _select(self, source: FrameText, start: int, stop: int) -> bool:
        """Select what is loaded of the text of some bytes, if their first one is."""
        places = source.places_between(start, min(stop, max(start, source.bytes_read)))
        if places is not None:
            self.text.select(*places)
        return places is not None

    # ---- finding ----------------------------------------------------------------------------

    @Slot()
    def open_find(self) -> None:
        """Open the find bar, or go to it; selected words are what to look for."""
        words = self.text.textCursor().selectedText()
        if words and words.isprintable() and len(words) <= _MAX_TAKEN_CHARS:
            self.find_bar.field.setText(words)
        self.find_bar.open()
        self.finder.begin()

    @Slot()
    def on_find_bar_closed(self) -> None:
        """The search is over."""
        self.finder.begin()
        self.text.setFocus()

    @Slot(int, int)
    def on_hit_chosen(self, start: int, stop: int) -> None:
        """Show a hit, and its bytes below."""
        source = self._source
        if source is None:
            return
        if not source.is_pretty:
            self.select_bytes(start, stop)
            self.bytes_selected.emit(start, stop)
            return
        self._awaited, self._awaited_hit = None, (start, stop)
        self._try_hit(source)
        if self._awaited_hit is not None:
            self.on_all_clicked()

    def _try_hit(self, source: FrameText) -> None:
        """Select a hit in laid-out JSON if it is loaded."""
        hit = self._awaited_hit
        if hit is not None and hit[1] < self.text.document().characterCount():
            self._awaited_hit = None
            self.text.select(*hit)
            self.bytes_selected.emit(*source.bytes_between(*hit))

    # ---- loading ----------------------------------------------------------------------------

    @Slot()
    def on_text_grown(self) -> None:
        """More of the text is there."""
        self._update_words()
        source = self._source
        if source is None:
            return
        self._try_hit(source)
        if self._awaited is not None and self._select(source, *self._awaited):
            self._awaited = None

    @Slot()
    def on_all_clicked(self) -> None:
        """Load the rest of the text."""
        self.text.show_all()
        self._update_words()

    @Slot()
    def on_begin_clicked(self) -> None:
        """Go back to the beginning."""
        if self._source is not None:
            self._show(self._source.from_beginning(), is_json=False)
            self.text.setFocus()

    def _update_words(self) -> None:
        self._rest.tell(self._source, is_loading=self.text.is_loading)
        self.notes_changed.emit()

    # ---- keys -------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        # While the keyboard is in the text, these keys mean its own search.
        for key in _FIND_KEYS:
            if claims(event, key):
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Find):
            self.open_find()
        elif event.matches(QKeySequence.StandardKey.FindNext):
            self._step(1)
        elif event.matches(QKeySequence.StandardKey.FindPrevious):
            self._step(-1)
        elif event.key() == Qt.Key.Key_Escape and not self.find_bar.isHidden():
            self.find_bar.leave()
        else:
            super().keyPressEvent(event)

    def _step(self, step: int) -> None:
        if self.find_bar.isHidden():
            self.open_find()
        else:
            self.finder.on_stepped(step)
