"""Moments in words, also beyond the years that Python knows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from zmqscope.core.decode.utc_text import moment


@pytest.mark.parametrize(
    ("seconds", "nanoseconds", "text"),
    [
        (0, 0, "1970-01-01T00:00:00Z"),
        (-1, 999_999_999, "1969-12-31T23:59:59.999999999Z"),
        (1, 500_000_000, "1970-01-01T00:00:01.500Z"),
        (-62_135_596_800, 1_000, "0001-01-01T00:00:00.000001Z"),
        (10**12, 0, "1,000,000,000,000 s since 1970"),
        (10**12, 500_000_000, "1,000,000,000,000.5 s since 1970"),
        (-(10**12), 0, "-1,000,000,000,000 s since 1970"),
        (-(10**12), 250_000_000, "-999,999,999,999.75 s since 1970"),
        (-(1 << 63), 1, "-9,223,372,036,854,775,807.999999999 s since 1970"),
    ],
)
def test_nanoseconds_are_added(seconds: int, nanoseconds: int, text: str) -> None:
    assert moment(seconds, nanoseconds)[0] == text


def test_what_python_knows_is_a_datetime_to_the_microsecond() -> None:
    assert moment(-1, 1_999)[1] == datetime(1969, 12, 31, 23, 59, 59, 1, tzinfo=UTC)
    assert moment(10**12)[1] is None
