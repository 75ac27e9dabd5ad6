"""Figures and outlines of arrays against NumPy's own; bounded for 200 MB."""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
import pytest

from zmqscope.core.decode.array_stats import MAX_NUMBERS, array_envelope, array_stats
from zmqscope.core.decode.decoded import Numbers

NOISE = np.random.default_rng(5)


@pytest.mark.parametrize("dtype", ["<f4", ">f4", "<f8", "<f2", "<i2", ">i4", "|u1", "<i8", "<u8"])
@pytest.mark.parametrize("count", [1, 7, 65_536, 300_001])
def test_figures(dtype: str, count: int) -> None:
    numbers = (NOISE.normal(size=count) * 100).astype("<i2").astype(dtype)
    stats = array_stats(b"abc" + numbers.tobytes() + b"x", Numbers(dtype, (count,), 3, 1))
    assert (stats.count, stats.seen, stats.note) == (count, count, "")
    assert stats.minimum == numbers.min()
    assert stats.maximum == numbers.max()
    assert stats.mean == pytest.approx(numbers.astype("f8").mean())
    assert stats.std == pytest.approx(numbers.astype("f8").std())
    assert stats.zeros == np.count_nonzero(numbers == 0)


def test_what_is_not_finite_is_counted_apart() -> None:
    numbers = np.array([1, np.nan, np.inf, -np.inf, 3, np.nan, 0])
    stats = array_stats(numbers.tobytes(), Numbers("<f8", (7,)))
    assert (stats.minimum, stats.maximum, stats.zeros) == (0, 3, 1)
    assert (stats.nans, stats.infinite) == (2, 2)
    assert stats.mean == pytest.approx(4 / 3)
    nothing = array_stats(np.full(5, np.nan).tobytes(), Numbers("<f8", (5,)))
    assert (nothing.minimum, nothing.mean, nothing.nans) == (None, None, 5)
    huge = array_stats(np.full(5, 1.7e308).tobytes(), Numbers("<f8", (5,)))
    assert huge.maximum == 1.7e308
    assert huge.mean is None


def test_bools_and_complex_numbers() -> None:
    stats = array_stats(b"\0\1\7\0", Numbers("|b1", (4,)))
    assert (stats.minimum, stats.maximum, stats.mean, stats.zeros) == (0, 1, 0.5, 2)
    numbers = np.array([3 + 4j, 0, 6 - 8j], "<c8")
    stats = array_stats(numbers.tobytes(), Numbers("<c8", (3,)))
    assert (stats.minimum, stats.maximum, stats.mean) == (0, 10, 5)


def test_an_outline_keeps_every_peak() -> None:
    numbers = np.sin(np.arange(100_003) / 50)
    numbers[77_777] = 9.0
    outline = array_envelope(numbers.tobytes(), Numbers("<f8", (100_003,)), 640)
    assert len(outline.lows) == len(outline.highs) == 640
    assert outline.highs.max() == 9.0
    edges = np.arange(641) * 100_003 // 640
    for column, (start, stop) in enumerate(pairwise(edges)):
        assert outline.lows[column] == numbers[start:stop].min()
        assert outline.highs[column] == numbers[start:stop].max()
    assert outline.note == ""
    part = array_envelope(numbers.tobytes(), Numbers("<f8", (100_003,)), 50, 100, 110)
    assert part.lows.tolist() == numbers[100:110].tolist()


def test_columns_without_finite_numbers_are_gaps() -> None:
    numbers = np.array([1, np.nan, np.inf, 4], "<f4")
    outline = array_envelope(numbers.tobytes(), Numbers("<f4", (4,)), 4)
    assert np.isnan(outline.lows).tolist() == [False, True, True, False]
    empty = array_envelope(b"", Numbers("<f4", (0,)), 4)
    assert len(empty.lows) == 0


@pytest.mark.parametrize("dtype", ["<f4", ">f8", "|u1", "|b1", "<c8", "<f2"])
def test_200_mb_are_looked_at_in_places(dtype: str) -> None:
    data = NOISE.bytes(2_000_000) * 100
    count = len(data) // np.dtype(dtype).itemsize
    array = Numbers(dtype, (count,))
    began = time.thread_time()
    stats = array_stats(data, array)
    outline = array_envelope(data, array, 800)
    assert time.thread_time() - began < 5.0
    assert stats.seen <= MAX_NUMBERS
    assert stats.note.startswith(f"From {stats.seen:,} of {count:,} numbers")
    assert outline.note
    assert len(outline.lows) == 800
