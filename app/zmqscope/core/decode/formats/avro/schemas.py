"""Reads Avro schemas, from files and from the heads of container files. Any thread."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.schemas import AvroSchema, SchemaError

MAX_SCHEMA_CHARS = 1_000_000
"""Characters of a schema at most."""

INSTALL = "Install fastavro to read Avro (pip install fastavro)."


def read_avsc(path: Path) -> AvroSchema:
    """Read a schema from a file.

    Raises:
        SchemaError: It is none, or fastavro is not installed.
    """
    try:
        return parse_avro(path.read_text("utf-8-sig"))
    except OSError as error:
        raise SchemaError(f"“{path.name}” cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SchemaError(f"“{path.name}” is no Avro schema: it is not UTF-8.") from None
    except DecodeError as error:
        raise SchemaError(f"“{path.name}”: {error.text}", "Choose an .avsc file.") from None


def parse_avro(text: str) -> AvroSchema:
    """Read a schema from its JSON.

    Raises:
        DecodeError: It is none, or fastavro is not installed.
    """
    if len(text) > MAX_SCHEMA_CHARS:
        raise DecodeError(f"The schema has more than {MAX_SCHEMA_CHARS:,} characters.")
    try:
        import fastavro
        from fastavro.schema import SchemaParseException
    except ImportError:
        raise DecodeError(INSTALL) from None
    try:
        given = json.loads(text)
    except json.JSONDecodeError as error:
        raise DecodeError(f"The schema is no JSON: line {error.lineno}: {error.msg}.") from None
    except RecursionError:
        raise DecodeError("The schema is nested too deep.") from None
    named: dict[str, dict[Any, Any]] = {}
    try:
        parsed = fastavro.parse_schema(given, named)
    except RecursionError:
        raise DecodeError("The schema is nested too deep.") from None
    except (SchemaParseException, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DecodeError(f"The schema is wrong: {_words(error)}.") from None
    names = tuple(name for name, each in named.items() if _is_record(each))
    return AvroSchema(names, parsed, named)


def _words(error: Exception) -> str:
    return str(error).strip()[:300].rstrip(".") or type(error).__name__


def _is_record(each: object) -> bool:
    return isinstance(each, Mapping) and each.get("type") in ("record", "error")
