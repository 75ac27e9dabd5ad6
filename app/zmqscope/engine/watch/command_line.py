"""A command line as it may be shown: short, and without the secrets that people put there. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST = 200
HIDDEN = "…"

_NAMES = r"pass(?:w(?:or)?d|phrase)?|pwd|secret(?:[-_]?key)?|token|api[-_]?key|private[-_]?key|auth"
_SECRET_NAME = re.compile(rf"(?:^|[-_./])(?:[\w-]*[-_])?(?:{_NAMES})$", re.IGNORECASE)
_ASSIGNED = re.compile(rf"([\w.-]*(?:{_NAMES})\s*[=:])(?P<value>[^\s&;,]+)", re.IGNORECASE)
_IN_URL = re.compile(r"(?<=://)([^/\s:@]*):[^/\s@]+@")
# Z85 (RFC 32): a CURVE key of 32 bytes.
_LETTER = r"[0-9a-zA-Z.\-:+=^!/*?&<>()\[\]{}@%$#]"
_Z85 = re.compile(rf"(?<!{_LETTER}){_LETTER}{{40}}(?!{_LETTER})")
_BEHIND_EQUALS = re.compile(rf"(?<==){_LETTER}{{40}}$")
_PATH = re.compile(r"\.{0,2}(?:/[\w.~-]+)+/?")
# Hexadecimal and base64 of 24 bytes and more: with a digit and a letter, unlike most words.
_LONG = r"[\w+/=-]"
_LONG_WORD = re.compile(
    rf"(?<!{_LONG})(?={_LONG}*\d)(?={_LONG}*[A-Za-z])[A-Za-z0-9+_=-]{{32,}}(?!{_LONG})"
)


def shown_command(arguments: Sequence[str], longest: int = LONGEST) -> str:
    """One line of a command's arguments.

    Args:
        arguments: As the system has them; the first is the program.
        longest: Letters at most.

    Returns:
        Passwords, tokens and keys, as far as they can be recognised, are an ellipsis; control
        characters are gone.
    """
    shown: list[str] = []
    hides_next = False
    for argument in arguments:
        if len(" ".join(shown)) > longest:
            break
        word = "".join(c if c.isprintable() else " " for c in argument[: 4 * longest])
        if hides_next and not word.startswith("-"):
            shown.append(HIDDEN)
            hides_next = False
            continue
        hides_next = word.startswith("-") and bool(_SECRET_NAME.search(word.lstrip("-")))
        shown.append(_without_secrets(word))
    line = " ".join(shown)
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _without_secrets(word: str) -> str:
    word = _ASSIGNED.sub(rf"\1{HIDDEN}", word)
    word = _IN_URL.sub(rf"\1:{HIDDEN}@", word)
    word = _BEHIND_EQUALS.sub(HIDDEN, word)
    word = _Z85.sub(_unless_path, word)
    return _LONG_WORD.sub(HIDDEN, word)


def _unless_path(found: re.Match[str]) -> str:
    """Paths and endpoints of forty letters are no keys; a key may well begin with a slash."""
    text = found.group()
    return text if _PATH.fullmatch(text) or "://" in text else HIDDEN
