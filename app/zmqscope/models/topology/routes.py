"""How lines run between the nodes of the topology: through gaps, never across a node. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

_MARGIN = 4.0
_FAR = 1e6
LABEL_RUN = 78.0
"""How far a line runs straight from a socket, for its label."""
_STUB = 14.0
_HEAD = 9.0


class Box(NamedTuple):
    """What a line must not cross; ``is_own`` where a label may stand beside it."""

    left: float
    top: float
    right: float
    bottom: float
    is_own: bool = False


class Point(NamedTuple):
    """In pixels of the scene."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A cubic Bézier curve on from where the last one ended; straight if ``is_line``.

    Attributes:
        first: First control point.
        second: Second control point.
        end: Where it ends.
        is_line: Whether it is a straight line to the end.
    """

    first: Point
    second: Point
    end: Point
    is_line: bool = False


class Column:
    """Nodes one above the other, and the gaps between them.

    Args:
        boxes: The nodes.
    """

    def __init__(self, boxes: Sequence[Box]) -> None:
        self.left = min(box.left for box in boxes)
        self.right = max(box.right for box in boxes)
        self.is_own = any(box.is_own for box in boxes)
        self._starts: list[float] = []
        self._ends: list[float] = []
        low = -_FAR
        for box in sorted(boxes, key=lambda one: one.top):
            if box.top - _MARGIN >= low:
                self._starts.append(low)
                self._ends.append(box.top - _MARGIN)
            low = max(low, box.bottom + _MARGIN)
        self._starts.append(low)
        self._ends.append(_FAR)

    def gap(self, wanted: float) -> float:
        """The height nearest to the wanted one at which no node stands."""
        here = max(0, bisect_right(self._starts, wanted) - 1)
        options = (
            min(max(wanted, self._starts[one]), self._ends[one])
            for one in range(here, min(here + 2, len(self._starts)))
        )
        return min(options, key=lambda y: abs(y - wanted))


def columns_of(boxes: Sequence[Box]) -> list[Column]:
    """The columns in which nodes stand, from left to right."""
    columns: list[list[Box]] = []
    for box in sorted(boxes, key=lambda one: one.left):
        if columns and box.left < max(other.right for other in columns[-1]):
            columns[-1].append(box)
        else:
            columns.append([box])
    return [Column(column) for column in columns]


def route(start: Point, end: Point, columns: Sequence[Column]) -> list[Curve]:
    """From a socket's side to another node's; both ends are horizontal.

    Args:
        start: At the socket.
        end: At the other node.
        columns: All nodes, from left to right; those between the two are passed in their gaps.
    """
    sign = 1.0 if end.x >= start.x else -1.0
    low, high = min(start.x, end.x), max(start.x, end.x)
    between = [one for one in columns if one.left > low + 1 and one.right < high - 1]
    passed = between if sign > 0 else between[::-1]
    # Where the line has to have its new height: at the near side of each column, and at the end.
    marks = [*(one.left if sign > 0 else one.right for one in passed), end.x - sign * _HEAD]
    here = Point(start.x + sign * _run(start.x, marks[0]), start.y)
    curves = [_line(here)]
    for column, near, following in zip(passed, marks, marks[1:], strict=False):
        y = column.gap(start.y if column.is_own else end.y)
        curves.append(_bend(here, Point(near, y)))
        far = column.right if sign > 0 else column.left
        # Beside sockets stand their labels: the line goes on straight until it is past them.
        here = Point(far + (sign * _run(far, following) if column.is_own else 0.0), y)
        curves.append(_line(here))
    curves.append(_bend(here, Point(marks[-1], end.y)))
    curves.append(_line(end))
    return curves


def _run(start: float, following: float) -> float:
    """How far a line runs straight beside a label, if there is room to bend behind it."""
    room = abs(following - start) - _STUB
    return LABEL_RUN if room >= LABEL_RUN else max(0.0, min(_STUB, room))


def around(start: Point, end: Point, reach: float) -> list[Curve]:
    """From one socket's left side to another's in the same column, around on the left.

    Args:
        start: At the one.
        end: At the other.
        reach: How far it goes out.
    """
    x, bulge = min(start.x, end.x) - reach, min(reach * 0.35, abs(end.y - start.y) * 0.5)
    return [
        _line(Point(x, start.y)),
        Curve(Point(x - bulge, start.y), Point(x - bulge, end.y), Point(x, end.y)),
        _line(end),
    ]


def _line(end: Point) -> Curve:
    return Curve(end, end, end, is_line=True)


def _bend(start: Point, end: Point) -> Curve:
    if abs(start.y - end.y) < 0.5:
        return _line(end)
    middle = (start.x + end.x) / 2
    return Curve(Point(middle, start.y), Point(middle, end.y), end)
