"""Bytes that have come and are not used up yet. Any thread."""

from __future__ import annotations

_COMPACT_BYTES = 65_536


class Inbox:
    """A queue of bytes that can be looked into.

    Attributes:
        data: What has come, with some that is used up before ``at``; to be read only.
        at: Place in ``data`` of the next byte.
        position: The same place since the beginning of the stream.
    """

    __slots__ = ("at", "data", "position")

    def __init__(self) -> None:
        self.data = bytearray()
        self.at = 0
        self.position = 0

    def __len__(self) -> int:
        return len(self.data) - self.at

    def append(self, data: bytes | bytearray | memoryview) -> None:
        """Add bytes at the end."""
        # Moving what is left costs as many bytes as it frees at most: linear over all.
        if self.at >= _COMPACT_BYTES and self.at * 2 >= len(self.data):
            del self.data[: self.at]
            self.at = 0
        self.data += data

    def take(self, count: int) -> bytes:
        """Use up bytes that have come, and return them."""
        taken = bytes(self.data[self.at : self.at + count])
        self.skip(count)
        return taken

    def skip(self, count: int) -> None:
        """Use up bytes that have come."""
        self.at += count
        self.position += count
        if self.at == len(self.data):
            self.data.clear()
            self.at = 0

    def head(self, count: int) -> bytes:
        """The next bytes, fewer if fewer have come; they stay."""
        return bytes(self.data[self.at : self.at + count])

    def drop_all(self) -> None:
        """Forget what has come; the position stays."""
        self.data = bytearray()
        self.at = 0
