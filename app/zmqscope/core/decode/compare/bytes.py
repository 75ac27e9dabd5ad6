"""Two frames byte by byte, of any size: what is equal, replaced, put in, taken out. Any thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.decode.compare.align import Match, align

MAX_RUNS = 20_000
"""Stretches at most; what follows is one replaced stretch."""

MAX_ALIGNED = 1_000_000
"""Bytes between the common ends in which insertions are looked for, beyond the outermost one."""

_BLOCK = 1 << 20
_KEY_BYTES = 8
_MOST_EDITS = 256
_SMALL = 4_096
_MOST_EDGES = 4 * MAX_RUNS
_GLUE = 2
"""Equal bytes between two changes that do not part them: chance makes as many equal."""


class RunKind(Enum):
    """What became of a stretch of bytes."""

    EQUAL = "equal"
    REPLACED = "replaced"
    INSERTED = "inserted"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of bytes in both frames.

    Attributes:
        kind: What became of it.
        before: Its first byte in the frame before, and one past its last; equal if it was inserted.
        after: The same in the frame behind; equal if it was deleted.
    """

    kind: RunKind
    before: tuple[int, int]
    after: tuple[int, int]

    @property
    def length(self) -> int:
        """Bytes that it takes side by side: the longer of both."""
        return max(self.before[1] - self.before[0], self.after[1] - self.after[0])


@dataclass(frozen=True, slots=True)
class ByteComparison:
    """Two frames side by side.

    Attributes:
        runs: All stretches, in order; together they are both frames.
        is_rough: Whether there may be insertions that were not looked for: there is too much
            between the equal ends.
        is_stopped: Whether the last stretch stands for more changes than are told apart.
    """

    runs: tuple[Run, ...] = field(repr=False)
    is_rough: bool = False
    is_stopped: bool = False


def compare_bytes(before: bytes, after: bytes) -> ByteComparison:
    """Compare two frames; 200 MB take some tenths of a second."""
    first = np.frombuffer(before, np.uint8)
    second = np.frombuffer(after, np.uint8)
    low = _common_start(first, second)
    tail = _common_start(first[low:][::-1], second[low:][::-1])
    ends = len(before) - tail, len(after) - tail
    found = _Runs()
    found.add(RunKind.EQUAL, (0, low), (0, low))
    is_rough = False
    if ends[0] - low == ends[1] - low:
        _in_place(found, first, second, (low, ends[0]), (low, ends[1]))
    elif min(ends) == low:
        found.add_gap((low, ends[0]), (low, ends[1]))
    elif max(ends) - low <= MAX_ALIGNED:
        _by_anchors(found, first, second, (low, ends[0]), (low, ends[1]))
    else:
        is_rough = True
        shared = min(ends) - low
        _in_place(found, first, second, (low, low + shared), (low, low + shared))
        found.add_gap((low + shared, ends[0]), (low + shared, ends[1]))
    found.add(RunKind.EQUAL, (ends[0], len(before)), (ends[1], len(after)))
    runs, is_stopped = found.bounded()
    return ByteComparison(runs, is_rough, is_stopped)


Bytes = NDArray[np.uint8]
_Range = tuple[int, int]


