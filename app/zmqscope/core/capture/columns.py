"""Columns that belong together, as kernels take them: with their addresses worked out once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class Columns(tuple[NDArray[np.generic], ...]):
    """Contiguous arrays, and what a kernel's entry reads of them.

    Attributes:
        words: For each array its address and its lengths; valid while this is held.
    """

    words: tuple[int, ...]

    def __new__(cls, *arrays: NDArray[np.generic]) -> Columns:
        """Of these arrays, in this order."""
        made = super().__new__(cls, arrays)
        made.words = tuple(word for array in arrays for word in (array.ctypes.data, *array.shape))
        return made
