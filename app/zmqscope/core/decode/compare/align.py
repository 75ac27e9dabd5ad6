"""Two sequences side by side: what stands in both, in order (Myers 1986). Pure, any thread."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

_FIRST_BLOCK, _LARGEST_BLOCK = 8, 4_096
_MOST_STEPS = 1_500_000
"""Elements that are looked at on the way: diagonals that all run far would take seconds."""


class Match(NamedTuple):
    """Elements that are the same in both: ``size`` of them, from ``before`` and ``after`` on."""

    before: int
    after: int
    size: int


def align(
    before: Sequence[Hashable], after: Sequence[Hashable], most_edits: int
) -> list[Match] | None:
    """The longest common subsequence, as stretches.

    Args:
        before: The one sequence.
        after: The other one, of the same type.
        most_edits: Insertions and deletions at most; time and memory grow with their square.

    Returns:
        Stretches in order; None if more edits than that are needed, or if it takes too long to
        find them.
    """
    low = common_start(before, after)
    tail = common_end(before, after, low)
    first = before[low : len(before) - tail]
    second = after[low : len(after) - tail]
    middle = _myers(first, second, most_edits)
    if middle is None:
        return None
    found = [Match(low + match.before, low + match.after, match.size) for match in middle]
    ends = Match(0, 0, low), Match(len(before) - tail, len(after) - tail, tail)
    return [match for match in (ends[0], *found, ends[1]) if match.size]


def common_start(
    before: Sequence[Hashable], after: Sequence[Hashable], at: int = 0, to: int = 0
) -> int:
    """How many elements are the same in both, from ``at`` and ``to`` on."""
    most = min(len(before) - at, len(after) - to)
    count, block = 0, _FIRST_BLOCK
    # Slices are compared in C; single elements would take ten times as long.
    while count < most:
        one = before[at + count : at + count + block]
        two = after[to + count : to + count + block]
        size = min(block, most - count)
        if one[:size] != two[:size]:
            return count + _first_difference(one, two, size)
        count, block = count + size, min(2 * block, _LARGEST_BLOCK)
    return most


def common_end(before: Sequence[Hashable], after: Sequence[Hashable], start: int) -> int:
    """How many elements both end with, those before ``start`` left out."""
    most = min(len(before), len(after)) - start
    count, block = 0, _FIRST_BLOCK
    while count < most:
        size = min(block, most - count)
        one = before[len(before) - count - size : len(before) - count][::-1]
        two = after[len(after) - count - size : len(after) - count][::-1]
        if one != two:
            return count + _first_difference(one, two, size)
        count, block = count + size, min(2 * block, _LARGEST_BLOCK)
    return most


def _first_difference(one: Sequence[Hashable], two: Sequence[Hashable], size: int) -> int:
    """Where two stretches of that size, which are not the same, begin to differ."""
    low, high = 0, size
    while high - low > 1:
        middle = (low + high) // 2
        if one[low:middle] == two[low:middle]:
            low = middle
        else:
            high = middle
    return low


def _myers(a: Sequence[Hashable], b: Sequence[Hashable], most_edits: int) -> list[Match] | None:
    """The greedy algorithm: furthest points of each diagonal, edit by edit."""
    size_a, size_b = len(a), len(b)
    if not size_a or not size_b:
        return [] if size_a + size_b <= most_edits else None
    furthest: dict[int, int] = {}
    trace: list[dict[int, int]] = []
    steps = 0
    for edits in range(min(size_a + size_b, most_edits) + 1):
        reached: dict[int, int] = {}
        for diagonal in range(-edits, edits + 1, 2):
            step = _Step(0, False) if not edits else _step(furthest, diagonal)
            if step is None:
                continue
            x, y = step.x, step.x - diagonal
            if x > size_a or y > size_b:
                continue
            if x < size_a and y < size_b and a[x] == b[y]:
                run = common_start(a, b, x, y)
                x, y, steps = x + run, y + run, steps + run
                if steps > _MOST_STEPS:
                    return None
            reached[diagonal] = x
            if x == size_a and y == size_b:
                trace.append(reached)
                return _matches(trace, size_a, size_b)
        trace.append(reached)
        furthest = reached
    return None


class _Step(NamedTuple):
    """Where an edit leads: an insertion goes down, a deletion to the right."""

    x: int
    goes_down: bool


def _step(furthest: dict[int, int], diagonal: int) -> _Step | None:
    """The edit that gets furthest on a diagonal; None if none leads there."""
    left, right = furthest.get(diagonal - 1, -2), furthest.get(diagonal + 1, -2)
    if left >= 0 and left + 1 > right:
        return _Step(left + 1, False)
    return None if right < 0 else _Step(right, True)


def _matches(trace: list[dict[int, int]], size_a: int, size_b: int) -> list[Match]:
    """The way back from the end, as stretches in order."""
    x, y = size_a, size_b
    found: list[Match] = []
    for reached in reversed(trace[:-1]):
        diagonal = x - y
        step = _step(reached, diagonal)
        if step is None:
            raise AssertionError("every point was reached from one before")
        if x > step.x:
            found.append(Match(step.x, step.x - diagonal, x - step.x))
        x, y = (
            (step.x, step.x - diagonal - 1) if step.goes_down else (step.x - 1, step.x - diagonal)
        )
    if x:
        found.append(Match(0, 0, x))
    return found[::-1]
