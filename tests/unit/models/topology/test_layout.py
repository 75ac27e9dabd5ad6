"""Where nodes of the topology stand: in lanes, without overlap, and where they stood before."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.peer_rig import PeerList, peer_of, process_of
from zmqscope.core.types import SocketId, SocketType
from zmqscope.models.topology.air import TIGHT
from zmqscope.models.topology.builder import build_graph
from zmqscope.models.topology.graph import Graph, Lane, NodeKey, socket_key
from zmqscope.models.topology.layout import Block, Place, blocks_of, lay_out
from zmqscope.models.topology.routes import Box, Point, around, columns_of, route

ROOM = (690.0, 230.0)


def graph_of(peers: dict[int, list[int]], hosts: dict[int, list[int]] | None = None) -> Graph:
    """Sockets, each with the processes and the hosts that it talks with."""
    sockets, number = PeerList(), 0
    for socket in peers:
        sockets.listen(socket, SocketType.ROUTER, f"s{socket}")
    for socket, processes in peers.items():
        told = []
        for pid in processes:
            number += 1
            told.append(peer_of(number, socket, process=process_of(pid)))
        for host in (hosts or {}).get(socket, []):
            number += 1
            told.append(peer_of(number, socket, address=f"10.0.0.{host}:1"))
        sockets.tell(socket, *told)
    return build_graph(sockets.snapshots, sockets.peers)


def overlaps(blocks: tuple[Block, ...], places: dict[NodeKey, Place]) -> list[object]:
    """Pairs of nodes that are in each other's way."""
    found: list[object] = []
    for one, other in combinations(blocks, 2):
        a, b = places[one.key], places[other.key]
        apart_x = a.x + one.width <= b.x or b.x + other.width <= a.x
        apart_y = a.y + one.height <= b.y or b.y + other.height <= a.y
        if not (apart_x or apart_y):
            found.append((one.key, other.key))
    return found


_small = st.integers(1, 5)
_graphs = st.dictionaries(
    st.integers(1, 12), st.lists(st.integers(1, 30), max_size=8, unique=True), min_size=1
)


@settings(deadline=None, max_examples=40)
@given(_graphs, st.dictionaries(st.integers(1, 12), st.lists(_small, max_size=3, unique=True)))
def test_no_two_overlap_and_all_are_in_their_lanes(
    peers: dict[int, list[int]], hosts: dict[int, list[int]]
) -> None:
    blocks = blocks_of(graph_of(peers, hosts))
    places = lay_out(blocks, {}, ROOM)
    assert places.keys() == {block.key for block in blocks}
    assert overlaps(blocks, places) == []
    lanes = {lane: [places[block.key].x for block in blocks if block.lane is lane] for lane in Lane}
    assert max(lanes[Lane.OTHER_HOSTS], default=-1e9) < min(lanes[Lane.THIS_APP])
    assert min(lanes[Lane.THIS_MACHINE], default=1e9) > max(lanes[Lane.THIS_APP])


@settings(deadline=None, max_examples=40)
@given(_graphs, _graphs)
def test_what_stands_stays_where_it_is(
    before: dict[int, list[int]], after: dict[int, list[int]]
) -> None:
    first = blocks_of(graph_of(before))
    places = lay_out(first, {}, ROOM)
    blocks = blocks_of(graph_of({**before, **after}))
    grown = {block.key for block in blocks} & {
        one.key for one in first for other in blocks
        if one.key == other.key and one.height != other.height
    }  # fmt: skip
    again = lay_out(blocks, places, ROOM)
    for key, place in again.items():
        if key in places and not grown:
            assert place == places[key], key
    assert overlaps(blocks, again) == []


def test_a_newcomer_stands_beside_what_it_talks_with() -> None:
    peers = {n: [100 + n] for n in range(1, 7)}
    places = lay_out(blocks_of(graph_of(peers)), {}, (600.0, 2_000.0))
    peers[6].append(999)
    again = lay_out(blocks_of(graph_of(peers)), places, ROOM)
    assert all(again[key] == place for key, place in places.items())
    heights = {n: abs(again["process", 999].y - again[socket_key(SocketId(n))].y) for n in peers}
    assert heights[6] < heights[1]


