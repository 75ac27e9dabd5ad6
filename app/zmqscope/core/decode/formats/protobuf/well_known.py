"""Protobuf's well-known types in readable form: times, Any, Struct. Pure, any thread.

Source: protobuf.dev, "ProtoBuf Well-Known Types". Nothing is fetched: the type of an Any is looked
for in the schema alone.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from zmqscope.core.decode.field_path import Index, Name, Step
from zmqscope.core.decode.formats.protobuf.level import Level
from zmqscope.core.decode.formats.protobuf.plain import Place
from zmqscope.core.decode.formats.protobuf.wire import FIXED64, LENGTH, MAX_DEPTH, VARINT
from zmqscope.core.decode.lookup import children_of
from zmqscope.core.decode.node import Node, NodeKind, Span, error_node, shorten
from zmqscope.core.decode.utc_text import moment

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor

_PACKAGE = "google.protobuf."
_MOST_BYTES = 4_096
_VALUE_WIRES = {1: VARINT, 2: FIXED64, 3: LENGTH, 4: VARINT, 5: LENGTH, 6: LENGTH}

MessageReader = Callable[["Step | None", Place, "Descriptor", "int | None"], Node]
"""Makes a message's node of its step, place, type and where its tag begins."""


def dressed(node: Node, place: Place, descriptor: Descriptor, read: MessageReader) -> Node:
    """A message's node, readable if its type is a well-known one.

    Args:
        node: As any message has it.
        place: Its bytes.
        descriptor: Its type.
        read: Makes the node of the message inside an Any.
    """
    if not descriptor.full_name.startswith(_PACKAGE):
        return node
    name = descriptor.full_name.removeprefix(_PACKAGE)
    if name in _STRUCTS:
        return _STRUCTS[name](node, place)
    if name == "Any":
        return _any(node, place, descriptor, read)
    dress = _TEXTS.get(name)
    if dress is None and name.endswith("Value"):
        dress = _wrapper
    if dress is None or place.stop - place.start > _MOST_BYTES:
        return node
    return dress(node, place)


def _numbers(place: Place) -> tuple[int, int] | None:
    """Seconds and nanoseconds of a time or duration; None if they cannot be read."""
    from google.protobuf.duration_pb2 import Duration
    from google.protobuf.message import DecodeError

    part = Duration()
    try:
        part.ParseFromString(place.data[place.start : place.stop])
    except DecodeError:
        return None
    return part.seconds, part.nanos


def _timestamp(node: Node, place: Place) -> Node:
    numbers = _numbers(place)
    if numbers is None:
        return node
    seconds, nanos = numbers
    if not 0 <= nanos < 1_000_000_000:
        return replace(node, note="No valid time: the nanoseconds are out of range")
    text, value = moment(seconds, nanos)
    if value is None:
        return replace(node, note="No valid time: before the year 1 or after 9999")
    return replace(node, kind=NodeKind.TIME, text=text, value=value)


def _duration(node: Node, place: Place) -> Node:
    numbers = _numbers(place)
    if numbers is None:
        return node
    seconds, nanos = numbers
    if abs(nanos) >= 1_000_000_000 or seconds * nanos < 0:
        return replace(node, note="No valid duration: the nanoseconds are out of range")
    sign = "-" if seconds < 0 or nanos < 0 else ""
    text = f"{sign}{abs(seconds)}{_fraction(abs(nanos))} s"
    return replace(node, kind=NodeKind.NUMBER, text=text, value=seconds + nanos / 1e9)


def _fraction(nanos: int) -> str:
    return f".{nanos:09}".rstrip("0") if nanos else ""


def _field_mask(node: Node, place: Place) -> Node:
    from google.protobuf.field_mask_pb2 import FieldMask
    from google.protobuf.message import DecodeError

    mask = FieldMask()
    try:
        mask.ParseFromString(place.data[place.start : place.stop])
    except DecodeError:
        return node
    return replace(node, text=shorten(", ".join(mask.paths)))


def _wrapper(node: Node, place: Place) -> Node:
    """A message around a single value; an empty one stands for the default."""
    del place
    values = [] if node.children is None else list(node.children())
    inner = values[-1] if values else None
    if inner is None or inner.kind is NodeKind.ERROR or inner.step != Name("value"):
        return node
    return replace(node, kind=inner.kind, text=inner.text, value=inner.value)


