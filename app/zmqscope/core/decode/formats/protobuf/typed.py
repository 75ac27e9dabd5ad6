"""Protobuf with a schema as a tree: the wire is walked beside the descriptor. Any thread.

So each field has its bytes, repeated and superseded ones too, and what the schema does not know
stays visible.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from zmqscope.core.decode.field_path import Index, Key, Name, Step
from zmqscope.core.decode.formats.protobuf.level import Level
from zmqscope.core.decode.formats.protobuf.plain import Place, long_leaf, plain_node
from zmqscope.core.decode.formats.protobuf.values import (
    BYTES,
    GROUP_TYPE,
    MESSAGE,
    STRING,
    TYPE_NAMES,
    Scalar,
    default_node,
    message_of,
    scalar_node,
    scalar_of,
    type_name,
    wire_of,
)
from zmqscope.core.decode.formats.protobuf.well_known import dressed
from zmqscope.core.decode.formats.protobuf.wire import (
    FIXED32,
    FIXED64,
    LENGTH,
    MAX_DEPTH,
    VARINT,
    Field,
    WireError,
    read_varint,
)
from zmqscope.core.decode.leaf_text import MAX_VALUE_BYTES
from zmqscope.core.decode.node import Node, NodeKind, Span, error_node

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor, FieldDescriptor

_LABEL_REPEATED = 3


def typed_tree(data: bytes, descriptor: Descriptor, *, is_cut: bool) -> Node:
    """The root of a message of a type."""
    return message(None, Place(data, 0, len(data), is_cut), descriptor, None)


def message(step: Step | None, place: Place, descriptor: Descriptor, tag: int | None) -> Node:
    """A node for a message.

    Args:
        step: How it is reached.
        place: Its bytes.
        descriptor: Its type.
        tag: Where the tag of its field begins; None for the root.
    """
    node = Node(
        step,
        NodeKind.OBJECT,
        descriptor.name,
        span=Span(place.start, place.stop),
        key_span=None if tag is None else Span(tag, place.start),
        children=lambda: message_children(place, descriptor),
    )
    return dressed(node, place, descriptor, message)


def message_children(place: Place, descriptor: Descriptor) -> Iterator[Node]:
    """The fields of a message, repeated ones as arrays."""
    if place.depth >= MAX_DEPTH:
        yield error_node(f"Messages nested more than {MAX_DEPTH} deep are not shown", place.start)
        return
    level = Level(place)
    for number, found in level.by_number.items():
        field = field_of(descriptor, number)
        if field is None:
            yield from _unknown(place, found, "Not in the schema")
            continue
        fitting = [each for each in found if fits(field, each)]
        if len(fitting) < len(found):
            others = [each for each in found if not fits(field, each)]
            said = f"Not what the schema says of {field.name}: {type_name(field)}"
            yield from _unknown(place, others, said)
        if not fitting:
            continue
        if is_map(field):
            yield _map_node(place, field, fitting)
        elif is_repeated(field):
            yield _array_node(place, field, fitting)
        else:
            yield from _single_nodes(place, field, fitting, _last_of_oneof(level, field))
    if level.end is not None:
        yield level.end


def field_of(descriptor: Descriptor, number: int) -> FieldDescriptor | None:
    """A type's field of a number, an extension as well; None if it has none."""
    field: FieldDescriptor | None = descriptor.fields_by_number.get(number)
    if field is None and descriptor.is_extendable:
        try:
            field = descriptor.file.pool.FindExtensionByNumber(descriptor, number)
        except KeyError:
            return None
    return field


def is_repeated(field: FieldDescriptor) -> bool:
    """Whether a field may come several times; ``label`` is gone from newer libraries."""
    newer = getattr(field, "is_repeated", None)
    return bool(getattr(field, "label", 0) == _LABEL_REPEATED if newer is None else newer)


def is_map(field: FieldDescriptor) -> bool:
    """Whether a field is a map, which on the wire is a repeated message."""
    return field.type == MESSAGE and bool(message_of(field).GetOptions().map_entry)


def _is_packable(field: FieldDescriptor) -> bool:
    return is_repeated(field) and field.type not in (STRING, BYTES, MESSAGE, GROUP_TYPE)


def fits(field: FieldDescriptor, found: Field) -> bool:
    """Whether what is on the wire is what the schema says."""
    return found.wire == wire_of(field.type) or (found.wire == LENGTH and _is_packable(field))


def _label(field: FieldDescriptor) -> str:
    return str(field.full_name if field.is_extension else field.name)


def _unknown(place: Place, found: list[Field], said: str) -> Iterator[Node]:
    for nth, each in enumerate(found, 1):
        node = plain_node(place, each, Name(str(each.number), nth))
        yield with_note(node, f"{said}. {node.note}" if node.note else said)


def with_note(node: Node, note: str) -> Node:
    """The same node with another note."""
    return replace(node, note=note)


def _last_of_oneof(level: Level, field: FieldDescriptor) -> int:
    """Where the one field of a oneof begins that counts, which is its last; -1 without one."""
    if field.containing_oneof is None:
        return -1
    return max(
        each.tag
        for other in field.containing_oneof.fields
        for each in level.by_number.get(other.number, ())
        if fits(other, each)
    )


