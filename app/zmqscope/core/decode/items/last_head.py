"""The beginning that a decoder read last: guess and preview ask for the same one. Any thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zmqscope.core.decode.payload import Payload

HeadReading = tuple[Any, bool]
"""A value as far as it is here, and whether it is all of the bytes."""


class LastHead:
    """Reads beginnings and remembers the last one, if it is a small one.

    Args:
        read: Reads a beginning.
        most_bytes: Larger payloads are not remembered: they would be kept alive.
    """

    def __init__(self, read: Callable[[Payload], HeadReading], most_bytes: int) -> None:
        self._read = read
        self._most_bytes = most_bytes
        # One tuple, so that threads see all of it or nothing.
        self._last: tuple[bytes, bool, HeadReading] = (b"", False, (None, False))

    def is_of(self, data: bytes) -> bool:
        """Whether these very bytes were read last."""
        return self._last[0] is data

    def of(self, payload: Payload) -> HeadReading:
        """The beginning of a payload."""
        data, is_cut, head = self._last
        if data is payload.data and is_cut == payload.is_cut:
            return head
        head = self._read(payload)
        if len(payload.data) <= self._most_bytes:
            self._last = payload.data, payload.is_cut, head
        return head
