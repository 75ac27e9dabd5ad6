"""Compares two messages, in slices, so that the window never waits. GUI thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from zmqscope.core.decode.changes import Change, ChangeKind
from zmqscope.core.decode.compare import MAX_FIELDS, PLAIN_FORMATS, TreeComparer
from zmqscope.core.decode.compare_bytes import ByteComparison, Run, RunKind, compare_bytes
from zmqscope.core.decode.compare_numbers import compare_numbers
from zmqscope.core.decode.compare_text import MAX_TEXT_BYTES, compare_lines, decode_lines
from zmqscope.core.decode.decoded import Listing, Numbers, TextBody, Tree
from zmqscope.models.compare_frames import (
    FramePair,
    How,
    PairReading,
    pair_frames,
    read_pair,
    whole_pair,
)
from zmqscope.models.compare_number_rows import element_row, length_row, number_notes
from zmqscope.models.compare_rows import (
    COUNTED,
    CompareRow,
    change_row,
    line_row,
    run_row,
)
from zmqscope.models.format import format_bytes
from zmqscope.models.inspected import Inspected

MAX_ROWS = 20_000
"""Lines at most; what follows is not shown."""

_AT_ONCE_BYTES = 1_000_000
_LISTING_LINES = 50_000


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
        self._runs: dict[int, ByteComparison] = {}
        self._work = self._compare()

    def go_on(self, budget_s: float, now_s: Callable[[], float] = time.perf_counter) -> None:
        """Compare further, for so long; a step may take longer where a decoder does."""
        until = now_s() + budget_s
        while not self.is_done and now_s() < until:
            try:
                self.is_waiting = next(self._work)
            except StopIteration:
                self.is_done, self.is_waiting = True, False
                break
            if self.is_waiting:
                break

    def close(self) -> None:
        """Give up what is not compared yet."""
        self._work.close()
        self.is_done = True

    def bytes_of(self, frame: int) -> tuple[bytes, bytes]:
        """Both frames of a pair as they came; empty where one is missing."""
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
            self.rows.append(self._frame_row(frame, pair))
            yield False
            if pair.before is not None and pair.after is not None:
                yield from self._compare_pair(frame, pair.before, pair.after)
                self.rows[place] = self._frame_row(frame, pair, self.changes - before)
            else:
                self.changes += 1
            if len(self.rows) >= MAX_ROWS and frame + 1 < len(self.pairs):
                self._note(_tr("The frames behind this one are not compared."))
                return

    def _frame_row(self, frame: int, pair: FramePair, changes: int = -1) -> CompareRow:
        sizes = self.bytes_of(frame)
        message, index = self.after, pair.after
        kind, words = ChangeKind.CHANGED, ""
        if index is None:
            message, index = self.before, pair.before
            kind, words = ChangeKind.REMOVED, _tr("missing")
        elif pair.before is None:
            kind, words = ChangeKind.ADDED, _tr("new")
        elif changes == 0 and sizes[0] != sizes[1]:
            kind, words = ChangeKind.EQUAL, _tr("same")
            note = _tr("The values are the same, the bytes are not.")
            self._note(self._of_frame(index, note))
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
        if self.as_bytes:
            reading = whole_pair(before, after, first, second)
        else:
            reading = read_pair(before, after, first, second)
        if reading.note:
            self._note(self._of_frame(second, reading.note))
        yield False
        for note in _cut_notes(reading):
            self._note(self._of_frame(second, note))
        steps = {
            How.FIELDS: self._fields,
            How.LINES: self._lines,
            How.NUMBERS: self._numbers,
            How.BYTES: self._bytes,
        }[reading.how]
        yield from steps(frame, reading)

    def _of_frame(self, index: int, words: str) -> str:
        if len(self.pairs) < 2:
            return words
        return _tr("Frame {0}: {1}").format(index + 1, words)

    def _note(self, words: str) -> None:
        if words not in self.notes:
            self.notes.append(words)

    def _add(self, row: CompareRow) -> bool:
        """List a line; False once there is no more room."""
        if len(self.rows) >= MAX_ROWS:
            words = _tr("Only the first {0} lines are shown.")
            self._note(words.format(f"{MAX_ROWS:,}"))
            return False
        self.rows.append(row)
        self.changes += row.kind in COUNTED
        return True

    # ---- ways to compare --------------------------------------------------------------------

    def _fields(self, frame: int, reading: PairReading) -> Iterator[bool]:
        bodies = reading.bodies
        if bodies is None or not isinstance(bodies[0], Tree) or not isinstance(bodies[1], Tree):
            return
        is_plain = reading.readings[1].source[-1] in PLAIN_FORMATS
        comparer = TreeComparer(
            bodies[0].root,
            bodies[1].root,
            reading.data if is_plain else None,
            with_equal=self.with_equal,
        )
        for change in comparer.changes():
            if change is None:
                yield False
            elif not self._add(self._change_row(change, frame, reading)):
                return
        if comparer.is_stopped:
            words = _tr("The first {0} fields are compared; those behind are not.")
            self._note(words.format(f"{MAX_FIELDS // 2:,}"))

    @staticmethod
    def _change_row(change: Change, frame: int, reading: PairReading) -> CompareRow:
        path = reading.paths[0] if change.after is None else reading.paths[1]
        return replace(change_row(change, frame, path), at=_place(change, reading.offsets))

    def _lines(self, frame: int, reading: PairReading) -> Iterator[bool]:
        if reading.bodies is None:
            return
        lines: list[list[str]] = []
        for body, data in zip(reading.bodies, reading.data, strict=True):
            if isinstance(body, Listing):
                lines.append(_listing_lines(body))
            elif isinstance(body, TextBody):
                lines.append(decode_lines(data, body.encoding, body.bom))
                if len(data) > MAX_TEXT_BYTES:
                    words = _tr("Only the first {0} of the text are compared.")
                    self._note(words.format(format_bytes(MAX_TEXT_BYTES)))
            yield False
        for count, change in enumerate(
            compare_lines(lines[0], lines[1], with_equal=self.with_equal)
        ):
            if not self._add(line_row(change, frame)):
                return
            if count % 256 == 255:
                yield False

    def _numbers(self, frame: int, reading: PairReading) -> Iterator[bool]:
        bodies = reading.bodies
        if bodies is None:
            return
        first, second = bodies
        if not isinstance(first, Numbers) or not isinstance(second, Numbers):
            return
        found = compare_numbers(reading.data, first, second)
        if found is None:
            return
        yield False
        for note in number_notes(found):
            self._note(note)
        shared = min(len(found.before), len(found.after))
        places = range(shared) if self.with_equal else found.places.tolist()
        changed = set(found.places.tolist()) if self.with_equal else None
        for count, place in enumerate(places):
            kind = ChangeKind.CHANGED
            if changed is not None and place not in changed:
                kind = ChangeKind.EQUAL
            if not self._add(element_row(found, place, kind, frame, second, reading.paths[1])):
                return
            if count % 256 == 255:
                yield False
        if len(found.before) != len(found.after):
            self._add(length_row(found, frame, second))

    def _bytes(self, frame: int, reading: PairReading) -> Iterator[bool]:
        found = self._runs.get(frame)
        if found is None:
            waiting = _start_bytes(*reading.data)
            while isinstance(waiting, Future) and not waiting.done():
                yield True
            found = waiting.result() if isinstance(waiting, Future) else waiting
            self._runs[frame] = found
        if found.is_rough:
            self._note(_tr("Too much has changed to look for insertions: compared by place."))
        if found.is_stopped:
            self._note(_tr("There are too many changed bytes to tell all of them apart."))
        for count, run in enumerate(found.runs):
            is_wanted = run.kind is not RunKind.EQUAL or self.with_equal
            if is_wanted and not self._add(run_row(run, frame, reading.paths[1], reading.data)):
                return
            if count % 256 == 255:
                yield False


def _place(change: Change, offsets: tuple[int, int] | None) -> tuple[int, int] | None:
    """Where a field begins in both frames; where it is in one alone, that is all there is."""
    spans = [None if s is None else s.node.span for s in (change.before, change.after)]
    known = [span.start for span in spans if span is not None]
    if offsets is None or not known:
        return None
    one, two = (known[0] if span is None else span.start for span in spans)
    return one + offsets[0], two + offsets[1]


def _cut_notes(reading: PairReading) -> list[str]:
    """What is behind compressions and not compared."""
    if reading.how is How.BYTES and reading.bodies is None and not reading.paths[1].source[:-1]:
        return []
    words = _tr("Only the first {0} behind {1} are compared.")
    return [
        words.format(format_bytes(layer.unpacked), layer.name)
        for one in reading.readings
        for layer in one.layers
        if layer.is_cut
    ]


def _start_bytes(before: bytes, after: bytes) -> ByteComparison | Future[ByteComparison]:
    """Compare bytes: at once, or where there are many, on another thread."""
    if len(before) + len(after) <= _AT_ONCE_BYTES // 8:
        return compare_bytes(before, after)
    pool = ThreadPoolExecutor(1, "zmqscope-compare")
    future = pool.submit(compare_bytes, before, after)
    pool.shutdown(wait=False)
    return future


def _listing_lines(body: Listing) -> list[str]:
    lines = []
    for line in body.lines():
        lines.append(f"{line.text}  {line.note}".rstrip())
        if len(lines) >= _LISTING_LINES:
            break
    return lines


def _label(message: Inspected, index: int) -> str:
    name = message.name(index)
    return "" if name is None else f"{name.label} {name.decoder}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("Compare", text)
