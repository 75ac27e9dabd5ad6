"""Images as Pillow writes them: recognised, measured by their header, never decoded."""

from __future__ import annotations

import io
import random
import struct
from typing import Any

import pytest
from PIL import Image

from zmqscope.core.decode.decoded import DecodeError, Picture, TextBody
from zmqscope.core.decode.formats.image.decoder import IMAGE, MAX_PIXELS
from zmqscope.core.decode.payload import NO_OPTIONS, Payload

WRITTEN: list[tuple[str, str, dict[str, Any]]] = [
    ("PNG", "png", {}),
    ("JPEG", "jpeg", {}),
    ("JPEG", "jpeg", {"progressive": True, "comment": b"x" * 60_000}),
    ("GIF", "gif", {}),
    ("BMP", "bmp", {}),
    ("WEBP", "webp", {}),
    ("WEBP", "webp", {"lossless": True}),
    ("WEBP", "webp", {"exif": b"Exif\0\0II*\0\x08\0\0\0\0\0"}),
    ("TIFF", "tiff", {}),
    ("TIFF", "tiff", {"compression": "tiff_lzw"}),
    ("PPM", "ppm", {}),
]


def written(kind: str, size: tuple[int, int] = (33, 21), mode: str = "RGB", **how: Any) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, 1).save(file, kind, **how)
    return file.getvalue()


@pytest.mark.parametrize(("kind", "form", "how"), WRITTEN)
def test_what_pillow_writes(kind: str, form: str, how: dict[str, Any]) -> None:
    data = written(kind, **how)
    assert IMAGE.first_bytes is not None
    assert data[0] in IMAGE.first_bytes
    assert IMAGE.sniff(Payload(data)) >= 0.9
    decoded = IMAGE.decode(Payload(data), NO_OPTIONS)
    assert decoded.bodies == (Picture(form, 33, 21),)
    assert decoded.type == f"{form} 33×21"
    assert decoded.notes == ()
    assert IMAGE.preview(Payload(data), NO_OPTIONS).startswith(f"{form} 33×21 · ")


def test_greys_bits_and_icons() -> None:
    for kind, mode, form in (("PPM", "L", "pgm"), ("PPM", "1", "pbm"), ("ICO", "RGB", "ico")):
        data = written(kind, (32, 32), mode)
        assert IMAGE.sniff(Payload(data)) >= 0.95
        assert IMAGE.decode(Payload(data), NO_OPTIONS).bodies == (Picture(form, 32, 32),)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_one_that_breaks_off_says_so(kind: str) -> None:
    data = written(kind, (64, 64))
    (note,) = IMAGE.decode(Payload(data[:-70]), NO_OPTIONS).notes
    assert note.startswith("It breaks off")
    assert IMAGE.decode(Payload(data + bytes(8)), NO_OPTIONS).notes == ()


def test_a_preview_tells_format_and_sizes() -> None:
    data = written("PNG", (640, 480))
    head = Payload(data[:512], True, 12_431)
    assert IMAGE.preview(head, NO_OPTIONS) == "png 640×480 · 12.4 kB"
    assert IMAGE.preview(Payload(data[:20], True, 900), NO_OPTIONS) == "png · 900 B"


def test_a_picture_of_a_million_pixels_a_side_is_only_named() -> None:
    data = bytearray(written("PNG"))
    data[16:24] = struct.pack(">II", 1_000_000, 1_000_000)
    decoded = IMAGE.decode(Payload(bytes(data)), NO_OPTIONS)
    assert decoded.notes == (
        "It claims 1,000,000 × 1,000,000 pixels; pictures of up to 64 million are drawn.",
    )
    assert MAX_PIXELS == 64_000_000


@pytest.mark.parametrize(
    "text",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><image href='http://a/b.png'/></svg>",
        b'<?xml version="1.0"?>\n<!-- a - b -->\n<svg width="5">',
        b"\xef\xbb\xbf <svg>",
    ],
)
def test_svg_is_named_and_shown_as_text(text: bytes) -> None:
    assert IMAGE.sniff(Payload(text)) > 0.99
    decoded = IMAGE.decode(Payload(text), NO_OPTIONS)
    assert decoded.bodies == (TextBody(),)
    assert "not drawn" in decoded.notes[0]
    assert IMAGE.preview(Payload(text), NO_OPTIONS).startswith("svg picture · ")


@pytest.mark.parametrize(
    "data",
    [
        b"BMW is a car, and this is a text",
        b"BM",
        b"P5 is a socket",
        b"P6\nabc",
        b"RIFF\x24\0\0\0WAVEfmt ",
        b"II*",
        b"\0\0\1\0\2\0\0\0",
        b"\0\0\1\0" * 20,
        b"<svgx>",
        b"<html><svg>",
        b"GIF is a format",
        b"",
        b"\xff\xd8",
    ],
)
def test_near_misses(data: bytes) -> None:
    assert IMAGE.sniff(Payload(data)) < 0.5
    with pytest.raises(DecodeError):
        IMAGE.decode(Payload(data), NO_OPTIONS)
    with pytest.raises(DecodeError):
        IMAGE.preview(Payload(data), NO_OPTIONS)


def test_changed_and_cut_images_never_fail_otherwise() -> None:
    picked = random.Random(9)
    kinds = [written(kind, **how) for kind, _, how in WRITTEN] + [written("ICO", (32, 32))]
    for turn in range(6_000):
        data = bytearray(kinds[turn % len(kinds)])
        for _ in range(picked.randrange(4)):
            data[picked.randrange(min(len(data), 64))] = picked.randrange(256)
        payload = Payload(bytes(data[: picked.randrange(1, 200)]), turn % 2 == 0, len(data))
        if IMAGE.sniff(payload):
            assert IMAGE.decode(payload, NO_OPTIONS).bodies
            assert IMAGE.preview(payload, NO_OPTIONS)


def test_a_jpeg_of_endless_segments_ends() -> None:
    data = b"\xff\xd8" + b"\xff\xe1\0\2" * 1_000_000
    assert IMAGE.decode(Payload(data), NO_OPTIONS).bodies == (Picture("jpeg"),)
    filled = Payload(b"\xff\xd8" + b"\xff" * 1_000_000)
    assert IMAGE.decode(filled, NO_OPTIONS).bodies == (Picture("jpeg"),)
    assert IMAGE.sniff(Payload(b"<?xml " + b"<!--" * 200_000)) == 0.0


def test_a_beginning_of_which_nobody_knows_the_whole_has_no_size() -> None:
    data = written("PNG")
    assert IMAGE.preview(Payload(data[:40], True, 1_234), NO_OPTIONS) == "png 33×21 · 1.2 kB"
    # Behind a compression only so much was unpacked.
    assert IMAGE.preview(Payload(data[:40], is_cut=True), NO_OPTIONS) == "png 33×21"
