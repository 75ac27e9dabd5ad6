"""Finds the message before on the same topic, by columns. Any thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from zmqscope.core.capture.segment import Segment
from zmqscope.core.capture.store import CaptureStore, RowView
from zmqscope.core.capture.topics import NO_TOPIC, OTHER_TOPICS
from zmqscope.core.types import Direction, RowId, SocketId

HEAD_BYTES = 1_024
"""Bytes of each frame that a row is judged by."""

_FIRST_WINDOW = 4_096
_MOST_CANDIDATES = 2_000
_MOST_SECOND_BEST = 256
_MOST_FRAMES = 32
_LOOK_AT_CLOCK = 64


@dataclass(frozen=True, slots=True)
class Kin:
    """What messages on the same topic have in common.

    Attributes:
        socket_id: Their socket.
        direction: Which way they went.
        topic: Their topic id; None where it is not known any more.
    """

    socket_id: SocketId
    direction: Direction
    topic: int | None

    @property
    def is_exact(self) -> bool:
        """Whether the id alone tells the topic."""
        return self.topic is not None and self.topic not in (NO_TOPIC, OTHER_TOPICS)


@dataclass(frozen=True, slots=True)
class KinFound:
    """What was found.

    Attributes:
        row: The newest message that fits; None if there is none.
        is_complete: Whether all rows were looked at that could be newer; if not, time was up.
        oldest: The oldest row that was looked at.
    """

    row: RowId | None
    is_complete: bool
    oldest: int


def kin_of(store: CaptureStore, row: int, socket_id: SocketId, direction: Direction) -> Kin:
    """What a message has in common with others on its topic; it may have left memory."""
    for segment, local, _ in store.stretches(row, row + 1):
        return Kin(socket_id, direction, int(segment.buffers.topic[local]))
    return Kin(socket_id, direction, None)


def newest_before(
    store: CaptureStore,
    kin: Kin,
    row: int,
    fits: Callable[[RowView], int],
    budget_s: float = 0.1,
    since: int = 0,
    now_s: Callable[[], float] = time.perf_counter,
) -> KinFound:
    """The newest message before a row that is of a kin.

    Columns rule most rows out; only what is left becomes objects, one by one.

    Args:
        store: Where the rows are.
        kin: What they have in common.
        row: One past the newest row to look at.
        fits: Judges a row that the columns let through: 2 if it fits, 1 if it does for want of a
            better one, 0 if not.
        budget_s: Seconds after which it stops.
        since: The oldest row to look at.
        now_s: Monotonic time in seconds; exchanged in tests.
    """
    deadline = now_s() + budget_s
    second_best: RowId | None = None
    behind_second = 0
    looked_at = 0
    oldest = row
    for segment, low, high in _windows(store, since, row):
        for candidate in _candidates(segment, low, high, kin):
            looked_at += 1
            behind_second += second_best is not None
            view = store.row_views([candidate], HEAD_BYTES, _MOST_FRAMES)[0]
            grade = 0 if view is None else fits(view)
            if grade == 2:
                return KinFound(RowId(candidate), True, candidate)
            if grade and second_best is None:
                second_best = RowId(candidate)
            is_clock_due = not looked_at % _LOOK_AT_CLOCK
            if looked_at >= _MOST_CANDIDATES or (is_clock_due and now_s() > deadline):
                return KinFound(second_best, second_best is not None, candidate)
            if behind_second >= _MOST_SECOND_BEST:
                return KinFound(second_best, True, candidate)
        oldest = segment.base_row + low
        if now_s() > deadline:
            return KinFound(second_best, oldest <= max(since, store.first_row), oldest)
    return KinFound(second_best, True, oldest)


def _windows(store: CaptureStore, start: int, stop: int) -> Iterator[tuple[Segment, int, int]]:
    """Stretches of rows from the newest to the oldest, small ones first: kin is often close."""
    size = _FIRST_WINDOW
    for segment, low, high in reversed(list(store.stretches(start, stop))):
        end = high
        while end > low:
            begin = max(low, end - size)
            yield segment, begin, end
            end, size = begin, size * 2


def _candidates(segment: Segment, low: int, high: int, kin: Kin) -> list[int]:
    """Row ids that the columns do not rule out, the newest first."""
    b = segment.buffers
    if kin.is_exact:
        # An id stands for socket, direction and topic.
        found = np.flatnonzero(b.topic[low:high] == kin.topic)
    else:
        mask = (b.socket[low:high] == kin.socket_id) & (b.direction[low:high] == kin.direction)
        if kin.topic is not None:
            mask &= b.topic[low:high] == kin.topic
        found = np.flatnonzero(mask)
    rows: list[int] = (found[::-1][:_MOST_CANDIDATES] + (segment.base_row + low)).tolist()
    return rows
