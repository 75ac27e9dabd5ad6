"""Two texts line by line. Pure, any thread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, compress, count
from operator import ne

from zmqscope.core.decode.compare.align import Match, align
from zmqscope.core.decode.compare.changes import ChangeKind

MAX_TEXT_BYTES = 4_000_000
"""Bytes of each text that are compared by lines; what follows is not."""

_MOST_EDITS = 400
_STRETCH = 1_000


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line in both texts, as far as it is there.

    Attributes:
        kind: What became of it.
        before: Its number in the text before, from 1; None where it was put in.
        after: The same in the text behind; None where it was taken out.
        old: What it was, without its end; ``""`` where it was put in.
        new: What it is.
    """

    kind: ChangeKind
    before: int | None
    after: int | None
    old: str
    new: str


def decode_lines(data: bytes, encoding: str, bom: int = 0) -> list[str]:
    r"""The lines of a text, their ends left out; bytes that are no text stand as ``\xNN``."""
    text = data[bom : bom + MAX_TEXT_BYTES].decode(encoding, "backslashreplace")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def compare_lines(
    first: list[str], second: list[str], *, with_equal: bool = False
) -> Iterator[LineChange]:
    """Changed lines, in order; where too much has changed they are compared by number."""
    matches: Iterable[Match] | None = align(first, second, _MOST_EDITS)
    if matches is None:
        matches = _by_number(first, second)
    at = to = 0
    for match in chain(matches, (Match(len(first), len(second), 0),)):
        yield from _gap(first, second, (at, match.before), (to, match.after))
        at, to = match.before + match.size, match.after + match.size
        if with_equal:
            for index in range(match.size):
                one, two = match.before + index, match.after + index
                yield LineChange(ChangeKind.EQUAL, one + 1, two + 1, first[one], second[two])


def _by_number(first: list[str], second: list[str]) -> Iterator[Match]:
    """Lines that are the same as those of the same number, found as somebody asks: millions."""
    shared = min(len(first), len(second))
    for start in range(0, shared, _STRETCH):
        stop = min(start + _STRETCH, shared)
        one, two = first[start:stop], second[start:stop]
        at = start
        # Whole lists are compared several times as fast.
        differs = () if one == two else map(ne, one, two)
        for place in chain(compress(count(start), differs), (stop,)):
            if place > at:
                yield Match(at, at, place - at)
            at = place + 1
        # What differs so far is told before more is looked at.
        yield Match(stop, stop, 0)


def _gap(
    first: list[str], second: list[str], before: tuple[int, int], after: tuple[int, int]
) -> Iterator[LineChange]:
    """Lines that have no like: as many as both have were changed."""
    shared = min(before[1] - before[0], after[1] - after[0])
    for index in range(shared):
        one, two = before[0] + index, after[0] + index
        yield LineChange(ChangeKind.CHANGED, one + 1, two + 1, first[one], second[two])
    for one in range(before[0] + shared, before[1]):
        yield LineChange(ChangeKind.REMOVED, one + 1, None, first[one], "")
    for two in range(after[0] + shared, after[1]):
        yield LineChange(ChangeKind.ADDED, None, two + 1, "", second[two])
