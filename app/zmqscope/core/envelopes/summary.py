"""How values are written in the one-line summaries of messages. Pure, any thread."""

from __future__ import annotations

import json
from collections.abc import Iterable

MAX_SUMMARY = 400
"""Characters of a summary at most."""

_MANY = 4


def fit(text: str, most: int = MAX_SUMMARY) -> str:
    """A text of at most so many characters; what is longer ends in an ellipsis."""
    return text if len(text) <= most else text[: most - 1] + "…"


def quote(text: str, most: int = 120, *, is_cut: bool = False) -> str:
    """A text as JSON writes it.

    Args:
        text: It comes from strangers.
        most: Characters of it that are shown.
        is_cut: Whether there is more of it than is here.
    """
    if is_cut or len(text) > most:
        text = text[:most] + "…"
    return json.dumps(text, ensure_ascii=False)


def brief(value: object, most: int = 60) -> str:
    """A value of JSON or MessagePack in a few characters."""
    match value:
        case str():
            return quote(value, most)
        case None | bool():
            return {None: "null", True: "true", False: "false"}[value]
        case int():
            # Python refuses to write integers of thousands of digits.
            return str(value) if value.bit_length() < 1_000 else "a very large integer"
        case float():
            return f"{value:.6g}"
        case bytes():
            return value.hex() if len(value) <= 16 else f"{len(value):,} bytes"
        case dict():
            return "{…}" if value else "{}"
        case list() | tuple():
            return _brief_list(value, most)
        case _:
            return fit(str(type(value).__name__), most)


def _brief_list(value: list[object] | tuple[object, ...], most: int) -> str:
    if len(value) > _MANY or any(isinstance(item, list | tuple | dict) for item in value):
        return "[…]"
    return f"[{', '.join(brief(item, most) for item in value)}]"


def count(number: int, one: str, many: str = "") -> str:
    """A number and what it counts: ``1 block``, ``2,000 blocks``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def join(parts: Iterable[str], between: str = " ") -> str:
    """Those parts that are not empty, in one line that fits."""
    return fit(between.join(part for part in parts if part))
