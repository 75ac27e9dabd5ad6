"""The curves of an array: one, or one for each of a few interleaved columns. Any thread."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zmqscope.core.decode.array_stats import (
    MAX_NUMBERS,
    Envelope,
    all_numbers,
    is_bool,
    outline_of,
)
from zmqscope.core.decode.decoded import Numbers

if TYPE_CHECKING:
    import numpy as np

MAX_CURVES = 6
"""More columns than these are no channels, but rows of a table or a picture: one curve for all."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One curve.

    Attributes:
        name: Which numbers it is of: ``re``, ``im``, or the number of a column or of a row, as
            an index; empty if it is the only one.
        outline: What it looks like.
    """

    name: str
    outline: Envelope


def array_curves(data: bytes, array: Numbers, points: int) -> tuple[Curve, ...]:
    """The curves of an array; takes some 100 ms at most, whatever its size.

    Complex numbers have a real and an imaginary part (samples of I and Q), ``(n, 2)`` to ``(n, 6)``
    interleaved columns, ``(2, n)`` to ``(6, n)`` a row for each channel; anything else is read in
    one row, complex numbers of several columns by their magnitude.

    Args:
        data: The decoder's bytes.
        array: How numbers lie in them.
        points: Points wanted of each curve; fewer come if there are fewer numbers.
    """
    series = _series(all_numbers(data, array), array.shape)
    limit = MAX_NUMBERS // len(series)
    return tuple(
        Curve(name, outline_of(numbers, points, limit, are_bools=is_bool(array)))
        for name, numbers in series
    )


def _series(numbers: np.ndarray, shape: tuple[int, ...]) -> list[tuple[str, np.ndarray]]:
    if len(shape) > 1 and numbers.size:
        width, rows = shape[-1], math.prod(shape[:-1])
        if 2 <= width <= MAX_CURVES and rows > 1:
            table = numbers.reshape(rows, width)
            return [(f"[:, {at}]", table[:, at]) for at in range(width)]
        if len(shape) == 2 and 2 <= rows <= MAX_CURVES:
            return [(f"[{at}]", row) for at, row in enumerate(numbers.reshape(shape))]
    if numbers.dtype.kind == "c":
        return [("re", numbers.real), ("im", numbers.imag)]
    return [("", numbers)]
