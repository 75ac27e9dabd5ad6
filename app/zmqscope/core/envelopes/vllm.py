"""What happens in the KV cache of vLLM. Pure, any thread.

Source: vLLM, ``vllm/distributed/kv_events.py``: a batch is an array; its events are arrays in older
releases (msgspec's ``array_like``), maps in newer ones. SGLang sends the same. Newer releases have
the topic in answers to replay requests, too, behind the delimiter.
"""

from __future__ import annotations

import struct

from zmqscope.core.decode.decoded import Decoded, DecodeError, Tree
from zmqscope.core.decode.node import Node, NodeKind, Span
from zmqscope.core.envelopes.envelope import FrameName, Note, Outline, Sighting
from zmqscope.core.envelopes.msgpack_head import HeadEndError, MsgpackHead
from zmqscope.core.envelopes.summary import join, quote
from zmqscope.core.types import SocketType
from zmqscope.core.wording import counted

_SEQUENCE_BYTES = 8
_END = b"\xff" * _SEQUENCE_BYTES
_EVENTS = ("BlockStored", "BlockRemoved", "AllBlocksCleared")
_SHOWN_EVENTS = 16
_FLOAT64 = 0xCB
_MAP_OF_2, _MAP_OF_3, _ARRAY_OF_2, _ARRAY_OF_3 = 0x82, 0x83, 0x92, 0x93
_WITH_IDS = (SocketType.REP, SocketType.DEALER, SocketType.ROUTER)
_ASKING = (SocketType.REQ, *_WITH_IDS)


class Vllm:
    """The envelope."""

    name = "vllm"
    title = "vLLM KV events"

    def see(self, outline: Outline) -> Sighting | None:
        """See ``Envelope.see``."""
        frame_count = outline.frame_count
        if frame_count != len(outline.heads):
            return None
        if frame_count > 1 and outline.sizes[-2] == _SEQUENCE_BYTES:
            return self._see_batch(outline)
        if frame_count > 1 and outline.sizes[-1] == _SEQUENCE_BYTES:
            return self._see_request(outline)
        return None

    def _see_batch(self, outline: Outline) -> Sighting | None:
        """``[topic] [sequence] [batch]``, or the same as the answer to a replay request."""
        batch, sequence = outline.heads[-1], outline.heads[-2]
        names = (*_first_frames(outline, 2), FrameName("sequence", self.name))
        place = outline.frame_count - 1
        if not batch:
            if sequence != _END:
                return None
            end = (*names, FrameName("nothing"))
            return Sighting(self.name, 0.75, "end of replay", end, place - 1)
        if batch[0] not in (_MAP_OF_2, _MAP_OF_3, _ARRAY_OF_2, _ARRAY_OF_3):
            return None
        try:
            words = _batch(MsgpackHead(batch, outline.sizes[-1]), batch)
        except HeadEndError:
            return None
        if words is None:
            return None
        number = int.from_bytes(sequence)
        return Sighting(
            self.name,
            0.95 if words[0] else 0.55,
            join((words[1], f"#{number:,}"), " · "),
            (*names, FrameName("events", "msgpack")),
            place,
        )

    def _see_request(self, outline: Outline) -> Sighting | None:
        """``[id] [""] [start]``: eight bytes, which may be anything; so it is never shown alone."""
        start = int.from_bytes(outline.heads[-1])
        if outline.socket_type not in _ASKING or outline.heads[-2] or start >= 1 << 40:
            return None
        names = (*_first_frames(outline, 1), FrameName("start", self.name))
        return Sighting(self.name, 0.3, f"replay from #{start:,}", names, outline.frame_count - 1)

    def decode(self, index: int, frame: bytes) -> Decoded:
        """The sequence number of a batch."""
        if len(frame) != _SEQUENCE_BYTES:
            raise DecodeError(f"A sequence number has 8 bytes; these are {len(frame)}.")
        number: int = struct.unpack(">q", frame)[0]
        node = Node(
            None,
            NodeKind.NUMBER,
            "int64 big-endian",
            str(number),
            number,
            span=Span(0, _SEQUENCE_BYTES),
            note="the end of a replay" if number == -1 else "",
        )
        return Decoded((Tree(node),), "sequence number")

    def check(self, frames: tuple[bytes, ...], sighting: Sighting) -> tuple[Note, ...]:
        """Nothing needs the frames whole."""
        return ()


