"""Moments as text, to the nanosecond and beyond the years that Python knows. Pure, any thread."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(seconds: int, nanoseconds: int = 0) -> tuple[str, datetime | None]:
    """A moment in words and as Python has it.

    Args:
        seconds: Since 1970-01-01T00:00:00Z, leap seconds not counted; may be negative.
        nanoseconds: To be added, 0 to 999,999,999.

    Returns:
        ISO 8601 in UTC with as many digits as are needed, and a datetime to the microsecond; for
        years that Python does not know the seconds in words, and None.
    """
    try:
        time = _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return f"{_decimal(seconds, nanoseconds)} s since 1970", None
    text = time.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")
    if nanoseconds:
        digits = f"{nanoseconds:09d}"
        text += "." + (
            digits[:3] if digits.endswith("000000") else digits.rstrip("0").ljust(6, "0")
        )
    return text + "Z", time.replace(microsecond=nanoseconds // 1000)


def _decimal(seconds: int, nanoseconds: int) -> str:
    """Both as one number: nanoseconds are added, which takes a negative one nearer to zero."""
    sign = "-" if seconds < 0 else ""
    whole, rest = divmod(abs(seconds * 10**9 + nanoseconds), 10**9)
    digits = f".{rest:09d}".rstrip("0") if rest else ""
    return f"{sign}{whole:,}{digits}"
