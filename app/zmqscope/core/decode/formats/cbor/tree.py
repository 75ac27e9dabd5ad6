"""CBOR walked byte by byte, for the spans that its library does not tell (RFC 8949). Any thread.

Values are the library's: this knows where an item begins and ends, and what its tags say.
"""

from __future__ import annotations

import functools
import re
from typing import Any, NamedTuple

from zmqscope.core.decode.broken import BrokenError
from zmqscope.core.decode.compact import compact
from zmqscope.core.decode.field_path import Key, Name, Step
from zmqscope.core.decode.formats.cbor.leaf import Leaf, leaf_of, tagged_leaf, typed_array
from zmqscope.core.decode.formats.cbor.values import loaded
from zmqscope.core.decode.items.tree import (
    Clock,
    ItemReader,
    alike_end,
    bytes_key,
    ends_early,
)
from zmqscope.core.decode.node import Node, NodeKind, Span

_BREAK = 0xFF
_BYTES, _TEXT, _ARRAY, _MAP, _TAG = 2, 3, 4, 5, 6
_UNIFORM_ITEMS = 64
_CHECK_EVERY = 1_000
_BLOCK = 1024 * 1024
_SHOWN_TAGS = 4
_MAX_TAGS = 64
_KEY_CHARS = 80
_MAX_TAGGED = 4_096
_ONE_BYTE = re.compile(rb"[\x00-\x17\x20-\x37\xe0-\xf7]*+")

# What is open while an item is passed over: a count, or one of these where a break ends it.
_ITEMS, _AT_KEY, _AT_VALUE = -1, -2, -3


def _widths() -> bytes:
    """Bytes of items whose first byte says it all; 0 for the others."""
    widths = bytearray(256)
    for major in (0, 1, 7):
        for extra in range(24):
            widths[major << 5 | extra] = 1
        for extra, width in ((24, 2), (25, 3), (26, 5), (27, 9)):
            widths[major << 5 | extra] = width
    for major in (_BYTES, _TEXT):
        for extra in range(24):
            widths[major << 5 | extra] = 1 + extra
    return bytes(widths)


WIDTHS = _widths()
"""Bytes of items by their first byte; 0 where that does not say it all."""


class Head(NamedTuple):
    """The first bytes of an item.

    Attributes:
        major: Its major type, 0 to 7.
        argument: Length, count, value or tag number; None where a break ends the item.
        behind: Offset behind these bytes.
    """

    major: int
    argument: int | None
    behind: int


