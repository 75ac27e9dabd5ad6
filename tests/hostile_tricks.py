"""Hostile bytes that make a reader do much more than they are long: repeats, turns and lies."""

from __future__ import annotations

import gzip
import importlib
import struct
import zlib
from typing import Any

import cramjam
import lz4.frame
import msgpack
import zstandard

from tests.hostile_parts import DEEP, MB, Maker, be, le, varint

# Its stubs say little.
pa: Any = importlib.import_module("pyarrow")

_ESCAPES = "\x1b[31m\x1b]0;owned\x07\u202egpj.exe\u2066"


# ---- many alike, and turns ----------------------------------------------------------------------


def _line_runs(word: bytes) -> bytes:
    """Runs of equal lines with others between: each way to align two of them goes far."""
    return b"".join(b"\n" * 19_000 + word + b"%d\n" % at for at in range(210))


def _bson_element(kind: int, name: bytes, value: bytes) -> bytes:
    return bytes([kind]) + name + b"\0" + value


def _bson(*elements: bytes) -> bytes:
    body = b"".join(elements) + b"\0"
    return le("i", len(body) + 4) + body


def _bson_lies() -> bytes:
    """Documents in an array, each of which claims more, less, or what belongs to its neighbour."""
    claims = (0, 1, 4, 5, 6, 200, 1 << 30, (1 << 31) - 1)
    inner = b"".join(
        _bson_element(3, b"%d" % at, le("i", claim) + b"\x10a\0\x01\0\0\0\0")
        for at, claim in enumerate(claims)
    )
    return _bson(_bson_element(4, b"list", le("i", len(inner) + 5) + inner + b"\0"))


