"""Hostile bytes of binary formats, each named, made on demand: bombs, claims, depths, cycles."""

from __future__ import annotations

import gzip
import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import cbor2
import cramjam
import fastavro
import lz4.block
import lz4.frame
import msgpack
import pyarrow as pa
import zstandard

Maker = Callable[[], bytes]

DEEP = 100_000
MB = 1_000_000
FORBIDDEN_MODULE = "antigravity_of_a_payload"
"""A module that nothing of ours names: whoever imports it took a payload's word."""


def _be(form: str, *values: int) -> bytes:
    return struct.pack(">" + form, *values)


def _le(form: str, *values: int) -> bytes:
    return struct.pack("<" + form, *values)


# ---- MessagePack, CBOR, BSON --------------------------------------------------------------------

MSGPACK: dict[str, Maker] = {
    "msgpack array claims 4 G": lambda: b"\xdd\xff\xff\xff\xff" + b"\x01" * 100,
    "msgpack map claims 4 G": lambda: b"\xdf\xff\xff\xff\xff" + b"\xa1a\x01" * 100,
    "msgpack text claims 4 G": lambda: b"\x81\xa1a\xdb\xff\xff\xff\xffabc",
    "msgpack bytes claim 4 G": lambda: b"\x81\xa1a\xc6\xff\xff\xff\xffabc",
    "msgpack extension claims 4 G": lambda: b"\x81\xa1a\xc9\xff\xff\xff\xff\x05abc",
    "msgpack claims inside claims": lambda: b"\xdd\xff\xff\xff\xff" * 200_000,
    "msgpack arrays, deep": lambda: b"\x91" * DEEP + b"\xc0",
    "msgpack maps, deep": lambda: b"\x81\xa1a" * DEEP + b"\xc0",
    "msgpack key, deep": lambda: b"\x81" + b"\x91" * DEEP + b"\xc0\x01",
    "msgpack 30 M nil": lambda: b"\xdd" + _be("I", 30 * MB) + b"\xc0" * (30 * MB),
    "msgpack 10 M equal keys": lambda: b"\xdf" + _be("I", 10 * MB) + b"\xa1a\x01" * (10 * MB),
    "msgpack 50 MB key": lambda: b"\x81\xdb" + _be("I", 50 * MB) + b"k" * (50 * MB) + b"\x01",
    "msgpack 50 MB of wrong UTF-8": lambda: b"\x91\xdb" + _be("I", 50 * MB) + b"\xff" * (50 * MB),
    "msgpack times": lambda: (
        b"\x93\xc7\x0c\xff" + b"\xff" * 4 + b"\x7f" + b"\xff" * 7
        + b"\xd7\xff" + b"\xff" * 8 + b"\xd6\xff" + b"\xff" * 4
    ),
    "msgpack small maps": lambda: b"\xdd" + _be("I", 5 * MB) + b"\x82\xa1a\x01\xa1b\x02" * (5 * MB),
    "msgpack never used byte": lambda: b"\x92\x01\xc1",
    "msgpack values without end": lambda: msgpack.packb({"a": [1.5]}) * MB,
}  # fmt: skip

