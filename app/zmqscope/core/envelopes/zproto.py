"""Frames as zproto's codecs write them: signature, command, fields. Pure, any thread.

Source: zproto's ``zproto_codec_c`` and RFC 36: numbers are big-endian; a string has its length in
one byte before it, a long one in four; lists and dictionaries have their count in four bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from zmqscope.core.decode.decoded import Decoded, DecodeError
from zmqscope.core.decode.field_path import Index, Name
from zmqscope.core.decode.node import Node, NodeKind, Span, error_node
from zmqscope.core.envelopes import fields

MOST_SEEN = 1_000
"""Entries of a list that a summary walks over at most."""

MOST_READ = 50_000
"""Entries of a list that are decoded at most."""


class Kind(Enum):
    """The type of a field."""

    NUMBER_1 = 1
    NUMBER_2 = 2
    NUMBER_4 = 4
    STRING = "string"
    STRINGS = "strings"
    DICTIONARY = "dictionary"


class Field(NamedTuple):
    """A field of a command."""

    name: str
    kind: Kind


class Command(NamedTuple):
    """A command and its fields, without those that all commands have."""

    name: str
    fields: tuple[Field, ...] = ()
    has_content: bool = False


class Entry(NamedTuple):
    """A string of a list or dictionary: where its key and where its text stand."""

    key: tuple[int, int] | None
    text: tuple[int, int]


class Part(NamedTuple):
    """A field that was read.

    Attributes:
        field: Which.
        value: A number, or the first and one past the last byte of a text, or entries.
        start: Its first byte, length included.
        stop: One past its last.
    """

    field: Field
    value: int | tuple[int, int] | tuple[Entry, ...]
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A frame, as far as it could be read.

    Attributes:
        command: Its command.
        data: The frame.
        parts: Its fields, those that are whole.
        stop: One past the last byte of these.
        problem: Name of the field in which the bytes end; empty if all are there.
    """

    command: Command
    data: bytes
    parts: tuple[Part, ...]
    stop: int
    problem: str = ""

    def number(self, name: str) -> int | None:
        """A number by name; None if it is missing."""
        for part in self.parts:
            if part.field.name == name and isinstance(part.value, int):
                return part.value
        return None

    def text(self, name: str) -> str:
        """A text by name; empty if it is missing."""
        for part in self.parts:
            if part.field.name == name and part.field.kind is Kind.STRING:
                start, stop = part.start + 1, part.stop
                return self.data[start:stop].decode("utf-8", "replace")
        return ""

    def texts(self, name: str) -> list[str]:
        """The strings of a list by name, as many as were read."""
        for part in self.parts:
            if part.field.name == name and isinstance(part.value, tuple):
                spans = [entry.text for entry in part.value if isinstance(entry, Entry)]
                return [self.data[a:b].decode("utf-8", "replace") for a, b in spans]
        return []


@dataclass(frozen=True, slots=True)
class Codec:
    """A protocol.

    Attributes:
        signature: Its first two bytes.
        commands: By number.
        header: Fields that follow the number in every command.
    """

    signature: bytes
    commands: Mapping[int, Command]
    header: tuple[Field, ...] = ()

    def read(self, data: bytes, most: int = MOST_SEEN) -> Reading | None:
        """Read a frame as far as it goes; None if it is not of this protocol.

        Args:
            data: The frame, or its beginning.
            most: Entries of one list at most.
        """
        if data[:2] != self.signature or len(data) < 3:
            return None
        command = self.commands.get(data[2])
        if command is None:
            return None
        parts: list[Part] = []
        at, problem = 3, ""
        for field in (*self.header, *command.fields):
            part = _read(data, at, field, most)
            if part is None:
                problem = field.name
                break
            parts.append(part)
            at = part.stop
        return Reading(command, data, tuple(parts), at, problem)

    def decode(self, data: bytes) -> Decoded:
        """Read a whole frame.

        Raises:
            DecodeError: It is not of this protocol.
        """
        reading = self.read(data, MOST_READ)
        if reading is None:
            raise DecodeError(f"A frame begins with {self.signature.hex(' ')} and a command.", 0)
        nodes = [
            fields.blob("signature", self.signature, (0, 2)),
            fields.number("command", "uint8", data[2], (2, 3), reading.command.name),
            *(_node(data, part) for part in reading.parts),
        ]
        if reading.problem:
            nodes.append(error_node(_problem(reading), reading.stop))
        elif reading.stop < len(data):
            rest = data[reading.stop :]
            note = "Not part of the command"
            nodes.append(fields.blob("rest", rest, (reading.stop, len(data)), note=note))
        return fields.tree(reading.command.name, nodes, len(data))


