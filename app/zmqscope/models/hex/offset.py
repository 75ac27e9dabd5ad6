"""Offsets as a person writes and reads them. Pure, any thread."""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from zmqscope.core.errors import UserError
from zmqscope.models.format import one_line

_MIN_DIGITS = 4
_NUMBER = r"(?:0x[0-9a-f_]+|[0-9a-f]+h|\d[\d_,]*)"
_ONE = re.compile(rf"(?P<sign>[+-])?\s*(?P<number>{_NUMBER})", re.IGNORECASE)
_RANGE = re.compile(
    rf"(?:.*bytes)?\[?\s*(?P<start>{_NUMBER})?\s*(?::|\.\.|…)\s*(?P<stop>{_NUMBER})?\s*\]?(?:\.\w+)?",
    re.IGNORECASE,
)
_SHARE = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%")
_SHOWN_CHARS = 40
_MAX_CHARS = 200
_STARTS, _ENDS = ("start", "begin", "home", "first"), ("end", "last")


class OffsetBase(Enum):
    """How offsets are written."""

    HEX = "hex"
    DECIMAL = "decimal"

    @property
    def radix(self) -> int:
        """Of its digits."""
        return 16 if self is OffsetBase.HEX else 10

    def write(self, offset: int, digits: int = 0) -> str:
        """An offset, filled up with zeros to so many digits."""
        return f"{offset:0{digits}x}" if self is OffsetBase.HEX else f"{offset:0{digits}d}"

    def digits(self, size: int) -> int:
        """How many digits every offset of so many bytes needs; at least four."""
        needed = len(self.write(max(0, size - 1)))
        if self is OffsetBase.HEX:
            needed += needed % 2
        return max(_MIN_DIGITS, needed)


class OffsetError(UserError):
    """A text that is no offset, or leads out of the bytes."""


class Target(NamedTuple):
    """Where to go: first byte, and one past the last to be selected; equal for a mere cursor."""

    start: int
    stop: int


def parse_target(text: str, caret: int, size: int) -> Target:
    """Read where to go.

    Args:
        text: ``0x1f``, ``1fh``, ``31``, ``+16``, ``-0x10``, ``end``, ``50%``, ``4:8``,
            ``bytes[4:8].f32le``; the stop of a range is not part of it.
        caret: Where one is, for ``+`` and ``-``.
        size: How many bytes there are.

    Raises:
        OffsetError: It is none of these, or there is no such byte.
    """
    wanted = text.strip()
    if len(wanted) > _MAX_CHARS:
        raise _no_offset(wanted)
    if not size:
        raise OffsetError(_tr("There are no bytes to go to."))
    if wanted.lower() in _STARTS:
        return Target(0, 0)
    if wanted.lower() in _ENDS:
        return Target(size - 1, size - 1)
    if found := _SHARE.fullmatch(wanted):
        at = min(size - 1, int(size * min(100.0, float(found[1])) / 100))
        return Target(at, at)
    if found := _ONE.fullmatch(wanted):
        number = _number(found["number"])
        at = {"+": caret + number, "-": caret - number}.get(found["sign"] or "", number)
        return Target(_inside(at, size), at)
    if found := _RANGE.fullmatch(wanted):
        return _range(found, wanted, size)
    raise _no_offset(wanted)


def _no_offset(wanted: str) -> OffsetError:
    return OffsetError(
        _tr("“{0}” is no offset.").format(one_line(wanted[:_SHOWN_CHARS])),
        _tr("Write 0x1f, 31, +16, -16, 50%, end, or 4:8 to select."),
    )


def _range(found: re.Match[str], wanted: str, size: int) -> Target:
    start = _number(found["start"]) if found["start"] else 0
    stop = _number(found["stop"]) if found["stop"] else size
    if start > stop:
        raise OffsetError(
            _tr("“{0}” ends before it begins.").format(one_line(wanted[:_SHOWN_CHARS])),
            _tr("Write the smaller offset first."),
        )
    if stop > size:
        _inside(stop - 1, size)
    return Target(_inside(start, size), stop)


def _inside(at: int, size: int) -> int:
    if 0 <= at < size:
        return at
    if at < 0:
        raise OffsetError(
            _tr("That is {0:,} before the first byte.").format(-at), _tr("Go back by less.")
        )
    raise OffsetError(
        _tr("There is no byte {0:,}.").format(at),
        _tr("The last one is {0:,} (0x{0:x}).").format(size - 1),
    )


def _number(text: str) -> int:
    plain = text.lower().replace("_", "").replace(",", "")
    if plain.startswith("0x"):
        return int(plain[2:] or "0", 16)
    return int(plain[:-1], 16) if plain.endswith("h") else int(plain)


def _tr(text: str) -> str:
    return QCoreApplication.translate("HexOffset", text)
