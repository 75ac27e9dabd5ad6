"""Encoded images: what they are and how large they claim to be. Pure, any thread.

No pixel is decoded here: whoever draws a picture decides whether it is small enough.
"""

from __future__ import annotations

from zmqscope.core.decode.decoded import Decoded, DecodeError, Picture, TextBody
from zmqscope.core.decode.formats.image.headers import MAGICS, ImageHeader, read_header
from zmqscope.core.decode.formats.image.svg import is_svg
from zmqscope.core.decode.payload import DecodeOptions, Payload

MAX_PIXELS = 64_000_000
"""Larger pictures are not drawn: each pixel takes four bytes once it is decoded."""

# PNG (W3C), 11.2.5; JPEG (ITU T.81), B.1.1.3, EOI.
_ENDS = {"png": b"IEND\xaeB`\x82", "jpeg": b"\xff\xd9"}
_BEHIND_END = 64
_FIRST = frozenset((*(magic[0] for magic in MAGICS), ord("<"), 0xEF, 0x20, 0x0A, 0x0D, 0x09))


class Image:
    """Recognises images."""

    name = "image"
    title = "Image"
    first_bytes: frozenset[int] | None = _FIRST

    def sniff(self, payload: Payload) -> float:
        """Marks of several bytes, and a header that makes sense."""
        header = read_header(payload)
        if header is not None:
            return header.confidence
        return 0.992 if is_svg(payload.data) else 0.0

    def decode(self, payload: Payload, options: DecodeOptions) -> Decoded:
        """Read the header.

        Raises:
            DecodeError: It is no image that is known.
        """
        header = read_header(payload)
        if header is None:
            if is_svg(payload.data):
                note = "An SVG picture can fetch others, so it is not drawn: this is its text."
                return Decoded((TextBody(),), "svg picture", (note,))
            raise DecodeError("This does not begin as any image format that is known here.", 0)
        picture = Picture(header.format, header.width, header.height)
        return Decoded((picture,), _words(header), tuple(_notes(header, payload)))

    def preview(self, payload: Payload, options: DecodeOptions) -> str:
        """Its format and sizes.

        Raises:
            DecodeError: It is no image that is known.
        """
        header = read_header(payload)
        if header is not None:
            return _words(header) + _size_words(payload)
        if is_svg(payload.data):
            return "svg picture" + _size_words(payload)
        raise DecodeError("This does not begin as any image format that is known here.", 0)


def _words(header: ImageHeader) -> str:
    if not header.width:
        return header.format
    return f"{header.format} {header.width:,}×{header.height:,}"


def _notes(header: ImageHeader, payload: Payload) -> list[str]:
    notes = []
    if header.width * header.height > MAX_PIXELS:
        notes.append(
            f"It claims {header.width:,} × {header.height:,} pixels; "
            f"pictures of up to {MAX_PIXELS // 1_000_000} million are drawn."
        )
    if not header.width:
        notes.append("Its header does not say how large it is.")
    if payload.is_cut:
        notes.append("Only its beginning is here.")
    elif not _has_end(header.format, payload.data):
        notes.append("It breaks off: the format’s end mark is missing, and perhaps part of it.")
    return notes


def _has_end(name: str, data: bytes) -> bool:
    """Whether the mark that a format ends with is there; some write a little behind it."""
    mark = _ENDS.get(name)
    return mark is None or mark in data[-_BEHIND_END:]


def _size_words(payload: Payload) -> str:
    """How large it is; nothing where only its beginning is known, as behind a compression."""
    is_known = not payload.is_cut or payload.size > len(payload.data)
    return f" · {_size(payload.size)}" if is_known else ""


def _size(count: int) -> str:
    """Bytes in the unit that suits them: ``12.4 kB``."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 999.5 or unit == "GB":
            break
        value /= 1_000
    return f"{count} B" if unit == "B" else f"{value:.1f} {unit}"


IMAGE = Image()
