"""CBOR as a format of the inspector (RFC 8949). Pure, any thread."""

from __future__ import annotations

import io
from typing import Any

from zmqscope.core.decode.broken import BrokenError
from zmqscope.core.decode.compact import (
    CUT,
    LINE_CHARS,
    compact,
    compact_line,
    field_again,
    hashable_key,
)
from zmqscope.core.decode.decoded import Decoded, DecodeError, Tree
from zmqscope.core.decode.formats.cbor.beginning import read_beginning
from zmqscope.core.decode.formats.cbor.tree import CborReader, Head
from zmqscope.core.decode.formats.cbor.values import decoder_at, loaded
from zmqscope.core.decode.items.evidence import Evidence, confidence
from zmqscope.core.decode.items.last_head import LastHead
from zmqscope.core.decode.items.root import read_items
from zmqscope.core.decode.items.tree import Clock, TooSlowError
from zmqscope.core.decode.libraries import library
from zmqscope.core.decode.payload import DecodeOptions, Payload

_ARRAY, _MAP, _TAG = 4, 5, 6
_CONTAINERS = frozenset((*range(0x80, 0x9C), 0x9F, *range(0xA0, 0xBC), 0xBF))
_SELF_DESCRIBED = b"\xd9\xd9\xf7"
_HEAD_BYTES = 2_048
_CHECKED_BYTES = 256 * 1024
_CHECK_SECONDS = 0.02
_MAX_PARTIAL_ITEMS, _MAX_INNER_ITEMS = 32, 10
_MAX_DEPTH = 8
_MAX_TAGS = 8

_SMALL_BITS = 0.7
_BYTES_BITS = -3.0
_EXACT_BITS = 6.5
_WIDE_BITS = 8.0
_TAG_BITS = -2.0
_KNOWN_TAG_BITS = 12.0
_KNOWN_TAGS = frozenset((16, 17, 18, 96, 97, 98))
"""COSE messages (RFC 9052): arrays of three to five items."""
_MISFIT = 0.45
_NEAR = 0.2


class CborDecoder:
    """Reads CBOR."""

    name = "cbor"
    title = "CBOR"
    first_bytes = _CONTAINERS | frozenset(range(0xC0, 0xDC))

    def __init__(self) -> None:
        # A table sniffs and then previews the same bytes.
        self._heads = LastHead(_read_head, _HEAD_BYTES)

    def sniff(self, payload: Payload) -> float:
        """Maps and arrays, tagged or not, and whatever says itself that it is CBOR."""
        data = payload.data
        if not data or data[0] not in self.first_bytes:
            return 0.0
        bits = 0.0
        if data.startswith(_SELF_DESCRIBED):
            bits = 24.0
        try:
            reader = CborReader(data[:_HEAD_BYTES])
            tags, head, at = _untagged(reader)
            if head.major not in (_ARRAY, _MAP):
                return 0.95 if bits and len(data) > len(_SELF_DESCRIBED) else 0.0
            if not self._heads.is_of(data) and _is_misfit(payload, at):
                return _NEAR
            value, fits = self._heads.of(payload)
        except (DecodeError, BrokenError):
            return 0.0
        for tag in tags:
            is_cose = tag in _KNOWN_TAGS and head.major == _ARRAY and 3 <= len(value) <= 5
            bits += _KNOWN_TAG_BITS if is_cose else _TAG_BITS
        bits += Evidence(_SMALL_BITS, _BYTES_BITS).bits(value)
        cap = 1.0
        if not payload.is_cut and len(data) <= _CHECKED_BYTES:
            cap = 1.0 if fits else _MISFIT
            if fits:
                bits += _EXACT_BITS + (_WIDE_BITS if head.behind - at > 2 else 0.0)
        elif not fits:
            cap = _MISFIT
        return min(confidence(bits), cap)

    def decode(self, payload: Payload, _options: DecodeOptions) -> Decoded:
        """Fields with their bytes, read where somebody looks."""
        root, type_, notes = read_items(CborReader(payload.data), payload)
        return Decoded((Tree(root),), type_, notes)

    def preview(self, payload: Payload, _options: DecodeOptions) -> str:
        """``cbor map(2) a=1 b=2``."""
        data = payload.data
        if not data:
            raise DecodeError("There are no bytes.", 0)
        try:
            tags, head, _ = _untagged(CborReader(data[:_HEAD_BYTES]))
            if head.major in (_ARRAY, _MAP):
                value, _fits = self._heads.of(payload)
                word = "map" if head.major == _MAP else "array"
                count = "…" if head.argument is None else f"{head.argument:,}"
                marks = "".join(f"tag {tag} " for tag in tags)
                return compact_line(f"cbor {marks}{word}({count})", value, LINE_CHARS)
            stop = CborReader(data).skip(0, Clock())
            text = compact(loaded(data[:stop]), LINE_CHARS - 12)
        except BrokenError as problem:
            raise DecodeError(problem.text, problem.at) from None
        except TooSlowError:
            raise DecodeError("It is too large for one line.", 0) from None
        except ValueError as error:
            raise DecodeError(f"Not CBOR: {error}.", 0) from None
        return f"cbor {text} …" if stop < len(data) else f"cbor {text}"


def _untagged(reader: CborReader) -> tuple[list[int], Head, int]:
    """Tags at the beginning, the head of what they are about, and where that begins."""
    tags: list[int] = []
    at = 0
    head = reader.head(0)
    while head.major == _TAG and len(tags) < _MAX_TAGS:
        tags.append(head.argument or 0)
        at = head.behind
        head = reader.head(at)
    return tags, head, at


