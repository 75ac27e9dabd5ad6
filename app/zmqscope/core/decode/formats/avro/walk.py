"""Avro's binary encoding as a tree beside its schema: each value with its bytes. Any thread.

Source: the Avro specification, "Binary encoding". Lengths and counts are claims: nothing is
allocated by them, and what takes too many steps is not shown. A property test holds the values to
fastavro's.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from zmqscope.core.decode.compact import compact_float
from zmqscope.core.decode.field_path import Index, Name, Step
from zmqscope.core.decode.formats.avro.logical_types import logical
from zmqscope.core.decode.leaf_text import hex_text
from zmqscope.core.decode.node import Node, NodeKind, Span, error_node, shorten
from zmqscope.core.decode.schemas import AvroType

MAX_DEPTH = 100
"""Containers inside containers."""

MAX_STEPS = 20_000
"""Values that are skipped at most to get to the next one."""

_COUNTED_BYTES = 2_048
_NO_SYMBOL = "The schema has no symbol for this number"


class AvroError(Exception):
    """Bytes that are not what the schema says.

    Args:
        text: Why, in one sentence without its full stop.
        at: Where it shows.
        is_long: Whether nothing is wrong but that there is too much to be skipped.
    """

    def __init__(self, text: str, at: int, *, is_long: bool = False) -> None:
        super().__init__(text)
        self.is_long = is_long
        self.text = text
        self.at = at


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes to be read.

    Attributes:
        data: The bytes.
        stop: Where they end.
        named: The types that have a name.
        has_spans: Whether they are the decoder's own bytes and not unpacked ones.
    """

    data: bytes = field(repr=False)
    stop: int
    named: Mapping[str, AvroType] = field(repr=False)
    has_spans: bool = True

    def span(self, start: int, stop: int) -> Span | None:
        """A stretch of the decoder's bytes."""
        return Span(start, stop) if self.has_spans else None

    def take(self, at: int, size: int, what: str) -> int:
        """Where that many bytes end.

        Raises:
            AvroError: There are not so many.
        """
        if size < 0 or at + size > self.stop:
            left = self.stop - at
            raise AvroError(f"{what} is to have {size:,} bytes, but {left:,} are left", at)
        return at + size

    def long(self, at: int) -> tuple[int, int]:
        """A zigzag varint of at most ten bytes, and where it ends.

        Raises:
            AvroError: There is none.
        """
        value = shift = 0
        here = at
        while here < self.stop and shift < 70:
            byte = self.data[here]
            here += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                value &= (1 << 64) - 1
                return (value >> 1) ^ -(value & 1), here
            shift += 7
        raise AvroError("A number does not end", at)

    def resolve(self, schema: AvroType) -> tuple[str, dict[str, Any]]:
        """The kind of a type, and its definition."""
        current: Any = schema
        for _ in range(MAX_DEPTH):
            if isinstance(current, list):
                return "union", {"branches": current}
            if isinstance(current, str):
                if current not in self.named:
                    return current, {}
                current = self.named[current]
                continue
            kind = current.get("type") if isinstance(current, Mapping) else ""
            if isinstance(kind, str) and kind not in self.named:
                return kind, current
            current = kind
        return "", {}


class _Steps:
    """How many values may still be skipped.

    Args:
        is_strict: Whether each of them is looked at, too, as far as its bytes can be wrong.
    """

    __slots__ = ("is_strict", "left")

    def __init__(self, *, is_strict: bool = False) -> None:
        self.left = MAX_STEPS
        self.is_strict = is_strict

    def take(self, at: int) -> None:
        self.left -= 1
        if self.left < 0:
            text = "There is too much before the next value to skip it"
            raise AvroError(text, at, is_long=True)


_SIZES = {"null": 0, "boolean": 1, "float": 4, "double": 8}


def fixed_size(source: Source, schema: AvroType) -> int | None:
    """How many bytes each value of a type takes; None where that differs."""
    kind, definition = source.resolve(schema)
    if kind == "fixed":
        size = definition.get("size")
        return size if isinstance(size, int) and size >= 0 else None
    return _SIZES.get(kind)


def skip(source: Source, schema: AvroType, at: int) -> int:
    """Where a value ends.

    Raises:
        AvroError: It does not, or it takes too many steps to find out.
    """
    return _skip(source, schema, at, _Steps(), 0)


def skip_checked(source: Source, schema: AvroType, at: int) -> int:
    """Where a value ends whose symbols, block sizes and single booleans are what Avro writes.

    Raises:
        AvroError: There is none, or it takes too many steps to find out.
    """
    return _skip(source, schema, at, _Steps(is_strict=True), 0)


