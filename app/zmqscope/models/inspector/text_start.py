"""Where one can begin to read in the middle of a text. Pure, any thread."""

from __future__ import annotations

_NEAR_BYTES = 4_096
_FAR_BYTES = 65_536
# How many bytes a line feed has, and which of them comes first.
_WIDE = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}
# A line feed of these is never a part of another character, but a character is no single byte.
_LINE_BY_LINE = frozenset(
    ("cp932", "euc_jp", "iso2022_jp", "gb18030", "big5hkscs", "cp949", "shift_jis", "gbk", "utf-7")
)


def text_start(data: bytes, encoding: str, byte: int, first: int = 0) -> int | None:
    """The beginning of a line shortly before a byte, or at least of a character.

    Args:
        data: The text.
        encoding: Name of Python's codec.
        byte: Where it is.
        first: Where the text begins.

    Returns:
        The offset; None if a character's beginning cannot be told from there.
    """
    if byte <= first:
        return first
    width = _WIDE.get(encoding, 1)
    line = _line_start(data, encoding, byte, first, width)
    if line is not None:
        return line
    if encoding in _LINE_BY_LINE:
        return first if byte - first <= _FAR_BYTES else None
    if encoding == "utf-8":
        # RFC 3629: no more than three bytes of 10xxxxxx follow the first of a character.
        for start in range(byte, max(first, byte - 4), -1):
            if start >= len(data) or data[start] & 0xC0 != 0x80:
                return start
        return byte
    start = byte - (byte - first) % width
    is_low = width == 2 and _is_low_surrogate(data[start : start + 2], encoding)
    return start - 2 if is_low and start - 2 >= first else start


def _line_start(data: bytes, encoding: str, byte: int, first: int, width: int) -> int | None:
    feed = "\n".encode("ascii" if encoding in _LINE_BY_LINE else encoding)
    far = _FAR_BYTES if encoding in _LINE_BY_LINE else _NEAR_BYTES
    low, stop = max(first, byte - far), byte
    while (at := data.rfind(feed, low, stop)) >= 0:
        if (at - first) % width == 0:
            return at + width
        stop = at + len(feed) - 1
    return None


def _is_low_surrogate(pair: bytes, encoding: str) -> bool:
    high = pair[-1:] if encoding.endswith("le") else pair[:1]
    return len(pair) == 2 and high[0] & 0xFC == 0xDC
