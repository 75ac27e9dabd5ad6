"""JSON as a format of the inspector (RFC 8259). Pure, any thread."""

from __future__ import annotations

import functools
import json
from dataclasses import replace
from typing import Any, NoReturn

from zmqscope.core.decode.broken import BrokenError
from zmqscope.core.decode.compact import LINE_CHARS, MORE
from zmqscope.core.decode.decoded import Decoded, DecodeError, TextBody, Tree
from zmqscope.core.decode.formats.json.scan import find_constant
from zmqscope.core.decode.formats.json.tree import JsonReader
from zmqscope.core.decode.items.tree import PAGE, Clock, TooSlowError
from zmqscope.core.decode.node import Node, NodeKind, Span
from zmqscope.core.decode.payload import DecodeOptions, Payload
from zmqscope.core.garbage import garbage_kept
from zmqscope.core.wording import counted

MAX_WHOLE_BYTES = 8_000_000
"""Larger payloads are not checked as a whole; the window's text view has the same bound."""

_MAX_CHECK_SECONDS = 0.13
_SECONDS_PER_BYTE = 3e-9
_SECONDS_PER_SIGN = {b",": 5e-8, b":": 6e-7, b"[": 1e-7, b"{": 4e-7, b".": 1e-7}
_SECONDS_PER_EXPONENT = 1e-7
_COUNTED_FROM = 500_000
_BOM = b"\xef\xbb\xbf"
_HEAD_BYTES = 1_024
_BLANKS = b" \t\n\r"
_SEPARATORS = " \t\n\r\x1e"
_RECORD = b"\x1e"
"""Stands before each value of a text sequence (RFC 7464)."""

_WORDS = ("true", "false", "null")

_SURE, _CUT_SURE, _LINES, _EMPTY, _MISFIT, _RARE = 0.97, 0.96, 0.96, 0.95, 0.45, 0.3


class JsonDecoder:
    """Reads JSON: one value, or several in lines."""

    name = "json"
    title = "JSON"
    first_bytes = frozenset(b"{[ \t\n\r\x1e\xef")

    def sniff(self, payload: Payload) -> float:
        """Objects and arrays only: a number or a word alone is text."""
        data = payload.data[:_HEAD_BYTES]
        start = data[:64].lstrip(b" \t\n\r\x1e\xef\xbb\xbf")[:1]
        if start not in (b"{", b"["):
            return 0.0
        is_cut = payload.is_cut or len(payload.data) > _HEAD_BYTES
        try:
            text = _text(data, is_cut=is_cut).lstrip("\ufeff\x1e")
            value = _CHECKER.decode(text)
        except json.JSONDecodeError as error:
            return _likelihood_of_fault(text, error, is_cut=is_cut)
        except (DecodeError, _ConstantError):
            return 0.0
        except (ValueError, RecursionError):
            # Thousands of digits, or nested deeply: nothing but JSON comes that far.
            return _LINES
        return _SURE if value else _EMPTY

    def decode(self, payload: Payload, _options: DecodeOptions) -> Decoded:
        """Fields with their bytes, and the text."""
        data = payload.data
        bom = len(_BOM) if data.startswith(_BOM) else 0
        reader = JsonReader(data)
        at = reader.behind_separators(bom)
        if at >= len(data):
            raise DecodeError("There is no JSON value.", at)
        notes = ["A byte-order mark stands before the value."] if bom else []
        if _costs(data) > _MAX_CHECK_SECONDS:
            notes.append(
                f"Only structure is read: {len(data):,} bytes are too many to be checked as one."
            )
            root, type_ = _unchecked(reader, at, payload, notes)
            return Decoded((Tree(root), TextBody(bom=bom)), type_, tuple(notes))
        text = _text(data, is_cut=payload.is_cut)
        count, is_valid = None, False
        if _RECORD not in data[:at]:
            count, is_valid = _checked(text, reader, bom, at, payload, notes)
        if count is None:
            root, type_ = _unchecked(reader, at, payload, notes)
        else:
            root = reader.node(at, len(data.rstrip(_BLANKS)), None, None)
            if root.kind is NodeKind.OBJECT:
                # A key may come twice, of which Python's parser keeps the last.
                count = reader.count_fields(at + 1, count)
            root = replace(root, count=count) if root.children else root
            type_ = root.type if root.count is None else f"{root.type}({count:,})"
        return Decoded((Tree(root), TextBody(is_json=is_valid, bom=bom)), type_, tuple(notes))

    def preview(self, payload: Payload, _options: DecodeOptions) -> str:
        """The text as it stands."""
        # A character takes four bytes at most.
        head = payload.data[: 4 * LINE_CHARS]
        is_cut = payload.is_cut or len(head) < len(payload.data)
        text = _text(head, is_cut=is_cut)
        if len(text) > LINE_CHARS or is_cut:
            return text[: LINE_CHARS - 1] + MORE
        return text


