"""Schemas that the user points at, once ``schema_files`` has read them. Any thread."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zmqscope.core.decode.decoded import BadSchemaError
from zmqscope.core.errors import UserError

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor
    from google.protobuf.descriptor_pool import DescriptorPool

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
class SchemaBook:
    """What was read.

    Attributes:
        lock: Held by whoever reads a file.
        known: By path, what a schema depends on, and it or why there is none.
    """

    lock: threading.Lock = field(default_factory=threading.Lock)
    known: dict[str, tuple[Stamp, Schema | SchemaError]] = field(default_factory=dict)


BOOK = SchemaBook()
"""Of the whole app: decoders are functions of bytes and options alone."""


def loaded(path: str) -> Schema:
    """A schema that ``schema_files.load`` has read; does not look at the file, never waits.

    Raises:
        BadSchemaError: It has not been read, or cannot be.
    """
    known = BOOK.known.get(path)
    if known is None:
        raise BadSchemaError("The schema is still being read…")
    if isinstance(known[1], SchemaError):
        raise BadSchemaError(str(known[1]))
    return known[1]


def _some(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:8])
    return f"{shown} and {len(names) - 8:,} more" if len(names) > 8 else shown
