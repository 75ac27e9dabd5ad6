"""BSON as a format of the inspector. Pure, any thread."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

from zmqscope.core.decode.compact import CUT, LINE_CHARS, Verbatim, compact_line
from zmqscope.core.decode.decoded import Decoded, DecodeError, Tree
from zmqscope.core.decode.field_path import Index
from zmqscope.core.decode.formats.bson_tree import ARRAY, DOCUMENT, MIN_DOCUMENT, BsonReader
from zmqscope.core.decode.formats.bson_values import TYPE_NAMES, decoded, value_of
from zmqscope.core.decode.formats.item_tree import BrokenError
from zmqscope.core.decode.node import Node, NodeKind, Span, error_node
from zmqscope.core.decode.payload import DecodeOptions, Payload

_HEAD_BYTES = 2_048
_MAX_PARTIAL_FIELDS = 40
_MAX_DEPTH = 6
_MAX_COUNTED = 100_000
_MAX_LENGTH = 1 << 31
_EMPTY = 0.3
_MISFIT = 0.45


class BsonDecoder:
    """Reads BSON."""

    name = "bson"
    title = "BSON"
    first_bytes = None

    def sniff(self, payload: Payload) -> float:
        """A document says its length and ends in a zero byte: that leaves little to chance."""
        data = payload.data
        if len(data) < MIN_DOCUMENT or (data[4] and data[4] not in TYPE_NAMES):
            return 0.0
        length = int.from_bytes(data[:4], "little")
        if not MIN_DOCUMENT <= length < _MAX_LENGTH:
            return 0.0
        is_known = not payload.is_cut or payload.size > len(data)
        if is_known and length != payload.size:
            return self._sequence_likelihood(payload)
        if payload.is_cut and length < len(data):
            return 0.0
        if length == MIN_DOCUMENT:
            return 0.0 if data[4] else _EMPTY
        return self._likelihood(data[:_HEAD_BYTES], length, is_known=is_known)

    @staticmethod
    def _likelihood(data: bytes, length: int, *, is_known: bool) -> float:
        fields = 0
        try:
            for element in BsonReader(data).elements(0, length):
                name = data[element.key.start : element.key.stop]
                if not name.decode(errors="replace").isprintable():
                    return 0.0
                fields += 1
                if fields >= 3:
                    break
        except BrokenError as problem:
            if not problem.is_end:
                return 0.0
        if is_known:
            return 0.97 if fields else 0.6
        return (0.3, 0.8, 0.9, 0.95)[fields]

    def _sequence_likelihood(self, payload: Payload) -> float:
        if payload.is_cut:
            return 0.0
        count = _count_documents(payload.data)
        first = int.from_bytes(payload.data[:4], "little")
        if first > len(payload.data) or not count:
            return 0.0
        return min(self._likelihood(payload.data[:_HEAD_BYTES], first, is_known=True), 0.9)

    def decode(self, payload: Payload, _options: DecodeOptions) -> Decoded:
        """Fields with their bytes, read where somebody looks."""
        data, reader = payload.data, BsonReader(payload.data)
        try:
            length = reader.length(0)
        except BrokenError as problem:
            raise DecodeError(problem.text, problem.at) from None
        if length < len(data) and (count := _count_documents(data)) > 1:
            root = Node(
                *(None, NodeKind.ARRAY, "sequence", "", None, count, Span(0, len(data))),
                children=functools.partial(_documents, reader),
            )
            note = f"{count:,} documents stand one after the other."
            return Decoded((Tree(root),), f"sequence({count:,})", (note,))
        notes = []
        if length < len(data):
            rest = len(data) - length
            words = "1 byte follows" if rest == 1 else f"{rest:,} bytes follow"
            notes.append(f"{words} the document, from byte {length:,} on.")
        elif length > len(data) and not payload.is_cut:
            notes.append(f"The document claims {length:,} bytes, but there are {len(data):,}.")
        root = reader.document(0, length, DOCUMENT, None, None)
        return Decoded((Tree(root),), "document", tuple(notes))

    def preview(self, payload: Payload, _options: DecodeOptions) -> str:
        """``bson document a=1 b=2``."""
        data = payload.data
        value: Any = None
        if not payload.is_cut and len(data) <= _HEAD_BYTES:
            try:
                value = decoded(data)
            except ValueError:
                # More follows, or it ends early.
                value = None
        if value is None:
            reader = BsonReader(data[:_HEAD_BYTES])
            try:
                value = _partial(reader, 0, reader.length(0), 0, is_array=False)
            except BrokenError as problem:
                raise DecodeError(problem.text, problem.at) from None
        return compact_line("bson document", value, LINE_CHARS)


def _count_documents(data: bytes) -> int:
    """Documents that fill the payload one after the other; 0 if they do not."""
    at = count = 0
    while at + MIN_DOCUMENT <= len(data) and count < _MAX_COUNTED:
        length = int.from_bytes(data[at : at + 4], "little")
        at += length
        if length < MIN_DOCUMENT or at > len(data) or data[at - 1]:
            return 0
        count += 1
    return count if at == len(data) else 0


def _documents(reader: BsonReader) -> Iterator[Node]:
    at = index = 0
    while at < len(reader.data):
        try:
            stop = at + reader.length(at)
        except BrokenError as problem:
            yield error_node(problem.text, problem.at)
            return
        yield reader.document(at, stop, DOCUMENT, Index(index), None)
        at, index = stop, index + 1


def _partial(reader: BsonReader, at: int, stop: int, depth: int, *, is_array: bool) -> Any:
    """A document as far as it is there; what is missing is ``CUT``.

    Raises:
        BrokenError: It is no BSON.
    """
    fields: dict[Any, Any] = {}
    is_whole = False
    try:
        for element in reader.elements(at, stop):
            if len(fields) >= _MAX_PARTIAL_FIELDS:
                break
            kind, key, begin, end = element
            name = reader.data[key.start : key.stop].decode(errors="replace")
            if kind in (DOCUMENT, ARRAY):
                fields[name] = (
                    _partial(reader, begin, end, depth + 1, is_array=kind == ARRAY)
                    if depth < _MAX_DEPTH
                    else CUT
                )
            else:
                fields[name] = _value(kind, reader.data[begin:end])
        else:
            is_whole = True
    except BrokenError as problem:
        if not problem.is_end:
            raise
    if is_array:
        return [*fields.values()] if is_whole else [*fields.values(), CUT]
    if not is_whole:
        fields[CUT] = None
    return fields


def _value(kind: int, content: bytes) -> Any:
    try:
        return value_of(kind, content)
    except ValueError:
        return Verbatim(f"⟨{content[:12].hex()}…⟩")


BSON = BsonDecoder()
