"""Trees, field by field."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.compare_rig import changes, told, tree
from zmqscope.core.decode.compare.changes import ChangeKind, number_difference, same_leaf
from zmqscope.core.decode.compare.tree import TreeComparer
from zmqscope.core.decode.field_path import Index, Name
from zmqscope.core.decode.node import Node, NodeKind, Span, error_node

NAN = float("nan")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, ["~ b 2 3"]),
        ({"a": 1}, {"a": 1, "b": 2}, ["+ b 2"]),
        ({"a": 1, "b": 2}, {"b": 2}, ["- a 1"]),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 5]}}, ["~ a.b[1] 2 5"]),
        ({"a": 1}, {"a": "1"}, ["~ a 1 1"]),
        ({"a": 1}, {"a": {"b": 1}}, ["~ a 1 object"]),
        ({"a": {}}, {"a": []}, ["~ a object array"]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, ["o "]),
        ({"a": 1, "b": 2, "c": 3}, {"c": 3, "b": 9, "a": 1}, ["~ b 2 9", "o "]),
        ({"a": 1, "b": 2}, {"x": 0, "a": 1, "b": 2}, ["+ x 0"]),
        ([1, 2, 3], [1, 3], ["- [1] 2"]),
        ([1, 2, 3, 4], [2, 3, 4, 5], ["- [0] 1", "+ [3] 5"]),
        ([1.5, 2.5], [1.6, 2.6], ["~ [0] 1.5 1.6", "~ [1] 2.5 2.6"]),
        ([], [1], ["+ [0] 1"]),
        ([0, 0, 0], [0, 0], ["- [2] 0"]),
        (None, False, ["~  None False"]),
        (NAN, NAN, []),
        ([NAN], [NAN], []),
        (0.0, -0.0, ["~  0.0 -0.0"]),
        (1, 1.0, ["~  1 1.0"]),
        (True, 1, ["~  True 1"]),
        ("", "", []),
    ],
)
def test_says_what_differs(before: object, after: object, words: list[str]) -> None:
    assert told(before, after) == words


def test_an_object_put_in_between_moves_the_others() -> None:
    before: object = [{"id": 1, "x": [1, 2]}, {"id": 2, "x": []}]
    after: object = [{"id": 0}, {"id": 1, "x": [1, 2]}, {"id": 2, "x": []}]
    assert told(before, after) == ["+ [0] object"]
    # Both ways lead to what is the same.
    both = changes([1, 2, 3], [9, 1, 2, 4])
    assert [(c.before and c.before.steps, c.after and c.after.steps) for c in both] == [
        (None, (Index(0),)),
        ((Index(2),), (Index(3),)),
    ]


def test_types_are_told() -> None:
    (change,) = changes({"a": 1}, {"a": 1.0})
    assert change.is_other_type
    (change,) = changes({"a": 1}, {"a": None})
    assert change.is_other_type
    (change,) = changes({"a": 1}, {"a": 2})
    assert not change.is_other_type


def test_equal_fields_are_listed_on_demand() -> None:
    found = changes({"a": 1, "b": [1, 2]}, {"a": 1, "b": [1, 3]}, with_equal=True)
    assert [c.kind.value for c in found] == ["equal", "equal", "changed"]


@pytest.mark.parametrize(
    ("first", "second", "difference"),
    [
        (1, 3, "2"),
        (1.08412, 1.08409, "-0.00003"),
        (0.1, 0.3, "0.2"),
        (10**300, 10**300 + 1, "1"),
        (1, NAN, None),
        (1, True, None),
        ("a", 1, None),
        (2**64 - 1, 0, "-18446744073709551615"),
    ],
)
def test_differences_are_exact(first: object, second: object, difference: str | None) -> None:
    found = number_difference(first, second)
    assert found == (None if difference is None else Decimal(difference))


def test_numbers_too_long_to_be_written() -> None:
    huge = 10**5_000
    assert number_difference(1, huge) is None
    assert [c.kind.value for c in changes([1, huge, 2], [1, 2])] == ["removed"]


def test_times_differ_by_seconds() -> None:
    moments = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, 0, 0, 2, tzinfo=UTC)
    one, two = (Node(None, NodeKind.TIME, "time", str(m), m) for m in moments)
    (change,) = [c for c in TreeComparer(one, two).changes() if c]
    assert change.difference == 2
    naive = Node(None, NodeKind.TIME, "time", "", moments[0].replace(tzinfo=None))
    (change,) = [c for c in TreeComparer(one, naive).changes() if c]
    assert change.difference is None


def test_the_same_key_twice() -> None:
    def pair(*values: int) -> Node:
        def children() -> Iterator[Node]:
            for at, value in enumerate(values):
                yield tree(value, Name("a", at + 1))

        return Node(None, NodeKind.OBJECT, "object", children=children)

    found = [c for c in TreeComparer(pair(1, 2), pair(1, 3)).changes() if c]
    assert [(c.kind, c.side.steps) for c in found] == [(ChangeKind.CHANGED, (Name("a", 2),))]


def test_what_cannot_be_read_is_told() -> None:
    def children() -> Iterator[Node]:
        yield tree(1, Name("a"))
        yield error_node("Byte 7 is missing.", 7)

    broken = Node(None, NodeKind.OBJECT, "object", children=children)
    found = [c for c in TreeComparer(tree({"a": 1, "b": 2}), broken).changes() if c]
    kinds = {(c.kind, c.side.node.kind) for c in found}
    assert (ChangeKind.ADDED, NodeKind.ERROR) in kinds
    assert [c for c in TreeComparer(broken, broken).changes() if c] == []


def test_equal_bytes_are_passed_over_unread() -> None:
    data = b'{"a":[1,2,3],"b":1}'

    def fail() -> Iterator[Node]:
        raise AssertionError("it was read")
        yield

    def root(last: int) -> Node:
        def children() -> Iterator[Node]:
            yield Node(Name("a"), NodeKind.ARRAY, "array", span=Span(5, 12), children=fail)
            yield tree(last, Name("b"), Span(17, 18))

        return Node(None, NodeKind.OBJECT, "object", span=Span(0, 19), children=children)

    other = data.replace(b":1}", b":2}")
    found = [c for c in TreeComparer(root(1), root(2), (data, other)).changes() if c]
    assert [c.side.steps for c in found] == [(Name("b"),)]


def test_long_texts_that_are_cut_are_told_apart_by_their_bytes() -> None:
    data = b"x" * 5_000, b"x" * 4_999 + b"y"
    nodes = [Node(None, NodeKind.OTHER, "ext", "x" * 1_000, span=Span(0, 5_000)) for _ in data]
    assert len([c for c in TreeComparer(nodes[0], nodes[1], data).changes() if c]) == 1
    same = TreeComparer(nodes[0], nodes[1], (data[0], data[0]))
    assert not any(same.changes())


# ---- hostile ------------------------------------------------------------------------------------


def deep(levels: int, value: int) -> Node:
    """A list in a list in a list …"""

    def children() -> Iterator[Node]:
        yield deep(levels - 1, value)

    if not levels:
        return tree(value, Index(0))
    return Node(Index(0), NodeKind.ARRAY, "array", count=1, children=children)


def test_a_hundred_thousand_levels() -> None:
    began = time.thread_time()
    (change,) = [c for c in TreeComparer(deep(100_000, 1), deep(100_000, 2)).changes() if c]
    assert change.kind is ChangeKind.UNREAD
    assert len(change.side.steps) < 1_000
    assert time.thread_time() - began < 5


def test_it_takes_a_breath_where_a_single_step_takes_long() -> None:
    def slow() -> Iterator[Node]:
        end = time.perf_counter() + 0.004
        while time.perf_counter() < end:
            pass
        yield tree(1, Index(0))

    def roots(levels: int) -> Node:
        def children() -> Iterator[Node]:
            yield from slow() if not levels else iter((roots(levels - 1), *slow()))

        return Node(Index(0), NodeKind.ARRAY, "array", children=children)

    breaths = sum(found is None for found in TreeComparer(roots(20), roots(20)).changes())
    assert breaths >= 20


def test_too_many_fields_are_not_guessed() -> None:
    one = {str(at): at for at in range(5_000)}
    two = dict(reversed(one.items()))
    comparer = TreeComparer(tree(one), tree(two), most_fields=1_000)
    assert [c for c in comparer.changes() if c] == []
    assert comparer.is_stopped
    assert comparer.looked_at <= 1_010


def test_a_million_entries_with_one_more_take_no_memory() -> None:
    def root(first: int) -> Node:
        def children() -> Iterator[Node]:
            for at in range(first, 140_000):
                yield Node(Name(str(at)), NodeKind.NUMBER, "int", "", at)

        return Node(None, NodeKind.OBJECT, "map", children=children)

    comparer = TreeComparer(root(0), root(1))
    assert [c.kind for c in comparer.changes() if c] == [ChangeKind.REMOVED]
    assert not comparer.is_stopped


def test_long_arrays_are_compared_by_place() -> None:
    one, two = list(range(10_000)), list(range(10_000))
    two[9_000] = -1
    assert told(one, two) == ["~ [9000] 9000 -1"]
    assert told(one, [*one, 5]) == ["+ [10000] 5"]
    assert told(one[:5_000], one[:4_090])[0] == "- [4090] 4090"


def number(text: str, value: float | int | None, kind: NodeKind = NodeKind.NUMBER) -> Node:
    return Node(None, kind, "number", text, value)


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        # JSON: more digits than a float has.
        (number("1.00000000000000000001", 1.0), number("1.0", 1.0), False),
        (number("1.0", 1.0), number("1.00", 1.0), True),
        (number("1e2", 100.0), number("100.0", 100.0), True),
        (number("1e400", float("inf")), number("1e500", float("inf")), False),
        # A float of 32 bits and one of 64 with the very same value.
        (
            number("0.1", 0.10000000149011612),
            number("0.10000000149011612", 0.10000000149011612),
            True,
        ),
        # Fractions and what has a unit.
        (number("1/3", 1 / 3), number("2/6", 1 / 3), False),
        (number("5", 5), number("5", 5), True),
    ],
)
def test_what_a_float_cannot_tell_apart_is_told_by_its_text(
    first: Node, second: Node, is_same: bool
) -> None:
    assert same_leaf(first, second) is is_same


def test_times_differ_in_nanoseconds_and_counters() -> None:
    time_ = datetime(2024, 1, 1, tzinfo=UTC)
    first = Node(None, NodeKind.TIME, "timestamp", "2024-01-01T00:00:00Z #1", time_)
    second = Node(None, NodeKind.TIME, "timestamp", "2024-01-01T00:00:00Z #2", time_)
    assert same_leaf(first, first)
    assert not same_leaf(first, second)


@pytest.mark.parametrize("is_plain", [True, False])
def test_what_is_shown_in_part_is_compared_in_whole(is_plain: bool) -> None:
    data = bytes(100) + b"a", bytes(100) + b"b"
    node = Node(None, NodeKind.BYTES, "bin", "00 …", span=Span(0, 101))
    for after, kinds in ((data[1], [ChangeKind.CHANGED]), (data[0], [])):
        pair = data[0], after
        comparer = TreeComparer(node, node, pair if is_plain else None, cut_data=pair)
        assert [each.kind for each in comparer.changes() if each] == kinds


def test_an_array_that_has_grown_by_much_is_compared_in_time() -> None:
    few, many = list(range(5)), list(range(20_000))
    began = time.thread_time()
    assert len(changes(few, many)) == len(changes(many, few)) == 19_995
    # To look again for the like of what is left would take minutes.
    assert time.thread_time() - began < 20
    assert told([1, 2], [1, 2, *range(4_096)])[-1] == "+ [4097] 4095"
