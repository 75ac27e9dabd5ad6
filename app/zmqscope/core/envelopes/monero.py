"""What monerod publishes: blocks, transactions and data for miners. Pure, any thread.

Source: Monero, ``docs/ZMQ.md`` and ``src/rpc/zmq_pub.cpp``.
"""

from __future__ import annotations

import re

from zmqscope.core.decode.decoded import Decoded, DecodeError
from zmqscope.core.envelopes.envelope import FrameName, Note, Outline, Sighting
from zmqscope.core.envelopes.json_head import read_array, read_object
from zmqscope.core.envelopes.summary import join
from zmqscope.core.wording import counted

_START = b"json-"
_TOPIC = re.compile(rb"json-(full|minimal)-(chain_main|txpool_add|miner_data|[a-z0-9_]{1,40}):")
_KNOWN = frozenset((b"chain_main", b"txpool_add", b"miner_data"))
_ID_DIGITS = 12
_MOST_BYTES = 4_096
_PICONERO = 10**12


class Monero:
    """The envelope."""

    name = "monero"
    title = "Monero"

    def see(self, outline: Outline) -> Sighting | None:
        """See ``Envelope.see``."""
        if outline.frame_count != 1 or not outline.heads:
            return None
        head = outline.heads[0][:_MOST_BYTES]
        if not head.startswith(_START) or (found := _TOPIC.match(head)) is None:
            return None
        body = head[found.end() :]
        if body[:1] not in (b"{", b"["):
            return None
        context, event = found[1].decode(), found[2].decode()
        return Sighting(
            self.name,
            0.97 if found[2] in _KNOWN else 0.8,
            join((event, context, _words(event, body, outline.sizes[0] - found.end()))),
            (FrameName("topic and", "json", found.end()),),
            0,
        )

    def decode(self, index: int, frame: bytes) -> Decoded:
        """Never called: what follows the topic is JSON."""
        raise DecodeError("Monero's messages are JSON.")

    def check(self, frames: tuple[bytes, ...], sighting: Sighting) -> tuple[Note, ...]:
        """Nothing needs the frame whole."""
        return ()


def _words(event: str, body: bytes, size: int) -> str:
    if body.startswith(b"["):
        return _listed(event, read_array(body) or [], is_cut=len(body) < size)
    fields = read_object(body, size) or {}
    ids = fields.get("ids")
    return join(
        (
            _height(fields),
            counted(len(ids), "block") if isinstance(ids, list) and len(ids) != 1 else "",
            _hash(ids[-1] if isinstance(ids, list) and ids else None),
            _difficulty(fields.get("difficulty")),
        )
    )


def _height(fields: dict[str, object]) -> str:
    height = fields.get("first_height", fields.get("height"))
    return f"height {height:,}" if isinstance(height, int) and abs(height) < 10**15 else ""


def _mined_at(block: dict[str, object]) -> object:
    """The height that a whole block names in the one input of its miner's transaction."""
    found: object = block
    for key in ("miner_tx", "inputs", 0, "gen", "height"):
        if isinstance(found, dict) and isinstance(key, str):
            found = found.get(key)
        elif isinstance(found, list) and found:
            found = found[0]
        else:
            return None
    return found


def _difficulty(value: object) -> str:
    # Written as hex digits, since it has 128 bits.
    if not isinstance(value, str) or re.fullmatch(r"0x[0-9a-f]{1,32}", value) is None:
        return ""
    return f"difficulty {int(value, 16):,}"


def _listed(event: str, items: list[object], *, is_cut: bool) -> str:
    word = "transaction" if event.startswith("txpool") else "block"
    # The last one may be cut itself.
    known = f"{len(items):,} or more {word}s" if is_cut else counted(len(items), word)
    first = items[0] if items else None
    if not isinstance(first, dict):
        return known
    fee, weight = first.get("fee"), first.get("weight")
    return join(
        (
            _height({"height": _mined_at(first)}),
            known,
            _hash(first.get("id")),
            f"weight {weight:,}" if isinstance(weight, int) and 0 <= weight < 10**15 else "",
            _fee(fee),
        )
    )


def _fee(value: object) -> str:
    if not isinstance(value, int) or not 0 <= value < 2**64:
        return ""
    whole, rest = divmod(value, _PICONERO)
    return f"fee {whole}.{rest:012d}".rstrip("0").rstrip(".") + " XMR"


def _hash(value: object) -> str:
    if not isinstance(value, str) or re.fullmatch(r"[0-9a-f]{64}", value) is None:
        return ""
    return f"{value[:_ID_DIGITS]}…"
