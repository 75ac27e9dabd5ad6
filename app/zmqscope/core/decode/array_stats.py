"""What the numbers of an array are like: figures, and the outline of a curve. Pure, any thread.

Large arrays are looked at in places that are evenly spread, and that is said.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zmqscope.core.decode.decoded import Numbers
from zmqscope.core.decode.dtypes import known_dtype

if TYPE_CHECKING:
    import numpy as np

MAX_NUMBERS = 4_000_000
"""Numbers that are looked at; takes some 50 ms."""

_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class ArrayStats:
    """Figures of an array; of complex numbers they are about magnitudes.

    Attributes:
        count: Numbers in the array.
        seen: How many of them were looked at.
        minimum: Smallest finite one; None where there is none.
        maximum: Largest finite one.
        mean: Mean of the finite ones; None where there is none, or it is too large for a float.
        std: Their standard deviation (of the whole population); None likewise.
        zeros: How many of those looked at are 0.
        nans: How many are not a number.
        infinite: How many are infinite.
        note: What the reader must know about these figures, a sentence; empty if all were seen.
    """

    count: int
    seen: int
    minimum: float | int | None = None
    maximum: float | int | None = None
    mean: float | None = None
    std: float | None = None
    zeros: int = 0
    nans: int = 0
    infinite: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The outline of a curve: for each column the smallest and the largest number in it.

    Attributes:
        lows: float64, one a column; NaN where a column has no finite number.
        highs: The same of the largest.
        per_column: Numbers that a column stands for, on average.
        note: What the reader must know, a sentence; empty if all numbers were seen.
    """

    lows: np.ndarray = field(repr=False)
    highs: np.ndarray = field(repr=False)
    per_column: float
    note: str = ""


def all_numbers(data: bytes, array: Numbers) -> np.ndarray:
    """The numbers in one dimension, not copied; those of a bool array as its bytes."""
    import numpy as np

    _, dtype = known_dtype(array.dtype)
    numbers = np.frombuffer(data, dtype, math.prod(array.shape), array.skip)
    # Bytes of a bool array may be other than 0 and 1, which misleads NumPy.
    return numbers.view("u1") if is_bool(array) else numbers


def is_bool(array: Numbers) -> bool:
    """Whether its numbers are truth values."""
    return array.dtype.endswith("b1")


def _comparable(numbers: np.ndarray, *, are_bools: bool) -> np.ndarray:
    """Numbers as they can be compared: complex ones by magnitude, wide enough for any sum."""
    import numpy as np

    if are_bools:
        truths: np.ndarray = np.minimum(numbers, 1)
        return truths
    if numbers.dtype.kind == "c":
        magnitudes: np.ndarray = np.abs(numbers.astype(np.complex128))
        return magnitudes
    if numbers.dtype.kind == "f":
        return numbers.astype(np.float64)
    return numbers


def _parts(numbers: np.ndarray) -> Iterator[np.ndarray]:
    """All numbers in chunks, or of a large array chunks that are evenly spread."""
    count = len(numbers)
    if count <= MAX_NUMBERS:
        starts = range(0, count, _CHUNK)
        for start in starts:
            yield numbers[start : start + _CHUNK]
        return
    chunks = MAX_NUMBERS // _CHUNK
    for index in range(chunks):
        start = index * (count - _CHUNK) // (chunks - 1)
        yield numbers[start : start + _CHUNK]


def _note(seen: int, count: int) -> str:
    if seen == count:
        return ""
    return f"From {seen:,} of {count:,} numbers, in places that are evenly spread."


def array_stats(data: bytes, array: Numbers) -> ArrayStats:
    """Figures of an array; takes some 100 ms at most, whatever its size.

    Args:
        data: The decoder's bytes.
        array: How numbers lie in them.
    """
    import numpy as np

    numbers = all_numbers(data, array)
    total = _Total()
    with np.errstate(all="ignore"):
        for part in _parts(numbers):
            total.add(_comparable(part, are_bools=is_bool(array)))
    return total.stats(len(numbers))


