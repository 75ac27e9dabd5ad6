"""Which pair of frames is shown as hex, and the hex itself. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from zmqscope.core.decode.compare.bytes import Run, RunKind
from zmqscope.models.compare.comparison import Comparison
from zmqscope.models.compare.table import frame_words
from zmqscope.models.format import one_line
from zmqscope.ui.compare.hex_pair import HexPairView
from zmqscope.ui.theme import Theme

_Target = tuple[int, tuple[int, int] | None]


class HexPage(QWidget):
    """A choice of frames above both frames' bytes.

    Args:
        theme: Colours and fonts.

    Attributes:
        frames: The choice.
        view: The bytes.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.frames = QComboBox()
        self.frames.setFont(theme.data_font(size_px=11.5))
        self.frames.setAccessibleName(self.tr("Frame"))
        self.frames.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.view = HexPairView(theme)
        self._comparison: Comparison | None = None
        self._wanted: _Target | None = None
        self._filled: tuple[int, bool] | None = None
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 8, 4)
        row.addWidget(self.frames)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.view, 1)
        self.setFocusProxy(self.view)
        self.frames.activated.connect(self.on_frames_activated)

    def want(self, frame: int, at: tuple[int, int] | None) -> None:
        """Show this frame as soon as there is a comparison, at these offsets."""
        self._wanted = frame, at

    def set_folding(self, folds: bool) -> None:
        """Whether long equal stretches become one line."""
        self.view.set_folding(folds)

    def show_comparison(self, comparison: Comparison | None) -> None:
        """Show another comparison; the same frame, if it has one."""
        is_first = self._comparison is None
        before = self.frames.currentIndex()
        self._comparison = comparison
        self._filled = None
        if comparison is None:
            self.frames.clear()
            self.view.set_frames((b"", b""), ())
            return
        self._list_frames(comparison)
        if self._wanted is None and (is_first or not 0 <= before < self.frames.count()):
            self.frames.setCurrentIndex(self._first_different(comparison))
        elif self._wanted is None:
            self.frames.setCurrentIndex(before)
        else:
            self.frames.setCurrentIndex(min(self._wanted[0], self.frames.count() - 1))
        self._fill()

    def grow(self, comparison: Comparison) -> None:
        """More has been compared."""
        self._list_frames(comparison)
        self._fill()

    def step(self, direction: int) -> bool:
        """Go to the next change, in the next frame if need be."""
        if self.view.step(direction):
            return True
        frame = self.frames.currentIndex() + direction
        while 0 <= frame < self.frames.count():
            runs = self._runs(frame) or ()
            if any(run.kind is not RunKind.EQUAL for run in runs):
                self.frames.setCurrentIndex(frame)
                self._fill()
                return self.view.step(direction)
            frame += direction
        return False

    @Slot()
    def on_frames_activated(self) -> None:
        """Another frame was chosen."""
        self._fill()

    def _list_frames(self, comparison: Comparison) -> None:
        titles = [
            f"{one_line(row.label)} · {frame_words(row)}" for row in comparison.rows if row.is_frame
        ]
        for index, title in enumerate(titles):
            if index >= self.frames.count():
                self.frames.addItem(title)
            elif self.frames.itemText(index) != title:
                self.frames.setItemText(index, title)
        while self.frames.count() > len(titles):
            self.frames.removeItem(self.frames.count() - 1)

    @staticmethod
    def _first_different(comparison: Comparison) -> int:
        for frame in range(len(comparison.pairs)):
            one, two = comparison.bytes_of(frame)
            if one != two:
                return frame
        return 0

    def _runs(self, frame: int) -> tuple[Run, ...] | None:
        """Stretches of a frame; None while they are not known yet."""
        comparison = self._comparison
        return None if comparison is None else comparison.runs(frame)

    def _fill(self) -> None:
        comparison, frame = self._comparison, self.frames.currentIndex()
        if comparison is None or frame < 0:
            return
        runs = self._runs(frame)
        key = frame, runs is not None
        if key == self._filled:
            return
        self._filled = key
        self.view.set_frames(comparison.bytes_of(frame), runs or ())
        if runs is not None and self._wanted is not None and self._wanted[0] == frame:
            at = self._wanted[1]
            self._wanted = None
            if at is not None:
                self.view.go_to(*at)
