"""What the rate plot shows, without a widget: points and figures of its curves. GUI thread."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zmqscope.core.capture.rates import COARSE_BIN_NS, FINE_BIN_NS, RateTable, Span
from zmqscope.core.types import Direction, SocketId
from zmqscope.models.format import format_byte_rate, format_bytes, format_rate
from zmqscope.models.rates.axis import RateUnit
from zmqscope.models.rates.curves import CurveKey, CurveList
from zmqscope.models.rates.history import FINE_HELD_NS, FrozenRates, RateSource
from zmqscope.models.rates.view import GRACE_NS, TimeRange, TimeView


@dataclass(frozen=True, slots=True)
class Figures:
    """A curve in three numbers, per second.

    Attributes:
        current: Over the last whole second.
        mean: Over what is shown, from when the socket was first seen.
        peak: The highest bin of what is shown, a bin being a drawn point or a second, if less.
    """

    current: float = 0.0
    mean: float = 0.0
    peak: float = 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """The shown curves' points, all on the same bins.

    Attributes:
        start_ns: Left edge of the first bin, ns since the epoch.
        bin_ns: Width of a bin.
        rates: float64[n] for each shown curve, per second; shorter where a curve ends early
            because its socket's display is paused.
    """

    start_ns: int
    bin_ns: int
    rates: dict[CurveKey, NDArray[np.float64]] = field(default_factory=dict)

    @property
    def points(self) -> int:
        """Bins of the longest curve."""
        return max((len(rates) for rates in self.rates.values()), default=0)

    def middle_ns(self, index: int) -> int:
        """Middle of a bin."""
        return self.start_ns + index * self.bin_ns + self.bin_ns // 2

    def index_at(self, time_ns: int) -> int:
        """The bin that a time lies in; may be outside."""
        return (time_ns - self.start_ns) // self.bin_ns

    def first_traffic(self) -> int | None:
        """The first bin in which any shown curve is above zero."""
        firsts = [int(np.argmax(r > 0)) for r in self.rates.values() if len(r) and r.any()]
        return min(firsts, default=None)

    def extremes(self) -> tuple[float, float]:
        """The smallest rate above zero and the largest; zeros if there are none."""
        lowest, highest = math.inf, 0.0
        for rates in self.rates.values():
            positive = rates[rates > 0]
            if len(positive):
                lowest = min(lowest, float(positive.min()))
                highest = max(highest, float(positive.max()))
        return (lowest, highest) if highest else (0.0, 0.0)


class RatesModel:
    """Reads the rates of the curves, as far as the view goes.

    Args:
        rates: Where rates are read.
        curves: Which there are.

    Attributes:
        curves: Which there are.
        view: The stretch of time shown.
        unit: Messages or bytes.
    """

    def __init__(self, rates: RateTable, curves: CurveList) -> None:
        self._table = rates
        self.curves = curves
        self.view = TimeView(Span.MINUTE)
        self.unit = RateUnit.MESSAGES
        self._paused: frozenset[SocketId] = frozenset()
        self._copies: dict[CurveKey, FrozenRates] = {}
        self._frozen_ns: int | None = None
        self._frozen: dict[CurveKey, RateSource] = {}

    def sync(self, now_ns: int) -> None:
        """Bring the list of curves up to date; while frozen it stays as it is."""
        if not self.is_frozen:
            self.curves.sync(now_ns)

    # ---- pauses -----------------------------------------------------------------------------

    @property
    def is_frozen(self) -> bool:
        """Whether the whole picture stands still."""
        return self._frozen_ns is not None

    def freeze(self, now_ns: int) -> None:
        """Keep everything as it is now; capture goes on."""
        self.curves.sync(now_ns)
        self._frozen = {
            curve.key: self._copies.get(curve.key) or FrozenRates(self._table, *curve.key, now_ns)
            for curve in self.curves.all
        }
        self._frozen_ns = now_ns

    def thaw(self) -> None:
        """Follow the traffic again."""
        self._frozen_ns = None
        self._frozen = {}

    def time_ns(self, now_ns: int) -> int:
        """The time that the picture is of: now, or when it was frozen."""
        return now_ns if self._frozen_ns is None else self._frozen_ns

    def set_paused_sockets(self, paused: frozenset[SocketId], now_ns: int) -> None:
        """End these sockets' curves here and now; the others of them go on.

        Args:
            paused: All sockets whose display is paused.
            now_ns: The time now on the capture clock.
        """
        for key in list(self._copies):
            if key.socket_id not in paused:
                del self._copies[key]
        for socket_id in paused - self._paused:
            for way in Direction:
                self._copies[CurveKey(socket_id, way)] = FrozenRates(
                    self._table, socket_id, way, now_ns
                )
        self._paused = paused
        self.curves.set_paused(paused)

    def _source(self, key: CurveKey) -> RateSource:
        return self._frozen.get(key) or self._copies.get(key) or self._table

    # ---- points and figures -----------------------------------------------------------------

    def reading_bounds(self, shown: TimeRange, now_ns: int) -> tuple[int, int, int]:
        """The bins that a reading of this range has: (start ns, number, bin ns).

        As long as they stay the same, and the curves too, a reading need not be repeated.
        """
        now_ns = self.time_ns(now_ns)
        bin_ns = self.view.bin_ns(now_ns)
        # One bin more on each side, so that lines leave the picture at its edges.
        first = shown.start_ns // bin_ns - 1
        last = min(-(-shown.end_ns // bin_ns) + 1, (now_ns - GRACE_NS) // bin_ns)
        return first * bin_ns, max(last - first, 0), bin_ns

    def read(self, shown: TimeRange, now_ns: int, *, all_curves: bool = False) -> Reading:
        """The points within a range, of the curves that are shown (or of all).

        Args:
            shown: The range.
            now_ns: The time now on the capture clock.
            all_curves: Read those too that are switched off.
        """
        start_ns, points, bin_ns = self.reading_bounds(shown, now_ns)
        reading = Reading(start_ns, bin_ns)
        for curve in self.curves.all:
            if curve.shown or all_curves:
                reading.rates[curve.key] = self._rates(curve.key, start_ns, points, bin_ns)
        return reading

    def _rates(self, key: CurveKey, start_ns: int, points: int, bin_ns: int) -> NDArray[np.float64]:
        copy = self._copies.get(key)
        if copy is not None:
            points = min(points, max((copy.now_ns - start_ns) // bin_ns, 0))
        if points <= 0:
            return np.empty(0, np.float64)
        window = self._source(key).window(*key, start_ns + points * bin_ns, points, bin_ns)
        by_messages = self.unit is RateUnit.MESSAGES
        return window.messages_per_s if by_messages else window.bytes_per_s

    def figures(self, key: CurveKey, shown: TimeRange, now_ns: int) -> Figures:
        """A curve's numbers; mean and peak over the range.

        Args:
            key: The curve.
            shown: The range; live, the last whole span up to now is taken instead.
            now_ns: The time now on the capture clock.
        """
        now_ns = self.time_ns(now_ns)
        copy = self._copies.get(key)
        until_ns = now_ns - GRACE_NS if copy is None else min(copy.now_ns, now_ns)
        end_ns = until_ns if self.view.is_live else min(shown.end_ns, until_ns)
        start_ns = end_ns - shown.width_ns if self.view.is_live else shown.start_ns
        is_fine = start_ns >= now_ns - FINE_HELD_NS
        # As fine as the drawn curve, so that the two agree, and never coarser than a second.
        bin_ns = min(self.view.bin_ns(now_ns), COARSE_BIN_NS) if is_fine else COARSE_BIN_NS
        last, first = end_ns // bin_ns, start_ns // bin_ns
        rates = self._rates(key, first * bin_ns, last - first, bin_ns)
        since = self.curves.since_ns(key.socket_id) // bin_ns - first
        # Messages of a socket's first moments may be older than the moment it was seen.
        known = rates[_first_known(rates, since) :]
        tail_ns = until_ns // FINE_BIN_NS * FINE_BIN_NS - 10 * FINE_BIN_NS
        tail = self._rates(key, tail_ns, 10, FINE_BIN_NS)
        return Figures(
            current=float(tail.mean()) if len(tail) else 0.0,
            mean=float(known.mean()) if len(known) else 0.0,
            peak=float(rates.max()) if len(rates) else 0.0,
        )


def rate_text(per_s: float, unit: RateUnit) -> str:
    """A rate in at most nine characters, messages below a million exactly: ``184,120/s``."""
    if unit is RateUnit.BYTES:
        return format_byte_rate(per_s)
    if 0 < per_s < 9.95:
        return format_rate(per_s)
    if per_s < 999_999.5:
        return f"{per_s:,.0f}/s"
    return f"{per_s / 1e6:.2f} M/s"


def short_rate_text(per_s: float, unit: RateUnit) -> str:
    """A rate in at most seven characters, without the second: ``184 k``, ``25.1 MB``."""
    if unit is RateUnit.BYTES:
        return format_bytes(per_s)
    return format_rate(per_s).removesuffix("/s")


def _first_known(rates: NDArray[np.float64], since: int) -> int:
    carried = np.flatnonzero(rates)
    first_carried = int(carried[0]) if len(carried) else len(rates)
    return min(max(since, 0), first_carried, max(len(rates) - 1, 0))