CBOR: dict[str, Maker] = {
    "cbor array claims 2^64": lambda: b"\x9b" + b"\xff" * 8 + b"\x01" * 100,
    "cbor map claims 2^64": lambda: b"\xbb" + b"\xff" * 8 + b"\x61a\x01" * 100,
    "cbor text claims 2^63": lambda: b"\xa1\x61a\x7b\x7f" + b"\xff" * 7 + b"abc",
    "cbor bytes claim 2^64": lambda: b"\xa1\x61a\x5b" + b"\xff" * 8 + b"abc",
    "cbor claims inside claims": lambda: (b"\x9b" + b"\xff" * 8) * DEEP,
    "cbor arrays, deep": lambda: b"\x81" * DEEP + b"\xf6",
    "cbor arrays without lengths, deep": lambda: b"\x9f" * DEEP,
    "cbor tags, deep": lambda: b"\xc6" * DEEP + b"\x01",
    "cbor self-described, deep": lambda: b"\xd9\xd9\xf7" * DEEP + b"\x01",
    "cbor key, deep": lambda: b"\xa1" + b"\x81" * DEEP + b"\xf6\x01",
    "cbor 10 M empty chunks": lambda: b"\xa1\x61a\x7f" + b"\x60" * (10 * MB) + b"\xff",
    "cbor 10 M chunks of bytes": lambda: b"\xa1\x61a\x5f" + b"\x41x" * (10 * MB) + b"\xff",
    "cbor number of 20 MB": lambda: b"\xa1\x61a\xc2\x5a" + _be("I", 20 * MB) + b"\xff" * (20 * MB),
    "cbor 10^(10^18)": lambda: b"\xa1\x61a\xc4\x82\x1b" + _be("Q", 10**18) + b"\x01",
    "cbor 2^(10^18)": lambda: b"\xa1\x61a\xc5\x82\x1b" + _be("Q", 10**18) + b"\x01",
    "cbor fraction by nothing": lambda: b"\xa1\x61a\xd8\x1e\x82\x01\x00",
    "cbor shared cycle": lambda: b"\xd8\x1c\x82\xd8\x1d\x00\xd8\x1d\x00",
    "cbor string references": lambda: b"\xd9\x01\x00\x82\x65aaaaa\xd8\x19\x1b" + b"\xff" * 8,
    "cbor regular expression": lambda: b"\xa1\x61a" + cbor2.dumps(cbor2.CBORTag(35, "(a+)+" * 9)),
    "cbor e-mail": lambda: b"\xa1\x61a" + cbor2.dumps(cbor2.CBORTag(36, "A: b\r\n" * DEEP)),
    "cbor set of maps": lambda: b"\xd9\x01\x02\x82\xa0\xa0",
    "cbor time too far": lambda: b"\x82\xc1\xfb\x7f\xf0" + b"\0" * 6 + b"\xc1\x1b" + b"\xff" * 8,
    "cbor 30 M null": lambda: b"\x9a" + _be("I", 30 * MB) + b"\xf6" * (30 * MB),
    "cbor 10 M equal keys": lambda: b"\xbf" + b"\x61a\x01" * (10 * MB) + b"\xff",
    "cbor simple values": lambda: b"\x83\xf8\x18\xe0\xff",
}  # fmt: skip


def _bson_deep() -> bytes:
    data = b"\x05\0\0\0\0"
    # Each level would copy all of the inner ones: heads in front, ends behind.
    heads = [_le("i", 5 + 8 * level) + b"\x03a\0" for level in range(DEEP, 0, -1)]
    return b"".join(heads) + data + b"\0" * DEEP


def _bson(kind: int, value: bytes) -> bytes:
    body = bytes([kind]) + b"a\0" + value + b"\0"
    return _le("i", len(body) + 4) + body


