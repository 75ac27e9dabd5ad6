"""Decoded fields in words: a cell, a line, JSON, the clipboard. Pure, any thread."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from time import perf_counter

from PySide6.QtCore import QCoreApplication

from zmqscope.core.decode.lookup import children_of, step_label
from zmqscope.core.decode.node import Node, NodeKind, Value
from zmqscope.models.format import format_bytes, one_line

MAX_COPIED_FIELDS = 200_000
"""Fields that a copy takes at most."""

COPY_S = 1.0
"""Seconds that making a copy takes at most."""

MAX_SHOWN_CHARS = 300
"""Characters of a value that a cell shows; the rest is behind Enter."""

_INDENT = "  "
_CONTAINERS = (NodeKind.OBJECT, NodeKind.ARRAY)


def name_words(node: Node) -> str:
    """A field's name as the tree writes it; the root's is its type."""
    if node.kind is NodeKind.ERROR:
        return ""
    if node.step is None:
        return one_line(node.type) or node.kind.value
    return one_line(step_label(node.step)[:MAX_SHOWN_CHARS])


def value_words(node: Node) -> str:
    """A field's value in one line; of a container how much is in it."""
    if node.kind in _CONTAINERS and not node.text:
        return count_words(node)
    text = node.text[: MAX_SHOWN_CHARS + 1]
    if node.kind is NodeKind.STRING:
        whole = len(text) <= MAX_SHOWN_CHARS
        return f'"{one_line(text)}"' if whole else f'"{one_line(text[:MAX_SHOWN_CHARS])}…'
    if len(text) > MAX_SHOWN_CHARS:
        text = text[:MAX_SHOWN_CHARS] + "…"
    return one_line(text)


def count_words(node: Node) -> str:
    """How much is in a container: ``5 fields``, ``[3]``; empty where that is not known."""
    if node.count is None:
        return ""
    if node.kind is NodeKind.ARRAY:
        words = _tr("1 element") if node.count == 1 else _tr("{0} elements")
    else:
        words = _tr("1 field") if node.count == 1 else _tr("{0} fields")
    return words.format(f"{node.count:,}")


def type_words(node: Node) -> str:
    """A field's type in its format's words; the root's stands in its name."""
    return "" if node.step is None else one_line(node.type[:80])


def size_words(node: Node) -> str:
    """A field's encoded size; empty where it is not known or none."""
    if node.size is None or node.kind is NodeKind.ERROR:
        return ""
    return format_bytes(node.size)


def spoken_words(node: Node) -> str:
    """A field in one sentence, for a screen reader."""
    parts = (name_words(node), value_words(node), type_words(node), size_words(node), node.note)
    return ", ".join(part for part in parts if part)


# ---- the clipboard ------------------------------------------------------------------------------


def value_text(node: Node) -> str:
    """A leaf's value, whole; bytes as hex."""
    value = node.value
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.hex(" ")
    # Times as well: Python's have no nanoseconds.
    return node.text


def lines_of(node: Node) -> str:
    """A field and all below it, one line each, indented."""
    until_s = perf_counter() + COPY_S
    lines: list[str] = []
    for depth, each in _walk(node):
        name = "" if each.step is None else one_line(step_label(each.step))
        value = count_words(each) if each.kind in _CONTAINERS and not each.text else each.text
        if each.kind not in _CONTAINERS and isinstance(each.value, str | bytes):
            value = value_text(each)
        lines.append(_INDENT * min(depth, 100) + ": ".join(p for p in (name, one_line(value)) if p))
        if len(lines) >= MAX_COPIED_FIELDS or perf_counter() > until_s:
            lines.append(_tr("… not copied whole: it is too large."))
            break
    return "\n".join(lines)


def _walk(root: Node) -> Iterator[tuple[int, Node]]:
    """A field and all below it with their depths, without recursion."""
    yield 0, root
    open_ones = [children_of(root)]
    while open_ones:
        child = next(open_ones[-1], None)
        if child is None:
            open_ones.pop()
            continue
        yield len(open_ones), child
        if child.children is not None:
            open_ones.append(children_of(child))


class _JsonText:
    """Writes fields as JSON, without recursion."""

    def __init__(self, root: Node) -> None:
        self._parts: list[str] = []
        self._until_s = perf_counter() + COPY_S
        self._open: list[tuple[Iterator[Node], bool, int]] = []
        self.is_cut = False
        self._value(root)
        self._run()

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def _run(self) -> None:
        fields = 0
        while self._open:
            children, is_array, written = self._open[-1]
            fields += 1
            self.is_cut |= fields > MAX_COPIED_FIELDS or perf_counter() > self._until_s
            child = None if self.is_cut else next(children, None)
            if child is None:
                self._open.pop()
                if written:
                    self._parts.append("\n" + _INDENT * len(self._open))
                self._parts.append("]" if is_array else "}")
                continue
            if child.kind is NodeKind.ERROR:
                continue
            self._open[-1] = (children, is_array, written + 1)
            self._parts.append((",\n" if written else "\n") + _INDENT * len(self._open))
            if not is_array:
                self._parts.append(json.dumps(step_label(child.step), ensure_ascii=False) + ": ")
            self._value(child)

    def _value(self, node: Node) -> None:
        if node.children is None or node.kind not in _CONTAINERS:
            self._parts.append(_json_leaf(node))
            return
        is_array = node.kind is NodeKind.ARRAY
        self._parts.append("[" if is_array else "{")
        self._open.append((children_of(node), is_array, 0))


def as_json(node: Node) -> tuple[str, bool]:
    """A field and all below it as JSON, and whether something had to be left out.

    Bytes become hex text, and what JSON does not know becomes text.
    """
    written = _JsonText(node)
    return written.text, written.is_cut


def _json_leaf(node: Node) -> str:
    value: Value = node.value
    if node.kind is NodeKind.NULL:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        # Python refuses to write integers of more than 4,300 digits.
        return str(value) if value.bit_length() < 14_000 else json.dumps(node.text)
    if isinstance(value, float):
        if not math.isfinite(value):
            return json.dumps(str(value))
        # As it was written: the same digits, not those of the nearest double.
        return node.text if _is_json_number(node.text) else repr(value)
    return json.dumps(value_text(node), ensure_ascii=False)


def _is_json_number(text: str) -> bool:
    if len(text) > 40:
        return False
    try:
        return isinstance(json.loads(text), int | float)
    except ValueError:
        return False


def _tr(text: str) -> str:
    return QCoreApplication.translate("NodeWords", text)
