"""SONiC: changes of a switch's tables, sent beside Redis. Pure, any thread.

Source: ``BinarySerializer`` in sonic-swss-common: a count of pairs, then each pair's two texts with
their lengths, all as 64-bit numbers of the sending machine (little-endian on x86 and ARM). The
first pair is database and table; then each operation is a pair of key and number of fields,
followed by these fields. An operation without fields deletes the key.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from zmqscope.core.decode.decoded import Decoded, DecodeError
from zmqscope.core.decode.field_path import Index, Name
from zmqscope.core.decode.node import Node, NodeKind, Span, error_node
from zmqscope.core.envelopes import fields
from zmqscope.core.envelopes.envelope import FrameName, Note, Outline, Sighting
from zmqscope.core.envelopes.frames import front_names, plain_bytes
from zmqscope.core.envelopes.summary import join
from zmqscope.core.wording import counted

_NAME_BYTES = 64
_SHOWN_OPERATIONS = 3
_MOST_SEEN = 64
_MOST_READ = 100_000


class _Pair(NamedTuple):
    """Two texts: where they stand, lengths not included."""

    key: tuple[int, int]
    value: tuple[int, int]


class _Operation(NamedTuple):
    """A key that is set or deleted: its pair, and the pairs of its fields."""

    head: _Pair
    fields: list[_Pair]
    expected: int


class Sonic:
    """The envelope."""

    name = "sonic"
    title = "SONiC"

    def see(self, outline: Outline) -> Sighting | None:
        """See ``Envelope.see``."""
        at = outline.frame_count - 1
        if at > 2 or at >= len(outline.heads):
            return None
        head, size = outline.heads[at], outline.sizes[at]
        # The count is below 2^24, and so are its upper bytes 0: rules nearly everything out.
        if size < 26 or len(head) < 26 or head[3:8] != b"\0\0\0\0\0":
            return None
        names = _names(head)
        if names is None:
            return None
        pairs = int.from_bytes(head[:8], "little")
        found, stop = _operations(head, _MOST_SEEN)
        if found is None:
            return None
        is_whole = len(head) == size
        seen = 1 + sum(1 + len(operation.fields) for operation in found)
        is_all = seen == pairs
        if is_whole and not is_all and seen < _MOST_SEEN:
            return None
        sure = _sureness(names[0], is_exact=is_all and stop == size, is_whole=is_whole)
        more = "" if is_all else f"… of {counted(pairs - 1, 'pair')}"
        shown = [_words(head, operation) for operation in found[:_SHOWN_OPERATIONS]]
        rest = len(found) - len(shown)
        listed = ", ".join(shown) + (f" and {counted(rest, 'key')}" if rest > 0 and is_all else "")
        summary = join((f"{names[0]}:{names[1]}", listed, more))
        labels = (*front_names(outline, at), FrameName("operations", self.name))
        return Sighting(self.name, sure, summary, labels, at)

    def decode(self, index: int, frame: bytes) -> Decoded:
        """Read a table's operations."""
        fields.take(frame, 0, 8, "the number of pairs")
        first = _pair(frame, 8)
        if first is None:
            raise DecodeError("The frame ends inside the names of database and table.", 8)
        pairs = int.from_bytes(frame[:8], "little")
        table = frame[first.value[0] : first.value[1]]
        nodes = [
            fields.number("pairs", "uint64", pairs, (0, 8)),
            _text_node("database", frame, first.key),
            _text_node("table", frame, first.value),
            Node(
                Name("operations"),
                NodeKind.ARRAY,
                "array",
                span=Span(first.value[1], len(frame)),
                children=lambda: _children(frame, first.value[1], pairs - 1),
            ),
        ]
        title = plain_bytes(table, len(table), _NAME_BYTES)
        return fields.tree(title, nodes, len(frame))

    def check(self, frames: tuple[bytes, ...], sighting: Sighting) -> tuple[Note, ...]:
        """Nothing more to say."""
        return ()


def _names(head: bytes) -> tuple[str, str] | None:
    """Database and table; None if the bytes have no such names."""
    pair = _pair(head, 8)
    if pair is None:
        return None
    texts = []
    for start, stop in pair:
        data = head[start:stop]
        if not 0 < len(data) <= _NAME_BYTES or not data.isascii():
            return None
        text = data.decode()
        if not text.replace("_", "").replace(":", "").replace("-", "").isalnum():
            return None
        texts.append(text)
    return texts[0], texts[1]


