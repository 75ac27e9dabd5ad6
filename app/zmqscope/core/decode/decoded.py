"""What a decoder makes of bytes: one or more ways to look at them. Pure, any thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from zmqscope.core.decode.node import Node, Span


class DecodeError(Exception):
    """Bytes are not what a decoder reads; every other exception from a decoder is a bug.

    Args:
        text: Why not, in one sentence, with the byte where it shows.
        at: Offset of that byte, if there is one.
    """

    def __init__(self, text: str, at: int | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.at = at


class BadSchemaError(DecodeError):
    """Not the bytes are at fault but the schema that the user has given."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Fields."""

    root: Node


@dataclass(frozen=True, slots=True)
class TextBody:
    """Text.

    Attributes:
        encoding: Python's name of its encoding.
        is_json: Whether it is valid JSON, to be laid out.
        bom: Bytes of a byte-order mark at its beginning.
    """

    encoding: str = "utf-8"
    is_json: bool = False
    bom: int = 0


@dataclass(frozen=True, slots=True)
class Numbers:
    """An array of numbers.

    Attributes:
        dtype: NumPy's name with byte order, such as ``<f4``.
        shape: At least one dimension; fits into the bytes.
        skip: Bytes before the first number.
        rest: Bytes behind the last one.
    """

    dtype: str
    shape: tuple[int, ...]
    skip: int = 0
    rest: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded image, not yet decoded.

    Attributes:
        format: Qt's name of the format: ``png``, ``jpeg``, ``gif``, ``webp``, ``bmp`` …
        width: Pixels, as the header claims; 0 where it does not say.
        height: The same.
    """

    format: str
    width: int = 0
    height: int = 0


class ListingLine(NamedTuple):
    """A line of a listing: its bytes, what they are, and a remark."""

    span: Span
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """Lines that stand for bytes one after the other, such as a disassembly.

    Attributes:
        title: What it is called on a tab.
        lines: Makes a new iterator over all lines; it never raises.
    """

    title: str
    lines: Callable[[], Iterator[ListingLine]] = field(repr=False, compare=False)


Body = Tree | TextBody | Numbers | Picture | Listing


@dataclass(frozen=True, slots=True)
class Decoded:
    """Bytes, understood.

    Attributes:
        bodies: Ways to look at them, the best one first; all are about the decoder's bytes.
        type: The format in a few words with what matters: ``map(12)``, ``float32 × 4,096``.
        notes: What the reader must know, a sentence each: what is not shown, what is odd.
    """

    bodies: tuple[Body, ...]
    type: str = ""
    notes: tuple[str, ...] = ()


class Preview(NamedTuple):
    """Bytes in one line.

    Attributes:
        text: The line, at most 400 characters. It comes from strangers.
        sources: What has read it, outermost first: ``("zlib", "json")``; empty for hex.
        confidence: How sure that is, 0 to 1; 1 when the user chose it.
    """

    text: str
    sources: tuple[str, ...] = ()
    confidence: float = 1.0
