"""Numbers, sizes, times and foreign text as the window shows them. Pure, no Qt; any thread."""

from __future__ import annotations

import math
import re
import time
import unicodedata
from functools import lru_cache
from html import escape

UNKNOWN = "unknown"
"""What stands in place of a figure that cannot be known; never a zero."""

MIB = 1024 * 1024
"""Bytes in one megabyte of memory, as budgets are counted."""

_RATE_UNITS = ("", " k", " M", " G", " T")
_BYTE_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")
_CONTROL_PICTURES = 0x2400
_DELETE = 0x7F
# Assigned, not format characters, and still drawn as nothing (Unicode: Default_Ignorable and
# the blanks that pass for letters).
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)


def format_count(count: int) -> str:
    """A whole number with thousands set apart: ``12,480,112``."""
    return f"{count:,}"


def format_rate(per_s: float) -> str:
    """Events a second, three figures at most: ``0/s``, ``0.5/s``, ``310/s``, ``184 k/s``."""
    value, unit = _scaled(per_s, len(_RATE_UNITS))
    return f"{value}{_RATE_UNITS[unit]}/s"


def format_bytes(count: float) -> str:
    """A size in decimal units (1 kB = 1,000 B): ``78 B``, ``25.1 MB``."""
    if abs(count) < 1000:
        return f"{round(count)} B" if round(abs(count)) < 1000 else "1.0 kB"
    value, unit = _scaled(count, len(_BYTE_UNITS), precise=True)
    return f"{value} {_BYTE_UNITS[unit]}"


def format_byte_rate(bytes_per_s: float) -> str:
    """Bytes a second in decimal units: ``25.1 MB/s``."""
    return f"{format_bytes(bytes_per_s)}/s"


def format_memory_mb(count_bytes: int) -> str:
    """Memory in whole megabytes of 1,048,576 bytes, without the unit: ``194``."""
    return f"{round(count_bytes / MIB):,}"


def format_duration(duration_ns: int) -> str:
    """A span of time in the unit that suits it: ``12 µs``, ``6.2 s``, ``2 min 05 s``."""
    if duration_ns < 0:
        return f"−{format_duration(-duration_ns)}"
    if duration_ns < 1_000:
        return f"{duration_ns} ns"
    for limit_ns, unit_ns, unit in (
        (999_500, 1_000, "µs"),
        (999_500_000, 1_000_000, "ms"),
        (59_950_000_000, 1_000_000_000, "s"),
    ):
        if duration_ns < limit_ns:
            return f"{_three_figures(duration_ns / unit_ns)} {unit}"
    seconds = round(duration_ns / 1e9)
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02} s"
    minutes = round(seconds / 60)
    if minutes < 24 * 60:
        return f"{minutes // 60} h {minutes % 60:02} min"
    hours = round(minutes / 60)
    return f"{hours // 24} d {hours % 24:02} h"


def format_clock_time(time_ns: int, digits: int = 6) -> str:
    """Local time of day: ``14:02:12.004472``.

    Args:
        time_ns: Nanoseconds since the epoch.
        digits: Digits after the second, 0 to 9; cut, not rounded, so that order is kept.
    """
    seconds, rest_ns = divmod(time_ns, 1_000_000_000)
    clock = time.strftime("%H:%M:%S", time.localtime(seconds))
    return f"{clock}.{f'{rest_ns:09}'[:digits]}" if digits else clock


def plain_tip(text: str) -> str:
    """A tooltip that shows a text as it is.

    Qt takes for HTML what looks like it, and opens the pictures that it names: a topic could make
    it read a file without an end.
    """
    if "<" not in text and "&" not in text:
        return text
    return f'<p style="white-space:pre-wrap">{escape(text)}</p>'


def one_line(text: str) -> str:
    """Foreign text, safe and honest in one line.

    Controls become their Unicode pictures (``␛``, ``␊``); everything else that is not drawn or
    that reorders what is drawn (bidi controls, zero-width characters, separators, lone surrogates)
    becomes its code point in brackets (``⟨U+202E⟩``). The caller bounds the length.
    """
    if text.isprintable() and (text.isascii() or not _INVISIBLE.search(text)):
        return text
    return "".join(map(_visible, text))


@lru_cache(maxsize=4096)
def _visible(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(_CONTROL_PICTURES + code)
    if code == _DELETE:
        return "␡"
    category = unicodedata.category(char)
    if category in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp") or _INVISIBLE.match(char):
        return f"⟨U+{code:04X}⟩"
    # Wide and no-break blanks look like a blank and take part in no trick.
    return " " if category == "Zs" else char


def _scaled(value: float, units: int, *, precise: bool = False) -> tuple[str, int]:
    """Digits and the power of 1,000 they are in, so that rounding never shows 1,000 of a unit."""
    if not math.isfinite(value):
        return UNKNOWN, 0
    unit = 0
    while unit < units - 1 and abs(value) >= 999.5:
        value, unit = value / 1000, unit + 1
    if unit and precise:
        return (f"{value:.1f}" if abs(value) < 99.95 else f"{value:.0f}"), unit
    if unit:
        return (f"{value:.1f}" if abs(value) < 9.95 else f"{value:.0f}"), unit
    return _three_figures(value), unit


def _three_figures(value: float) -> str:
    """One decimal below ten unless it is zero; none from there on."""
    if abs(value) < 9.95:
        text = f"{value:.1f}"
        return text[:-2] if text.endswith(".0") else text
    return f"{value:.0f}"
