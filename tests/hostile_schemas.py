"""Hostile bytes of formats with schemas, and pickles: bombs, claims, cycles, calls."""

from __future__ import annotations

import importlib
import io
from typing import Any

import fastavro
import zstandard

from tests.hostile_parts import DEEP, FORBIDDEN_MODULE, MB, Maker, le, varint, zeros

# Its stubs say nothing.
pa: Any = importlib.import_module("pyarrow")


def _avro(schema: bytes, blocks: bytes, codec: bytes = b"null", more: bytes = b"") -> bytes:
    def text(value: bytes) -> bytes:
        return varint(len(value) * 2) + value

    count = 2 if not more else 3
    meta = (
        varint(count * 2) + text(b"avro.schema") + text(schema) + text(b"avro.codec") + text(codec)
    )
    return b"Obj\x01" + meta + more + b"\0" + b"S" * 16 + blocks


def _avro_block(count: int, data: bytes) -> bytes:
    zigzag = count * 2
    return varint(zigzag) + varint(len(data) * 2) + data + b"S" * 16


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
    "avro null items, 2^62": lambda: _avro(_NULLS, _avro_block(1, varint(1 << 63) + b"\0")),
    "avro null records, 2^62": lambda: _avro(b'"null"', _avro_block(1 << 62, b"")),
    "avro long items, 2^62": lambda: _avro(_LONGS, _avro_block(1, varint(1 << 63) + b"\x02" * 99)),
    "avro block claims 2^62": lambda: _avro(_LONGS, b"\x02" + varint(1 << 63) + b"abc"),
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
        b'"bytes"', _avro_block(1, zeros(300)), b"deflate"
    ),
    "avro zstandard bomb": lambda: _avro(
        b'"bytes"', _avro_block(1, zstandard.compress(bytes(300 * MB))), b"zstandard"
    ),
    "avro snappy claims": lambda: _avro(
        b'"bytes"', _avro_block(1, b"\xff\xff\xff\xff\x0f\x00a" + b"\0" * 4), b"snappy"
    ),
    "avro unknown codec": lambda: _avro(b'"bytes"', _avro_block(1, b"abc"), b"../../codec"),
    "avro names without end": lambda: b"Obj\x01" + varint(1 << 63) + b"\x02a\x02b" * (2 * MB),
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
    return bytes(sink.getvalue()).replace(le("q", 3), le("q", 1 << 62))


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
        b"\x80\x04\x8c\x08builtins\x8c\x04exec\x93"
        b"\x8c\x25import os; os.system('touch hostile')\x85R."
    ),
    "pickle imports": lambda: f"\x80\x02c{FORBIDDEN_MODULE}\nthing\n)R.".encode("latin-1"),
    "pickle imports by inst": f"(i{FORBIDDEN_MODULE}\nThing\n.".encode,
    "pickle builds": lambda: b"\x80\x02cos\n_wrap_close\n)\x81}X\x04\0\0\0procN\x73b.",
    "pickle text claims 2^63": lambda: b"\x80\x04\x8d" + b"\xff" * 7 + b"\x7fabc.",
    "pickle bytes claim 2 G": lambda: b"\x80\x03T\xff\xff\xff\x7fabc.",
    "pickle number claims 2 G": lambda: b"\x80\x02\x8b\xff\xff\xff\x7fabc.",
    "pickle number of 5 MB": lambda: b"\x80\x02\x8b" + le("i", 5 * MB) + b"\x7f" * (5 * MB) + b".",
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
