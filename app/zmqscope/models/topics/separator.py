"""Where a topic ends in the first frame: the choices, in words. Pure, any thread."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

from zmqscope.core.errors import UserError

COMMON: tuple[int | None, ...] = (None, ord(" "), ord("/"), ord("."), ord(":"))
"""Those that are offered at once; None is the whole first frame."""

_HEX = re.compile(r"(?:0x|\\x)([0-9a-fA-F]{2})")
_ESCAPES = {r"\0": 0, r"\t": 9, r"\n": 10, r"\r": 13}
_LAST_ASCII = 0x7F


def separator_text(separator: int | None) -> str:
    """A separator as a menu says it: ``“/”``, ``a space``, ``byte 1f``."""
    if separator is None:
        return _tr("the whole first frame")
    if separator == ord(" "):
        return _tr("a space")
    char = chr(separator)
    if separator < _LAST_ASCII and char.isprintable():
        return f"“{char}”"
    return _tr("byte {0}").format(f"{separator:02x}")


def parse_separator(text: str) -> int:
    r"""Read a character, an escape such as ``\t``, or a byte such as ``0x1f``.

    Raises:
        UserError: It is none of these.
    """
    written = _HEX.fullmatch(text.strip())
    if written:
        return int(written[1], 16)
    if text.strip() in _ESCAPES:
        return _ESCAPES[text.strip()]
    if len(text) != 1:
        raise UserError(
            _tr("A topic ends before one character."),
            _tr(r"Type one, or a byte such as 0x1f, or \t for a tab."),
        )
    if ord(text) > _LAST_ASCII:
        raise UserError(
            _tr("This character takes more than one byte."),
            _tr("Type an ASCII character, or a byte such as 0x1f."),
        )
    return ord(text)


def _tr(text: str) -> str:
    return QCoreApplication.translate("TopicSeparator", text)
