"""Avro's values as a tree, each with its bytes. Any thread."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator
from typing import Any

from zmqscope.core.decode.compact import compact_float
from zmqscope.core.decode.field_path import Index, Name, Step
from zmqscope.core.decode.formats.avro.logical_types import logical
from zmqscope.core.decode.formats.avro.walk import (
    MAX_DEPTH,
    NO_SYMBOL,
    AvroError,
    Source,
    branch_at,
    count_items,
    fixed_size,
    skip,
    type_name,
)
from zmqscope.core.decode.leaf_text import hex_text
from zmqscope.core.decode.node import Node, NodeKind, Span, error_node, shorten
from zmqscope.core.decode.schemas import AvroType

_CONTAINERS = ("record", "error", "array", "map")
_COUNTED_BYTES = 2_048


def value_node(
    source: Source, schema: AvroType, at: int, step: Step | None, depth: int = 0
) -> tuple[Node, int]:
    """A value as a node, and where it ends; -1 if a container's end is not to be found.

    Raises:
        AvroError: It is not what the schema says.
    """
    kind, definition = source.resolve(schema)
    if kind == "union":
        branch, inner = branch_at(source, definition["branches"], at)
        return value_node(source, branch, inner, step, depth)
    note = ""
    try:
        stop = skip(source, schema, at)
    except AvroError as error:
        if kind not in _CONTAINERS:
            raise
        stop, note = -1, error.text
    if kind not in _CONTAINERS:
        return _leaf(source, kind, definition, at, stop, step), stop
    fields = definition.get("fields", ())
    is_record = kind in ("record", "error")
    node = Node(
        step,
        NodeKind.ARRAY if kind == "array" else NodeKind.OBJECT,
        type_name(source, schema),
        count=len(fields) if is_record else _count(source, definition, at, stop),
        span=source.span(at, source.stop if stop < 0 else stop),
        note=note,
        children=lambda: (
            _record_children(source, fields, at, depth + 1)
            if is_record
            else _items(source, definition, at, depth + 1)
        ),
    )
    return node, stop


def _leaf(
    source: Source, kind: str, definition: dict[str, Any], at: int, stop: int, step: Step | None
) -> Node:
    data, span = source.data, source.span(at, stop)
    if kind in ("bytes", "string", "fixed"):
        part = data[at:stop] if kind == "fixed" else data[source.long(at)[1] : stop]
        return logical(_part_node(kind, part, span, step), definition)
    if kind == "enum":
        return _enum_node(source, definition, at, span, step)
    if kind in ("int", "long"):
        number = source.long(at)[0]
        node = Node(step, NodeKind.NUMBER, kind, str(number), number, span=span)
        return logical(node, definition)
    if kind == "boolean":
        value = data[at] != 0
        return Node(step, NodeKind.BOOL, kind, "true" if value else "false", value, span=span)
    if kind == "null":
        return Node(step, NodeKind.NULL, kind, "null", span=span)
    (real,) = struct.unpack_from("<f" if kind == "float" else "<d", data, at)
    text = compact_float(real) if kind == "float" else repr(real)
    return Node(step, NodeKind.NUMBER, kind, text, real, span=span)


def _enum_node(
    source: Source, definition: dict[str, Any], at: int, span: Span | None, step: Step | None
) -> Node:
    number = source.long(at)[0]
    symbols = definition.get("symbols", [])
    name = type_name(source, definition)
    if 0 <= number < len(symbols):
        symbol = str(symbols[number])
        return Node(step, NodeKind.STRING, name, shorten(symbol), symbol, span=span)
    return Node(step, NodeKind.NUMBER, name, str(number), number, span=span, note=NO_SYMBOL)


def _part_node(kind: str, part: bytes, span: Span | None, step: Step | None) -> Node:
    if kind != "string":
        return Node(step, NodeKind.BYTES, kind, hex_text(part), part, span=span)
    try:
        text = part.decode()
    except UnicodeDecodeError:
        note = "No valid UTF-8, which a string has to be"
        return Node(step, NodeKind.BYTES, kind, hex_text(part), part, span=span, note=note)
    return Node(step, NodeKind.STRING, kind, shorten(text[:2_000]), text, span=span)


def _count(source: Source, definition: dict[str, Any], at: int, stop: int) -> int | None:
    """The number of items of a short array or map; long ones are not walked once more."""
    is_quick = "items" in definition and fixed_size(source, definition["items"]) is not None
    if stop < 0 or (stop - at > _COUNTED_BYTES and not is_quick):
        return None
    try:
        return count_items(source, definition, at)
    except AvroError:
        return None


def _record_children(
    source: Source, fields: list[dict[str, Any]], at: int, depth: int
) -> Iterator[Node]:
    if depth > MAX_DEPTH:
        yield error_node(f"Values nested more than {MAX_DEPTH} deep are not shown", at)
        return
    seen: Counter[str] = Counter()
    try:
        for each in fields:
            name = str(each["name"])
            seen[name] += 1
            node, at = value_node(source, each["type"], at, Name(name, seen[name]), depth)
            yield node
            if at < 0:
                # What is missing is said inside it.
                return
    except AvroError as error:
        yield sentence(source, error)


def sentence(source: Source, error: AvroError) -> Node:
    """What stops values from being read on, as a node."""
    if source.has_spans:
        return error_node(f"Byte {error.at}: {error.text}", error.at)
    return error_node(error.text)


def _items(source: Source, definition: dict[str, Any], at: int, depth: int) -> Iterator[Node]:
    if depth > MAX_DEPTH:
        yield error_node(f"Values nested more than {MAX_DEPTH} deep are not shown", at)
        return
    is_map = "values" in definition
    items = definition["values" if is_map else "items"]
    seen: Counter[str] = Counter()
    index = 0
    try:
        while True:
            count, at = source.long(at)
            if not count:
                return
            if count < 0:
                _, at = source.long(at)
            for _ in range(abs(count)):
                step: Step = Index(index)
                if is_map:
                    length, start = source.long(at)
                    at = source.take(start, length, "a key")
                    key = source.data[start:at].decode(errors="replace")
                    seen[key] += 1
                    step = Name(key, seen[key])
                node, at = value_node(source, items, at, step, depth)
                yield node
                if at < 0:
                    return
                index += 1
    except AvroError as error:
        yield sentence(source, error)
