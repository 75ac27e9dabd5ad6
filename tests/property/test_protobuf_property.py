"""The walker of Protobuf's wire format says what the protobuf library says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.schema_rig import LAB, message_class, plain, survives, tree, write_schema
from zmqscope.core.decode.formats.protobuf.decoder import PROTOBUF
from zmqscope.core.decode.formats.protobuf.wire import WireError, fields
from zmqscope.core.decode.payload import DecodeOptions

FLOATS = st.floats(width=32, allow_nan=False)
DOUBLES = st.floats(allow_nan=False)
INT32, INT64 = st.integers(-(1 << 31), (1 << 31) - 1), st.integers(-(1 << 63), (1 << 63) - 1)
UINT32, UINT64 = st.integers(0, (1 << 32) - 1), st.integers(0, (1 << 64) - 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
POINT = st.fixed_dictionaries({}, optional={"x": FLOATS, "y": DOUBLES})
COLOR = st.sampled_from(["RED", "BLUE"])
SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "a_double": DOUBLES,
    "a_float": FLOATS,
    "a_int32": INT32,
    "a_int64": INT64,
    "a_uint32": UINT32,
    "a_uint64": UINT64,
    "a_sint32": INT32,
    "a_sint64": INT64,
    "a_fixed32": UINT32,
    "a_fixed64": UINT64,
    "a_sfixed32": INT32,
    "a_sfixed64": INT64,
    "a_bool": st.booleans(),
    "a_string": TEXT,
    "a_bytes": st.binary(max_size=8),
    "a_color": COLOR,
    "a_point": POINT,
    "maybe": INT32,
    "left": TEXT,
}
LISTS: dict[str, st.SearchStrategy[Any]] = {
    "packed": st.lists(INT32, max_size=5),
    "loose": st.lists(INT32, max_size=5),
    "doubles": st.lists(DOUBLES, max_size=5),
    "names": st.lists(TEXT, max_size=5),
    "points": st.lists(POINT, max_size=3),
    "colors": st.lists(COLOR, max_size=3),
    "counts": st.dictionaries(TEXT, INT32, max_size=3),
    "reals": st.dictionaries(TEXT, DOUBLES, max_size=3),
}
MESSAGES = st.fixed_dictionaries({}, optional={**SCALARS, **LISTS})
NESTED = st.recursive(
    MESSAGES, lambda inner: st.builds(lambda a, b: {**a, "inner": b}, MESSAGES, inner), max_leaves=3
)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_schema(Path(tmp_path_factory.mktemp("lab")), "lab.proto", LAB)


@given(NESTED)
def test_typed_values_are_the_library_s(lab: str, given_values: dict[str, Any]) -> None:
    message = message_class(lab, "lab.All")(**given_values)
    data = message.SerializeToString(deterministic=True)
    options = DecodeOptions(schema=lab, message="lab.All")
    assert plain(tree(PROTOBUF, data, options)) == _as_plain(message)
    survives(PROTOBUF, data[: len(data) // 2], options)


def _as_plain(message: Any) -> dict[str, Any]:
    """What the library holds, as ``plain`` writes it."""
    from google.protobuf.descriptor import FieldDescriptor

    found: dict[str, Any] = {}
    for field, value in message.ListFields():
        entry = field.message_type
        if entry is not None and entry.GetOptions().map_entry:
            found[field.name] = dict(value)
        elif field.type == FieldDescriptor.TYPE_MESSAGE:
            many = field.is_repeated
            found[field.name] = [_as_plain(e) for e in value] if many else _as_plain(value)
        elif field.type == FieldDescriptor.TYPE_ENUM:
            names = field.enum_type.values_by_number
            many = field.is_repeated
            found[field.name] = [names[e].name for e in value] if many else names[value].name
        else:
            found[field.name] = list(value) if field.is_repeated else value
    return found


@given(st.binary(max_size=60))
def test_walks_any_bytes_as_the_library_does(data: bytes) -> None:
    _compare(data)


def _compare(data: bytes) -> None:
    from google.protobuf.empty_pb2 import Empty
    from google.protobuf.message import DecodeError
    from google.protobuf.unknown_fields import UnknownFieldSet

    message = Empty()
    try:
        message.ParseFromString(data)
        known = _known(UnknownFieldSet(message))
    except DecodeError:
        known = None
    # The library lets field number 0 pass, which the encoding forbids.
    assert _walked(data) == (None if _has_zero(known) else known)


def _has_zero(known: list[Any] | None) -> bool:
    return any(
        not number or (wire == 3 and _has_zero(inner)) for number, wire, inner in known or ()
    )


@given(
    st.lists(st.tuples(st.integers(1, 20), st.integers(0, 5), st.binary(max_size=9)), max_size=6)
)
def test_walks_likely_bytes_as_the_library_does(parts: list[tuple[int, int, bytes]]) -> None:
    data = b"".join(_part(*part) for part in parts)
    _compare(data)


def _part(number: int, wire: int, body: bytes) -> bytes:
    tag = number << 3 | wire
    head = bytes([tag]) if tag < 0x80 else bytes([tag & 0x7F | 0x80, tag >> 7])
    if wire == 2:
        return head + bytes([len(body)]) + body
    if wire in (1, 5):
        return head + body[: 8 if wire == 1 else 4].ljust(8 if wire == 1 else 4, b"\0")
    if wire == 3:
        return head + bytes([(1 << 3) | 0, 5, head[0] + 1, *head[1:]])
    return head + bytes([*(b | 0x80 for b in body[:-1]), 1]) if wire == 0 else b""


def _known(found: Any) -> list[Any]:
    return [(f.field_number, f.wire_type, _wire_data(f)) for f in found]


def _wire_data(field: Any) -> Any:
    if field.wire_type == 3:
        return _known(field.data)
    return field.data


def _walked(data: bytes, start: int = 0, stop: int | None = None) -> list[Any] | None:
    try:
        return [
            (f.number, f.wire, _field_data(data, f))
            for f in fields(data, start, len(data) if stop is None else stop)
        ]
    except WireError:
        return None


def _field_data(data: bytes, field: Any) -> Any:
    if field.wire == 0:
        return field.raw
    if field.wire == 3:
        return _walked(data, field.start, field.stop)
    part = data[field.start : field.stop]
    return part if field.wire == 2 else int.from_bytes(part, "little")


@given(st.binary(max_size=80))
def test_random_bytes_are_read_or_refused(data: bytes) -> None:
    survives(PROTOBUF, data)
