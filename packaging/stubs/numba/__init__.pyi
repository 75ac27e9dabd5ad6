"""The part of numba that this project uses; numba itself ships no types."""

from collections.abc import Callable
from typing import TypeVar

from numba import types as types

_F = TypeVar("_F", bound=Callable[..., object])

def njit(
    signature: types.Signature | None = ...,
    *,
    nogil: bool = ...,
    cache: bool = ...,
    inline: str = ...,
) -> Callable[[_F], _F]: ...
