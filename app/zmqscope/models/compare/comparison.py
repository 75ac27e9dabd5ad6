"""Compares two messages, in slices, so that the window never waits. GUI thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator

from PySide6.QtCore import QCoreApplication

from zmqscope.core.decode.compare.bytes import ByteComparison, Run, compare_bytes
from zmqscope.core.decode.compare.changes import ChangeKind
from zmqscope.core.decode.compare.tree import MAX_DEPTH
from zmqscope.models.compare.frames import FramePair, pair_frames, read_pair, whole_pair
from zmqscope.models.compare.pair import PairComparer, cut_notes
from zmqscope.models.compare.rows import COUNTED, CompareRow
from zmqscope.models.format import format_bytes
from zmqscope.models.inspector.inspected import Inspected

MAX_ROWS = 20_000
"""Lines at most; what follows is not shown."""

MAX_WORK_S = 12.0
"""Seconds of work after which it stops."""


class Comparison:
    """Two messages, frame by frame.

    Args:
        before: The one.
        after: The other one.
        with_equal: Whether fields without a change are listed, too.
        as_bytes: Whether bytes are compared whatever they mean.

    Attributes:
        rows: What was found so far.
        pairs: The frames that belong together.
        notes: What the reader must know, a sentence each.
        changes: How many changes there are so far.
        is_done: Whether that is all.
        is_waiting: Whether another thread compares bytes.
        is_whole: Whether everything was looked at so far; if not, ``notes`` say what was not.
    """

    def __init__(
        self,
        before: Inspected,
        after: Inspected,
        *,
        with_equal: bool = False,
        as_bytes: bool = False,
    ) -> None:
        self.before = before
        self.after = after
        self.with_equal = with_equal
        self.as_bytes = as_bytes
        self.pairs = pair_frames(before, after)
        self.rows: list[CompareRow] = []
        self.notes: list[str] = []
        self.changes = 0
        self.is_done = False
        self.is_waiting = False
        self.is_whole = True
        self._is_partial = False
        self._spent_s = 0.0
        self._runs: dict[int, ByteComparison] = {}
        self._work = self._compare()

    def go_on(self, budget_s: float, now_s: Callable[[], float] = time.perf_counter) -> None:
        """Compare further, for so long; a step may take longer where a decoder does."""
        began = now_s()
        until = began + budget_s
        if self._spent_s > MAX_WORK_S:
            self.close()
            self.leave_out(
                _tr("It takes too long: this is not all. Compare bytes to see the rest.")
            )
        while not self.is_done and now_s() < until:
            try:
                self.is_waiting = next(self._work)
            except StopIteration:
                self.is_done, self.is_waiting = True, False
                break
            if self.is_waiting:
                break
        self._spent_s += now_s() - began

    def close(self) -> None:
        """Give up what is not compared yet."""
        self._work.close()
        self.is_done = True

    def bytes_of(self, frame: int) -> tuple[bytes, bytes]:
        """Both frames of a pair as they came; empty where one is missing, or is a password."""
        return (b"", b"") if self._is_secret(frame) else self._frames_of(frame)

    def _is_secret(self, frame: int) -> bool:
        pair = self.pairs[frame]
        sides = (self.before, pair.before), (self.after, pair.after)
        names = (None if index is None else message.name(index) for message, index in sides)
        return any(name is not None and name.is_secret for name in names)

    def _frames_of(self, frame: int) -> tuple[bytes, bytes]:
        pair = self.pairs[frame]
        return (
            b"" if pair.before is None else self.before.frames[pair.before],
            b"" if pair.after is None else self.after.frames[pair.after],
        )

    def runs(self, frame: int) -> tuple[Run, ...] | None:
        """Stretches of bytes of a pair of frames; None while they are not compared yet."""
        one, two = self.bytes_of(frame)
        if frame in self._runs:
            return self._runs[frame].runs
        pair = self.pairs[frame]
        if pair.before is None or pair.after is None or self._is_passed(frame):
            return compare_bytes(one, two).runs
        return None

    def _is_passed(self, frame: int) -> bool:
        """Whether a pair was compared without a look at single bytes: they are equal."""
        return self.is_done or sum(row.is_frame for row in self.rows) > frame + 1

    # ---- step by step -----------------------------------------------------------------------

    def _compare(self) -> Generator[bool]:
        for frame, pair in enumerate(self.pairs):
            place, before = len(self.rows), self.changes
            self._is_partial = False
            self.rows.append(self._frame_row(frame, pair))
            yield False
            if pair.before is not None and pair.after is not None:
                yield from self._compare_pair(frame, pair.before, pair.after)
                self.rows[place] = self._frame_row(frame, pair, self.changes - before)
            else:
                self.changes += 1
            if len(self.rows) >= MAX_ROWS and frame + 1 < len(self.pairs):
                self.leave_out(_tr("The frames behind this one are not compared."))
                return

    def _frame_row(self, frame: int, pair: FramePair, changes: int = -1) -> CompareRow:
        sizes = self._frames_of(frame)
        message, index = self.after, pair.after
        kind, words = ChangeKind.CHANGED, ""
        if index is None:
            message, index = self.before, pair.before
            kind, words = ChangeKind.REMOVED, _tr("missing")
        elif pair.before is None:
            kind, words = ChangeKind.ADDED, _tr("new")
        elif changes >= 0 and self._is_partial:
            words = f"{changes:,}+"
        elif changes == 0 and sizes[0] != sizes[1]:
            kind, words = ChangeKind.EQUAL, _tr("same")
            note = _tr("The values are the same, the bytes are not.")
            self.note(self._of_frame(index, note))
        elif changes == 0:
            kind, words = ChangeKind.EQUAL, _tr("equal")
        elif changes > 0:
            words = f"{changes:,}"
        number = 0 if index is None else index
        return CompareRow(
            kind,
            frame,
            f"{number + 1} {message.kind(number)}",
            "",
            "" if pair.before is None else format_bytes(len(sizes[0])),
            "" if pair.after is None else format_bytes(len(sizes[1])),
            words,
            is_frame=True,
        )

    def _compare_pair(self, frame: int, first: int, second: int) -> Iterator[bool]:
        before, after = self.before, self.after
        if before.frames[first] == after.frames[second]:
            same = before.choice(first) == after.choice(second)
            if same and _label(before, first) == _label(after, second):
                return
        if self._is_secret(frame):
            self.changes += before.frames[first] != after.frames[second]
            self.note(
                self._of_frame(second, _tr("A password is not shown, only whether it changed."))
            )
            return
        # Each may take as long as a decoder may: not both at once.
        before.found(first)
        yield False
        after.found(second)
        yield False
        if self.as_bytes:
            reading = whole_pair(before, after, first, second)
        else:
            reading = read_pair(before, after, first, second)
        if reading.note:
            self.note(self._of_frame(second, reading.note))
        yield False
        for note in cut_notes(reading):
            self.leave_out(self._of_frame(second, note))
        comparer = PairComparer(frame, reading, self)
        yield from comparer.steps()
        if comparer.found is not None:
            self._runs[frame] = comparer.found

    def _of_frame(self, index: int, words: str) -> str:
        if len(self.pairs) < 2:
            return words
        return _tr("Frame {0}: {1}").format(index + 1, words)

    def note(self, words: str) -> None:
        """Say something that the reader must know, once."""
        if words not in self.notes:
            self.notes.append(words)

    def leave_out(self, words: str) -> None:
        """Say what is not compared; nothing may be called equal then."""
        self.note(words)
        self._is_partial = True
        self.is_whole = False

    def add(self, row: CompareRow) -> bool:
        """List a line; False once there is no more room."""
        if len(self.rows) >= MAX_ROWS:
            words = _tr("Only the first {0} lines are shown.")
            self.leave_out(words.format(f"{MAX_ROWS:,}"))
            return False
        self.rows.append(row)
        self.changes += row.kind in COUNTED
        if row.kind is ChangeKind.UNREAD:
            self.leave_out(
                _tr("What lies deeper than {0} levels is not compared.").format(MAX_DEPTH)
            )
        return True


def _label(message: Inspected, index: int) -> str:
    name = message.name(index)
    return "" if name is None else f"{name.label} {name.decoder}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("Compare", text)
