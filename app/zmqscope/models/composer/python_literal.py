"""Values as Python source, as formatters write it. Pure; any thread."""

from __future__ import annotations


def literal(data: bytes, is_text: bool) -> str:
    """Bytes as an expression: as text if that is how they read, else in hex."""
    if not is_text:
        return f'bytes.fromhex("{data.hex(" ")}")' if data else 'b""'
    if data.isascii():
        return bytes_literal(data)
    return f"{text_literal(data.decode())}.encode()"


def bytes_literal(data: bytes) -> str:
    """Bytes as a literal."""
    return _double_quoted(repr(data)[1:], "b")


def text_literal(text: str) -> str:
    """Text as a literal."""
    return _double_quoted(repr(text), "")


def _double_quoted(literal: str, prefix: str) -> str:
    """A literal in double quotes where that needs no other escapes, as formatters write it."""
    body = literal[1:-1]
    if literal[0] == "'" and '"' not in body:
        return f'{prefix}"{body}"'
    return f"{prefix}{literal}"
