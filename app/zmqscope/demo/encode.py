"""Just enough MessagePack, CBOR, Protobuf and PNG to write the demo's messages. Pure.

The demo's process imports no library besides zmq, so that it is up before the window is.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence

Value = None | bool | int | float | str | bytes | Sequence["Value"] | Mapping[str, "Value"]


def msgpack(value: Value) -> bytes:
    """A value as MessagePack, with 32-bit lengths and 64-bit numbers where they are not small."""
    match value:
        case None:
            return b"\xc0"
        case bool():
            return b"\xc3" if value else b"\xc2"
        case int():
            return (
                struct.pack("b", value) if -32 <= value < 128 else struct.pack(">Bq", 0xD3, value)
            )
        case float():
            return struct.pack(">Bd", 0xCB, value)
        case str():
            text = value.encode()
            short = len(text) < 32
            head = (
                struct.pack("B", 0xA0 | len(text)) if short else struct.pack(">BI", 0xDB, len(text))
            )
            return head + text
        case bytes():
            return struct.pack(">BI", 0xC6, len(value)) + value
        case Mapping():
            body = b"".join(msgpack(key) + msgpack(each) for key, each in value.items())
            return _head(0x80, 0xDF, len(value)) + body
        case _:
            return _head(0x90, 0xDD, len(value)) + b"".join(map(msgpack, value))


def _head(small: int, large: int, count: int) -> bytes:
    return struct.pack("B", small | count) if count < 16 else struct.pack(">BI", large, count)


def cbor(value: Value) -> bytes:
    """A value as CBOR (RFC 8949)."""
    match value:
        case None:
            return b"\xf6"
        case bool():
            return b"\xf5" if value else b"\xf4"
        case int():
            return _cbor_head(0, value) if value >= 0 else _cbor_head(1, -1 - value)
        case float():
            return struct.pack(">Bd", 0xFB, value)
        case str():
            return _cbor_head(3, len(value.encode())) + value.encode()
        case bytes():
            return _cbor_head(2, len(value)) + value
        case Mapping():
            body = b"".join(cbor(key) + cbor(each) for key, each in value.items())
            return _cbor_head(5, len(value)) + body
        case _:
            return _cbor_head(4, len(value)) + b"".join(map(cbor, value))


def cbor_time(epoch_s: int) -> bytes:
    """A moment: tag 1 of RFC 8949."""
    return b"\xc1" + cbor(epoch_s)


def _cbor_head(major: int, argument: int) -> bytes:
    if argument < 24:
        return struct.pack("B", major << 5 | argument)
    if argument < 1 << 16:
        return struct.pack(">BH", major << 5 | 25, argument)
    return struct.pack(">BQ", major << 5 | 27, argument)


def protobuf(fields: Mapping[int, int | float | str | bytes]) -> bytes:
    """A message of unsigned integers (varint), doubles, texts and messages, by field number."""
    parts = []
    for number, value in fields.items():
        match value:
            case int():
                parts.append(_varint(number << 3) + _varint(value))
            case float():
                parts.append(_varint(number << 3 | 1) + struct.pack("<d", value))
            case _:
                body = value.encode() if isinstance(value, str) else value
                parts.append(_varint(number << 3 | 2) + _varint(len(body)) + body)
    return b"".join(parts)


def _varint(value: int) -> bytes:
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def grey_png(width: int, height: int, pixels: bytes) -> bytes:
    """An 8-bit grey image; ``pixels`` row by row."""
    rows = b"".join(
        b"\0" + pixels[start : start + width] for start in range(0, width * height, width)
    )
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 6)),
        (b"IEND", b""),
    )
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + body