BSON: dict[str, Maker] = {
    "bson documents, deep": _bson_deep,
    "bson claims 2 G": lambda: b"\xff\xff\xff\x7f\x10a\0\x01\0\0\0\0",
    "bson claims less than nothing": lambda: b"\x01\0\0\x80\x10a\0\x01\0\0\0\0",
    "bson text claims 2 G": lambda: _bson(2, b"\xff\xff\xff\x7fabc\0"),
    "bson bytes claim 2 G": lambda: _bson(5, b"\xff\xff\xff\x7f\x00abc"),
    "bson name without end": lambda: _le("i", 20 * MB) + b"\x10" + b"a" * (20 * MB - 5),
    "bson code with scope": lambda: _bson(15, b"\xff\xff\xff\x7f\xff\xff\xff\x7f"),
    "bson regular expression": lambda: _bson(
        11, b"(a+)+$" * 1_000 + b"\0" + b"ilmsux" * 100 + b"\0"
    ),
    "bson date too far": lambda: _bson(9, b"\xff" * 7 + b"\x7f"),
    "bson decimal": lambda: _bson(19, b"\xff" * 15 + b"\x5f"),
    "bson 2 M fields": lambda: _le("i", 14 * MB + 5) + b"\x10a\0\x01\0\0\0" * (7 * MB // 4) + b"\0",
    "bson 5 M nulls": lambda: _le("i", 15 * MB + 5) + b"\x0aa\0" * (5 * MB) + b"\0",
    "bson unknown type": lambda: _bson(0x66, b"abc"),
}


# ---- Protobuf, Avro, Arrow, Cap'n Proto ---------------------------------------------------------


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def _protobuf_deep() -> bytes:
    heads: list[bytes] = []
    size = 2
    for _ in range(DEEP):
        head = b"\x0a" + _varint(size)
        heads.append(head)
        size += len(head)
    return b"".join(reversed(heads)) + b"\x08\x01"


PROTOBUF: dict[str, Maker] = {
    "protobuf claims 2^63": lambda: b"\x08\x01\x12\xff\xff\xff\xff\xff\xff\xff\xff\x7fabc",
    "protobuf claims 2 G": lambda: b"\x08\x01\x12\xff\xff\xff\xff\x07abc",
    "protobuf messages, deep": _protobuf_deep,
    "protobuf groups, deep": lambda: b"\x0b" * DEEP,
    "protobuf groups, deep and closed": lambda: b"\x0b" * DEEP + b"\x0c" * DEEP,
    "protobuf number without end": lambda: b"\x08" + b"\x80" * (10 * MB),
    "protobuf 15 M fields": lambda: b"\x08\x01" * (15 * MB),
    "protobuf 10 M empty messages": lambda: b"\x0a\x00" * (10 * MB),
    "protobuf packed 30 MB": lambda: b"\x08\x01\x12" + _varint(30 * MB) + b"\x01" * (30 * MB),
    "protobuf field 0": lambda: b"\x00\x01\x00\x01",
    "protobuf highest field": lambda: b"\xf8\xff\xff\xff\x0f\x01" * 1_000,
}


def _avro(schema: bytes, blocks: bytes, codec: bytes = b"null", more: bytes = b"") -> bytes:
    def text(value: bytes) -> bytes:
        return _varint(len(value) * 2) + value

    count = 2 if not more else 3
    meta = (
        _varint(count * 2) + text(b"avro.schema") + text(schema) + text(b"avro.codec") + text(codec)
    )
    return b"Obj\x01" + meta + more + b"\0" + b"S" * 16 + blocks


def _avro_block(count: int, data: bytes) -> bytes:
    zigzag = count * 2
    return _varint(zigzag) + _varint(len(data) * 2) + data + b"S" * 16


def _avro_real() -> bytes:
    out = io.BytesIO()
    schema: Any = {"type": "record", "name": "r", "fields": [{"name": "a", "type": "string"}]}
    fastavro.writer(out, schema, [{"a": "x" * 1_000}] * 50_000, codec="deflate")
    return out.getvalue()


_LONGS = b'{"type":"array","items":"long"}'
_NULLS = b'{"type":"array","items":"null"}'
_SELF = b'{"type":"record","name":"r","fields":[{"name":"n","type":"r"}]}'
_LIST = b'{"type":"record","name":"r","fields":[{"name":"n","type":["null","r"]}]}'

AVRO: dict[str, Maker] = {
    "avro null items, 2^62": lambda: _avro(_NULLS, _avro_block(1, _varint(1 << 63) + b"\0")),
    "avro null records, 2^62": lambda: _avro(b'"null"', _avro_block(1 << 62, b"")),
    "avro long items, 2^62": lambda: _avro(_LONGS, _avro_block(1, _varint(1 << 63) + b"\x02" * 99)),
    "avro block claims 2^62": lambda: _avro(_LONGS, b"\x02" + _varint(1 << 63) + b"abc"),
    "avro fixed 2^60": lambda: _avro(
        b'{"type":"fixed","name":"f","size":%d}' % 2**60, _avro_block(1, b"abc")
    ),
    "avro record inside itself": lambda: _avro(_SELF, _avro_block(1, b"abc")),
    "avro list, deep": lambda: _avro(_LIST, _avro_block(1, b"\x02" * DEEP + b"\0")),
    "avro schema, deep": lambda: _avro(
        b'{"type":"array","items":' * DEEP + b'"int"' + b"}" * DEEP, _avro_block(1, b"\0")
    ),
    "avro schema of 10 MB": lambda: _avro(
        b'{"type":"enum","name":"e","symbols":['
        + b",".join(b'"s%d"' % at for at in range(900_000)) + b"]}", _avro_block(1, b"\0")
    ),
    "avro schema is no schema": lambda: _avro(b'{"type":"\\u0000"}', _avro_block(1, b"\0")),
    "avro deflate bomb": lambda: _avro(
        b'"bytes"', _avro_block(1, _zeros(300)), b"deflate"
    ),
    "avro zstandard bomb": lambda: _avro(
        b'"bytes"', _avro_block(1, zstandard.compress(bytes(300 * MB))), b"zstandard"
    ),
    "avro snappy claims": lambda: _avro(
        b'"bytes"', _avro_block(1, b"\xff\xff\xff\xff\x0f\x00a" + b"\0" * 4), b"snappy"
    ),
    "avro unknown codec": lambda: _avro(b'"bytes"', _avro_block(1, b"abc"), b"../../codec"),
    "avro names without end": lambda: b"Obj\x01" + _varint(1 << 63) + b"\x02a\x02b" * (2 * MB),
    "avro 50 MB of text": _avro_real,
}  # fmt: skip


def _arrow(compression: str | None = None) -> bytes:
    sink = pa.BufferOutputStream()
    batch = pa.record_batch({"a": pa.array([0] * 2_000_000), "b": pa.nulls(2_000_000)})
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with pa.ipc.new_stream(sink, batch.schema, options=options) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue())