class _ConstantError(Exception):
    """Python's parser met NaN or Infinity, which RFC 8259 does not know."""


def _refuse(_name: str) -> NoReturn:
    raise _ConstantError


_CHECKER = json.JSONDecoder(parse_constant=_refuse, parse_float=str)
_DIGITS_CHECKER = json.JSONDecoder(parse_constant=_refuse, parse_float=str, parse_int=str)


def _text(data: bytes, *, is_cut: bool) -> str:
    """The payload's text; a character that the end cuts in two is left out.

    Raises:
        DecodeError: It is not UTF-8, which JSON must be.
    """
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if is_cut and error.reason == "unexpected end of data" and error.end >= len(data):
            return data[: error.start].decode()
        raise DecodeError(f"Not JSON: byte {error.start:,} is not UTF-8.", error.start) from None


def _likelihood_of_fault(text: str, error: json.JSONDecodeError, *, is_cut: bool) -> float:
    if error.msg == "Extra data":
        return _likelihood_of_lines(text[error.pos :].lstrip(_SEPARATORS), is_cut=is_cut)
    if not _is_end(text, error):
        return 0.0
    return _CUT_SURE if is_cut else _MISFIT


def _likelihood_of_lines(rest: str, *, is_cut: bool) -> float:
    """How likely what follows a value is another one."""
    if rest[:1] not in ("{", "["):
        return _RARE
    try:
        _CHECKER.raw_decode(rest)
    except json.JSONDecodeError as error:
        return _LINES if is_cut and _is_end(rest, error) else _RARE
    except (ValueError, RecursionError, _ConstantError):
        return _RARE
    return _LINES


def _is_end(text: str, error: json.JSONDecodeError) -> bool:
    """Whether a text is only the beginning of JSON."""
    rest = text[error.pos :]
    if error.msg.startswith("Unterminated string"):
        return True
    if error.msg.startswith("Invalid \\"):
        return len(rest) <= 6
    if rest.strip(_BLANKS.decode()) in ("", "-", ".", "e", "E", "e+", "e-", "E+", "E-"):
        return True
    if error.msg == "Illegal trailing comma before end of object":
        return False
    return error.msg == "Expecting value" and any(word.startswith(rest) for word in _WORDS)


def _costs(data: bytes) -> float:
    """Seconds that checking it will take, roughly: brackets, commas and colons count."""
    if len(data) > MAX_WHOLE_BYTES:
        return float("inf")
    if len(data) < _COUNTED_FROM:
        return 0.0
    seconds = len(data) * _SECONDS_PER_BYTE
    seconds += sum(data.count(sign) * each for sign, each in _SECONDS_PER_SIGN.items())
    if seconds < _MAX_CHECK_SECONDS:
        seconds += _exponents(data) * _SECONDS_PER_EXPONENT
    return seconds


def _exponents(data: bytes) -> int:
    """How often an e follows a digit."""
    import numpy as np

    array = np.frombuffer(data, np.uint8)
    is_e = (array[1:] | 0x20) == ord("e")
    return int(np.count_nonzero(is_e & (array[:-1] - ord("0") < 10)))


