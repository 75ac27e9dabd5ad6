"""How lines run between the nodes of the topology: through gaps, never across a node. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

_MARGIN = 5.0
_BEND = 0.5
LABEL_RUN = 88.0
"""How far a line runs straight from a socket, for its label."""
_STUB = 14.0


class Box(NamedTuple):
    """What a line must not cross."""

    left: float
    top: float
    right: float
    bottom: float


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


def route(
    start: Point, end: Point, boxes: Sequence[Box], label_run: float = LABEL_RUN
) -> list[Curve]:
    """From a socket's side to a card's, both left horizontally.

    Args:
        start: At the socket.
        end: At the card.
        boxes: All nodes; those between the two are passed above or below.
        label_run: How far the line runs straight from the socket at least.
    """
    sign = 1.0 if end.x >= start.x else -1.0
    if sign * (end.x - start.x) < label_run + _STUB:
        label_run = _STUB
    turn = Point(start.x + sign * label_run, start.y)
    curves = [_line(turn)]
    here = turn
    for column in _columns(start, end, boxes):
        left = min(box.left for box in column)
        right = max(box.right for box in column)
        near, far = (left, right) if sign > 0 else (right, left)
        if sign * (near - here.x) < 0:
            continue
        is_near_start = abs(near - start.x) < abs(end.x - near)
        y = _gap(start.y if is_near_start else end.y, column)
        curves.append(_bend(here, Point(near, y)))
        # Beside sockets stand their labels: the line goes on straight until it is past them.
        here = Point(far + (sign * label_run if is_near_start else 0.0), y)
        curves.append(_line(here))
    last = Point(end.x - sign * 2.0, end.y)
    curves.append(_bend(here, last))
    curves.append(_line(end))
    return curves


def around(start: Point, end: Point, reach: float) -> list[Curve]:
    """From one socket's left side to another's in the same column, around on the left."""
    x = min(start.x, end.x) - reach
    return [
        _line(Point(x, start.y)),
        Curve(Point(x - reach * 0.4, start.y), Point(x - reach * 0.4, end.y), Point(x, end.y)),
        _line(end),
    ]


def _line(end: Point) -> Curve:
    return Curve(end, end, end, is_line=True)


def _bend(start: Point, end: Point) -> Curve:
    if abs(start.y - end.y) < 0.5:
        return _line(end)
    middle = start.x + (end.x - start.x) * _BEND
    return Curve(Point(middle, start.y), Point(middle, end.y), end)


def _columns(start: Point, end: Point, boxes: Sequence[Box]) -> list[list[Box]]:
    """Boxes that lie wholly between the two, by the columns in which they stand."""
    low, high = min(start.x, end.x), max(start.x, end.x)
    between = [box for box in boxes if box.left > low + 1 and box.right < high - 1]
    columns: list[list[Box]] = []
    for box in sorted(between, key=lambda one: one.left):
        if columns and box.left < max(other.right for other in columns[-1]):
            columns[-1].append(box)
        else:
            columns.append([box])
    return columns if start.x <= end.x else columns[::-1]


def _gap(wanted: float, column: Sequence[Box]) -> float:
    """The height nearest to the wanted one at which no box of the column stands."""
    options = [wanted]
    for box in column:
        options += (box.top - _MARGIN, box.bottom + _MARGIN)
    free = [
        y
        for y in options
        if all(y <= box.top - _MARGIN or y >= box.bottom + _MARGIN for box in column)
    ]
    return min(free, key=lambda y: abs(y - wanted)) if free else wanted