def _arrow_damaged(step: int) -> bytes:
    data = bytearray(_arrow())
    for at in range(8, min(len(data), 700), step):
        data[at] = 0xFF
    return bytes(data)


def _arrow_nulls() -> bytes:
    sink = pa.BufferOutputStream()
    batch = pa.record_batch({"n": pa.nulls(3)})
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    # Columns of nulls take no bytes: any number of rows can be claimed.
    return bytes(sink.getvalue()).replace(_le("q", 3), _le("q", 1 << 62))


def _arrow_nested() -> bytes:
    kind = pa.int8()
    for _ in range(400):
        kind = pa.list_(kind)
    return bytes(pa.schema([("a", kind)]).serialize())


ARROW: dict[str, Maker] = {
    "arrow message claims 2 G": lambda: b"\xff\xff\xff\xff\xff\xff\xff\x7f" + b"\0" * 64,
    "arrow old message claims 2 G": lambda: b"\xf8\xff\xff\x7f" + b"\0" * 64,
    "arrow zstd bomb": lambda: _arrow("zstd"),
    "arrow lz4 bomb": lambda: _arrow("lz4"),
    "arrow 16 MB of zeros": _arrow,
    "arrow nulls, 2^62": _arrow_nulls,
    "arrow lists, deep": _arrow_nested,
    "arrow damaged here": lambda: _arrow_damaged(13),
    "arrow damaged there": lambda: _arrow_damaged(29),
    "arrow file, footer claims": lambda: b"ARROW1\0\0" + b"\0" * 64 + b"\xff\xff\xff\x7fARROW1",
    "arrow offsets turn round": lambda: b"\xff\xff\xff\xff\x40\0\0\0" + b"\x04\0\0\0" * 16,
}

CAPNP: dict[str, Maker] = {
    "capnp 4 G segments": lambda: b"\xff\xff\xff\xff" + b"\xff" * 60,
    "capnp segment claims 32 GB": lambda: b"\0\0\0\0\xff\xff\xff\xff" + b"\0" * 64,
    "capnp list of nothing, 2^29": lambda: (
        b"\0\0\0\0\x03\0\0\0" + b"\0\0\0\0\0\0\x01\0" + b"\x01\0\0\0\xf8\xff\xff\xff" + b"\0" * 8
    ),
    "capnp list of empty structs": lambda: (
        b"\0\0\0\0\x03\0\0\0"
        + b"\0\0\0\0\0\0\x01\0"
        + b"\x01\0\0\0\x07\0\0\0"
        + b"\xfc\xff\xff\xff\0\0\0\0"
    ),
    "capnp points at itself": lambda: (
        b"\0\0\0\0\x02\0\0\0" + b"\0\0\0\0\0\0\x01\0" + b"\xfc\xff\xff\xff\0\0\x01\0"
    ),
    "capnp far pointers": lambda: (
        b"\0\0\0\0\x02\0\0\0" + b"\x0a\0\0\0\0\0\0\0" + b"\x02\0\0\0\0\0\0\0"
    ),
    "capnp many segments": lambda: b"\xfe\x01\0\0" + b"\x01\0\0\0" * 512 + b"\0" * 4_096,
}


# ---- pickle -------------------------------------------------------------------------------------


def _pickle_laughs(opcode: bytes) -> bytes:
    lists = b"".join(
        b"](" + (b"h" + bytes([level - 1])) * 10 + b"eq" + bytes([level]) for level in range(1, 100)
    )
    return b"\x80\x02]q\0" + lists + opcode + b"."


