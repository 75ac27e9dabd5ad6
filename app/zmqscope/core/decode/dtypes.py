"""The number types of arrays: NumPy's names and what people call them. Pure, any thread."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.wording import quoted


class NumberType(NamedTuple):
    """A number type without its byte order.

    Attributes:
        code: NumPy's kind and size in bytes: ``f4``.
        title: What users know it as: ``float32``.
        size: Bytes of one number.
    """

    code: str
    title: str
    size: int


NUMBER_TYPES = (
    NumberType("f4", "float32", 4),
    NumberType("f8", "float64", 8),
    NumberType("f2", "float16", 2),
    NumberType("i1", "int8", 1),
    NumberType("i2", "int16", 2),
    NumberType("i4", "int32", 4),
    NumberType("i8", "int64", 8),
    NumberType("u1", "uint8", 1),
    NumberType("u2", "uint16", 2),
    NumberType("u4", "uint32", 4),
    NumberType("u8", "uint64", 8),
    NumberType("c8", "complex64", 8),
    NumberType("c16", "complex128", 16),
    NumberType("b1", "bool", 1),
)
"""All that can be chosen."""

_BY_NAME = {
    **{one.code: one for one in NUMBER_TYPES},
    **{one.title: one for one in NUMBER_TYPES},
    "?": NUMBER_TYPES[-1],
}
_ORDERS = {"<": "<", ">": ">", "=": "<", "|": "<", "!": ">"}


@lru_cache(maxsize=64)
def known_dtype(name: str) -> tuple[NumberType, str]:
    """The number type of a NumPy name, and the name with its byte order: ``<f4``, ``|u1``.

    Args:
        name: As a user or a setting has it; without a byte order it is little-endian.

    Raises:
        DecodeError: It is none of ``NUMBER_TYPES``: nothing else is ever handed to NumPy.
    """
    order, code = ("<", name) if name[:1] not in _ORDERS else (_ORDERS[name[0]], name[1:])
    known = _BY_NAME.get(code)
    if known is None:
        raise DecodeError(f"{quoted(name)} is no number type; write one such as <f4 or >i2.")
    return known, f"|{known.code}" if known.size == 1 else f"{order}{known.code}"


@lru_cache(maxsize=64)
def dtype_title(name: str) -> str:
    """A number type as users know it: ``float32``, ``int16 big-endian``."""
    known, full = known_dtype(name)
    return f"{known.title} big-endian" if full[0] == ">" else known.title
