"""What a pickle would make as a tree that grows where somebody looks. Pure, any thread.

Things that are in many places are one ``Item``, so a small pickle that would unfold into billions
of lists costs nothing before it is unfolded, and one that holds itself ends where it comes again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from zmqscope.core.decode.field_path import Index, Key, Name, Step
from zmqscope.core.decode.formats.pickle.items import Form, Item
from zmqscope.core.decode.formats.pickle.known import known_node
from zmqscope.core.decode.formats.pickle.leaves import whole_value
from zmqscope.core.decode.leaf_text import LARGE_NOTE, MAX_VALUE_BYTES, hex_text, large_text
from zmqscope.core.decode.node import Node, NodeKind, Span, error_node, shorten
from zmqscope.core.wording import shortened

MAX_DEPTH = 200
"""Containers inside containers that are shown."""

_BRIEF = 60
_BRIEF_ITEMS = 4
_LONG_INT = 1 << 512


class Way(NamedTuple):
    """Where an item stands: in what.

    Attributes:
        data: The pickle.
        item: The item.
        outer: The way to what it is in.
        depth: How many it is in.
    """

    data: bytes
    item: Item
    outer: Way | None = None
    depth: int = 0

    def inner(self, item: Item) -> Way:
        """The way to something in it."""
        return Way(self.data, item, self, self.depth + 1)

    def comes_again(self) -> bool:
        """Whether the item is inside itself."""
        way = self.outer
        while way is not None:
            if way.item is self.item:
                return True
            way = way.outer
        return False


def item_node(way: Way, step: Step | None, key_span: Span | None = None) -> Node:
    """A node for something in a pickle."""
    item = way.item
    span = Span(item.start, item.stop)
    if item.form is Form.LEAF:
        return _leaf_node(way, step, key_span)
    if item.form in (Form.GLOBAL, Form.BUFFER):
        note = f"Would import {item.text}" if item.form is Form.GLOBAL else "Sent beside the pickle"
        text = shorten(item.text)
        return Node(step, NodeKind.OTHER, item.type, text, None, None, span, key_span, note)
    if way.depth and way.comes_again():
        text = f"the {item.type} that this is in"
        return Node(step, NodeKind.OTHER, "reference", text, span=span, key_span=key_span)
    if item.form is Form.CALL:
        known = known_node(way.data, item, step, key_span)
        if known is not None:
            return known
        text = shorten(brief(way.data, item))
        return Node(
            step,
            NodeKind.OTHER,
            item.type,
            text,
            span=span,
            key_span=key_span,
            note="Would be called; nothing was",
            children=lambda: _children(way),
        )
    kind = NodeKind.OBJECT if item.form is Form.DICT else NodeKind.ARRAY
    if item.form is Form.PERSISTENT:
        kind = NodeKind.OTHER
    text = f"persistent id {brief(way.data, item.items[0])}" if kind is NodeKind.OTHER else ""
    return Node(
        step,
        kind,
        item.type,
        text,
        count=len(item.pairs) or len(item.items),
        span=span,
        key_span=key_span,
        note=item.note,
        children=lambda: _children(way),
    )


def _leaf_node(way: Way, step: Step | None, key_span: Span | None) -> Node:
    raw = way.item.raw
    if raw is not None and raw[1] - raw[0] > MAX_VALUE_BYTES:
        return _long_node(way, step, key_span)
    item = whole_value(way.data, way.item)
    value, span = item.value, Span(item.start, item.stop)
    kind, text = NodeKind.NULL, "None"
    if isinstance(value, bool):
        kind, text = NodeKind.BOOL, repr(value)
    elif isinstance(value, int):
        kind, text = NodeKind.NUMBER, _int_text(value)
    elif isinstance(value, float):
        kind, text = NodeKind.NUMBER, repr(value)
    elif isinstance(value, str):
        kind, text = NodeKind.STRING, shorten(value[:2_000])
    elif isinstance(value, bytes):
        kind, text = NodeKind.BYTES, hex_text(value)
    elif item.type != "NoneType":
        kind, text = NodeKind.OTHER, f"{item.type} {item.text}"
    return Node(step, kind, item.type, text, value, None, span, key_span, item.note)


def _long_node(way: Way, step: Step | None, key_span: Span | None) -> Node:
    item = way.item
    start, stop = item.raw or (item.start, item.stop)
    is_text = item.type == "str"
    text = large_text(way.data, start, is_text=is_text)
    kind = NodeKind.STRING if is_text else NodeKind.BYTES
    span = Span(start, stop)
    return Node(step, kind, item.type, text, None, None, span, key_span, LARGE_NOTE)


def _int_text(value: int) -> str:
    if -_LONG_INT < value < _LONG_INT:
        return str(value)
    return shorten(hex(value))


def _children(way: Way) -> Iterator[Node]:
    if way.depth >= MAX_DEPTH:
        yield error_node(f"What is nested more than {MAX_DEPTH} deep is not shown", way.item.start)
        return
    item = way.item
    listed = item.items[1:] if item.form is Form.CALL else item.items
    for index, each in enumerate(listed):
        yield item_node(way.inner(each), Index(index))
    seen: Counter[tuple[bool, str]] = Counter()
    yield from _entries(way, item.pairs, seen)
    if item.state is None:
        return
    # What pickle.py calls state is most often the object's attributes, or those and its slots.
    states: Sequence[Item] = [item.state]
    if item.state.form is Form.TUPLE and len(item.state.items) == 2:
        states = item.state.items
    if all(each.form is Form.DICT or _is_none(each) for each in states):
        for each in states:
            yield from _entries(way, each.pairs, seen)
    else:
        yield item_node(way.inner(item.state), Name("__setstate__"))


def _is_none(item: Item) -> bool:
    return item.form is Form.LEAF and item.type == "NoneType"


def _entries(
    way: Way, pairs: Sequence[tuple[Item, Item]], seen: Counter[tuple[bool, str]]
) -> Iterator[Node]:
    for key, value in pairs:
        whole = whole_value(way.data, key) if key.form is Form.LEAF else key
        is_text = isinstance(whole.value, str) and _is_unicode(whole.value)
        text = str(whole.value) if is_text else brief(way.data, key)
        seen[is_text, text] += 1
        nth = seen[is_text, text]
        step = Name(text, nth) if is_text else Key(text, nth)
        yield item_node(way.inner(value), step, Span(key.start, key.stop))


def _is_unicode(text: str) -> bool:
    """Whether it has no halves of surrogate pairs, which no path could write down."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def brief(data: bytes, item: Item, depth: int = 0) -> str:
    """Something in a pickle in a few characters, as Python would write it."""
    if item.form is Form.LEAF:
        return _brief_leaf(data, item)
    if item.form in (Form.GLOBAL, Form.BUFFER):
        return shortened(item.text, _BRIEF)
    if item.form is Form.CALL:
        target = item.called
        if not target:
            # What is called may be a call itself, and so on: a stranger decides how often.
            target = "…" if depth > 2 else brief(data, item.items[0], depth + 1)
        return f"{shortened(target, _BRIEF)}({_brief_call(data, item, depth)})"
    if item.form is Form.DICT:
        return "{…}" if item.pairs else "{}"
    opening, closing = _BRACKETS.get(item.form, ("(", ")"))
    if depth > 2:
        return f"{opening}…{closing}"
    return opening + _brief_items(data, item.items, depth) + closing


