"""Which curves an array has."""

from __future__ import annotations

import time

import numpy as np
import pytest

from zmqscope.core.decode.array_curves import MAX_CURVES, array_curves
from zmqscope.core.decode.array_stats import MAX_NUMBERS, array_envelope
from zmqscope.core.decode.decoded import Numbers

RISE = np.arange(500, dtype="<f4")


def names(shape: tuple[int, ...], dtype: str = "<f4") -> list[str]:
    data = np.zeros(shape, dtype).tobytes()
    return [curve.name for curve in array_curves(data, Numbers(dtype, shape), 100)]


def test_interleaved_columns_have_a_curve_each() -> None:
    data = np.stack([RISE, -2 * RISE], axis=1).tobytes()
    first, second = array_curves(data, Numbers("<f4", (500, 2)), 400)
    assert (first.name, second.name) == ("[:, 0]", "[:, 1]")
    assert (first.outline.lows.min(), first.outline.highs.max()) == (0, 499)
    assert (second.outline.lows.min(), second.outline.highs.max()) == (-998, 0)
    assert len(first.outline.lows) == 400


@pytest.mark.parametrize("dtype", ["<c8", ">c16"])
def test_complex_numbers_have_two_parts(dtype: str) -> None:
    data = (RISE + 1j * (7 - RISE)).astype(dtype).tobytes()
    real, imaginary = array_curves(data, Numbers(dtype, (500,)), 100)
    assert (real.name, imaginary.name) == ("re", "im")
    assert (real.outline.lows.min(), real.outline.highs.max()) == (0, 499)
    assert (imaginary.outline.lows.min(), imaginary.outline.highs.max()) == (-492, 7)


def test_which_shapes_have_how_many() -> None:
    assert names((500,)) == [""]
    assert names((2, 500)) == ["[0]", "[1]"]
    assert names((500, MAX_CURVES))[-1] == f"[:, {MAX_CURVES - 1}]"
    assert names((500, MAX_CURVES + 1)) == [""]
    assert names((500, 1)) == [""]
    assert names((1, 2)) == [""]
    assert names((48, 64, 3)) == ["[:, 0]", "[:, 1]", "[:, 2]"]
    assert names((0, 2)) == [""]
    assert names((500, 2), "<c8") == ["[:, 0]", "[:, 1]"]
    assert names((500, 2), "|b1") == ["[:, 0]", "[:, 1]"]


def test_one_curve_is_the_outline_of_all() -> None:
    data = RISE.tobytes()
    (curve,) = array_curves(data, Numbers("<f4", (500,)), 77)
    outline = array_envelope(data, Numbers("<f4", (500,)), 77)
    assert curve.outline.lows.tolist() == outline.lows.tolist()
    assert curve.outline.highs.tolist() == outline.highs.tolist()


def test_a_large_array_is_looked_at_in_places() -> None:
    numbers = np.zeros((3 * MAX_NUMBERS, 2), "<i2")
    numbers[:, 1] = 5
    started = time.process_time()
    first, second = array_curves(numbers.tobytes(), Numbers("<i2", numbers.shape), 400)
    assert time.process_time() - started < 1.0
    assert first.outline.highs.max() == 0
    assert second.outline.lows.min() == 5
    assert "evenly spread" in first.outline.note
