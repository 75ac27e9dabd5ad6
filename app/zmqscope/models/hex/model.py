"""Lines of a hex dump, made only for what is visible. Pure, any thread."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from zmqscope.models.hex.offset import OffsetBase

MAX_BYTES_PER_LINE = 16

# Bytes that have no printable ASCII character of their own are shown as a dot.
_ASCII = bytes(byte if 0x20 <= byte < 0x7F else 0x2E for byte in range(256))
_SHOWN = np.frombuffer(_ASCII, np.uint8)
HEX_DIGITS = np.frombuffer(b"0123456789abcdef", np.uint8)
"""ASCII of the sixteen digits."""

_BLOCK_LINES = 16_384


class HexLine(NamedTuple):
    """One line of a dump.

    Attributes:
        offset: Offset of its first byte.
        digits: Its bytes, two digits each, blanks between.
        characters: The same bytes as ASCII.
    """

    offset: str
    digits: str
    characters: str


class HexModel:
    """A frame as lines of equally many bytes.

    Args:
        data: The frame.
        bytes_per_line: Bytes in a line, 1 to 16.
        base: How offsets are written.
        first: Offset of the first byte, where ``data`` is a part of something.
    """

    def __init__(
        self,
        data: bytes,
        bytes_per_line: int = MAX_BYTES_PER_LINE,
        base: OffsetBase = OffsetBase.HEX,
        first: int = 0,
    ) -> None:
        self.data = data
        self.bytes_per_line = bytes_per_line
        self.base = base
        self.first = first

    @property
    def line_count(self) -> int:
        """Lines of the whole frame."""
        return -(-len(self.data) // self.bytes_per_line)

    @property
    def offset_digits(self) -> int:
        """Digits that every offset needs; at least four."""
        return self.base.digits(self.first + len(self.data))

    @property
    def digits_column(self) -> int:
        """Character column where the bytes begin."""
        return self.offset_digits + 2

    @property
    def characters_column(self) -> int:
        """Character column where the ASCII part begins."""
        return self.digits_column + self.bytes_per_line * 3 + 1

    @property
    def columns(self) -> int:
        """Characters in a full line."""
        return self.characters_column + self.bytes_per_line

    def line(self, index: int) -> HexLine:
        """The line with this number, from 0."""
        start = index * self.bytes_per_line
        part = self.data[start : start + self.bytes_per_line]
        return HexLine(
            self.base.write(self.first + start, self.offset_digits),
            part.hex(" "),
            part.translate(_ASCII).decode("ascii"),
        )

    def fit(self, columns: int) -> int:
        """The most bytes a line can take in so many characters: 16, 12, 8 or 4."""
        for count in (16, 12, 8):
            if self.digits_column + count * 4 + 1 <= columns:
                return count
        return 4

    def dump(self, start: int = 0, stop: int | None = None) -> str:
        """The lines that hold bytes ``start`` to ``stop``, as text."""
        stop = len(self.data) if stop is None else min(stop, len(self.data))
        per_line = self.bytes_per_line
        first, last = start // per_line, -(-stop // per_line)
        full = min(last, len(self.data) // per_line)
        blocks = [
            self._full_lines(index, min(full, index + _BLOCK_LINES))
            for index in range(first, full, _BLOCK_LINES)
        ]
        if last > max(first, full):
            line = self.line(full)
            blocks.append(f"{line.offset}  {line.digits:<{per_line * 3}} {line.characters}\n")
        return "".join(blocks)[:-1]

    def _full_lines(self, first: int, last: int) -> str:
        """Lines that have all their bytes, each with its end: column by column, not one by one."""
        per_line, digits = self.bytes_per_line, self.offset_digits
        part = self.data[first * per_line : last * per_line]
        table = np.frombuffer(part, np.uint8).reshape(-1, per_line)
        page = np.full((len(table), self.columns + 1), ord(" "), np.uint8)
        offsets = self.first + np.arange(first, last, dtype=np.int64) * per_line
        for column in range(digits - 1, -1, -1):
            offsets, digit = np.divmod(offsets, self.base.radix)
            page[:, column] = HEX_DIGITS[digit]
        for at in range(per_line):
            column = self.digits_column + at * 3
            page[:, column] = HEX_DIGITS[table[:, at] >> 4]
            page[:, column + 1] = HEX_DIGITS[table[:, at] & 0xF]
        page[:, self.characters_column : self.columns] = _SHOWN[table]
        page[:, self.columns] = ord("\n")
        return page.tobytes().decode("ascii")
