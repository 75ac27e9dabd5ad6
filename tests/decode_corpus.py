"""Ten thousand and more payloads of which it is known what they are, always the same ones.

For tests of guessing: each format of the app by the library that writes it, compressed ones, text
in several encodings, random bytes, and what nearly is something.
"""

from __future__ import annotations

import base64
import csv
import gzip
import importlib
import io
import json
import pickle
import random
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import bson
import cbor2
import cramjam
import fastavro
import lz4.frame
import msgpack
import numpy as np
import zstandard
from google.protobuf import struct_pb2, timestamp_pb2
from PIL import Image

SEED = 6

# Its stubs know what the app reads, not what this writes.
pa: Any = importlib.import_module("pyarrow")

_WORDS = (
    *("id", "name", "book", "net", "px", "price", "qty", "side", "seq", "stamp", "ts", "type"),
    *("state", "temperature", "humidity", "imu", "accel", "gyro", "pose", "x", "y", "z", "frame"),
    *("topic", "payload", "data", "header", "meta", "user", "host", "port", "level", "message"),
    *("status", "error", "count", "total", "rate", "symbol", "venue", "sensor", "unit", "value"),
)
_SENTENCES = (
    *("The quick brown fox jumps over the lazy dog.", "Connection to broker lost, retrying in 5 s"),
    *("2024-05-06 07:08:09,123 INFO worker: job 42 done", "temperature=21.5 humidity=40 ok"),
    *("GET /index.html HTTP/1.1\r\nHost: example.org\r\n\r\n", "SELECT * FROM t WHERE a = 1;"),
    *("key: value\nlist:\n  - one\n  - two\n", "[server]\nport = 5555\nhost = localhost\n"),
)
_UNICODE = (
    *("Grüße aus Köln, schöne Straße", "Привет, мир! Как дела сегодня?", "日本語のテキストです。"),
    *("Ελληνικό κείμενο εδώ", "naïve café déjà vu – “quotes”", "emoji 😀 and more 🚀 text"),
)
_CODECS = {
    "cp1252": "Grüße aus Köln – schöne Straße, très bien, señor. Über allen Gipfeln ist Ruh. ",
    "cp1251": "Привет, мир! Как дела сегодня? Это длинный русский текст для проверки. ",
    "shift_jis": "日本語のテキストです。これは文字コードの判定を試すための文章です。",
    "utf-16": "Grüße, this is text in UTF-16 with a mark. ",
    "utf-16-le": "Plain text without any mark at all. ",
}


class Sample(NamedTuple):
    """A payload and what it is.

    Attributes:
        label: Name of the decoder that should read it; compressions in front, as in
            ``zlib.json``; ``random`` and ``near`` for what nobody should claim.
        data: The payload.
        note: How it came about, for a report.
    """

    label: str
    data: bytes
    note: str = ""


def corpus(seed: int = SEED) -> Iterator[Sample]:
    """All payloads; the same for the same seed."""
    rng = random.Random(seed)
    plain: list[Sample] = []
    for make, count in _MAKERS:
        for _ in range(count):
            sample = make(rng)
            plain.append(sample)
            yield sample
    for _ in range(1_500):
        yield _random(rng)
    for _ in range(1_200):
        yield _packed(rng, rng.choice(plain))
    for _ in range(1_500):
        yield _damaged(rng, rng.choice(plain))


# ---- values -------------------------------------------------------------------------------------


def recognisable(most: int) -> dict[str, list[Sample]]:
    """The first samples of each format, by label; noise and near misses left out.

    Args:
        most: How many of each.
    """
    found: dict[str, list[Sample]] = {}
    for sample in corpus():
        if sample.label not in ("random", "near"):
            samples = found.setdefault(sample.label, [])
            if len(samples) < most:
                samples.append(sample)
    return found


def _leaf(rng: random.Random) -> Any:
    return rng.choice(
        (
            lambda: rng.randrange(10),
            lambda: rng.randrange(-1_000, 100_000),
            lambda: rng.randrange(1 << 31),
            lambda: 1_700_000_000_000 + rng.randrange(10**9),
            lambda: round(rng.uniform(-1_000, 1_000), rng.randrange(6)),
            rng.random,
            lambda: rng.choice(_WORDS),
            lambda: rng.choice(_SENTENCES),
            lambda: rng.choice(_UNICODE),
            lambda: rng.choice((True, False, None)),
        )
    )()


