"""MessagePack as a format of the inspector. Pure, any thread.

https://github.com/msgpack/msgpack/blob/master/spec.md
"""

from __future__ import annotations

import functools
from typing import Any

from zmqscope.core.decode.broken import BrokenError
from zmqscope.core.decode.compact import (
    CUT,
    LINE_CHARS,
    compact,
    compact_line,
    field_again,
    hashable_key,
    write_type,
)
from zmqscope.core.decode.decoded import Decoded, DecodeError, Tree
from zmqscope.core.decode.formats.msgpack.beginning import read_beginning
from zmqscope.core.decode.formats.msgpack.tree import MsgpackReader, ext_text, unpacked
from zmqscope.core.decode.items.evidence import Evidence, confidence
from zmqscope.core.decode.items.last_head import LastHead
from zmqscope.core.decode.items.root import read_items
from zmqscope.core.decode.items.tree import Clock, TooSlowError
from zmqscope.core.decode.libraries import library
from zmqscope.core.decode.payload import DecodeOptions, Payload
from zmqscope.core.decode.utc_text import moment

_MAPS = frozenset((*range(0x80, 0x90), 0xDE, 0xDF))
_ARRAYS = frozenset((*range(0x90, 0xA0), 0xDC, 0xDD))
_CONTAINERS = _MAPS | _ARRAYS
_HEAD_BYTES = 2_048
_MAX_PARTIAL_ITEMS, _MAX_INNER_ITEMS = 32, 10
_MAX_DEPTH = 8
_CHECKED_BYTES = 256 * 1024
_EXACT_BITS = 6.5
"""The first byte claims a count, and the payload ends with exactly that."""


_MISFIT = 0.45
_NEAR = 0.2
"""Sure at most, if the value does not fill the payload."""

_WIDE_BITS = 8.0
_FIRST_WIDE = 0xDC

_FOR_A_LINE: dict[str, Any] = {
    # Times to the nanosecond, text of unknown encoding is shown as far as it is text.
    **{"timestamp": 0, "unicode_errors": "surrogateescape", "ext_hook": ext_text},
}


class MsgpackDecoder:
    """Reads MessagePack."""

    name = "msgpack"
    title = "MessagePack"
    first_bytes = _CONTAINERS

    def __init__(self) -> None:
        # A table sniffs and then previews the same bytes.
        self._heads = LastHead(_read_head, _HEAD_BYTES)

    def sniff(self, payload: Payload) -> float:
        """Maps and arrays only: any byte is a MessagePack integer."""
        data = payload.data
        if not data or data[0] not in self.first_bytes:
            return 0.0
        is_small = not payload.is_cut and len(data) <= _HEAD_BYTES
        if is_small and not self._heads.is_of(data) and not _fits(data):
            return _NEAR
        try:
            value, is_whole = self._heads.of(payload)
        except DecodeError:
            return 0.0
        cap = 1.0
        if payload.is_cut or len(data) > _CHECKED_BYTES:
            cap = 1.0 if _goes_on(data[:_HEAD_BYTES]) else _MISFIT
        elif not is_whole:
            cap = _MISFIT
        bits = Evidence().bits(value)
        if is_whole:
            bits += _EXACT_BITS if data[0] < _FIRST_WIDE else _EXACT_BITS + _WIDE_BITS
        return min(confidence(bits), cap)

    def decode(self, payload: Payload, _options: DecodeOptions) -> Decoded:
        """Fields with their bytes, read where somebody looks."""
        reader = MsgpackReader(payload.data)
        root, type_, notes = read_items(reader, payload)
        return Decoded((Tree(root),), type_, notes)

    def preview(self, payload: Payload, _options: DecodeOptions) -> str:
        """``msgpack map(2) a=1 b=2``."""
        data = payload.data
        if not data:
            raise DecodeError("There are no bytes.", 0)
        if data[0] in self.first_bytes:
            value, _ = self._heads.of(payload)
            word = "map" if data[0] in _MAPS else "array"
            return compact_line(f"msgpack {word}({_count(data):,})", value, LINE_CHARS)
        _know_times()
        stop = _scalar_stop(payload)
        try:
            text = compact(unpacked(data[:stop], **_FOR_A_LINE), LINE_CHARS - 12)
        except (ValueError, TypeError, OverflowError) as error:
            raise DecodeError(f"Not MessagePack: {error}.", 0) from None
        return f"msgpack {text} …" if stop < len(data) else f"msgpack {text}"


def _count(data: bytes) -> int:
    first = data[0]
    if first < 0xA0:
        return first & 15
    return int.from_bytes(data[1 : 5 if first & 1 else 3], "big")


