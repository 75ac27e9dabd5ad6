"""Which stretch of time the rate plot shows: live, or where the user zoomed to. Pure, no Qt."""

from __future__ import annotations

from dataclasses import dataclass

from zmqscope.core.capture.rates import FINE_BIN_NS, Span
from zmqscope.models.rates.history import FINE_HELD_NS, HELD_NS

_S = 1_000_000_000
GRACE_NS = 50_000_000
"""A bin counts as whole this long after its end: what arrived in it is in the store by then."""

_MOST_POINTS = 360
_LEAST_WIDTH_NS = 1 * _S
_STEPS_NS = (FINE_BIN_NS, 500_000_000, 1 * _S, 2 * _S, 10 * _S)


@dataclass(frozen=True, slots=True)
class TimeRange:
    """A stretch of time, ns since the epoch.

    Attributes:
        start_ns: Left end.
        end_ns: Right end.
    """

    start_ns: int
    end_ns: int

    @property
    def width_ns(self) -> int:
        """Its length."""
        return self.end_ns - self.start_ns


class TimeView:
    """The horizontal axis.

    Live, its right edge runs with the time, one and a half bins behind: the last whole bin then
    always reaches the edge, and new ones slide in instead of popping up. Detached, it stays where
    the user put it.

    Args:
        span: How far back it looks when live.
    """

    def __init__(self, span: Span) -> None:
        self.span = span
        self._detached: TimeRange | None = None

    @property
    def is_live(self) -> bool:
        """Whether it runs with the time."""
        return self._detached is None

    def go_live(self, span: Span | None = None) -> None:
        """Run with the time, over another span if one is given."""
        self.span = span or self.span
        self._detached = None

    def range(self, now_ns: int, pixels: int = 0) -> TimeRange:
        """What is shown.

        Args:
            now_ns: The time now on the capture clock.
            pixels: Width of the plot. A live range moves by whole pixels, so that the picture is
                shifted, not redrawn a little differently each time; 0 does without.
        """
        if self._detached is not None:
            return self._detached
        width_ns = self.span.seconds * _S
        end_ns = _live_edge(now_ns, self.span.bin_ns)
        if pixels > 0:
            pixel_ns = width_ns / pixels
            end_ns = round(end_ns // pixel_ns * pixel_ns)
        return TimeRange(end_ns - width_ns, end_ns)

    def bin_ns(self, now_ns: int) -> int:
        """Width of a point: the span's own when live, the finest that fits and is held if not."""
        if self._detached is None:
            return self.span.bin_ns
        oldest_fine_ns = now_ns - FINE_HELD_NS
        fitting = [
            step
            for step in _STEPS_NS
            if self._detached.width_ns <= step * _MOST_POINTS
            and (step >= _S or self._detached.start_ns >= oldest_fine_ns)
        ]
        return fitting[0] if fitting else _STEPS_NS[-1]

    def zoom(self, shown: TimeRange, factor: float, about_ns: int, now_ns: int) -> None:
        """Show ``factor`` times as much time; what is at ``about_ns`` stays where it is.

        Args:
            shown: What is on the screen now.
            factor: Below 1 zooms in.
            about_ns: A time within it.
            now_ns: The time now on the capture clock.
        """
        width_ns = _bounded(round(shown.width_ns * factor), _LEAST_WIDTH_NS, HELD_NS)
        share = (about_ns - shown.start_ns) / shown.width_ns
        self._detach(about_ns - round(width_ns * share), width_ns, now_ns)

    def pan(self, shown: TimeRange, by_ns: int, now_ns: int) -> None:
        """Look ``by_ns`` later than what is on the screen now (earlier if negative)."""
        self._detach(shown.start_ns + by_ns, shown.width_ns, now_ns)

    def select(self, start_ns: int, end_ns: int, now_ns: int) -> None:
        """Show from one time to another, at least a second."""
        width_ns = _bounded(end_ns - start_ns, _LEAST_WIDTH_NS, HELD_NS)
        self._detach((start_ns + end_ns - width_ns) // 2, width_ns, now_ns)

    def _detach(self, start_ns: int, width_ns: int, now_ns: int) -> None:
        """Stay within what is held: never in the future, never before the oldest bins."""
        live = self.range(now_ns) if self._detached is None else None
        last_end_ns = _live_edge(now_ns, FINE_BIN_NS)
        # Panning by nothing must not move the picture: a live edge is a little further back.
        if live is not None and start_ns + width_ns <= live.end_ns:
            last_end_ns = live.end_ns
        first_ns = now_ns - HELD_NS
        start_ns = max(min(start_ns, last_end_ns - width_ns), first_ns)
        self._detached = TimeRange(start_ns, start_ns + width_ns)


def _live_edge(now_ns: int, bin_ns: int) -> int:
    return now_ns - GRACE_NS - bin_ns * 3 // 2


def _bounded(value: int, least: int, most: int) -> int:
    return min(max(value, least), most)
