"""Blocks and events of Bitcoin as trees of fields. Pure, any thread.

Source: the Bitcoin developer reference ("Block chain").
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from zmqscope.core.decode.decoded import Decoded, DecodeError, Tree
from zmqscope.core.decode.field_path import Index, Name
from zmqscope.core.decode.node import Node, NodeKind, Span, Value
from zmqscope.core.envelopes.bitcoin_reader import (
    HASH_BYTES,
    Reader,
    branch,
    hash_node,
    hash_text,
    number_node,
    utc_time,
)
from zmqscope.core.envelopes.bitcoin_transaction import Transaction
from zmqscope.core.wording import counted

HEADER_BYTES = 80
"""Bytes of a block's header."""

SEQUENCE_LABELS = {
    ord("C"): "block connected",
    ord("D"): "block disconnected",
    ord("A"): "transaction added",
    ord("R"): "transaction removed",
}
"""Labels of the topic ``sequence`` in words (Bitcoin Core, doc/zmq.md)."""


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
    many = Reader(data, HEADER_BYTES).compact_size()
    try:
        Transaction(data, _first_transaction(data))
    except DecodeError:
        raise DecodeError("This is neither a transaction nor a block.") from None
    digest = hashlib.sha256(hashlib.sha256(data[:HEADER_BYTES]).digest()).digest()
    root = branch(
        None,
        NodeKind.OBJECT,
        "block",
        Span(0, len(data)),
        lambda: _block_fields(data, many),
        text=f"hash {hash_text(digest)}",
    )
    return Decoded((Tree(root),), f"block, {counted(many, 'transaction')}")


def _first_transaction(data: bytes) -> int:
    reader = Reader(data, HEADER_BYTES)
    reader.compact_size()
    return reader.at


def _block_fields(data: bytes, many: int) -> Iterator[Node]:
    reader = Reader(data)
    yield number_node(reader, "version", 4, signed=True)
    yield hash_node(data, reader.take(HASH_BYTES).start, "prev_block")
    yield hash_node(data, reader.take(HASH_BYTES).start, "merkle_root")
    seconds, span = reader.number(4)
    moment = utc_time(seconds)
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
    yield number_node(reader, "nonce", 4)
    yield branch(
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
    if not target:
        return ""
    difficulty = (0xFFFF << 208) / target
    return (
        f"difficulty {difficulty:,.0f}" if difficulty >= 1_000 else f"difficulty {difficulty:.4g}"
    )


def _transactions(data: bytes) -> Iterator[Node]:
    reader = Reader(data, HEADER_BYTES)
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
            yield number_node(Reader(frame, HASH_BYTES + 1), "mempool_sequence", 8)

    return branch(None, NodeKind.OBJECT, "event", Span(0, len(frame)), fields)