PICKLE: dict[str, Maker] = {
    "pickle billion laughs": lambda: _pickle_laughs(b""),
    "pickle billion laughs as key": lambda: _pickle_laughs(b"\x85}h\x01h\x02s"),
    "pickle tuple laughs": lambda: b"\x80\x02)" + b"2\x86" * DEEP + b".",
    "pickle lists, deep": lambda: b"\x80\x02" + b"]" * DEEP + b"a" * (DEEP - 1) + b".",
    "pickle marks": lambda: b"\x80\x02" + b"(" * (5 * MB),
    "pickle runs a shell": lambda: b"cos\nsystem\n(S'touch hostile-was-here'\ntR.",
    "pickle runs code": lambda: (
        b"\x80\x04\x8c\x08builtins\x8c\x04exec\x93\x8c\x20import os; os.system('touch hostile')\x85R."
    ),
    "pickle imports": lambda: f"\x80\x02c{FORBIDDEN_MODULE}\nthing\n)R.".encode("latin-1"),
    "pickle imports by inst": lambda: f"(i{FORBIDDEN_MODULE}\nThing\n.".encode(),
    "pickle builds": lambda: b"\x80\x02cos\n_wrap_close\n)\x81}X\x04\0\0\0procN\x73b.",
    "pickle text claims 2^63": lambda: b"\x80\x04\x8d" + b"\xff" * 7 + b"\x7fabc.",
    "pickle bytes claim 2 G": lambda: b"\x80\x03T\xff\xff\xff\x7fabc.",
    "pickle number claims 2 G": lambda: b"\x80\x02\x8b\xff\xff\xff\x7fabc.",
    "pickle number of 5 MB": lambda: b"\x80\x02\x8b" + _le("i", 5 * MB) + b"\x7f" * (5 * MB) + b".",
    "pickle number of 5 M digits": lambda: b"I" + b"9" * (5 * MB) + b"\n.",
    "pickle long of 5 M digits": lambda: b"L" + b"9" * (5 * MB) + b"L\n.",
    "pickle float of 5 M digits": lambda: b"F" + b"9" * (5 * MB) + b"\n.",
    "pickle remembers at 2^32": lambda: b"\x80\x02]r\xff\xff\xff\xffj\xff\xff\xff\xff.",
    "pickle remembers at 10^5000": lambda: b"]p" + b"9" * 5_000 + b"\n.",
    "pickle frame claims 2^63": lambda: b"\x80\x04\x95" + b"\xff" * 7 + b"\x7f]\x94.",
    "pickle 5 M twins": lambda: b"\x80\x02N" + b"2" * (5 * MB) + b".",
    "pickle 2 M memos": lambda: b"\x80\x04]" + b"\x94" * (2 * MB) + b".",
    "pickle 3 M items": lambda: b"\x80\x02](" + b"K\x01" * (3 * MB) + b"e.",
    "pickle holds itself": lambda: b"\x80\x02]q\0h\0a.",
    "pickle tuple holds itself": lambda: b"\x80\x02](h\0q\0]q\0h\0h\0\x86q\1ah\1.",
    "pickle extension": lambda: b"\x80\x02\x84\xff\xff\xff\x7f.",
    "pickle persistent id": lambda: b"P../../../etc/passwd\n.",
    "pickle text with escapes": lambda: b"S'" + b"\\x41" * MB + b"'\n.",
    "pickle raw unicode": lambda: b"V" + b"\\u0041" * MB + b"\n.",
    "pickle names without end": lambda: b"\x80\x02c" + b"a" * (20 * MB),
    "pickle calls of calls": lambda: b"\x80\x02cos\nsystem\n" + b")R" * DEEP + b".",
}  # fmt: skip


# ---- compressions -------------------------------------------------------------------------------


