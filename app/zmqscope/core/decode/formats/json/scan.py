"""Where JSON values end, found in their bytes without reading them (RFC 8259). Any thread.

All syntax of JSON is ASCII, so the bytes can be walked without being decoded.
"""

from __future__ import annotations

import re

from zmqscope.core.decode.broken import BrokenError
from zmqscope.core.decode.items.tree import Clock, ends_early

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_BLANKS = re.compile(rb"[ \t\n\r]*+")
_SEPARATORS = re.compile(rb"[ \t\n\r\x1e]*+")
_SCALAR = re.compile(
    rb"-?(?:0|[1-9]\d*+)(?:\.\d++)?(?:[eE][+-]?\d++)?(?![\w.+-])|(?:true|false|null)(?!\w)"
)
_WORDS_BEGUN = (b"true", b"false", b"null")
_NUMBER_BEGUN = re.compile(rb"-?(?:(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][+-]?\d*)?)?")
_CONSTANT = re.compile(rb"NaN|-?Infinity")
_FLAT_PATTERN = rb'[^"\[\]{}]*+(?:' + _STRING + rb'[^"\[\]{}]*+)*+'
_FLAT = re.compile(_FLAT_PATTERN, re.DOTALL)
_TO_BRACKETS = re.compile(_FLAT_PATTERN + rb"([\[{]++|[\]}]++)", re.DOTALL)
_INSIDE = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_OPENING, _BACKSLASH = b"[{", 0x5C
_TO_CONSTANT = re.compile(rb'[^"NI-]*+(?:' + _STRING + rb'[^"NI-]*+)*+', re.DOTALL)
_WINDOW = 1024 * 1024
_CHECK_EVERY = 1_000
_NEAR, _BLOCK = 1 << 14, 1 << 16


class JsonScanner:
    """Finds where the values of one payload end.

    Args:
        data: The payload.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data

    def behind_blanks(self, at: int) -> int:
        """Offset of the next byte that is no blank."""
        return self._behind(_BLANKS, b" \t\n\r", at)

    def behind_separators(self, at: int) -> int:
        """The same between values of a sequence, where record separators may stand (RFC 7464)."""
        return self._behind(_SEPARATORS, b" \t\n\r\x1e", at)

    def _behind(self, pattern: re.Pattern[bytes], signs: bytes, at: int) -> int:
        """Offset of the next byte that is none of some signs."""
        stop = at + _NEAR
        found = pattern.match(self.data, at, stop)
        at = at if found is None else found.end()
        # So many are nobody's doing but to take up time.
        return at if at < stop else behind_many(self.data, signs, at)

    def opens(self, at: int) -> bool:
        """Whether an object or an array begins there."""
        return self.data[at : at + 1] in (b"{", b"[")

    def behind_value(self, at: int, clock: Clock) -> int:
        """Offset behind the value at ``at``; containers are only looked at for their brackets.

        Raises:
            BrokenError: It cannot be read to its end.
            TooSlowError: Its end was not found in time.
        """
        data = self.data
        first = data[at : at + 1]
        if first == b'"':
            return self.behind_string(at, clock)
        if first in (b"{", b"["):
            return self._behind_container(at, clock)
        found = _SCALAR.match(data, at)
        if found is None:
            raise self._fault(at)
        return found.end()

    def _fault(self, at: int) -> BrokenError:
        """Why no value stands there."""
        data = self.data
        rest = data[at : at + 40]
        constant = _CONSTANT.match(rest)
        if constant is not None:
            word = constant[0].decode()
            return BrokenError(f"{word} at byte {at:,} is not JSON.", at)
        begun = _NUMBER_BEGUN.match(data, at)
        at_end = begun is not None and begun.end() == len(data)
        if not rest or at_end or any(word.startswith(rest) for word in _WORDS_BEGUN):
            return ends_early(len(data), "a value")
        if rest[:1] in (b"]", b"}", b",", b":"):
            return BrokenError(f"A value is missing at byte {at:,}.", at)
        return BrokenError(f"No JSON value begins at byte {at:,}.", at)

    def behind_string(self, at: int, clock: Clock) -> int:
        """Offset behind the string whose first quote stands at ``at``; see ``behind_value``."""
        data, size, start = self.data, len(self.data), at
        stop = data.find(b'"', at + 1)
        if stop < 0:
            raise ends_early(size, f"the string that begins at {start:,}")
        if data[stop - 1] != _BACKSLASH:
            return stop + 1
        at += 1
        while at < size:
            found = _INSIDE.match(data, at, min(at + _WINDOW, size))
            at = at if found is None else found.end()
            if data[at : at + 1] == b'"':
                return at + 1
            clock.check()
            if at + 1 == size:
                break
        raise ends_early(size, f"the string that begins at {start:,}")

    def _behind_container(self, at: int, clock: Clock) -> int:
        data, size, start = self.data, len(self.data), at
        depth = count = 0
        while at < size:
            count += 1
            if not count % _CHECK_EVERY:
                clock.check()
            found = _TO_BRACKETS.match(data, at, min(at + _WINDOW, size))
            if found is not None:
                run, at = found.span(1)
                if data[run] in _OPENING:
                    depth += at - run
                else:
                    depth -= at - run
                    if depth <= 0:
                        return at + depth
                continue
            clock.check()
            flat = _FLAT.match(data, at, min(at + _WINDOW, size))
            at = at if flat is None else flat.end()
            if data[at : at + 1] == b'"':
                # A string that the window cuts.
                at = self.behind_string(at, clock)
        raise ends_early(size, f"the value that begins at {start:,}")


def behind_many(data: bytes, signs: bytes, at: int) -> int:
    """Offset of the next byte that is none of some signs, several times as fast as a pattern."""
    import numpy as np

    array = np.frombuffer(data, np.uint8)
    for start in range(at, len(data), _BLOCK):
        block = array[start : start + _BLOCK]
        is_other = block != signs[0]
        for sign in signs[1:]:
            is_other &= block != sign
        if is_other.any():
            return start + int(is_other.argmax())
    return len(data)


def find_constant(data: bytes, at: int) -> int:
    """Offset of the first NaN or Infinity outside of strings; it must be there."""
    while (found := _TO_CONSTANT.match(data, at)) is not None and found.end() < len(data):
        if _CONSTANT.match(data, found.end()):
            return found.end()
        at = found.end() + 1
    return at
