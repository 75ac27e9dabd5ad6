"""The beginning of a tree as plain values, for a preview in one line. Pure, any thread."""

from __future__ import annotations

from zmqscope.core.decode.compact import CUT, Verbatim, compact_line
from zmqscope.core.decode.lookup import step_label
from zmqscope.core.decode.node import Node, NodeKind
from zmqscope.core.decode.payload import Payload
from zmqscope.core.wording import shortened

_FIELDS = 12
_ITEMS = 6
_DEPTH = 3
_TEXT = 200
_HEAD_BYTES = 4_096
_AS_WRITTEN = (NodeKind.OTHER, NodeKind.NUMBER, NodeKind.TIME)


def payload_head(payload: Payload) -> Payload:
    """The beginning of a payload, as much of it as a preview looks at."""
    if len(payload.data) <= _HEAD_BYTES:
        return payload
    return Payload(payload.data[:_HEAD_BYTES], is_cut=True, size=payload.size)


def preview_line(head: str, node: Node) -> str:
    """A whole preview: what it is, then its first fields.

    Args:
        head: What it is, such as ``protobuf message(2)``.
        node: The root of its fields.
    """
    return compact_line(head, node_value(node))


def node_value(node: Node, depth: int = 0) -> object:
    """What a node holds, no more of it than a preview shows."""
    if node.children is None:
        # Python's values have not all that the text says: nanoseconds, or digits of a decimal.
        if node.kind in _AS_WRITTEN or (node.value is None and node.kind is not NodeKind.NULL):
            return Verbatim(shortened(node.text, _TEXT))
        return node.value
    if node.text:
        return Verbatim(shortened(node.text, _TEXT))
    if depth >= _DEPTH:
        return Verbatim("[…]" if node.kind is NodeKind.ARRAY else "{…}")
    if node.kind is NodeKind.ARRAY:
        return _items(node, depth)
    found: dict[object, object] = {}
    for child in node.children():
        if child.kind is NodeKind.ERROR or len(found) >= _FIELDS:
            found[CUT] = CUT
            break
        found[step_label(child.step)] = node_value(child, depth + 1)
    return found


def _items(node: Node, depth: int) -> list[object]:
    items: list[object] = []
    for child in () if node.children is None else node.children():
        if child.kind is NodeKind.ERROR or len(items) >= _ITEMS:
            items.append(CUT)
            break
        items.append(node_value(child, depth + 1))
    return items
