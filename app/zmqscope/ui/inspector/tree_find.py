"""The bar that finds fields by name or value. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QTimer, Signal, Slot

from zmqscope.core.decode.node import Node
from zmqscope.models.inspector.node_search import NodeSearch
from zmqscope.ui.inspector.find_bar import FindBar
from zmqscope.ui.theme import Theme

_SLICE_S = 0.008


class TreeFindBar(FindBar):
    """Looks through the fields a slice at a time, so that the window never waits for it.

    Args:
        theme: Icons.
    """

    hit_chosen = Signal(object)
    """Where a hit is: tuple[int, ...] of rows below the root."""

    def __init__(self, theme: Theme) -> None:
        purpose = QCoreApplication.translate("TreeFindBar", "Find a field or value")
        super().__init__(theme, purpose)
        self._root: Node | None = None
        self._search: NodeSearch | None = None
        self._at = -1
        self._wanted = False
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self.on_timer_timeout)
        self.typed.connect(self.on_typed)
        self.stepped.connect(self.on_stepped)

    def set_root(self, root: Node | None) -> None:
        """Look here from now on; words that are there are looked for again, without a jump."""
        self._root = root
        self._start()

    @Slot()
    def open(self) -> None:
        """Come into sight."""
        super().open()
        self._start()

    @Slot(str)
    def on_typed(self, text: str) -> None:
        """Something else is looked for."""
        self._start()
        self._wanted = bool(text)

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
    def leave(self) -> None:
        """Go out of sight; what was found is forgotten."""
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
        self.say(words)