def _sureness(database: str, *, is_exact: bool, is_whole: bool) -> float:
    if is_whole and not is_exact:
        return 0.75
    if database.endswith("_DB"):
        return 0.97 if is_whole else 0.93
    return 0.85 if is_whole else 0.6


def _pair(data: bytes, at: int) -> _Pair | None:
    """The pair whose first length stands at ``at``; None if it is not all here."""
    spans = []
    for _ in range(2):
        start = at + 8
        if start > len(data):
            return None
        at = start + int.from_bytes(data[at:start], "little")
        if at > len(data):
            return None
        spans.append((start, at))
    return _Pair(spans[0], spans[1])


def _number(data: bytes, span: tuple[int, int]) -> int | None:
    """The number of fields, which is written in digits."""
    digits = data[span[0] : span[1]]
    return int(digits) if digits.isdigit() and len(digits) <= 7 else None


def _operations(data: bytes, most: int) -> tuple[list[_Operation] | None, int]:
    """The operations, as far as they are here, and where they end; None if there are none."""
    first = _pair(data, 8)
    at = 8 if first is None else first.value[1]
    found: list[_Operation] = []
    left = min(int.from_bytes(data[:8], "little") - 1, most)
    while left > 0:
        head = _pair(data, at)
        if head is None:
            break
        expected = _number(data, head.value)
        if expected is None:
            return None, at
        at, left = head.value[1], left - 1
        operation = _Operation(head, [], expected)
        found.append(operation)
        while left > 0 and len(operation.fields) < expected:
            pair = _pair(data, at)
            if pair is None:
                return found, at
            operation.fields.append(pair)
            at, left = pair.value[1], left - 1
    return found, at


def _words(data: bytes, operation: _Operation) -> str:
    start, stop = operation.head.key
    key = plain_bytes(data[start:stop], stop - start)
    if not operation.expected:
        return f"DEL {key}"
    return f"SET {key} ({counted(operation.expected, 'field')})"


def _text_node(name: str, data: bytes, span: tuple[int, int]) -> Node:
    return fields.text(name, data[span[0] : span[1]], (span[0] - 8, span[1]))


def _children(data: bytes, at: int, pairs: int) -> Iterator[Node]:
    """One operation after the other."""
    for index in range(min(pairs, _MOST_READ)):
        if pairs <= 0:
            return
        head = _pair(data, at)
        if head is None:
            yield error_node(f"The frame ends inside a pair, {counted(pairs, 'pair')} short.", at)
            return
        expected = _number(data, head.value)
        if expected is None:
            yield error_node("The number of fields is no number.", head.value[0])
            return
        stop, read = head.value[1], 0
        most = min(expected, pairs - 1, _MOST_READ)
        while read < most and (pair := _pair(data, stop)) is not None:
            stop, read = pair.value[1], read + 1
        yield _operation_node(data, index, head, expected, (head.value[1], stop))
        at, pairs = stop, pairs - 1 - read
        if read < expected:
            what = "not shown" if read == _MOST_READ else "missing"
            yield error_node(f"{counted(expected - read, 'field')} {what}.", at)
            return
    if pairs > 0:
        yield error_node(f"{counted(pairs, 'more pair')} not shown.", at)


def _operation_node(
    data: bytes, index: int, head: _Pair, expected: int, rest: tuple[int, int]
) -> Node:
    kind = "SET" if expected else "DEL"
    key = data[head.key[0] : head.key[1]]

    def children() -> Iterator[Node]:
        yield _text_node("key", data, head.key)
        yield fields.text("operation", kind.encode(), (head.value[0] - 8, head.value[1]))
        yield Node(
            Name("fields"),
            NodeKind.OBJECT,
            "object",
            count=expected,
            span=Span(*rest),
            children=lambda: _field_nodes(data, *rest),
        )

    return Node(
        Index(index),
        NodeKind.OBJECT,
        kind,
        count=3,
        span=Span(head.key[0] - 8, rest[1]),
        note=plain_bytes(key, len(key)),
        children=children,
    )


def _field_nodes(data: bytes, at: int, stop: int) -> Iterator[Node]:
    seen: dict[str, int] = {}
    while at < stop and (pair := _pair(data, at)) is not None:
        (start, end), value = pair
        name = data[start:end].decode("utf-8", "replace")
        nth = seen[name] = seen.get(name, 0) + 1
        at = value[1]
        span = (value[0] - 8, value[1])
        yield fields.text(
            Name(name, nth), data[value[0] : value[1]], span, key_span=(start - 8, end)
        )
