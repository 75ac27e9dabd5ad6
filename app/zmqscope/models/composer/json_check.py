"""JSON as a person types it: where it goes wrong, its colours, its compact form. Any thread."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple, NoReturn

from PySide6.QtCore import QCoreApplication

from zmqscope.core.types import Problem

_CONTEXT = "JsonCheck"

_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_TOKEN = re.compile(
    rf"(?P<string>{_STRING})|(?P<number>-?\d[\d.eE+-]*)|(?P<word>\b(?:true|false|null)\b)"
)
_NOT_JSON = re.compile(rf"{_STRING}|(?P<constant>NaN|-?Infinity)")
_BLANKS = re.compile(rf"({_STRING})|[ \t\n\r]+")
_KEY_ENDS = re.compile(r"[ \t]*:")
_TRAILING_COMMA = re.compile(r",[ \t\n\r]*$")


class JsonKind(Enum):
    """What a piece of JSON is, for its colour."""

    KEY = "key"
    STRING = "string"
    NUMBER = "number"
    WORD = "word"


class JsonSpan(NamedTuple):
    """A piece of one line of JSON: where it starts, its length in characters, what it is."""

    start: int
    length: int
    kind: JsonKind


class JsonFault(NamedTuple):
    """What is wrong with a text that should be JSON, and at which character, from 0."""

    problem: Problem
    at: int


class _ConstantError(Exception):
    """Python's parser met NaN or Infinity, which RFC 8259 does not know."""


def check_json(text: str) -> JsonFault | None:
    """What keeps a text from being one JSON value (RFC 8259); None if nothing does."""
    if not text.strip(" \t\n\r"):
        hint = _tr("Type a value such as {}, or choose text for an empty frame.")
        return JsonFault(Problem(_tr("There is no JSON yet."), hint), 0)
    try:
        # Numbers stay text: an integer of more than 4,300 digits is JSON, but not a Python int.
        json.loads(text, parse_constant=_refuse, parse_int=str, parse_float=str)
    except _ConstantError:
        return _constant_fault(text)
    except json.JSONDecodeError as error:
        return _fault_of(text, error)
    except RecursionError:
        problem = Problem(
            _tr("This JSON is nested too deeply to be checked."),
            _tr("Send it as text instead."),
        )
        return JsonFault(problem, 0)
    return None


def _refuse(_name: str) -> NoReturn:
    raise _ConstantError


def _constant_fault(text: str) -> JsonFault:
    found = next(match for match in _NOT_JSON.finditer(text) if match["constant"])
    problem = Problem(
        _tr("{0} is not JSON at {1}.").format(found["constant"], place(text, found.start())),
        _tr("Use a number, null or a string."),
    )
    return JsonFault(problem, found.start())


def _fault_of(text: str, error: json.JSONDecodeError) -> JsonFault:
    at = min(error.pos, len(text))
    what, hint = _words_for(text, at, error.msg)
    if error.msg.startswith(("Expecting", "Illegal trailing")):
        comma = _TRAILING_COMMA.search(text[:at])
        if comma is not None and text[at : at + 1] in ("}", "]"):
            at, what = comma.start(), _tr("A comma stands before the closing bracket")
            hint = _tr("Remove it.")
    return JsonFault(Problem(f"{what} at {place(text, at)}.", hint), at)


def _words_for(text: str, at: int, message: str) -> tuple[str, str]:
    if at >= len(text) and message.startswith("Expecting"):
        return _tr("The JSON ends too early"), _tr("Close what is open.")
    for start, what, hint in (
        ("Expecting value", _tr("A value is missing"), _tr("Strings need double quotes.")),
        ("Expecting property", _tr("A key is missing"), _tr("Keys need double quotes.")),
        ("Expecting ':'", _tr("A colon is missing after the key"), _tr("Add one.")),
        ("Expecting ','", _tr("A comma is missing"), _tr("Add one, or close the bracket.")),
        ("Unterminated", _tr("The string is not closed that begins"), _tr("Add a double quote.")),
        (
            "Invalid control",
            _tr("A line break or control character stands in a string"),
            _tr("Write it as \\n or \\u0000."),
        ),
        (
            "Invalid \\",
            _tr("The backslash begins no JSON escape"),
            _tr("Write \\\\ for a backslash."),
        ),
        ("Extra data", _tr("The value is complete, but more follows"), _tr("Remove the rest.")),
        ("Unexpected UTF-8 BOM", _tr("A byte-order mark stands"), _tr("Remove it.")),
    ):
        if message.startswith(start):
            return what, hint
    return message, ""


def place(text: str, at: int) -> str:
    """Where a character is, in words; lines and columns count from 1."""
    line = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    return _tr("line {0}, column {1}").format(line, column)


def compact_json(text: str) -> str:
    """The same JSON without blanks between its tokens; numbers and strings stay as written."""
    return _BLANKS.sub(lambda match: match[1] or "", text)


def json_spans(line: str) -> Iterator[JsonSpan]:
    """What to colour in one line; a JSON string never spans two."""
    for match in _TOKEN.finditer(line):
        start, length = match.start(), match.end() - match.start()
        if match["number"]:
            yield JsonSpan(start, length, JsonKind.NUMBER)
        elif match["word"]:
            yield JsonSpan(start, length, JsonKind.WORD)
        else:
            is_key = _KEY_ENDS.match(line, match.end()) is not None
            yield JsonSpan(start, length, JsonKind.KEY if is_key else JsonKind.STRING)


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
