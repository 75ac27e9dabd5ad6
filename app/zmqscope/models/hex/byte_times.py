"""Times as they stand in bytes: Unix, NTP, Windows and DOS. Pure, any thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

_Order = Literal["little", "big"]
_UNIX = datetime(1970, 1, 1, tzinfo=UTC)
_NTP = datetime(1900, 1, 1, tzinfo=UTC)
_FILETIME = datetime(1601, 1, 1, tzinfo=UTC)
_NS_PER_S = 1_000_000_000
_LIKELY_YEARS = range(1995, 2045)


class Moment(NamedTuple):
    """A time.

    Attributes:
        text: To the second.
        full: With every digit that the bytes have.
        is_likely: Whether a program that runs today may mean it.
    """

    text: str
    full: str
    is_likely: bool


@dataclass(frozen=True, slots=True)
class TimeForm:
    """How a time is written in bytes.

    Attributes:
        name: Short.
        title: In words.
        size: Bytes it takes.
        convert: From the unsigned integer in these bytes; None where it is no time.
        has_order: Whether it comes in both byte orders.
        signed: Whether the integer is signed.
    """

    name: str
    title: str
    size: int
    convert: Callable[[int], Moment | None]
    has_order: bool = True
    signed: bool = False

    def read(self, part: bytes, order: _Order) -> Moment | None:
        """The time in the first bytes; None if there are too few or it is none."""
        if len(part) < self.size:
            return None
        return self.convert(int.from_bytes(part[: self.size], order, signed=self.signed))


def _since(epoch: datetime, ns: int, digits: int) -> Moment | None:
    seconds, rest = divmod(ns, _NS_PER_S)
    try:
        moment = epoch + timedelta(seconds=seconds)
    except OverflowError:
        return None
    text = f"{moment:%Y-%m-%d %H:%M:%S}".rjust(19, "0")
    part = f".{rest:09}"[: digits + 1] if digits else ""
    return Moment(f"{text}Z", f"{text}{part}Z", moment.year in _LIKELY_YEARS)


def _unix(unit_ns: int, digits: int) -> Callable[[int], Moment | None]:
    return lambda count: _since(_UNIX, count * unit_ns, digits)


def _ntp(stamp: int) -> Moment | None:
    """RFC 5905, section 6: seconds since 1900 and a fraction of 2^-32; era 0, up to 2036."""
    return _since(_NTP, (stamp >> 32) * _NS_PER_S + ((stamp & 0xFFFFFFFF) * _NS_PER_S >> 32), 9)


def _filetime(ticks: int) -> Moment | None:
    """MS-DTYP, 2.3.3: units of 100 ns since 1601."""
    return _since(_FILETIME, ticks * 100, 7)


def _dos(stamp: int) -> Moment | None:
    """FAT and ZIP: local time in steps of two seconds; the date in the upper half."""
    date, clock = stamp >> 16, stamp & 0xFFFF
    try:
        moment = datetime(
            1980 + (date >> 9), date >> 5 & 15, date & 31,
            clock >> 11, clock >> 5 & 63, (clock & 31) * 2,
        )  # fmt: skip
    except ValueError:
        return None
    text = f"{moment:%Y-%m-%d %H:%M:%S}"
    return Moment(text, text, moment.year in _LIKELY_YEARS)


TIMES = (
    TimeForm("unix s", "Unix time in seconds, 32 bits", 4, _unix(_NS_PER_S, 0), signed=True),
    TimeForm("unix 64", "Unix time in seconds, 64 bits", 8, _unix(_NS_PER_S, 0), signed=True),
    TimeForm("unix ms", "Unix time in milliseconds", 8, _unix(1_000_000, 3), signed=True),
    TimeForm("unix µs", "Unix time in microseconds", 8, _unix(1_000, 6), signed=True),
    TimeForm("unix ns", "Unix time in nanoseconds", 8, _unix(1, 9), signed=True),
    TimeForm("ntp", "NTP timestamp, 64 bits", 8, _ntp),
    TimeForm("filetime", "Windows FILETIME", 8, _filetime),
    TimeForm("dos", "DOS date and time, local", 4, _dos, has_order=False),
)
"""Every way a time is read."""
