"""Hostile compressions and images: bombs, and what claims to be large."""

from __future__ import annotations

import gzip
import zlib

import cramjam
import lz4.block
import lz4.frame
import zstandard

from tests.hostile_parts import MB, Maker, be, le, zeros

# ---- compressions -------------------------------------------------------------------------------


def _deflated(size: int) -> bytes:
    """Zeros, compressed by zlib."""
    # The sum of zeros alone is 1, and as many ones (modulo 65,521) as there are zeros.
    return b"\x78\xda" + zeros(size // MB) + be("HH", size % 65_521, 1)


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
    "zstd claims 2^62": lambda: b"\x28\xb5\x2f\xfd\xe0" + le("Q", 1 << 62) + b"\x01\0\0",
    "lz4 bomb of 300 MB": lambda: bytes(lz4.frame.compress(bytes(300 * MB))),
    "lz4 2 M empty frames": lambda: bytes(lz4.frame.compress(b"")) * (2 * MB),
    "lz4 claims 2^62": lambda: b"\x04\x22\x4d\x18\x6c\x70" + le("Q", 1 << 62) + b"\0" * 20,
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
    return be("I", len(data)) + kind + data + be("I", zlib.crc32(kind + data))


def _png(width: int, height: int, *more: bytes, depth: int = 8, colours: int = 6) -> bytes:
    head = _chunk(b"IHDR", be("IIBBBBB", width, height, depth, colours, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + _chunk(b"IEND", b"")


def _gif(width: int, height: int, frames: int) -> bytes:
    frame = (
        b"\x21\xf9\x04\0\0\0\0\0\x2c\0\0\0\0" + le("HH", width, height) + b"\0\x02\x02\x44\x01\0"
    )
    return (
        b"GIF89a" + le("HH", width, height) + b"\x80\0\0\0\0\0\xff\xff\xff" + frame * frames + b";"
    )


def _bmp(width: int, height: int, bits: int = 32, compression: int = 0) -> bytes:
    head = le("IiiHHIIiiII", 40, width, height, 1, bits, compression, 0, 0, 0, 0, 0)
    return b"BM" + le("IHHI", 54, 0, 0, 54) + head + b"\0" * 64


def _jpeg(width: int, height: int) -> bytes:
    size = (
        b"\xff\xc0\0\x11\x08" + be("HH", height, width) + b"\x03\x01\x22\0\x02\x11\x01\x03\x11\x01"
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
    entries = b"".join(le("HHII", tag, 4, 1, MB) for tag in (256, 257))
    return b"II*\0\x08\0\0\0" + le("H", 2) + entries + le("I", 8)


_ONE_PIXEL = _chunk(b"IDAT", zlib.compress(b"\0" * 5))

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
        1, 1, _chunk(b"zTXt", b"a\0\0" + _deflated(300 * MB)), _ONE_PIXEL
    ),
    "png with a profile bomb": lambda: _png(
        1, 1, _chunk(b"iCCP", b"a\0\0" + _deflated(300 * MB)), _ONE_PIXEL
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
    "ico of 65,535 icons": lambda: (
        b"\0\0\x01\0\xff\xff" + b"\0\0\0\0\x01\0\x20\0\xff\xff\xff\x7f\x16\0\0\0" * 9
    ),
    "ppm of a million by a million": lambda: b"P6 1000000 1000000 255\n" + b"\0" * 64,
    "xbm of a million": lambda: (
        b"#define a_width 1000000\n#define a_height 1000000\nstatic char a_bits[] = {0};"
    ),
}  # fmt: skip
