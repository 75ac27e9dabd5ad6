"""The part of numba that this project uses; numba itself ships no types."""

from collections.abc import Callable
from typing import Any, TypeVar

from numba import types as types

_F = TypeVar("_F", bound=Callable[..., object])

class CFunc:
    native_name: str
    _library: Any

def cfunc(signature: types.Signature) -> Callable[[Callable[..., object]], CFunc]: ...
def njit(
    signature: types.Signature | None = ...,
    *,
    inline: str = ...,
) -> Callable[[_F], _F]: ...