def _read_head(payload: Payload) -> tuple[Any, bool]:
    """The container at the beginning as far as it is there, and whether that fits the payload.

    Raises:
        DecodeError: It is not CBOR.
        BrokenError: The same.
    """
    data = payload.data
    reader = CborReader(data[:_HEAD_BYTES])
    at = _untagged(reader)[2]
    if not payload.is_cut and len(data) <= _HEAD_BYTES:
        whole = _whole(data, at)
        if whole is not None:
            count = reader.head(at).argument
            if type(whole) is dict and count is not None and len(whole) != count:
                # Keys come twice, of which the library keeps the last.
                return _partial(data, at, 0)[0], True
            return whole, True
    beginning = read_beginning(reader.data, at)
    if beginning is None:
        value, goes_on = _partial(reader.data, at, 0)
    else:
        value, stop = beginning
        if stop and type(value) is dict and len(value) != (reader.head(at).argument or len(value)):
            # Keys come twice here as well.
            value = _partial(reader.data, at, 0)[0]
        goes_on = not 0 < stop < len(reader.data) or reader.data[stop] in _CONTAINERS
    if payload.is_cut or len(data) > _CHECKED_BYTES:
        return value, goes_on
    return value, _fits(data)


def _is_misfit(payload: Payload, at: int) -> bool:
    """Whether a small payload is soon seen not to be filled by what it begins with."""
    data = payload.data
    if payload.is_cut or len(data) > _HEAD_BYTES:
        return False
    return _whole(data, at) is None and not _fits(data)


def _whole(data: bytes, at: int) -> Any:
    """A container that fills the payload exactly; None if there is none that can be read."""
    cbor2 = library("cbor2")

    stream = io.BytesIO(data)
    stream.seek(at)
    try:
        value = decoder_at(stream).decode()
    except (cbor2.CBORDecodeError, RecursionError, ArithmeticError, TypeError):
        # It ends early, is nested too deeply, or a tag does not fit.
        return None
    is_all = stream.tell() == len(data) and isinstance(value, (dict, list, tuple))
    return value if is_all else None


def _fits(data: bytes) -> bool:
    """Whether containers fill the payload exactly, as far as that can be told quickly."""
    reader, clock = CborReader(data), Clock(_CHECK_SECONDS)
    at = 0
    try:
        for _ in range(_MAX_PARTIAL_ITEMS):
            if at == len(data) or not reader.opens(at):
                break
            at = reader.skip(at, clock)
    except BrokenError:
        return False
    except TooSlowError:
        return True
    return at == len(data)


def _partial(data: bytes, at: int, depth: int) -> tuple[Any, bool]:
    """A container as far as it is there, and whether its end is not.

    What is missing is ``CUT``. An end is fine as well if another container follows it.

    Raises:
        DecodeError: It is not CBOR.
        BrokenError: The same.
    """
    head = CborReader(data).head(at)
    is_map = head.major == _MAP
    stream = io.BytesIO(data)
    stream.seek(head.behind)
    found = _Partial(data, stream, is_map, head.argument, depth)
    found.read()
    if is_map:
        return found.fields, found.goes_on
    return found.items, found.goes_on


class _Partial:
    """Reads the items of a container until the bytes end or there are enough."""

    def __init__(
        self, data: bytes, stream: io.BytesIO, is_map: bool, count: int | None, depth: int
    ) -> None:
        self.fields: dict[Any, Any] = {}
        self.items: list[Any] = []
        self.goes_on = True
        self._data = data
        self._stream = stream
        # Byte by byte the library never has to go back.
        self._decoder = decoder_at(stream, read_size=1)
        self._is_map = is_map
        self._count = count
        self._depth = depth
        self._most = _MAX_INNER_ITEMS if depth else _MAX_PARTIAL_ITEMS

    def read(self) -> None:
        cbor2 = library("cbor2")

        key: Any = CUT
        at = self._stream.tell()
        try:
            for index in range(self._most + 1):
                at, key = self._stream.tell(), CUT
                if self._is_end(index, at):
                    rest = self._data[at + (self._count is None) :]
                    self.goes_on = not rest or rest[0] in _CONTAINERS
                    return
                if index == self._most:
                    break
                if self._is_map:
                    key = hashable_key(self._decoder.decode(immutable=True))
                    at = self._stream.tell()
                    if key in self.fields:
                        key = field_again(key, self.fields)
                    self.fields[key] = self._decoder.decode()
                else:
                    self.items.append(self._decoder.decode())
        except cbor2.CBORDecodeEOF:
            self._add_cut(key, at)
        except (cbor2.CBORDecodeError, RecursionError, ArithmeticError, TypeError) as error:
            if not self._add_odd(key, at):
                raise DecodeError(f"Not CBOR at byte {at:,}: {error}.", at) from None
        if self._is_map:
            self.fields[CUT] = None
        elif self.items[-1:] != [CUT]:
            self.items.append(CUT)

    def _is_end(self, index: int, at: int) -> bool:
        if self._count is None:
            return self._data[at : at + 1] == b"\xff"
        return index >= self._count

    def _add_cut(self, key: Any, at: int) -> None:
        if self._is_map and key is CUT:
            return
        value: Any = CUT
        if at < len(self._data) and self._data[at] in _CONTAINERS and self._depth < _MAX_DEPTH:
            value = _partial(self._data, at, self._depth + 1)[0]
        if self._is_map:
            self.fields[key] = value
        else:
            self.items.append(value)

    def _add_odd(self, key: Any, at: int) -> bool:
        """Go on after an item that is well-formed, but that the library refuses."""
        reader = CborReader(self._data)
        try:
            reader.skip(at, Clock(_CHECK_SECONDS))
        except BrokenError as problem:
            if not problem.is_cut:
                return False
        except TooSlowError:
            pass
        self._add_cut(key, at)
        return True


CBOR = CborDecoder()
