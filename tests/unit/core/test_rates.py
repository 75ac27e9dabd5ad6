"""Rate bins against a plain model: nothing lost, nothing invented, silence is zero."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from zmqscope.core.capture.rates import FINE_BIN_NS, RateTable, Span
from zmqscope.core.types import Direction, SocketId

SOCKET = SocketId(1)
IN = Direction.RECEIVED
SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND
"""An hour and more after the epoch, as real times are."""


def add(table: RateTable, times_ns: list[int], sizes: list[int] | None = None) -> None:
    given_sizes = [10] * len(times_ns) if sizes is None else sizes
    table.add(SOCKET, IN, np.array(times_ns, np.int64), np.array(given_sizes, np.int64))


def expected(
    times_ns: list[int], weights: list[int], span: Span, now_ns: int
) -> NDArray[np.float64]:
    """The same from first principles, in events for each second."""
    step = span.bin_ns
    points = span.seconds * SECOND // step
    end_ns = now_ns // step * step
    edges = end_ns - step * np.arange(points, -1, -1)
    index = np.searchsorted(edges, np.array(times_ns, np.int64), side="right") - 1
    keep = (index >= 0) & (index < points)
    counts = np.bincount(index[keep], np.array(weights)[keep], points)
    result: NDArray[np.float64] = counts / (step / SECOND)
    return result


@pytest.mark.parametrize("span", Span)
def test_shape_of_a_window(span: Span) -> None:
    window = RateTable().read(SOCKET, IN, span, START + 123_456_789)
    assert (
        len(window.messages_per_s)
        == len(window.bytes_per_s)
        == span.seconds * SECOND // span.bin_ns
    )
    assert window.bin_ns == span.bin_ns
    assert window.end_ns % span.bin_ns == 0
    assert 0 <= START + 123_456_789 - window.end_ns < span.bin_ns
    assert window.messages_per_s.dtype == window.bytes_per_s.dtype == np.float64
    times = window.times_s()
    assert times.dtype == np.float64
    assert times[-1] == pytest.approx(-span.bin_ns / SECOND / 2)
    assert times[0] == pytest.approx(-span.seconds + span.bin_ns / SECOND / 2)


def test_a_socket_that_never_spoke_has_zeros() -> None:
    window = RateTable().read(SOCKET, IN, Span.MINUTE, START)
    assert not window.messages_per_s.any()
    assert not window.bytes_per_s.any()
    assert window.messages_per_s is not window.bytes_per_s
    assert RateTable().current(SOCKET, IN, START) == (0.0, 0.0)


@given(
    gaps_ms=st.lists(st.integers(0, 3_000), min_size=1, max_size=60),
    sizes=st.lists(st.integers(0, 10_000), min_size=60, max_size=60),
    pieces=st.integers(1, 7),
    later_ms=st.integers(0, 20_000),
    span=st.sampled_from(Span),
)
def test_bins_are_those_of_a_plain_model(
    gaps_ms: list[int], sizes: list[int], pieces: int, later_ms: int, span: Span
) -> None:
    times_ns = (START + np.cumsum(gaps_ms) * 1_000_000).tolist()
    sizes = sizes[: len(times_ns)]
    table = RateTable()
    for at in range(0, len(times_ns), pieces):
        add(table, times_ns[at : at + pieces], sizes[at : at + pieces])
    now_ns = times_ns[-1] + later_ms * 1_000_000
    window = table.read(SOCKET, IN, span, now_ns)
    ones = [1] * len(times_ns)
    np.testing.assert_allclose(window.messages_per_s, expected(times_ns, ones, span, now_ns))
    np.testing.assert_allclose(window.bytes_per_s, expected(times_ns, sizes, span, now_ns))


@given(
    gaps_s=st.lists(st.integers(0, 9_000), min_size=1, max_size=12),
    later_s=st.integers(0, 9_000),
    span=st.sampled_from(Span),
)
def test_long_gaps_leave_nothing_stale_behind(gaps_s: list[int], later_s: int, span: Span) -> None:
    times_ns = (START + np.cumsum(gaps_s) * SECOND).tolist()
    table = RateTable()
    for time_ns in times_ns:
        add(table, [time_ns])
    now_ns = times_ns[-1] + later_s * SECOND + SECOND
    window = table.read(SOCKET, IN, span, now_ns)
    ones = [1] * len(times_ns)
    np.testing.assert_allclose(window.messages_per_s, expected(times_ns, ones, span, now_ns))


def test_times_on_both_sides_of_an_edge_fall_into_two_bins() -> None:
    table = RateTable()
    edge = START + FINE_BIN_NS
    add(table, [edge - 1, edge, edge + 1], [1, 20, 300])
    window = table.read(SOCKET, IN, Span.TEN_SECONDS, edge + FINE_BIN_NS)
    assert window.messages_per_s[-2:].tolist() == [10.0, 20.0]
    assert window.bytes_per_s[-2:].tolist() == [10.0, 3_200.0]
    assert not window.messages_per_s[:-2].any()


def test_a_bin_is_shown_only_when_it_is_over() -> None:
    table = RateTable()
    add(table, [START])
    early = table.read(SOCKET, IN, Span.TEN_SECONDS, START + FINE_BIN_NS - 1)
    assert not early.messages_per_s.any()
    late = table.read(SOCKET, IN, Span.TEN_SECONDS, START + FINE_BIN_NS)
    assert late.messages_per_s[-1] == 10.0


def test_silence_draws_zeros_not_a_gap() -> None:
    table = RateTable()
    add(table, [START + at * FINE_BIN_NS for at in range(10)])
    window = table.read(SOCKET, IN, Span.TEN_SECONDS, START + 3 * SECOND)
    assert window.messages_per_s[70:80].tolist() == [10.0] * 10
    assert window.messages_per_s[80:].tolist() == [0.0] * 20
    assert np.isfinite(window.messages_per_s).all()


def test_a_silence_longer_than_the_memory_reads_as_zeros() -> None:
    table = RateTable()
    add(table, [START])
    for span in Span:
        window = table.read(SOCKET, IN, span, START + 10_000 * SECOND)
        assert not window.messages_per_s.any()


def test_a_message_older_than_the_memory_is_left_out() -> None:
    table = RateTable()
    add(table, [START + 10_000 * SECOND])
    add(table, [START])
    window = table.read(SOCKET, IN, Span.HOUR, START + 10_001 * SECOND)
    assert window.messages_per_s.sum() * 10 == 0.0  # in a ten-second bin that is not over yet
    window = table.read(SOCKET, IN, Span.HOUR, START + 10_010 * SECOND)
    assert window.messages_per_s.sum() * 10 == pytest.approx(1)


def test_a_message_that_comes_late_lands_in_its_own_bin() -> None:
    table = RateTable()
    add(table, [START + SECOND])
    add(table, [START])
    window = table.read(SOCKET, IN, Span.TEN_SECONDS, START + 2 * SECOND)
    assert np.flatnonzero(window.messages_per_s).tolist() == [80, 90]


def test_the_current_rate_is_that_of_the_last_whole_second() -> None:
    table = RateTable()
    add(table, [START + at * SECOND // 100 for at in range(200)], [7] * 200)
    messages, size = table.current(SOCKET, IN, START + 2 * SECOND)
    assert messages == pytest.approx(100)
    assert size == pytest.approx(700)
    assert table.current(SOCKET, IN, START + 4 * SECOND) == (0.0, 0.0)


def test_an_hour_at_ten_seconds_a_point() -> None:
    table = RateTable()
    for at in range(3_600):
        add(table, [START + at * SECOND] * 5)
    window = table.read(SOCKET, IN, Span.HOUR, START + 3_600 * SECOND)
    np.testing.assert_allclose(window.messages_per_s, 5.0)
    np.testing.assert_allclose(window.bytes_per_s, 50.0)


def test_sockets_and_directions_are_apart_and_can_be_forgotten() -> None:
    table = RateTable()
    times, sizes = np.array([START], np.int64), np.array([1], np.int64)
    table.add(SocketId(2), Direction.SENT, times, sizes)
    table.add(SocketId(1), Direction.RECEIVED, times, sizes)
    table.add(SocketId(2), Direction.RECEIVED, times, sizes)
    assert table.keys() == [
        (2, Direction.SENT), (1, Direction.RECEIVED), (2, Direction.RECEIVED),
    ]  # fmt: skip
    silent = table.read(SocketId(1), Direction.SENT, Span.TEN_SECONDS, START + SECOND)
    assert not silent.messages_per_s.any()
    table.forget(SocketId(2))
    table.forget(SocketId(9))
    assert table.keys() == [(1, Direction.RECEIVED)]
