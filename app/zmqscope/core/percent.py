"""Percent-encoding of values in a socket spec: any bytes as one printable word. Pure, any thread.

As in RFC 3986 section 2.1, but only what a spec cannot carry as it is gets encoded: the comma
between items, the percent sign itself, bytes that are not UTF-8, characters that do not print,
and a blank at either end.
"""

from __future__ import annotations

import re

from zmqscope.core.errors import SpecError
from zmqscope.core.wording import quoted

_TRIPLET = re.compile(rb"%([0-9A-Fa-f]{2})")
_LOOSE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PERCENT_AND_NEXT = 3


def encode(value: bytes) -> str:
    """Bytes as they stand in a spec; ``decode`` gives them back."""
    text = value.decode("utf-8", "surrogateescape")
    last = len(text) - 1
    return "".join(
        _encoded(character)
        if character in ",%"
        or not character.isprintable()
        or (character == " " and at in (0, last))
        else character
        for at, character in enumerate(text)
    )


def decode(text: str, *, lenient: bool = False) -> bytes:
    """The bytes that a word of a spec stands for.

    Args:
        text: The word; characters without an encoding stand for their UTF-8 bytes.
        lenient: Let a percent sign that begins no encoding stand for itself.

    Raises:
        SpecError: A percent sign begins no encoding, or the text is not Unicode.
    """
    loose = None if lenient else _LOOSE_PERCENT.search(text)
    if loose is not None:
        found = text[loose.start() : loose.start() + _PERCENT_AND_NEXT]
        raise SpecError(
            f"In {quoted(text)}, {quoted(found)} is not a percent sign with two hex digits.",
            "Type a percent sign itself as %25.",
        )
    try:
        # Arguments of the command line carry bytes that are not UTF-8 as surrogate escapes.
        raw = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise SpecError(
            f"{quoted(text)} contains half a character (a lone surrogate).",
            "Type it anew, or write its bytes as %XX.",
        ) from None
    return _TRIPLET.sub(lambda match: bytes([int(match[1], 16)]), raw)


def _encoded(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogateescape"))
