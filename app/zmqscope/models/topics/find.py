"""Which topics contain what was typed, found over all names at once. Pure, any thread."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from zmqscope.models.topics.keys import TopicKeys

_HEX = re.compile(r"⟨?\s*([0-9a-fA-F]{2}(?:\s+[0-9a-fA-F]{2})*)\s*⟩?")
_DELETE, _FIRST_PRINTABLE = 0x7F, 0x20

# What may stand in one place of a match: the same character in either case, as UTF-8.
_Place = tuple[bytes, ...]


class TopicFinder:
    """A filter on names: text in either case, and bytes as the table writes them.

    Args:
        typed: What the user typed; blanks at its ends count for nothing.
    """

    def __init__(self, typed: str) -> None:
        self.typed = typed.strip()
        self._places = [_both_cases(char) for char in self.typed]
        written = _HEX.fullmatch(self.typed)
        self._bytes = bytes.fromhex(written[1]) if written else b""

    @property
    def finds_all(self) -> bool:
        """Whether nothing was typed."""
        return not self.typed

    def matches(self, keys: TopicKeys, first: int, stop: int) -> NDArray[np.bool_]:
        """Which of the topics ``first`` to ``stop`` - 1 contain it.

        Returns:
            bool[stop - first].
        """
        if self.finds_all:
            return np.ones(stop - first, np.bool_)
        found = np.zeros(stop - first, np.bool_)
        if first >= stop:
            return found
        begin, end = int(keys.start[first]), keys.bytes_used(stop)
        data, sizes = keys.data[begin:end], keys.size[first:stop]
        owners = np.repeat(np.arange(stop - first, dtype=np.int32), sizes)
        found[_containing(data, owners, self._places)] = True
        if self._bytes:
            hits = np.zeros(stop - first, np.bool_)
            hits[_containing(data, owners, [(bytes([value]),) for value in self._bytes])] = True
            # Plain text is never shown as bytes: "be" does not mean the byte of that number there.
            odd = (data < _FIRST_PRINTABLE) | (data >= _DELETE)
            is_binary = np.zeros(stop - first, np.bool_)
            is_binary[owners[odd]] = True
            found |= hits & is_binary
        return found


def _containing(
    data: NDArray[np.uint8], owners: NDArray[np.int32], places: list[_Place]
) -> NDArray[np.int32]:
    """Owners of stretches that hold characters one behind the other.

    Args:
        data: The names one behind the other.
        owners: int32, whose name each byte belongs to.
        places: The characters.
    """
    length = sum(len(place[0]) for place in places)
    if length > len(data):
        return np.zeros(0, np.int32)
    # The first byte over all names, the others only where those before them fit.
    first = {option[0] for option in places[0]}
    at = np.flatnonzero(np.isin(data[: len(data) - length + 1], list(first)))
    offset = 0
    for place in places:
        fits = np.zeros(len(at), np.bool_)
        for option in place:
            same = np.ones(len(at), np.bool_)
            for k, value in enumerate(option):
                same &= data[at + (offset + k)] == value
            fits |= same
        at = at[fits]
        offset += len(place[0])
    # Not across the end of a name.
    at = at[owners[at] == owners[at + (length - 1)]]
    result: NDArray[np.int32] = owners[at]
    return result


def _both_cases(char: str) -> _Place:
    """A character in both cases where they are equally long in UTF-8, as nearly all are."""
    options = dict.fromkeys(
        form.encode("utf-8", "replace") for form in (char, char.lower(), char.upper())
    )
    length = len(char.encode("utf-8", "replace"))
    return tuple(option for option in options if len(option) == length)
