"""Lines of a hex dump, made only for what is visible. Pure, any thread."""

from __future__ import annotations

from typing import NamedTuple

from zmqscope.models.hex_offset import OffsetBase

MAX_BYTES_PER_LINE = 16

# Bytes that have no printable ASCII character of their own are shown as a dot.
_ASCII = bytes(byte if 0x20 <= byte < 0x7F else 0x2E for byte in range(256))


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
        stop = len(self.data) if stop is None else stop
        width = self.bytes_per_line * 3
        lines = []
        for index in range(start // self.bytes_per_line, -(-stop // self.bytes_per_line)):
            line = self.line(index)
            lines.append(f"{line.offset}  {line.digits:<{width}} {line.characters}")
        return "\n".join(lines)
