"""GNU Radio: streams with tags, and messages, of the gr-zeromq blocks. Pure, any thread.

Sources: gr-zeromq's ``tag_headers.cc``: magic 0x5FF0, version 1, offset and number of tags in the
order of the sending machine, then tags, then the items themselves; its message sinks send one
serialised PMT each. A stream without tags is items and nothing else: nothing tells it apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from zmqscope.core.decode.decoded import Decoded, DecodeError, Numbers, Tree
from zmqscope.core.decode.field_path import Index, Name
from zmqscope.core.decode.node import Node, NodeKind, Span, error_node
from zmqscope.core.envelopes import fields, pmt
from zmqscope.core.envelopes.envelope import FrameName, Note, Outline, Sighting
from zmqscope.core.envelopes.frames import front_names
from zmqscope.core.envelopes.summary import join
from zmqscope.core.wording import counted

_Order = Literal["little", "big"]
_MAGIC: dict[bytes, _Order] = {b"\xf0\x5f\x01": "little", b"\x5f\xf0\x01": "big"}
_HEADER_BYTES = 19
_TAG_BYTES = 11
_SHOWN_TAGS = 4
_MOST_OFFSET = 1 << 56
_MOST_SEEN = 500
_MOST_FRAME = 1_000_000
_MOST_TAG_BYTES = 400_000
_SYMBOL = re.compile(rb"\x02\x00[\x02-\x40][ -~]{2}")
_TAGS = frozenset((pmt.SYMBOL, pmt.PAIR, pmt.DICT, pmt.UNIFORM, pmt.VECTOR, pmt.TUPLE))


class GnuRadio:
    """The envelope."""

    name = "gnuradio"
    title = "GNU Radio"

    def see(self, outline: Outline) -> Sighting | None:
        """See ``Envelope.see``."""
        if outline.frame_count > 2:
            return None
        at = outline.frame_count - 1
        if at < 0 or at >= len(outline.heads) or not outline.heads[at]:
            return None
        head = outline.heads[at]
        if head[:3] in _MAGIC:
            return self._see_tags(outline, at)
        if head[0] in _TAGS and not at:
            return self._see_message(outline, at)
        return None

    def _see_tags(self, outline: Outline, at: int) -> Sighting | None:
        head, size = outline.heads[at], outline.sizes[at]
        if len(head) < _HEADER_BYTES:
            return None
        order = _MAGIC[head[:3]]
        offset = int.from_bytes(head[3:11], order)
        tags = int.from_bytes(head[11:19], order)
        if offset >= _MOST_OFFSET or tags > (size - _HEADER_BYTES) // _TAG_BYTES:
            return None
        shown, stop = _tag_words(head, tags)
        items = counted(size - stop, "byte") + " of items" if stop >= 0 else ""
        told = f"{counted(tags, 'tag')}: {' '.join(shown)}" if tags else "no tags"
        names = (*_front(outline, at), FrameName("tags and items", self.name))
        summary = join((f"from item {offset:,}", told, items), ", ")
        return Sighting(self.name, 0.97, summary, names, at)

    def _see_message(self, outline: Outline, at: int) -> Sighting | None:
        head, size = outline.heads[at], outline.sizes[at]
        if size > _MOST_FRAME and len(head) == size:
            head = head[:4_096]
        sure = _sureness(head, size)
        if not sure:
            return None
        names = (*_front(outline, at), FrameName("PMT", self.name))
        return Sighting(self.name, sure, join((_message_words(head),)), names, at)

    def decode(self, index: int, frame: bytes) -> Decoded:
        """Read tags and where the items begin, or one message."""
        if frame[:3] in _MAGIC:
            return _decode_tags(frame)
        root = pmt.node(frame, 0)
        stop = root.span.stop if root.span else 0
        notes = () if stop == len(frame) else (f"{counted(len(frame) - stop, 'byte')} follow it.",)
        numbers = _numbers(frame)
        bodies = (Tree(root),) if numbers is None else (Tree(root), numbers)
        return Decoded(bodies, f"PMT {root.type}", notes)

    def check(self, frames: tuple[bytes, ...], sighting: Sighting) -> tuple[Note, ...]:
        """Nothing more to say."""
        return ()


def _front(outline: Outline, at: int) -> list[FrameName]:
    return [FrameName("key")] if at and outline.sizes[0] else front_names(outline, at)


# ---- tags ---------------------------------------------------------------------------------------


def _tag_words(head: bytes, tags: int) -> tuple[list[str], int]:
    """The first tags in words, and where the items begin; -1 if that is not known."""
    shown: list[str] = []
    at = _HEADER_BYTES
    try:
        for number in range(min(tags, _MOST_SEEN)):
            key = at + 8
            value = pmt.end_of(head, key, _MOST_SEEN)
            source = pmt.end_of(head, value, _MOST_SEEN)
            at = pmt.end_of(head, source, _MOST_SEEN)
            if number < _SHOWN_TAGS:
                shown.append(f"{pmt.text_of(head, key)}={pmt.text_of(head, value)}")
    except DecodeError:
        return [*shown, "…"], -1
    if tags > len(shown):
        shown.append("…")
    return shown, at if tags <= _MOST_SEEN else -1


def _decode_tags(frame: bytes) -> Decoded:
    fields.take(frame, 0, _HEADER_BYTES, "the header")
    order = _MAGIC[frame[:3]]
    offset = int.from_bytes(frame[3:11], order)
    tags = int.from_bytes(frame[11:19], order)
    nodes = [
        fields.number("magic", "uint16", int.from_bytes(frame[:2], order), (0, 2), "0x5FF0"),
        fields.number("version", "uint8", frame[2], (2, 3)),
        fields.number("offset", "uint64", offset, (3, 11), "Items sent before"),
        fields.number("tags", "uint64", tags, (11, 19)),
    ]
    read, stop, problem = _read_tags(frame, tags, order)
    span = (_HEADER_BYTES, stop)
    nodes.append(
        Node(
            *(Name("list"), NodeKind.ARRAY, "array"),
            count=len(read),
            span=Span(*span),
            children=lambda: _tag_nodes(frame, read, order),
        )
    )
    if problem:
        nodes.append(error_node(problem, stop))
        return fields.tree("tags and items", nodes, len(frame))
    nodes.append(fields.blob("items", frame[stop:], (stop, len(frame))))
    note = (
        "The type of the items is not sent: to see them, read the frame as numbers and skip "
        f"{counted(stop, 'byte')}."
    )
    return fields.tree(f"{counted(tags, 'tag')}, items", nodes, len(frame), (note,))


def _read_tags(frame: bytes, tags: int, order: _Order) -> tuple[list[tuple[int, ...]], int, str]:
    """Where each tag's offset, key, value and source begin, and where it ends."""
    read: list[tuple[int, ...]] = []
    at = _HEADER_BYTES
    for _ in range(tags):
        places = [at, at + 8]
        try:
            for _ in range(3):
                places.append(pmt.end_of(frame, places[-1], 10_000))
        except DecodeError as error:
            return read, at, error.text
        if at > _MOST_TAG_BYTES:
            return read, at, f"Tags behind the {len(read):,}th are not read."
        read.append(tuple(places))
        at = places[-1]
    return read, at, ""


