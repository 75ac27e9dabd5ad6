"""Two arrays of numbers, element by element. Pure, any thread."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.decode.decoded import Numbers

MAX_ELEMENTS = 20_000
"""Changed elements that are told one by one; the others are counted."""

_PIECE = 1 << 18
_WHOLE = (1, 2, 4, 8)
"""Widths at which an element's bytes are one unsigned number."""


@dataclass(frozen=True, slots=True)
class NumbersComparison:
    """What two arrays of the same kind of number differ in.

    Attributes:
        before: The numbers before, in one row.
        after: The numbers behind.
        places: Where they differ, as far as both go; ``MAX_ELEMENTS`` at most.
        changed: How many differ.
        most: By how much, at most; None where that cannot be said.
    """

    before: NDArray[np.generic] = field(repr=False)
    after: NDArray[np.generic] = field(repr=False)
    places: NDArray[np.int64] = field(repr=False)
    changed: int
    most: float | None = None


def compare_numbers(
    data: tuple[bytes, bytes], first: Numbers, second: Numbers
) -> NumbersComparison | None:
    """Compare two arrays by place; None if they are not of the same kind of number."""
    if first.dtype != second.dtype:
        return None
    one, two = numbers_of(data[0], first), numbers_of(data[1], second)
    shared = min(len(one), len(two))
    changed, kept = 0, [np.zeros(0, np.int64)]
    gaps: list[float] = []
    for start in range(0, shared, _PIECE):
        stop = min(start + _PIECE, shared)
        places = np.flatnonzero(_differ(one[start:stop], two[start:stop]))
        kept.append(places[: max(0, MAX_ELEMENTS - changed)] + start)
        changed += len(places)
        gaps += _most_gap(one[start:stop][places], two[start:stop][places])
    return NumbersComparison(one, two, np.concatenate(kept), changed, max(gaps, default=None))


def _most_gap(one: NDArray[np.generic], two: NDArray[np.generic]) -> list[float]:
    """The largest finite difference, if there is one."""
    if not len(one) or one.dtype.kind not in "iuf" or two.dtype.kind not in "iuf":
        return []
    with np.errstate(all="ignore"):
        gaps = np.abs(two.astype(np.float64) - one.astype(np.float64))
    gaps = gaps[np.isfinite(gaps)]
    return [float(gaps.max())] if len(gaps) else []


def _differ(one: NDArray[np.generic], two: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Which elements differ in their bytes: a NaN is the same as itself, -0 is not 0."""
    width = one.dtype.itemsize
    differs: NDArray[np.bool_]
    if width in _WHOLE:
        differs = one.view(f"u{width}") != two.view(f"u{width}")
    else:
        rows = [part.view(np.uint8).reshape(len(part), width) for part in (one, two)]
        differs = np.any(rows[0] != rows[1], axis=1)
    return differs


def numbers_of(data: bytes, body: Numbers) -> NDArray[np.generic]:
    """The numbers of an array in one row."""
    dtype = np.dtype(body.dtype)
    count = 1
    for size in body.shape:
        count *= size
    room = max(0, (len(data) - body.skip) // dtype.itemsize)
    return np.frombuffer(data, dtype, min(count, room), body.skip if room else 0)