def _problem(reading: Reading) -> str:
    data, at, name = reading.data, reading.stop, reading.problem
    field = next((each for each in reading.command.fields if each.name == name), None)
    if field is not None and field.kind in (Kind.STRINGS, Kind.DICTIONARY):
        claimed = int.from_bytes(data[at : at + 4])
        fewer = MOST_READ.to_bytes(4) + data[at + 4 :]
        if claimed > MOST_READ and _read_entries(fewer, 0, field, MOST_READ) is not None:
            return f"{name} claims {claimed:,} entries; more than {MOST_READ:,} are not read."
    return f"The frame ends inside {name}."


def sureness(reading: Reading, size: int) -> float:
    """How sure a frame is of the protocol: what it says of its fields' lengths must fit.

    Args:
        reading: The frame.
        size: Bytes of the whole frame.
    """
    if len(reading.data) < size:
        return 0.9
    return 0.97 if not reading.problem and reading.stop == size else 0.7


def _read(data: bytes, at: int, field: Field, most: int) -> Part | None:
    kind = field.kind
    if kind is Kind.STRING:
        stop = _after(data, at, 1)
        return None if stop is None else Part(field, (at + 1, stop), at, stop)
    if isinstance(kind.value, int):
        stop = at + kind.value
        if stop > len(data):
            return None
        return Part(field, int.from_bytes(data[at:stop]), at, stop)
    return _read_entries(data, at, field, most)


def _read_entries(data: bytes, start: int, field: Field, most: int) -> Part | None:
    at = start + 4
    entries: list[Entry] = []
    if at > len(data):
        return None
    for _ in range(min(int.from_bytes(data[start:at]), most + 1)):
        key: tuple[int, int] | None = None
        if field.kind is Kind.DICTIONARY:
            stop = _after(data, at, 1)
            if stop is None:
                return None
            key, at = (at + 1, stop), stop
        stop = _after(data, at, 4)
        if stop is None or len(entries) == most:
            return None
        entries.append(Entry(key, (at + 4, stop)))
        at = stop
    return Part(field, tuple(entries), start, at)


def _after(data: bytes, at: int, width: int) -> int | None:
    """One past the last byte of a text whose length stands at ``at``."""
    text = at + width
    if text > len(data):
        return None
    stop = text + int.from_bytes(data[at:text])
    return stop if stop <= len(data) else None


def _node(data: bytes, part: Part) -> Node:
    name, span, value = part.field.name, (part.start, part.stop), part.value
    if isinstance(value, int):
        return fields.number(name, f"uint{(part.stop - part.start) * 8}", value, span)
    if part.field.kind is Kind.STRING:
        return fields.text(name, data[part.start + 1 : part.stop], span)
    entries = tuple(entry for entry in value if isinstance(entry, Entry))
    is_array = part.field.kind is Kind.STRINGS
    return Node(
        Name(name),
        NodeKind.ARRAY if is_array else NodeKind.OBJECT,
        part.field.kind.value if isinstance(part.field.kind.value, str) else "",
        count=len(entries),
        span=Span(*span),
        children=lambda: _children(data, entries),
    )


def _children(data: bytes, entries: tuple[Entry, ...]) -> Iterator[Node]:
    seen: dict[str, int] = {}
    for index, (key, (start, stop)) in enumerate(entries):
        span = (start - 4, stop)
        if key is None:
            yield fields.text(Index(index), data[start:stop], span, "longstr")
            continue
        word = data[key[0] : key[1]].decode("utf-8", "replace")
        nth = seen[word] = seen.get(word, 0) + 1
        yield fields.text(Name(word, nth), data[start:stop], span, "longstr", (key[0] - 1, key[1]))
