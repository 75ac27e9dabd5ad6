"""JSON walked in its bytes, for spans that a parser of text does not tell (RFC 8259). Any thread.

Values are Python's json module's: this knows where a value begins and ends.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Iterator
from typing import Any

from zmqscope.core.decode.broken import BrokenError
from zmqscope.core.decode.field_path import Index, Key, Name, Step
from zmqscope.core.decode.formats.json.scan import JsonScanner
from zmqscope.core.decode.items.tree import (
    PAGE,
    Clock,
    Keys,
    TooSlowError,
    bytes_key,
    ends_early,
    slow_node,
)
from zmqscope.core.decode.leaf_text import LARGE_NOTE, MAX_VALUE_BYTES
from zmqscope.core.decode.node import (
    MAX_NODE_TEXT,
    Node,
    NodeKind,
    Span,
    Value,
    error_node,
    shorten,
)

_MOST_KEY_BYTES = 8_000_000
"""Longer keys are no names of anything; each copy of one takes a tenth of a second."""
_QUOTE = ord('"')
_COUNTED_BYTES = 1_024
_COUNTED_FIELDS = 20_000
_MAX_DIGITS = 4_300
_MAX_STRING = MAX_VALUE_BYTES


class JsonReader(JsonScanner):
    """Reads the values of one payload."""

    # ---- fields -----------------------------------------------------------------------------

    def node(self, at: int, stop: int | None, step: Step | None, key_span: Span | None) -> Node:
        """The value at ``at`` as a field.

        Args:
            at: Where it begins.
            stop: Where it ends; None if only a container's beginning can be read.
            step: How it is reached.
            key_span: Bytes of its key, quotes included.
        """
        span = None if stop is None else Span(at, stop)
        if not self.opens(at):
            return self._leaf(Span(at, len(self.data) if stop is None else stop), step, key_span)
        is_object = self.data[at] == ord("{")
        children = self.object_children if is_object else self.array_children
        return Node(
            step,
            NodeKind.OBJECT if is_object else NodeKind.ARRAY,
            "object" if is_object else "array",
            count=self._count(span),
            span=span,
            key_span=key_span,
            children=functools.partial(children, at + 1),
        )

    def _count(self, span: Span | None) -> int | None:
        """Children of a small container; of a large one nobody knows without reading it."""
        if span is None or span.stop - span.start > _COUNTED_BYTES:
            return None
        try:
            text = self.data[span.start : span.stop].decode()
            return len(json.loads(text, object_pairs_hook=tuple))
        except (ValueError, RecursionError):
            return None

    def count_fields(self, at: int, least: int) -> int | None:
        """Fields of an object, those of the same key counted, too; None if that takes too long.

        Args:
            at: Offset behind its brace.
            least: How many different keys it has; the whole is known to be valid.
        """
        if least > _COUNTED_FIELDS:
            return None
        clock, count = Clock(), 0
        try:
            while self.data[at : at + 1] != b"}":
                at = self.behind_blanks(at + 1) if count else self.behind_blanks(at)
                if self.data[at : at + 1] == b"}":
                    break
                _, at = self._key(at, clock)
                at = self.behind_blanks(self.behind_value(at, clock))
                count += 1
                clock.check()
        except (BrokenError, TooSlowError):
            return None
        return count

    def _leaf(self, span: Span, step: Step | None, key_span: Span | None) -> Node:
        data = self.data
        first = data[span.start]
        if first == _QUOTE:
            return self._string(span, step, key_span)
        raw = data[span.start : span.stop]
        if first in b"tf":
            return self._node(
                step, NodeKind.BOOL, "bool", raw.decode(), first == ord("t"), span, key_span
            )
        if first == ord("n"):
            return self._node(step, NodeKind.NULL, "null", "null", None, span, key_span)
        text = shorten(raw[: MAX_NODE_TEXT + 1].decode())
        value, note = _number(raw)
        return self._node(step, NodeKind.NUMBER, "number", text, value, span, key_span, note)

    def _string(self, span: Span, step: Step | None, key_span: Span | None) -> Node:
        raw = self.data[span.start : min(span.stop, span.start + _MAX_STRING)]
        if len(raw) < span.stop - span.start:
            text = shorten(raw[1 : 4 * MAX_NODE_TEXT].decode(errors="replace"))
            return self._node(
                *(step, NodeKind.STRING, "string", text, None, span, key_span, LARGE_NOTE)
            )
        try:
            # As text: of bytes, the library guesses the encoding and lets surrogates pass.
            value = json.loads(raw.decode())
        except ValueError as error:
            note = "Not UTF-8" if isinstance(error, UnicodeDecodeError) else f"Not valid: {error}"
            text = shorten(raw[1 : 4 * MAX_NODE_TEXT].decode(errors="replace"))
            return self._node(step, NodeKind.STRING, "string", text, None, span, key_span, note)
        text = shorten(value[: MAX_NODE_TEXT + 1])
        return self._node(step, NodeKind.STRING, "string", text, value, span, key_span)

    @staticmethod
    def _node(
        step: Step | None,
        kind: NodeKind,
        type_: str,
        text: str,
        value: Value,
        span: Span,
        key_span: Span | None,
        note: str = "",
    ) -> Node:
        return Node(step, kind, type_, text, value, None, span, key_span, note)

    # ---- children ---------------------------------------------------------------------------

    def array_children(self, at: int) -> Iterator[Node]:
        """The items of an array, whose bracket is just before ``at``."""
        clock, index = Clock(), 0
        at = self.behind_blanks(at)
        if self.data[at : at + 1] == b"]":
            return
        while True:
            try:
                stop = self.behind_value(at, clock)
            except (BrokenError, TooSlowError) as problem:
                yield from self._last(at, Index(index), None, problem)
                return
            yield self.node(at, stop, Index(index), None)
            index += 1
            if not index % PAGE:
                clock.start_again()
            follows = self._next(stop, b"]")
            if not isinstance(follows, int):
                yield from follows
                return
            at = follows

    def object_children(self, at: int) -> Iterator[Node]:
        """The fields of an object, whose brace is just before ``at``."""
        clock, keys, count = Clock(), Keys(), 0
        at = self.behind_blanks(at)
        if self.data[at : at + 1] == b"}":
            return
        while True:
            try:
                key_span, at = self._key(at, clock)
            except BrokenError as problem:
                yield error_node(problem.text, problem.at)
                return
            except TooSlowError:
                yield slow_node(at)
                return
            if key_span.stop - key_span.start > _MOST_KEY_BYTES:
                yield error_node(
                    f"What follows is not shown: the key at byte {key_span.start:,} has "
                    f"{key_span.stop - key_span.start:,} bytes.",
                    key_span.start,
                )
                return
            step = keys.step(self._step(key_span))
            try:
                stop = self.behind_value(at, clock)
            except (BrokenError, TooSlowError) as problem:
                yield from self._last(at, step, key_span, problem)
                return
            yield self.node(at, stop, step, key_span)
            count += 1
            if not count % PAGE:
                clock.start_again()
            follows = self._next(stop, b"}")
            if not isinstance(follows, int):
                yield from follows
                return
            at = follows

    def sequence_children(self, at: int) -> Iterator[Node]:
        """Values one after the other, the first of them at ``at``."""
        clock, index = Clock(), 0
        while at < len(self.data):
            try:
                stop = self.behind_value(at, clock)
            except (BrokenError, TooSlowError) as problem:
                yield from self._last(at, Index(index), None, problem)
                return
            yield self.node(at, stop, Index(index), None)
            index += 1
            if not index % PAGE:
                clock.start_again()
            at = self.behind_separators(stop)

    def _key(self, at: int, clock: Clock) -> tuple[Span, int]:
        """Where a key stands, and where its value begins."""
        data = self.data
        if data[at : at + 1] != b'"':
            if at >= len(data):
                raise ends_early(len(data), "an object")
            raise BrokenError(f"No key in double quotes stands at byte {at:,}.", at)
        stop = self.behind_string(at, clock)
        colon = self.behind_blanks(stop)
        if data[colon : colon + 1] != b":":
            if colon >= len(data):
                raise ends_early(len(data), "an object")
            raise BrokenError(f"A colon is missing at byte {stop:,}.", stop)
        return Span(at, stop), self.behind_blanks(colon + 1)

    def _step(self, span: Span) -> Name | Key:
        raw = self.data[span.start : span.stop]
        try:
            return Name(json.loads(raw.decode()))
        except ValueError:
            return bytes_key(raw[1:-1])

    def _next(self, at: int, closing: bytes) -> int | Iterator[Node]:
        """Where the next child begins; else nothing more, or the sentence why not."""
        at = self.behind_blanks(at)
        byte = self.data[at : at + 1]
        if byte == b",":
            return self.behind_blanks(at + 1)
        if byte == closing:
            return iter(())
        if not byte:
            problem = ends_early(len(self.data), "an array" if closing == b"]" else "an object")
        else:
            problem = BrokenError(f"A comma is missing at byte {at:,}.", at)
        return iter((error_node(problem.text, problem.at),))

    def _last(
        self, at: int, step: Step, key_span: Span | None, problem: BrokenError | TooSlowError
    ) -> Iterator[Node]:
        if self.opens(at):
            yield self.node(at, None, step, key_span)
        if isinstance(problem, BrokenError):
            yield error_node(problem.text, problem.at)
        else:
            yield slow_node(at)


def _number(raw: bytes) -> tuple[Any, str]:
    """A number as Python has it, and what that does not say."""
    if len(raw) > _MAX_DIGITS:
        return None, f"A number of {len(raw):,} characters, which is not read as one"
    value = json.loads(raw)
    if isinstance(value, float) and math.isinf(value):
        return value, "Too large for a float of 64 bits"
    return value, ""
