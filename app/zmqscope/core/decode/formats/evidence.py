"""How much speaks against chance when bytes read as MessagePack or CBOR. Pure, any thread.

Counted in bits: ten mean that one in about a thousand random payloads would pass as well. Both
formats are counted alike, so that of two that fit the one with more to it wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zmqscope.core.decode.compact import CUT, Verbatim

_MAX_ITEMS = 40
_CHAR_BITS = 1.4
_MAX_CHARS = 16
_GRADES = ((40.0, 0.97), (28.0, 0.93), (20.0, 0.85), (16.0, 0.75), (14.0, 0.6), (9.0, 0.3))
_ODD_TEXT_BITS = -8.0


def confidence(bits: float) -> float:
    """Bits as a decoder's promise."""
    for least, grade in _GRADES:
        if bits >= least:
            return grade
    return 0.0


class Evidence:
    """Counts bits over a value that was read.

    Args:
        tiny_bits: What an integer in one byte is worth in the format.
        is_cut: Whether lengths could not be checked against the end of the payload.
    """

    __slots__ = ("_left", "_text_bits", "_tiny_bits")

    def __init__(self, tiny_bits: float, *, is_cut: bool) -> None:
        self._tiny_bits = tiny_bits
        # The length of a text fits exactly or not at all, where the end is there.
        self._text_bits = 3.0 if is_cut else 5.0
        self._left = _MAX_ITEMS

    def bits(self, value: Any) -> float:
        """What speaks for a container."""
        self._left -= 1
        total = 4.0
        if isinstance(value, Mapping):
            for key, item in value.items():
                if key is CUT or self._left <= 0:
                    break
                total += self._leaf(key) + self._leaf(item)
        else:
            for item in value:
                if item is CUT or self._left <= 0:
                    break
                total += self._leaf(item)
        return total

    def _leaf(self, value: Any) -> float:
        self._left -= 1
        kind = type(value)
        if kind is str:
            if value.isprintable() or value.replace("\n", "").replace("\t", "").isprintable():
                return self._text_bits + _CHAR_BITS * min(len(value), _MAX_CHARS)
            return _ODD_TEXT_BITS
        if kind is int:
            return self._tiny_bits if -24 <= value < 24 else 1.0 if -32 <= value < 128 else 4.0
        if kind is Verbatim:
            return 1.0
        if isinstance(value, (Mapping, list, tuple)):
            return self.bits(value)
        return 4.0