def _value(rng: random.Random, depth: int = 0) -> Any:
    pick = rng.random()
    if depth < 3 and pick < 0.15:
        return _record(rng, depth + 1, rng.randrange(1, 6))
    if depth < 3 and pick < 0.3:
        if rng.random() < 0.5:
            return [round(rng.uniform(-10, 10), 3) for _ in range(rng.randrange(1, 40))]
        return [_value(rng, depth + 1) for _ in range(rng.randrange(5))]
    return _leaf(rng)


def _record(rng: random.Random, depth: int = 0, size: int = 0) -> dict[str, Any]:
    size = size or rng.choice((1, 2, 3, 5, 8, 12, 20))
    return {rng.choice(_WORDS): _value(rng, depth) for _ in range(size)}


def _message(rng: random.Random) -> Any:
    """What programs send: mostly maps, now and then a list."""
    if rng.random() < 0.8:
        return _record(rng)
    if rng.random() < 0.3:
        return [_record(rng, 1) for _ in range(rng.randrange(1, 6))]
    return [rng.choice(_WORDS), _record(rng, 1), rng.choice(_WORDS)]


# ---- formats ------------------------------------------------------------------------------------


def _json(rng: random.Random) -> Sample:
    ascii_, indent = rng.random() < 0.5, rng.choice((None, None, 2))
    text = json.dumps(_message(rng), ensure_ascii=ascii_, indent=indent)
    return Sample("json", text.encode())


def _json_lines(rng: random.Random) -> Sample:
    lines = [json.dumps(_record(rng, 2)) for _ in range(rng.randrange(2, 6))]
    return Sample("json", ("\n".join(lines) + "\n").encode(), "lines")


def _msgpack(rng: random.Random) -> Sample:
    return Sample("msgpack", msgpack.packb(_message(rng), use_single_float=rng.random() < 0.3))


def _cbor(rng: random.Random) -> Sample:
    value = _message(rng)
    if rng.random() < 0.2 and isinstance(value, dict):
        value["time"] = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(10**7))
    if rng.random() < 0.1:
        value = cbor2.CBORTag(55799, value)
    return Sample("cbor", cbor2.dumps(value, indefinite_containers=rng.random() < 0.1))


def _bson(rng: random.Random) -> Sample:
    value = _record(rng)
    if rng.random() < 0.5:
        value = {"_id": bson.ObjectId(rng.randbytes(12)), **value}
    return Sample("bson", bson.encode(value))


def _protobuf(rng: random.Random) -> Sample:
    if rng.random() < 0.2:
        stamp = timestamp_pb2.Timestamp(seconds=1_700_000_000 + rng.randrange(10**6), nanos=5)
        return Sample("protobuf", stamp.SerializeToString(), "timestamp")
    message = struct_pb2.Struct()
    message.update(_record(rng, 2))
    return Sample("protobuf", message.SerializeToString(deterministic=True))


_AVRO = fastavro.parse_schema(
    {
        "type": "record",
        "name": "Tick",
        "fields": [
            {"name": "symbol", "type": "string"},
            {"name": "price", "type": "double"},
            {"name": "sizes", "type": {"type": "array", "items": "int"}},
        ],
    }
)


def _avro(rng: random.Random) -> Sample:
    stream = io.BytesIO()
    rows = [
        {"symbol": rng.choice(_WORDS), "price": rng.random(), "sizes": [rng.randrange(99)] * 3}
        for _ in range(rng.randrange(1, 20))
    ]
    marker = rng.randbytes(16)
    fastavro.writer(stream, _AVRO, rows, sync_marker=marker)
    return Sample("avro", stream.getvalue())


def _arrow(rng: random.Random) -> Sample:
    rows = rng.randrange(1, 30)
    columns = {
        "x": pa.array([rng.random() for _ in range(rows)]),
        "name": pa.array([rng.choice(_WORDS) for _ in range(rows)]),
    }
    table = pa.table(columns)
    sink = pa.BufferOutputStream()
    open_ = pa.ipc.new_stream if rng.random() < 0.7 else pa.ipc.new_file
    with open_(sink, table.schema) as writer:
        writer.write_table(table)
    return Sample("arrow", sink.getvalue().to_pybytes())


def _numbers(rng: random.Random) -> Sample:
    dtype = rng.choice(("<f4", "<f4", "<f8", "<f8", ">f4", "<i2", "<i4", "<u2", "u1", "<c8"))
    count = rng.choice((3, 8, 16, 64, 256, 1_000))
    steps = np.arange(count)
    wave = 100 * np.sin(steps / rng.uniform(2, 30)) + rng.uniform(0, 50)
    noise = np.array([rng.gauss(0, 1) for _ in range(count)])
    return Sample("numbers", np.abs(wave + noise).astype(dtype).tobytes(), dtype)


