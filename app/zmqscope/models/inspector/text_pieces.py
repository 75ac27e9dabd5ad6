"""Bytes of any size as displayable text, piece by piece, nothing lost. Pure, any thread."""

from __future__ import annotations

import codecs

from zmqscope.core.decode.encodings import decode_more
from zmqscope.models.inspector.line_guard import LineGuard
from zmqscope.models.inspector.text_places import PieceStart, TextPlaces

PIECE_BYTES = 16 * 1024
"""Bytes decoded at a time."""


class TextPieces:
    r"""A frame as text, decoded as far as it is asked for.

    Bytes that the encoding does not have become ``\xNN``; carriage returns before line feeds are
    left out.

    Args:
        data: The frame.
        encoding: Name of Python's codec.
        skip: Bytes of a byte-order mark, which are not shown.

    Attributes:
        encoding: The same.
        position: Bytes decoded so far.
        first_invalid: Offset of the first byte that is not of the encoding; None if there is none
            so far.
        has_crlf: Whether lines end in CR LF.
        guard: What was done to show it.
        places: From the shown text to its bytes, and back.
    """

    def __init__(self, data: bytes, encoding: str = "utf-8", skip: int = 0) -> None:
        self._data = data
        self.encoding = encoding
        self.position = min(skip, len(data))
        self.first_invalid: int | None = None
        self.has_crlf = False
        self.guard = LineGuard()
        self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        self._fed = self.position
        self._held = ""
        self.places = TextPlaces(data, encoding)

    @property
    def at_end(self) -> bool:
        """Whether everything was given out."""
        return self.position >= len(self._data)

    def next_piece(self) -> str:
        """Some more text; empty at the end."""
        start = PieceStart(self._fed, self._decoder.getstate(), self._held, self.guard.column)
        raw = self._data[self._fed : self._fed + PIECE_BYTES]
        final = self._fed + len(raw) >= len(self._data)
        text = self._held + self._decode(raw, final)
        self._fed += len(raw)
        # Bytes of a character that is not complete wait in the decoder.
        self.position = self._fed - (0 if final else len(self._decoder.getstate()[0]))
        # The line feed of a carriage return may be in the next piece.
        self._held = "\r" if text.endswith("\r") and not final else ""
        if self._held:
            text = text[:-1]
        if "\r\n" in text:
            self.has_crlf = True
            text = text.replace("\r\n", "\n")
        shown = self.guard.feed(text)
        self.places.add(start, self._fed, shown)
        return shown

    def _decode(self, raw: bytes, final: bool) -> str:
        decoder = self._decoder
        state = decoder.getstate()
        if self.first_invalid is None:
            try:
                return decode_more(decoder, raw, final=final)
            except UnicodeDecodeError as error:
                self.first_invalid = self._fed - len(state[0]) + error.start
                decoder.setstate(state)
                decoder.errors = "backslashreplace"
        return decode_more(decoder, raw, final=final)
