"""What Bitcoin Core publishes: hashes, transactions, blocks. Pure, any thread.

Source: Bitcoin Core, ``doc/zmq.md``. Programs forked from it (Litecoin, Dash …) publish the same.
Bitcoin SV has topics of its own: the same with ``2`` behind, and JSON about transactions that it
refused or dropped.
"""

from __future__ import annotations

import hashlib
import re

from zmqscope.core.decode.decoded import Decoded, DecodeError, Tree
from zmqscope.core.decode.node import Node, NodeKind, Span
from zmqscope.core.envelopes.bitcoin_fields import (
    HEADER_BYTES,
    SEQUENCE_LABELS,
    read_raw,
    sequence_tree,
)
from zmqscope.core.envelopes.bitcoin_reader import HASH_BYTES, hash_node, hash_text
from zmqscope.core.envelopes.envelope import FrameName, Note, Outline, Sighting
from zmqscope.core.envelopes.json_head import read_object
from zmqscope.core.envelopes.summary import brief, join, unquoted
from zmqscope.core.wording import counted

_HASHES = (b"hashtx", b"hashblock")
_CORE = (*_HASHES, b"rawtx", b"rawblock", b"sequence")
_PLAIN = {topic: topic for topic in _CORE} | {topic + b"2": topic for topic in _CORE[:4]}
_JSON = frozenset((b"invalidtx", b"removedfrommempool", b"removedfrommempoolblock"))
_TOPICS = frozenset((*_PLAIN, *_JSON))
_REASONS = ("rejectionReason", "reason")
_COUNTER_BYTES = 4
_SEQUENCE_BYTES = {HASH_BYTES + 1: b"CD", HASH_BYTES + 9: b"AR"}
_SMALLEST_TX = 60
_BODIES = {b"rawtx": "transaction", b"rawblock": "block", b"sequence": "event"}


class Bitcoin:
    """The envelope."""

    name = "bitcoin"
    title = "Bitcoin Core"

    def see(self, outline: Outline) -> Sighting | None:
        """See ``Envelope.see``."""
        if outline.frame_count != 3 or len(outline.heads) != 3:
            return None
        topic, body, counter = outline.heads
        if outline.sizes[2] != _COUNTER_BYTES or topic not in _TOPICS:
            return None
        kind = _PLAIN.get(topic, topic)
        is_json = topic in _JSON
        words = (_dropped if is_json else _words)(kind, body, outline.sizes[1])
        if not words:
            return None
        name = topic.decode()
        return Sighting(
            self.name,
            0.97,
            join((name, words, f"#{int.from_bytes(counter, 'little'):,}")),
            (
                FrameName("topic", "text"),
                FrameName("event", "json")
                if is_json
                else FrameName(_BODIES.get(kind, "hash"), self.name),
                FrameName("counter", self.name),
            ),
            1,
        )

    def decode(self, index: int, frame: bytes) -> Decoded:
        """A hash, a transaction, a block, an event or a counter."""
        size = len(frame)
        if size == _COUNTER_BYTES and index == 2:
            number = int.from_bytes(frame, "little")
            node = Node(
                None,
                NodeKind.NUMBER,
                "uint32 little-endian",
                str(number),
                number,
                span=Span(0, size),
                note="each topic has a counter of its own; a gap is a message that was lost",
            )
            return Decoded((Tree(node),), "counter")
        if size == HASH_BYTES:
            return Decoded((Tree(hash_node(frame, 0)),), "hash")
        if size in _SEQUENCE_BYTES and frame[HASH_BYTES] in _SEQUENCE_BYTES[size]:
            return Decoded((Tree(sequence_tree(frame)),), "event")
        if size < _SMALLEST_TX:
            raise DecodeError(f"{size} bytes are no hash, no event and no transaction.")
        return read_raw(frame)

    def check(self, frames: tuple[bytes, ...], sighting: Sighting) -> tuple[Note, ...]:
        """Nothing needs the frames whole."""
        return ()


def _words(topic: bytes, body: bytes, size: int) -> str:
    """The body in words; empty if it is not what its topic says."""
    if topic in _HASHES:
        return hash_text(body) if size == HASH_BYTES else ""
    if topic == b"sequence":
        return _event(body, size)
    if topic == b"rawblock":
        if size <= HEADER_BYTES or len(body) < HEADER_BYTES:
            return ""
        digest = hashlib.sha256(hashlib.sha256(body[:HEADER_BYTES]).digest()).digest()
        return join((hash_text(digest), counted(size, "byte")))
    if size < _SMALLEST_TX:
        return ""
    # Marker and flag stand where the number of inputs would be, which is never 0 (BIP 144).
    has_witness = body[4:6] == b"\0\x01"
    inputs = body[6] if has_witness else body[4]
    many = counted(inputs, "input") if inputs < 0xFD else "many inputs"
    return f"{many}{', witness' if has_witness else ''}, {counted(size, 'byte')}"


def _dropped(topic: bytes, body: bytes, size: int) -> str:
    """Why which transaction was refused or left the mempool; empty if it does not say which."""
    fields = read_object(body, size) or {}
    txid = fields.get("txid")
    if not isinstance(txid, str) or re.fullmatch(r"[0-9a-f]{64}", txid) is None:
        return ""
    reason = next((fields[key] for key in _REASONS if fields.get(key)), "")
    if not reason and fields.get("isMissingInputs") is True:
        reason = "missing inputs"
    return join((txid, unquoted(brief(reason, 80)) if isinstance(reason, str) else ""))


def _event(body: bytes, size: int) -> str:
    labels = _SEQUENCE_BYTES.get(size)
    if labels is None or len(body) != size or body[HASH_BYTES] not in labels:
        return ""
    text = f"{SEQUENCE_LABELS[body[HASH_BYTES]]} {hash_text(body[:HASH_BYTES])}"
    if size == HASH_BYTES + 1:
        return text
    return f"{text} mempool {int.from_bytes(body[HASH_BYTES + 1 :], 'little'):,}"
