"""What can be said of many numbers at once: extremes, mean, a curve of few points. Any thread."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class NumberFacts:
    """Statistics of an array; numbers that are none are left out.

    Attributes:
        count: How many numbers.
        strange: How many of them are not finite.
        low: The least; NaN if there is none.
        high: The greatest.
        mean: The mean.
        deviation: The standard deviation.
        lows: The least one of each stretch, for a curve.
        highs: The greatest one.
    """

    count: int
    strange: int
    low: float
    high: float
    mean: float
    deviation: float
    lows: tuple[float, ...] = field(repr=False)
    highs: tuple[float, ...] = field(repr=False)


def number_facts(array: np.ndarray[Any, Any], points: int) -> NumberFacts:
    """Work the facts out, a piece at a time so that memory stays bounded.

    Args:
        array: One dimension, real numbers.
        points: Points of the curve at most.
    """
    size = int(array.size)
    points = max(1, min(points, size))
    step = -(-size // points) if size else 1
    # Whole stretches to a piece.
    piece = max(1, _PIECE // step) * step
    lows: list[float] = []
    highs: list[float] = []
    strange, total, squares = 0, 0.0, 0.0
    shift = math.nan
    for start in range(0, size, piece):
        part = array[start : start + piece].astype(np.float64)
        is_good = np.isfinite(part)
        good = part[is_good]
        strange += part.size - good.size
        if good.size:
            shift = float(good[0]) if math.isnan(shift) else shift
            # Around a value of their own: large numbers close to each other keep their digits.
            with np.errstate(over="ignore", invalid="ignore"):
                moved = good - shift
                total += float(moved.sum())
                squares += float(np.square(moved).sum())
        _stretches(part, is_good, step, lows, highs)
    count = size - strange
    known = [low for low in lows if not math.isnan(low)]
    mean = total / count if count else math.nan
    variance = max(0.0, squares / count - mean * mean) if count else math.nan
    return NumberFacts(
        size,
        strange,
        min(known, default=math.nan),
        max((high for high in highs if not math.isnan(high)), default=math.nan),
        mean + shift if count else math.nan,
        math.sqrt(variance),
        tuple(lows),
        tuple(highs),
    )


def _stretches(
    part: np.ndarray[Any, Any],
    is_good: np.ndarray[Any, Any],
    step: int,
    lows: list[float],
    highs: list[float],
) -> None:
    """Extremes of each stretch; NaN where it has no number."""
    at = np.arange(0, part.size, step)
    low = np.minimum.reduceat(np.where(is_good, part, np.inf), at)
    high = np.maximum.reduceat(np.where(is_good, part, -np.inf), at)
    low[low == np.inf] = np.nan
    high[high == -np.inf] = np.nan
    lows.extend(low.tolist())
    highs.extend(high.tolist())
