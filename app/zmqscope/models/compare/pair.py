"""Compares two frames, in steps, in the way that suits what they are. GUI thread."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QCoreApplication

from zmqscope.core.decode.compare.bytes import ByteComparison, RunKind, compare_bytes
from zmqscope.core.decode.compare.changes import Change, ChangeKind
from zmqscope.core.decode.compare.numbers import compare_numbers
from zmqscope.core.decode.compare.text import MAX_TEXT_BYTES, compare_lines, decode_lines
from zmqscope.core.decode.compare.tree import MAX_FIELDS, PLAIN_FORMATS, TreeComparer
from zmqscope.core.decode.decoded import Listing, Numbers, TextBody, Tree
from zmqscope.models.compare.frames import How, PairReading
from zmqscope.models.compare.number_rows import element_row, length_row, number_notes
from zmqscope.models.compare.rows import CompareRow, change_row, line_row, run_row
from zmqscope.models.format import format_bytes

_AT_ONCE_BYTES = 125_000
_LISTING_LINES = 50_000


class Sink(Protocol):
    """Where lines go.

    Attributes:
        with_equal: Whether what is equal is wanted, too.
    """

    with_equal: bool

    def add(self, row: CompareRow) -> bool:
        """List a line; False once there is no more room."""

    def note(self, words: str) -> None:
        """Say something that the reader must know."""

    def leave_out(self, words: str) -> None:
        """Say what is not compared; nothing may be called equal then."""


class PairComparer:
    """Compares two frames.

    Args:
        frame: Which pair of frames.
        reading: What they are.
        sink: Where lines go.

    Attributes:
        found: Their stretches, once bytes are compared.
    """

    def __init__(self, frame: int, reading: PairReading, sink: Sink) -> None:
        self._frame = frame
        self._reading = reading
        self._sink = sink
        self.found: ByteComparison | None = None

    def steps(self) -> Iterator[bool]:
        """Compare; True now and then if it waits for another thread."""
        ways = {
            How.FIELDS: self._fields,
            How.LINES: self._lines,
            How.NUMBERS: self._numbers,
            How.BYTES: self._bytes,
        }
        return ways[self._reading.how]()

    def _fields(self) -> Iterator[bool]:
        frame, reading = self._frame, self._reading
        bodies = reading.bodies
        if bodies is None or not isinstance(bodies[0], Tree) or not isinstance(bodies[1], Tree):
            return
        is_plain = reading.readings[1].source[-1] in PLAIN_FORMATS
        comparer = TreeComparer(
            bodies[0].root,
            bodies[1].root,
            reading.data if is_plain else None,
            cut_data=reading.data,
            with_equal=self._sink.with_equal,
        )
        for change in comparer.changes():
            if change is None:
                yield False
                continue
            if not self._sink.add(self._change_row(change, frame, reading)):
                return
        if comparer.is_stopped:
            words = _tr("The first {0} fields are compared. Compare bytes to see the rest.")
            self._sink.leave_out(words.format(f"{MAX_FIELDS // 2:,}"))

    @staticmethod
    def _change_row(change: Change, frame: int, reading: PairReading) -> CompareRow:
        path = reading.paths[0] if change.after is None else reading.paths[1]
        return replace(change_row(change, frame, path), at=_place(change, reading.offsets))

    def _lines(self) -> Iterator[bool]:
        frame, reading = self._frame, self._reading
        if reading.bodies is None:
            return
        lines: list[list[str]] = []
        for body, data in zip(reading.bodies, reading.data, strict=True):
            if isinstance(body, Listing):
                lines.append(_listing_lines(body))
                if len(lines[-1]) >= _LISTING_LINES:
                    words = _tr("Only the first {0} lines are compared.")
                    self._sink.leave_out(words.format(f"{_LISTING_LINES:,}"))
            elif isinstance(body, TextBody):
                lines.append(decode_lines(data, body.encoding, body.bom))
                if len(data) > MAX_TEXT_BYTES:
                    words = _tr("Only the first {0} of the text are compared.")
                    self._sink.leave_out(words.format(format_bytes(MAX_TEXT_BYTES)))
            yield False
        for count, change in enumerate(
            compare_lines(lines[0], lines[1], with_equal=self._sink.with_equal)
        ):
            if not self._sink.add(line_row(change, frame)):
                return
            if count % 256 == 255:
                yield False

    def _numbers(self) -> Iterator[bool]:
        frame, reading = self._frame, self._reading
        bodies = reading.bodies
        if bodies is None:
            return
        first, second = bodies
        if not isinstance(first, Numbers) or not isinstance(second, Numbers):
            return
        found = compare_numbers(reading.data, first, second)
        if found is None:
            return
        yield False
        for note in number_notes(found):
            self._sink.note(note)
        shared = min(len(found.before), len(found.after))
        places = range(shared) if self._sink.with_equal else found.places.tolist()
        changed = set(found.places.tolist()) if self._sink.with_equal else None
        for count, place in enumerate(places):
            kind = ChangeKind.CHANGED
            if changed is not None and place not in changed:
                kind = ChangeKind.EQUAL
            if not self._sink.add(element_row(found, place, kind, frame, second, reading.paths[1])):
                return
            if count % 256 == 255:
                yield False
        if len(found.before) != len(found.after):
            self._sink.add(length_row(found, frame, second))

    def _bytes(self) -> Iterator[bool]:
        frame, reading = self._frame, self._reading
        waiting = _start_bytes(*reading.data)
        while isinstance(waiting, Future) and not waiting.done():
            yield True
        found = waiting.result() if isinstance(waiting, Future) else waiting
        self.found = found
        if found.is_rough:
            self._sink.note(_tr("Too much has changed to look for insertions: compared by place."))
        if found.is_stopped:
            self._sink.note(_tr("There are too many changed bytes to tell all of them apart."))
        for count, run in enumerate(found.runs):
            if run.kind is RunKind.EQUAL and not self._sink.with_equal:
                continue
            if not self._sink.add(run_row(run, frame, reading.paths[1], reading.data)):
                return
            if count % 256 == 255:
                yield False


def _place(change: Change, offsets: tuple[int, int] | None) -> tuple[int, int] | None:
    """Where a field begins in both frames; where it is in one alone, that is all there is."""
    spans = [None if s is None else s.node.span for s in (change.before, change.after)]
    known = [span.start for span in spans if span is not None]
    if offsets is None or not known:
        return None
    one, two = (known[0] if span is None else span.start for span in spans)
    return one + offsets[0], two + offsets[1]


def cut_notes(reading: PairReading) -> list[str]:
    """What is behind compressions and not compared."""
    if reading.how is How.BYTES and reading.bodies is None and not reading.paths[1].source[:-1]:
        return []
    words = _tr("Only the first {0} behind {1} are compared.")
    return [
        words.format(format_bytes(layer.unpacked), layer.name)
        for one in reading.readings
        for layer in one.layers
        if layer.is_cut
    ]


def _start_bytes(before: bytes, after: bytes) -> ByteComparison | Future[ByteComparison]:
    """Compare bytes: at once, or where there are many, on another thread."""
    if len(before) + len(after) <= _AT_ONCE_BYTES:
        return compare_bytes(before, after)
    pool = ThreadPoolExecutor(1, "zmqscope-compare")
    future = pool.submit(compare_bytes, before, after)
    pool.shutdown(wait=False)
    return future


def _listing_lines(body: Listing) -> list[str]:
    lines = []
    for line in body.lines():
        lines.append(f"{line.text}  {line.note}".rstrip())
        if len(lines) >= _LISTING_LINES:
            break
    return lines


def _tr(text: str) -> str:
    return QCoreApplication.translate("Compare", text)
