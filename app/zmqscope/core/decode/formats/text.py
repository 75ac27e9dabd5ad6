"""Text in any encoding. Pure, any thread."""

from __future__ import annotations

import codecs
import re

from zmqscope.core.decode.decoded import Decoded, DecodeError, TextBody
from zmqscope.core.decode.encodings import (
    Detected,
    decode_more,
    detect,
    encoding_title,
    is_cut_only,
    known_encoding,
    mark,
    wide_pattern,
)
from zmqscope.core.decode.payload import DecodeOptions, Payload

PREVIEW_CHARS = 400
"""Characters of a preview at most."""

_JUDGED_BYTES = 512
_MORE = "…"
# Controls that ordinary text contains are not among them.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_MAX_CONTROLS = 0.25
_SURE = 0.94
# A byte in three is a printable character; four of them in a row are rarely anything but text.
_BY_LENGTH = (0.0, 0.75, 0.85, 0.93)
_MIN_ODD = 8
_MIN_LEGACY = 12
_PLAIN = bytes((9, 10, 13, *range(0x20, 0x7F)))
_LETTERS = b" abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_HIGH_LETTERS = bytes(range(0xA1, 0x100))


class Text:
    """Reads text.

    A guess is about UTF-8, UTF-16 and UTF-32, which can be told from a few bytes. Older encodings
    are told apart only when a whole frame is read.
    """

    name = "text"
    title = "Text"
    first_bytes: frozenset[int] | None = None

    def sniff(self, payload: Payload) -> float:
        """Valid UTF-8 is hardly ever anything else, unless it is full of control characters."""
        data = payload.data
        head = data[:_JUDGED_BYTES]
        try:
            text = head.decode()
        except UnicodeDecodeError as error:
            is_cut = payload.is_cut or len(head) < len(data)
            if not (is_cut and is_cut_only(error, head)) or not error.start:
                return _sniff_other(head, payload.size)
            text = head[: error.start].decode()
        if text.isprintable():
            return _SURE if len(text) > 3 else _BY_LENGTH[len(text)]
        return _sniff_odd(text, head, payload.size)

    def decode(self, payload: Payload, options: DecodeOptions) -> Decoded:
        """Name the encoding: anything can be shown as text, whatever it is.

        Raises:
            DecodeError: The encoding that was asked for is not known.
        """
        data = payload.data
        if options.encoding:
            found = _chosen(data, options.encoding)
        else:
            found = detect(data, is_cut=payload.is_cut)
        body = TextBody(found.name, bom=found.bom)
        notes = []
        title = encoding_title(found.name)
        if not found.fits and not found.is_guess:
            notes.append("It is UTF-8 with broken bytes in it.")
        elif not found.fits:
            notes.append("No encoding fits: it is read as UTF-8.")
        elif found.is_guess:
            notes.append(f"That this is {title} is a guess; choose another encoding if it is not.")
        if found.bom:
            notes.append("It begins with a byte-order mark.")
        return Decoded((body,), f"text · {title}", tuple(notes))

    def preview(self, payload: Payload, options: DecodeOptions) -> str:
        """Its beginning, as it stands.

        Raises:
            DecodeError: Its encoding cannot be told from a few bytes, or is not known.
        """
        # No encoding takes more than four bytes for a character.
        head = payload.data[: 4 * PREVIEW_CHARS + 4]
        is_cut = payload.is_cut or len(head) < len(payload.data)
        if options.encoding:
            found = _chosen(head, options.encoding)
        else:
            found = mark(head) or _told_at_once(head)
        decoder = codecs.getincrementaldecoder(found.name)("backslashreplace")
        text = decode_more(decoder, head[found.bom :], final=not is_cut)
        if len(text) > PREVIEW_CHARS or is_cut:
            return text[: PREVIEW_CHARS - 1] + _MORE
        return text


