"""Frames of two messages side by side, and how each pair can be compared. GUI thread."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from PySide6.QtCore import QCoreApplication

from zmqscope.core.decode.decoded import Body, Listing, Numbers, TextBody, Tree
from zmqscope.core.decode.field_path import BYTES, FieldPath
from zmqscope.core.decode.registry import Reading
from zmqscope.models.inspector.inspected import Inspected


@dataclass(frozen=True, slots=True)
class FramePair:
    """A frame in both messages, as far as it is there.

    Attributes:
        before: Its index in the message before; None if it is not there.
        after: The same in the message behind.
    """

    before: int | None
    after: int | None


def pair_frames(before: Inspected, after: Inspected) -> list[FramePair]:
    """Frames that belong together: counted from the first behind topic or routing ids."""
    low = -max(before.body, after.body)
    high = max(len(m.frames) - m.body for m in (before, after))
    return [
        FramePair(_index(before, place), _index(after, place))
        for place in range(low, high)
        if _index(before, place) is not None or _index(after, place) is not None
    ]


def _index(message: Inspected, place: int) -> int | None:
    index = message.body + place
    return index if 0 <= index < len(message.frames) else None


class How(Enum):
    """How two frames are compared."""

    FIELDS = "fields"
    LINES = "lines"
    NUMBERS = "numbers"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class PairReading:
    """Two frames, read.

    Attributes:
        how: How they are compared.
        data: The bytes that are compared.
        bodies: What the decoders made of them; None where bytes are compared.
        readings: What they turned out to be.
        paths: Field paths of all of each frame.
        offsets: Bytes of each frame before those that are compared; None where these are unpacked.
        note: Why they are compared in another way than one would think; may be empty.
    """

    how: How
    data: tuple[bytes, bytes]
    bodies: tuple[Body, Body] | None
    readings: tuple[Reading, Reading]
    paths: tuple[FieldPath, FieldPath]
    offsets: tuple[int, int] | None = None
    note: str = ""


def read_pair(before: Inspected, after: Inspected, first: int, second: int) -> PairReading:
    """Read two frames as the user wants them read, and decide how they are compared."""
    one, two = before.found(first), after.found(second)
    readings = one.reading, two.reading
    paths = before.field_path(first, ()), after.field_path(second, ())
    data = readings[0].data, readings[1].data
    if readings[0].source != readings[1].source:
        words = _tr("Read as {0} before and as {1} after, so bytes are compared.")
        note = words.format(_source(readings[0]), _source(readings[1])) if all(data) else ""
        whole = before.frames[first], after.frames[second]
        return PairReading(How.BYTES, whole, None, readings, _byte_paths(paths, ()), (0, 0), note)
    layers = readings[0].source[:-1]
    offsets = None if layers else (one.offset, two.offset)
    shared = _shared_bodies(*readings)
    if shared is None:
        note = next((r.problem for r in reversed(readings) if r.problem), "")
        bytes_paths = _byte_paths(paths, layers)
        return PairReading(How.BYTES, data, None, readings, bytes_paths, offsets, note)
    how = {Tree: How.FIELDS, Numbers: How.NUMBERS}.get(type(shared[0]), How.LINES)
    return PairReading(how, data, shared, readings, paths, offsets)


def whole_pair(before: Inspected, after: Inspected, first: int, second: int) -> PairReading:
    """The same frames as they came, for a comparison of their bytes."""
    readings = before.found(first).reading, after.found(second).reading
    paths = before.field_path(first, ()), after.field_path(second, ())
    data = before.frames[first], after.frames[second]
    return PairReading(How.BYTES, data, None, readings, _byte_paths(paths, ()), (0, 0))


def _source(reading: Reading) -> str:
    return ".".join(reading.source)


def _byte_paths(
    paths: tuple[FieldPath, FieldPath], layers: tuple[str, ...]
) -> tuple[FieldPath, FieldPath]:
    one, two = (FieldPath((*layers, BYTES), frame=path.frame) for path in paths)
    return one, two


def _shared_bodies(first: Reading, second: Reading) -> tuple[Body, Body] | None:
    """The best way to look at both that can be compared other than by bytes."""
    if first.decoded is None or second.decoded is None:
        return None
    for two in second.decoded.bodies:
        for one in first.decoded.bodies:
            if isinstance(one, Numbers) and isinstance(two, Numbers):
                is_guess = first.is_guess or second.is_guess
                if one.dtype != two.dtype or (is_guess and _is_better_as_bytes(one, two)):
                    return None
                return one, two
            elif type(one) is type(two) and isinstance(one, Tree | TextBody | Listing):
                return one, two
    return None


def _is_better_as_bytes(one: Numbers, two: Numbers) -> bool:
    """Whether more can be said of numbers that nobody calls so when they are bytes.

    An insertion moves all that follow, and a byte is no more for being called a number.
    """
    return one.shape != two.shape or np.dtype(two.dtype).itemsize == 1


def _tr(text: str) -> str:
    return QCoreApplication.translate("Compare", text)
