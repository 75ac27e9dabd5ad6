"""CURVE keys as text: Z85 (RFC 32), and what people paste instead. Pure, any thread."""

from __future__ import annotations

import re
from enum import Enum

from zmqscope.core.errors import UserError
from zmqscope.core.types import Problem
from zmqscope.core.wording import quoted

KEY_BYTES = 32
"""A CURVE key (RFC 26)."""

KEY_LETTERS = 40
"""The same in Z85."""

_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_GROUP_BYTES, _GROUP_LETTERS = 4, 5
_HEX_DIGITS = 2 * KEY_BYTES
_HEX = re.compile(r"[0-9A-Fa-f]+")
# No letter of Z85 is a quotation mark, a blank, an underscore, a comma or a semicolon.
_LINE = r"{name}[ \t]*=[ \t]*[\"']?([^\"'\s]*)"
_PUBLIC_LINE = re.compile(_LINE.format(name="public-key"))
_SECRET_LINE = re.compile(_LINE.format(name="secret-key"))
_SECRET_NAME = re.compile(r"secret[ _\-]?key", re.IGNORECASE)
_QUOTED = re.compile(r"[\w.\- \t]*[=:(]?\s*b?([\"'])(.*?)\1[\s,;)]*", re.DOTALL)
_QUOTATION_MARKS = "\"'`\u2018\u2019\u201c\u201d"
_MOST_PASTED = 65_536
_LONGEST_QUOTED = 300
_COPY_AGAIN = "Copy it again from the other side."


class KeyKind(Enum):
    """Which key is wanted; a secret one is never quoted, not even by a letter."""

    PUBLIC = "public"
    SECRET = "secret"


class KeyTextError(UserError):
    """Text that is no key."""


def encode_z85(data: bytes) -> str:
    """Bytes in Z85.

    Raises:
        ValueError: Their number is no multiple of four.
    """
    if len(data) % _GROUP_BYTES:
        raise ValueError("Z85 takes groups of four bytes")
    letters: list[str] = []
    for at in range(0, len(data), _GROUP_BYTES):
        value = int.from_bytes(data[at : at + _GROUP_BYTES], "big")
        group: list[str] = []
        for _ in range(_GROUP_LETTERS):
            value, rest = divmod(value, len(_ALPHABET))
            group.append(_ALPHABET[rest])
        letters.extend(reversed(group))
    return "".join(letters)


def decode_z85(text: str) -> bytes:
    """The bytes that Z85 stands for.

    Raises:
        ValueError: It is no Z85; the text is not repeated.
    """
    if len(text) % _GROUP_LETTERS:
        raise ValueError("Z85 has groups of five letters")
    data = bytearray()
    for at in range(0, len(text), _GROUP_LETTERS):
        value = 0
        for letter in text[at : at + _GROUP_LETTERS]:
            if letter not in _VALUES:
                raise ValueError("a letter is none of Z85")
            value = value * len(_ALPHABET) + _VALUES[letter]
        if value >> (8 * _GROUP_BYTES):
            raise ValueError("five letters of Z85 stand for more than four bytes hold")
        data += value.to_bytes(_GROUP_BYTES, "big")
    return bytes(data)


def is_key(text: str) -> bool:
    """Whether a text is a key in Z85 as it stands."""
    if len(text) != KEY_LETTERS:
        return False
    try:
        decode_z85(text)
    except ValueError:
        return False
    return True


def key_problem(text: str, kind: KeyKind = KeyKind.PUBLIC) -> Problem | None:
    """Why a text, as typed or pasted, is no key; None if ``clean_key`` makes one of it."""
    try:
        clean_key(text, kind)
    except KeyTextError as error:
        return error.problem
    return None