def _image(rng: random.Random) -> Sample:
    size = (rng.randrange(1, 40), rng.randrange(1, 40))
    picture = Image.frombytes("RGB", size, rng.randbytes(3 * size[0] * size[1]))
    format_ = rng.choice(("PNG", "JPEG", "GIF", "BMP", "WEBP"))
    stream = io.BytesIO()
    picture.save(stream, format_)
    return Sample("image", stream.getvalue(), format_.lower())


def _pickle(rng: random.Random) -> Sample:
    protocol = rng.randrange(6)
    return Sample("pickle", pickle.dumps(_message(rng), protocol), f"protocol {protocol}")


def _text(rng: random.Random) -> Sample:
    kind = rng.randrange(9)
    if kind < 2:
        return Sample("text", rng.choice(_SENTENCES).encode() * rng.randrange(1, 5), "ascii")
    if kind < 4:
        return Sample("text", rng.choice(_UNICODE).encode() * rng.randrange(1, 5), "utf-8")
    if kind == 4:
        codec = rng.choice(tuple(_CODECS))
        return Sample("text", (_CODECS[codec] * rng.randrange(2, 6)).encode(codec), codec)
    return _odd_text(rng, kind)


def _odd_text(rng: random.Random, kind: int) -> Sample:
    """Text that other formats might take for their own."""
    if kind == 5:
        stream = io.StringIO()
        rows = [[rng.choice(_WORDS), rng.random(), rng.randrange(99)] for _ in range(5)]
        csv.writer(stream).writerows(rows)
        return Sample("text", stream.getvalue().encode(), "csv")
    if kind == 6:
        word = rng.choice(_WORDS)
        texts = (
            f"<{word} a='1'><b>{rng.random()}</b></{word}>",
            f"<!DOCTYPE html><html><body><p>{word}</p></body></html>",
        )
        return Sample("text", rng.choice(texts).encode(), "xml, html")
    raw = rng.randbytes(rng.randrange(6, 200))
    if kind == 7:
        return Sample("text", base64.b64encode(raw), "base64")
    nearly = (
        *(raw.hex(), "{not: json}", "{'a': 1, 'b': [2]}", "[INFO] started", "5", "true", '"text"'),
        *("[2024-01-02 03:04:05] up", "(1, 2, 3)", "array([1., 2.])", "3.14159", "-12", "null"),
    )
    return Sample("text", rng.choice(nearly).encode(), "nearly something")


_MAKERS: tuple[tuple[Callable[[random.Random], Sample], int], ...] = (
    (_json, 1_100),
    (_json_lines, 150),
    (_msgpack, 1_000),
    (_cbor, 900),
    (_bson, 500),
    (_protobuf, 600),
    (_avro, 120),
    (_arrow, 120),
    (_numbers, 700),
    (_image, 300),
    (_pickle, 400),
    (_text, 1_300),
)


# ---- nobody's -----------------------------------------------------------------------------------


def _random(rng: random.Random) -> Sample:
    size = rng.choice((1, 2, 3, 4, 8, 12, 16, 20, 32, 64, 128, 300, 1_000))
    return Sample("random", rng.randbytes(size), f"{size} bytes")


def _damaged(rng: random.Random, sample: Sample) -> Sample:
    """A payload that was something, with a byte or two changed, its end or more of it gone."""
    data = bytearray(sample.data)
    kind = rng.randrange(4)
    if kind == 0 and len(data) > 2:
        return Sample("near", bytes(data[: rng.randrange(1, len(data))]), f"{sample.label}, cut")
    if kind == 1:
        return Sample(
            "near", bytes(data + rng.randbytes(rng.randrange(1, 9))), f"{sample.label}, more behind"
        )
    if kind == 2 and len(data) > 2:
        return Sample("near", bytes(data[rng.randrange(1, len(data)) :]), f"{sample.label}, tail")
    for _ in range(rng.randrange(1, 4)):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return Sample("near", bytes(data), f"{sample.label}, bits")


# ---- compressed ---------------------------------------------------------------------------------

_PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "zlib": zlib.compress,
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "zstd": lambda data: zstandard.ZstdCompressor().compress(data),
    "lz4": lz4.frame.compress,
    "snappy": lambda data: bytes(cramjam.snappy.compress(data)),
}


def _packed(rng: random.Random, sample: Sample) -> Sample:
    name = rng.choice(tuple(_PACKERS))
    return Sample(f"{name}.{sample.label}", _PACKERS[name](sample.data), sample.note)
