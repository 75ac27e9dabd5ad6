"""The beginning of a payload, closed so that a library reads it at once. Pure, any thread.

A table has only the first bytes of a message, in which containers are open at the end. Their heads
claim more items than are there. With heads that claim what is there, the format's library can read
the beginning in one call; afterwards a mark goes where items are missing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from zmqscope.core.decode.compact import CUT

MOST_ITEMS = 48
"""Items that are passed over: more than a line shows."""


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
    def count(self) -> int:
        """Fields or items that are there, the one counted that is open or cut behind its key."""
        there = self.total - self.left
        return (there + 1) // 2 if self.is_map else there


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
        parts = []
        for each in self.open_items:
            parts += (data[start : each.at], head(each.is_map, each.count))
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
                if len(inner) != each.count:
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