def _single_nodes(
    place: Place, field: FieldDescriptor, found: list[Field], last: int
) -> Iterator[Node]:
    """A field that is not repeated, each time that it was sent; ``last``: see above."""
    oneof = field.containing_oneof
    # A field that is "optional" in proto3 stands in a oneof that nobody wrote; it begins with _.
    note = f"Of oneof {oneof.name}" if oneof is not None and oneof.name[0] != "_" else ""
    for nth, each in enumerate(found, 1):
        said = f"{note}, of which a later field counts" if note and each.tag < last else note
        if len(found) > 1:
            merged = field.type in (MESSAGE, GROUP_TYPE)
            said = "Sent several times: readers merge them" if merged else "Sent several times"
            if not merged and nth < len(found):
                said += ", a later one counts"
        node = _value_node(place, field, each, Name(_label(field), nth))
        yield with_note(node, ". ".join(filter(None, (said, node.note)))) if said else node


def _value_node(place: Place, field: FieldDescriptor, found: Field, step: Step) -> Node:
    if field.type in (MESSAGE, GROUP_TYPE):
        inner = place.inner(found.start, found.stop)
        return message(step, inner, message_of(field), found.tag)
    if found.stop - found.start > MAX_VALUE_BYTES:
        return long_leaf(place.data, found, step, type_name(field))
    return scalar_node(place.data, scalar_of(field, found), step, found.tag)


# ---- repeated fields ---------------------------------------------------------------------------


def _array_node(place: Place, field: FieldDescriptor, found: list[Field]) -> Node:
    return Node(
        Name(_label(field)),
        NodeKind.ARRAY,
        f"repeated {type_name(field)}",
        count=_array_count(place.data, field, found),
        span=Span(found[0].start, found[-1].stop),
        key_span=Span(found[0].tag, found[0].start),
        children=partial(_elements, place, field, found),
    )


def _array_count(data: bytes, field: FieldDescriptor, found: list[Field]) -> int | None:
    count = 0
    width = {FIXED64: 8, FIXED32: 4}.get(wire_of(field.type))
    for each in found:
        if each.wire != LENGTH or not _is_packable(field):
            count += 1
        elif width:
            count += (each.stop - each.start) // width
        else:
            # A varint ends with the only byte of it that is below 128.
            part = data[each.start : each.stop]
            count += len(part) - len(part.translate(None, _LAST_BYTES))
    return count


_LAST_BYTES = bytes(range(128))


def _elements(place: Place, field: FieldDescriptor, found: list[Field]) -> Iterator[Node]:
    index = 0
    for each in found:
        if each.wire != LENGTH or not _is_packable(field):
            yield _value_node(place, field, each, Index(index))
            index += 1
            continue
        for node in _packed(place.data, field, each, index):
            yield node
            if node.kind is NodeKind.ERROR:
                break
            index += 1


def _packed(data: bytes, field: FieldDescriptor, found: Field, index: int) -> Iterator[Node]:
    wire = wire_of(field.type)
    at = found.start
    try:
        while at < found.stop:
            raw = 0
            if wire == VARINT:
                raw, end = read_varint(data, at, found.stop)
            else:
                end = at + (8 if wire == FIXED64 else 4)
                if end > found.stop:
                    raise WireError("the bytes end inside a number", at)
            yield scalar_node(data, Scalar(field, Span(at, end), raw), Index(index), None)
            at, index = end, index + 1
    except WireError as error:
        yield error_node(f"Byte {error.at}: {error.text}", error.at)


# ---- maps --------------------------------------------------------------------------------------


def _map_node(place: Place, field: FieldDescriptor, found: list[Field]) -> Node:
    entry = message_of(field).fields_by_number
    return Node(
        Name(_label(field)),
        NodeKind.OBJECT,
        f"map<{TYPE_NAMES[entry[1].type]}, {type_name(entry[2])}>",
        count=len(found),
        span=Span(found[0].start, found[-1].stop),
        key_span=Span(found[0].tag, found[0].start),
        children=partial(_entries, place, field, found),
    )


def _entries(place: Place, field: FieldDescriptor, found: list[Field]) -> Iterator[Node]:
    seen: Counter[tuple[bool, str]] = Counter()
    for each in found:
        yield _entry(place.inner(each.start, each.stop), field, seen)


def _entry(place: Place, field: FieldDescriptor, seen: Counter[tuple[bool, str]]) -> Node:
    entry = message_of(field).fields_by_number
    level = Level(place)
    last = {
        number: [each for each in level.by_number.get(number, ()) if fits(entry[number], each)]
        for number in (1, 2)
    }
    sent = last[1][-1] if last[1] else None
    if sent is None:
        key = default_node(entry[1], Name(""), place.start)
    else:
        key = scalar_node(place.data, scalar_of(entry[1], sent), Name(""), None)
    is_text = key.kind is NodeKind.STRING
    text = str(key.value) if is_text else key.text
    seen[is_text, text] += 1
    nth = seen[is_text, text]
    step = Name(text, nth) if is_text else Key(text, nth)
    if last[2]:
        node = _value_node(place, entry[2], last[2][-1], step)
    elif entry[2].type == MESSAGE:
        node = message(step, place.inner(place.stop, place.stop), message_of(entry[2]), place.stop)
    else:
        node = default_node(entry[2], step, place.stop)
    key_span = key.span if sent is not None else Span(place.start, place.start)
    note = node.note
    if level.end is not None:
        note = f"{level.end.text}. {note}" if note else level.end.text
    return replace(node, key_span=key_span, note=note)
