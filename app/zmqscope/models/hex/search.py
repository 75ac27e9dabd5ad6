"""Finds a pattern in bytes of any size, a slice at a time. One thread at a time."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zmqscope.models.hex.pattern import Pattern

SLICE_BYTES = 1 << 19
"""Bytes that one step looks at."""

_MIN_SLICE_BYTES = 1 << 16
_LONG_PATTERN = 8
_EXACT = 0xFF
# From here on it is cheaper to look at each place that is left than at all of them again.
_SPARSE = 64

_Hits = npt.NDArray[np.int64]
_Mask = npt.NDArray[np.bool_]


class Way(IntEnum):
    """Which way to look."""

    NEXT = 1
    PREVIOUS = -1


class Found(NamedTuple):
    """What came of looking for the next hit.

    Attributes:
        offset: Its first byte; None if there is none at all.
        went_round: Whether the search went on from the other end.
    """

    offset: int | None
    went_round: bool


class ByteSearch:
    """Counts every place where a pattern stands, and goes from one to the next.

    Each call does little: ``step`` takes about half a millisecond. Hits may overlap.

    Args:
        data: Where to look.
        pattern: What for.
        slice_bytes: How much to look at in one step, at least 64 KiB where the pattern is long.
    """

    def __init__(self, data: bytes, pattern: Pattern, slice_bytes: int = SLICE_BYTES) -> None:
        self.pattern = pattern
        self._bytes = np.frombuffer(data, np.uint8)
        self._places = max(0, len(data) - len(pattern) + 1)
        shorter = slice_bytes * _LONG_PATTERN // max(_LONG_PATTERN, len(pattern))
        self._slice = max(min(slice_bytes, _MIN_SLICE_BYTES), shorter)
        slices = -(-self._places // self._slice)
        self._counts = np.full(slices, -1, np.int64)
        self._next_slice = 0
        self._seek: Iterator[Found | None] | None = None

    # ---- counting ---------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """Hits so far."""
        return int(self._counts[self._counts > 0].sum())

    @property
    def is_counted(self) -> bool:
        """Whether every byte was looked at."""
        return self._next_slice >= len(self._counts)

    @property
    def share(self) -> float:
        """How much was looked at, 0 to 1."""
        known = int((self._counts >= 0).sum())
        return known / len(self._counts) if known else float(self.is_counted)

    def count_on(self) -> bool:
        """Look at one slice more; whether there is anything left to do."""
        while not self.is_counted and self._counts[self._next_slice] >= 0:
            self._next_slice += 1
        if not self.is_counted:
            start = self._next_slice * self._slice
            left = self._narrow(start, min(start + self._slice, self._places))
            is_mask = left.dtype == np.bool_
            self._counts[self._next_slice] = np.count_nonzero(left) if is_mask else len(left)
            self._next_slice += 1
        return not self.is_counted

    def rank(self, offset: int) -> int | None:
        """How many hits stand before an offset; None while that is not known."""
        index = min(offset, self._places) // self._slice
        before = self._counts[:index]
        if (before < 0).any():
            return None
        rest = self._match(index * self._slice, min(offset, self._places))
        return int(before.sum()) + len(rest)

    # ---- going from hit to hit --------------------------------------------------------------

    def look(self, start: int, way: Way) -> None:
        """Begin to look for the next hit at or behind ``start``, or the last one before it."""
        self._seek = self._walk(max(0, min(start, self._places)), way)

    @property
    def is_looking(self) -> bool:
        """Whether a hit is still looked for."""
        return self._seek is not None

    def look_on(self) -> Found | None:
        """Look at one slice more; None while nothing is known yet."""
        found = None if self._seek is None else next(self._seek)
        if found is not None:
            self._seek = None
        return found

    def _walk(self, start: int, way: Way) -> Iterator[Found | None]:
        slices = len(self._counts)
        first = min(start // self._slice, slices - 1)
        # The first slice comes twice: once from ``start`` on, at last as a whole.
        for turn in range(slices + 1 if slices else 0):
            place = first + way * turn
            hits = self._hits_of(place % slices)
            at = 0 if way is Way.NEXT else len(hits) - 1
            if turn == 0:
                at = int(np.searchsorted(hits, start)) - (way is Way.PREVIOUS)
            if 0 <= at < len(hits):
                yield Found(int(hits[at]), not 0 <= place < slices)
            yield None
        yield Found(None, False)

    # ---- matching ---------------------------------------------------------------------------

    def hits_in(self, start: int, stop: int) -> list[int]:
        """The hits that have a byte between two offsets; for what is in sight."""
        first = max(0, start - len(self.pattern) + 1)
        hits: list[int] = self._match(first, min(stop, self._places)).tolist()
        return hits

    def is_hit(self, offset: int) -> bool:
        """Whether a hit begins there."""
        return len(self._match(offset, min(offset + 1, self._places))) > 0

    def _hits_of(self, index: int) -> _Hits:
        if not self._counts[index]:
            return np.empty(0, np.int64)
        start = index * self._slice
        hits = self._match(start, min(start + self._slice, self._places))
        self._counts[index] = len(hits)
        return hits

    def _match(self, start: int, stop: int) -> _Hits:
        """Where in a stretch the pattern begins."""
        left = self._narrow(start, stop)
        return np.flatnonzero(left) + start if left.dtype == np.bool_ else left.astype(np.int64)

    def _narrow(self, start: int, stop: int) -> _Hits | _Mask:
        """The same, as offsets where they are few, as a truth value for each place else."""
        left: _Mask | None = None
        parts = [at for at, mask in enumerate(self.pattern.masks) if mask]
        for number, at in enumerate(parts):
            if stop <= start:
                break
            part = self._like(self._bytes[start + at : stop + at], at)
            left = part if left is None else np.logical_and(left, part, out=left)
            if np.count_nonzero(left) * _SPARSE < stop - start:
                return self._sift(np.flatnonzero(left) + start, parts[number + 1 :])
        return np.empty(0, np.int64) if left is None else left

    def _sift(self, hits: _Hits, parts: list[int]) -> _Hits:
        for at in parts:
            if not len(hits):
                break
            hits = hits[self._like(self._bytes[hits + at], at)]
        return hits

    def _like(self, part: npt.NDArray[np.uint8], at: int) -> _Mask:
        value, mask = np.uint8(self.pattern.values[at]), self.pattern.masks[at]
        like: _Mask
        like = part == value if mask == _EXACT else (part & np.uint8(mask)) == value
        return like