def _chosen(data: bytes, wanted: str) -> Detected:
    """The encoding that a user wants, with the byte order that a mark tells."""
    name = known_encoding(wanted)
    marked = mark(data)
    if marked is not None and marked.name.startswith(name):
        return marked
    if name in ("utf-16", "utf-32"):
        wide = wide_pattern(data[:_JUDGED_BYTES])
        return Detected(wide if wide and wide.startswith(name) else f"{name}-le")
    return Detected("utf-8" if name == "utf-8-sig" else name)


def _told_at_once(head: bytes) -> Detected:
    """UTF-8, perhaps with stray bytes in it, or UTF-16 and UTF-32 of Latin text."""
    name = wide_pattern(head[:_JUDGED_BYTES]) if b"\0" in head else None
    if name is None and _share(head, _HIGH_LETTERS) > _MAX_CONTROLS and not _is_utf8(head):
        raise DecodeError("Which encoding this text is in cannot be told from its beginning.")
    return Detected(name or "utf-8")


def _is_utf8(head: bytes) -> bool:
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return is_cut_only(error, head)
    return True


def _share(data: bytes, values: bytes) -> float:
    """Which share of the bytes is one of some values."""
    return 1 - len(data.translate(None, values)) / len(data) if data else 0.0


def _sniff_odd(text: str, head: bytes, size: int) -> float:
    """Valid UTF-8 with something in it that is not printed: at least line ends."""
    if "\0" in text:
        # A string as C sends it, with its end.
        if text.endswith("\0") and len(text) > 3 and text[:-1].isprintable() and size == len(head):
            return 0.9 if len(text) > 8 else 0.8
        return _sniff_wide(head)
    controls = len(_CONTROLS.findall(text))
    if controls > len(text) * _MAX_CONTROLS:
        return 0.0
    if controls and len(text) < _MIN_ODD:
        return 0.4
    if controls:
        return 0.79 - controls / len(text) * 1.16
    return _SURE if len(text) > 3 else _BY_LENGTH[len(text)] - 0.1


def _sniff_wide(head: bytes) -> float:
    """UTF-16 or UTF-32 without a mark; small 16-bit numbers can look like it."""
    if wide_pattern(head) is None:
        return 0.0
    characters = head.replace(b"\0", b"")
    letters = _share(characters, _LETTERS)
    likely = min(0.93, 0.45 + 0.4 * letters + min(len(head), 64) / 400)
    # Words have blanks between them, or one is alone; a ramp of numbers has signs in it, too.
    has_words = characters.count(b" ") * 16 > len(characters) or characters.isalpha()
    return likely if has_words else min(likely, 0.69)


def _sniff_other(head: bytes, size: int) -> float:
    """Not UTF-8."""
    marked = mark(head)
    if marked is not None and len(head) >= marked.bom + 4:
        text = head[marked.bom :].decode(marked.name, "replace")
        odd = len(_CONTROLS.findall(text)) + text.count("\ufffd")
        width = 4 if marked.name.startswith("utf-32") else 2
        is_even = size % width == 0 or marked.name == "utf-8"
        return 0.94 if is_even and odd * 8 <= len(text) else 0.3
    if b"\0" in head:
        return _sniff_wide(head)
    return _sniff_legacy(head)


def _sniff_legacy(head: bytes) -> float:
    """Text from before Unicode: no controls, and blanks where words end."""
    size = len(head)
    if size < _MIN_LEGACY:
        return 0.0
    high = head.translate(None, _PLAIN)
    share = len(high) / size
    if not high or min(high) < 0x80:
        return 0.0
    if share <= _MAX_CONTROLS:
        return 0.6 if _share(head, _LETTERS) >= 0.5 else 0.4
    if size < 2 * _MIN_LEGACY:
        return 0.2
    if high.count(0x82) + high.count(0x83) > len(high) * 0.25:
        # Kana in Shift-JIS.
        return 0.55
    if _share(high, _HIGH_LETTERS) < 0.8:
        return 0.2
    blanks = head.count(b" ") + head.count(b"\n") + head.count(b"\t")
    return 0.55 if 0.02 <= blanks / size <= 0.4 else 0.45


TEXT = Text()
