"""Where the nodes of the topology stand: in lanes, beside what they talk with. Pure, any thread.

networkx' force-directed layout says in which order nodes are best off, and at what height a
newcomer is, with all that stand already held fixed; here it is only moved to the nearest free place
of its lane, so that no two overlap and nothing that stands is ever moved. networkx is imported at
the first layout: it takes half a second.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from zmqscope.models.topology.air import (
    CARD_WIDTH,
    FOOT_HEIGHT,
    HEAD_HEIGHT,
    LEAST_FIT,
    ROW_HEIGHT,
    SOCKET_HEIGHT,
    SOCKET_WIDTH,
    Air,
    air_for,
)
from zmqscope.models.topology.graph import Graph, Lane, NodeKey, socket_key

_ITERATIONS = 60
_UNIT = 100.0
# Short, in those units: a node is to stand beside its mates rather than away from all others.
_SPRING = 0.12
# By so much the rows of a card, with their lines, are below its middle.
_ROWS_LOWER = (HEAD_HEIGHT - FOOT_HEIGHT) / 2
_NEW_COLUMN_COST = 260.0
_OUTSIDE_COST = 0.5
_SEED = 5
_ASIDE = 180.0
_MOST_COLUMNS = 8
_COLUMN_COST = 0.015
# So much better is a picture that can be read without panning.
_WHOLE = 0.5
# What frames and margins take, across and down.
_FRAME_ACROSS, _FRAME_DOWN = 44.0, 62.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands, in pixels of the scene.

    Attributes:
        x: Its left edge.
        y: Its upper edge.
        column: Which column of its lane, from the app's outwards; for sockets from the right.
        is_pinned: Whether the user has put it there.
    """

    x: float
    y: float
    column: int = 0
    is_pinned: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A node as the layout sees it.

    Attributes:
        key: The node.
        lane: Where it belongs.
        height: In pixels.
        mates: The nodes that it is joined with.
    """

    key: NodeKey
    lane: Lane
    height: float
    mates: tuple[NodeKey, ...] = ()

    @property
    def width(self) -> float:
        """In pixels."""
        return SOCKET_WIDTH if self.lane is Lane.THIS_APP else CARD_WIDTH


def blocks_of(graph: Graph) -> tuple[Block, ...]:
    """The nodes of a graph, sockets first."""
    mates: defaultdict[NodeKey, list[NodeKey]] = defaultdict(list)
    for card in graph.cards:
        for row in card.rows:
            mates[socket_key(row.socket_id)].append(card.key)
            mates[card.key].append(socket_key(row.socket_id))
    for one, other in graph.own:
        mates[socket_key(one)].append(socket_key(other))
        mates[socket_key(other)].append(socket_key(one))
    sockets = (
        Block(key, Lane.THIS_APP, SOCKET_HEIGHT, tuple(mates[key]))
        for key in (socket_key(socket.socket_id) for socket in graph.sockets)
    )
    cards = (
        Block(card.key, card.lane, card_height(len(card.rows)), tuple(mates[card.key]))
        for card in graph.cards
    )
    return (*sockets, *cards)


def card_height(rows: int) -> float:
    """How high a card with so many rows is."""
    return HEAD_HEIGHT + rows * ROW_HEIGHT + FOOT_HEIGHT


def lay_out(
    blocks: Sequence[Block], standing: Mapping[NodeKey, Place], room: tuple[float, float]
) -> dict[NodeKey, Place]:
    """Places for all nodes; those that stand already stay.

    Args:
        blocks: All nodes.
        standing: Where nodes stand, or stood before they went.
        room: Width and height of the view, for a first layout that fills it well.
    """
    places = {block.key: standing[block.key] for block in blocks if block.key in standing}
    air = air_for(room)
    if not places:
        return _first(blocks, room, air)
    _free_what_is_taken(blocks, places)
    new = [block for block in blocks if block.key not in places]
    if new:
        wanted = _heights(blocks, places)
        for block in new:
            lower = 0.0 if block.lane is Lane.THIS_APP else _ROWS_LOWER
            places[block.key] = _nearest(block, wanted[block.key] - lower, blocks, places, air)
    return places


def _free_what_is_taken(blocks: Sequence[Block], places: dict[NodeKey, Place]) -> None:
    """One that comes back may find another in its place: then it is placed anew."""
    taken: list[tuple[Block, Place]] = []
    for block in blocks:
        place = places.get(block.key)
        if place is None or place.is_pinned:
            continue
        spans = _spans(taken, place.x, block.width)
        if any(place.y < end and start < place.y + block.height for start, end in spans):
            del places[block.key]
        else:
            taken.append((block, place))


def _spans(
    standing: Sequence[tuple[Block, Place]], x: float, width: float
) -> list[tuple[float, float]]:
    """From where to where nodes stand within a column."""
    return [
        (place.y, place.y + block.height)
        for block, place in standing
        if place.x < x + width and x < place.x + block.width
    ]


# ---- at what height a node is best off ------------------------------------------------------


def _heights(blocks: Sequence[Block], places: Mapping[NodeKey, Place]) -> dict[NodeKey, float]:
    """The middle that each node would like to have, in pixels."""
    import networkx

    graph = networkx.Graph()
    sizes = {block.key: block for block in blocks}
    # Only newcomers and what they are joined with: what else stands has no say.
    new = [block for block in blocks if block.key not in places]
    for block in new:
        graph.add_node(block.key)
        graph.add_edges_from((block.key, mate) for mate in block.mates if mate in sizes)
    start = {}
    for key in graph.nodes:
        place = places.get(key)
        middle = (
            _mean_middle(sizes[key], sizes, places)
            if place is None
            else place.y + sizes[key].height / 2
        )
        start[key] = (_lane_x(sizes[key].lane) / _UNIT, middle / _UNIT)
    fixed = [key for key in graph.nodes if key in places]
    if not fixed or graph.number_of_edges() == 0:
        return {key: y * _UNIT for key, (_, y) in start.items()}
    _part(start, fixed)
    found = networkx.spring_layout(
        graph, k=_SPRING, pos=start, fixed=fixed, iterations=_ITERATIONS, seed=_SEED
    )
    return {key: float(point[1]) * _UNIT for key, point in found.items()}


def _part(start: dict[NodeKey, tuple[float, float]], fixed: Sequence[NodeKey]) -> None:
    """Springs cannot part what stands on one point."""
    held, step = set(fixed), 0
    for key, (x, y) in start.items():
        if key not in held:
            step += 1
            start[key] = (x, y + 0.01 * step)


def _mean_middle(
    block: Block, sizes: Mapping[NodeKey, Block], places: Mapping[NodeKey, Place]
) -> float:
    found = [places[mate].y + sizes[mate].height / 2 for mate in block.mates if mate in places]
    if found:
        return sum(found) / len(found)
    standing = [places[key].y + sizes[key].height / 2 for key in places if key in sizes]
    return max(standing, default=0.0)


def _lane_x(lane: Lane) -> float:
    return {Lane.OTHER_HOSTS: -1.0, Lane.THIS_APP: 0.0, Lane.THIS_MACHINE: 1.0}[lane] * _ASIDE


# ---- a newcomer among those that stand ------------------------------------------------------


def _nearest(
    block: Block,
    wanted: float,
    blocks: Sequence[Block],
    places: Mapping[NodeKey, Place],
    air: Air,
) -> Place:
    """The free place of its lane that is nearest to where it would like to be."""
    standing = [(one, places[one.key]) for one in blocks if one.key in places]
    settled = [(one, place) for one, place in standing if not place.is_pinned]
    top = min((place.y for _, place in settled), default=0.0)
    bottom = max((place.y + one.height for one, place in settled), default=0.0)
    xs = {place.column: place.x for one, place in settled if one.lane is block.lane}
    own = (place.column for one, place in standing if one.lane is Lane.THIS_APP)
    own_columns = max(own, default=0) + 1
    best: tuple[float, Place] | None = None
    # Sockets open no new column: on both sides of them others stand already.
    last = max(xs, default=-1)
    may_open = block.lane is not Lane.THIS_APP or last < 0
    for column in range(last + 1 + may_open):
        x = xs.get(column, _column_x(block.lane, column, own_columns, air))
        taken = _spans(standing, x, block.width)
        y = _free_y(wanted - block.height / 2, block.height, taken, air.node_gap)
        beyond = max(0.0, top - y, y + block.height - bottom)
        cost = abs(y + block.height / 2 - wanted) + _OUTSIDE_COST * beyond
        cost += _NEW_COLUMN_COST if column > last >= 0 else 20.0 * column
        if best is None or cost < best[0]:
            best = (cost, Place(x, y, column))
    assert best is not None
    return best[1]


def _free_y(wanted: float, height: float, taken: list[tuple[float, float]], gap: float) -> float:
    """The free upper edge that is nearest to the wanted one."""
    options = [wanted]
    for start, end in taken:
        options += (start - gap - height, end + gap)
    free = (
        y
        for y in options
        if all(y + height + gap <= start or y >= end + gap for start, end in taken)
    )
    return min(free, key=lambda y: abs(y - wanted))


def _column_x(lane: Lane, column: int, own_columns: int, air: Air) -> float:
    if lane is Lane.THIS_APP:
        return -column * (SOCKET_WIDTH + air.own_gap)
    if lane is Lane.THIS_MACHINE:
        return SOCKET_WIDTH + air.trunk + column * (CARD_WIDTH + air.card_gap)
    left = -(own_columns - 1) * (SOCKET_WIDTH + air.own_gap)
    return left - air.trunk - CARD_WIDTH - column * (CARD_WIDTH + air.card_gap)


# ---- all of them at first -------------------------------------------------------------------


def _first(blocks: Sequence[Block], room: tuple[float, float], air: Air) -> dict[NodeKey, Place]:
    lanes: dict[Lane, list[Block]] = {
        lane: [block for block in blocks if block.lane is lane] for lane in Lane
    }
    counts = _columns(lanes, room, air)
    places: dict[NodeKey, Place] = {}
    own = counts[Lane.THIS_APP]
    # From left to right and on in the next line, as one reads.
    dealt: list[list[Block]] = [lanes[Lane.THIS_APP][n::own] for n in range(own)]
    top = -max(_stack_height(column, air.node_gap) for column in dealt) / 2
    for number, column in enumerate(reversed(dealt)):
        # Half a step lower, the lines of one column find the gaps of the next.
        y = top + (SOCKET_HEIGHT + air.node_gap) / 2 * ((own - 1 - number) % 2)
        for block in column:
            places[block.key] = Place(_column_x(Lane.THIS_APP, number, own, air), y, number)
            y += block.height + air.node_gap
    wanted = _heights(blocks, places) if len(places) < len(blocks) else {}
    for lane in (Lane.OTHER_HOSTS, Lane.THIS_MACHINE):
        ordered = sorted(lanes[lane], key=lambda block: wanted[block.key])
        target = _Lane(lane, counts[lane], own, air)
        middles = _middles(ordered, target, blocks, places)
        _deal(ordered, middles, target, places)
    return places


class _Lane(NamedTuple):
    """A lane, its columns, those of the sockets, and how much air there is."""

    lane: Lane
    columns: int
    own: int
    air: Air


def _middles(
    ordered: Sequence[Block],
    lane: _Lane,
    blocks: Sequence[Block],
    places: Mapping[NodeKey, Place],
) -> list[float]:
    """Where cards would like to be, from the top down: their rows beside their sockets.

    In several columns they are set apart evenly: then each stands before a gap of the next column,
    through which lines pass to it.
    """
    if lane.columns > 1:
        step = _stack_height(ordered, lane.air.node_gap) / lane.columns / len(ordered)
        return [(number - (len(ordered) - 1) / 2) * step for number in range(len(ordered))]
    sizes = {block.key: block for block in blocks}
    return [_mean_middle(block, sizes, places) - _ROWS_LOWER for block in ordered]


def _deal(
    ordered: Sequence[Block],
    middles: Sequence[float],
    lane: _Lane,
    places: dict[NodeKey, Place],
) -> None:
    """Deal cards out to columns, the shortest first, and let each stand where it likes to."""
    columns: list[list[tuple[Block, float]]] = [[] for _ in range(lane.columns)]
    gap = lane.air.node_gap
    for pair in zip(ordered, middles, strict=True):
        shortest = min(columns, key=lambda one: _stack_height([block for block, _ in one], gap))
        shortest.append(pair)
    for number, column in enumerate(columns):
        x = _column_x(lane.lane, number, lane.own, lane.air)
        wanted = [middle for _, middle in column]
        found = _spread(wanted, [block.height for block, _ in column], gap)
        for (block, _), middle in zip(column, found, strict=True):
            places[block.key] = Place(x, middle - block.height / 2, number)


def _spread(wanted: Sequence[float], heights: Sequence[float], gap: float) -> list[float]:
    """Middles in this order without overlap, as near to the wanted ones as they get.

    Neighbours that are in each other's way share their shift (pool adjacent violators).
    """
    offsets, total = [], 0.0
    for index, height in enumerate(heights):
        total += height / 2 + (heights[index - 1] / 2 + gap if index else 0.0)
        offsets.append(total)
    pools: list[tuple[float, int]] = []
    for middle, offset in zip(wanted, offsets, strict=True):
        pools.append((middle - offset, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (low, count), (high, one) = pools[-2], pools[-1]
            merged = (low * count + high * one) / (count + one)
            pools[-2:] = [(merged, count + one)]
    shifts = [shift for shift, count in pools for _ in range(count)]
    return [shift + offset for shift, offset in zip(shifts, offsets, strict=True)]


def _stack_height(column: Sequence[Block], gap: float) -> float:
    return sum(block.height + gap for block in column)


def _columns(
    lanes: Mapping[Lane, Sequence[Block]], room: tuple[float, float], air: Air
) -> dict[Lane, int]:
    """How many columns each lane gets, so that the whole fills the room well."""
    gap = air.node_gap
    stacks = {lane: _stack_height(blocks, gap) for lane, blocks in lanes.items()}
    tallest = max(block.height + gap for blocks in lanes.values() for block in blocks)

    def value(counts: dict[Lane, int]) -> float:
        height = max(tallest, *(stacks[lane] / counts[lane] for lane in Lane)) - gap
        across = room[0] / _width(lanes, counts, air)
        scale = min(across, room[1] / (height + _FRAME_DOWN), 1.0)
        # A picture with fewer columns is calmer: more of them have to be worth it.
        return scale + _WHOLE * (scale >= LEAST_FIT) - _COLUMN_COST * sum(counts.values())

    most = [range(1, min(_MOST_COLUMNS, len(lanes[lane]) or 1) + 1) for lane in Lane]
    options = (dict(zip(Lane, counts, strict=True)) for counts in product(*most))
    return max(options, key=value)


def _width(lanes: Mapping[Lane, Sequence[Block]], counts: Mapping[Lane, int], air: Air) -> float:
    width = counts[Lane.THIS_APP] * (SOCKET_WIDTH + air.own_gap) - air.own_gap
    for lane in (Lane.OTHER_HOSTS, Lane.THIS_MACHINE):
        if lanes[lane]:
            width += air.trunk + counts[lane] * (CARD_WIDTH + air.card_gap) - air.card_gap
    return width + _FRAME_ACROSS
