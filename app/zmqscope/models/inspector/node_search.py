"""Looking through decoded fields in slices: for words, and for the field at a byte. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

from zmqscope.core.decode.lookup import children_of, step_label
from zmqscope.core.decode.node import Node, NodeKind, Span

MAX_FIELDS = 2_000_000
"""Fields that one search looks at."""

MAX_HITS = 10_000
"""Hits that one search keeps."""

MAX_DEPTH = 300
"""Fields inside fields that are looked into."""

_MAX_CHARS = 1_000_000
_DEAR_DEPTH = 2
_DEAR_S = 0.4
_BETWEEN_BYTES = 8
"""Bytes between a key and its value at most: a colon with blanks, what a pickle remembers it by."""

_FURTHER = 256
"""Fields behind some bytes that are looked at in case that they are not in order."""

Rows = tuple[int, ...]
"""Where a field is: its row among its parent's children, from the root down."""


class NodeSearch:
    """Looks for words in names and values, a slice at a time.

    Args:
        root: Where to look.
        words: What to look for; case is ignored unless there is a capital letter.

    Attributes:
        hits: Where they were found so far, from the top down.
        looked_at: Fields looked at so far.
        is_done: Whether it has come to its end or a limit.
        is_cut: Whether that was a limit.
    """

    def __init__(self, root: Node, words: str) -> None:
        self.hits: list[Rows] = []
        self.looked_at = 0
        self.is_done = False
        self.is_cut = False
        self._minds_case = words != words.lower()
        self._words = words
        self._open: list[Iterator[Node]] = [children_of(root)]
        self._rows: list[int] = [-1]
        self._taken_s: list[float] = [0.0]

    def run(self, limit_s: float) -> None:
        """Look on for so many seconds."""
        until_s = perf_counter() + limit_s
        while self._open:
            self._rows[-1] += 1
            asked_s = perf_counter()
            node = next(self._open[-1], None)
            now_s = perf_counter()
            if node is None:
                self._open.pop()
                self._rows.pop()
                self._taken_s.pop()
                continue
            self.looked_at += 1
            if self._matches(node):
                self.hits.append(tuple(self._rows))
            if self.looked_at >= MAX_FIELDS or len(self.hits) >= MAX_HITS:
                self.is_cut = self.is_done = True
                return
            if node.children is not None:
                self._enter(node, now_s - asked_s)
            if now_s > until_s:
                return
        self.is_done = True

    def _enter(self, node: Node, taken_s: float) -> None:
        """Look into a field next, unless the way down to it was dear already.

        Some formats tell where a value ends only at its end: a deep nest is then read again at each
        of its levels.
        """
        depth = len(self._open)
        if depth >= MAX_DEPTH or (depth > _DEAR_DEPTH and sum(self._taken_s) + taken_s > _DEAR_S):
            self.is_cut = True
        else:
            self._open.append(children_of(node))
            self._rows.append(-1)
            self._taken_s.append(taken_s)

    def _matches(self, node: Node) -> bool:
        value = node.value[:_MAX_CHARS] if isinstance(node.value, str) else node.text
        if self._minds_case:
            return self._words in step_label(node.step) or self._words in value
        words = self._words
        return words in step_label(node.step).lower() or words in value.lower()


def field_at(root: Node, start: int, stop: int, limit_s: float = 0.05) -> Rows | None:
    """The deepest field that covers some bytes.

    Args:
        root: Where to look.
        start: First byte.
        stop: One past the last; equal for the single byte at ``start``.
        limit_s: Seconds after which it takes the deepest one found so far.

    Returns:
        Where it is; None if the root itself does not cover them.
    """
    wanted = Span(start, max(stop, start + 1))
    if root.span is not None and not _covers(root.span, wanted):
        return None
    return _way_down(root, wanted, perf_counter() + limit_s, 0)


def _way_down(node: Node, wanted: Span, until_s: float, depth: int) -> Rows:
    """The way from a field to the deepest one in it that covers some bytes.

    Elements of one field may stand between those of another, as repeated fields of Protobuf do;
    then both cover bytes that belong to one of them: the one with an element there.
    """
    way: Rows = ()
    further = 0
    if depth >= MAX_DEPTH or perf_counter() > until_s:
        return way
    for row, child in enumerate(children_of(node)):
        if _is_in(child, wanted):
            if child.children is None:
                return (row,)
            below = _way_down(child, wanted, until_s, depth + 1)
            if below:
                return (row, *below)
            way = way or (row,)
        elif way and child.span is not None and child.span.start > wanted.start:
            further += 1
            if further > _FURTHER:
                return way
        if not row & 63 and perf_counter() > until_s:
            return way
    return way


def _is_in(node: Node, wanted: Span) -> bool:
    """Whether bytes are those of a field, its key counted, too."""
    key, span = node.key_span, node.span
    if node.kind is NodeKind.ERROR or span is None:
        return False
    if key is None:
        return _covers(span, wanted)
    if 0 <= span.start - key.stop <= _BETWEEN_BYTES:
        return _covers(Span(key.start, span.stop), wanted)
    # A pickle writes a key once for all; what lies between is not this field's.
    return _covers(span, wanted) or _covers(key, wanted)


def _covers(span: Span, wanted: Span) -> bool:
    return span.start <= wanted.start and wanted.stop <= span.stop