def clean_key(text: str, kind: KeyKind = KeyKind.PUBLIC) -> str:
    """The key in a text: alone, in quotes, in hex, in a line or a whole certificate of pyzmq.

    Args:
        text: What was typed or pasted.
        kind: Which key is wanted.

    Returns:
        40 letters of Z85 (RFC 32).

    Raises:
        KeyTextError: There is none; what is wrong and what to do.
    """
    if len(text) > _MOST_PASTED:
        raise KeyTextError("This is far too long for a key.", _wanted(kind))
    bare = _bare(text, kind)
    if len(bare) == _HEX_DIGITS and _HEX.fullmatch(bare):
        return encode_z85(bytes.fromhex(bare))
    _check_length(bare, kind)
    _check_letters(bare, kind)
    return bare


def names_secret_key(text: str) -> bool:
    """Whether a text calls something a secret key, such as a line of a certificate or of code."""
    return _SECRET_NAME.search(text) is not None


def _bare(text: str, kind: KeyKind) -> str:
    """The letters that are meant, without what was pasted around them."""
    wanted, other = _PUBLIC_LINE, _SECRET_LINE
    if kind is KeyKind.SECRET:
        wanted, other = other, wanted
    found = wanted.search(text)
    if found is not None:
        return found[1]
    if kind is KeyKind.PUBLIC and names_secret_key(text):
        raise KeyTextError(
            "This is a secret key, and here the other side’s public key is wanted.",
            "Paste the line “public-key = …”; show the secret one to nobody.",
        )
    if kind is KeyKind.SECRET and other.search(text) is not None:
        raise KeyTextError(
            "Only a public key is in here.", "Use the .key_secret file, which has both."
        )
    text = text.strip()
    enclosed = _QUOTED.fullmatch(text) if len(text) <= _LONGEST_QUOTED else None
    if enclosed is not None:
        text = enclosed[2]
    # A mail program may have broken the line.
    return "".join(text.split()).strip(_QUOTATION_MARKS)


def _check_length(bare: str, kind: KeyKind) -> None:
    size = len(bare)
    if not size:
        raise KeyTextError("There is no key yet.", _wanted(kind))
    if KEY_LETTERS < size < _HEX_DIGITS and _HEX.fullmatch(bare):
        raise KeyTextError(
            f"A key in hex has {_HEX_DIGITS} digits; {_HEX_DIGITS - size} are missing.", _COPY_AGAIN
        )
    if kind is KeyKind.PUBLIC:
        _check_letters(bare, kind)
    if size < KEY_LETTERS:
        missing = KEY_LETTERS - size
        verb = "letter is" if missing == 1 else "letters are"
        raise KeyTextError(f"{missing} {verb} missing: a key has {KEY_LETTERS}.", _wanted(kind))
    if size > KEY_LETTERS:
        surplus = size - KEY_LETTERS
        verb = "letter" if surplus == 1 else "letters"
        raise KeyTextError(f"{surplus} {verb} too many: a key has {KEY_LETTERS}.", _COPY_AGAIN)


def _check_letters(bare: str, kind: KeyKind) -> None:
    wrong = next((at for at, letter in enumerate(bare) if letter not in _VALUES), None)
    if wrong is not None:
        which = f"{quoted(bare[wrong])} at place {wrong + 1}"
        if kind is KeyKind.SECRET:
            which = f"The letter at place {wrong + 1}"
        raise KeyTextError(f"{which} is in no key: keys are written in Z85.", _COPY_AGAIN)
    for at in range(0, len(bare) // _GROUP_LETTERS * _GROUP_LETTERS, _GROUP_LETTERS):
        try:
            decode_z85(bare[at : at + _GROUP_LETTERS])
        except ValueError:
            raise KeyTextError(
                f"Letters {at + 1} to {at + _GROUP_LETTERS} stand for no number that Z85 has.",
                _COPY_AGAIN,
            ) from None


def _wanted(kind: KeyKind) -> str:
    if kind is KeyKind.SECRET:
        return "A secret key has 40 letters; a whole .key_secret file will do."
    return "Paste the server’s public key: 40 letters, or the text of its .key file."
