r"""The one text form of "this field of that frame". Pure, any thread.

::

    json.imu.accel[2]          a field, an element
    msgpack.type               of the first frame behind topic or envelope
    frame2.json.px             of the second frame, counted as the inspector counts them
    zlib.json.header           what is behind a compression
    json["odd \"key\""]        any key that is no plain word
    msgpack[key(5)]            a key that is no text
    json.a#2                   the second field of that name
    bytes[4:8].f32le           four bytes as a number
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from zmqscope.core.errors import UserError

BYTES = "bytes"
"""The source of a path to plain bytes."""

NUMBER_FORMS = (
    *("u8", "i8", "u16le", "u16be", "i16le", "i16be", "u32le", "u32be", "i32le", "i32be"),
    *("u64le", "u64be", "i64le", "i64be", "f16le", "f16be", "f32le", "f32be", "f64le", "f64be"),
)
"""How bytes may be read as a number."""


class FieldPathError(UserError):
    """A text that is no field path."""


@dataclass(frozen=True, slots=True)
class Name:
    """A key that is text.

    Attributes:
        text: The key.
        nth: Which of several fields of that name, from 1.
    """

    text: str
    nth: int = 1


@dataclass(frozen=True, slots=True)
class Index:
    """A place in an array, from 0."""

    at: int


@dataclass(frozen=True, slots=True)
class Key:
    r"""A key that is no text, as it is written in JSON or Python: ``5``, ``true``, ``b"\\x00"``."""

    text: str
    nth: int = 1


Step = Name | Index | Key


@dataclass(frozen=True, slots=True)
class FieldPath:
    """Where a field is.

    Attributes:
        source: Compressions, outermost first, then the decoder; or ``("bytes",)``.
        steps: The way from the root; empty for all of it.
        frame: Number of the frame, from 1; None for the first behind topic or envelope.
        span: For bytes: first, and one past the last.
        form: For bytes: one of ``NUMBER_FORMS``, or empty for the bytes themselves.
    """

    source: tuple[str, ...]
    steps: tuple[Step, ...] = ()
    frame: int | None = None
    span: tuple[int, int] | None = None
    form: str = ""

    def __str__(self) -> str:
        text = "" if self.frame is None else f"frame{self.frame}."
        text += ".".join(self.source)
        if self.span is not None:
            text += f"[{self.span[0]}:{self.span[1]}]"
            return f"{text}.{self.form}" if self.form else text
        return text + "".join(map(_step_text, self.steps))

    def child(self, step: Step) -> FieldPath:
        """The path of a field inside this one."""
        return replace(self, steps=(*self.steps, step))


_WORD = re.compile(r"[^\W\d][\w-]*|\d+")
_SOURCE = re.compile(r"[a-z][a-z0-9_-]*")
_FRAME = re.compile(r"frame([1-9]\d{0,5})\.")
_SPAN = re.compile(r"\[(\d{1,12}):(\d{1,12})\](?:\.([a-z0-9]+))?")
_STEP = re.compile(
    r"""\.(?P<word>[^\W\d][\w-]*|\d+)
      | \[(?P<index>\d{1,12})\]
      | \[(?P<quoted>"(?:[^"\\]|\\.)*")\]
      | \[key\((?P<key>"(?:[^"\\]|\\.)*"|[^()"]*|b'(?:[^'\\]|\\.)*')\)\]""",
    re.VERBOSE,
)
_NTH = re.compile(r"#(\d{1,12})")


def _step_text(step: Step) -> str:
    if isinstance(step, Index):
        return f"[{step.at}]"
    nth = f"#{step.nth}" if step.nth > 1 else ""
    if isinstance(step, Key):
        plain = not any(sign in step.text for sign in '()"\\')
        return f"[key({step.text if plain else json.dumps(step.text)})]{nth}"
    if _WORD.fullmatch(step.text):
        return f".{step.text}{nth}"
    return f"[{json.dumps(step.text, ensure_ascii=not step.text.isprintable())}]{nth}"


class SourceWords(NamedTuple):
    """What a path may begin with.

    Attributes:
        formats: Names of decoders and envelopes.
        layers: Names of compressions; in a path a format follows them.
    """

    formats: frozenset[str]
    layers: frozenset[str]


def parse_field_path(text: str, words: SourceWords) -> FieldPath:
    """Read a path.

    Args:
        text: As ``str(path)`` writes it.
        words: The names of what can be read.

    Raises:
        FieldPathError: It is none.
    """
    rest = text.strip()
    frame, found = None, _FRAME.match(rest)
    if found:
        frame, rest = int(found[1]), rest[found.end() :]
    source, rest = _read_source(rest, words, text)
    if source[-1] == BYTES:
        return _bytes_path(source, frame, rest, text)
    steps: list[Step] = []
    while rest:
        found = _STEP.match(rest)
        if found is None:
            raise FieldPathError(
                f"“{rest[:40]}” is no field in “{text[:80]}”.",
                'Write .name, [0] or ["any key"], as in json.imu.accel[2].',
            )
        rest = rest[found.end() :]
        nth_found = _NTH.match(rest)
        nth = int(nth_found[1]) if nth_found else 1
        rest = rest[nth_found.end() :] if nth_found else rest
        steps.append(_read_step(found, nth, text))
    return FieldPath(source, tuple(steps), frame)


def _read_source(rest: str, words: SourceWords, text: str) -> tuple[tuple[str, ...], str]:
    """Compressions, then a format."""
    source: list[str] = []
    while found := _SOURCE.match(rest):
        word, rest = found[0], rest[found.end() :]
        if word in words.layers and rest.startswith("."):
            source.append(word)
            rest = rest[1:]
        elif word in words.formats or word == BYTES:
            return (*source, word), rest
        else:
            break
    raise FieldPathError(
        f"“{text[:80]}” does not begin with a format.",
        "Begin with one, such as json, msgpack or bytes.",
    )


def _bytes_path(source: tuple[str, ...], frame: int | None, rest: str, text: str) -> FieldPath:
    found = _SPAN.fullmatch(rest)
    if found is None or int(found[1]) > int(found[2]):
        raise FieldPathError(
            f"“{text[:80]}” does not say which bytes.", "Write bytes[4:8] or bytes[4:8].f32le."
        )
    form = found[3] or ""
    start, stop = int(found[1]), int(found[2])
    if form and form not in NUMBER_FORMS:
        raise FieldPathError(
            f"“{form}” is no number format.", f"Use one of {', '.join(NUMBER_FORMS)}."
        )
    if form and stop - start != form_bytes(form):
        raise FieldPathError(
            f"{form} takes {form_bytes(form)} bytes, but bytes[{start}:{stop}] has {stop - start}.",
            f"Write bytes[{start}:{start + form_bytes(form)}].{form}.",
        )
    return FieldPath(source, frame=frame, span=(start, stop), form=form)


def form_bytes(form: str) -> int:
    """How many bytes a number form takes."""
    return int(form.strip("uifleb")) // 8


def _read_step(found: re.Match[str], nth: int, text: str) -> Step:
    if found["word"] is not None:
        return Name(found["word"], nth)
    if found["index"] is not None:
        return Index(int(found["index"]))
    try:
        if found["quoted"] is not None:
            return Name(str(json.loads(found["quoted"])), nth)
        key = found["key"]
        return Key(str(json.loads(key)) if key.startswith('"') else key, nth)
    except ValueError:
        raise FieldPathError(
            f"A quoted key in “{text[:80]}” is not written as in JSON.", 'Write ["key"].'
        ) from None
