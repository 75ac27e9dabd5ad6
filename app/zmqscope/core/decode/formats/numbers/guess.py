"""What numbers bytes may be, judged by how plausible they would be. Pure, any thread.

An array has no mark. But in one of a wrong type the bytes that hold exponents or the upper digits
take on any value, while measured numbers keep to a few. So a look at those bytes alone tells most.
"""

from __future__ import annotations

import math
import struct
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

MAX_CONFIDENCE = 0.7
"""It stays a guess."""

MIN_ITEMS = 4

_WINDOW = 128
_SURE_ITEMS = 16
_STEADY_ITEMS = 16
_MAX_FIRST_STEPS = 48
_ZERO_SHARE = 0.5
_EXPONENT_SPREAD = 40
_TINIEST_EXPONENT = -40


class NumberGuess(NamedTuple):
    """What numbers bytes may be.

    Attributes:
        dtype: NumPy's name with byte order.
        confidence: 0 to ``MAX_CONFIDENCE``.
    """

    dtype: str
    confidence: float


def _with_sign(values: range) -> bytes:
    return bytes((0x00, 0x80, *values, *(value | 0x80 for value in values)))


# Upper bytes of magnitudes from 3e-8 to 5e8, and of doubles from 5e-10 to 2e18, which takes in
# times since 1970 in nanoseconds.
_FLOAT = _with_sign(range(0x33, 0x4E))
_DOUBLE = _with_sign(range(0x3E, 0x44))
_SIGN = b"\x00\xff"
_NEARLY_SIGN = bytes((*range(0x10), *range(0xF0, 0x100)))
# First and second bytes of characters in the double-byte encodings of East Asia.
_LEADING = bytes(range(0x81, 0xFF))
_TRAILING = bytes(value for value in range(0x40, 0xFF) if value != 0x7F)
_LETTERS = {"f4": "f", "f8": "d", "i2": "h", "i4": "i", "i8": "q"}


def guess_numbers(head: bytes, size: int) -> NumberGuess | None:
    """The likeliest number type; None if none is likely.

    Args:
        head: The beginning of the bytes.
        size: How many there are.
    """
    return _guess_window(head[:_WINDOW], size)


# A table sniffs and then previews the same bytes.
@lru_cache(maxsize=2)
def _guess_window(head: bytes, size: int) -> NumberGuess | None:
    best: NumberGuess | None = None
    for order in "<>":
        found = _floats(head, size, order) or _small_ints(head, size, order)
        if found is not None and (best is None or found.confidence > best.confidence):
            best = found
    return best or _steady_ints(head, size)


def _tops(head: bytes, size: int, width: int, order: str) -> bytes:
    """The upper bytes of whole numbers; empty if there are too few, or half a one."""
    stop = len(head) // width * width
    if size % width or stop < MIN_ITEMS * width:
        return b""
    return head[width - 1 : stop : width] if order == "<" else head[0:stop:width]


