"""Axes of the rate plot: nice ranges that hold still, ticks and their labels. Pure; any thread.

A value axis works in *positions*: rates on a linear axis, their decimal logarithms on a log axis.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from zmqscope.models.format import format_clock_time

_S = 1_000_000_000
_HEADROOM = 1.04
_INTERVALS = 5
# A range grows at once but shrinks only after the smaller one has been enough for this long.
_SHRINK_AFTER_NS = 2 * _S
_EASE_NS = 70_000_000
_SETTLED = 0.002
_MAX_DECADES = 8
# Zero has no logarithm: it gets a line of its own, this many decades below the lowest.
ZERO_GAP_DECADES = 0.5

_TIME_STEPS_S = (
    *(0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30),
    *(60, 120, 300, 600, 900, 1_800, 3_600, 7_200),
)


class RateUnit(Enum):
    """What is counted per second."""

    MESSAGES = "messages"
    BYTES = "bytes"

    @property
    def least_top(self) -> float:
        """The top of an axis with nothing on it, per second."""
        return 1.0 if self is RateUnit.MESSAGES else 100.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid.

    Attributes:
        position: Where, in the axis's own coordinates (ns since the epoch on a time axis).
        label: What is written beside it; may be empty.
    """

    position: float
    label: str


def nice_step(least: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is at least ``least``."""
    if least <= 0 or not math.isfinite(least):
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    for factor in (1, 2, 5, 10):
        # The logarithm of a power of ten may come out a hair too low.
        if factor * power >= least * (1 - 1e-9):
            return factor * power
    return 10 * power


def nice_top(highest: float) -> float:
    """The end of a linear axis from zero: a whole number of nice steps, at most five."""
    wanted = highest * _HEADROOM
    step = nice_step(wanted / _INTERVALS)
    return math.ceil(wanted / step - 1e-9) * step


def axis_label(value: float, unit: RateUnit) -> str:
    """A tick's value, exact and short: ``0``, ``0.5``, ``200 k``, ``1.5 MB``."""
    names = ("", "k", "M", "G", "T") if unit is RateUnit.MESSAGES else ("B", "kB", "MB", "GB", "TB")
    power = 0
    while abs(value) >= 1000 * (1 - 1e-9) and power < len(names) - 1:
        value, power = value / 1000, power + 1
    figure = f"{value:.6g}"
    if figure in ("0", "-0"):
        return "0"
    return f"{figure} {names[power]}".rstrip()


def time_ticks(start_ns: int, end_ns: int, most: int, utc_offset_s: int) -> list[Tick]:
    """Ticks at round local times from ``start_ns`` to ``end_ns``.

    Args:
        start_ns: Left end, ns since the epoch.
        end_ns: Right end.
        most: How many there may be at most.
        utc_offset_s: Local time less UTC, so that steps of hours begin at local midnight.
    """
    least_s = (end_ns - start_ns) / _S / max(most, 1)
    step_s = next((step for step in _TIME_STEPS_S if step >= least_s), None)
    if step_s is None:
        return []
    step_ns, offset_ns = round(step_s * _S), utc_offset_s * _S
    digits = 1 if step_s < 1 else 0
    first = -((-start_ns - offset_ns) // step_ns) * step_ns - offset_ns
    return [
        Tick(at_ns, _time_label(at_ns, digits, with_seconds=step_s < 60))
        for at_ns in range(first, end_ns + 1, step_ns)
    ]


def _time_label(at_ns: int, digits: int, *, with_seconds: bool) -> str:
    text = format_clock_time(at_ns, digits)
    return text if with_seconds else text[:5]


@dataclass(frozen=True, slots=True)
class _Span:
    """A range of positions."""

    bottom: float
    top: float

    def holds(self, other: _Span) -> bool:
        return self.bottom <= other.bottom and self.top >= other.top

    def around(self, other: _Span) -> _Span:
        return _Span(min(self.bottom, other.bottom), max(self.top, other.top))


class ValueAxis:
    """The vertical axis: a range in nice values that follows the curves without wobbling.

    It grows at once when a curve would leave it, shrinks when a smaller range has been enough for
    two seconds, and moves to its new range within a fraction of a second (``ease``).

    Attributes:
        bottom: Lower end now, a position.
        top: Upper end now, a position.
        log: Whether positions are decimal logarithms.
        unit: What the labels count.
    """

    def __init__(self, unit: RateUnit, log: bool = False) -> None:
        self.unit = unit
        self.log = log
        self._held: _Span | None = None
        self._enough: _Span | None = None
        self._enough_since_ns = 0
        self._eased_ns = 0
        self._fresh = True
        self._target = self._wanted(0.0, 0.0)
        self.bottom, self.top = self._target.bottom, self._target.top

    def reset(self, unit: RateUnit, log: bool) -> None:
        """Begin anew with another unit or scale; the next fit takes effect without easing."""
        self.unit, self.log = unit, log
        self._held = None
        self._enough = None
        self._fresh = True
        self._move_to(self._wanted(0.0, 0.0))

    def hold(self, bottom: float, top: float) -> None:
        """Stay at a range that the user chose, until ``release``."""
        self._held = _Span(bottom, top)
        self.bottom, self.top = bottom, top

    def release(self) -> None:
        """Follow the curves again."""
        self._held = None
        self._fresh = True

    @property
    def is_held(self) -> bool:
        """Whether the user chose the range."""
        return self._held is not None

    def fit(self, lowest: float, highest: float, now_ns: int) -> None:
        """Say what the curves need.

        Args:
            lowest: The smallest rate above zero; 0 if there is none.
            highest: The largest rate.
            now_ns: The time now; only differences count.
        """
        wanted = self._wanted(lowest, highest)
        if self._fresh:
            self._fresh = highest <= 0
            self._enough = None
            self._target = wanted
            if self._held is None:
                self._move_to(wanted)
            return
        if highest <= 0:
            # Silence fits into any range: hold still, whatever comes next.
            self._enough = None
        elif not self._target.holds(wanted):
            self._target = self._target.around(wanted)
            self._enough = None
        elif wanted == self._target:
            self._enough = None
        elif self._enough is None:
            self._enough, self._enough_since_ns = wanted, now_ns
        else:
            self._enough = self._enough.around(wanted)
            if now_ns - self._enough_since_ns >= _SHRINK_AFTER_NS:
                self._target, self._enough = self._enough, None

    def ease(self, now_ns: int) -> bool:
        """Move towards the range that the curves need.

        Returns:
            Whether it is still on its way.
        """
        elapsed_ns, self._eased_ns = now_ns - self._eased_ns, now_ns
        if self._held is not None or self.is_settled:
            return False
        # After a pause of the display the first step is that of one frame, not a jump.
        share = 1 - math.exp(-min(max(elapsed_ns, 0), 33_000_000) / _EASE_NS)
        self.bottom += (self._target.bottom - self.bottom) * share
        self.top += (self._target.top - self.top) * share
        size = self._target.top - self._target.bottom
        if max(abs(self._target.top - self.top), abs(self._target.bottom - self.bottom)) < (
            size * _SETTLED
        ):
            self._move_to(self._target)
        return not self.is_settled

    @property
    def is_settled(self) -> bool:
        """Whether the range is where it belongs."""
        return self._held is not None or (self.bottom, self.top) == (
            self._target.bottom,
            self._target.top,
        )

    @property
    def zero_position(self) -> float:
        """Where zero is drawn; positions of a log axis change with it."""
        return self._target.bottom if self.log else 0.0

    def positions(self, rates: NDArray[np.float64]) -> NDArray[np.float64]:
        """float64[n]: where rates lie on the axis; zeros of a log axis lie on its zero line."""
        if not self.log:
            return rates
        zero = self._target.bottom
        result = np.full(rates.shape, zero)
        np.log10(rates, out=result, where=rates > 0)
        # What is more than eight decades below the top is drawn as zero is.
        np.maximum(result, zero, out=result)
        return result

    def ticks(self, most: int) -> list[Tick]:
        """Lines of the grid within the range now, at most about ``most`` of them."""
        if self.log:
            return self._log_ticks(most)
        frame = self._held or self._target
        step = nice_step((frame.top - frame.bottom) / max(1, min(most, _INTERVALS)))
        first, last = math.ceil(self.bottom / step - 1e-6), math.floor(self.top / step + 1e-6)
        return [Tick(n * step, axis_label(n * step, self.unit)) for n in range(first, last + 1)]

    def _log_ticks(self, most: int) -> list[Tick]:
        zero = self._target.bottom
        low = round(zero + ZERO_GAP_DECADES)
        high = math.floor(self.top + 1e-6)
        every = max(1, math.ceil((high - low + 1) / max(1, most - 1)))
        ticks = [Tick(zero, "0")]
        for decade in range(low, high + 1):
            label = axis_label(10.0**decade, self.unit) if (high - decade) % every == 0 else ""
            ticks.append(Tick(decade, label))
            if (high - low + 1) * 2 < most:
                half = 5 * 10.0**decade
                ticks.append(Tick(math.log10(half), axis_label(half, self.unit)))
        slack = (self.top - self.bottom) * 1e-6
        return [t for t in ticks if self.bottom - slack <= t.position <= self.top + slack]

    def _move_to(self, span: _Span) -> None:
        self._target = span
        self.bottom, self.top = span.bottom, span.top

    def _wanted(self, lowest: float, highest: float) -> _Span:
        if not self.log:
            return _Span(0.0, max(nice_top(highest), self.unit.least_top))
        top = math.log10(nice_step(max(highest * 1.1, self.unit.least_top * 10)))
        low = math.floor(math.log10(lowest) + 1e-9) if lowest > 0 else 0
        low = min(max(low, math.ceil(top) - _MAX_DECADES), math.ceil(top) - 1)
        return _Span(low - ZERO_GAP_DECADES, top)
