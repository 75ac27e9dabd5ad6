"""How much speaks against chance when bytes read as MessagePack or CBOR. Pure, any thread.

Counted in bits: how much likelier real messages are to have such items than random bytes are. Both
formats are counted alike, so that of two that fit the one with more to it wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zmqscope.core.decode.compact import CUT

_GRADES = ((40.0, 0.97), (28.0, 0.94), (20.0, 0.9), (16.0, 0.8), (14.0, 0.7), (12.0, 0.6))
_LOW_GRADE = 0.3
_LOW_BITS = 8.0
_ENOUGH = 42.0
_MAX_ITEMS = 32
_MAX_CHARS = 16

# What the first item of a kind in a container says, and what another one of it adds.
_SMALL, _INT, _FLOAT, _WORD, _BYTES, _TEXT, _INNER, _EXT = range(8)
_FIRST = (-1.0, 2.7, 4.0, 2.5, 2.0, 1.3, 0.5, -2.0)
_AGAIN = (0.6, 4.0, 6.0, 4.0, 4.0, 3.0, 2.0, 0.0)
_KEY_BITS = 3.0
_NUMBER_KEY_BITS = -0.5
_ODD_KEY_BITS = -6.0
_ODD_TEXT_BITS = -8.0
_ODD_FLOAT_BITS = -5.0
_LEAST, _MOST = 1e-9, 1e13


def confidence(bits: float) -> float:
    """Bits as a decoder's promise."""
    for least, grade in _GRADES:
        if bits >= least:
            return grade
    return _LOW_GRADE if bits >= _LOW_BITS else 0.0


class Evidence:
    """Counts bits over a value that was read.

    Args:
        small_bits: What a small integer is worth more than in MessagePack.
        bytes_bits: What bytes are worth more than there.
    """

    __slots__ = ("_bytes_bits", "_left", "_small_bits", "_total")

    def __init__(self, small_bits: float = 0.0, bytes_bits: float = 0.0) -> None:
        self._small_bits = small_bits
        self._bytes_bits = bytes_bits
        self._left = _MAX_ITEMS
        self._total = 0.0

    def bits(self, value: Any) -> float:
        """What speaks for a container."""
        if type(value) is dict or isinstance(value, Mapping):
            self._total += 4.0
            self._map(value)
        else:
            self._total += 3.0
            self._items(value)
        return self._total

    def _map(self, value: Mapping[Any, Any]) -> None:
        last = -1
        for key, item in value.items():
            if key is CUT or self._left <= 0 or self._total > _ENOUGH:
                return
            kind = type(key)
            if kind is str:
                self._total += _KEY_BITS + _text_bits(key)
            else:
                self._total += _NUMBER_KEY_BITS if kind is int else _ODD_KEY_BITS
            last = self._item(item, last)

    def _items(self, value: Any) -> None:
        last = -1
        for item in value:
            if item is CUT or self._left <= 0 or self._total > _ENOUGH:
                return
            last = self._item(item, last)

    def _item(self, value: Any, last: int) -> int:
        """Count an item; ``last`` is the kind of the one before it in the same container."""
        self._left -= 1
        if value is CUT:
            return last
        kind, bits = _judge(value)
        if kind == _SMALL:
            bits += self._small_bits
        elif kind == _BYTES:
            bits += self._bytes_bits
        self._total += bits + (_AGAIN if kind == last else _FIRST)[kind]
        if kind == _INNER:
            if type(value) is dict or isinstance(value, Mapping):
                self._map(value)
            else:
                self._items(value)
        return kind


def _judge(value: Any) -> tuple[int, float]:
    """The kind of a value, and what it is worth beside that."""
    kind = type(value)
    if kind is int:
        return (_SMALL if -32 <= value < 128 else _INT), 0.0
    if kind is str:
        return _TEXT, _text_bits(value)
    if kind is float:
        sane = value == 0 or _LEAST < abs(value) < _MOST
        return _FLOAT, 0.0 if sane else _ODD_FLOAT_BITS
    if kind is bool or value is None:
        return _WORD, 0.0
    if kind is bytes:
        return _BYTES, 0.0
    if kind is dict or kind is list or isinstance(value, (Mapping, tuple)):
        return _INNER, 0.0
    return _EXT, 0.0


def _text_bits(text: str) -> float:
    length = min(len(text), _MAX_CHARS)
    if text.isidentifier() and text.isascii():
        return 1.8 * length
    if text.isprintable():
        return 1.3 * length if text.isascii() else 0.0
    return 0.0 if text.translate(_BLANKS).isprintable() else _ODD_TEXT_BITS


_BLANKS = {ord("\n"): " ", ord("\t"): " ", ord("\r"): " "}
