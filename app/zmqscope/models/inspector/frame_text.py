"""How one frame is best shown, and its text in that form with what the reader must know.

Pure, any thread.
"""

from __future__ import annotations

from enum import Enum
from functools import cached_property

from PySide6.QtCore import QCoreApplication

from zmqscope.core.decode.encodings import encoding_title
from zmqscope.core.garbage import garbage_kept
from zmqscope.models.composer.json_check import check_json
from zmqscope.models.format import format_bytes
from zmqscope.models.inspector.json_pretty import PrettyPieces
from zmqscope.models.inspector.line_guard import MAX_LINE_CHARS, LineGuard
from zmqscope.models.inspector.pretty_places import PrettyPlaces
from zmqscope.models.inspector.text_pieces import TextPieces
from zmqscope.models.inspector.text_search import PlainText, PrettyText, SearchedText
from zmqscope.models.inspector.text_start import text_start
from zmqscope.models.messages.message_text import decode_text

MAX_JSON_BYTES = 8_000_000
"""Larger frames are not parsed as JSON: the window would stop for it."""

FIRST_CHARS = 300_000
"""Characters of text shown at first; the rest when asked for."""

FIRST_JSON_CHARS = 300_000
"""The same of laid-out JSON, which costs more."""

MAX_SHOWN_BYTES = 32_000_000
"""Frames up to this size can be shown whole in the text view."""

_LINE_COSTS_CHARS = 4
"""Qt lays out each line by itself: a hundred thousand empty ones take a tenth of a second."""

_JUDGED_BYTES = 64 * 1024
# What is shown of the text before a byte that somebody wants to see.
_BEFORE_BYTES = 2_048
# ``⟨U+10FFFF⟩`` are the longest signs for one character.
_LONGEST_SIGN = 12
# UTF-7 and ISO-2022 take up to as many bytes for one, escape sequences included.
_LONGEST_CHAR = 12
_BLANKS = b" \t\n\r"


class FrameForm(Enum):
    """The ways to look at a frame; the values are their names in the window."""

    TEXT = "Text"
    JSON = "JSON"
    HEX = "Hex"


class FrameReading:
    """A frame and what it turned out to be; costly answers are worked out once.

    Args:
        frame: The whole frame.
        encoding: Name of the codec that its text is read with.
        bom: Bytes of a byte-order mark at its beginning, which are not shown.
    """

    def __init__(self, frame: bytes, encoding: str = "utf-8", bom: int = 0) -> None:
        self.frame = frame
        self.encoding = encoding
        self.bom = bom

    @cached_property
    def is_text(self) -> bool:
        """Whether it reads as text, judged by its beginning."""
        return (
            decode_text(self.frame[:_JUDGED_BYTES], cut=len(self.frame) > _JUDGED_BYTES) is not None
        )

    @cached_property
    def json_problem(self) -> str:
        """Why it cannot be shown as JSON, in one sentence; empty if it can."""
        if len(self.frame) > MAX_JSON_BYTES:
            return _tr("This frame has {0}; JSON is laid out up to {1}.").format(
                format_bytes(len(self.frame)), format_bytes(MAX_JSON_BYTES)
            )
        if not self.frame:
            return _tr("Not JSON. The frame is empty.")
        try:
            text = self.frame.decode()
        except UnicodeDecodeError as error:
            return _tr("Not JSON. Byte {0} is not UTF-8.").format(f"{error.start:,}")
        with garbage_kept():
            fault = check_json(text)
        return _tr("Not JSON. {0}").format(fault.problem.text) if fault else ""

    @cached_property
    def natural(self) -> FrameForm:
        """The view that suits it: JSON for objects and arrays, text, else hex."""
        if not self.is_text:
            return FrameForm.HEX
        if self.frame[:_JUDGED_BYTES].lstrip(_BLANKS)[:1] in (b"{", b"[") and self.fits(
            FrameForm.JSON
        ):
            return FrameForm.JSON
        return FrameForm.TEXT

    def fits(self, view: FrameForm) -> bool:
        """Whether it can be shown that way without escapes or excuses."""
        if view is FrameForm.JSON:
            return not self.json_problem
        return view is FrameForm.HEX or self.is_text

    def text(self, view: FrameForm) -> FrameText:
        """Its text, from the beginning; JSON that is none is shown as it stands."""
        pretty = view is FrameForm.JSON and not self.json_problem
        return FrameText(self.frame, pretty=pretty, encoding=self.encoding, bom=self.bom)


