"""What the user can tell a decoder: which ones take what, and text fields read back. Pure."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from zmqscope.core.decode.dtypes import NUMBER_TYPES
from zmqscope.core.decode.encodings import encoding_title
from zmqscope.core.decode.payload import DecodeOptions

ENCODED = ("text",)
"""Decoders that take an encoding."""

SHAPED = ("numbers",)
"""Decoders that take a type, a shape and bytes to skip."""

SCHEMED = ("protobuf", "avro")
"""Decoders that take a schema."""

WITH_MESSAGE = ("protobuf",)
"""Decoders that take a message of their schema."""

_MAX_SIDES = 8


def takes_options(decoder: str) -> bool:
    """Whether there is anything to tell a decoder."""
    return decoder in (*ENCODED, *SHAPED, *SCHEMED)


def read_shape(text: str) -> tuple[int, ...] | None:
    """A shape as one types it: ``2, 3, -1`` or ``640x480``; None if it is none."""
    parts = text.replace("×", ",").replace("x", ",").replace("*", ",").strip("()[] ,").split(",")
    if not text.strip("()[] ,"):
        return ()
    try:
        shape = tuple(int(part) for part in parts if part.strip())
    except ValueError:
        return None
    if len(shape) > _MAX_SIDES or shape.count(-1) > 1 or any(s < 1 and s != -1 for s in shape):
        return None
    return shape


def with_number_type(options: DecodeOptions, code: str, *, big: bool) -> DecodeOptions:
    """Options with another type; an empty code leaves it to the frame."""
    if not code:
        return replace(options, dtype="")
    order = "|" if is_single(code) else ">" if big else "<"
    return replace(options, dtype=f"{order}{code}")


def is_single(code: str) -> bool:
    """Whether a number is one byte, which has no order."""
    return code[1:] == "1"


def number_type(options: DecodeOptions) -> tuple[str, bool]:
    """The type's code and whether its bytes are in big-endian order."""
    return options.dtype.lstrip("<>|="), options.dtype.startswith(">")


def options_words(options: DecodeOptions) -> str:
    """What was told a decoder, in a few words; empty for nothing."""
    kind, is_big = number_type(options)
    kind = next((one.title for one in NUMBER_TYPES if one.code == kind), kind)
    if is_big and kind:
        kind = _tr("{0} big-endian").format(kind)
    schema = options.schema.replace("\\", "/").rsplit("/", 1)[-1]
    shape = " × ".join("n" if side == -1 else str(side) for side in options.shape)
    skip = _tr("skip {0}").format(options.skip) if options.skip else ""
    encoding = encoding_title(options.encoding) if options.encoding else ""
    parts = (encoding, kind, shape, skip, schema, options.message)
    return ", ".join(part for part in parts if part)


def _tr(text: str) -> str:
    return QCoreApplication.translate("DecodeOptions", text)
