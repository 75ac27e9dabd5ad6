"""MessagePack as a format of the inspector. Pure, any thread.

https://github.com/msgpack/msgpack/blob/master/spec.md
"""

from __future__ import annotations

from typing import Any

from zmqscope.core.decode.compact import CUT, LINE_CHARS, Verbatim, compact, compact_line
from zmqscope.core.decode.decoded import Decoded, DecodeError, Tree
from zmqscope.core.decode.formats.evidence import Evidence, confidence
from zmqscope.core.decode.formats.item_root import read_items
from zmqscope.core.decode.formats.msgpack_tree import MsgpackReader, unpacked
from zmqscope.core.decode.payload import DecodeOptions, Payload

_MAPS = frozenset((*range(0x80, 0x90), 0xDE, 0xDF))
_ARRAYS = frozenset((*range(0x90, 0xA0), 0xDC, 0xDD))
_HEAD_BYTES = 2_048
_MAX_PARTIAL_ITEMS = 48
_MAX_PARTIAL_DEPTH = 8
_EXACT_BITS = 4.0
"""The first byte claims a count, and the payload ends with exactly that."""


class MsgpackDecoder:
    """Reads MessagePack."""

    name = "msgpack"
    title = "MessagePack"
    first_bytes = _MAPS | _ARRAYS

    def sniff(self, payload: Payload) -> float:
        """Maps and arrays only: any byte is a MessagePack integer."""
        data = payload.data
        if not data or data[0] not in self.first_bytes:
            return 0.0
        try:
            value, is_whole = _read_head(payload)
        except DecodeError:
            return 0.0
        if not value:
            # b"\x80" and b"\x90" alone may be anything.
            return 0.3 if is_whole else 0.0
        bits = Evidence(0.7, is_cut=not is_whole).bits(value)
        if is_whole:
            bits += _EXACT_BITS
        if data[0] >= 0xDC:
            bits += 8.0 if is_whole else 2.0
        return confidence(bits)

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
            value, _ = _read_head(payload)
            word = "map" if data[0] in _MAPS else "array"
            return compact_line(f"msgpack {word}({_count(data):,})", value, LINE_CHARS)
        stop = _scalar_stop(payload)
        text = compact(unpacked(data[:stop]), LINE_CHARS - 12)
        return f"msgpack {text} …" if stop < len(data) else f"msgpack {text}"


MSGPACK = MsgpackDecoder()


def _count(data: bytes) -> int:
    first = data[0]
    if first < 0xA0:
        return first & 15
    return int.from_bytes(data[1 : 5 if first & 1 else 3], "big")


def _scalar_stop(payload: Payload) -> int:
    from zmqscope.core.decode.formats.item_tree import BrokenError, Clock, TooSlowError

    try:
        return MsgpackReader(payload.data).skip(0, Clock())
    except BrokenError as problem:
        raise DecodeError(problem.text, problem.at) from None
    except TooSlowError:
        raise DecodeError("It is too large for one line.", 0) from None


def _read_head(payload: Payload) -> tuple[Any, bool]:
    """The container at the beginning as far as it is there, and whether it is all and whole.

    Raises:
        DecodeError: It is not MessagePack.
    """
    data = payload.data
    if not payload.is_cut and len(data) <= _HEAD_BYTES:
        try:
            return unpacked(data), True
        except DecodeError:
            raise
        except (ValueError, TypeError):
            # More follows, it ends early, or a key cannot be a key in Python.
            pass
    return _partial(data[:_HEAD_BYTES], payload, 0, 0), False
