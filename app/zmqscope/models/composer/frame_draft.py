"""One frame as a person writes it: a format and a text, to bytes and back. Pure, any thread."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field, replace
from enum import Enum

from PySide6.QtCore import QCoreApplication

from zmqscope.core.errors import PayloadError
from zmqscope.core.types import Problem
from zmqscope.models.composer.json_check import check_json, compact_json, place
from zmqscope.models.format import format_bytes

_CONTEXT = "FrameDraft"

MAX_SHOWN_CHARS = 1_000_000
"""Longer texts are held as bytes and not shown: laying them out would stop the window."""

MAX_LINE_CHARS = 200_000
"""A longer single line costs more than 50 ms for each key (measured with QPlainTextEdit)."""

_HEX_PREFIX = re.compile(r"[\s:]*(?:[0-9A-Fa-f]{2}[\s:]*)*")
_BASE64_PREFIX = re.compile(r"[A-Za-z0-9+/_\-\s]*")
_PADDING = re.compile(r"[=\s]+")
_BLANKS = re.compile(r"\s+")
_BYTES_PER_HEX_LINE = 1_024
_CHARS_PER_BASE64_LINE = 4_096
# QTextDocument keeps these for itself: it would give back a line feed in their place.
_NOT_HELD_BY_EDITOR = re.compile("[\r\u2029\ufdd0\ufdd1]")
# Control, invisible and direction-turning characters: text with them is first shown as hex.
_NOT_PLAIN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufdd0\ufdd1\U000e0000-\U000e0fff]"
)


class FrameFormat(Enum):
    """How the text of a frame is to be read; the values are its names in the window."""

    TEXT = "text"
    HEX = "hex"
    BASE64 = "base64"
    JSON = "json"

    @property
    def is_written_out(self) -> bool:
        """Whether the characters are sent as they stand, as UTF-8."""
        return self in (FrameFormat.TEXT, FrameFormat.JSON)


class LineEnd(Enum):
    """What a line break in text and JSON is sent as."""

    LF = "\n"
    CRLF = "\r\n"


@dataclass(frozen=True, slots=True)
class HeldBytes:
    """Bytes too large to be shown, still sent as they are.

    Attributes:
        data: The bytes.
        origin: Where they came from, as in ``message #123``; may be empty.
    """

    data: bytes = field(repr=False)
    origin: str = ""

    def words(self) -> str:
        """What stands in the place of the text."""
        size = format_bytes(len(self.data))
        if self.origin:
            return _tr("{0} of bytes loaded from {1} (not shown)").format(size, self.origin)
        return _tr("{0} of bytes (not shown)").format(size)


@dataclass(frozen=True, slots=True)
class FrameDraft:
    """A frame that is being written.

    Attributes:
        format: How ``text`` is to be read.
        text: What was typed, with line feeds as line breaks.
        line_end: What a line break is sent as; matters for text and JSON.
        held: Bytes in place of a text, when they are too large to show.
    """

    format: FrameFormat = FrameFormat.TEXT
    text: str = ""
    line_end: LineEnd = LineEnd.LF
    held: HeldBytes | None = None

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written."""
        return self.held is None and not self.text


@dataclass(frozen=True, slots=True)
class FrameCheck:
    """What a draft comes to.

    Attributes:
        data: The bytes to send; None while the text is not what its format says.
        problem: What is wrong and what to do, if something is.
        at: The character of the text where it goes wrong, from 0.
    """

    data: bytes | None = field(default=None, repr=False)
    problem: Problem | None = None
    at: int | None = None


# ---- text to bytes --------------------------------------------------------------------------


def check_frame(draft: FrameDraft) -> FrameCheck:
    """The bytes of a draft, or why there are none."""
    if draft.held is not None:
        return FrameCheck(draft.held.data)
    match draft.format:
        case FrameFormat.TEXT:
            return _written_out(draft)
        case FrameFormat.JSON:
            fault = check_json(draft.text)
            if fault is not None:
                return FrameCheck(None, fault.problem, fault.at)
            return _written_out(draft)
        case FrameFormat.HEX:
            return _from_hex(draft.text)
        case FrameFormat.BASE64:
            return _from_base64(draft.text)


def is_perhaps_text(draft: FrameDraft) -> bool:
    """Whether somebody may have typed text where hex or base64 is expected, such as a name."""
    if draft.held is not None or draft.format.is_written_out or not draft.text.strip():
        return False
    return check_frame(draft).data is None and _written_out(draft).data is not None