def _window(head: bytes, width: int, order: str) -> bytes:
    """Whole numbers, turned round if need be so that upper bytes come last.

    Numbers are then in reverse order, which does not matter here.
    """
    part = head[: len(head) // width * width]
    return part if order == "<" else part[::-1]


def _guess(code: str, order: str, fit: float, count: int) -> NumberGuess:
    """Few numbers can be plausible by chance, above all small whole ones: headers have them."""
    least = 0.6 if code[0] == "i" else 0.72
    amount = min(1.0, least + (1 - least) * (count - MIN_ITEMS) / (_SURE_ITEMS - MIN_ITEMS))
    return NumberGuess(f"{order}{code}", MAX_CONFIDENCE * fit * amount)


# ---- floats -------------------------------------------------------------------------------------


def _floats(head: bytes, size: int, order: str) -> NumberGuess | None:
    tops = _tops(head, size, 4, order)
    if tops and not tops.translate(None, _FLOAT):
        single = _window(head, 4, order)
        numbers = struct.unpack(f"<{len(single) // 4}f", single)
        if not _are_halves(numbers, size):
            fit = _fit(numbers)
            return _guess("f4", order, fit, len(numbers)) if fit else None
    tops = _tops(head, size, 8, order)
    if tops and not tops.translate(None, _DOUBLE):
        double = _window(head, 8, order)
        numbers = struct.unpack(f"<{len(double) // 8}d", double)
        fit = _fit(numbers)
        # A plausible double is a rarer chance than a plausible single.
        return _guess("f8", order, fit, 2 * len(numbers)) if fit else None
    return None


def _are_halves(numbers: tuple[float, ...], size: int) -> bool:
    """Whether singles are the two halves of doubles: every other one is of another kind."""
    if size % 8:
        return False
    lower, upper = numbers[0 : len(numbers) & ~1 : 2], numbers[1::2]
    if lower.count(0) * 2 > len(lower) and upper.count(0) * 2 <= len(upper):
        return True
    # Upper halves of doubles are all near 2 or 30, lower halves are anything.
    sizes = [abs(number) for number in upper if number]
    if len(sizes) < MIN_ITEMS or max(sizes) > 1.25 * min(sizes):
        return False
    if len(set(upper)) <= 2 and len(set(lower)) > MIN_ITEMS:
        return True
    others = [abs(number) for number in lower if number]
    return bool(others) and max(others) > 1.5 * min(others)


def _fit(numbers: tuple[float, ...]) -> float:
    """How well numbers go together, from their magnitudes."""
    exponents = [math.frexp(number)[1] for number in numbers if number]
    if len(exponents) < len(numbers) * (1 - _ZERO_SHARE):
        return 0.0
    lowest, highest = min(exponents), max(exponents)
    if lowest < _TINIEST_EXPONENT or highest - lowest > _EXPONENT_SPREAD:
        return 0.0
    return 1.0 if highest - lowest <= _EXPONENT_SPREAD // 2 else 0.85


# ---- whole numbers ------------------------------------------------------------------------------


def _small_ints(head: bytes, size: int, order: str) -> NumberGuess | None:
    """Numbers whose upper bytes only carry the sign."""
    width = 0
    for wide, signs in ((2, _NEARLY_SIGN), (4, _SIGN), (8, _SIGN)):
        tops = _tops(head, size, wide, order)
        if tops and not tops.translate(None, signs):
            width = wide
            break
    # The narrowest that fits, unless all upper halves of wider ones are signs as well.
    while 0 < width < 8 and _tops(head, size, 2 * width, order):
        part = _window(head, 2 * width, order)
        uppers = [part[at :: 2 * width] for at in range(width, 2 * width)]
        if any(upper.translate(None, _SIGN) for upper in uppers):
            break
        width *= 2
    if not width:
        return None
    part = _window(head, width, order)
    code = f"i{width}"
    numbers = struct.unpack(f"<{len(part) // width}{_LETTERS[code]}", part)
    if numbers.count(0) > len(numbers) * _ZERO_SHARE or len(set(numbers)) < MIN_ITEMS:
        return None
    # Sixteen bits with any value up to 4,096 are no rare chance; the smaller they are, the rarer.
    largest = max(map(abs, numbers))
    fit = 1.0 if width > 2 else 0.95 if largest < 256 else 0.85
    return _guess(code, order, fit, len(numbers))


def _steady_ints(head: bytes, size: int) -> NumberGuess | None:
    """Numbers that change little from one to the next: samples of signals, clocks, counters."""
    if len(head) < _SURE_ITEMS or _is_double_byte_text(head):
        return None
    if _is_steady(head[:_STEADY_ITEMS]):
        return NumberGuess("|u1", 0.5)
    for width in (2, 4, 8):
        for order in "<>":
            tops = _tops(head, size, width, order)[:_STEADY_ITEMS]
            if len(tops) >= _SURE_ITEMS // 2 and _is_steady(tops, width):
                return NumberGuess(f"{order}i{width}", 0.65 if len(tops) >= _SURE_ITEMS else 0.55)
    return None


def _is_double_byte_text(head: bytes) -> bool:
    """Whether all are pairs as Shift-JIS, EUC and GBK have them: kana look like a steady signal."""
    return not head[::2].translate(None, _LEADING) and not head[1::2].translate(None, _TRAILING)


def _is_steady(tops: bytes, width: int = 1) -> bool:
    """Whether upper bytes go up and down in small steps; a random one is 64 away from the last."""
    if width > 2:
        # Clocks and counters: among so many not even two different upper bytes.
        return len(set(tops)) <= 2 and tops[0] not in _SIGN
    first, second, third, fourth = tops[:4]
    if _STEPS[first - second] + _STEPS[second - third] + _STEPS[third - fourth] > _MAX_FIRST_STEPS:
        return False
    different = len(set(tops))
    if different < 4 or tops.count(0) > len(tops) * _ZERO_SHARE:
        return False
    return sum(_STEPS[a - b] for a, b in pairwise(tops)) < 8 * len(tops)


# How far apart two bytes are, going round: by their difference, from -255 to 255.
_STEPS = [min(step, 256 - step) for step in range(256)]
