"""Compressions against the libraries that make them: whole, cut, broken, and hostile."""

from __future__ import annotations

import gzip
import json
import random
import struct
import time
import tracemalloc
import zlib
from collections.abc import Callable

import cramjam
import lz4.block
import lz4.frame
import pytest
import zstandard

from zmqscope.core.decode.builtin import builtin_layers
from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.layers.zlib import ZLIB
from zmqscope.core.decode.payload import Payload

LIMIT = 16_000_000
LAYERS = {layer.name: layer for layer in builtin_layers()}
RANDOM = random.Random(6)
NOISE = RANDOM.randbytes(200_000)
RECORDS = json.dumps([{"id": i, "name": f"x{i * i % 977}"} for i in range(20_000)]).encode()


def lz4_raw(data: bytes) -> bytes:
    return lz4.block.compress(data, store_size=False)


def snappy_raw(data: bytes) -> bytes:
    return bytes(cramjam.snappy.compress_raw(data))


def snappy_framed(data: bytes) -> bytes:
    return bytes(cramjam.snappy.compress(data))


def zstd_checked(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


def zstd_unsized(data: bytes) -> bytes:
    packer = zstandard.ZstdCompressor(write_content_size=False).compressobj()
    return packer.compress(data) + packer.flush()


def lz4_checked(data: bytes) -> bytes:
    return lz4.frame.compress(data, content_checksum=True, block_checksum=True)


PACKERS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("zlib", zlib.compress),
    ("gzip", gzip.compress),
    ("zstd", zstandard.compress),
    ("zstd", zstd_checked),
    ("zstd", zstd_unsized),
    ("lz4", lz4.frame.compress),
    ("lz4", lz4_checked),
    ("lz4block", lz4.block.compress),
    ("lz4block", lz4_raw),
    ("snappy", snappy_raw),
    ("snappy", snappy_framed),
]
GUESSED = [one for one in PACKERS if one[0] != "lz4block"]
DATA = [b"a", b"hello world", RECORDS[:2_000], NOISE[:3_000], NOISE, RECORDS, bytes(3_000_000)]


def taken_off(name: str, packed: bytes, *, is_cut: bool = False) -> tuple[bytes, str]:
    """What could be had, and why not all of it."""
    try:
        found = LAYERS[name].unpack(Payload(packed, is_cut), LIMIT)
    except DecodeError as error:
        return b"", error.text
    return found.data, found.problem


@pytest.mark.parametrize("data", DATA, ids=len)
@pytest.mark.parametrize(("name", "pack"), PACKERS)
def test_what_was_packed_comes_out(name: str, pack: Callable[[bytes], bytes], data: bytes) -> None:
    layer, packed = LAYERS[name], Payload(pack(data))
    assert layer.unpack(packed, LIMIT) == (data, False, "")
    assert layer.unpack(packed, len(data)) == (data, False, "")
    assert layer.unpack(packed, len(data) - 1) == (data[:-1], True, "")


@pytest.mark.parametrize(("name", "pack"), [one for one in PACKERS if one[1] is not snappy_framed])
def test_nothing_packed_is_nothing(name: str, pack: Callable[[bytes], bytes]) -> None:
    assert LAYERS[name].unpack(Payload(pack(b"")), LIMIT) == (b"", False, "")


@pytest.mark.parametrize("data", [RECORDS[:9_000], NOISE[:3_000], NOISE, RECORDS], ids=len)
@pytest.mark.parametrize(("name", "pack"), PACKERS)
def test_a_beginning_gives_a_beginning(
    name: str, pack: Callable[[bytes], bytes], data: bytes
) -> None:
    packed = pack(data)
    assert len(packed) > 512
    found = LAYERS[name].unpack(Payload(packed[:512], True, len(packed)), 4_096)
    assert data.startswith(found.data)
    assert found.is_cut
    assert not found.problem
    # A block of zstd says nothing before its end, and an incompressible LZ4 one is a long literal.
    is_noise = data in (NOISE, NOISE[:3_000])
    if name not in ("zstd", "lz4block") or (name == "zstd" and is_noise):
        assert len(found.data) > 400


