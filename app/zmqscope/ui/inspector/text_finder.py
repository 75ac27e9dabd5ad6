"""Searches a text in slices between two events, and goes from hit to hit. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from zmqscope.models.inspector.frame_text import FrameText
from zmqscope.models.inspector.text_search import TextSearch
from zmqscope.ui.inspector.find_bar import FindBar

# Of each turn of the event loop, so that nothing else waits longer.
_SLICE_S = 0.008


class TextFinder(QObject):
    """What happens behind the find bar of a text.

    Args:
        bar: Where one types.
        parent: Owner.
    """

    hit_chosen = Signal(int, int)
    """Where a hit is: units of laid-out text, bytes of any other."""
    words_changed = Signal(str)
    """What is looked for from now on; empty for nothing."""

    def __init__(self, bar: FindBar, parent: QWidget) -> None:
        super().__init__(parent)
        self._bar = bar
        self._text: FrameText | None = None
        self._search: TextSearch | None = None
        self._at = -1
        self._wanted = 0
        self._place = 0
        self._work = QTimer(self)
        self._work.setInterval(0)
        self._work.timeout.connect(self.on_work_timeout)
        bar.typed.connect(self.on_typed)
        bar.stepped.connect(self.on_stepped)

    @property
    def search(self) -> TextSearch | None:
        """What is searched for, if anything."""
        return self._search

    def set_text(self, text: FrameText | None) -> None:
        """Look here from now on: count in it, but go nowhere unasked."""
        self._text = text
        self._place = 0
        self.begin()

    def set_place(self, place: int) -> None:
        """The user is elsewhere: the next hit is the next one from here."""
        self._place = place
        self._at = -1
        self._tell()

    def begin(self) -> None:
        """Look for what is typed, if the bar is in sight."""
        words = "" if self._bar.isHidden() else self._bar.field.text()
        self._at, self._wanted = -1, 0
        self._search = None
        self._work.stop()
        if words and self._text is not None:
            self._search = TextSearch(self._text.searched(), words)
            self._work.start()
        self.words_changed.emit(words)
        self._tell()

    @Slot(str)
    def on_typed(self, _text: str) -> None:
        """Something else is looked for."""
        self.begin()
        self._wanted = 1 if self._search is not None else 0

    @Slot()
    def on_work_timeout(self) -> None:
        """Look on."""
        search = self._search
        if search is None:
            self._work.stop()
            return
        search.run(_SLICE_S)
        if search.is_done:
            self._work.stop()
        if self._wanted:
            self._try(search, self._wanted)
        self._tell()

    @Slot(int)
    def on_stepped(self, step: int) -> None:
        """The next or the previous hit is wanted."""
        if self._search is not None:
            self._wanted = step
            self._try(self._search, step)
            self._tell()

    def _try(self, search: TextSearch, step: int) -> None:
        """Go there, or wait until it is known where that is."""
        if self._at >= 0:
            at = self._at + step
        else:
            first = search.first_from(self._place)
            if first >= search.count and not search.is_done:
                return
            at = first if step > 0 else first - 1
        if not 0 <= at < search.count and not search.is_done:
            return
        self._wanted = 0
        if search.count:
            self._at = at % search.count
            self.hit_chosen.emit(*search.span(self._at))

    def _tell(self) -> None:
        search = self._search
        if search is None:
            self._bar.say("")
            return
        count = f"{search.count:,}" + ("+" if search.is_cut else "")
        place = f"{self._at + 1:,} / {count}" if self._at >= 0 else count
        if not search.is_done:
            self._bar.say(self.tr("{0} … {1:.0%}").format(place, search.source.share))
        elif search.count:
            self._bar.say(place)
        else:
            self._bar.say(self.tr("Not found"))