def _skip(source: Source, schema: AvroType, at: int, steps: _Steps, depth: int) -> int:
    steps.take(at)
    if depth > MAX_DEPTH:
        raise AvroError(f"Values nested more than {MAX_DEPTH} deep are not shown", at)
    kind, definition = source.resolve(schema)
    size = fixed_size(source, schema)
    if size is not None:
        stop = source.take(at, size, _type_name(source, schema))
        if steps.is_strict and kind == "boolean" and source.data[at] > 1:
            raise AvroError("A boolean is 0 or 1", at)
        return stop
    if kind in ("int", "long", "enum"):
        number, stop = source.long(at)
        if steps.is_strict and kind == "enum" and not 0 <= number < len(_symbols(definition)):
            raise AvroError(_NO_SYMBOL, at)
        return stop
    if kind in ("bytes", "string"):
        length, at = source.long(at)
        return source.take(at, length, f"a {kind}")
    if kind == "union":
        branch, at = _branch(source, definition["branches"], at)
        return _skip(source, branch, at, steps, depth + 1)
    if kind in ("record", "error"):
        for each in definition.get("fields", ()):
            at = _skip(source, each["type"], at, steps, depth + 1)
        return at
    if kind in ("array", "map"):
        return _blocks(source, definition, at, steps, depth)[1]
    raise AvroError(f"The schema has an unknown type “{kind[:80]}”", at)


def _blocks(
    source: Source, definition: dict[str, Any], at: int, steps: _Steps, depth: int
) -> tuple[int, int]:
    """How many items an array or a map has, and where it ends."""
    is_map = "values" in definition
    items = definition["values" if is_map else "items"]
    size = None if is_map else fixed_size(source, items)
    total = 0
    while True:
        steps.take(at)
        count, at = source.long(at)
        if not count:
            return total, at
        total += abs(count)
        block = -1
        if count < 0:
            length, at = source.long(at)
            block = source.take(at, length, "a block")
        if block >= 0 and not steps.is_strict:
            at = block
        elif size is not None:
            at = source.take(at, abs(count) * size, "a block")
        else:
            for _ in range(abs(count)):
                if is_map:
                    length, at = source.long(at)
                    at = source.take(at, length, "a key")
                at = _skip(source, items, at, steps, depth + 1)
        if block not in (-1, at):
            raise AvroError("A block is not as long as it says", block)


def _branch(source: Source, branches: list[AvroType], at: int) -> tuple[AvroType, int]:
    number, after = source.long(at)
    if not 0 <= number < len(branches):
        raise AvroError(f"The union has no branch {number:,}", at)
    return branches[number], after


_CONTAINERS = ("record", "error", "array", "map")


# ---- nodes -------------------------------------------------------------------------------------


def value_node(
    source: Source, schema: AvroType, at: int, step: Step | None, depth: int = 0
) -> tuple[Node, int]:
    """A value as a node, and where it ends; -1 if a container's end is not to be found.

    Raises:
        AvroError: It is not what the schema says.
    """
    kind, definition = source.resolve(schema)
    if kind == "union":
        branch, inner = _branch(source, definition["branches"], at)
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
        _type_name(source, schema),
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
    symbols = _symbols(definition)
    name = _type_name(source, definition)
    if 0 <= number < len(symbols):
        symbol = str(symbols[number])
        return Node(step, NodeKind.STRING, name, shorten(symbol), symbol, span=span)
    return Node(step, NodeKind.NUMBER, name, str(number), number, span=span, note=_NO_SYMBOL)


def _symbols(definition: dict[str, Any]) -> list[str]:
    symbols: list[str] = definition.get("symbols", [])
    return symbols


def _part_node(kind: str, part: bytes, span: Span | None, step: Step | None) -> Node:
    if kind != "string":
        return Node(step, NodeKind.BYTES, kind, hex_text(part), part, span=span)
    try:
        text = part.decode()
    except UnicodeDecodeError:
        note = "No valid UTF-8, which a string has to be"
        return Node(step, NodeKind.BYTES, kind, hex_text(part), part, span=span, note=note)
    return Node(step, NodeKind.STRING, kind, shorten(text[:2_000]), text, span=span)


def _type_name(source: Source, schema: AvroType) -> str:
    kind, definition = source.resolve(schema)
    name = definition.get("name")
    if isinstance(name, str):
        short = shorten(name.rpartition(".")[2])
        return short if kind in ("record", "error") else f"{kind} {short}"
    return kind


def _count(source: Source, definition: dict[str, Any], at: int, stop: int) -> int | None:
    """The number of items of a short array or map; long ones are not walked once more."""
    is_quick = "items" in definition and fixed_size(source, definition["items"]) is not None
    if stop < 0 or (stop - at > _COUNTED_BYTES and not is_quick):
        return None
    try:
        return _blocks(source, definition, at, _Steps(), 0)[0]
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