def _tag_nodes(frame: bytes, read: list[tuple[int, ...]], order: _Order) -> Iterator[Node]:
    for index, (start, key, value, source, stop) in enumerate(read):
        number = int.from_bytes(frame[start:key], order)
        children = (
            fields.number("offset", "uint64", number, (start, key)),
            pmt.node(frame, key, Name("key")),
            pmt.node(frame, value, Name("value")),
            pmt.node(frame, source, Name("srcid")),
        )
        note = pmt.text_of(frame, key)
        yield fields.group(Index(index), children, (start, stop), "tag", note=note)


# ---- messages -----------------------------------------------------------------------------------


def _sureness(head: bytes, size: int) -> float:
    """How likely a frame is one PMT: it must end where the object does.

    Numbers and truth values are a few bytes that may be anything: they are never shown.
    """
    vector = _data_at(head)
    if vector >= 0:  # the data of a PDU may be large: its length tells enough
        try:
            found = pmt.uniform(head, vector)
        except DecodeError:
            return 0.0
        is_all = found.stop == size and found.start == vector + 8
        return (0.95 if vector else 0.85) if is_all else 0.0
    if len(head) < size:
        return 0.9 if _begins_as_dictionary(head) else 0.0
    try:
        is_all = pmt.end_of(head, 0, _MOST_SEEN) == size
    except DecodeError:
        return 0.0
    return _content_sureness(head) if is_all else 0.0


def _content_sureness(head: bytes) -> float:
    """How much the content of a whole object tells."""
    if head[0] == pmt.SYMBOL:
        # A type, a length and a text: others write that, too.
        body = head[3:]
        return 0.55 if len(body) > 1 and body.isascii() and body.decode().isprintable() else 0.0
    if _begins_as_dictionary(head):
        return 0.92
    if _SYMBOL.search(head):
        return 0.75
    # Two numbers at least: three small bytes would be a pair of truth values already.
    return 0.55 if len(head) >= 11 else 0.0


def _numbers(frame: bytes) -> Numbers | None:
    """The numbers of a PDU or of a bare vector; real and imaginary part side by side."""
    at = _data_at(frame)
    if at < 0:
        return None
    vector = pmt.uniform(frame, at)
    if not vector.number:
        return None
    parts = len(vector.form)
    letter = "f" if parts == 2 else {"B": "u", "H": "u", "I": "u", "Q": "u"}.get(vector.form, "i")
    if vector.form in "fd":
        letter = "f"
    width = vector.width // parts
    dtype = f"{'>' if width > 1 else '|'}{letter}{width}"
    shape = (vector.number, 2) if parts == 2 else (vector.number,)
    return Numbers(dtype, shape, vector.start, len(frame) - vector.stop)


def _begins_as_dictionary(head: bytes) -> bool:
    """Whether a dictionary's first key is a symbol, alone or as the metadata of a PDU."""
    at = 1 if head[:1] == bytes((pmt.PAIR,)) else 0
    return head[at : at + 3] == bytes((pmt.DICT, pmt.PAIR, pmt.SYMBOL))


def _data_at(head: bytes) -> int:
    """Where the vector of a PDU, a pair of metadata and data, or a bare one begins; or -1."""
    if head[0] == pmt.UNIFORM:
        return 0
    if head[0] != pmt.PAIR or head[1:2] not in (bytes((pmt.DICT,)), bytes((pmt.NIL,))):
        return -1
    try:
        at = pmt.end_of(head, 1, _MOST_SEEN)
    except DecodeError:
        return -1
    return at if head[at : at + 1] == bytes((pmt.UNIFORM,)) else -1


def _message_words(head: bytes) -> str:
    at = _data_at(head)
    if at > 0:
        meta = "" if head[1] == pmt.NIL else pmt.text_of(head, 1)
        return join(("PDU", meta, pmt.text_of(head, at)))
    return join(("message", pmt.text_of(head, 0)))
