"""Arrow's batches as trees, read by pyarrow once their claims have been checked. Any thread.

pyarrow trusts offsets and lengths inside buffers unless it is told to validate: no value is looked
at before ``validate(full=True)``. Extension types that would bring a pickle are refused, and so are
batches that unpack to more than ``MAX_UNPACKED`` bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from zmqscope.core.decode.compact import compact_float
from zmqscope.core.decode.field_path import Index, Name, Step
from zmqscope.core.decode.formats.arrow.messages import (
    BATCH,
    DICTIONARY,
    SCHEMA,
    ArrowError,
    Message,
    check_batch,
    messages,
)
from zmqscope.core.decode.leaf_text import hex_text
from zmqscope.core.decode.node import Node, NodeKind, Span, error_node, shorten
from zmqscope.core.wording import counted

if TYPE_CHECKING:
    import pyarrow

_PICKLED = b"arrow.py_extension_type"
_MAX_DEPTH = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_MS = 86_400_000
_TICKS = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


def batch_nodes(data: bytes, *, is_cut: bool) -> Iterator[Node]:
    """The batches of a stream or file; a sentence where they cannot be read."""
    try:
        yield from _safe(_batches(data))
    except ArrowError as error:
        if error.is_cut and is_cut:
            yield error_node(f"From byte {error.at} on it is not here", error.at)
        else:
            yield error_node(f"Byte {error.at}: {error.text}", error.at)


def _batches(data: bytes) -> Iterator[Node]:
    reader: pyarrow.RecordBatchReader | None = None
    start = index = 0
    for message in messages(data):
        if message.kind == SCHEMA:
            start = message.start
            if _PICKLED in data[message.start : message.stop]:
                text = "The schema has a type that would load a pickle, so values are not shown"
                raise ArrowError(text, start)
        if message.kind in (DICTIONARY, BATCH):
            check_batch(data, message)
        if message.kind == BATCH:
            # By now all that the reader is going to read up to this batch has been checked.
            if reader is None:
                reader = _open(data, start)
            yield _batch_node(_read(reader, message.start), message, index)
            index += 1


def _open(data: bytes, start: int) -> pyarrow.RecordBatchReader:
    import pyarrow
    import pyarrow.ipc

    try:
        source = pyarrow.BufferReader(pyarrow.py_buffer(data).slice(start))
        return pyarrow.ipc.open_stream(source)
    except _errors() as error:
        raise ArrowError(f"pyarrow refuses the schema: {_words(error)}", start) from None


def _read(reader: pyarrow.RecordBatchReader, at: int) -> pyarrow.RecordBatch:
    try:
        batch = reader.read_next_batch()
        batch.validate(full=True)
    except StopIteration:
        raise ArrowError("pyarrow finds no batch here", at) from None
    except _errors() as error:
        raise ArrowError(f"pyarrow refuses a batch: {_words(error)}", at) from None
    return batch


def _errors() -> tuple[type[Exception], ...]:
    import pyarrow

    # Its own errors, and what its Python side makes of types, names, zones and decimals.
    return (
        *(pyarrow.ArrowException, OSError, ValueError, LookupError, TypeError, AttributeError),
        *(ArithmeticError, RuntimeError, MemoryError, ImportError, Warning),
    )


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:300].rstrip(".") or type(error).__name__


def _safe(nodes: Iterator[Node]) -> Iterator[Node]:
    """Nodes from pyarrow, with a sentence where it gives up: names may be no UTF-8, and so on."""
    try:
        yield from nodes
    except _errors() as error:
        yield error_node(f"pyarrow cannot read on: {_words(error)}")


def _batch_node(batch: pyarrow.RecordBatch, message: Message, index: int) -> Node:
    return Node(
        Index(index),
        NodeKind.OBJECT,
        f"batch of {counted(batch.num_rows, 'row')}",
        count=batch.num_columns,
        span=Span(message.start, message.stop),
        children=lambda: _safe(_columns(batch)),
    )


def _columns(batch: pyarrow.RecordBatch) -> Iterator[Node]:
    seen: dict[str, int] = {}
    for number, field in enumerate(batch.schema):
        nth = seen[field.name] = seen.get(field.name, 0) + 1
        column = batch.column(number)
        yield _array_node(column, Name(field.name, nth), 0)


def _array_node(array: pyarrow.Array, step: Step, depth: int) -> Node:
    nulls = array.null_count
    return Node(
        step,
        NodeKind.ARRAY,
        shorten(str(array.type)[:300]),
        count=len(array),
        note=f"{nulls:,} of its values are null" if nulls else "",
        children=lambda: _safe(_values(array, depth + 1)),
    )


def _values(array: pyarrow.Array, depth: int) -> Iterator[Node]:
    if depth > _MAX_DEPTH:
        yield error_node(f"Values nested more than {_MAX_DEPTH} deep are not shown")
        return
    for index in range(len(array)):
        yield _scalar_node(array[index], Index(index), depth)


def _scalar_node(scalar: pyarrow.Scalar, step: Step, depth: int) -> Node:
    """A value; containers are looked into when they are opened."""
    import pyarrow

    name = shorten(str(scalar.type)[:300])
    if not scalar.is_valid:
        return Node(step, NodeKind.NULL, name, "null")
    if isinstance(scalar, pyarrow.ListScalar):
        return _array_node(scalar.values, step, depth)
    if isinstance(scalar, pyarrow.StructScalar):
        return Node(
            step,
            NodeKind.OBJECT,
            name[:60],
            count=len(scalar),
            children=lambda: _safe(_struct_children(scalar, depth + 1)),
        )
    if isinstance(
        scalar, pyarrow.ExtensionScalar | pyarrow.UnionScalar | pyarrow.RunEndEncodedScalar
    ):
        return _scalar_node(scalar.value, step, depth)
    if isinstance(scalar, pyarrow.DictionaryScalar):
        return _scalar_node(scalar.dictionary[scalar.index.as_py()], step, depth)
    return _special_node(scalar, step, name) or _plain_node(scalar, step, name)


def _special_node(scalar: pyarrow.Scalar, step: Step, name: str) -> Node | None:
    """Times and durations from their numbers, which may have nanoseconds; None for all else."""
    import pyarrow

    if isinstance(scalar, pyarrow.TimestampScalar):
        return _time_node(scalar, step, name)
    if isinstance(scalar, pyarrow.Time32Scalar | pyarrow.Time64Scalar):
        return _daytime_node(scalar, step, name)
    if isinstance(scalar, pyarrow.Date32Scalar):
        return _day_node(scalar.value, step, name)
    if isinstance(scalar, pyarrow.Date64Scalar):
        return _day_node(scalar.value // _DAY_MS, step, name)
    if isinstance(scalar, pyarrow.DurationScalar):
        ticks = _TICKS[scalar.type.unit]
        whole, rest = divmod(abs(scalar.value), ticks)
        part = f".{rest:0{len(str(ticks)) - 1}}".rstrip("0") if rest else ""
        text = f"{'-' if scalar.value < 0 else ''}{whole}{part} s"
        return Node(step, NodeKind.NUMBER, name, text, scalar.value / ticks)
    return None


def _struct_children(scalar: pyarrow.StructScalar, depth: int) -> Iterator[Node]:
    if depth > _MAX_DEPTH:
        yield error_node(f"Values nested more than {_MAX_DEPTH} deep are not shown")
        return
    seen: dict[str, int] = {}
    for number in range(len(scalar)):
        name = scalar.type.field(number).name
        nth = seen[name] = seen.get(name, 0) + 1
        yield _scalar_node(scalar[number], Name(name, nth), depth)


def _time_node(scalar: pyarrow.TimestampScalar, step: Step, name: str) -> Node:
    """A time from its number: pyarrow would want pandas for nanoseconds, and a zone's rules."""
    ticks = _TICKS[scalar.type.unit]
    seconds, rest = divmod(scalar.value, ticks)
    try:
        value = _EPOCH + timedelta(seconds=seconds, microseconds=rest * 1_000_000 // ticks)
    except OverflowError:
        return Node(step, NodeKind.NUMBER, name, str(scalar.value), scalar.value)
    digits = len(str(ticks)) - 1
    text = value.replace(microsecond=0, tzinfo=None).isoformat()
    text += f".{rest:0{digits}}".rstrip("0") if rest else ""
    if scalar.type.tz is None:
        return Node(step, NodeKind.TIME, name, text, value.replace(tzinfo=None))
    return Node(step, NodeKind.TIME, name, f"{text}Z", value)


def _day_node(days: int, step: Step, name: str) -> Node:
    """A date from its number of days since 1970; Python's go from the year 1 to 9999."""
    try:
        value = date(1970, 1, 1) + timedelta(days=days)
    except OverflowError:
        return Node(step, NodeKind.NUMBER, name, f"{days:,} days since 1970", days)
    return Node(step, NodeKind.TIME, name, value.isoformat(), value)


def _daytime_node(
    scalar: pyarrow.Time32Scalar | pyarrow.Time64Scalar, step: Step, name: str
) -> Node:
    """A time of day from its number: Python's has no nanoseconds."""
    ticks = _TICKS[scalar.type.unit]
    seconds, rest = divmod(scalar.value, ticks)
    text = f"{seconds // 3_600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    text += f".{rest:0{len(str(ticks)) - 1}}".rstrip("0") if rest else ""
    return Node(step, NodeKind.TIME, name, text)


def _plain_node(scalar: pyarrow.Scalar, step: Step, name: str) -> Node:
    value = scalar.as_py()
    if isinstance(value, bool):
        return Node(step, NodeKind.BOOL, name, "true" if value else "false", value)
    if isinstance(value, int):
        return Node(step, NodeKind.NUMBER, name, str(value), value)
    if isinstance(value, float):
        text = repr(value) if name == "double" else compact_float(value)
        return Node(step, NodeKind.NUMBER, name, text, value)
    if isinstance(value, str):
        return Node(step, NodeKind.STRING, name, shorten(value[:2_000]), value)
    if isinstance(value, bytes):
        text = hex_text(value)
        return Node(step, NodeKind.BYTES, name, text, value)
    if isinstance(value, date):
        return Node(step, NodeKind.TIME, name, value.isoformat(), value)
    return Node(step, NodeKind.OTHER, name, shorten(str(value)))
