"""Trees of plain Python values, and messages with topics, for tests of comparing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tests.batches import batch_of
from zmqscope.core.capture.segment import Batch
from zmqscope.core.capture.topics import TopicRule
from zmqscope.core.decode.compare.changes import Change, ChangeKind
from zmqscope.core.decode.compare.tree import TreeComparer
from zmqscope.core.decode.field_path import Index, Name, Step
from zmqscope.core.decode.node import Node, NodeKind, Span, shorten
from zmqscope.core.types import Direction

_KINDS = {
    type(None): NodeKind.NULL,
    bool: NodeKind.BOOL,
    int: NodeKind.NUMBER,
    float: NodeKind.NUMBER,
    str: NodeKind.STRING,
    bytes: NodeKind.BYTES,
}


def tree(value: object, step: Step | None = None, span: Span | None = None) -> Node:
    """A value as a decoder would give it."""
    if isinstance(value, dict):
        items = [(Name(str(key)), inner) for key, inner in value.items()]
        return _container(NodeKind.OBJECT, "object", step, items, span)
    if isinstance(value, list):
        places = [(Index(at), inner) for at, inner in enumerate(value)]
        return _container(NodeKind.ARRAY, "array", step, places, span)
    kind = _KINDS[type(value)]
    assert value is None or isinstance(value, bool | int | float | str | bytes)
    is_huge = isinstance(value, int) and value.bit_length() > 10_000
    text = value if isinstance(value, str) else "a huge number" if is_huge else repr(value)
    return Node(step, kind, type(value).__name__, shorten(text), value, span=span)


def _container(
    kind: NodeKind,
    name: str,
    step: Step | None,
    items: Sequence[tuple[Step, object]],
    span: Span | None,
) -> Node:
    def children() -> Iterator[Node]:
        for inner_step, inner in items:
            yield tree(inner, inner_step)

    return Node(step, kind, name, count=len(items), span=span, children=children)


def changes(
    before: object, after: object, *, with_equal: bool = False, most_fields: int = 400_000
) -> list[Change]:
    """All changes from one value to another."""
    comparer = TreeComparer(
        tree(before), tree(after), with_equal=with_equal, most_fields=most_fields
    )
    return [change for change in comparer.changes() if change is not None]


def told(before: object, after: object) -> list[str]:
    """The same as short words: ``~ a[0] 1 2``."""
    signs = {
        "changed": "~",
        "added": "+",
        "removed": "-",
        "equal": "=",
        "order": "o",
        "unread": "?",
    }
    lines = []
    for change in changes(before, after):
        way = "".join(_word(step) for step in change.side.steps).removeprefix(".")
        sides = [s.node.text or s.node.type for s in (change.before, change.after) if s]
        if change.kind is ChangeKind.ORDER:
            sides = []
        lines.append(" ".join([signs[change.kind.value], way, *sides]))
    return lines


def _word(step: Step) -> str:
    return f"[{step.at}]" if isinstance(step, Index) else f".{step.text}"


def messages(
    *frames: tuple[bytes, ...],
    socket_id: int = 1,
    direction: Direction = Direction.RECEIVED,
    start_ns: int = 1_700_000_000_000_000_000,
    topic_rule: TopicRule = TopicRule.ALWAYS,
) -> Batch:
    """Messages of a socket that has topics, a millisecond apart."""
    times = [start_ns + at * 1_000_000 for at in range(len(frames))]
    batch = batch_of(list(frames), socket_id=socket_id, direction=direction, times_ns=times)
    return replace(batch, topic_rule=topic_rule)