def _zeros(megabytes: int) -> bytes:
    """Raw deflate of so many zeros: one block that stands for itself, again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(MB)) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * megabytes + packer.flush()


def _deflated(size: int) -> bytes:
    """Zeros, compressed by zlib."""
    # The sum of zeros alone is 1, and as many ones (modulo 65,521) as there are zeros.
    return b"\x78\xda" + _zeros(size // MB) + _be("HH", size % 65_521, 1)


def _zstd(window: int, blocks: bytes) -> bytes:
    return b"\x28\xb5\x2f\xfd\0" + bytes([window]) + blocks


def _layers() -> bytes:
    data = gzip.compress(bytes(100 * MB), 1)
    for pack in (zlib.compress, zstandard.compress, lz4.frame.compress, gzip.compress) * 3:
        data = pack(data)
    return data


_SNAPPY_HEAD = bytes.fromhex("ff060000734e61507059")

LAYERS: dict[str, Maker] = {
    "zlib bomb of 500 MB": lambda: _deflated(500 * MB),
    "zlib 10 M empty blocks": lambda: b"\x78\x9c" + b"\0\0\0\xff\xff" * (10 * MB),
    "zlib wants a dictionary": lambda: b"\x78\xbb\0\0\0\x01" + b"abc" * 99,
    "zlib of deep JSON": lambda: zlib.compress(b"[" * (5 * MB)),
    "zlib of msgpack claims": lambda: zlib.compress(b"\xdd\xff\xff\xff\xff" + b"\xc0" * (40 * MB)),
    "zlib damaged": lambda: _deflated(5 * MB)[:2_000] + b"\xff" * 2_000,
    "gzip bomb of 200 MB": lambda: gzip.compress(bytes(200 * MB), 1),
    "gzip 2 M empty members": lambda: gzip.compress(b"") * (2 * MB),
    "gzip name without end": lambda: b"\x1f\x8b\x08\x08" + b"\0" * 6 + b"a" * (100 * MB),
    "gzip extra field": lambda: b"\x1f\x8b\x08\x04" + b"\0" * 6 + b"\xff\xff" + b"x" * 100,
    "zstd bomb of 300 MB": lambda: zstandard.compress(bytes(300 * MB)),
    "zstd window of 2 GB": lambda: _zstd(21 << 3, b"\x01\0\0"),
    "zstd window of 2^41": lambda: _zstd(0xFF, b"\x01\0\0"),
    "zstd window of 128 MB": lambda: _zstd(17 << 3, b"\x02\0\x10a" * 3_000),
    "zstd 10 M empty blocks": lambda: _zstd(0, b"\0\0\0" * (10 * MB)),
    "zstd 2 M empty frames": lambda: _zstd(0, b"\x01\0\0") * (2 * MB),
    "zstd 5 M skipped frames": lambda: b"\x50\x2a\x4d\x18\0\0\0\0" * (5 * MB),
    "zstd skips 4 GB": lambda: b"\x50\x2a\x4d\x18\xff\xff\xff\xff" + b"x" * 100,
    "zstd claims 2^62": lambda: b"\x28\xb5\x2f\xfd\xe0" + _le("Q", 1 << 62) + b"\x01\0\0",
    "lz4 bomb of 300 MB": lambda: bytes(lz4.frame.compress(bytes(300 * MB))),
    "lz4 2 M empty frames": lambda: bytes(lz4.frame.compress(b"")) * (2 * MB),
    "lz4 claims 2^62": lambda: b"\x04\x22\x4d\x18\x6c\x70" + _le("Q", 1 << 62) + b"\0" * 20,
    "lz4 block bomb": lambda: bytes(lz4.block.compress(bytes(200 * MB))),
    "lz4 block claims 4 GB": lambda: b"\xff\xff\xff\xff\x50hello",
    "lz4 block of pieces": lambda: b"\x10a\x01\0" + b"\0\x01\0" * (10 * MB),
    "snappy bomb": lambda: bytes(cramjam.snappy.compress_raw(bytes(200 * MB))),
    "snappy claims 4 GB": lambda: b"\xff\xff\xff\xff\x0f\x14abcdef" + b"\xfe\x01\0" * 10,
    "snappy of pieces": lambda: b"\xff\xff\xff\x7f\0a" + b"\x01\x01" * (20 * MB),
    "snappy 10 M paddings": lambda: _SNAPPY_HEAD + b"\xfe\0\0\0" * (10 * MB),
    "snappy 5 M streams": lambda: _SNAPPY_HEAD * (5 * MB),
    "snappy frames bomb": lambda: bytes(cramjam.snappy.compress(bytes(200 * MB))),
    "compressed thirteen times": _layers,
}  # fmt: skip


# ---- images -------------------------------------------------------------------------------------


def _chunk(kind: bytes, data: bytes) -> bytes:
    return _be("I", len(data)) + kind + data + _be("I", zlib.crc32(kind + data))


def _png(width: int, height: int, *more: bytes, depth: int = 8, colours: int = 6) -> bytes:
    head = _chunk(b"IHDR", _be("IIBBBBB", width, height, depth, colours, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + _chunk(b"IEND", b"")


def _gif(width: int, height: int, frames: int) -> bytes:
    frame = (
        b"\x21\xf9\x04\0\0\0\0\0\x2c\0\0\0\0" + _le("HH", width, height) + b"\0\x02\x02\x44\x01\0"
    )
    return (
        b"GIF89a" + _le("HH", width, height) + b"\x80\0\0\0\0\0\xff\xff\xff" + frame * frames + b";"
    )


def _bmp(width: int, height: int, bits: int = 32, compression: int = 0) -> bytes:
    head = _le("IiiHHIIiiII", 40, width, height, 1, bits, compression, 0, 0, 0, 0, 0)
    return b"BM" + _le("IHHI", 54, 0, 0, 54) + head + b"\0" * 64


def _jpeg(width: int, height: int) -> bytes:
    size = (
        b"\xff\xc0\0\x11\x08" + _be("HH", height, width) + b"\x03\x01\x22\0\x02\x11\x01\x03\x11\x01"
    )
    scan = b"\xff\xda\0\x0c\x03\x01\0\x02\x11\x03\x11\0\x3f\0"
    return (
        b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
        + size
        + scan
        + b"\0" * 99
        + b"\xff\xd9"
    )


def _webp(width: int, height: int) -> bytes:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + size


def _tiff_loop() -> bytes:
    entries = b"".join(_le("HHII", tag, 4, 1, MB) for tag in (256, 257))
    return b"II*\0\x08\0\0\0" + _le("H", 2) + entries + _le("I", 8)


IMAGES: dict[str, Maker] = {
    "png of a million by a million": lambda: _png(MB, MB, _chunk(b"IDAT", zlib.compress(b"\0"))),
    "png of 2^31 by 2^31": lambda: _png(2**31 - 1, 2**31 - 1),
    "png of 20,000 by 20,000": lambda: _png(
        20_000, 20_000, _chunk(b"IDAT", _deflated(400 * MB)), depth=8, colours=0
    ),
    "png of 8,000 by 8,000": lambda: _png(
        8_000, 8_000, _chunk(b"IDAT", zlib.compress(bytes(8_001 * 8_000))), colours=0
    ),
    "png of one by 60 million": lambda: _png(1, 60 * MB, _chunk(b"IDAT", zlib.compress(b"\0"))),
    "png with a text bomb": lambda: _png(
        1, 1, _chunk(b"zTXt", b"a\0\0" + _deflated(300 * MB)), _chunk(b"IDAT", zlib.compress(b"\0" * 5))
    ),
    "png with a profile bomb": lambda: _png(
        1, 1, _chunk(b"iCCP", b"a\0\0" + _deflated(300 * MB)), _chunk(b"IDAT", zlib.compress(b"\0" * 5))
    ),
    "png of 1 M chunks": lambda: _png(4, 4, _chunk(b"tEXt", b"a\0b") * MB),
    "png chunk claims 4 GB": lambda: _png(4, 4, b"\xff\xff\xff\xffIDAT"),
    "gif of 65,535 by 65,535": lambda: _gif(65_535, 65_535, 1),
    "gif of 200,000 frames": lambda: _gif(1_000, 1_000, 200_000),
    "bmp of a million by a million": lambda: _bmp(MB, MB),
    "bmp of less than nothing": lambda: _bmp(-MB, -(2**31)),
    "bmp of runs": lambda: _bmp(30_000, 30_000, 8, 1),
    "jpeg of 65,500 by 65,500": lambda: _jpeg(65_500, 65_500),
    "webp of 16,000,000 by 16,000,000": lambda: _webp(16 * MB, 16 * MB),
    "tiff goes round": _tiff_loop,
    "ico of 65,535 icons": lambda: b"\0\0\x01\0\xff\xff" + b"\0\0\0\0\x01\0\x20\0\xff\xff\xff\x7f\x16\0\0\0" * 9,
    "ppm of a million by a million": lambda: b"P6 1000000 1000000 255\n" + b"\0" * 64,
    "xbm of a million": lambda: b"#define a_width 1000000\n#define a_height 1000000\nstatic char a_bits[] = {0};",
}  # fmt: skip

BINARY: dict[str, dict[str, Maker]] = {
    "msgpack": MSGPACK,
    "cbor": CBOR,
    "bson": BSON,
    "protobuf": PROTOBUF,
    "avro": AVRO,
    "arrow": ARROW,
    "capnp": CAPNP,
    "pickle": PICKLE,
    "layers": LAYERS,
    "images": IMAGES,
}
"""By what they pretend to be."""
