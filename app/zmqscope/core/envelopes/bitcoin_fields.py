"""Blocks and transactions of Bitcoin as trees of fields. Pure, any thread.

Sources: the Bitcoin developer reference ("Block chain", "Transactions"), BIP 141 and 144
(witnesses). There is no library of small size that tells where in the bytes a field stands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from zmqscope.core.decode.decoded import Decoded, DecodeError, Tree
from zmqscope.core.decode.field_path import Index, Name
from zmqscope.core.decode.node import Node, NodeKind, Span, Value, error_node, shorten

HASH_BYTES, HEADER_BYTES = 32, 80
SEQUENCE_LABELS = {
    ord("C"): "block connected",
    ord("D"): "block disconnected",
    ord("A"): "transaction added",
    ord("R"): "transaction removed",
}
"""Labels of the topic ``sequence`` in words (Bitcoin Core, doc/zmq.md)."""

_SATOSHI = 100_000_000
_LOCKTIME_THRESHOLD = 500_000_000  # below it, a lock time is a height (BIP 113)
_MOST_ITEMS = 4_000_000  # no block of 4 MB holds more of anything
_WALKED_ITEMS = 60_000  # inputs, outputs and witnesses of a transaction: some 60 ms


def hash_text(digest: bytes) -> str:
    """A hash as explorers and RPC write it: its bytes in reverse order."""
    return digest[::-1].hex()


def hash_node(data: bytes, start: int, name: str | None = None) -> Node:
    """A hash as a field, at an offset of the bytes."""
    span = Span(start, start + HASH_BYTES)
    return Node(
        None if name is None else Name(name),
        NodeKind.BYTES,
        "hash",
        hash_text(data[start : span.stop]),
        data[start : span.stop],
        span=span,
        note="shown as explorers do, in the reverse order of its bytes",
    )


class _Reader:
    """Reads fields one after the other.

    Args:
        data: The bytes.
        at: Where to begin.
    """

    __slots__ = ("_left", "at", "data")

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at
        self._left = _WALKED_ITEMS

    def take(self, size: int) -> Span:
        """The next bytes.

        Raises:
            DecodeError: There are not so many.
        """
        span = Span(self.at, self.at + size)
        if span.stop > len(self.data):
            raise DecodeError(
                f"The bytes end at {len(self.data):,}, but a field goes on to {span.stop:,}.",
                self.at,
            )
        self.at = span.stop
        return span

    def number(self, size: int, *, signed: bool = False) -> tuple[int, Span]:
        """A little-endian integer."""
        span = self.take(size)
        return int.from_bytes(self.data[span.start : span.stop], "little", signed=signed), span

    def compact_size(self) -> int:
        """A number of items or bytes (CompactSize)."""
        first, span = self.number(1)
        if first < 0xFD:
            return first
        number, _ = self.number({0xFD: 2, 0xFE: 4, 0xFF: 8}[first])
        if number > _MOST_ITEMS:
            raise DecodeError(f"{number:,} items are more than any block has.", span.start)
        return number

    def skip_blob(self) -> None:
        """Passes over a length and as many bytes.

        Raises:
            DecodeError: There are not so many, or this was done too often to go on.
        """
        self._left -= 1
        if not self._left:
            raise DecodeError(f"There are more than {_WALKED_ITEMS:,} items; not all are read.")
        self.take(self.compact_size())


def _number_node(reader: _Reader, name: str, size: int, *, signed: bool = False) -> Node:
    number, span = reader.number(size, signed=signed)
    kind = f"{'int' if signed else 'uint'}{size * 8}"
    return Node(Name(name), NodeKind.NUMBER, kind, str(number), number, span=span)


def _blob_node(reader: _Reader, name: str | None, kind: str, index: int = 0) -> Node:
    span = reader.take(reader.compact_size())
    part = reader.data[span.start : span.stop]
    step = Index(index) if name is None else Name(name)
    return Node(step, NodeKind.BYTES, kind, shorten(part[:512].hex()), part, span=span)


def _branch(
    step: Name | Index | None,
    kind: NodeKind,
    type_: str,
    span: Span,
    fields: Callable[[], Iterator[Node]],
    count: int | None = None,
    text: str = "",
) -> Node:
    """A field with children that are read when somebody looks; what goes wrong is the last one."""

    def children() -> Iterator[Node]:
        try:
            yield from fields()
        except DecodeError as error:
            yield error_node(error.text, error.at)

    return Node(step, kind, type_, text, count=count, span=span, children=children)


# ---- transactions -----------------------------------------------------------------------------


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
        reader = _Reader(data, start)
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
        return _branch(
            step,
            NodeKind.OBJECT,
            "transaction",
            Span(self.start, self.stop),
            self._fields,
            text=f"txid {self.txid()}",
        )

    def _fields(self) -> Iterator[Node]:
        data = self._data
        yield _number_node(_Reader(data, self.start), "version", 4, signed=True)
        yield _branch(
            Name("inputs"),
            NodeKind.ARRAY,
            "inputs",
            Span(self._inputs_at, self._outputs_at),
            self._input_nodes,
            self.inputs,
        )
        yield _branch(
            Name("outputs"),
            NodeKind.ARRAY,
            "outputs",
            Span(self._outputs_at, self._witness_at),
            self._output_nodes,
            self.outputs,
        )
        if self.has_witness:
            yield _branch(
                Name("witnesses"),
                NodeKind.ARRAY,
                "witnesses",
                Span(self._witness_at, self._locktime_at),
                self._witness_nodes,
                self.inputs,
            )
        lock = _number_node(_Reader(data, self._locktime_at), "locktime", 4)
        number = int.from_bytes(data[self._locktime_at : self.stop], "little")
        if number >= _LOCKTIME_THRESHOLD:
            yield replace(lock, note=f"not before {_time(number).isoformat(' ')} UTC")
        else:
            yield replace(lock, note=f"not before block {number:,}" if number else "")

    def _input_nodes(self) -> Iterator[Node]:
        reader = _Reader(self._data, self._inputs_at)
        for index in range(reader.compact_size()):
            start = reader.at
            reader.take(HASH_BYTES + 4)
            reader.skip_blob()
            reader.take(4)
            yield _branch(
                Index(index),
                NodeKind.OBJECT,
                "input",
                Span(start, reader.at),
                self._input_at(start),
            )

    def _input_at(self, start: int) -> Callable[[], Iterator[Node]]:
        def fields() -> Iterator[Node]:
            reader = _Reader(self._data, start)
            span = reader.take(HASH_BYTES)
            node = hash_node(self._data, start, "prev_txid")
            is_coinbase = not any(self._data[span.start : span.stop])
            yield replace(node, note="a coinbase: new coins") if is_coinbase else node
            yield _number_node(reader, "prev_index", 4)
            yield _blob_node(reader, "script", "script")
            yield _number_node(reader, "sequence", 4)

        return fields

    def _output_nodes(self) -> Iterator[Node]:
        reader = _Reader(self._data, self._outputs_at)
        for index in range(reader.compact_size()):
            start = reader.at
            value, _ = reader.number(8, signed=True)
            reader.skip_blob()
            yield _branch(
                Index(index),
                NodeKind.OBJECT,
                "output",
                Span(start, reader.at),
                self._output_at(start),
                text=_coins(value),
            )

    def _output_at(self, start: int) -> Callable[[], Iterator[Node]]:
        def fields() -> Iterator[Node]:
            reader = _Reader(self._data, start)
            value = _number_node(reader, "value", 8, signed=True)
            number, _ = _Reader(self._data, start).number(8, signed=True)
            yield replace(value, note=f"{_coins(number)} coins")
            yield _blob_node(reader, "script", "script")

        return fields

    def _witness_nodes(self) -> Iterator[Node]:
        reader = _Reader(self._data, self._witness_at)
        for index in range(self.inputs):
            start = reader.at
            many = reader.compact_size()
            for _ in range(many):
                reader.skip_blob()
            yield _branch(
                Index(index),
                NodeKind.ARRAY,
                "witness",
                Span(start, reader.at),
                self._witness_at_(start),
                many,
            )

    def _witness_at_(self, start: int) -> Callable[[], Iterator[Node]]:
        def fields() -> Iterator[Node]:
            reader = _Reader(self._data, start)
            for index in range(reader.compact_size()):
                yield _blob_node(reader, None, "bytes", index)

        return fields


def _coins(value: int) -> str:
    return f"{value / _SATOSHI:.8f}"


def _time(number: int) -> datetime:
    return datetime.fromtimestamp(number, UTC).replace(tzinfo=None)


# ---- blocks -----------------------------------------------------------------------------------


def read_raw(data: bytes) -> Decoded:
    """A transaction, if that is what all of the bytes are, else a block.

    Raises:
        DecodeError: They are neither.
    """
    try:
        transaction = Transaction(data)
    except DecodeError:
        transaction = None
    if transaction is not None and transaction.stop == len(data):
        words = f"transaction, {transaction.inputs:,} in, {transaction.outputs:,} out"
        return Decoded((Tree(transaction.node()),), words)
    if len(data) <= HEADER_BYTES:
        raise DecodeError("This is neither a transaction nor a block.")
    many = _Reader(data, HEADER_BYTES).compact_size()
    try:
        Transaction(data, _first_transaction(data))
    except DecodeError:
        raise DecodeError("This is neither a transaction nor a block.") from None
    digest = hashlib.sha256(hashlib.sha256(data[:HEADER_BYTES]).digest()).digest()
    root = _branch(
        None,
        NodeKind.OBJECT,
        "block",
        Span(0, len(data)),
        lambda: _block_fields(data, many),
        text=f"hash {hash_text(digest)}",
    )
    return Decoded((Tree(root),), f"block, {many:,} transaction{'s' if many != 1 else ''}")


def _first_transaction(data: bytes) -> int:
    reader = _Reader(data, HEADER_BYTES)
    reader.compact_size()
    return reader.at


def _block_fields(data: bytes, many: int) -> Iterator[Node]:
    reader = _Reader(data)
    yield _number_node(reader, "version", 4, signed=True)
    yield hash_node(data, reader.take(HASH_BYTES).start, "prev_block")
    yield hash_node(data, reader.take(HASH_BYTES).start, "merkle_root")
    seconds, span = reader.number(4)
    moment = _time(seconds)
    value: Value = moment
    yield Node(Name("time"), NodeKind.TIME, "uint32", f"{moment} UTC", value, span=span)
    bits, span = reader.number(4)
    yield Node(
        Name("bits"),
        NodeKind.NUMBER,
        "uint32",
        f"{bits:#010x}",
        bits,
        span=span,
        note=_target(bits),
    )
    yield _number_node(reader, "nonce", 4)
    yield _branch(
        Name("transactions"),
        NodeKind.ARRAY,
        "transactions",
        Span(HEADER_BYTES, len(data)),
        lambda: _transactions(data),
        many,
    )


def _target(bits: int) -> str:
    """The difficulty that a header's compact target stands for (Bitcoin developer reference)."""
    size, digits = bits >> 24, bits & 0x7FFFFF
    if not digits or size > 34:
        return ""
    target = digits << 8 * (size - 3) if size >= 3 else digits >> 8 * (3 - size)
    return f"difficulty {(0xFFFF << 208) / target:,.0f}" if target else ""


def _transactions(data: bytes) -> Iterator[Node]:
    reader = _Reader(data, HEADER_BYTES)
    many = reader.compact_size()
    at = reader.at
    for index in range(many):
        transaction = Transaction(data, at)
        yield transaction.node(Index(index))
        at = transaction.stop
    if at < len(data):
        raise DecodeError(f"{len(data) - at:,} bytes are left behind the last transaction.", at)


def sequence_tree(frame: bytes) -> Node:
    """An event of the topic ``sequence``."""

    def fields() -> Iterator[Node]:
        yield hash_node(frame, 0, "hash")
        yield Node(
            Name("label"),
            NodeKind.STRING,
            "char",
            chr(frame[HASH_BYTES]),
            chr(frame[HASH_BYTES]),
            span=Span(HASH_BYTES, HASH_BYTES + 1),
            note=SEQUENCE_LABELS[frame[HASH_BYTES]],
        )
        if len(frame) > HASH_BYTES + 1:
            yield _number_node(_Reader(frame, HASH_BYTES + 1), "mempool_sequence", 8)

    return _branch(None, NodeKind.OBJECT, "event", Span(0, len(frame)), fields)
