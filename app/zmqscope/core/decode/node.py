"""Decoded fields as a tree that grows only where somebody looks. Pure, any thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import NamedTuple

from zmqscope.core.decode.field_path import Step
from zmqscope.core.wording import shortened

MAX_NODE_TEXT = 1_000
"""Characters of a value's text at most; longer ones end in an ellipsis. ``value`` is whole."""

Value = None | bool | int | float | str | bytes | datetime | date


class NodeKind(Enum):
    """What a field is, whatever its format calls it; decides its colour and how it is compared."""

    OBJECT = "object"
    ARRAY = "array"
    STRING = "string"
    BYTES = "bytes"
    NUMBER = "number"
    BOOL = "bool"
    NULL = "null"
    TIME = "time"
    OTHER = "other"
    """Something of the format's own with a text: a tag, an extension, a call in a pickle."""
    ERROR = "error"
    """Not a field but a sentence: what cannot be read from here on, or is not shown."""


class Span(NamedTuple):
    """Where a field stands in the bytes that its decoder was given: first, and one past last."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Node:
    """One field.

    Attributes:
        step: How it is reached from its parent; None for the root and for sentences.
        kind: What it is.
        type: The same in the format's own words: ``map``, ``uint16``, ``fixext 4``.
        text: A leaf's value in one line, at most ``MAX_NODE_TEXT`` characters. It comes from
            strangers: whoever shows it makes it harmless.
        value: A leaf's value as Python has it; None also where it has none.
        count: Number of children, where the format says so.
        span: Its bytes, key not included; None where the library does not tell.
        key_span: The bytes of its key.
        note: What the reader should know about it, a sentence without its full stop.
        children: Makes a new iterator over its children, read one by one from the bytes. It never
            raises: where reading fails, the last child is a node of kind ``ERROR``.
    """

    step: Step | None
    kind: NodeKind
    type: str
    text: str = ""
    value: Value = None
    count: int | None = None
    span: Span | None = None
    key_span: Span | None = None
    note: str = ""
    children: Callable[[], Iterator[Node]] | None = field(default=None, repr=False, compare=False)
    find: Callable[[Step], Node | None] | None = field(default=None, repr=False, compare=False)

    @property
    def size(self) -> int | None:
        """Encoded bytes, where they are known."""
        return None if self.span is None else self.span.stop - self.span.start


def error_node(text: str, at: int | None = None) -> Node:
    """A sentence in place of what cannot be read.

    Args:
        text: What is wrong, and at which byte.
        at: Offset of that byte.
    """
    span = None if at is None else Span(at, at)
    return Node(None, NodeKind.ERROR, "", text, span=span)


def shorten(text: str) -> str:
    """A text as ``Node.text`` may have it."""
    return shortened(text, MAX_NODE_TEXT)
