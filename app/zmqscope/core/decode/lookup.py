"""From a field path to the field. Pure, any thread."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from zmqscope.core.decode.compact import compact_float
from zmqscope.core.decode.decoded import Decoded, Tree
from zmqscope.core.decode.field_path import BYTES, FieldPath, Index, Key, Name, Step
from zmqscope.core.decode.leaf_text import hex_text
from zmqscope.core.decode.node import Node, NodeKind, Span
from zmqscope.core.decode.payload import DecoderChoice
from zmqscope.core.decode.registry import Reading

_FORMATS = {"u": "BHIQ", "i": "bhiq", "f": " efd"}


class FieldNotFoundError(Exception):
    """A frame has no such field.

    Args:
        text: How far the path leads, in one sentence.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def choice_of(path: FieldPath) -> DecoderChoice:
    """How a frame has to be read so that the path leads somewhere."""
    return DecoderChoice(path.source[-1], path.source[:-1])


def find_field(path: FieldPath, reading: Reading) -> Node:
    """The field of a path in a frame that was read as ``path.source`` says.

    Raises:
        FieldNotFoundError: There is none.
    """
    if path.source[-1] == BYTES:
        return _bytes_field(path, reading.data)
    if reading.decoded is None:
        raise FieldNotFoundError(reading.problem or f"This frame is not {path.source[-1]}.")
    node = root_of(reading.decoded)
    if node is None:
        raise FieldNotFoundError(f"{path.source[-1]} has no fields.")
    gone = FieldPath(path.source, frame=path.frame)
    for step in path.steps:
        gone = gone.child(step)
        found = child_of(node, step)
        if found is None:
            raise FieldNotFoundError(f"There is no {gone}.")
        node = found
    return node


def root_of(decoded: Decoded) -> Node | None:
    """The root of the fields, if there are any."""
    return next((body.root for body in decoded.bodies if isinstance(body, Tree)), None)


def children_of(node: Node) -> Iterator[Node]:
    """The children of a node, one by one; none for a leaf."""
    return iter(()) if node.children is None else node.children()


def child_of(node: Node, step: Step) -> Node | None:
    """The child that a step leads to; None if there is none."""
    if node.find is not None:
        return node.find(step)
    return next((child for child in children_of(node) if child.step == step), None)


def step_label(step: Step | None) -> str:
    """A step as the tree writes it."""
    match step:
        case Name(text, nth):
            return text if nth == 1 else f"{text} #{nth}"
        case Key(text, nth):
            return text if nth == 1 else f"{text} #{nth}"
        case Index(at):
            return f"[{at}]"
        case None:
            return ""


def _bytes_field(path: FieldPath, data: bytes) -> Node:
    start, stop = path.span or (0, len(data))
    if stop > len(data):
        raise FieldNotFoundError(f"There is no byte {stop - 1}: the frame has {len(data):,}.")
    part = data[start:stop]
    if not path.form:
        return Node(None, NodeKind.BYTES, "bytes", hex_text(part), part, span=Span(start, stop))
    value = read_number(part, path.form)
    # A number of 32 bits is not blown up to the digits of 64.
    text = compact_float(value) if path.form.startswith("f32") else repr(value)
    return Node(None, NodeKind.NUMBER, path.form, text, value, span=Span(start, stop))


def read_number(part: bytes, form: str) -> int | float:
    """Bytes as a number of one of ``NUMBER_FORMS``; exactly as many bytes as it takes."""
    sign = ">" if form.endswith("be") else "<"
    letter = _FORMATS[form[0]][(len(part)).bit_length() - 1]
    value: int | float = struct.unpack(sign + letter, part)[0]
    return value
