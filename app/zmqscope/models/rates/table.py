"""The shown rates as a table for other programs. Pure, no Qt; any thread."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from zmqscope.core.types import Direction
from zmqscope.models.rates.axis import RateUnit
from zmqscope.models.rates.curves import Curve
from zmqscope.models.rates.rates import Reading
from zmqscope.models.rates.view import TimeRange

_NS = 1_000_000_000


def table_rows(
    reading: Reading, shown: TimeRange, curves: list[Curve], unit: RateUnit
) -> Iterator[list[str]]:
    """Rows of text, the header first: the time at which a bin begins, then one column a curve.

    Args:
        reading: The points.
        shown: Bins that end before it or begin after it are left out.
        curves: The columns, in order.
        unit: What they count; written in the header.
    """
    names = Counter(_column(curve) for curve in curves)
    yield ["time"] + [
        f"{_column(curve)}{_number(curve) if names[_column(curve)] > 1 else ''} [{unit.value}/s]"
        for curve in curves
    ]
    for index in range(reading.points):
        start_ns = reading.start_ns + index * reading.bin_ns
        if start_ns + reading.bin_ns <= shown.start_ns or start_ns >= shown.end_ns:
            continue
        rates = (reading.rates[curve.key] for curve in curves)
        # A curve whose socket's display is paused ends early: unknown, not zero.
        yield [iso_time(start_ns)] + [
            f"{rate[index]:.10g}" if index < len(rate) else "" for rate in rates
        ]


def csv_text(reading: Reading, shown: TimeRange, curves: list[Curve], unit: RateUnit) -> str:
    """The rows of ``table_rows`` as CSV (RFC 4180)."""
    target = io.StringIO()
    csv.writer(target).writerows(table_rows(reading, shown, curves, unit))
    return target.getvalue()


def iso_time(time_ns: int) -> str:
    """Local time in ISO 8601 with its offset: ``2026-11-23T14:02:12.500+01:00``."""
    moment = datetime.fromtimestamp(time_ns // _NS).astimezone()
    moment = moment.replace(microsecond=time_ns % _NS // 1000)
    return moment.isoformat(timespec="milliseconds")


def _column(curve: Curve) -> str:
    word = "received" if curve.key.direction is Direction.RECEIVED else "sent"
    return f"{curve.name} {word}"


def _number(curve: Curve) -> str:
    return f" #{curve.key.socket_id}"
