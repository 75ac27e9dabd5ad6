"""Reads schemas: .proto files, descriptor sets, .avsc files. Any thread.

It takes its time, so a thread other than the GUI's does it; decoders find them in ``schemas``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from zmqscope.core.decode.schemas import BOOK, ProtobufSchema, Schema, SchemaError, Stamp

MAX_SCHEMA_BYTES = 64_000_000
"""Bytes of a schema file at most."""

PROTO_SUFFIXES = (".proto",)
DESCRIPTOR_SUFFIXES = (".pb", ".desc", ".binpb", ".protoset", ".fds")
AVRO_SUFFIXES = (".avsc",)


def load(path: str) -> Schema:
    """Read a schema, unless none of its files has changed since it was read last.

    It takes up to seconds (protoc is a program of its own): not for the GUI thread.

    Args:
        path: A .proto file, a descriptor set or an .avsc file.

    Raises:
        SchemaError: The file is missing or is no schema.
    """
    with BOOK.lock:
        known = BOOK.known.get(path)
        if known is None or not known[0] or stamp_of(each[0] for each in known[0]) != known[0]:
            known = BOOK.known[path] = _read(path)
    if isinstance(known[1], SchemaError):
        raise known[1]
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
    # Libraries of formats are imported where they are needed first.
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
