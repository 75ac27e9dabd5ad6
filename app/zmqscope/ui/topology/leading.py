"""Leads the lines of the topology between its nodes, and puts rates beside them. GUI thread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF

from zmqscope.core.types import SocketId
from zmqscope.models.topology.graph import NodeKey, socket_key
from zmqscope.models.topology.routes import Box, Column, Point, around, columns_of, route
from zmqscope.ui.topology.lines import Ends, LineItem, RateItem
from zmqscope.ui.topology.node import NodeItem
from zmqscope.ui.topology.nodes import SocketItem

_REACH, _REACH_STEP, _REACHES = 88.0, 12.0, 3


def lead_lines(
    nodes: Mapping[NodeKey, NodeItem],
    lines: Mapping[Ends, LineItem],
    rates: Mapping[SocketId, RateItem],
    moved: NodeKey | None = None,
) -> None:
    """Lead lines through the gaps between nodes.

    Args:
        nodes: What they must not cross.
        lines: The lines.
        rates: What stands beside where they begin.
        moved: The one node that is being moved: only its lines are led; None for all.
    """
    columns = columns_of([_box(item) for item in nodes.values()])
    sides: defaultdict[SocketId, set[bool]] = defaultdict(set)
    around_here: defaultdict[float, int] = defaultdict(int)
    for ends, line in lines.items():
        socket, other = nodes[socket_key(ends.socket_id)], nodes[ends.other]
        is_touched = moved in (None, socket.key, other.key)
        if isinstance(other, SocketItem) and abs(socket.x() - other.x()) < socket.size[0]:
            around_here[socket.x()] += 1
            sides[ends.socket_id].add(False)
            if is_touched:
                _lead_around(line, socket, other, around_here[socket.x()])
            continue
        is_right = other.x() > socket.x()
        sides[ends.socket_id].add(is_right)
        if is_touched:
            _lead(line, socket, other, columns, is_right=is_right)
    for socket_id, rate in rates.items():
        is_right = True in sides[socket_id]
        port = nodes[socket_key(socket_id)].port(socket_id, is_right=is_right)
        rate.place(port, is_right=is_right)


def _lead(
    line: LineItem,
    socket: NodeItem,
    other: NodeItem,
    columns: Sequence[Column],
    *,
    is_right: bool,
) -> None:
    socket_id = line.ends.socket_id
    start = _point(socket.port(socket_id, is_right=is_right))
    end = _point(other.port(socket_id, is_right=not is_right))
    line.set_route(start, route(start, end, columns))


def _lead_around(line: LineItem, socket: NodeItem, other: NodeItem, number: int) -> None:
    socket_id = line.ends.socket_id
    start = _point(socket.port(socket_id, is_right=False))
    end = _point(other.port(socket_id, is_right=False))
    line.set_route(start, around(start, end, _REACH + number % _REACHES * _REACH_STEP))


def _box(item: NodeItem) -> Box:
    rect = item.scene_rect
    is_own = isinstance(item, SocketItem)
    return Box(rect.left(), rect.top(), rect.right(), rect.bottom(), is_own)


def _point(point: QPointF) -> Point:
    return Point(point.x(), point.y())