def _checked(
    text: str, reader: JsonReader, bom: int, at: int, payload: Payload, notes: list[str]
) -> tuple[int | None, bool]:
    """The number of the value's children if it is one valid value, and whether it is.

    Raises:
        DecodeError: It is not JSON.
    """
    body = text[1:] if bom else text
    try:
        value = _loads(body)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            return None, False
        if not _is_end(body, error):
            raise _fault(body, error.pos, bom, reader) from None
        if not payload.is_cut:
            notes.append(f"The JSON ends too early, at byte {len(payload.data):,}.")
        return None, False
    except _ConstantError:
        raise _constant_fault(reader, at) from None
    except RecursionError:
        notes.append("It is nested too deeply to be checked as a whole.")
        return None, False
    return (len(value) if isinstance(value, (dict, list)) else 0), not payload.is_cut


def _loads(text: str) -> Any:
    with garbage_kept():
        # As digits: to make an integer of thousands of them takes time by their square, and Python
        # makes none of more than 4,300.
        return _DIGITS_CHECKER.decode(text)


def _fault(text: str, at: int, bom: int, reader: JsonReader) -> DecodeError:
    """What is wrong, in the reader's words where it finds the same."""
    offset = bom + len(text[:at].encode(errors="surrogatepass"))
    follows = reader.data[offset : offset + 1].decode(errors="replace")
    return DecodeError(f"Not JSON from byte {offset:,} on: “{follows}” cannot stand there.", offset)


def _constant_fault(reader: JsonReader, at: int) -> DecodeError:
    """Find the NaN or Infinity that the parser has met; it does not say where."""
    offset = find_constant(reader.data, at)
    word = reader.data[offset : offset + 9].decode(errors="replace")
    word = "NaN" if word.startswith("NaN") else word.rstrip(",]} \n\r\t")
    return DecodeError(f"Not JSON: {word} at byte {offset:,}; JSON knows no such number.", offset)


def _unchecked(reader: JsonReader, at: int, payload: Payload, notes: list[str]) -> tuple[Node, str]:
    """The root of a value that is not known to be valid as a whole, or of several."""
    data, clock = payload.data, Clock()
    try:
        stop = reader.behind_value(at, clock)
    except TooSlowError:
        root = reader.node(at, None, None, None)
        return root, root.type
    except BrokenError as problem:
        if not reader.opens(at):
            raise DecodeError(f"Not JSON. {problem.text}", problem.at) from None
        root = reader.node(at, None, None, None)
        return root, root.type
    rest = reader.behind_separators(stop)
    if rest >= len(data):
        root = reader.node(at, stop, None, None)
        return root, root.type
    count = _sequence(reader, at, payload)
    if not count:
        left = len(data) - rest
        words = counted(left, "byte follows", "bytes follow")
        notes.append(f"{words} the value, from byte {rest:,} on.")
        root = reader.node(at, stop, None, None)
        return root, root.type
    if count > 0:
        notes.append(f"{count:,} values stand one after the other.")
        type_ = f"sequence({count:,})"
    else:
        notes.append("Values stand one after the other.")
        type_ = "sequence"
    shown = count if count > 0 else None
    children = functools.partial(reader.sequence_children, at)
    root = Node(
        *(None, NodeKind.ARRAY, "sequence", "", None, shown, Span(at, len(data))),
        children=children,
    )
    return root, type_


def _sequence(reader: JsonReader, at: int, payload: Payload) -> int:
    """How many values fill the payload; 0 if they do not, -1 if it takes too long to say."""
    clock, count = Clock(), 0
    try:
        while at < len(payload.data):
            stop = reader.behind_value(at, clock)
            at = reader.behind_separators(stop)
            count += 1
            if at == stop < len(payload.data) and not reader.opens(at):
                return 0
            if not count % PAGE:
                clock.check()
    except TooSlowError:
        return -1
    except BrokenError as problem:
        return -1 if problem.is_cut and payload.is_cut else 0
    # Where more bytes follow, more values may.
    return -1 if payload.is_cut else count


JSON = JsonDecoder()
