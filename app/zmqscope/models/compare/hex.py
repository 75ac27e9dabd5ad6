"""Two frames as hex side by side: which bytes stand in which line. Pure, any thread.

Nothing is made before it is seen; lines are worked out from stretches.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple

from zmqscope.core.decode.compare.bytes import Run, RunKind

_CONTEXT_LINES = 2
_FOLDED_FROM_LINES = 8


class Cell(NamedTuple):
    """A byte on both sides.

    Attributes:
        before: Its offset in the frame before; None where there is none.
        after: The same in the frame behind.
        kind: What became of it.
    """

    before: int | None
    after: int | None
    kind: RunKind


@dataclass(frozen=True, slots=True)
class _Part:
    """Lines that follow one another: of stretches ``first`` to ``last``, or a fold.

    Attributes:
        line: Number of the first line.
        start: Place of its first byte on the axis on which both frames stand side by side.
        stop: One past the last.
        is_fold: Whether one line stands for all of it.
    """

    line: int
    start: int
    stop: int
    is_fold: bool


@dataclass(frozen=True, slots=True)
class Fold:
    """A line that stands for many equal bytes.

    Attributes:
        count: How many.
    """

    count: int


class HexPair:
    """Two frames side by side.

    Args:
        data: Both frames.
        runs: Their stretches, as ``compare_bytes`` gives them.
        bytes_per_line: Bytes in a line.
        folds: Whether long equal stretches become one line.
    """

    def __init__(
        self,
        data: tuple[bytes, bytes],
        runs: tuple[Run, ...],
        bytes_per_line: int = 8,
        *,
        folds: bool = False,
    ) -> None:
        self.data = data
        self.runs = runs
        self.bytes_per_line = bytes_per_line
        self.folds = folds
        self._starts: list[int] = []
        place = 0
        for run in runs:
            self._starts.append(place)
            place += run.length
        self._length = place
        self._parts: list[_Part] = []
        self.line_count = 0
        self._lay_out()

    def set_layout(self, bytes_per_line: int, *, folds: bool) -> None:
        """Lay lines out anew."""
        if (bytes_per_line, folds) != (self.bytes_per_line, self.folds):
            self.bytes_per_line, self.folds = bytes_per_line, folds
            self._lay_out()

    def _lay_out(self) -> None:
        self._parts = []
        self.line_count = 0
        width = self.bytes_per_line
        start = 0
        for begin, run in zip(self._starts, self.runs, strict=True):
            if not self.folds or run.kind is not RunKind.EQUAL:
                continue
            # Whole lines are folded, so that lines behind a fold begin where they would have begun.
            low = begin if begin == 0 else -(-begin // width) * width + _CONTEXT_LINES * width
            end = begin + run.length
            high = end if end == self._length else (end // width - _CONTEXT_LINES) * width
            if high - low < _FOLDED_FROM_LINES * width and (low, high) != (0, self._length):
                continue
            self._add_part(start, low, is_fold=False)
            self._add_part(low, high, is_fold=True)
            start = high
        self._add_part(start, self._length, is_fold=False)

    def _add_part(self, start: int, stop: int, *, is_fold: bool) -> None:
        if start >= stop:
            return
        self._parts.append(_Part(self.line_count, start, stop, is_fold))
        self.line_count += 1 if is_fold else -(-(stop - start) // self.bytes_per_line)

    @property
    def offset_digits(self) -> int:
        """Digits that every offset needs; at least four."""
        needed = max(len(f"{max(0, len(data) - 1):x}") for data in self.data)
        return max(4, needed + needed % 2)

    def line(self, number: int) -> list[Cell] | Fold:
        """The bytes of a line, or that it stands for many equal ones."""
        part = self._part_of(number)
        if part.is_fold:
            return Fold(part.stop - part.start)
        start = part.start + (number - part.line) * self.bytes_per_line
        stop = min(part.stop, start + self.bytes_per_line)
        return [self._cell(place) for place in range(start, stop)]

    def _part_of(self, number: int) -> _Part:
        at = bisect_right(self._parts, number, key=lambda part: part.line) - 1
        return self._parts[max(0, at)]

    def _cell(self, place: int) -> Cell:
        at = bisect_right(self._starts, place) - 1
        run, inside = self.runs[at], place - self._starts[at]
        before, after = run.before[0] + inside, run.after[0] + inside
        return Cell(
            before if before < run.before[1] else None,
            after if after < run.after[1] else None,
            run.kind,
        )

    # ---- changes ----------------------------------------------------------------------------

    def line_of_run(self, index: int) -> int:
        """The line in which a stretch begins."""
        place = self._starts[index]
        at = bisect_right(self._parts, place, key=lambda part: part.start) - 1
        part = self._parts[max(0, at)]
        return (
            part.line if part.is_fold else part.line + (place - part.start) // self.bytes_per_line
        )

    def step(self, index: int, direction: int) -> int | None:
        """The next stretch with a change; None if there is none that way.

        Args:
            index: The stretch to go on from; -1 for none.
            direction: 1 for the next, -1 for the one before.
        """
        at = index + direction if index >= 0 or direction > 0 else len(self.runs) - 1
        while 0 <= at < len(self.runs):
            if self.runs[at].kind is not RunKind.EQUAL:
                return at
            at += direction
        return None

    def run_at(self, before: int, after: int) -> int:
        """The first stretch with a change that ends behind a byte of either frame; -1 for none."""
        for index, run in enumerate(self.runs):
            is_behind = run.before[1] > before or run.after[1] > after
            if is_behind and run.kind is not RunKind.EQUAL:
                return index
        return -1