class _Runs:
    """Stretches as they are found; those of a kind that touch become one."""

    def __init__(self) -> None:
        self._runs: list[Run] = []
        self.is_stopped = False

    @property
    def is_full(self) -> bool:
        return len(self._runs) >= MAX_RUNS

    def add(self, kind: RunKind, before: _Range, after: _Range) -> None:
        if before[0] == before[1] and after[0] == after[1]:
            return
        last = self._runs[-1] if self._runs else None
        if last is not None and last.kind is kind and kind is not RunKind.INSERTED:
            if kind is RunKind.DELETED or last.after[1] == after[0]:
                self._runs[-1] = Run(kind, (last.before[0], before[1]), (last.after[0], after[1]))
                return
        elif last is not None and last.kind is kind:
            self._runs[-1] = Run(kind, last.before, (last.after[0], after[1]))
            return
        self._runs.append(Run(kind, before, after))

    def add_gap(self, before: _Range, after: _Range) -> None:
        """What is not equal: as much as both have was replaced, the rest put in or taken out."""
        shared = min(before[1] - before[0], after[1] - after[0])
        middle = before[0] + shared, after[0] + shared
        self.add(RunKind.REPLACED, (before[0], middle[0]), (after[0], middle[1]))
        self.add(RunKind.DELETED, (middle[0], before[1]), (after[1], after[1]))
        self.add(RunKind.INSERTED, (before[1], before[1]), (middle[1], after[1]))

    def bounded(self) -> tuple[tuple[Run, ...], bool]:
        """All of them, or as many as there may be; and whether some were left out."""
        if len(self._runs) <= MAX_RUNS:
            return tuple(self._runs), self.is_stopped
        kept, last = self._runs[: MAX_RUNS - 1], self._runs[-1]
        whole = _Runs()
        whole._runs = kept
        whole.add_gap((kept[-1].before[1], last.before[1]), (kept[-1].after[1], last.after[1]))
        return tuple(whole._runs), True


def _common_start(first: Bytes, second: Bytes) -> int:
    """How many bytes both begin with; block by block, to stay in the processor's cache."""
    most = min(len(first), len(second))
    for start in range(0, most, _BLOCK):
        stop = min(most, start + _BLOCK)
        differs = first[start:stop] != second[start:stop]
        at = int(differs.argmax())
        if differs[at]:
            return start + at
    return most


def _in_place(found: _Runs, first: Bytes, second: Bytes, before: _Range, after: _Range) -> None:
    """Compare two stretches of the same length where they stand."""
    length = before[1] - before[0]
    for start in range(0, length, _BLOCK):
        if found.is_full:
            found.is_stopped = True
            found.add_gap((before[0] + start, before[1]), (after[0] + start, after[1]))
            return
        stop = min(length, start + _BLOCK)
        differs = (
            first[before[0] + start : before[0] + stop]
            != second[after[0] + start : after[0] + stop]
        )
        stretches, is_whole = _stretches(differs)
        found.is_stopped |= not is_whole
        for low, high, is_other in stretches:
            kind = RunKind.REPLACED if is_other else RunKind.EQUAL
            found.add(
                kind,
                (before[0] + start + low, before[0] + start + high),
                (after[0] + start + low, after[0] + start + high),
            )


def _stretches(differs: NDArray[np.bool_]) -> tuple[list[tuple[int, int, bool]], bool]:
    """Where it is the same for how long, and whether that was looked at to the end.

    The few equal bytes between two changes count as changed.
    """
    if not differs.any():
        return [(0, len(differs), False)], True
    edges = np.flatnonzero(differs[1:] != differs[:-1]) + 1
    is_whole = len(edges) <= _MOST_EDGES
    bounds = [0, *edges[:_MOST_EDGES].tolist(), len(differs)]
    result: list[tuple[int, int, bool]] = []
    is_other = bool(differs[0])
    for low, high in pairwise(bounds):
        is_glue = low > 0 and high - low <= _GLUE and high < len(differs)
        is_other_here = is_other or is_glue or (not is_whole and high == len(differs))
        if result and result[-1][2] and is_other_here:
            result[-1] = result[-1][0], high, True
        else:
            result.append((low, high, is_other_here))
        is_other = not is_other
    return result, is_whole


# ---- insertions ---------------------------------------------------------------------------------


def _by_anchors(found: _Runs, first: Bytes, second: Bytes, before: _Range, after: _Range) -> None:
    """Find where the same bytes stand elsewhere, and compare what lies between."""
    at, to = before[0], after[0]
    for match in (*_anchors(first, second, before, after), None):
        until = (match.before, match.after) if match else (before[1], after[1])
        _between(found, first, second, (at, until[0]), (to, until[1]))
        if match is not None:
            at, to = match.before + match.size, match.after + match.size
            found.add(RunKind.EQUAL, (until[0], at), (until[1], to))