def _first_frames(outline: Outline, behind: int) -> tuple[FrameName, ...]:
    """Names of the frames before the last ones: routing ids and their delimiter, a topic.

    The first empty frame is the delimiter; a topic that is empty comes behind it.
    """
    front = outline.heads[: outline.frame_count - behind]
    topic, routing_id = FrameName("topic", "text"), FrameName("routing id")
    if outline.socket_type not in _WITH_IDS:
        return (topic,) * len(front)
    if b"" not in front:
        return (routing_id,) * len(front)
    at = front.index(b"")
    topics = (topic,) * (len(front) - at - 1)
    return (*(routing_id,) * at, FrameName("delimiter"), *topics)


def _batch(reader: MsgpackHead, batch: bytes) -> tuple[int, str] | None:
    """How many events were seen, and words for them; None if this is no batch."""
    if batch[0] >= _ARRAY_OF_2:
        reader.array()
        if batch[1:2] != bytes((_FLOAT64,)):
            return None
        reader.value()
        return _events(reader)
    reader.map()
    if reader.value() != "ts" or not isinstance(reader.value(), float):
        return None
    if reader.value() != "events":
        return None
    return _events(reader)


def _events(reader: MsgpackHead) -> tuple[int, str] | None:
    many = reader.array()
    words: dict[str, list[int]] = {}
    seen = 0
    try:
        for _ in range(min(many, _SHOWN_EVENTS)):
            _event(reader, words)
            seen += 1
    except HeadEndError:
        pass
    if any(word not in _EVENTS for word in words):
        return None
    if many and not words:
        return None
    parts = [_words(word, *numbers) for word, numbers in words.items()]
    begun = sum(numbers[0] for numbers in words.values())
    if many > begun:
        parts.append(f"{many - begun:,} more")
    return begun, ", ".join(parts) or "no events"


def _event(reader: MsgpackHead, words: dict[str, list[int]]) -> None:
    """Reads an event on, and adds events, blocks and tokens to what is known of its type."""
    try:
        length = reader.array()
    except HeadEndError:
        _map_event(reader, words)
        return
    kind = reader.value()
    numbers = _known(words, kind)
    if length > 1:
        _count_blocks(reader, numbers)
    rest = length - 2
    if kind == "BlockStored" and rest > 1:
        reader.skip()
        _count_tokens(reader, numbers)
        rest -= 2
    reader.skip(max(0, rest))


def _map_event(reader: MsgpackHead, words: dict[str, list[int]]) -> None:
    length = reader.map()
    numbers: list[int] | None = None
    for _ in range(length):
        key = reader.value()
        if key == "type":
            numbers = _known(words, reader.value())
        elif key == "block_hashes" and numbers is not None:
            _count_blocks(reader, numbers)
        elif key == "token_ids" and numbers is not None:
            _count_tokens(reader, numbers)
        else:
            reader.skip()


def _known(words: dict[str, list[int]], kind: object) -> list[int]:
    numbers = words.setdefault(kind if isinstance(kind, str) else "", [0, 0, 0])
    numbers[0] += 1
    return numbers


def _count_blocks(reader: MsgpackHead, numbers: list[int]) -> None:
    blocks = reader.array()
    numbers[1] += blocks
    reader.skip(blocks)


def _count_tokens(reader: MsgpackHead, numbers: list[int]) -> None:
    tokens = reader.array()
    numbers[2] += tokens
    reader.skip(tokens)


def _words(kind: str, events: int, blocks: int, tokens: int) -> str:
    times = f" ×{events}" if events > 1 else ""
    inside = [counted(blocks, "block")] if blocks else []
    if tokens:
        inside.append(counted(tokens, "token"))
    return f"{quote(kind)[1:-1]}{times}" + (f" ({', '.join(inside)})" if inside else "")
