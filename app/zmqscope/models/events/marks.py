"""Events worth a mark on the time axis: kept in columns, merged where close. GUI thread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from zmqscope.core.events import EventKind, EventLine
from zmqscope.core.types import Severity
from zmqscope.models.rates.view import TimeRange

MAX_MARKS = 4_096
"""Happenings kept; the oldest make room."""

_APART_NS = 1_000_000_000
_MAX_WORDS = 6
_GONE_NS = -1
_MARGIN = 0.35


@dataclass(frozen=True, slots=True)
class Mark:
    """What happened at one place of the axis.

    Attributes:
        time_ns: Where it stands: when it happened, or near the first of several.
        severity: The worst of it.
        count: How often something happened.
        first_ns: Start of the stretch of time that it stands for.
        last_ns: Its end.
    """

    time_ns: int
    severity: Severity
    count: int
    first_ns: int
    last_ns: int


def is_worth_a_mark(line: EventLine) -> bool:
    """Whether it belongs on the axis: not what libzmq tells of its own, nor what only informs."""
    if line.kind is EventKind.MONITOR:
        return False
    return line.kind is not EventKind.NOTICE or line.severity > Severity.INFO


class EventMarks:
    """Happenings in time; a line that counts up has one a second at most.

    Args:
        limit: Happenings kept at most.
    """

    def __init__(self, limit: int = MAX_MARKS) -> None:
        self._limit = limit
        self._times_ns = np.full(limit, _GONE_NS, dtype=np.int64)
        self._counts = np.zeros(limit, dtype=np.int64)
        self._severities = np.zeros(limit, dtype=np.int64)
        self._numbers = np.zeros(limit, dtype=np.int64)
        self._next = 0
        self._lines: dict[int, EventLine] = {}
        # Where the newest happening of each line is.
        self._newest: dict[int, int] = {}

    def __len__(self) -> int:
        return int(np.count_nonzero(self._times_ns != _GONE_NS))

    def take(self, lines: Iterable[EventLine]) -> bool:
        """Take lines in, new and changed; whether any of them is worth a mark."""
        any_mark = False
        for line in lines:
            if line.count == 0:
                any_mark |= self._forget(line.number)
            elif is_worth_a_mark(line):
                self._add(line)
                any_mark = True
        return any_mark

    def clear(self) -> None:
        """Forget all."""
        self._times_ns[:] = _GONE_NS
        self._lines.clear()
        self._newest.clear()

    def _add(self, line: EventLine) -> None:
        before = self._lines.pop(line.number, None)
        # Last in the dict is newest: the first makes room.
        self._lines[line.number] = line
        if len(self._lines) > self._limit:
            gone = next(iter(self._lines))
            del self._lines[gone]
            self._newest.pop(gone, None)
        if before is None:
            self._put(line, line.first_ns, 1)
            more = line.count - 1
        else:
            more = line.count - before.count
        slot = self._newest[line.number]
        if line.last_ns - int(self._times_ns[slot]) >= _APART_NS:
            self._put(line, line.last_ns, max(more, 1))
        else:
            self._counts[slot] += max(more, 0)
            self._severities[slot] = max(int(self._severities[slot]), int(line.severity))

    def _put(self, line: EventLine, time_ns: int, count: int) -> None:
        slot = self._next
        self._next = (slot + 1) % self._limit
        former = int(self._numbers[slot])
        if self._newest.get(former) == slot:
            # It is as if that line had never been.
            del self._newest[former]
            if former != line.number:
                self._lines.pop(former, None)
        self._times_ns[slot], self._counts[slot] = time_ns, count
        self._severities[slot], self._numbers[slot] = int(line.severity), line.number
        self._newest[line.number] = slot

    def _forget(self, number: int) -> bool:
        self._newest.pop(number, None)
        if self._lines.pop(number, None) is None:
            return False
        self._times_ns[self._numbers == number] = _GONE_NS
        return True

    # ---- what is shown ----------------------------------------------------------------------

    def within(self, shown: TimeRange, apart_ns: int) -> list[Mark]:
        """Marks in a stretch of time, in order.

        They are merged by stretches of the time itself, so that they stay as they are while the
        picture moves.

        Args:
            shown: The stretch of time.
            apart_ns: What lies closer together may be one mark.
        """
        apart_ns = max(apart_ns, 1)
        # Whole bins: the first one must not change when its start leaves the picture.
        start_ns = max(shown.start_ns - shown.start_ns % apart_ns, 0)
        is_inside = (self._times_ns >= start_ns) & (self._times_ns <= shown.end_ns)
        found = np.flatnonzero(is_inside)
        if not len(found):
            return []
        found = found[np.argsort(self._times_ns[found], kind="stable")]
        times_ns = self._times_ns[found]
        bins = times_ns // apart_ns
        starts = np.flatnonzero(np.concatenate(([True], np.diff(bins) != 0)))
        first_ns = times_ns[starts]
        counts = np.add.reduceat(self._counts[found], starts)
        # What is merged keeps away from the next mark.
        low_ns = bins[starts] * apart_ns + round(apart_ns * _MARGIN)
        high_ns = low_ns + round(apart_ns * (1 - 2 * _MARGIN))
        places_ns = np.where(counts > 1, np.clip(first_ns, low_ns, high_ns), first_ns)
        columns = (
            places_ns.tolist(),
            first_ns.tolist(),
            np.maximum.reduceat(self._severities[found], starts).tolist(),
            counts.tolist(),
            np.append(times_ns[starts[1:] - 1], times_ns[-1]).tolist(),
        )
        return [
            Mark(time_ns, Severity(severity), count, start, last_ns)
            for time_ns, start, severity, count, last_ns in zip(*columns, strict=True)
        ]

    def lines_of(self, mark: Mark, most: int = _MAX_WORDS) -> tuple[list[EventLine], int]:
        """What a mark stands for, the worst and newest first.

        Args:
            mark: The mark.
            most: Lines wanted at most.

        Returns:
            Lines, and how many there are.
        """
        inside = (self._times_ns >= mark.first_ns) & (self._times_ns <= mark.last_ns)
        numbers = np.unique(self._numbers[inside]).tolist()
        lines = [self._lines[number] for number in numbers if number in self._lines]
        lines.sort(key=lambda line: (line.severity, line.last_ns), reverse=True)
        return lines[:most], len(lines)