_BRACKETS = {
    Form.LIST: ("[", "]"),
    Form.SET: ("{", "}"),
    Form.FROZENSET: ("frozenset({", "})"),
}


def _brief_call(data: bytes, item: Item, depth: int) -> str:
    """Arguments, then what would be set by name."""
    # One more than is shown tells that there are more.
    pairs = [*item.pairs[: _BRIEF_ITEMS + 1]]
    if item.state is not None:
        pairs += item.state.pairs[: _BRIEF_ITEMS + 1]
    parts = [_brief_items(data, item.args, depth)] if item.args else []
    if pairs and depth > 1:
        parts.append("…")
    else:
        for key, value in pairs[:_BRIEF_ITEMS]:
            name = key.value if isinstance(key.value, str) else brief(data, key, depth + 1)
            parts.append(f"{shortened(name, _BRIEF)}={brief(data, value, depth + 1)}")
        if len(pairs) > _BRIEF_ITEMS:
            parts.append("…")
    return ", ".join(parts)


def _brief_items(data: bytes, items: Sequence[Item], depth: int) -> str:
    if depth > 2 and items:
        return "…"
    parts = [brief(data, each, depth + 1) for each in items[:_BRIEF_ITEMS]]
    if len(items) > _BRIEF_ITEMS:
        parts.append("…")
    return ", ".join(parts)


def _brief_leaf(data: bytes, item: Item) -> str:
    if item.raw is not None and item.value is None:
        start, stop = item.raw
        head = data[start : min(stop, start + _BRIEF)]
        value: object = head.decode("utf-8", "replace") if item.type == "str" else head
    else:
        value = item.value
        if value is None:
            return "None" if item.type == "NoneType" else f"{item.type} {item.text}"
    if isinstance(value, int) and not isinstance(value, bool):
        return shortened(_int_text(value), _BRIEF)
    if isinstance(value, (str, bytes)):
        text = repr(value[:_BRIEF])
        return shortened(text, _BRIEF)
    return repr(value)