class CborReader(ItemReader):
    """Reads CBOR items."""

    def head(self, at: int) -> Head:
        """The head of the item at ``at``.

        Raises:
            BrokenError: There is none.
        """
        data = self.data
        if at >= len(data):
            raise ends_early(len(data), "an item")
        first = data[at]
        extra = first & 31
        if extra < 24:
            return Head(first >> 5, extra, at + 1)
        if extra < 28:
            behind = at + 1 + (1 << (extra - 24))
            if behind > len(data):
                raise ends_early(len(data), f"the head of the item at {at:,}")
            return Head(first >> 5, int.from_bytes(data[at + 1 : behind], "big"), behind)
        if extra == 31 and first >> 5 in (_BYTES, _TEXT, _ARRAY, _MAP):
            return Head(first >> 5, None, at + 1)
        if first == _BREAK:
            raise BrokenError(f"A break stands at {at:,} where an item should begin.", at)
        raise BrokenError(f"Byte {at:,} is 0x{first:02x}, which no CBOR item begins with.", at)

    def skip(self, at: int, clock: Clock) -> int:
        """Offset behind the item at ``at``; see ``ItemReader.skip``."""
        data, size, start = self.data, len(self.data), at
        outer: list[int] = []
        left, count = 1, 0
        while left or outer:
            if not left:
                left = outer.pop()
                continue
            if left < 0 and at < size and data[at] == _BREAK:
                if left == _AT_VALUE:
                    raise BrokenError(f"A break stands at {at:,} in place of a key's value.", at)
                at, left = at + 1, outer.pop()
                continue
            count += 1
            if not count % _CHECK_EVERY:
                clock.check()
            left = left - 1 if left > 0 else _BEHIND[left]
            if at < size and (width := WIDTHS[data[at]]):
                at += width
                continue
            head = self._behind_tags(at)
            if head.major not in (_ARRAY, _MAP):
                at = self._behind_leaf(head, clock)
            elif head.argument is None:
                outer.append(left)
                at, left = head.behind, (_ITEMS if head.major == _ARRAY else _AT_KEY)
            else:
                at, inside = self._behind_alike(head, clock)
                if left < 0:
                    outer.append(left)
                    left = 0
                left += inside
        if at > size:
            raise ends_early(size, f"the item that begins at {start:,}")
        return at

    def _behind_alike(self, head: Head, clock: Clock) -> tuple[int, int]:
        """Offset behind a container's head and its first items, and how many are left."""
        at, inside = head.behind, (head.argument or 0) * (head.major - 3)
        if inside >= _UNIFORM_ITEMS and at < len(self.data):
            passed, at = self._uniform(at, inside, clock)
            inside -= passed
        return at, inside

    def _behind_tags(self, at: int) -> Head:
        return self._tags(at)[2]

    def _behind_leaf(self, head: Head, clock: Clock) -> int:
        """Offset behind a leaf, whose head has just been read."""
        size = len(self.data)
        if head.major not in (_BYTES, _TEXT):
            return head.behind
        if head.argument is not None:
            stop = head.behind + head.argument
            if stop > size:
                what = f"a string of {head.argument:,} bytes: {stop - size:,} bytes are missing"
                raise ends_early(size, what)
            return stop
        at = head.behind
        count = 0
        while not self.ends(at):
            count += 1
            if not count % _CHECK_EVERY:
                clock.check()
            chunk = self.head(at)
            if chunk.major != head.major or chunk.argument is None:
                raise BrokenError(f"At {at:,} stands no chunk of the string around it.", at)
            at = self._behind_leaf(chunk, clock)
        return at + 1

    def _uniform(self, at: int, count: int, clock: Clock) -> tuple[int, int]:
        """Pass over as many alike items as there are, at C's speed: how many, and where it ends."""
        data = self.data
        width = WIDTHS[data[at]]
        if width > 1:
            stop = alike_end(data, at, width, count)
            return (stop - at) // width, stop
        if not width:
            return 0, at
        start, stop = at, min(at + count, len(data))
        while at < stop:
            clock.check()
            block_stop = min(at + _BLOCK, stop)
            found = _ONE_BYTE.match(data, at, block_stop)
            at = at if found is None else found.end()
            if at < block_stop:
                break
        return at - start, at

    def opens(self, at: int) -> bool:
        """Whether a map or an array begins there, tagged or not."""
        try:
            return self._behind_tags(at).major in (_ARRAY, _MAP)
        except BrokenError:
            return False

    def ends(self, at: int) -> bool:
        """Whether a break stands there."""
        if at >= len(self.data):
            raise ends_early(len(self.data), "an item of indefinite length")
        return self.data[at] == _BREAK

    # ---- fields -----------------------------------------------------------------------------

    def node(self, at: int, stop: int | None, step: Step | None, key_span: Span | None) -> Node:
        """The item at ``at`` as a field; see ``ItemReader.node``."""
        tags, inner_tag, head = self._tags(at)
        prefix = _tag_words(tags)
        span = None if stop is None else Span(at, stop)
        if tags and stop is not None and stop - inner_tag[0] <= _MAX_TAGGED:
            leaf = tagged_leaf(
                tags[-1], self.data[inner_tag[0] : stop], self.data[inner_tag[1] : stop]
            )
            if leaf is not None:
                outer = _tag_words(tags[:-1])
                return self._node(leaf, outer, span, step, key_span)
        if head.major in (_ARRAY, _MAP):
            return self._container(head, prefix, span, step, key_span)
        end = len(self.data) if stop is None else stop
        if tags and head.major == _BYTES and head.argument is not None:
            array = typed_array(tags[-1], self.data, head.behind, end)
            if array is not None:
                return Node(
                    *(step, NodeKind.ARRAY, f"{prefix}{array.type}", "", None, array.length, span),
                    key_span=key_span,
                    children=array.children,
                )
        leaf = leaf_of(self.data, inner_tag[1], head.behind, end)
        return self._node(leaf, prefix, span, step, key_span)

    def _tags(self, at: int) -> tuple[list[int], tuple[int, int], Head]:
        """Tags, where the innermost begins and what it is about, and the head of that."""
        tags: list[int] = []
        tag_at = at
        head = self.head(at)
        while head.major == _TAG and head.argument is not None:
            tags.append(head.argument)
            tag_at, at = at, head.behind
            if len(tags) > _MAX_TAGS:
                raise BrokenError(f"More than {_MAX_TAGS} tags stand in a row before {at:,}.", at)
            head = self.head(at)
        return tags, (tag_at, at), head

    @staticmethod
    def _node(
        leaf: Leaf, prefix: str, span: Span | None, step: Step | None, key_span: Span | None
    ) -> Node:
        type_ = prefix + leaf.type
        return Node(step, leaf.kind, type_, leaf.text, leaf.value, None, span, key_span, leaf.note)

    def _container(
        self, head: Head, prefix: str, span: Span | None, step: Step | None, key_span: Span | None
    ) -> Node:
        is_map = head.major == _MAP
        count, note = head.argument, ""
        if count is None:
            note = "Of indefinite length"
        elif count * (2 if is_map else 1) > len(self.data) - head.behind:
            note = f"Claims {count:,} {'fields' if is_map else 'items'}, more than there are bytes"
            count = None
        children = self.map_children if is_map else self.array_children
        return Node(
            step,
            NodeKind.OBJECT if is_map else NodeKind.ARRAY,
            prefix + ("map" if is_map else "array"),
            count=count,
            span=span,
            key_span=key_span,
            note=note,
            children=functools.partial(children, head.behind, head.argument),
        )

    def key(self, at: int, stop: int) -> Name | Key:
        """A key; text becomes a name, everything else is written as in JSON or Python."""
        head = self.head(at)
        if head.major in (_ARRAY, _MAP):
            try:
                return Key(compact(loaded(self.data[at:stop]), _KEY_CHARS))
            except ValueError:
                return bytes_key(self.data[at:stop])
        node = self.node(at, stop, None, None)
        value: Any = node.value
        if head.major == _TEXT and isinstance(value, str):
            return Name(value)
        if isinstance(value, bytes):
            return bytes_key(value)
        return Key(node.text or bytes_key(self.data[at:stop]).text)


def _tag_words(tags: list[int]) -> str:
    words = "".join(f"tag {tag} " for tag in tags[:_SHOWN_TAGS])
    return f"{words}… " if len(tags) > _SHOWN_TAGS else words


_BEHIND = {_ITEMS: _ITEMS, _AT_KEY: _AT_VALUE, _AT_VALUE: _AT_KEY}
