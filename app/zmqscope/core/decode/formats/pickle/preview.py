"""What a pickle would make in one line, made sixty times a refresh. Pure, any thread."""

from __future__ import annotations

from zmqscope.core.decode.compact import CUT, Verbatim, compact_line
from zmqscope.core.decode.formats.pickle.items import Form, Item
from zmqscope.core.decode.formats.pickle.known import known_node
from zmqscope.core.decode.formats.pickle.plain import PlainPickle
from zmqscope.core.decode.formats.pickle.stack import UNFINISHED
from zmqscope.core.decode.formats.pickle.tree import brief
from zmqscope.core.decode.node_values import node_value

_FIELDS = 12
_ITEMS = 6
_DEPTH = 3
_TEXT = 200


def item_line(head: str, data: bytes, item: Item, *, is_cut: bool) -> str:
    """A whole preview.

    Args:
        head: What it is.
        data: The pickle.
        item: What it would make.
        is_cut: Whether that is only its beginning.
    """
    value = _value(data, item, 0)
    if is_cut:
        if isinstance(value, dict):
            value[CUT] = CUT
        elif isinstance(value, list):
            value.append(CUT)
    return compact_line(head, value)


def plain_line(plain: PlainPickle) -> str:
    """A whole preview of what was made."""
    protocol, value, is_cut = plain
    word = type(value).__name__
    if isinstance(value, (list, tuple, dict)):
        word = word if is_cut else f"{word}({len(value)})"
        if is_cut:
            value = {**value, CUT: CUT} if isinstance(value, dict) else [*value, CUT]
    return compact_line(f"pickle {protocol} {word}", value)


def _value(data: bytes, item: Item, depth: int) -> object:
    form = item.form
    if form is Form.LEAF:
        return _leaf(data, item)
    if depth and item.type == UNFINISHED:
        return CUT
    if form is Form.DICT:
        if depth >= _DEPTH:
            return Verbatim("{…}")
        found: dict[object, object] = {}
        for key, value in item.pairs[:_FIELDS]:
            whole = key.value if isinstance(key.value, (str, int)) else None
            label = Verbatim(brief(data, key)) if whole is None else whole
            # For Python, 1 and True are one key.
            label = Verbatim(brief(data, key)) if label in found else label
            found[label] = _value(data, value, depth + 1)
        if len(item.pairs) > _FIELDS:
            found[CUT] = CUT
        return found
    if form in (Form.LIST, Form.TUPLE, Form.SET, Form.FROZENSET):
        if depth >= _DEPTH:
            return Verbatim("[…]")
        items = [_value(data, each, depth + 1) for each in item.items[:_ITEMS]]
        return [*items, CUT] if len(item.items) > _ITEMS else items
    if form is Form.CALL:
        known = known_node(data, item, None, None)
        if known is not None:
            return node_value(known, 1)
    return Verbatim(brief(data, item))


def _leaf(data: bytes, item: Item) -> object:
    if item.value is not None or item.type == "NoneType":
        return item.value
    if item.raw is None:
        return Verbatim(f"{item.type} {item.text}")
    part = data[item.raw[0] : min(item.raw[1], item.raw[0] + _TEXT)]
    return part.decode("utf-8", "ignore") if item.type == "str" else part
