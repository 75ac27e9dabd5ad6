"""The beginning of a payload, closed so that a library reads it at once. Pure, any thread.

A table has only the first bytes of a message, in which containers are open at the end. Their heads
claim more items than are there. With heads that claim what is there, the format's library can read
the beginning in one call; afterwards a mark goes where items are missing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, NamedTuple

from zmqscope.core.decode.compact import CUT

MOST_ITEMS = 24
"""Items that are passed over: about what a line shows."""

ENDLESS = 1 << 70
"""Claimed items of a container that a byte ends; an even number."""


class NotSimpleError(Exception):
    """The beginning has to be read another way."""


class OpenItem(NamedTuple):
    """A container whose end is not there.

    Attributes:
        at: Where its head begins.
        behind: Where its head ends.
        is_map: Whether it has keys.
        total: Items that it claims, keys counted too.
        left: How many of them come behind the item that is open in it, or that is cut.
    """

    at: int
    behind: int
    is_map: bool
    total: int
    left: int

    @property
    def there(self) -> int:
        """Fields or items that are there, the one counted that is open or cut behind its key."""
        items = self.total - self.left
        return (items + 1) // 2 if self.is_map else items


class Beginning(NamedTuple):
    """How far a payload goes.

    Attributes:
        open_items: From the outermost to the innermost; empty if the first item is all there.
        stop: Where the last item ends that is all there.
    """

    open_items: tuple[OpenItem, ...]
    stop: int

    @property
    def ends_in_key(self) -> bool:
        """Whether there is a key without its value."""
        last = self.open_items[-1]
        return last.is_map and bool((last.total - last.left) & 1)

    def closed(
        self, data: bytes, start: int, head: Callable[[bool, int], bytes], nothing: bytes
    ) -> bytes:
        """The bytes with heads that claim what is there.

        Args:
            data: The payload.
            start: Where the first item begins.
            head: Makes the head of a map or an array of so many.
            nothing: Stands for a value that is missing.
        """
        if not self.open_items:
            return data[start : self.stop]
        parts: list[bytes] = []
        for each in self.open_items:
            parts += (data[start : each.at], head(each.is_map, each.there))
            start = each.behind
        parts.append(data[start : self.stop])
        if self.ends_in_key:
            parts.append(nothing)
        return b"".join(parts)

    def marked(self, value: Any) -> Any:
        """What the library made of the closed bytes, with ``CUT`` where items are missing.

        Returns:
            None if it cannot be told where that is: keys may come twice, or tags change a value.
        """
        inner = value
        for each in self.open_items:
            if type(inner) is dict:
                if len(inner) != each.there:
                    return None
                key = next(reversed(inner)) if inner else None
                deeper = inner.get(key)
                if each is self.open_items[-1] and self.ends_in_key:
                    inner[key] = CUT
                inner[CUT] = None
            elif type(inner) is list:
                deeper = inner[-1] if inner else None
                inner.append(CUT)
            else:
                return None
            inner = deeper
        return value


class Walk(ABC):
    """Passes over the items of a payload as long as they are there.

    Args:
        data: The payload's first bytes.
        start: Where the first item begins.
        widths: Bytes of items by their first byte; 0 for those that ``pass_over`` knows.
        end: The byte that ends a container of ``ENDLESS`` items; -1 where there are none.
    """

    def __init__(self, data: bytes, start: int, widths: bytes, end: int = -1) -> None:
        self.data = data
        self.at = start
        self.left = 1
        self.total = 1
        self.is_map = False
        self._widths = widths
        self._end = end
        self._at = start
        self._behind = start
        self._outer: list[tuple[int, int, bool, int, int]] = []

    @abstractmethod
    def pass_over(self, first: int) -> bool:
        """Pass over a long leaf or a container's head; False if it is not all there.

        Args:
            first: Its first byte.

        Raises:
            NotSimpleError: It is neither.
        """

    def beginning(self) -> Beginning | None:
        """How far it goes; None if it is not so simple."""
        try:
            if self._walk():
                return Beginning((), self.at)
        except NotSimpleError:
            return None
        if not self._outer:
            return None
        innermost = OpenItem(self._at, self._behind, self.is_map, self.total, self.left)
        return Beginning((*map(OpenItem._make, self._outer[1:]), innermost), self.at)

    def open(self, at: int, behind: int, count: int, *, is_map: bool) -> None:
        """Go into a container.

        Args:
            at: Where its head begins.
            behind: Where it ends.
            count: Fields or items that it claims.
            is_map: Whether it has keys.

        Raises:
            NotSimpleError: It stands in place of a key.
        """
        if self.is_map and not (self.total - self.left) & 1:
            raise NotSimpleError
        self._outer.append((self._at, self._behind, self.is_map, self.total, self.left - 1))
        self._at, self._behind, self.is_map = at, behind, is_map
        self.total = self.left = count * 2 if is_map else count
        self.at = behind

    def _walk(self) -> bool:
        """Whether the first item is all there."""
        data, size, widths, end = self.data, len(self.data), self._widths, self._end
        items = MOST_ITEMS
        while True:
            at, left = self.at, self.left
            while left and items and at < size:
                width = widths[data[at]]
                if not width or at + width > size:
                    break
                at += width
                left -= 1
                items -= 1
            self.at, self.left = at, left
            if not left:
                if len(self._outer) < 2:
                    return True
                last = self._outer.pop()
                self._at, self._behind, self.is_map, self.total, self.left = last
            elif at < size and data[at] == end:
                self._close()
            elif not items or at >= size or widths[data[at]] or not self.pass_over(data[at]):
                return False
            else:
                items -= 1

    def _close(self) -> None:
        """Pass over the byte that ends a container, which is no item: what it ends was counted."""
        if self.total != ENDLESS or (self.is_map and self.left & 1):
            raise NotSimpleError
        self.at += 1
        self.left = 0
