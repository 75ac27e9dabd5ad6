"""Avro's binary encoding beside its schema: where each value begins and ends. Any thread.

Source: the Avro specification, "Binary encoding". Lengths and counts are claims: nothing is
allocated by them, and what takes too many steps is not shown. A property test holds what is
read to fastavro's values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zmqscope.core.decode.node import Span, shorten
from zmqscope.core.decode.schemas import AvroType

MAX_DEPTH = 100
"""Containers inside containers."""

MAX_STEPS = 20_000
"""Values that are skipped at most to get to the next one."""

NO_SYMBOL = "The schema has no symbol for this number"


class AvroError(Exception):
    """Bytes that are not what the schema says.

    Args:
        text: Why, in one sentence without its full stop.
        at: Where it shows.
        is_long: Whether nothing is wrong but that there is too much to be skipped.
        wants: Where the bytes would end that are not there; -1 if something else is wrong.
    """

    def __init__(self, text: str, at: int, *, is_long: bool = False, wants: int = -1) -> None:
        super().__init__(text)
        self.wants = wants
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
            text = f"{what} is to have {size:,} bytes, but {self.stop - at:,} are left"
            raise AvroError(text, at, wants=at + size)
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
        stop = source.take(at, size, type_name(source, schema))
        if steps.is_strict and kind == "boolean" and source.data[at] > 1:
            raise AvroError("A boolean is 0 or 1", at)
        return stop
    if kind in ("int", "long", "enum"):
        number, stop = source.long(at)
        if (
            steps.is_strict
            and kind == "enum"
            and not 0 <= number < len(definition.get("symbols", ()))
        ):
            raise AvroError(NO_SYMBOL, at)
        return stop
    if kind in ("bytes", "string"):
        length, at = source.long(at)
        return source.take(at, length, f"a {kind}")
    if kind == "union":
        branch, at = branch_at(source, definition["branches"], at)
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


def branch_at(source: Source, branches: list[AvroType], at: int) -> tuple[AvroType, int]:
    """The branch of a union that is chosen here, and where its value begins.

    Raises:
        AvroError: There is no such branch.
    """
    number, after = source.long(at)
    if not 0 <= number < len(branches):
        raise AvroError(f"The union has no branch {number:,}", at)
    return branches[number], after


def count_items(source: Source, definition: dict[str, Any], at: int) -> int:
    """How many items an array or a map has.

    Raises:
        AvroError: See ``skip``.
    """
    return _blocks(source, definition, at, _Steps(), 0)[0]


def type_name(source: Source, schema: AvroType) -> str:
    """A type in a few words: a record's own name, others' kind and name."""
    kind, definition = source.resolve(schema)
    name = definition.get("name")
    if isinstance(name, str):
        short = shorten(name.rpartition(".")[2])
        return short if kind in ("record", "error") else f"{kind} {short}"
    return kind