def _between(found: _Runs, first: Bytes, second: Bytes, before: _Range, after: _Range) -> None:
    sizes = before[1] - before[0], after[1] - after[0]
    if sizes[0] == sizes[1]:
        _in_place(found, first, second, before, after)
        return
    if max(sizes) > _SMALL or not min(sizes):
        found.add_gap(before, after)
        return
    one = first[before[0] : before[1]].tobytes()
    two = second[after[0] : after[1]].tobytes()
    matches = align(one, two, _MOST_EDITS)
    # One or two equal bytes by chance would only tear a change into pieces.
    matches = [match for match in matches or () if match.size > _GLUE]
    at = to = 0
    for match in (*matches, Match(len(one), len(two), 0)):
        found.add_gap(
            (before[0] + at, before[0] + match.before), (after[0] + to, after[0] + match.after)
        )
        at, to = match.before + match.size, match.after + match.size
        found.add(
            RunKind.EQUAL,
            (before[0] + match.before, before[0] + at),
            (after[0] + match.after, after[0] + to),
        )


def _anchors(first: Bytes, second: Bytes, before: _Range, after: _Range) -> list[Match]:
    """Stretches that occur once in each, in the same order in both (patience)."""
    one, two = first[before[0] : before[1]], second[after[0] : after[1]]
    if min(len(one), len(two)) < _KEY_BYTES or max(len(one), len(two)) <= _SMALL:
        return []
    keys_one, places_one = _unique_keys(one)
    keys_two, places_two = _unique_keys(two)
    _both, at, to = np.intersect1d(keys_one, keys_two, assume_unique=True, return_indices=True)
    pairs = np.stack((places_one[at], places_two[to]), axis=1)
    pairs = pairs[pairs[:, 0].argsort()]
    matches: list[Match] = []
    end_one = end_two = 0
    for x, y in _ascending(pairs):
        if x < end_one or y < end_two:
            continue
        back = _common_start(one[end_one:x][::-1], two[end_two:y][::-1])
        ahead = _common_start(one[x:], two[y:])
        matches.append(Match(before[0] + x - back, after[0] + y - back, back + ahead))
        end_one, end_two = x + ahead, y + ahead
    return matches


def _unique_keys(data: Bytes) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """All eight bytes in a row that occur once, as numbers, and where they begin."""
    count = len(data) - _KEY_BYTES + 1
    keys = np.zeros(count, np.uint64)
    for index in range(_KEY_BYTES):
        keys |= data[index : index + count].astype(np.uint64) << np.uint64(8 * index)
    unique, places, counts = np.unique(keys, return_index=True, return_counts=True)
    once = counts == 1
    return unique[once], places[once].astype(np.int64)


def _ascending(pairs: NDArray[np.int64]) -> list[tuple[int, int]]:
    """The longest part of the pairs, ordered by the first number, in which the second ascends.

    Neighbours that move along together are one pair, which bounds the work.
    """
    if not len(pairs):
        return []
    steps = np.diff(pairs, axis=0)
    is_head = np.ones(len(pairs), np.bool_)
    is_head[1:] = (steps[:, 0] != steps[:, 1]) | (steps[:, 0] > _KEY_BYTES)
    heads = pairs[is_head].tolist()
    tails: list[int] = []
    tops: list[int] = []
    before = [-1] * len(heads)
    for index, (_x, y) in enumerate(heads):
        low, high = 0, len(tops)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if tops[middle] < y else (low, middle)
        if low:
            before[index] = tails[low - 1]
        tops[low : low + 1] = [y]
        tails[low : low + 1] = [index]
    chain = []
    index = tails[-1]
    while index >= 0:
        chain.append((int(heads[index][0]), int(heads[index][1])))
        index = before[index]
    return chain[::-1]
