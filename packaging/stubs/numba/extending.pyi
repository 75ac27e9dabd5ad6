from collections.abc import Callable
from typing import Any

# What an intrinsic takes and gives is known to numba only.
def intrinsic(function: Callable[..., object]) -> Callable[..., Any]: ...
