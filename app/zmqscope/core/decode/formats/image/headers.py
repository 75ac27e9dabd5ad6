"""The headers of image formats, as far as they tell a size. Pure, any thread."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from typing import NamedTuple

from zmqscope.core.decode.payload import Payload


class ImageHeader(NamedTuple):
    """What a header says.

    Attributes:
        format: Qt's name of the format.
        width: Pixels; 0 where the header does not say, or not in the bytes that are there.
        height: The same.
        confidence: How sure it is that this is one.
    """

    format: str
    width: int = 0
    height: int = 0
    confidence: float = 0.99


_MAX_SEGMENTS = 200
_MAX_ENTRIES = 64
_U16 = struct.Struct("<H")


def read_header(payload: Payload) -> ImageHeader | None:
    """The header of an image; None if it is none."""
    data = payload.data
    if not data.startswith(MAGICS):
        return None
    for magic, read in _READERS:
        if data.startswith(magic):
            try:
                header = read(data, payload.size)
            except (struct.error, IndexError):
                # It ends inside its header.
                header = None
            if header is not None:
                return header
    return None


def _png(data: bytes, size: int) -> ImageHeader | None:
    """PNG (W3C), 5.2 and 11.2.1."""
    if len(data) < 24:
        return ImageHeader("png")
    if data[12:16] != b"IHDR":
        return ImageHeader("png", confidence=0.9)
    return ImageHeader("png", *struct.unpack_from(">II", data, 16))


def _jpeg(data: bytes, size: int) -> ImageHeader | None:
    """JPEG (ITU T.81), annex B: segments until the frame header."""
    at = 2
    for _ in range(_MAX_SEGMENTS):
        if at + 4 > len(data):
            break
        if data[at] != 0xFF:
            return ImageHeader("jpeg", confidence=0.7)
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        # Start of frame, but for DHT, JPG and DAC.
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            if at + 9 > len(data):
                break
            height, width = struct.unpack_from(">HH", data, at + 5)
            return ImageHeader("jpeg", width, height)
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return ImageHeader("jpeg", confidence=0.98)


def _gif(data: bytes, size: int) -> ImageHeader | None:
    """GIF 89a, 18."""
    return ImageHeader("gif", *struct.unpack_from("<HH", data, 6))


def _bmp(data: bytes, size: int) -> ImageHeader | None:
    """A bitmap file header, then one of several info headers; a negative height is upside down."""
    (claimed, reserved, pixels, header) = struct.unpack_from("<IIII", data, 2)
    if header not in (12, 40, 52, 56, 64, 108, 124) or not 14 + header <= pixels:
        return None
    if header == 12:
        width, height = struct.unpack_from("<HH", data, 18)
    else:
        width, height = struct.unpack_from("<ii", data, 18)
    if width <= 0 or height == 0:
        return None
    fits = reserved == 0 or claimed == size
    return ImageHeader("bmp", width, abs(height), 0.97 if fits else 0.8)


def _webp(data: bytes, size: int) -> ImageHeader | None:
    """WebP (RFC 9649), 2."""
    if data[8:12] != b"WEBP":
        return None
    kind = data[12:16]
    if kind == b"VP8X" and len(data) >= 30:
        width, height = data[24:27], data[27:30]
        return ImageHeader(
            "webp", int.from_bytes(width, "little") + 1, int.from_bytes(height, "little") + 1
        )
    if kind == b"VP8L" and len(data) >= 25:
        bits = int.from_bytes(data[21:25], "little")
        return ImageHeader("webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8 " and len(data) >= 30:
        width_bits, height_bits = struct.unpack_from("<HH", data, 26)
        return ImageHeader("webp", width_bits & 0x3FFF, height_bits & 0x3FFF)
    return ImageHeader("webp")


def _tiff(data: bytes, size: int) -> ImageHeader | None:
    """TIFF 6.0, 2: the first directory, which often stands behind the pixels."""
    order = "<" if data[0] == 0x49 else ">"
    (first,) = struct.unpack_from(f"{order}I", data, 4)
    if first < 8 or first >= size:
        return None
    found = {256: 0, 257: 0}
    if first + 2 <= len(data):
        (count,) = struct.unpack_from(f"{order}H", data, first)
        for at in range(first + 2, first + 2 + 12 * min(count, _MAX_ENTRIES), 12):
            if at + 12 > len(data):
                break
            tag, kind = struct.unpack_from(f"{order}HH", data, at)
            if tag in found and kind in (3, 4):
                (found[tag],) = struct.unpack_from(
                    order + ("H" if kind == 3 else "I"), data, at + 8
                )
    if not (found[256] and found[257]):
        return ImageHeader("tiff", confidence=0.9)
    return ImageHeader("tiff", found[256], found[257])


def _ico(data: bytes, size: int) -> ImageHeader | None:
    """An icon directory; its largest picture. Its mark is four bytes that numbers also have."""
    (count,) = _U16.unpack_from(data, 4)
    if not 0 < count <= _MAX_ENTRIES:
        return None
    largest = (0, 0)
    for at in range(6, 6 + 16 * count, 16):
        if at + 16 > len(data):
            break
        width, height, _, reserved, planes, bits, length, offset = struct.unpack_from(
            "<BBBBHHII", data, at
        )
        if reserved or planes > 1 or bits > 32 or length < 40:
            return None
        if offset < 6 + 16 * count or offset + length > size:
            return None
        largest = max(largest, (width or 256, height or 256))
    return ImageHeader("ico", *largest, confidence=0.95) if largest[0] else None


_PNM = re.compile(
    rb"P([456])(?:\s+(?:\#[^\n]*\n\s*)*)(\d{1,7})(?:\s+(?:\#[^\n]*\n\s*)*)(\d{1,7})"
    rb"(?:(?:\s+(?:\#[^\n]*\n\s*)*)(\d{1,5}))?\s"
)
_PNM_FORMATS = {b"4": "pbm", b"5": "pgm", b"6": "ppm"}


def _pnm(data: bytes, size: int) -> ImageHeader | None:
    """Netpbm's binary formats: width, height and the largest value in digits."""
    found = _PNM.match(data[:512])
    if found is None or (found[1] != b"4" and found[4] is None):
        return None
    width, height = int(found[2]), int(found[3])
    if not width or not height:
        return None
    return ImageHeader(_PNM_FORMATS[found[1]], width, height, 0.97)


_READERS: tuple[tuple[bytes, Callable[[bytes, int], ImageHeader | None]], ...] = (
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"\xff\xd8\xff", _jpeg),
    (b"GIF89a", _gif),
    (b"GIF87a", _gif),
    (b"BM", _bmp),
    (b"RIFF", _webp),
    (b"II*\0", _tiff),
    (b"MM\0*", _tiff),
    (b"\0\0\1\0", _ico),
    (b"P4", _pnm),
    (b"P5", _pnm),
    (b"P6", _pnm),
)
MAGICS = tuple(magic for magic, _ in _READERS)
"""How image files begin."""
