"""Searches bytes in slices between two events, and goes from hit to hit. GUI thread."""

from __future__ import annotations

from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from zmqscope.models.format import format_count
from zmqscope.models.hex.pattern import HEX, TEXT, PatternError, parse_pattern
from zmqscope.models.hex.search import ByteSearch, Found, Way
from zmqscope.ui.inspector.hex_find import HexFindBar
from zmqscope.ui.inspector.hex_view import HexView
from zmqscope.ui.settings import Settings

_TYPING_MS = 120
# Of each turn of the event loop, so that nothing else waits longer.
_SLICE_S = 0.008
_MAX_TAKEN_BYTES = 64
_KIND_KEY = "hex.find_kind"


class HexFinder(QObject):
    """What happens behind the find bar.

    Args:
        view: Where the bytes are.
        bar: Where one types.
        settings: Remembers what kind of text was looked for; None forgets.
        parent: Owner.
    """

    def __init__(
        self, view: HexView, bar: HexFindBar, settings: Settings | None, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._bar = bar
        self._settings = settings
        self._search: ByteSearch | None = None
        self._origin = 0
        self._wanted: Way | None = None
        self._note = ""
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self.on_typing_timeout)
        self._work = QTimer(self)
        self._work.setInterval(0)
        self._work.timeout.connect(self.on_work_timeout)
        if settings is not None:
            bar.kind.set_kind(settings.get_text(_KIND_KEY, HEX))
        bar.hide()
        bar.field.textEdited.connect(self.on_field_edited)
        bar.field.next_wanted.connect(self.on_next)
        bar.field.previous_wanted.connect(self.on_previous)
        bar.field.left.connect(self.on_close)
        bar.close_clicked.connect(self.on_close)
        bar.kind.changed.connect(self.on_kind_changed)

    @property
    def search(self) -> ByteSearch | None:
        """What is searched for, if anything."""
        return self._search

    @property
    def is_busy(self) -> bool:
        """Whether there is anything left to be looked at."""
        return self._work.isActive() or self._typing.isActive()

    # ---- opening and closing ----------------------------------------------------------------

    @Slot()
    def on_open(self) -> None:
        """Open the bar, or go to it; selected bytes are what to look for."""
        if self._bar.isHidden():
            self._bar.show()
            self._bar.show_hint()
        start, stop = self._view.selection
        self._origin = start
        is_hit = self._search is not None and self._search.is_hit(start)
        if 0 < stop - start <= _MAX_TAKEN_BYTES and not is_hit:
            self._take(self._view.data[start:stop])
        elif self._search is None:
            self._begin(go=False)
        self._bar.field.setFocus()
        self._bar.field.selectAll()

    def _take(self, part: bytes) -> None:
        """Look for these bytes: as text where text is looked for and they are some."""
        text = part.decode(errors="replace")
        if self._bar.kind.kind != TEXT or not text.isprintable() or "\ufffd" in text:
            self._bar.kind.set_kind(HEX)
            text = part.hex(" ")
        self._bar.field.setText(text)
        self._begin(go=False)

    @Slot()
    def on_close(self) -> None:
        """End the search and go back to the bytes."""
        self._drop()
        self._bar.hide()
        self._view.setFocus()

    def on_bytes_changed(self) -> None:
        """Other bytes are shown: count in these, but go nowhere unasked."""
        self._origin = 0
        self._drop()
        if not self._bar.isHidden():
            self._begin(go=False)

    # ---- what to look for -------------------------------------------------------------------

    @Slot(str)
    def on_field_edited(self, _text: str) -> None:
        """Search as soon as nothing has been typed for a moment."""
        self._typing.start()

    @Slot()
    def on_typing_timeout(self) -> None:
        """Nothing has been typed for a moment."""
        self._begin(go=True)

    @Slot()
    def on_kind_changed(self) -> None:
        """What is typed means something else now."""
        if self._settings is not None:
            self._settings.set_text(_KIND_KEY, self._bar.kind.kind)
        self._begin(go=True)
        self._bar.field.setFocus()

    def _drop(self) -> None:
        self._typing.stop()
        self._work.stop()
        self._search, self._wanted, self._note = None, None, ""
        self._view.set_search(None)

    def _begin(self, *, go: bool) -> None:
        self._drop()
        self._bar.field.set_problem(False)
        try:
            pattern = parse_pattern(self._bar.field.text(), self._bar.kind.kind)
        except PatternError as error:
            self._bar.field.set_problem(True)
            problem = error.problem
            self._bar.result.say(f"{problem.text} {problem.hint}", problem.text, tone="broken")
            return
        if pattern is None:
            self._bar.show_hint()
            return
        self._search = ByteSearch(self._view.data, pattern)
        self._view.set_search(self._search)
        if go:
            self._search.look(self._origin, Way.NEXT)
        self._work.start()
        self.on_work_timeout()

    # ---- from hit to hit --------------------------------------------------------------------

    @Slot()
    def on_next(self) -> None:
        """Go to the next hit."""
        self._go(Way.NEXT)

    @Slot()
    def on_previous(self) -> None:
        """Go to the hit before."""
        self._go(Way.PREVIOUS)

    def _go(self, way: Way) -> None:
        if self._bar.isHidden() and not self._bar.field.text():
            self.on_open()
            return
        self._bar.show()
        if self._typing.isActive():
            # What was typed is not looked for yet; that search goes to its first hit itself.
            self._begin(go=True)
            return
        if self._search is None:
            self._begin(go=False)
        search = self._search
        if search is None:
            return
        start = self._view.selection[0]
        if way is Way.NEXT and search.is_hit(start) and self._view.selection[1] > start:
            start += 1
        self._origin = start
        search.look(start, way)
        self._work.start()
        self.on_work_timeout()

    @Slot()
    def on_work_timeout(self) -> None:
        """Look at as many slices as there is time for."""
        search, until = self._search, perf_counter() + _SLICE_S
        while search is not None and perf_counter() < until:
            if search.is_looking:
                found = search.look_on()
                if found is not None:
                    self._arrive(search, found)
            elif not search.count_on():
                self._work.stop()
                break
        self._say()

    def _arrive(self, search: ByteSearch, found: Found) -> None:
        self._note = ""
        if found.offset is None:
            return
        if found.went_round:
            self._note = self.tr("went round")
        self._view.choose(found.offset, found.offset + len(search.pattern))

    def _say(self) -> None:
        search = self._search
        if search is None:
            return
        count = format_count(search.count)
        if not search.is_counted:
            words = self.tr("{0} so far, {1:.0%} searched").format(count, search.share)
            self._bar.result.say(words)
            return
        if not search.count:
            self._bar.result.say(self.tr("Not found"), tone="waiting")
            return
        start = self._view.selection[0]
        rank = search.rank(start) if search.is_hit(start) else None
        words = self.tr("{0} hits").format(count) if search.count > 1 else self.tr("1 hit")
        if rank is not None and self._view.selection[1] > start:
            words = self.tr("{0} of {1}").format(format_count(rank + 1), count)
        self._bar.result.say(f"{words} · {self._note}" if self._note else words, words)

    @Slot()
    def on_view_moved(self) -> None:
        """Another byte is selected: another hit, or none."""
        if self._search is not None and self._search.is_counted and not self._search.is_looking:
            self._say()
