"""Reads tables of a FlatBuffer by number, checking every offset. Pure, any thread.

Source: flatbuffers.dev, "Internals". Only what Arrow's messages need.
"""

from __future__ import annotations

import struct
from typing import NamedTuple


class FlatbufferError(Exception):
    """An offset that leads nowhere."""


class Table(NamedTuple):
    """A table.

    Attributes:
        data: All bytes.
        at: Where it begins.
        stop: Where the buffer that it is in ends.
    """

    data: bytes
    at: int
    stop: int

    def _read(self, letter: str, at: int) -> int:
        if at < 0 or at + struct.calcsize(letter) > self.stop:
            raise FlatbufferError
        value: int = struct.unpack_from("<" + letter, self.data, at)[0]
        return value

    def _field(self, number: int) -> int:
        """Where a field's value is; 0 if it is not there."""
        vtable = self.at - self._read("i", self.at)
        size = self._read("H", vtable)
        entry = 4 + 2 * number
        offset = self._read("H", vtable + entry) if entry + 2 <= size else 0
        return self.at + offset if offset else 0

    def number(self, number: int, letter: str, default: int = 0) -> int:
        """A scalar field.

        Args:
            number: Its number in the schema.
            letter: Its type as ``struct`` has it.
            default: What it is where it is not there.

        Raises:
            FlatbufferError: An offset leads nowhere; so do all others.
        """
        at = self._field(number)
        return self._read(letter, at) if at else default

    def table(self, number: int) -> Table | None:
        """A field that is a table."""
        at = self._field(number)
        return Table(self.data, at + self._read("I", at), self.stop) if at else None

    def text(self, number: int) -> str:
        """A field that is text."""
        start, size = self.vector(number, 1)
        return self.data[start : start + size].decode(errors="replace")

    def vector(self, number: int, width: int) -> tuple[int, int]:
        """Where a vector begins, and how many elements of that many bytes it has."""
        at = self._field(number)
        if not at:
            return 0, 0
        start = at + self._read("I", at)
        size = self._read("I", start)
        if start + 4 + size * width > self.stop:
            raise FlatbufferError
        return start + 4, size

    def tables(self, number: int, limit: int) -> list[Table]:
        """The tables of a vector, so many at most."""
        start, size = self.vector(number, 4)
        found = []
        for at in range(start, start + 4 * min(size, limit), 4):
            found.append(Table(self.data, at + self._read("I", at), self.stop))
        return found


def root_table(data: bytes, start: int, stop: int) -> Table:
    """The table that a buffer is about.

    Raises:
        FlatbufferError: There is none.
    """
    whole = Table(data, start, stop)
    return Table(data, start + whole._read("I", start), stop)
