"""How values are written in the one-line summaries of messages. Pure, any thread."""

from __future__ import annotations

import json
from collections.abc import Iterable

from zmqscope.core.decode.compact import compact

MAX_SUMMARY = 400
"""Characters of a summary at most."""


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
    """A value of JSON or MessagePack in a few characters, as previews write it."""
    return compact(value, most)


def count(number: int, one: str, many: str = "") -> str:
    """A number and what it counts: ``1 block``, ``2,000 blocks``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def join(parts: Iterable[str], between: str = " ") -> str:
    """Those parts that are not empty, in one line that fits."""
    return fit(between.join(part for part in parts if part))
