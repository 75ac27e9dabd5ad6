"""Where what was searched for stands in the texts of a row. Pure, any thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from zmqscope.core.search.query import Query
from zmqscope.models.format import one_line
from zmqscope.models.messages.cells import Column, RowCells
from zmqscope.models.messages.message_text import NOTHING, decode_text

_MAX_MARKS = 16
# Longer ones are shown nowhere in full.
_MAX_NEEDLE_BYTES = 512
_BRACKET = "⟨"


class Mark(NamedTuple):
    """A stretch of a cell's text."""

    column: Column
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class MarkFinder:
    """Knows how what was searched for would be shown: as text, and as hex.

    Attributes:
        contains: The texts that may stand anywhere.
        begins: The texts that the topic, or the payload where there is none, may begin with.
    """

    contains: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()

    def marks(self, cells: RowCells) -> list[Mark]:
        """Where they stand in a row; nowhere if the list does not show that part of it."""
        found: list[Mark] = []
        for needle in self.contains:
            for column in (Column.TOPIC, Column.PAYLOAD):
                found += _everywhere(needle, column, cells.texts[column])
        column = Column.PAYLOAD if cells.texts[Column.TOPIC] == NOTHING else Column.TOPIC
        text = cells.texts[column]
        start = len(_BRACKET) if text.startswith(_BRACKET) else 0
        found += [
            Mark(column, start, len(needle))
            for needle in self.begins
            if text.startswith(needle, start)
        ]
        return found


def mark_finder(query: Query) -> MarkFinder:
    """What to mark for a query."""
    return MarkFinder(_shown_as(query.contains), _shown_as(query.topic_prefix))


def _shown_as(needle: bytes) -> tuple[str, ...]:
    if not needle or len(needle) > _MAX_NEEDLE_BYTES:
        return ()
    text = decode_text(needle)
    digits = needle.hex(" ")
    return (digits,) if text is None else (one_line(text), digits)


def _everywhere(needle: str, column: Column, text: str) -> list[Mark]:
    found: list[Mark] = []
    at = text.find(needle)
    while at >= 0 and len(found) < _MAX_MARKS:
        found.append(Mark(column, at, len(needle)))
        at = text.find(needle, at + len(needle))
    return found
