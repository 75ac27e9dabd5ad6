"""Finding fields by words and by bytes, in bounded time."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import pytest

from tests.unit.models.inspector.test_node_words import node_of
from zmqscope.core.decode.field_path import Index, Name
from zmqscope.core.decode.node import Node, NodeKind, Span
from zmqscope.models.inspector import node_search
from zmqscope.models.inspector.node_search import MAX_DEPTH, NodeSearch, field_at


def run(search: NodeSearch) -> NodeSearch:
    while not search.is_done:
        search.run(0.05)
    return search


def test_names_and_values_are_found_in_order() -> None:
    root = node_of({"px": 1, "in": [{"Px": 2}, "the px"], "other": "PX"})
    assert run(NodeSearch(root, "px")).hits == [(0,), (1, 0, 0), (1, 1), (2,)]
    assert run(NodeSearch(root, "PX")).hits == [(2,)]
    assert run(NodeSearch(root, "zz")).hits == []


def endless() -> Iterator[Node]:
    for at in itertools.count():
        yield Node(Index(at), NodeKind.NUMBER, "u8", "1", 1)


def test_a_slice_ends_in_time() -> None:
    search = NodeSearch(Node(None, NodeKind.ARRAY, "array", children=endless), "none")
    started = time.thread_time()
    search.run(0.02)
    assert time.thread_time() - started < 2.0
    assert not search.is_done
    assert search.looked_at > 0


def test_it_stops_at_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_search, "MAX_FIELDS", 1_000)
    monkeypatch.setattr(node_search, "MAX_HITS", 100)
    root = Node(None, NodeKind.ARRAY, "array", children=endless)
    none = run(NodeSearch(root, "none"))
    assert (none.looked_at, none.is_cut) == (1_000, True)
    many = run(NodeSearch(root, "1"))
    assert (len(many.hits), many.is_cut) == (100, True)


def test_a_nest_that_is_dear_to_open_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_search, "_DEAR_S", 0.02)

    def slow() -> Iterator[Node]:
        until_s = time.perf_counter() + 0.01
        while time.perf_counter() < until_s:
            pass
        yield Node(Index(0), NodeKind.ARRAY, "array", "", span=Span(0, 9), children=slow)

    root = Node(None, NodeKind.ARRAY, "array", "", span=Span(0, 9), children=slow)
    search = NodeSearch(root, "none")
    search.run(0.001)
    assert search.looked_at == 1  # the slice ends with the first field that took too long
    run(search)
    assert search.is_cut
    assert search.looked_at < 6
    assert len(field_at(root, 3, 4, limit_s=0.03) or ()) < 6


def nested() -> Iterator[Node]:
    yield Node(Index(0), NodeKind.ARRAY, "array", "", span=Span(0, 9), children=nested)


def test_depth_is_bounded() -> None:
    root = Node(None, NodeKind.ARRAY, "array", children=nested)
    assert run(NodeSearch(root, "x")).looked_at == MAX_DEPTH
    found = field_at(root, 1, 2)
    assert found is not None
    assert len(found) == MAX_DEPTH


def spanned(name: str, start: int, stop: int, *children: Node, key: Span | None = None) -> Node:
    kind = NodeKind.OBJECT if children else NodeKind.NUMBER
    source = (lambda: iter(children)) if children else None
    return Node(Name(name), kind, "t", "1", span=Span(start, stop), key_span=key, children=source)


def test_the_deepest_field_that_covers_bytes() -> None:
    root = Node(
        None,
        NodeKind.OBJECT,
        "map",
        span=Span(0, 20),
        children=lambda: iter(
            (
                spanned("a", 2, 6, key=Span(1, 2)),
                spanned("b", 8, 20, spanned("c", 10, 14), spanned("d", 14, 20)),
            )
        ),
    )
    assert field_at(root, 3, 4) == (0,)
    assert field_at(root, 1, 1) == (0,)
    assert field_at(root, 12, 14) == (1, 0)
    assert field_at(root, 12, 15) == (1,)
    assert field_at(root, 5, 12) == ()
    assert field_at(root, 25, 26) is None


def test_looking_for_bytes_ends_in_time() -> None:
    def many() -> Iterator[Node]:
        for at in itertools.count():
            yield Node(Index(at), NodeKind.NUMBER, "u8", "1", 1, span=Span(at, at + 1))

    started = time.thread_time()
    root = Node(None, NodeKind.ARRAY, "array", children=many)
    assert field_at(root, 10**9, 10**9 + 1, 0.02) == ()
    assert time.thread_time() - started < 2.0


def test_bytes_of_elements_between_those_of_another_field() -> None:
    # As repeated fields of Protobuf may stand: a, b, a, b.
    first = spanned(
        "a", 1, 8, spanned("0", 1, 2, key=Span(0, 1)), spanned("1", 5, 6, key=Span(4, 5))
    )
    second = spanned(
        "b", 3, 8, spanned("0", 3, 4, key=Span(2, 3)), spanned("1", 7, 8, key=Span(6, 7))
    )
    root = Node(None, NodeKind.OBJECT, "m", span=Span(0, 8), children=lambda: iter((first, second)))
    assert [field_at(root, at, at + 1) for at in (1, 3, 5, 7)] == [(0, 0), (1, 0), (0, 1), (1, 1)]


def test_what_lies_between_a_field_and_a_key_far_before_it_is_another_s() -> None:
    # As in a pickle, which writes a key once for all.
    parts = (
        spanned("a", 10, 20, key=Span(8, 10)),
        spanned("b", 30, 40, key=Span(28, 30)),
        spanned("a", 200, 210, key=Span(8, 10)),
    )
    root = Node(None, NodeKind.ARRAY, "list", span=Span(0, 300), children=lambda: iter(parts))
    assert field_at(root, 9, 10) == (0,)
    assert field_at(root, 31, 32) == (1,)
    assert field_at(root, 120, 121) == ()
    assert field_at(root, 205, 206) == (2,)
