"""Schemas that the user points at: .proto files, descriptor sets, .avsc files. Any thread.

``load`` takes its time, so a thread other than the GUI's calls it; ``loaded`` never waits.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from zmqscope.core.decode.decoded import BadSchemaError
from zmqscope.core.errors import UserError

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor
    from google.protobuf.descriptor_pool import DescriptorPool

MAX_SCHEMA_BYTES = 64_000_000
"""Bytes of a schema file at most."""

PROTO_SUFFIXES = (".proto",)
DESCRIPTOR_SUFFIXES = (".pb", ".desc", ".binpb", ".protoset", ".fds")
AVRO_SUFFIXES = (".avsc",)

AvroType = str | list["AvroType"] | dict[str, "AvroType | int | object"]
"""An Avro schema as JSON has it."""


class SchemaError(UserError):
    """A schema that cannot be used."""


@dataclass(frozen=True, slots=True)
class ProtobufSchema:
    """Message types of Protobuf.

    Attributes:
        names: Full names of messages, those of the file itself first.
        own: How many of them are of the file itself and not of its imports.
        pool: Their descriptors.
    """

    names: tuple[str, ...]
    own: int
    pool: DescriptorPool = field(repr=False, compare=False)

    def message(self, name: str) -> Descriptor:
        """A message type; an empty name stands for the only one that there is.

        Raises:
            BadSchemaError: There is no such message, or one has to be chosen.
        """
        if not name:
            if not self.names:
                raise BadSchemaError("The schema has no messages.")
            name = self.only_message
            if not name:
                raise BadSchemaError(f"Choose a message of the schema: {_some(self.names)}.")
        try:
            return self.pool.FindMessageTypeByName(name)
        except KeyError:
            text = f"The schema has no message “{name[:80]}”, but {_some(self.names)}."
            raise BadSchemaError(text) from None

    @property
    def only_message(self) -> str:
        """The one outermost message of the file itself; empty if there are others."""
        outer = [each for each in self.names[: self.own] if self._is_outermost(each)]
        return outer[0] if len(outer) == 1 else ""

    def _is_outermost(self, name: str) -> bool:
        return self.pool.FindMessageTypeByName(name).containing_type is None


@dataclass(frozen=True, slots=True)
class AvroSchema:
    """A schema of Avro.

    Attributes:
        names: Full names of the records in it.
        parsed: The schema with names made full.
        named: The types that have a name.
    """

    names: tuple[str, ...]
    parsed: AvroType = field(repr=False, compare=False)
    named: Mapping[str, AvroType] = field(repr=False, compare=False)


Schema = ProtobufSchema | AvroSchema
Stamp = tuple[tuple[str, int, int], ...]
"""Path, time of change in ns and bytes of each file that a schema was read from."""


@dataclass(slots=True)
class _Book:
    lock: threading.Lock = field(default_factory=threading.Lock)
    known: dict[str, tuple[Stamp, Schema | SchemaError]] = field(default_factory=dict)


_book = _Book()


def load(path: str) -> Schema:
    """Read a schema, unless none of its files has changed since it was read last.

    It takes up to seconds (protoc is a program of its own): not for the GUI thread.

    Args:
        path: A .proto file, a descriptor set or an .avsc file.

    Raises:
        SchemaError: The file is missing or is no schema.
    """
    with _book.lock:
        known = _book.known.get(path)
        if known is None or not known[0] or stamp_of(each[0] for each in known[0]) != known[0]:
            known = _book.known[path] = _read(path)
    if isinstance(known[1], SchemaError):
        raise known[1]
    return known[1]


def loaded(path: str) -> Schema:
    """A schema that ``load`` has read; does not look at the file.

    Raises:
        BadSchemaError: It has not been read, or cannot be.
    """
    known = _book.known.get(path)
    if known is None:
        raise BadSchemaError("The schema is still being read…")
    if isinstance(known[1], SchemaError):
        raise BadSchemaError(str(known[1]))
    return known[1]


def message_names(path: str) -> list[str]:
    """What a schema has to choose from; it may take as long as ``load``.

    Raises:
        SchemaError: The file is missing or is no schema.
    """
    return list(load(path).names)


def likeliest_message(path: str, data: bytes) -> str:
    """The message of a Protobuf schema that bytes are most likely one of; empty without messages.

    It may take as long as ``load``.

    Raises:
        SchemaError: The file is missing or is no schema.
    """
    schema = load(path)
    if not isinstance(schema, ProtobufSchema):
        return ""
    from zmqscope.core.decode.formats.protobuf.fit import best_message

    return best_message(data, schema)


def _read(path: str) -> tuple[Stamp, Schema | SchemaError]:
    """A schema and what it depends on; without a stamp it is tried again the next time."""
    try:
        _check(path)
        suffix = Path(path).suffix.lower()
        if suffix in AVRO_SUFFIXES:
            from zmqscope.core.decode.formats.avro.schemas import read_avsc

            return stamp_of([path]), read_avsc(Path(path))
        from zmqscope.core.decode.formats.protobuf.schemas import read_descriptor_set, read_proto

        if suffix in PROTO_SUFFIXES:
            schema, files = read_proto(Path(path))
            return stamp_of(files), schema
        return stamp_of([path]), read_descriptor_set(Path(path))
    except SchemaError as error:
        return (), error


def _check(path: str) -> None:
    name = Path(path).name
    try:
        size = Path(path).stat().st_size
        if not Path(path).is_file():
            raise SchemaError(f"“{name}” is no file.", "Choose a .proto, .desc or .avsc file.")
    except (OSError, ValueError):
        raise SchemaError(f"There is no file “{path[:200]}”.", "Choose the schema again.") from None
    if size > MAX_SCHEMA_BYTES:
        raise SchemaError(
            f"“{name}” has {size:,} bytes; a schema has at most {MAX_SCHEMA_BYTES:,}.",
            "Choose a .proto, .desc or .avsc file.",
        )


def stamp_of(paths: Iterable[str]) -> Stamp:
    """What tells whether files have changed; a missing one has no time."""
    stamps = []
    for path in paths:
        try:
            status = Path(path).stat()
            stamps.append((path, status.st_mtime_ns, status.st_size))
        except OSError:
            stamps.append((path, 0, 0))
    return tuple(stamps)


def _some(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:8])
    return f"{shown} and {len(names) - 8:,} more" if len(names) > 8 else shown