def test_a_lane_that_was_empty_gets_its_first() -> None:
    places = lay_out(blocks_of(graph_of({1: [7]})), {}, ROOM)
    again = lay_out(blocks_of(graph_of({1: [7], 2: []}, {1: [3]})), places, ROOM)
    assert again["host", "10.0.0.3"].x < again[socket_key(SocketId(1))].x
    assert all(again[key] == place for key, place in places.items())


def test_who_comes_back_finds_its_place_unless_it_is_taken() -> None:
    both = blocks_of(graph_of({1: [7, 8]}))
    places = lay_out(both, {}, ROOM)
    alone = blocks_of(graph_of({1: [8]}))
    kept = {**places, **lay_out(alone, places, ROOM)}
    assert lay_out(both, kept, ROOM) == places
    taken = {**places, ("process", 8): places["process", 7]}
    found = lay_out(both, taken, ROOM)
    assert overlaps(both, found) == []


def test_what_the_user_put_somewhere_stays_there() -> None:
    blocks = blocks_of(graph_of({1: [7, 8]}))
    places = lay_out(blocks, {}, ROOM)
    places["process", 7] = Place(1_234.0, 567.0, 0, is_pinned=True)
    assert lay_out(blocks, places, ROOM)["process", 7] == places["process", 7]


def test_newcomers_stand_on_nothing_that_was_moved_by_hand() -> None:
    before = blocks_of(graph_of({1: [7]}))
    places = lay_out(before, {}, ROOM)
    free = lay_out(blocks_of(graph_of({1: [7, 8]})), places, ROOM)["process", 8]
    places["process", 7] = Place(free.x + 20, free.y + 5, 0, is_pinned=True)
    blocks = blocks_of(graph_of({1: [7, 8]}))
    assert overlaps(blocks, lay_out(blocks, places, ROOM)) == []


def test_a_wide_room_gets_more_columns_than_a_high_one() -> None:
    blocks = blocks_of(graph_of({n: [] for n in range(1, 9)}))
    wide = lay_out(blocks, {}, (1_200.0, 230.0))
    high = lay_out(blocks, {}, (500.0, 900.0))
    assert len({place.x for place in wide.values()}) > 1
    assert len({place.x for place in high.values()}) == 1


# ---- lines ----------------------------------------------------------------------------------


def points(start: Point, end: Point, boxes: list[Box]) -> list[Point]:
    """Points along a route, dense enough to hit any box that it crosses."""
    found, here = [start], start
    for curve in route(start, end, columns_of(boxes)):
        for step in range(1, 41):
            t = step / 40
            if curve.is_line:
                x = here.x + (curve.end.x - here.x) * t
                y = here.y + (curve.end.y - here.y) * t
            else:
                weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
                at = (here, curve.first, curve.second, curve.end)
                x = sum(w * point.x for w, point in zip(weights, at, strict=True))
                y = sum(w * point.y for w, point in zip(weights, at, strict=True))
            found.append(Point(x, y))
        here = curve.end
    return found


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(-9, 9)), max_size=25, unique=True),
    st.integers(-400, 400), st.integers(-400, 400), st.booleans(), st.booleans(),
)  # fmt: skip
def test_lines_cross_no_node(
    cells: list[tuple[int, int]], y0: int, y1: int, to_left: bool, is_own: bool
) -> None:
    boxes = [
        Box(300.0 + 240 * column, 62.0 * row, 476.0 + 240 * column, 62.0 * row + 44, is_own)
        for column, row in cells
    ]
    start, end = Point(180.0, float(y0)), Point(1_400.0, float(y1))
    if to_left:
        start, end = end, start
    line = points(start, end, boxes)
    assert line[-1] == end
    for box in boxes:
        assert not any(
            box.left < point.x < box.right and box.top < point.y < box.bottom for point in line
        )


@pytest.mark.parametrize("reach", [20.0, 90.0])
def test_lines_within_a_column_go_around(reach: float) -> None:
    curves = around(Point(0.0, 10.0), Point(0.0, 200.0), reach)
    assert curves[-1].end == Point(0.0, 200.0)
    assert min(curve.end.x for curve in curves) == -reach


def test_gaps_are_wide_enough_for_lines() -> None:
    column = columns_of([Box(0, 0, 10, 44), Box(0, 44 + TIGHT.node_gap, 10, 120)])[0]
    assert 44 < column.gap(20) < 44 + TIGHT.node_gap or column.gap(20) < 0
    assert column.gap(53) == 53