def frame_problem(draft: FrameDraft, check: FrameCheck) -> Problem | None:
    """What is wrong with a frame; with the way to text, where that may be meant."""
    problem = check.problem
    if problem is None or not is_perhaps_text(draft):
        return problem
    way = _tr("Or change the frame’s format from {0} to text.").format(draft.format.value)
    return Problem(problem.text, f"{problem.hint} {way}".strip())


def _written_out(draft: FrameDraft) -> FrameCheck:
    text = draft.text if draft.line_end is LineEnd.LF else draft.text.replace("\n", "\r\n")
    try:
        return FrameCheck(text.encode())
    except UnicodeEncodeError as error:
        at = error.start - text.count("\r", 0, error.start)
        return _fault(
            draft.text,
            at,
            _tr("Half a character (a lone surrogate) stands at {0}."),
            _tr("Delete it and type it again."),
        )


def _from_hex(text: str) -> FrameCheck:
    try:
        return FrameCheck(bytes.fromhex(text.replace(":", " ")))
    except ValueError:
        pass
    prefix = _HEX_PREFIX.match(text)
    at = prefix.end() if prefix else 0
    if at == len(text):  # blanks beyond ASCII, which bytes.fromhex does not skip
        return FrameCheck(bytes.fromhex(_BLANKS.sub(" ", text.replace(":", " "))))
    char = text[at]
    if char in "0123456789abcdefABCDEF":
        return _fault(
            text,
            at,
            _tr("The hex digit {0} at {1} stands alone."),
            _tr("Each byte has two digits, as in 0{0}.").format(char),
            char,
        )
    return _fault(
        text,
        at,
        _tr("{0} at {1} is not a hex digit."),
        _tr("Use 0–9 and a–f, with blanks or colons between bytes."),
        _shown(char),
    )


def _from_base64(text: str) -> FrameCheck:
    body = _BASE64_PREFIX.match(text)
    end = body.end() if body else 0
    digits = _BLANKS.sub("", text[:end])
    padding = _BLANKS.sub("", text[end:])
    if padding.strip("="):
        return _not_base64(text, end)
    if len(digits) % 4 == 1:
        at = len(text[:end].rstrip()) - 1
        return _fault(
            text,
            at,
            _tr("The base64 character {0} at {1} stands alone."),
            _tr("Bytes take two to four characters: add what is missing, or remove it."),
            text[at],
        )
    missing = -len(digits) % 4
    if len(padding) > missing:
        return _fault(
            text, end, _tr("There are too many = at {0}."), _tr("Remove some, or all of them.")
        )
    standard = digits.replace("-", "+").replace("_", "/")
    return FrameCheck(base64.b64decode(standard + "=" * missing, validate=True))


def _not_base64(text: str, end: int) -> FrameCheck:
    padding = _PADDING.match(text, end)
    at = padding.end() if padding else end
    if _BASE64_PREFIX.fullmatch(text[at]):
        what, hint = _tr("{0} at {1} follows the = that ends base64."), _tr("Remove one of them.")
    else:
        what = _tr("{0} at {1} is not a base64 character.")
        hint = _tr("Use A–Z, a–z, 0–9, + and / or - and _, with = at the end only.")
    return _fault(text, at, what, hint, _shown(text[at]))


def _fault(text: str, at: int, what: str, hint: str, *words: str) -> FrameCheck:
    where = place(text, at) if "\n" in text else _tr("position {0}").format(at + 1)
    return FrameCheck(None, Problem(what.format(*words, where), hint), at)


def _shown(char: str) -> str:
    return f"“{char}”" if char.isprintable() else f"U+{ord(char):04X}"


# ---- bytes to text --------------------------------------------------------------------------


def draft_of(data: bytes, origin: str = "") -> FrameDraft:
    """Bytes as a draft in the format in which they read best, without loss.

    Args:
        data: The frame.
        origin: Where it came from, in words, for the case that it is too large to be shown.

    Returns:
        JSON for objects and arrays, else text if all of it can be seen, else hex.
    """
    if len(data) <= MAX_SHOWN_CHARS:
        draft = _as_readable(data) or FrameDraft(FrameFormat.HEX, to_hex(data))
        if _fits(draft.text):
            return draft
    return FrameDraft(held=HeldBytes(data, origin))


