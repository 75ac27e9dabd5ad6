"""Which node of the topology is meant, and what has to be in view with it. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF

from zmqscope.models.topology.graph import NodeKey, socket_key
from zmqscope.ui.topology.nodes import SocketItem
from zmqscope.ui.topology.scene import TopologyScene

_CLEAR = 20.0
_LEEWAY = 0.2


def focus_key(scene: TopologyScene, held: NodeKey | None) -> NodeKey | None:
    """The node that matters most: the chosen one, else the one held, else the busiest socket.

    Args:
        scene: The nodes.
        held: What mattered last: while it is there the view does not run after the traffic.
    """
    current = scene.current
    if current is not None:
        return current.key
    if held in scene.nodes:
        return held
    sockets = [item for item in scene.nodes.values() if isinstance(item, SocketItem)]
    busiest = max(sockets, key=lambda item: item.flow.received + item.flow.sent, default=None)
    return None if busiest is None else busiest.key


def focus_rects(scene: TopologyScene, key: NodeKey) -> list[QRectF]:
    """Where a node stands, then those that it is joined with, the nearest first."""
    here = _roomy(scene.nodes[key].scene_rect)
    mates = set()
    for ends in scene.lines:
        one, other = socket_key(ends.socket_id), ends.other
        if key in (one, other):
            mates.add(other if key == one else one)
    rects = [_roomy(scene.nodes[mate].scene_rect) for mate in mates if mate in scene.nodes]
    middle = here.center()
    rects.sort(key=lambda rect: (rect.center() - middle).manhattanLength())
    return [here, *rects]


def _roomy(rect: QRectF) -> QRectF:
    """Clear of the soft edges."""
    return rect.adjusted(-_CLEAR, -_CLEAR, _CLEAR, _CLEAR)


def as_much_as_fits(rects: Sequence[QRectF], room: QSizeF) -> QRectF:
    """The first of these and as many of the next ones as fit into the room together."""
    whole = rects[0]
    for rect in rects[1:]:
        wider = whole.united(rect)
        if wider.width() <= room.width() and wider.height() <= room.height():
            whole = wider
    return whole


def center_for(wanted: QRectF, seen: QRectF, whole: QRectF) -> QPointF:
    """The middle of a view that shows what is wanted, and nothing beyond the picture.

    Args:
        wanted: What has to be seen.
        seen: What is seen now; if it is all of the wanted, the view stays.
        whole: The picture; in a direction in which all of it fits it stands in the middle.
    """
    stays = seen.contains(wanted)
    middle = seen.center() if stays else wanted.center()
    # When cards at the edge go, what is left must not run about.
    across, down = (seen.width() * _LEEWAY, seen.height() * _LEEWAY) if stays else (0.0, 0.0)
    return QPointF(
        _held(middle.x(), seen.width(), whole.left() - across, whole.right() + across),
        _held(middle.y(), seen.height(), whole.top() - down, whole.bottom() + down),
    )


def _held(middle: float, room: float, low: float, high: float) -> float:
    if high - low <= room:
        return (low + high) / 2
    return min(max(middle, low + room / 2), high - room / 2)


def next_node(scene: TopologyScene, direction: QPointF) -> NodeKey | None:
    """The nearest node in a direction from the chosen one; the first if none is chosen.

    Args:
        scene: The nodes.
        direction: One step right, left, up or down.
    """
    here = scene.current
    if here is None:
        return next(iter(scene.nodes), None)
    middle = here.scene_rect.center()
    best: tuple[float, NodeKey] | None = None
    for key, item in scene.nodes.items():
        way = item.scene_rect.center() - middle
        along = way.x() * direction.x() + way.y() * direction.y()
        across = abs(way.x() * direction.y()) + abs(way.y() * direction.x())
        if along > 1.0:
            cost = along + 2.5 * across
            if best is None or cost < best[0]:
                best = (cost, key)
    return None if best is None else best[1]
