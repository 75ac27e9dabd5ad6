"""Reads a JSON document of which perhaps only the beginning is here. Pure, any thread."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from zmqscope.core.envelopes.summary import CutText

MOST_BYTES = 4_096
"""Bytes that are looked at; a summary needs no more."""

_MOST_DEPTH = 32
_BLANK = re.compile(r"[ \t\r\n]*")
_BETWEEN = re.compile(r"[ \t\r\n]*,[ \t\r\n]*")
_COLON = re.compile(r"[ \t\r\n]*:[ \t\r\n]*")
_NUMBER_ENDS = re.compile(r"(?:\.|[eE][+-]?)?")
_DECODER = json.JSONDecoder(strict=False)
_BAD = (ValueError, RecursionError, OverflowError, MemoryError)


class CutFields(dict[str, object]):
    """An object of which only the first fields are here."""


def head_text(head: bytes) -> str:
    """The beginning of a document as text; what is no UTF-8 is replaced."""
    return head[:MOST_BYTES].decode("utf-8", "replace")


def read_object(head: bytes, size: int) -> dict[str, object] | None:
    """The fields of an object, as far as they are here.

    Args:
        head: Its first bytes.
        size: Bytes of the whole.

    Returns:
        Its fields; None if it is no object. Of a string that is cut, its beginning as
        ``CutText``; other values that are cut are missing.
    """
    if not head or head[0] not in b"{ \t\r\n":
        return None
    if len(head) == size <= MOST_BYTES:
        try:
            whole = json.loads(head)
        except _BAD:
            pass
        else:
            return whole if isinstance(whole, dict) else None
    text = head_text(head)
    start = _end_of(_BLANK, text, 0)
    if text[start : start + 1] != "{":
        return None
    return dict(_members(text, start + 1))


def read_array(head: bytes, start: int = 0) -> list[object] | None:
    """The first elements of an array, as far as they are here; None if it is none.

    Args:
        head: Bytes.
        start: Where the array begins.
    """
    text = head_text(head[start : start + MOST_BYTES])
    at = _end_of(_BLANK, text, 0)
    if text[at : at + 1] != "[":
        return None
    found: list[object] = []
    at = _end_of(_BLANK, text, at + 1)
    while at < len(text) and text[at] != "]":
        try:
            value, at = _DECODER.raw_decode(text, at)
        except _BAD:
            if text[at] == "{":
                found.append(dict(_members(text, at + 1)))
            break
        if _may_go_on(value, text, at):
            break
        found.append(value)
        between = _BETWEEN.match(text, at)
        if between is None:
            break
        at = between.end()
    return found


def _members(text: str, at: int, depth: int = 0) -> Iterator[tuple[str, object]]:
    """Keys and values of an object, until its end or that of the text."""
    at = _end_of(_BLANK, text, at)
    while text[at : at + 1] == '"':
        try:
            key, at = _DECODER.raw_decode(text, at)
        except _BAD:
            return
        colon = _COLON.match(text, at)
        if colon is None:
            return
        at = colon.end()
        try:
            value, at = _DECODER.raw_decode(text, at)
        except _BAD:
            yield from _cut_value(key, text, at, depth)
            return
        if _may_go_on(value, text, at):
            return
        yield key, value
        between = _BETWEEN.match(text, at)
        if between is None:
            return
        at = between.end()


def _cut_value(key: str, text: str, at: int, depth: int) -> Iterator[tuple[str, object]]:
    """The last value, which is cut: of a string its beginning, of an object its fields."""
    if text[at : at + 1] == "{" and depth < _MOST_DEPTH:
        yield key, CutFields(_members(text, at + 1, depth + 1))
    if text[at : at + 1] != '"':
        return
    # An escape that the end cuts in two is left out.
    for most in range(len(text), max(at, len(text) - 13), -1):
        try:
            value, _ = _DECODER.raw_decode(text[:most] + '"', at)
        except _BAD:
            continue
        yield key, CutText(value)
        return


def _may_go_on(value: object, text: str, at: int) -> bool:
    """Whether it is a number that the end of the text cuts, perhaps before its exponent."""
    return isinstance(value, int | float) and _NUMBER_ENDS.fullmatch(text, at) is not None


def _end_of(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return at if found is None else found.end()