def _any(node: Node, place: Place, descriptor: Descriptor, read: MessageReader) -> Node:
    found = Level(place).by_number
    urls = [each for each in found.get(1, ()) if each.wire == LENGTH]
    values = [each for each in found.get(2, ()) if each.wire == LENGTH]
    if not urls:
        return node
    url = place.data[urls[-1].start : urls[-1].stop].decode(errors="replace")
    full = url.rpartition("/")[2]
    try:
        inner = descriptor.file.pool.FindMessageTypeByName(full)
    except KeyError:
        said = f"{shorten(url)} is not in the schema, and nothing is fetched"
        return replace(node, text=shorten(url), note=said)
    if not values or place.depth >= MAX_DEPTH:
        return replace(node, text=shorten(url), children=partial(iter, ()))
    last = values[-1]
    named = replace(node, type=f"Any of {full[:80]}")

    def body() -> Node:
        return read(None, place.inner(last.start, last.stop), inner, last.tag)

    if last.stop - last.start > _MOST_BYTES:
        # Anys inside Anys would all be looked at for a text that long ones do not have.
        return replace(named, children=lambda: children_of(body()))
    return replace(named, text=body().text, children=body().children)


# ---- Struct, Value, ListValue: JSON in Protobuf -------------------------------------------------


def _struct(node: Node, place: Place) -> Node:
    return replace(node, children=partial(_struct_fields, place))


def _list(node: Node, place: Place) -> Node:
    return replace(node, kind=NodeKind.ARRAY, children=partial(_list_items, place))


def _value(node: Node, place: Place) -> Node:
    """The one thing that a Value holds, in its place."""
    level = Level(place)
    number, last = 0, None
    for each_number, found in level.by_number.items():
        if last is None or found[-1].tag > last.tag:
            number, last = each_number, found[-1]
    if last is None or level.end is not None or last.wire != _VALUE_WIRES.get(number):
        return node
    inner = place.inner(last.start, last.stop)
    if number == 1:
        return replace(node, kind=NodeKind.NULL, text="null", children=None)
    if number == 4:
        text = "true" if last.raw else "false"
        return replace(node, kind=NodeKind.BOOL, text=text, value=bool(last.raw), children=None)
    if number in (2, 3):
        part = place.data[last.start : last.stop]
        return _text(node, part) if number == 3 else _number(node, part)
    return _struct(node, inner) if number == 5 else _list(node, inner)


def _number(node: Node, part: bytes) -> Node:
    if len(part) != 8:
        return node
    (value,) = struct.unpack("<d", part)
    text = repr(value).removesuffix(".0")
    return replace(node, kind=NodeKind.NUMBER, text=text, value=value, children=None)


def _text(node: Node, part: bytes) -> Node:
    try:
        value = part.decode()
    except UnicodeDecodeError:
        return node
    text = shorten(value[:2_000])
    return replace(node, kind=NodeKind.STRING, text=text, value=value, children=None)


def _struct_fields(place: Place) -> Iterator[Node]:
    if place.depth >= MAX_DEPTH:
        yield error_node(f"Messages nested more than {MAX_DEPTH} deep are not shown", place.start)
        return
    level = Level(place)
    seen: Counter[str] = Counter()
    for entry in level.by_number.get(1, ()):
        if entry.wire != LENGTH:
            continue
        inner = place.inner(entry.start, entry.stop)
        parts = Level(inner).by_number
        keys = [each for each in parts.get(1, ()) if each.wire == LENGTH]
        values = [each for each in parts.get(2, ()) if each.wire == LENGTH]
        key = place.data[keys[-1].start : keys[-1].stop] if keys else b""
        text = key.decode(errors="replace")
        seen[text] += 1
        start, stop = (values[-1].start, values[-1].stop) if values else (inner.stop, inner.stop)
        node = _value_at(Name(text, seen[text]), inner.inner(start, stop))
        yield replace(node, key_span=Span(keys[-1].start, keys[-1].stop) if keys else None)
    if level.end is not None:
        yield level.end


def _list_items(place: Place) -> Iterator[Node]:
    if place.depth >= MAX_DEPTH:
        yield error_node(f"Messages nested more than {MAX_DEPTH} deep are not shown", place.start)
        return
    level = Level(place)
    items = [each for each in level.by_number.get(1, ()) if each.wire == LENGTH]
    for index, each in enumerate(items):
        yield _value_at(Index(index), place.inner(each.start, each.stop))
    if level.end is not None:
        yield level.end


def _value_at(step: Step, place: Place) -> Node:
    span = Span(place.start, place.stop)
    return _value(Node(step, NodeKind.OTHER, "Value", span=span), place)


_STRUCTS: dict[str, Callable[[Node, Place], Node]] = {
    "Struct": _struct,
    "ListValue": _list,
    "Value": _value,
}

_TEXTS: dict[str, Callable[[Node, Place], Node]] = {
    "Timestamp": _timestamp,
    "Duration": _duration,
    "FieldMask": _field_mask,
}
