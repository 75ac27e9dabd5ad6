"""Figures and foreign text as the window shows them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zmqscope.models import format as fmt


@pytest.mark.parametrize(("count", "shown"), [(0, "0"), (999, "999"), (12_480_112, "12,480,112")])
def test_count(count: int, shown: str) -> None:
    assert fmt.format_count(count) == shown


@pytest.mark.parametrize(
    ("per_s", "shown"),
    [
        (0, "0/s"),
        (0.04, "0/s"),
        (0.5, "0.5/s"),
        (2.0, "2/s"),
        (310, "310/s"),
        (999.4, "999/s"),
        (999.6, "1.0 k/s"),
        (1_204, "1.2 k/s"),
        (184_120, "184 k/s"),
        (999_600, "1.0 M/s"),
        (2_600_000, "2.6 M/s"),
    ],
)
def test_rate(per_s: float, shown: str) -> None:
    assert fmt.format_rate(per_s) == shown


@given(st.floats(min_value=0, max_value=1e14))
def test_rate_takes_seven_characters_at_most(per_s: float) -> None:
    assert len(fmt.format_rate(per_s)) <= 7


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 B"),
        (78, "78 B"),
        (999, "999 B"),
        (999.7, "1.0 kB"),
        (1_000, "1.0 kB"),
        (25_100_000, "25.1 MB"),
        (99_960, "100 kB"),
        (999_600, "1.0 MB"),
        (200_000_000, "200 MB"),
    ],
)
def test_bytes(count: float, shown: str) -> None:
    assert fmt.format_bytes(count) == shown


@given(st.floats(min_value=0, max_value=1e17))
def test_byte_rate_takes_nine_characters_at_most(bytes_per_s: float) -> None:
    assert len(fmt.format_byte_rate(bytes_per_s)) <= 9


def test_not_a_number_is_unknown() -> None:
    assert fmt.UNKNOWN in fmt.format_rate(float("nan"))


def test_memory_is_counted_in_binary_megabytes() -> None:
    assert fmt.format_memory_mb(512 * 1024 * 1024) == "512"
    assert fmt.format_memory_mb(65_536 * 1024 * 1024) == "65,536"


@pytest.mark.parametrize(
    ("duration_ns", "shown"),
    [
        (0, "0 ns"),
        (999, "999 ns"),
        (12_000, "12 µs"),
        (999_600, "1 ms"),
        (3_400_000, "3.4 ms"),
        (6_200_000_000, "6.2 s"),
        (59_960_000_000, "1 min 00 s"),
        (125_000_000_000, "2 min 05 s"),
        (3_720_000_000_000, "1 h 02 min"),
        (90_000_000_000_000, "1 d 01 h"),
        (-3_400_000, "−3.4 ms"),
    ],
)
def test_duration(duration_ns: int, shown: str) -> None:
    assert fmt.format_duration(duration_ns) == shown


def test_clock_time_cuts_and_never_rounds() -> None:
    time_ns = 1_700_000_000_999_999_999
    assert fmt.format_clock_time(time_ns, 6).endswith(".999999")
    assert fmt.format_clock_time(time_ns, 3).endswith(".999")
    assert "." not in fmt.format_clock_time(time_ns, 0)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("EURUSD ↓ grün 日本", "EURUSD ↓ grün 日本"),
        ("\x1b[31mred\x07", "␛[31mred␇"),
        ("a\nb\r\tc\0", "a␊b␍␉c␀"),
        ("\x7f", "␡"),
        ("\x85", "⟨U+0085⟩"),
        ("user\u202egnp.exe", "user⟨U+202E⟩gnp.exe"),
        ("zero\u200bwidth", "zero⟨U+200B⟩width"),
        ("\u2028\u2029", "⟨U+2028⟩⟨U+2029⟩"),
        ("\udc80", "⟨U+DC80⟩"),
        ("\u3164", "⟨U+3164⟩"),
        ("\u00a0", " "),
        ("<b>bold</b>", "<b>bold</b>"),
    ],
)
def test_one_line(text: str, shown: str) -> None:
    assert fmt.one_line(text) == shown


@given(st.text())
def test_one_line_shows_only_what_can_be_seen(text: str) -> None:
    shown = fmt.one_line(text)
    hidden = ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")
    assert not [char for char in shown if unicodedata.category(char) in hidden]
    assert len(shown) >= len(text)
    assert fmt.one_line(shown) == shown


def test_a_tip_is_no_html() -> None:
    assert fmt.plain_tip("a topic\nof 3 words") == "a topic\nof 3 words"
    tip = fmt.plain_tip("a\n<img src='/dev/zero'> & b")
    assert "<img" not in tip
    assert tip.startswith("<p ")
    assert "a\n&lt;img src=&#x27;/dev/zero&#x27;&gt; &amp; b" in tip
