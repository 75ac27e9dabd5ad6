"""Two decoded trees, field by field, as far as somebody wants to know. Pure, any thread.

Nothing is read twice, no field is held for longer than it waits for its like, and whoever asks can
stop after any field: ``changes`` gives None in between.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from itertools import zip_longest
from operator import eq

from zmqscope.core.decode.compare.align import Match, align
from zmqscope.core.decode.compare.changes import (
    Change,
    ChangeKind,
    Side,
    is_cut,
    is_other_type,
    same_leaf,
)
from zmqscope.core.decode.field_path import Step
from zmqscope.core.decode.lookup import children_of
from zmqscope.core.decode.node import Node, NodeKind

MAX_FIELDS = 300_000
"""Fields of both trees that are looked at before it stops."""

MAX_DEPTH = 400
"""Levels that are looked into."""

PLAIN_FORMATS = frozenset(("json", "msgpack", "cbor", "bson"))
"""Formats in which the same bytes always are the same fields."""

_ALIGNED = 4_096
_MOST_EDITS = 256
_MOST_WAITING = 100_000
_PAUSE_S = 0.002
_PIECE = 1 << 20
_PRINT_NODES = 64

_Way = tuple["_Way | None", Step | None]
_Pair = tuple[Node, Node]
_Found = Change | _Pair | None


class TreeComparer:
    """Compares two trees.

    Args:
        before: The root of the message before.
        after: The root of the message behind it.
        data: The bytes that both roots' spans are in, for formats in which the same bytes always
            are the same fields; equal parts are then passed over unread. None: everything is read.
        cut_data: The bytes that both roots' spans are in, whatever the format is: they tell fields
            apart of which only the beginning is shown.
        with_equal: Whether fields without a change are given, too.
        most_fields: Fields that are looked at before it stops.

    Attributes:
        looked_at: Fields read so far, those of both trees counted.
        is_stopped: Whether there are fields that were not looked at, since there are too many.
    """

    def __init__(
        self,
        before: Node,
        after: Node,
        data: tuple[bytes, bytes] | None = None,
        *,
        cut_data: tuple[bytes, bytes] | None = None,
        with_equal: bool = False,
        most_fields: int = MAX_FIELDS,
    ) -> None:
        self._roots = before, after
        self._data = data
        self._cut_data = cut_data or data
        self._with_equal = with_equal
        self._most_fields = most_fields
        self._breath_s = 0.0
        self.looked_at = 0
        self.is_stopped = False

    def changes(self) -> Iterator[Change | None]:
        """All changes, in the order of the message behind; None now and then, to take a breath."""
        before, after = self._roots
        ways: list[tuple[_Way | None, _Way | None]] = []
        stack: list[Iterator[_Found]] = [iter([(before, after)])]
        self._breath_s = time.perf_counter() + _PAUSE_S
        while stack:
            if self._is_breath_due():
                yield None
            if self.looked_at >= self._most_fields:
                self.is_stopped = True
                return
            found = next(stack[-1], _END)
            if isinstance(found, _End):
                stack.pop()
                if ways:
                    ways.pop()
                continue
            if found is None:
                yield None
                continue
            here = ways[-1] if ways else (None, None)
            if isinstance(found, Change):
                yield _placed(found, here)
                continue
            opened, change = self._judge(*found, len(ways))
            if change is not None:
                yield _placed(change, here)
            if opened is not None:
                stack.append(opened)
                ways.append(((here[0], found[0].step), (here[1], found[1].step)))

    def _is_breath_due(self) -> bool:
        """Whether somebody else should have a turn: a single step may take as long as a decoder."""
        now_s = time.perf_counter()
        if now_s < self._breath_s:
            return False
        self._breath_s = now_s + _PAUSE_S
        return True

    def _judge(
        self, first: Node, second: Node, depth: int
    ) -> tuple[Iterator[_Found] | None, Change | None]:
        """What to look into, and what to tell of two fields that belong together."""
        if first.children is None or second.children is None or _is_unlike(first, second):
            return None, self._leaf_change(first, second)
        if not self._with_equal and self._has_same_bytes(first, second):
            return None, None
        if depth >= MAX_DEPTH:
            return None, _pair_change(ChangeKind.UNREAD, first, second)
        if first.kind is NodeKind.ARRAY:
            return self._elements(first, second), None
        return self._fields(first, second), None

    def _leaf_change(self, first: Node, second: Node) -> Change | None:
        is_leaf = first.children is None and second.children is None
        is_same = is_leaf and same_leaf(first, second)
        if is_same and is_cut(first) and first.span and second.span and self._cut_data:
            is_same = _have_same_bytes(self._cut_data, first, second)
        if is_same:
            return _pair_change(ChangeKind.EQUAL, first, second) if self._with_equal else None
        return Change(
            ChangeKind.CHANGED,
            Side((), first),
            Side((), second),
            is_other_type(first, second),
        )

    def _has_same_bytes(self, first: Node, second: Node) -> bool:
        return self._data is not None and _have_same_bytes(self._data, first, second)

    # ---- objects ----------------------------------------------------------------------------

    def _fields(self, first: Node, second: Node) -> Iterator[_Found]:
        """Fields by name: each waits for its like, which in most cases is there already."""
        waiting: tuple[dict[Step | None, tuple[int, Node]], ...] = ({}, {})
        last = -1, -1
        is_reordered = False
        both = zip_longest(children_of(first), children_of(second))
        for place, pair in enumerate(both):
            self.looked_at += 2
            one, two = pair
            if one is not None and two is not None and one.step == two.step:
                matches = [(place, place, one, two)]
            else:
                matches = _meet(place, pair, waiting)
            for at, to, before, after in matches:
                is_reordered = is_reordered or (at < last[0]) != (to < last[1])
                last = at, to
                yield before, after
            if self._is_breath_due():
                yield None
            if max(map(len, waiting)) > _MOST_WAITING:
                self.looked_at = self._most_fields
            if self.looked_at >= self._most_fields:
                # Whoever waits still may have its like among those that are not read.
                return
        if is_reordered:
            yield _pair_change(ChangeKind.ORDER, first, second)
        for _place, node in waiting[0].values():
            yield Change(ChangeKind.REMOVED, Side((), node), None)
        for _place, node in waiting[1].values():
            yield Change(ChangeKind.ADDED, None, Side((), node))

    # ---- arrays -----------------------------------------------------------------------------

    def _elements(self, first: Node, second: Node) -> Iterator[_Found]:
        """Elements by place, or where some were put in between, by what they are.

        It goes from window to window; what has no like in one may have it in the next.
        """
        ways = children_of(first), children_of(second)
        windows: tuple[list[Node], ...] = ([], [])
        is_last = False
        while not is_last:
            is_last = True
            for way, window in zip(ways, windows, strict=True):
                for node in way:
                    window.append(node)
                    self.looked_at += 1
                    if self._is_breath_due():
                        yield None
                    if len(window) >= _ALIGNED or self.looked_at >= self._most_fields:
                        is_last = False
                        break
            if self.looked_at >= self._most_fields:
                return
            if not all(windows):
                # One side is at its end: nothing that the other one still has can have its like.
                yield from _by_place(*windows)
                done = len(windows[0]), len(windows[1])
            else:
                done = yield from self._aligned(*windows, is_last=is_last)
            for window, count in zip(windows, done, strict=True):
                del window[:count]

    def _aligned(
        self, first: list[Node], second: list[Node], *, is_last: bool
    ) -> Generator[_Found, None, tuple[int, int]]:
        """Pairs, and what has no like; returns how many elements of each side are dealt with."""
        if len(first) == len(second) == 1:
            # Nothing to be aligned; to look into them for that would be dear where they are deep.
            yield first[0], second[0]
            return 1, 1
        prints: tuple[list[int], list[int]] = ([], [])
        for side, window in enumerate((first, second)):
            for node in window:
                prints[side].append((yield from self._print(node, side)))
        matches = _matches(*prints)
        if not matches:
            yield from _by_place(first, second, are_whole=is_last)
            shared = min(len(first), len(second))
            return (len(first), len(second)) if is_last else (shared, shared)
        at = to = 0
        for match in matches:
            yield from _by_place(first[at : match.before], second[to : match.after])
            at, to = match.before + match.size, match.after + match.size
            yield from zip(first[match.before : at], second[match.after : to], strict=True)
        if is_last:
            yield from _by_place(first[at:], second[to:])
            return len(first), len(second)
        return at, to

    def _print(self, node: Node, side: int) -> Generator[None, None, int]:
        """A number that equal elements share; others hardly ever, and no harm is done if so."""
        if node.children is None:
            value = node.text if node.value is None else node.value
            # NaN is the same as NaN, and 1.0 is not 1; whole numbers may be too long for a text.
            return hash((node.kind, repr(value) if isinstance(value, float) else value))
        if self._data is not None and node.span is not None:
            return hash((node.type, self._data[side][node.span.start : node.span.stop]))
        parts: list[object] = []
        todo = [node]
        while todo and len(parts) < _PRINT_NODES:
            one = todo.pop()
            # Its own place is what is looked for.
            parts.append((None if one is node else one.step, one.kind, one.text))
            for child in children_of(one):
                todo.append(child)
                self.looked_at += 1
                if self._is_breath_due():
                    yield None
                if len(todo) > _PRINT_NODES:
                    break
        return hash(tuple(parts))


class _End:
    """There is nothing more here."""


_END = _End()


def _meet(
    place: int,
    pair: tuple[Node | None, Node | None],
    waiting: tuple[dict[Step | None, tuple[int, Node]], ...],
) -> list[tuple[int, int, Node, Node]]:
    """Have two fields look for their like among those that wait, or wait themselves."""
    matches: list[tuple[int, int, Node, Node]] = []
    one, two = pair
    if one is not None:
        like = waiting[1].pop(one.step, None)
        if like is None:
            waiting[0][one.step] = place, one
        else:
            matches.append((place, like[0], one, like[1]))
    if two is not None:
        like = waiting[0].pop(two.step, None)
        if like is None:
            waiting[1][two.step] = place, two
        else:
            matches.append((like[0], place, like[1], two))
    return matches


def _matches(first: list[int], second: list[int]) -> list[Match]:
    """Which elements are the same, by their prints; none where their place says more."""
    in_place = sum(map(eq, first, second))
    shorter = min(len(first), len(second))
    if in_place == shorter or (len(first) == len(second) and in_place * 2 >= shorter):
        return []
    matches = align(first, second, most_edits=_MOST_EDITS)
    same = sum(match.size for match in matches or ())
    return [] if matches is None or same <= in_place or same * 2 < shorter else matches


def _by_place(first: list[Node], second: list[Node], *, are_whole: bool = True) -> Iterator[_Found]:
    yield from zip(first, second, strict=False)
    if are_whole:
        for node in first[len(second) :]:
            yield Change(ChangeKind.REMOVED, Side((), node), None)
        for node in second[len(first) :]:
            yield Change(ChangeKind.ADDED, None, Side((), node))


def _have_same_bytes(data: tuple[bytes, bytes], first: Node, second: Node) -> bool:
    if first.span is None or second.span is None:
        return False
    if first.size != second.size or first.type != second.type:
        return False
    one, two = data
    start, shift, stop = first.span.start, second.span.start - first.span.start, first.span.stop
    # Piece by piece: a slice is a copy, and most differ soon.
    return all(
        one[at : min(at + _PIECE, stop)] == two[at + shift : min(at + _PIECE, stop) + shift]
        for at in range(start, stop, _PIECE)
    )


def _is_unlike(first: Node, second: Node) -> bool:
    return first.kind is not second.kind or (
        first.kind is NodeKind.OTHER and first.type != second.type
    )


def _pair_change(kind: ChangeKind, first: Node, second: Node) -> Change:
    return Change(kind, Side((), first), Side((), second))


def _placed(change: Change, here: tuple[_Way | None, _Way | None]) -> Change:
    """A change with the ways to it filled in."""
    sides = []
    for side, way in zip((change.before, change.after), here, strict=True):
        sides.append(None if side is None else Side(_steps(way, side.node.step), side.node))
    return Change(change.kind, sides[0], sides[1], change.is_other_type)


def _steps(way: _Way | None, last: Step | None) -> tuple[Step, ...]:
    steps = [] if last is None else [last]
    while way is not None:
        way, step = way
        if step is not None:
            steps.append(step)
    return tuple(reversed(steps))