class FrameText:
    """The text of a frame, given out as far as it is asked for.

    Args:
        frame: The whole frame.
        pretty: Lay it out as JSON; it must be valid, and UTF-8.
        encoding: Name of the codec that it is read with.
        bom: Bytes of a byte-order mark at its beginning, which are not shown.
        start: Where to begin, of text that is not laid out; a character must begin there.

    Attributes:
        frame: The same.
        start: The first byte that is shown.
        is_pretty: Whether it is laid out.
    """

    def __init__(
        self,
        frame: bytes,
        *,
        pretty: bool,
        encoding: str = "utf-8",
        bom: int = 0,
        start: int = 0,
    ) -> None:
        self.frame = frame
        self.is_pretty = pretty
        self._bom = bom
        self.start = max(bom, start)
        self._source = frame.decode() if pretty else ""
        self._pretty = PrettyPieces(self._source) if pretty else None
        self._pretty_places = PrettyPlaces(self._source)
        self._plain = TextPieces(frame, encoding, self.start)
        self._guard = LineGuard() if pretty else self._plain.guard

    @property
    def is_from_beginning(self) -> bool:
        """Whether it begins where the frame's text does."""
        return self.start <= self._bom

    def around(self, byte: int) -> FrameText | None:
        """The same text from a little before a byte; None where that cannot be begun."""
        if self.is_pretty:
            return None
        encoding, frame = self._plain.encoding, self.frame
        start = text_start(frame, encoding, min(byte, len(frame)) - _BEFORE_BYTES, self._bom)
        if start is None:
            return None
        return FrameText(frame, pretty=False, encoding=encoding, bom=self._bom, start=start)

    def from_beginning(self) -> FrameText:
        """The same text anew, from where the frame's text begins."""
        encoding, pretty = self._plain.encoding, self.is_pretty
        return FrameText(self.frame, pretty=pretty, encoding=encoding, bom=self._bom)

    def searched(self) -> SearchedText:
        """All of it for a search: its places are units if it is laid out, bytes if not."""
        if self.is_pretty:
            return PrettyText(self._source)
        return PlainText(self.frame, self._plain.encoding, self._bom)

    @property
    def at_end(self) -> bool:
        """Whether everything was given out."""
        return self._plain.at_end if self._pretty is None else self._pretty.at_end

    def read(self, chars: int) -> str:
        """About so many further characters or more, or all there are; a line costs as some."""
        parts: list[str] = []
        count = 0
        while count < chars and not self.at_end:
            if self._pretty is None:
                part = self._plain.next_piece()
            else:
                part = self._next_pretty(self._pretty)
            parts.append(part)
            count += len(part) + _LINE_COSTS_CHARS * part.count("\n")
        return "".join(parts)

    @property
    def first_chars(self) -> int:
        """How much is shown before more is asked for."""
        return FIRST_CHARS if self._pretty is None else FIRST_JSON_CHARS

    def read_first(self) -> str:
        """As much as that."""
        return self.read(self.first_chars)

    @property
    def bytes_read(self) -> int:
        """How much of the frame the text given out stands for."""
        if self._pretty is None:
            return self._plain.position
        if self._source.isascii():
            return self._pretty.position
        return len(self._source[: self._pretty.position].encode())

    def _next_pretty(self, pieces: PrettyPieces) -> str:
        start, column = pieces.start, self._guard.column
        shown = self._guard.feed(pieces.next_piece())
        if shown:
            self._pretty_places.add(start, column, shown)
        return shown

    # ---- places and bytes -------------------------------------------------------------------

    def bytes_between(self, start: int, stop: int) -> tuple[int, int]:
        """The bytes that two places in the shown text stand for.

        Args:
            start: In UTF-16 units, as Qt counts, in what was given out so far.
            stop: Likewise; equal for the one character that is shown there.
        """
        if not self.is_pretty:
            byte_at = self._plain.places.byte_at
            first = byte_at(start)
            return first, byte_at(stop) if stop > start else self._byte_after(start, first)
        first, last = self._pretty_places.span_at(start, stop)
        if self._source.isascii():
            return first, last
        offset = len(self._source[:first].encode())
        return offset, offset + len(self._source[first:last].encode())

    def _byte_after(self, place: int, first: int) -> int:
        """Where the character ends that begins with a byte; a sign for it is longer than one."""
        end = min(place + _LONGEST_SIGN, self._plain.places.shown_units)
        for further in range(place + 1, end + 1):
            byte = self._plain.places.byte_at(further)
            if byte > first:
                return byte
        return first

    def places_between(self, start: int, stop: int) -> tuple[int, int] | None:
        """Where some bytes are shown, in UTF-16 units; None if they are not, or not yet.

        Args:
            start: The first byte.
            stop: One past the last; equal for the character that the first one belongs to.
        """
        if not self.start <= start < self.bytes_read or stop > self.bytes_read:
            return None
        if not self.is_pretty:
            unit_at = self._plain.places.unit_at
            first = unit_at(start)
            if stop > start:
                return first, unit_at(stop)
            ends = (unit_at(byte) for byte in range(start + 1, start + _LONGEST_CHAR + 1))
            return first, next((end for end in ends if end > first), first)
        char = self._char_at(start)
        return self._pretty_places.units_of(char, max(char + 1, self._char_at(stop)))

    def _char_at(self, byte: int) -> int:
        if self._source.isascii():
            return byte
        return len(self.frame[:byte].decode(errors="ignore"))

    def notes(self) -> list[str]:
        """What the reader must know about the text given out so far, a sentence each."""
        notes: list[str] = []
        offset = self._plain.first_invalid
        if offset is not None:
            notes.append(
                _tr("Not all of it is {1}, first at byte {0}: such bytes stand as \\xNN.").format(
                    f"{offset:,} (0x{offset:x})", encoding_title(self._plain.encoding)
                )
            )
        if self._guard.escaped:
            notes.append(_tr("Signs such as ␛ and ⟨U+202E⟩ stand for what cannot be shown."))
        if self._plain.has_crlf:
            notes.append(_tr("Lines end in CR LF."))
        if self._guard.broken:
            notes.append(
                _tr("Lines of more than {0} characters are broken here; a copy is not.").format(
                    f"{MAX_LINE_CHARS:,}"
                )
            )
        return notes


def _tr(text: str) -> str:
    return QCoreApplication.translate("FrameText", text)
