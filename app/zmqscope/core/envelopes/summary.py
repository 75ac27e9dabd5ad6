"""How values are written in the one-line summaries of messages. Pure, any thread."""

from __future__ import annotations

import json
from collections.abc import Iterable

from zmqscope.core.decode.compact import compact
from zmqscope.core.wording import shortened

MAX_SUMMARY = 400
"""Characters of a summary at most."""


class CutText(str):
    """A string whose end is not here."""

    __slots__ = ()


def fit(text: str, most: int = MAX_SUMMARY) -> str:
    """A text of at most so many characters; what is longer ends in an ellipsis."""
    return shortened(text, most)


def quote(text: str, most: int = 120, *, is_cut: bool = False) -> str:
    """A text as JSON writes it.

    Args:
        text: It comes from strangers.
        most: Characters of it that are shown.
        is_cut: Whether there is more of it than is here.
    """
    if is_cut or len(text) > most or isinstance(text, CutText):
        text = text[:most] + "…"
    return json.dumps(text, ensure_ascii=False)


def brief(value: object, most: int = 60) -> str:
    """A value of JSON or MessagePack in a few characters, as previews write it."""
    if isinstance(value, CutText):
        return quote(value, max(most - 3, 1))
    return compact(value, most)


def unquoted(text: str) -> str:
    """What ``brief`` makes of a text, without the quotes around it."""
    return text[1:].removesuffix('"') if text.startswith('"') else text


def join(parts: Iterable[str], between: str = " ") -> str:
    """Those parts that are not empty, in one line that fits."""
    return fit(between.join(part for part in parts if part))
