"""Whom to ask what bytes may be, by the first of them. Pure, any thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from zmqscope.core.decode.decoder import Decoder, Layer

_T = TypeVar("_T", Decoder, Layer)


def by_first_byte(
    known: Iterable[_T], ceilings: Mapping[str, float]
) -> list[tuple[tuple[float, _T], ...]]:
    """For each byte whom to ask about what begins with it; those first who may be surest.

    Args:
        known: All that could be asked.
        ceilings: The most that some of them ever say, by name.
    """
    ranked = sorted(((ceilings.get(each.name, 1.0), each) for each in known), key=lambda e: -e[0])
    wanted = [(ceiling, each, each.first_bytes) for ceiling, each in ranked]
    return [
        tuple((ceiling, each) for ceiling, each, first in wanted if first is None or value in first)
        for value in range(256)
    ]