def _bson_arrays() -> bytes:
    """Half a million empty arrays in one."""
    inner = b"".join(_bson_element(4, b"%d" % at, b"\x05\0\0\0\0") for at in range(MB // 2))
    return _bson(_bson_element(4, b"a", le("i", len(inner) + 5) + inner + b"\0"))


TRICKS: dict[str, Maker] = {
    "json 300,000 keys": lambda: b"{" + b",".join(b'"%d":1' % at for at in range(300_000)) + b"}",
    "json lists in lists, 7 MB": lambda: b"[" + b"[[[[1]]]]," * 700_000 + b"1]",
    "json lists and objects in turn, deep": lambda: b'[{"":' * DEEP + b"1" + b"}]" * DEEP,
    "json 5 M digits, many times": lambda: b"[" + (b"9" * 4_299 + b",") * 1_800 + b"1]",
    "json exponents": lambda: b"[" + b"1e-99999999999999999999," * 300_000 + b"1]",
    "json empty keys": lambda: b"{" + b'"":{"":0},' * 500_000 + b'"":0}',
    "json blanks before the colon": lambda: b'{"a"' + b" \n" * (25 * MB) + b":1}",
    "json blanks of all kinds": lambda: b"[" + b" \t\r\n" * (25 * MB) + b"1]",
    "json record separators": lambda: b"\x1e" * (50 * MB) + b"{}",
    "json escaped keys": lambda: b'{"' + b"\\ud83d\\ude00" * (MB // 2) + b'":1}',
    "json escapes in keys": lambda: (
        "{"
        + ",".join(f'"{_ESCAPES.encode("unicode_escape").decode()}":1' for _ in range(9))
        + "}"
    ).replace("\\x", "\\u00").encode(),
    "text that lines up everywhere": lambda: _line_runs(b"a"),
    "text of two lines in turn": lambda: b"a\nb\n" * MB,
    "text of a million accents on each letter": lambda: ("e" + "\u0301" * MB).encode() * 3,
    "text of one line of words, 100 MB": lambda: b"word " * (20 * MB),
    "text of bidi turns": lambda: "\u202ea\u202cb\u2067c\u2069".encode() * MB,
    "text of half surrogate pairs": lambda: b"\xed\xa0\xbd" * (5 * MB),
    "text of overlong forms": lambda: b"\xc0\x80\xe0\x80\x80\xf0\x80\x80\x80" * MB,
    "text of ISO-2022 turns": lambda: b"\x1b$B\x1b(B" * (2 * MB),
    "text of 20 MB in Shift-JIS": lambda: "日本語、".encode("cp932") * (5 * MB // 2),
    "msgpack lists and maps in turn, deep": lambda: b"\x91\x81\xa0" * DEEP + b"\xc0",
    "msgpack extensions": lambda: b"\xdd" + be("I", 2 * MB) + b"\xc7\x00\x05" * (2 * MB),
    "msgpack keys that are lists": lambda: (
        b"\xdf" + be("I", MB) + b"".join(b"\x92\xcd" + be("H", at & 65_535) + b"\x01\x02"
                                          for at in range(MB))
    ),
    "msgpack 1 M other keys": lambda: msgpack.packb({f"k{at}": at for at in range(MB)}),
    "cbor tiny chunks in turn": lambda: b"\x82" + b"\x7f\x61a\xff" * (2 * MB),
    "cbor lists and maps in turn, deep": lambda: b"\x9f\xbf\x60" * DEEP,
    "cbor tags of all numbers": lambda: b"\x9f" + b"".join(
        b"\xd9" + be("H", at) + b"\x81\x01" for at in range(65_536)
    ) + b"\xff",
    "cbor 1 M numbers of 40 bytes": lambda: b"\x9f" + (b"\xc2\x58\x28" + b"\xff" * 40) * MB,
    "cbor fractions": lambda: (
        b"\x9f" + (b"\xc4\x82\x1a\x7f\xff\xff\xff\xc2\x49" + b"\xff" * 9) * 200_000 + b"\xff"
    ),
    "cbor keys that are maps": lambda: b"\xbf" + b"\xa1\x60\x01\x02" * (2 * MB) + b"\xff",
    "bson lies in an array": _bson_lies,
    "bson empty arrays": _bson_arrays,
    "bson code with scope, deep": lambda: b"\xff\xff\xff\x0f" + (
        b"\x0fa\0\xff\xff\xff\x0f\x02\0\0\0a\0\xff\xff\xff\x0f" * DEEP
    ),
    "bson decimals": lambda: _bson(*(
        _bson_element(19, b"%d" % at, bytes(range(8)) + be("Q", at << 40))
        for at in range(50_000)
    )),
    "protobuf groups in groups, many": lambda: b"\x0b\x13\x14\x0c" * (2 * MB),
    "protobuf groups and messages in turn": lambda: b"\x0b\x12\x02\x0b\x0c" * (2 * MB),
    "protobuf numbers of ten bytes": lambda: b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01" * MB,
    "protobuf other fields": lambda: b"".join(
        varint(at << 3) + b"\x01" for at in range(1, 500_000)
    ),
    "protobuf texts in texts": lambda: b"\x0a\x06\x0a\x04\x0a\x02\x08\x01" * MB,
}  # fmt: skip


# ---- Arrow, pickle ------------------------------------------------------------------------------


def _stream(table: Any) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _arrow_dictionary() -> bytes:
    """Places in a dictionary that are not there."""
    places = pa.array([0, 1, 2] * 1_000, pa.int32())
    words = pa.DictionaryArray.from_arrays(places, pa.array(["a", "b", "c"]))
    return _stream(pa.table({"a": words})).replace(le("3i", 0, 1, 2), le("3i", -1, 1 << 30, 99))


def _arrow_union() -> bytes:
    """Kinds and places that are not there."""
    kinds = pa.array([0, 1] * 500, pa.int8())
    places = pa.array([at // 2 for at in range(1_000)], pa.int32())
    parts = [pa.array(range(500)), pa.array(["x"] * 500)]
    union = pa.UnionArray.from_dense(kinds, places, parts)
    return (
        _stream(pa.table({"a": union}))
        .replace(b"\0\1\0\1", b"\x7f\1\x55\1")
        .replace(le("4i", 4, 4, 5, 5), le("4i", 1 << 30, -1, 5, 5))
    )


def _arrow_offsets() -> bytes:
    """Texts that begin and end outside of what there is."""
    data = _stream(pa.table({"a": ["abc"] * 1_000}))
    return data.replace(le("3i", 3, 6, 9), le("3i", 1 << 30, -6, 9))


def _arrow_batches() -> bytes:
    batch = pa.record_batch({"a": [1]})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        for _ in range(20_000):
            writer.write_batch(batch)
    return bytes(sink.getvalue())


TRICKS |= {
    "arrow dictionary without words": _arrow_dictionary,
    "arrow union of nothing": _arrow_union,
    "arrow text from elsewhere": _arrow_offsets,
    "arrow 20,000 batches": _arrow_batches,
    "arrow 5,000 columns": lambda: _stream(pa.table({f"c{at}": [1] for at in range(5_000)})),
    "pickle memo goes round": lambda: b"\x80\x02" + b"".join(
        b"]r" + le("I", at) + b"j" + le("I", at) + b"a" for at in range(200_000)
    ) + b".",
    "pickle memo of pairs": lambda: b"\x80\x02Nq\0" + b"h\0h\0\x86q\0" * (MB // 2) + b".",
    "pickle dicts in dicts": lambda: b"\x80\x02" + b"}K\1" * DEEP + b"}" + b"s" * DEEP + b".",
    "pickle sets of sets": lambda: b"\x80\x04" + b"\x8f(" * DEEP + b"\x90" * DEEP + b".",
    "pickle 1 M memo texts": lambda: b"\x80\x04](" + b"\x8c\x01a\x94" * MB + b"e.",
    "pickle 4,000 numbers of 4,000 digits": lambda: (
        b"(" + (b"L" + b"9" * 4_000 + b"L\n") * 4_000 + b"l."
    ),
    "pickle 40,000 numbers of 290 digits": lambda: (
        b"(" + (b"I" + b"9" * 290 + b"\n") * 40_000 + b"l."
    ),
    "pickle pops below": lambda: b"\x80\x02" + b"0" * MB + b".",
}  # fmt: skip


# ---- compressions, images -----------------------------------------------------------------------


def _snappy_wrong_sums() -> bytes:
    """Chunks whose check sums are wrong, thousands of them."""
    chunk = bytes(cramjam.snappy.compress(b"abc" * 99))[10:]
    wrong = chunk[:4] + bytes(byte ^ 0xFF for byte in chunk[4:8]) + chunk[8:]
    return bytes.fromhex("ff060000734e61507059") + chunk + wrong * 100_000


def _zstd_frames() -> bytes:
    frame = zstandard.compress(b"x")
    skipped = b"\x5a\x2a\x4d\x18\x04\0\0\0abcd"
    return (frame + skipped) * MB


def _lz4_dictionaries() -> bytes:
    """Frames that name a dictionary behind the size of what they hold."""
    whole = bytearray(lz4.frame.compress(b"abc" * 99))
    whole[4] |= 1
    return bytes(whole[:14] + b"\xff\xff\xff\xff" + whole[14:]) * 10_000


def _png_twice() -> bytes:
    """Two headers that say other sizes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return be("I", len(data)) + kind + data + be("I", zlib.crc32(kind + data))

    sizes = (9, 9), (60_000, 60_000)
    heads = (chunk(b"IHDR", be("IIBBBBB", *size, 8, 6, 0, 0, 0)) for size in sizes)
    pixels = chunk(b"IDAT", zlib.compress(bytes(9 * 37)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(heads) + pixels + chunk(b"IEND", b"")


def _jpeg_twice() -> bytes:
    """Frame headers that say other sizes, and no picture."""
    sizes = ((1, 1), (65_500, 65_500), (0, 0)) * 10_000
    heads = b"".join(b"\xff\xc0\0\x0b\x08" + be("HH", *size) + b"\x01\x01\x11\0" for size in sizes)
    return b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0" + heads + b"\xff\xd9"


TRICKS |= {
    "gzip 500,000 members of a byte": lambda: gzip.compress(b"x") * (MB // 2),
    "gzip of noise, 30 MB": lambda: gzip.compress(
        b"".join(struct.pack("<Q", at * 0x9E3779B97F4A7C15 & 2**64 - 1) for at in range(MB)), 1
    ) * 4,
    "zlib of one byte each": lambda: b"\x78\x9c" + b"\0\x01\0\xfe\xffx" * (5 * MB),
    "zlib of fixed blocks": lambda: b"\x78\x9c" + b"\x4a\x04\x00\x00\x00\xff\xff" * (3 * MB),
    "zstd frames and gaps": _zstd_frames,
    "zstd names a dictionary": lambda: b"\x28\xb5\x2f\xfd\x23\xff\xff\xff\xff\x01\x09\0\0x" * 9_999,
    "lz4 names a dictionary": _lz4_dictionaries,
    "lz4 block that repeats a byte": lambda: b"\x1fa\x01\0" + b"\xff" * (20 * MB) + b"\0",
    "lz4 block without matches": lambda: b"\x10a\x01\0" + b"\x1fb\x01\0\0" * (5 * MB),
    "snappy frames of wrong sums": _snappy_wrong_sums,
    "snappy tiny chunks": lambda: (
        bytes.fromhex("ff060000734e61507059") + b"\x01\x05\0\0\x0f\x35\x2a\x5cx" * (2 * MB)
    ),
    "png of two sizes": _png_twice,
    "jpeg of many sizes": _jpeg_twice,
    "gif of no size": lambda: b"GIF89a\0\0\0\0\xf7\0\0" + bytes(768) + b"\x2c" + b"\xff" * 9 * MB,
    "webp that contradicts itself": lambda: (
        b"RIFF\xff\xff\xff\xffWEBPVP8X\x0a\0\0\0\x10\0\0\0" + b"\0\0\0" * 2
        + b"VP8L\x05\0\0\0\x2f\xff\xff\xff\xff" + b"VP8 \xff\xff\xff\xff" + b"\0" * 99
    ),
}  # fmt: skip