class _Total:
    """Sums over chunks; variances are put together as Chan, Golub and LeVeque do (1979)."""

    def __init__(self) -> None:
        self._seen = self._finite = 0
        self._zeros = self._nans = self._infinite = 0
        self._minimum: float | int | None = None
        self._maximum: float | int | None = None
        self._mean = self._squares = 0.0

    def add(self, part: np.ndarray) -> None:
        import numpy as np

        self._seen += len(part)
        if part.dtype.kind == "f":
            finite = np.isfinite(part)
            if not finite.all():
                nans = int(np.count_nonzero(np.isnan(part)))
                self._nans += nans
                self._infinite += len(part) - int(np.count_nonzero(finite)) - nans
                part = part[finite]
        if not len(part):
            return
        self._zeros += len(part) - int(np.count_nonzero(part))
        low, high = part.min().item(), part.max().item()
        self._minimum = low if self._minimum is None else min(self._minimum, low)
        self._maximum = high if self._maximum is None else max(self._maximum, high)
        wide = part.astype(np.float64)
        mean = float(wide.mean())
        squares = float(np.square(wide - mean).sum())
        seen, added = self._finite, len(part)
        self._finite = seen + added
        step = mean - self._mean
        self._mean += step * added / self._finite
        self._squares += squares + step * step * seen * added / self._finite

    def stats(self, count: int) -> ArrayStats:
        if not self._finite:
            return ArrayStats(
                count,
                self._seen,
                nans=self._nans,
                infinite=self._infinite,
                note=_note(self._seen, count),
            )
        return ArrayStats(
            count,
            self._seen,
            self._minimum,
            self._maximum,
            self._mean if math.isfinite(self._mean) else None,
            math.sqrt(self._squares / self._finite) if math.isfinite(self._squares) else None,
            self._zeros,
            self._nans,
            self._infinite,
            _note(self._seen, count),
        )


def array_envelope(
    data: bytes, array: Numbers, columns: int, start: int = 0, stop: int | None = None
) -> Envelope:
    """The outline of an array, or of a part of it, read in one row.

    Args:
        data: The decoder's bytes.
        array: How numbers lie in them.
        columns: Columns wanted; fewer come if there are fewer numbers.
        start: First number.
        stop: One past the last; None for all.
    """
    numbers = all_numbers(data, array)[start:stop]
    return outline_of(numbers, columns, are_bools=is_bool(array))


def outline_of(
    numbers: np.ndarray, columns: int, limit: int = MAX_NUMBERS, *, are_bools: bool = False
) -> Envelope:
    """The same of numbers in one dimension, which may lie apart in memory.

    Args:
        numbers: The numbers; complex ones count by magnitude.
        columns: Columns wanted; fewer come if there are fewer numbers.
        limit: Numbers that are looked at.
        are_bools: Whether they are the bytes of truth values.
    """
    import numpy as np

    count = len(numbers)
    columns = max(1, min(columns, count))
    if not count:
        empty = np.zeros(0)
        return Envelope(empty, empty, 0.0)
    edges = np.arange(columns + 1, dtype=np.int64) * count // columns
    if count <= limit:
        seen, note = numbers, ""
        firsts = edges[:-1]
    else:
        # The beginning of each column: peaks between may be missing.
        some = max(1, limit // columns)
        lengths = np.minimum(np.diff(edges), some)
        seen = np.concatenate(
            [numbers[at : at + n] for at, n in zip(edges[:-1], lengths, strict=True)]
        )
        firsts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        note = _note(len(seen), count)
    with np.errstate(all="ignore"):
        wide = _comparable(seen, are_bools=are_bools).astype(np.float64)
        wide[~np.isfinite(wide)] = np.nan
        lows = np.fmin.reduceat(wide, firsts)
        highs = np.fmax.reduceat(wide, firsts)
    return Envelope(lows, highs, count / columns, note)
