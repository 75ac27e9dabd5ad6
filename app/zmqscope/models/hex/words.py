"""Where one is in bytes, in words. Pure, any thread."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from zmqscope.models.hex.offset import OffsetBase


def place_words(start: int, stop: int, size: int, base: OffsetBase) -> tuple[str, ...]:
    """The cursor or the selection, in ever fewer words.

    Args:
        start: First selected byte, or the one under the cursor.
        stop: One past the last selected byte; ``start`` for a mere cursor.
        size: How many bytes there are.
        base: How offsets are written first; the other way follows.
    """
    if not size:
        return (_tr("No bytes"),)
    first, second = _both_ways(base, start)
    if stop <= start:
        place = f"{first} · {second}"
        return _tr("{0} of {1}").format(place, _count(size)), place, first
    last, last_second = _both_ways(base, stop - 1)
    count = _count(stop - start)
    if stop - start == 1:
        return f"{first} · {second} · {count}", f"{first} · {count}", count
    return (
        f"{first}–{last} · {second}–{last_second} · {count}",
        f"{first}–{last} · {count}",
        count,
    )


def byte_words(byte: int, offset: int, base: OffsetBase) -> str:
    """One byte and where it is: ``0x0005: 74 116 t``."""
    char = f" {chr(byte)}" if 0x20 < byte < 0x7F else ""
    return f"{_both_ways(base, offset)[0]}: {byte:02x} {byte}{char}"


def _count(size: int) -> str:
    return _tr("1 byte") if size == 1 else _tr("{0:,} bytes").format(size)


def _both_ways(base: OffsetBase, offset: int) -> tuple[str, str]:
    ways = f"0x{offset:04x}", f"{offset:,}"
    return ways if base is OffsetBase.HEX else (ways[1], ways[0])


def _tr(text: str) -> str:
    return QCoreApplication.translate("HexWords", text)
