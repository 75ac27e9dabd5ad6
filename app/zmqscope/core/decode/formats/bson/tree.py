"""BSON walked element by element, for the spans that its library does not tell. Any thread.

https://bsonspec.org/spec.html. Everything large has its length in front, so that nothing has to
be read to be passed over.
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Iterator
from typing import NamedTuple

from zmqscope.core.decode.broken import BrokenError
from zmqscope.core.decode.field_path import Index, Key, Name, Step
from zmqscope.core.decode.formats.bson.values import TYPE_NAMES, shown
from zmqscope.core.decode.items.tree import Keys, bytes_key, ends_early
from zmqscope.core.decode.leaf_text import LARGE_NOTE, MAX_VALUE_BYTES, large_text
from zmqscope.core.decode.node import MAX_NODE_TEXT, Node, NodeKind, Span, error_node, shorten

DOCUMENT, ARRAY = 0x03, 0x04
MIN_DOCUMENT = 5
"""Bytes of an empty document: its length and its end."""

_CODE_WITH_SCOPE = 0x0F
_STRINGS = (0x02, 0x0D, 0x0E)
WIDTHS = {
    **dict.fromkeys((0x06, 0x0A, 0x7F, 0xFF), 0),
    **{0x01: 8, 0x07: 12, 0x08: 1, 0x09: 8, 0x10: 4, 0x11: 8, 0x12: 8, 0x13: 16},
}
"""Bytes of values by their type, as far as it says that."""

_LENGTH = struct.Struct("<i")


class Element(NamedTuple):
    """Where an element of a document stands.

    Attributes:
        type: Its type byte.
        key: Bytes of its name.
        at: Where its value begins.
        stop: Where its value ends; beyond the bytes if it is a document that is cut.
    """

    type: int
    key: Span
    at: int
    stop: int


class BsonReader:
    """Reads the documents of one payload.

    Args:
        data: The payload.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data

    def length(self, at: int) -> int:
        """Bytes of the document at ``at``, as it claims.

        Raises:
            BrokenError: There is none.
        """
        if at + 4 > len(self.data):
            raise ends_early(len(self.data), "a document's length")
        length: int = _LENGTH.unpack_from(self.data, at)[0]
        if length < MIN_DOCUMENT:
            raise BrokenError(f"The document at {at:,} claims {length:,} bytes, less than 5.", at)
        return length

    def elements(self, at: int, stop: int) -> Iterator[Element]:
        """The elements of a document, one by one.

        Args:
            at: Where the document begins.
            stop: Where it claims to end.

        Raises:
            BrokenError: They cannot be read on.
        """
        data = self.data
        end = min(stop - 1, len(data))
        at += 4
        while at < end:
            kind = data[at]
            if not kind:
                raise BrokenError(f"The document ends at {at:,}, before its length says so.", at)
            if kind not in TYPE_NAMES:
                raise BrokenError(f"Byte {at:,} is 0x{kind:02x}, no type of BSON.", at)
            name_stop = data.find(b"\0", at + 1, end)
            if name_stop < 0:
                if stop > len(data):
                    raise ends_early(len(data), "a field's name")
                raise BrokenError(f"The field at {at:,} has a name without end.", at)
            begin = name_stop + 1
            value_stop = self._behind(kind, begin, end, is_cut=stop > len(data))
            yield Element(kind, Span(at + 1, name_stop), begin, value_stop)
            at = value_stop
        if stop > len(data):
            raise ends_early(len(data), "a document")
        if data[stop - 1]:
            raise BrokenError(
                f"The document does not end in a zero byte at {stop - 1:,}.", stop - 1
            )

    def _behind(self, kind: int, at: int, end: int, *, is_cut: bool) -> int:
        """Offset behind a value; documents may go on behind the end of what is there."""
        data = self.data
        width = WIDTHS.get(kind)
        if width is not None:
            stop = at + width
        elif kind == 0x0B:
            stop = at
            for _ in range(2):
                found = data.find(b"\0", stop, end)
                stop = end + 1 if found < 0 else found + 1
        else:
            if at + 4 > end:
                raise self._too_long(kind, at, is_cut=is_cut)
            length: int = _LENGTH.unpack_from(data, at)[0]
            least = MIN_DOCUMENT if kind in (DOCUMENT, ARRAY) else 0 if kind == 0x05 else 1
            if length < least:
                raise BrokenError(f"The {TYPE_NAMES[kind]} at {at:,} claims {length:,} bytes.", at)
            # Lengths of documents count themselves, those of strings and binaries do not.
            extra = {DOCUMENT: 0, ARRAY: 0, _CODE_WITH_SCOPE: 0, 0x05: 5, 0x0C: 16}.get(kind, 4)
            stop = at + length + extra
        if stop > end and not (is_cut and kind in (DOCUMENT, ARRAY)):
            raise self._too_long(kind, at, is_cut=is_cut)
        return stop

    def _too_long(self, kind: int, at: int, *, is_cut: bool) -> BrokenError:
        what = f"the {TYPE_NAMES[kind]} at {at:,}"
        if is_cut:
            return ends_early(len(self.data), what)
        return BrokenError(f"{what.capitalize()} is longer than the document around it.", at)

    # ---- fields -----------------------------------------------------------------------------

    def document(
        self, at: int, stop: int, kind: int, step: Step | None, key_span: Span | None
    ) -> Node:
        """A document or an array as a field."""
        is_array = kind == ARRAY
        return Node(
            step,
            NodeKind.ARRAY if is_array else NodeKind.OBJECT,
            "array" if is_array else "document",
            span=Span(at, stop) if stop <= len(self.data) else None,
            key_span=key_span,
            children=functools.partial(self.children, at, stop, is_array=is_array),
        )

    def children(self, at: int, stop: int, *, is_array: bool) -> Iterator[Node]:
        """The fields of a document, or the items of an array."""
        keys = Keys()
        elements = self.elements(at, stop)
        index = 0
        while True:
            try:
                element = next(elements, None)
            except BrokenError as problem:
                yield error_node(problem.text, problem.at)
                return
            if element is None:
                return
            name = self.data[element.key.start : element.key.stop]
            if is_array:
                note = "" if name == b"%d" % index else f"Its key is {name[:40]!r}, not its place"
                yield self._node(element, Index(index), note)
            else:
                yield self._node(element, keys.step(_key(name)))
            index += 1

    def _node(self, element: Element, step: Step, note: str = "") -> Node:
        kind, key, at, stop = element
        if kind in (DOCUMENT, ARRAY):
            return self.document(at, stop, kind, step, key)
        if kind == _CODE_WITH_SCOPE:
            return self._code(element, step)
        span = Span(at, stop)
        if stop - at > MAX_VALUE_BYTES:
            is_text = kind in _STRINGS
            text = large_text(self.data, at + (4 if is_text else 5), is_text=is_text)
            shown_kind = NodeKind.STRING if is_text else NodeKind.BYTES
            type_ = TYPE_NAMES[kind]
            return Node(step, shown_kind, type_, text, None, None, span, key, LARGE_NOTE)
        leaf = shown(kind, self.data[at:stop])
        notes = leaf.note or note
        return Node(step, leaf.kind, leaf.type, leaf.text, leaf.value, None, span, key, notes)

    def _code(self, element: Element, step: Step) -> Node:
        """Code with the variables it may use; these are its children."""
        _, key, at, stop = element
        text, type_ = "", TYPE_NAMES[_CODE_WITH_SCOPE]
        scope = at + 8
        if at + 8 <= stop:
            scope += max(_LENGTH.unpack_from(self.data, at + 4)[0], 0)
            text = shorten(
                self.data[at + 8 : min(scope - 1, at + 8 + 4 * MAX_NODE_TEXT, stop)].decode(
                    errors="replace"
                )
            )
        if scope + MIN_DOCUMENT > stop or scope + self.length_or_zero(scope) != stop:
            note = "Not valid: code and scope do not fill its length"
            return Node(step, NodeKind.OTHER, type_, text, None, None, Span(at, stop), key, note)
        children = functools.partial(self.children, scope, stop, is_array=False)
        return Node(
            *(step, NodeKind.OTHER, type_, text, None, None, Span(at, stop), key),
            children=children,
        )

    def length_or_zero(self, at: int) -> int:
        """Bytes of the document at ``at``; 0 if there is none."""
        try:
            return self.length(at)
        except BrokenError:
            return 0


def _key(name: bytes) -> Name | Key:
    try:
        return Name(name.decode())
    except UnicodeDecodeError:
        return bytes_key(name)