def _scalar_stop(payload: Payload) -> int:
    try:
        return MsgpackReader(payload.data).skip(0, Clock())
    except BrokenError as problem:
        raise DecodeError(problem.text, problem.at) from None
    except TooSlowError:
        raise DecodeError("It is too large for one line.", 0) from None


def _read_head(payload: Payload) -> tuple[Any, bool]:
    """The container at the beginning as far as it is there, and whether it fits exactly.

    Raises:
        DecodeError: It is not MessagePack.
    """
    data = payload.data
    _know_times()
    if not payload.is_cut and len(data) <= _HEAD_BYTES:
        try:
            value = unpacked(data, **_FOR_A_LINE)
            if type(value) is dict and len(value) != _count(data):
                # Keys come twice, of which the library keeps the last.
                value = _partial(data, 0)
            return value, True
        except (ValueError, TypeError, OverflowError):
            # More follows, it ends early, a key cannot be a key in Python, or a time no datetime.
            pass
    head = data[:_HEAD_BYTES]
    value = read_beginning(head, **_FOR_A_LINE)
    if value is None or (type(value) is dict and CUT not in value and len(value) != _count(head)):
        value = _partial(head, 0)
    return value, not payload.is_cut and _fits(data)


@functools.cache
def _know_times() -> None:
    write_type(library("msgpack").Timestamp, lambda time: moment(time.seconds, time.nanoseconds)[0])


def _goes_on(data: bytes) -> bool:
    """Whether a beginning is all of one value, or of containers one after the other."""
    msgpack = library("msgpack")

    unpacker = msgpack.Unpacker(max_buffer_size=0)
    unpacker.feed(data)
    try:
        unpacker.skip()
    except (ValueError, msgpack.UnpackException):
        return True
    at = int(unpacker.tell())
    return at == len(data) or data[at] in _CONTAINERS


def _fits(data: bytes) -> bool:
    """Whether containers fill the payload exactly, as far as that can be told quickly."""
    msgpack = library("msgpack")

    if len(data) > _CHECKED_BYTES:
        return False
    unpacker = msgpack.Unpacker(max_buffer_size=0)
    unpacker.feed(data)
    at = 0
    try:
        for _ in range(_MAX_PARTIAL_ITEMS):
            if at == len(data) or data[at] not in _CONTAINERS:
                break
            unpacker.skip()
            at = int(unpacker.tell())
    except (ValueError, msgpack.UnpackException):
        return False
    return at == len(data)


def _partial(data: bytes, depth: int) -> Any:
    """A container whose end is not there; what is missing is ``CUT``.

    Raises:
        DecodeError: There is a byte that MessagePack never uses.
    """
    msgpack = library("msgpack")

    first = data[0]
    try:
        return _partial_items(_unpacker(data), data, depth, is_map=first in _MAPS)
    except msgpack.OutOfData:
        return {CUT: None} if first in _MAPS else [CUT]
    except (ValueError, TypeError, msgpack.UnpackException) as error:
        if depth:
            return CUT
        words = "a byte that MessagePack never uses stands in it" if not str(error) else str(error)
        raise DecodeError(f"Not MessagePack: {words}.") from None


def _unpacker(data: bytes) -> Any:
    msgpack = library("msgpack")

    unpacker = msgpack.Unpacker(strict_map_key=False, **_FOR_A_LINE)
    unpacker.feed(data)
    return unpacker


def _partial_items(unpacker: Any, data: bytes, depth: int, *, is_map: bool) -> Any:
    msgpack = library("msgpack")

    fields: dict[Any, Any] = {}
    items: list[Any] = []
    count = unpacker.read_map_header() if is_map else unpacker.read_array_header()
    most = _MAX_INNER_ITEMS if depth else _MAX_PARTIAL_ITEMS
    for _ in range(min(count, most)):
        key: Any = CUT
        at = unpacker.tell()
        try:
            if is_map:
                key = hashable_key(unpacker.unpack())
                at = unpacker.tell()
            value = unpacker.unpack()
        except (msgpack.OutOfData, msgpack.StackError):
            # The item that is cut: as much of it as there is.
            if key is not CUT or not is_map:
                key = field_again(key, fields) if key in fields else key
                begins = at < len(data) and data[at] in _CONTAINERS and depth < _MAX_DEPTH
                value = _partial(data[at:], depth + 1) if begins else CUT
                fields[key] = value
                items.append(value)
            break
        if is_map:
            fields[field_again(key, fields) if key in fields else key] = value
        else:
            items.append(value)
    else:
        if count <= most:
            return fields if is_map else items
    if is_map:
        fields[CUT] = None
        return fields
    return items if items[-1:] == [CUT] else [*items, CUT]


MSGPACK = MsgpackDecoder()