@pytest.mark.parametrize("data", [RECORDS[:2_000], NOISE[:3_000], RECORDS], ids=len)
@pytest.mark.parametrize(("name", "pack"), PACKERS)
def test_what_is_missing_is_said(name: str, pack: Callable[[bytes], bytes], data: bytes) -> None:
    packed = pack(data)
    for cut in (1, 3, 10, len(packed) // 2):
        found, problem = taken_off(name, packed[:-cut])
        assert data.startswith(found)
        assert "missing" in problem or "early" in problem


@pytest.mark.parametrize("data", [b"hello world", *DATA[2:]], ids=len)
@pytest.mark.parametrize(("name", "pack"), GUESSED)
def test_it_is_recognised_by_its_beginning(
    name: str, pack: Callable[[bytes], bytes], data: bytes
) -> None:
    packed = pack(data)
    layer = LAYERS[name]
    assert layer.first_bytes is None or packed[0] in layer.first_bytes
    confidence = layer.sniff(Payload(packed[:512], len(packed) > 512, len(packed)))
    # A bare Snappy block has no mark: where nothing repeats, little tells it.
    if pack is snappy_raw:
        assert confidence >= (0.5 if len(data) > 1_000 else 0.3)
        assert confidence <= 0.95
    else:
        assert confidence >= 0.95


@pytest.mark.parametrize("name", [name for name in LAYERS if name != "lz4block"])
def test_random_bytes_are_not_taken_for_it(name: str) -> None:
    layer = LAYERS[name]
    starts: list[int] = sorted(layer.first_bytes or range(256))
    wrong = 0
    for _ in range(20_000):
        size = RANDOM.choice((8, 20, 64, 300, 512))
        # Only what begins right is ever asked about.
        data = bytes((RANDOM.choice(starts),)) + RANDOM.randbytes(size - 1)
        wrong += layer.sniff(Payload(data)) >= 0.5
        wrong += layer.sniff(Payload(data, True, 5_000)) >= 0.5
    assert wrong <= 20


def test_near_misses_of_zlib() -> None:
    zlib_layer = LAYERS["zlib"]
    for text in (b"x^2 + y^2 = 1", b"hello", b"HK", b"X\x85", b"x\x9c", b"x\x01abc", b"x\xda"):
        assert zlib_layer.sniff(Payload(text)) < 0.5


def test_streams_that_follow_one_another() -> None:
    for name, pack in (
        ("gzip", gzip.compress),
        ("zstd", zstandard.compress),
        ("lz4", lz4.frame.compress),
        ("snappy", snappy_framed),
    ):
        packed = pack(b"first ") + pack(b"second")
        assert LAYERS[name].unpack(Payload(packed), LIMIT) == (b"first second", False, "")
    skipped = b"\x53\x2a\x4d\x18\x03\0\0\0abc"
    for name, pack in (("zstd", zstandard.compress), ("lz4", lz4.frame.compress)):
        packed = skipped + pack(b"data") + skipped
        assert LAYERS[name].unpack(Payload(packed), LIMIT) == (b"data", False, "")
        assert LAYERS[name].sniff(Payload(packed)) == 0.99


@pytest.mark.parametrize(("name", "pack"), GUESSED)
def test_bytes_of_another_kind_behind_it_are_said(
    name: str, pack: Callable[[bytes], bytes]
) -> None:
    found = LAYERS[name].unpack(Payload(pack(b"data data data") + b"\x01more"), LIMIT)
    assert found.data == b"data data data"
    assert found.problem
    assert LAYERS["gzip"].unpack(Payload(gzip.compress(b"x") + bytes(20)), LIMIT).problem == ""


@pytest.mark.parametrize(
    ("name", "pack", "at"),
    [
        ("zlib", zlib.compress, -1),
        ("gzip", gzip.compress, -5),
        ("zstd", zstd_checked, -1),
        ("lz4", lz4_checked, -1),
        ("snappy", snappy_framed, 15),
    ],
)
def test_a_wrong_check_sum_is_said(name: str, pack: Callable[[bytes], bytes], at: int) -> None:
    data = b"hello " * 100
    packed = bytearray(pack(data))
    packed[at] ^= 1
    found, problem = taken_off(name, bytes(packed))
    assert "check sum" in problem
    # A chunk of Snappy has its sum before it and is not given out; all others were good so far.
    assert len(found) >= len(data) - 1 or name == "snappy" or "block" in problem


def test_dictionaries_are_named() -> None:
    packer = zlib.compressobj(zdict=b"abcabc")
    packed = packer.compress(b"abcabcabc") + packer.flush()
    with pytest.raises(DecodeError, match="dictionary"):
        LAYERS["zlib"].unpack(Payload(packed), LIMIT)
    samples: list[bytes | bytearray | memoryview] = [
        RANDOM.randbytes(8) * 3 + b"%d" % i for i in range(2_000)
    ]
    known = zstandard.train_dictionary(8_000, samples)
    packed = zstandard.ZstdCompressor(dict_data=known).compress(bytes(samples[0]))
    with pytest.raises(DecodeError, match=f"dictionary {known.dict_id()}"):
        LAYERS["zstd"].unpack(Payload(packed), LIMIT)


ZSTD = b"\x28\xb5\x2f\xfd"
BOMBS: list[tuple[str, str, Callable[[], bytes]]] = [
    ("zlib", "zlib", lambda: zlib.compress(bytes(100_000_000))),
    ("empty stored blocks", "zlib", lambda: b"\x78\x9c" + b"\0\0\0\xff\xff" * 2_000_000),
    ("gzip", "gzip", lambda: gzip.compress(bytes(100_000_000))),
    ("empty members", "gzip", lambda: gzip.compress(b"") * 1_000_000),
    ("zstd", "zstd", lambda: zstandard.compress(bytes(100_000_000))),
    ("window of 128 MiB", "zstd", lambda: ZSTD + b"\0\x88" + b"\x02\0\x10a" * 3_000),
    ("window of 2 GiB", "zstd", lambda: ZSTD + b"\0\xa8\x01\0\0"),
    ("window of 2 TiB", "zstd", lambda: ZSTD + b"\0\xff\x01\0\0"),
    ("claims 4 EB", "zstd", lambda: ZSTD + b"\xe0" + struct.pack("<Q", 1 << 62) + b"\x01\0\0"),
    ("empty blocks", "zstd", lambda: ZSTD + b"\0\0" + bytes(9_000_000)),
    ("empty frames", "zstd", lambda: (ZSTD + b"\0\0\x01\0\0") * 1_000_000),
    ("skipped frames", "zstd", lambda: b"\x50\x2a\x4d\x18\0\0\0\0" * 2_000_000),
    ("lz4", "lz4", lambda: lz4.frame.compress(bytes(100_000_000))),
    ("empty frames", "lz4", lambda: lz4.frame.compress(b"") * 1_000_000),
    ("lz4 block", "lz4block", lambda: lz4.block.compress(bytes(100_000_000))),
    ("bare lz4 block", "lz4block", lambda: lz4_raw(bytes(100_000_000))),
    ("claims 4 GB", "lz4block", lambda: b"\xff" * 4 + lz4_raw(b"hello " * 100)),
    ("tiny steps", "lz4block", lambda: b"\x10a\x01\0" + b"\0\x01\0" * 5_000_000),
    ("snappy", "snappy", lambda: snappy_raw(bytes(100_000_000))),
    ("claims 4 GB", "snappy", lambda: b"\xff\xff\xff\xff\x0f\x14abcdef" + b"\xfe\x01\0" * 10),
    ("tiny steps", "snappy", lambda: b"\xff\xff\xff\x7f\0a" + b"\x01\x01" * 5_000_000),
    ("snappy frames", "snappy", lambda: snappy_framed(bytes(100_000_000))),
    ("padding", "snappy", lambda: b"\xff\x06\0\0sNaPpY" + b"\xfe\0\0\0" * 2_000_000),
]


@pytest.mark.parametrize(("name", "make"), [pytest.param(b[1], b[2], id=b[0]) for b in BOMBS])
def test_bombs_are_bounded_in_time_and_memory(name: str, make: Callable[[], bytes]) -> None:
    payload = Payload(make())
    layer = LAYERS[name]
    tracemalloc.start()
    began = time.thread_time()
    try:
        size = len(layer.unpack(payload, 1_000_000).data)
    except DecodeError:
        size = 0
    took_s = time.thread_time() - began
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size <= 1_000_000
    # Tracing slows the walkers down; the bound without it is some 160 ms.
    assert took_s < 3.0
    assert peak < 20_000_000 + 8 * len(payload.data)


@pytest.mark.parametrize("name", LAYERS)
def test_nothing_but_a_decode_error_comes_out_of_changed_bytes(name: str) -> None:
    layer = LAYERS[name]
    packers = [pack for one, pack in PACKERS if one == name]
    for turn in range(1_500):
        packed = bytearray(packers[turn % len(packers)](RECORDS[: RANDOM.randrange(1, 3_000)]))
        for _ in range(RANDOM.randrange(1, 5)):
            packed[RANDOM.randrange(len(packed))] = RANDOM.randrange(256)
        changed = bytes(packed[: RANDOM.randrange(1, len(packed) + 1)])
        assert 0 <= layer.sniff(Payload(changed, turn % 2 == 0)) <= 1
        found, problem = taken_off(name, changed, is_cut=turn % 3 == 0)
        assert len(found) <= LIMIT
        assert not problem or problem.endswith(".")


def test_what_stands_behind_much_padding_is_told() -> None:
    data = zlib.compress(b"x" * 100)
    assert not ZLIB.unpack(Payload(data + bytes(100_000)), 1_000).problem
    found = ZLIB.unpack(Payload(data + bytes(100_000) + b"more"), 1_000)
    assert found.problem == "Behind the zlib data are 100,004 bytes of another kind."
