"""How sentences quote, shorten and count, and what was meant by a word. Pure, any thread."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_QUOTED_CHARACTERS = 60
_TYPED_CHARACTERS = 120


def quoted(text: str) -> str:
    """Typed text in quotation marks, on one line and of bounded length.

    Characters that would not print (control, bidi, lone surrogates) are shown as escapes.
    """
    if len(text) > _QUOTED_CHARACTERS:
        half = _QUOTED_CHARACTERS // 2
        text = f"{text[:half]}…{text[-half:]}"
    return f"“{printable(text)}”"


def printable(text: str) -> str:
    """Text with what would not print (control, bidi, lone surrogates) as escapes."""
    return "".join(_printable(character) for character in text)


def shortened(text: str, most: int) -> str:
    """A text of at most so many characters; what is longer ends in an ellipsis."""
    return text if len(text) <= most else text[: most - 1] + "…"


def counted(number: int, one: str, many: str = "") -> str:
    """A number and what it counts: ``1 block``, ``2,000 blocks``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def type_this(text: str, otherwise: str) -> str:
    """A hint that says what to type, or another one when that is too long or would not print."""
    fits = len(text) <= _TYPED_CHARACTERS and text.isprintable()
    return f"Type {text}." if fits else otherwise


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was most likely meant, or None."""
    matches = get_close_matches(word.lower()[:_QUOTED_CHARACTERS], list(known), n=1, cutoff=0.6)
    return matches[0] if matches else None


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
