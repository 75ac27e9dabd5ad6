"""BSON as a format of the inspector. Pure, any thread."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

from zmqscope.core.decode.broken import BrokenError
from zmqscope.core.decode.compact import CUT, LINE_CHARS, compact_line
from zmqscope.core.decode.decoded import Decoded, DecodeError, Tree
from zmqscope.core.decode.field_path import Index
from zmqscope.core.decode.formats.bson.beginning import read_beginning
from zmqscope.core.decode.formats.bson.tree import ARRAY, DOCUMENT, MIN_DOCUMENT, BsonReader
from zmqscope.core.decode.formats.bson.values import TYPE_NAMES, decoded
from zmqscope.core.decode.node import Node, NodeKind, Span, error_node
from zmqscope.core.decode.payload import DecodeOptions, Payload
from zmqscope.core.wording import counted

_HEAD_BYTES = 2_048
_MAX_PARTIAL_FIELDS, _MAX_INNER_FIELDS = 24, 10
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
                if not data[element.key.start : element.key.stop].decode().isprintable():
                    return 0.0
                fields += 1
                if fields >= 3:
                    break
        except UnicodeDecodeError:
            return 0.0
        except BrokenError as problem:
            if not problem.is_cut:
                return 0.0
        if is_known:
            return 0.97 if fields else 0.6
        return (0.3, 0.7, 0.9, 0.95)[fields]

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
            words = counted(rest, "byte follows", "bytes follow")
            notes.append(f"{words} the document, from byte {length:,} on.")
        elif length > len(data) and not payload.is_cut:
            notes.append(f"The document claims {length:,} bytes, but there are {len(data):,}.")
        root = reader.document(0, length, DOCUMENT, None, None)
        first = next(reader.children(0, length, is_array=False), None)
        if first is not None and first.kind is NodeKind.ERROR and not payload.is_cut:
            raise DecodeError(first.text, first.span.start if first.span else None)
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
            value = read_beginning(data[:_HEAD_BYTES])
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
    inner: tuple[str, Any] | None = None
    is_whole, count, whole_stop = False, 0, at + 4
    try:
        for element in reader.elements(at, stop):
            if element.stop > len(reader.data):
                if depth < _MAX_DEPTH:
                    name = reader.data[element.key.start : element.key.stop]
                    inside = _partial(
                        *(reader, element.at, element.stop, depth + 1),
                        is_array=element.type == ARRAY,
                    )
                    inner = name.decode(errors="replace"), inside
                break
            whole_stop = element.stop
            count += 1
            if count >= (_MAX_INNER_FIELDS if depth else _MAX_PARTIAL_FIELDS):
                break
        else:
            is_whole = True
    except BrokenError as problem:
        if not problem.is_cut:
            raise
    fields: dict[Any, Any] = _fields(reader.data[at + 4 : whole_stop])
    if inner is not None:
        fields[inner[0]] = inner[1]
    if is_array:
        return [*fields.values()] if is_whole else [*fields.values(), CUT]
    if not is_whole:
        fields[CUT] = None
    return fields


def _fields(elements: bytes) -> dict[Any, Any]:
    """Whole elements, closed to be a document."""
    try:
        return decoded((len(elements) + MIN_DOCUMENT).to_bytes(4, "little") + elements + b"\0")
    except ValueError:
        return {CUT: None}


BSON = BsonDecoder()
