"""Encodings of text: their names for people, and which of them some bytes are in. Any thread."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.wording import quoted


class Encoding(NamedTuple):
    """One that can be chosen.

    Attributes:
        name: Of Python's codec.
        title: What users know it as.
    """

    name: str
    title: str


ENCODINGS = (
    Encoding("utf-8", "UTF-8"),
    Encoding("utf-16-le", "UTF-16 LE"),
    Encoding("utf-16-be", "UTF-16 BE"),
    Encoding("utf-32-le", "UTF-32 LE"),
    Encoding("utf-32-be", "UTF-32 BE"),
    Encoding("cp1252", "Western (Windows-1252)"),
    Encoding("iso8859-1", "Western (ISO 8859-1, Latin-1)"),
    Encoding("iso8859-15", "Western (ISO 8859-15, Latin-9)"),
    Encoding("mac-roman", "Western (Mac Roman)"),
    Encoding("cp437", "Western (DOS 437)"),
    Encoding("cp850", "Western (DOS 850)"),
    Encoding("cp1250", "Central European (Windows-1250)"),
    Encoding("iso8859-2", "Central European (ISO 8859-2, Latin-2)"),
    Encoding("cp1257", "Baltic (Windows-1257)"),
    Encoding("cp1251", "Cyrillic (Windows-1251)"),
    Encoding("koi8-r", "Cyrillic (KOI8-R)"),
    Encoding("koi8-u", "Cyrillic (KOI8-U)"),
    Encoding("cp866", "Cyrillic (DOS 866)"),
    Encoding("iso8859-5", "Cyrillic (ISO 8859-5)"),
    Encoding("cp1253", "Greek (Windows-1253)"),
    Encoding("iso8859-7", "Greek (ISO 8859-7)"),
    Encoding("cp1254", "Turkish (Windows-1254)"),
    Encoding("cp1255", "Hebrew (Windows-1255)"),
    Encoding("cp1256", "Arabic (Windows-1256)"),
    Encoding("cp1258", "Vietnamese (Windows-1258)"),
    Encoding("cp874", "Thai (Windows-874)"),
    Encoding("cp932", "Japanese (Shift-JIS)"),
    Encoding("euc_jp", "Japanese (EUC-JP)"),
    Encoding("iso2022_jp", "Japanese (ISO-2022-JP)"),
    Encoding("gb18030", "Simplified Chinese (GB18030, GBK)"),
    Encoding("big5hkscs", "Traditional Chinese (Big5)"),
    Encoding("cp949", "Korean (EUC-KR)"),
    Encoding("cp500", "EBCDIC (500)"),
)
"""All that a user can choose, the likeliest first."""

MAX_JUDGED_BYTES = 1_000_000
"""Bytes that are looked at to tell whether a text is UTF-8."""

_SAMPLE_BYTES = 4_096
_AROUND_BYTES = 32_768
_WELL_FOR_ONE_BAD = 4
_BEFORE = 1_024
_MAX_CUT = 4
_TITLES = {encoding.name: encoding.title for encoding in ENCODINGS}
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_ .-]{0,39}")
# Codecs that are no encodings of text, or that take more than linear time.
_REFUSED = frozenset(
    ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "unicode-escape", "undefined")
)
# The longer mark first: that of UTF-32 LE begins with that of UTF-16 LE.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What charset-normalizer may answer, and what is read instead: the superset in real use.
_CANDIDATES = {
    "cp1252": "cp1252",
    "cp1250": "cp1250",
    "cp1251": "cp1251",
    "koi8_r": "koi8-r",
    "cp1253": "cp1253",
    "cp1254": "cp1254",
    "cp1255": "cp1255",
    "cp1256": "cp1256",
    "cp1257": "cp1257",
    "shift_jis": "cp932",
    "cp932": "cp932",
    "euc_jp": "euc_jp",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "tis_620": "cp874",
}


class Detected(NamedTuple):
    """What bytes seem to be encoded in.

    Attributes:
        name: Of Python's codec.
        bom: Bytes of a byte-order mark.
        is_guess: Whether it could well be another one.
        fits: Whether the bytes that were looked at are valid in it.
    """

    name: str
    bom: int = 0
    is_guess: bool = False
    fits: bool = True


def encoding_title(name: str) -> str:
    """An encoding as users know it; its own name if it is none of ``ENCODINGS``."""
    return _TITLES.get(name) or _TITLES.get(_canonical(name) or "", name)


def _canonical(name: str) -> str | None:
    """The one name under which a codec is known here; None if there is none of that name."""
    if not _NAME.fullmatch(name):
        return None
    try:
        codec = codecs.lookup(name)
        # Codecs from bytes to bytes refuse this.
        b" ".decode(codec.name, "replace")
    except (LookupError, ValueError):
        return None
    known = codec.name
    if known in _REFUSED:
        return None
    return known if known in _TITLES else _CANDIDATES.get(known, known)


def known_encoding(name: str) -> str:
    """The codec of an encoding that a user named.

    Raises:
        DecodeError: There is none.
    """
    found = _canonical(name)
    if found is None:
        raise DecodeError(f"{quoted(name)} is no encoding of text that is known here.")
    return found


_SIGNS = tuple(sign for sign, _ in _MARKS)


def mark(data: bytes) -> Detected | None:
    """The encoding that a byte-order mark tells."""
    if not data.startswith(_SIGNS):
        return None
    for sign, name in _MARKS:
        if data.startswith(sign):
            return Detected(name, len(sign))
    return None


def wide_pattern(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, told by where the zeros of Latin text are.

    Args:
        data: Some hundred bytes at most.
    """
    if data.count(0) < 0.4 * len(data):
        return None
    for width, start, name in (
        (4, 0, "utf-32-le"),
        (4, 3, "utf-32-be"),
        (2, 0, "utf-16-le"),
        (2, 1, "utf-16-be"),
    ):
        whole = data[: len(data) // width * width]
        letters = whole[start::width]
        if len(letters) < 4:
            continue
        zeros = whole.count(0)
        # Nearly all characters below U+0100, and none of them a control.
        if zeros >= 0.9 * len(letters) * (width - 1) and not letters.translate(None, _PRINTABLE):
            return name
    return None


_PRINTABLE = bytes((9, 10, 13, *range(0x20, 0x7F), *range(0xA0, 0x100)))


def decode_more(decoder: codecs.IncrementalDecoder, data: bytes, *, final: bool) -> str:
    """Decode the next bytes of a text, which may end anywhere.

    ISO-2022 waits for the end of an escape sequence, but not for more than eight bytes (CPython's
    ``MAXDECPENDING``): what would be left waiting then is decoded as it is.

    Raises:
        UnicodeDecodeError: They are not of the encoding, and the decoder is strict.
    """
    state = decoder.getstate()
    try:
        return decoder.decode(data, final)
    except UnicodeDecodeError:
        raise
    except UnicodeError:
        decoder.setstate(state)
        return decoder.decode(data, True)


def is_cut_only(error: UnicodeDecodeError, data: bytes) -> bool:
    """Whether UTF-8 is wrong only because the end cuts a character in two."""
    return error.reason == "unexpected end of data" and error.end >= len(data)


def detect(data: bytes, *, is_cut: bool = False) -> Detected:
    """Tell the encoding of a text; takes some milliseconds, whatever its size.

    Args:
        data: The text.
        is_cut: Whether it may end inside a character.
    """
    marked = mark(data)
    if marked is not None:
        return marked
    head = data[:MAX_JUDGED_BYTES]
    is_cut = is_cut or len(head) < len(data)
    if b"\x1b$" in head[:_SAMPLE_BYTES] and _is_iso2022(head[:_SAMPLE_BYTES]):
        return Detected("iso2022_jp", is_guess=True)
    wide = wide_pattern(data[:512]) if b"\0" in data[:512] else None
    if wide is not None:
        return Detected(wide, is_guess=True)
    try:
        head.decode()
    except UnicodeDecodeError as error:
        if is_cut and is_cut_only(error, head):
            return Detected("utf-8")
        if _is_damaged_utf8(head, error.start):
            return Detected("utf-8", fits=False)
        return _legacy(head, error.start)
    return Detected("utf-8")


def _is_damaged_utf8(head: bytes, first: int) -> bool:
    """Whether most of what is not ASCII is UTF-8, which no older encoding is by chance."""
    part = head[max(0, first - _AROUND_BYTES) : first + _AROUND_BYTES]
    text = part.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    well = sum(map(len, _NOT_ASCII.findall(text))) - bad
    return well >= _WELL_FOR_ONE_BAD * bad


def _is_iso2022(sample: bytes) -> bool:
    """Whether escape sequences switch between ASCII and Japanese (RFC 1468)."""
    if not sample.isascii():
        return False
    try:
        codecs.getincrementaldecoder("iso2022_jp")().decode(sample)
    except UnicodeError:
        return False
    return True


def _legacy(head: bytes, first: int) -> Detected:
    """One of the encodings from before Unicode, as charset-normalizer judges it."""
    from charset_normalizer import from_bytes

    start = max(0, first - _BEFORE)
    sample = head[start : start + _SAMPLE_BYTES]
    for part in _whole_characters(sample, start + len(sample) < len(head)):
        best = from_bytes(part, cp_isolation=list(_CANDIDATES), enable_fallback=False).best()
        if best is None or best.encoding not in _CANDIDATES:
            continue
        name = _CANDIDATES[best.encoding]
        # Central European and Turkish code pages share most letters with the Western one.
        if name in ("cp1250", "cp1254", "cp1257") and _reads_alike(part, name, "cp1252"):
            name = "cp1252"
        return Detected(name, is_guess=True)
    return Detected("utf-8", is_guess=True, fits=False)


def _whole_characters(sample: bytes, more: bool) -> list[bytes]:
    """Samples that do not end inside a character: judges are strict about that."""
    if not more:
        return [sample]
    end = max(sample.rfind(b"\n"), sample.rfind(b" "))
    if end > len(sample) // 2:
        return [sample[:end]]
    return [sample[: len(sample) - cut] for cut in range(_MAX_CUT)]


def _reads_alike(sample: bytes, one: str, other: str) -> bool:
    try:
        return sample.decode(one) == sample.decode(other)
    except UnicodeDecodeError:
        return False
