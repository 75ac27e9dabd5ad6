"""What to look for in bytes: read from what somebody typed. Pure, any thread."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from zmqscope.core.decode.field_path import NUMBER_FORMS, form_bytes
from zmqscope.core.errors import UserError
from zmqscope.models.format import one_line

MAX_PATTERN_BYTES = 1_024
"""Bytes that can be looked for at most."""

HEX = "hex"
TEXT = "text"
TEXT_ANY_CASE = "text_any_case"
UTF16_LE = "utf16le"
UTF16_BE = "utf16be"

PATTERN_KINDS = (HEX, TEXT, TEXT_ANY_CASE, UTF16_LE, UTF16_BE, *NUMBER_FORMS)
"""What a typed text can mean: bytes, text in an encoding, or a number in one of its forms."""

_EXACT = 0xFF
_CASE_BIT = 0x20
_SHOWN_CHARS = 24
_NO_DIGIT = re.compile(r"[^0-9a-fA-F?]")
_BETWEEN = re.compile(r"[\s,:;|_-]+|0x|\\x", re.IGNORECASE)
_FLOATS = {"f16": "e", "f32": "f", "f64": "d"}


class PatternError(UserError):
    """A text that cannot be looked for."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Bytes, some of them only in part.

    Attributes:
        values: What each byte has to be where its mask says so.
        masks: Which bits of each byte count; 0 for any byte.
    """

    values: bytes
    masks: bytes

    def __len__(self) -> int:
        return len(self.values)

    @classmethod
    def exactly(cls, values: bytes) -> Pattern:
        """Just these bytes."""
        return cls(values, bytes([_EXACT]) * len(values))


def parse_pattern(text: str, kind: str) -> Pattern | None:
    """Read what to look for.

    Args:
        text: What was typed.
        kind: One of ``PATTERN_KINDS``.

    Returns:
        The pattern; None if nothing was typed.

    Raises:
        PatternError: It cannot be read so, with what to write instead.
    """
    if not text or (kind not in (TEXT, TEXT_ANY_CASE, UTF16_LE, UTF16_BE) and not text.strip()):
        return None
    if kind == HEX:
        pattern = _parse_hex(text)
    elif kind in NUMBER_FORMS:
        pattern = Pattern.exactly(_parse_number(text.strip(), kind))
    else:
        pattern = _parse_text(text, kind)
    if len(pattern) > MAX_PATTERN_BYTES:
        raise PatternError(
            _tr("That is {0:,} bytes.").format(len(pattern)),
            _tr("Up to {0:,} can be looked for.").format(MAX_PATTERN_BYTES),
        )
    return pattern


def _parse_hex(text: str) -> Pattern:
    values, masks = bytearray(), bytearray()
    for part in filter(None, _BETWEEN.split(text)):
        if found := _NO_DIGIT.search(part):
            raise PatternError(
                _tr("“{0}” is no hex digit.").format(one_line(found[0])),
                _tr("Write bytes such as de ad ?? ef, or look for text."),
            )
        if len(part) % 2:
            raise PatternError(
                _tr("“{0}” ends in half a byte.").format(part[-_SHOWN_CHARS:]),
                _tr("Write two digits for each byte; ? stands for any."),
            )
        for digits in (part[at : at + 2] for at in range(0, len(part), 2)):
            values.append(int(digits.replace("?", "0"), 16))
            masks.append(sum(0xF << 4 * (1 - at) for at in (0, 1) if digits[at] != "?"))
    if not any(masks):
        raise PatternError(
            _tr("Nothing but wildcards is found everywhere."), _tr("Write at least one digit.")
        )
    return Pattern(bytes(values), bytes(masks))


def _parse_text(text: str, kind: str) -> Pattern:
    codec = {UTF16_LE: "utf-16-le", UTF16_BE: "utf-16-be"}.get(kind, "utf-8")
    try:
        values = text.encode(codec)
    except UnicodeEncodeError:
        raise PatternError(
            _tr("This text cannot be written in {0}.").format(codec.upper()),
            _tr("Look for its bytes in hex."),
        ) from None
    if kind != TEXT_ANY_CASE:
        return Pattern.exactly(values)
    is_letter = [chr(byte).isascii() and chr(byte).isalpha() for byte in values]
    masks = bytes(_EXACT ^ _CASE_BIT if letter else _EXACT for letter in is_letter)
    return Pattern(bytes(a & b for a, b in zip(values, masks, strict=True)), masks)


def _parse_number(text: str, form: str) -> bytes:
    short = text[:_SHOWN_CHARS]
    if form[0] == "f":
        try:
            number = float(text.replace("_", ""))
            order = ">" if form.endswith("be") else "<"
            return struct.pack(order + _FLOATS[form[:3]], number)
        except OverflowError:
            raise PatternError(
                _tr("{0} is too large for {1}.").format(one_line(short), form),
                _tr("Choose a wider form."),
            ) from None
        except ValueError:
            raise _no_number(short, _tr("Write it as 1.25, -3e8, nan or inf.")) from None
    try:
        whole = int(text, 0)
    except ValueError:
        raise _no_number(short, _tr("Write it as 1000, -5 or 0x3e8.")) from None
    size, signed = form_bytes(form), form[0] == "i"
    try:
        return whole.to_bytes(size, "big" if form.endswith("be") else "little", signed=signed)
    except OverflowError:
        low, high = (
            (-(1 << 8 * size - 1), (1 << 8 * size - 1) - 1) if signed else (0, 256**size - 1)
        )
        raise PatternError(
            _tr("{0} does not fit into {1}.").format(one_line(short), form),
            _tr("It holds {0:,} to {1:,}.").format(low, high),
        ) from None


def _no_number(text: str, hint: str) -> PatternError:
    return PatternError(_tr("“{0}” is no number.").format(one_line(text)), hint)


def _tr(text: str) -> str:
    return QCoreApplication.translate("HexPattern", text)