def _as_readable(data: bytes) -> FrameDraft | None:
    try:
        draft = _as_text(data)
    except PayloadError:
        return None
    if _NOT_PLAIN.search(draft.text):
        return None
    if draft.text.lstrip()[:1] in ("{", "[") and check_json(draft.text) is None:
        return replace(draft, format=FrameFormat.JSON)
    return draft


def _as_text(data: bytes) -> FrameDraft:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        bad = data[error.start]
        raise PayloadError(
            _tr("These bytes are not UTF-8: 0x{0} at offset {1}.").format(
                f"{bad:02x}", f"{error.start:,}"
            ),
            _tr("Keep hex or base64."),
        ) from None
    line_end = LineEnd.LF
    if "\r\n" in text and text.count("\n") == text.count("\r\n"):
        text, line_end = text.replace("\r\n", "\n"), LineEnd.CRLF
    lost = _NOT_HELD_BY_EDITOR.search(text)
    if lost is not None:
        name = _tr("A lone carriage return") if lost[0] == "\r" else f"U+{ord(lost[0]):04X}"
        raise PayloadError(
            _tr("{0} in these bytes would not survive as text.").format(name),
            _tr("Keep hex or base64."),
        )
    return FrameDraft(FrameFormat.TEXT, text, line_end)


def to_hex(data: bytes) -> str:
    """Pairs of digits with blanks between them, and a line break now and then."""
    if len(data) <= _BYTES_PER_HEX_LINE:
        return data.hex(" ")
    starts = range(0, len(data), _BYTES_PER_HEX_LINE)
    return "\n".join(data[start : start + _BYTES_PER_HEX_LINE].hex(" ") for start in starts)


def to_base64(data: bytes) -> str:
    """Standard base64, with a line break now and then."""
    text = base64.b64encode(data).decode("ascii")
    starts = range(0, len(text), _CHARS_PER_BASE64_LINE)
    return "\n".join(text[start : start + _CHARS_PER_BASE64_LINE] for start in starts)


def convert_frame(draft: FrameDraft, target: FrameFormat) -> FrameDraft:
    """The same bytes in another format.

    Hex and base64 that cannot be read stand for no bytes: they are taken over as typed.

    Raises:
        PayloadError: The bytes cannot be shown in that format.
    """
    if draft.held is not None:
        raise PayloadError(
            _tr("These bytes are too large to be shown in any format."),
            _tr("They are sent as they are."),
        )
    is_written_out = draft.format.is_written_out
    data = (_written_out(draft) if is_written_out else check_frame(draft)).data
    if data is None or draft.format is target or (is_written_out and target.is_written_out):
        return replace(draft, format=target)
    if target is FrameFormat.HEX:
        converted = FrameDraft(target, to_hex(data))
    elif target is FrameFormat.BASE64:
        converted = FrameDraft(target, to_base64(data))
    else:
        converted = replace(_as_text(data), format=target)
    if not _fits(converted.text):
        raise PayloadError(
            _tr("As {0} this frame would be too long to be shown.").format(target.value),
            _tr("Keep {0}.").format(draft.format.value),
        )
    return converted


def typed_as(draft: FrameDraft, text: str, origin: str) -> FrameDraft:
    """A draft with another text, held as bytes instead when it is too long to be shown.

    Raises:
        PayloadError: It is too long and not what the draft's format says.
    """
    if _fits(text):
        return replace(draft, text=text, held=None)
    if draft.format is FrameFormat.JSON:
        # Checking it would take seconds; it goes out as it is.
        draft = replace(draft, format=FrameFormat.TEXT)
    check = check_frame(replace(draft, text=text, held=None))
    if check.data is None:
        reason = check.problem.text if check.problem else ""
        raise PayloadError(reason, _tr("Nothing was pasted."))
    return FrameDraft(draft.format, held=HeldBytes(check.data, origin))


def compact_frame(draft: FrameDraft) -> FrameDraft:
    """JSON without the blanks between its tokens; anything else as it is."""
    if draft.format is not FrameFormat.JSON or draft.held is not None:
        return draft
    if check_json(draft.text) is not None:
        return draft
    return replace(draft, text=compact_json(draft.text))


def _fits(text: str) -> bool:
    if len(text) <= MAX_LINE_CHARS:
        return True
    if len(text) > MAX_SHOWN_CHARS:
        return False
    return max(map(len, text.split("\n"))) <= MAX_LINE_CHARS


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
