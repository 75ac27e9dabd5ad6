"""Transactions of Bitcoin as trees of fields. Pure, any thread.

Sources: the Bitcoin developer reference ("Transactions"), BIP 141 and 144 (witnesses).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace

from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.field_path import Index, Name
from zmqscope.core.decode.node import Node, NodeKind, Span
from zmqscope.core.envelopes.bitcoin_reader import (
    HASH_BYTES,
    Reader,
    blob_node,
    branch,
    hash_node,
    hash_text,
    number_node,
    utc_time,
)

_SATOSHI = 100_000_000
_LOCKTIME_THRESHOLD = 500_000_000  # below it, a lock time is a height (BIP 113)


_UNLESS = ", unless the sequence of each input is 4,294,967,295"


class Transaction:
    """Where the parts of a transaction stand.

    Args:
        data: Bytes.
        start: Where it begins.

    Raises:
        DecodeError: There is none.

    Attributes:
        stop: One past its last byte.
        inputs: Number of inputs.
        outputs: Number of outputs.
        has_witness: Whether it has witnesses (BIP 144).
    """

    __slots__ = (
        *("_data", "_inputs_at", "_locktime_at", "_outputs_at", "_witness_at"),
        *("has_witness", "inputs", "outputs", "start", "stop"),
    )

    def __init__(self, data: bytes, start: int = 0) -> None:
        reader = Reader(data, start)
        self._data, self.start = data, start
        reader.take(4)
        self.has_witness = data[reader.at : reader.at + 2] == b"\0\x01"
        if self.has_witness:
            reader.take(2)
        self._inputs_at = reader.at
        self.inputs = reader.compact_size()
        if not self.inputs:
            raise DecodeError("A transaction has at least one input.", self._inputs_at)
        for _ in range(self.inputs):
            reader.take(HASH_BYTES + 4)
            reader.skip_blob()
            reader.take(4)
        self._outputs_at = reader.at
        self.outputs = reader.compact_size()
        for _ in range(self.outputs):
            reader.take(8)
            reader.skip_blob()
        self._witness_at = reader.at
        if self.has_witness:
            for _ in range(self.inputs):
                for _ in range(reader.compact_size()):
                    reader.skip_blob()
        self._locktime_at = reader.at
        reader.take(4)
        self.stop = reader.at

    def txid(self) -> str:
        """Its hash without witnesses, as explorers write it (BIP 141)."""
        data = self._data
        digest = hashlib.sha256(data[self.start : self.start + 4])
        digest.update(data[self._inputs_at : self._witness_at])
        digest.update(data[self._locktime_at : self.stop])
        return hash_text(hashlib.sha256(digest.digest()).digest())

    def node(self, step: Name | Index | None = None) -> Node:
        """It as a field."""
        return branch(
            step,
            NodeKind.OBJECT,
            "transaction",
            Span(self.start, self.stop),
            self._fields,
            text=f"txid {self.txid()}",
        )

    def _fields(self) -> Iterator[Node]:
        data = self._data
        yield number_node(Reader(data, self.start), "version", 4, signed=True)
        yield branch(
            Name("inputs"),
            NodeKind.ARRAY,
            "inputs",
            Span(self._inputs_at, self._outputs_at),
            self._input_nodes,
            self.inputs,
        )
        yield branch(
            Name("outputs"),
            NodeKind.ARRAY,
            "outputs",
            Span(self._outputs_at, self._witness_at),
            self._output_nodes,
            self.outputs,
        )
        if self.has_witness:
            yield branch(
                Name("witnesses"),
                NodeKind.ARRAY,
                "witnesses",
                Span(self._witness_at, self._locktime_at),
                self._witness_nodes,
                self.inputs,
            )
        lock = number_node(Reader(data, self._locktime_at), "locktime", 4)
        number = int.from_bytes(data[self._locktime_at : self.stop], "little")
        if number >= _LOCKTIME_THRESHOLD:
            yield replace(lock, note=f"not before {utc_time(number).isoformat(' ')} UTC{_UNLESS}")
        else:
            yield replace(lock, note=f"not before block {number + 1:,}{_UNLESS}" if number else "")

    def _input_nodes(self) -> Iterator[Node]:
        reader = Reader(self._data, self._inputs_at)
        for index in range(reader.compact_size()):
            start = reader.at
            reader.take(HASH_BYTES + 4)
            reader.skip_blob()
            reader.take(4)
            yield branch(
                Index(index),
                NodeKind.OBJECT,
                "input",
                Span(start, reader.at),
                self._input_at(start),
            )

    def _input_at(self, start: int) -> Callable[[], Iterator[Node]]:
        def fields() -> Iterator[Node]:
            reader = Reader(self._data, start)
            span = reader.take(HASH_BYTES)
            node = hash_node(self._data, start, "prev_txid")
            is_coinbase = not any(self._data[span.start : span.stop])
            yield replace(node, note="a coinbase: new coins") if is_coinbase else node
            yield number_node(reader, "prev_index", 4)
            yield blob_node(reader, "script", "script")
            yield number_node(reader, "sequence", 4)

        return fields

    def _output_nodes(self) -> Iterator[Node]:
        reader = Reader(self._data, self._outputs_at)
        for index in range(reader.compact_size()):
            start = reader.at
            value, _ = reader.number(8, signed=True)
            reader.skip_blob()
            yield branch(
                Index(index),
                NodeKind.OBJECT,
                "output",
                Span(start, reader.at),
                self._output_at(start),
                text=coins_text(value),
            )

    def _output_at(self, start: int) -> Callable[[], Iterator[Node]]:
        def fields() -> Iterator[Node]:
            reader = Reader(self._data, start)
            value = number_node(reader, "value", 8, signed=True)
            number, _ = Reader(self._data, start).number(8, signed=True)
            yield replace(value, note=f"{coins_text(number)} coins")
            yield blob_node(reader, "script", "script")

        return fields

    def _witness_nodes(self) -> Iterator[Node]:
        reader = Reader(self._data, self._witness_at)
        for index in range(self.inputs):
            start = reader.at
            many = reader.compact_size()
            for _ in range(many):
                reader.skip_blob()
            yield branch(
                Index(index),
                NodeKind.ARRAY,
                "witness",
                Span(start, reader.at),
                self._witness_at_(start),
                many,
            )

    def _witness_at_(self, start: int) -> Callable[[], Iterator[Node]]:
        def fields() -> Iterator[Node]:
            reader = Reader(self._data, start)
            for index in range(reader.compact_size()):
                yield blob_node(reader, None, "bytes", index)

        return fields


def coins_text(value: int) -> str:
    """Satoshi as coins."""
    whole, rest = divmod(abs(value), _SATOSHI)
    return f"{'-' if value < 0 else ''}{whole}.{rest:08d}"
