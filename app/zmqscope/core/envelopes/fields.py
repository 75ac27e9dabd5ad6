"""Nodes for frames whose layout is a protocol's own. Pure, any thread."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from zmqscope.core.decode.decoded import Decoded, DecodeError, Tree
from zmqscope.core.decode.field_path import Index, Name, Step
from zmqscope.core.decode.leaf_text import hex_text
from zmqscope.core.decode.node import Node, NodeKind, Span, shorten


def number(
    name: str | Step, kind: str, value: float, span: tuple[int, int], note: str = ""
) -> Node:
    """A number."""
    return Node(_step(name), NodeKind.NUMBER, kind, repr(value), value, span=Span(*span), note=note)


def flag(name: str | Step, value: bool, span: tuple[int, int], note: str = "") -> Node:
    """A truth value."""
    text = "true" if value else "false"
    return Node(_step(name), NodeKind.BOOL, "bool", text, value, span=Span(*span), note=note)


def text(
    name: str | Step,
    data: bytes,
    span: tuple[int, int],
    kind: str = "string",
    key_span: tuple[int, int] | None = None,
) -> Node:
    r"""A text; bytes that are no UTF-8 stand as ``\xNN``, and the note says so."""
    note = ""
    try:
        value = data.decode()
    except UnicodeDecodeError:
        value, note = data.decode("utf-8", "backslashreplace"), "It is not UTF-8"
    return Node(
        _step(name),
        NodeKind.STRING,
        kind,
        shorten(value),
        value,
        span=Span(*span),
        key_span=None if key_span is None else Span(*key_span),
        note=note,
    )


def blob(
    name: str | Step, data: bytes, span: tuple[int, int], kind: str = "bytes", note: str = ""
) -> Node:
    """Bytes, of which the first are shown as hex."""
    shown = hex_text(data)
    return Node(_step(name), NodeKind.BYTES, kind, shown, data, span=Span(*span), note=note)


def uuid(name: str | Step, data: bytes, span: tuple[int, int]) -> Node:
    """Sixteen bytes as a UUID."""
    shown = str(UUID(bytes=data))
    return Node(_step(name), NodeKind.OTHER, "UUID", shown, shown, span=Span(*span))


def group(
    name: str | Step | None,
    children: Iterable[Node],
    span: tuple[int, int],
    kind: str = "object",
    *,
    is_array: bool = False,
    note: str = "",
) -> Node:
    """Several fields, all of them read already."""
    nodes = tuple(children)
    return Node(
        None if name is None else _step(name),
        NodeKind.ARRAY if is_array else NodeKind.OBJECT,
        kind,
        count=len(nodes),
        span=Span(*span),
        note=note,
        children=lambda: iter(nodes),
    )


def tree(title: str, children: Iterable[Node], size: int, notes: tuple[str, ...] = ()) -> Decoded:
    """A frame of these fields.

    Args:
        title: What it is, in a few words.
        children: Its fields.
        size: Bytes of the frame.
        notes: What the reader must know.
    """
    return Decoded((Tree(group(None, children, (0, size), title)),), title, notes)


def take(data: bytes, at: int, count: int, what: str) -> bytes:
    """So many bytes.

    Raises:
        DecodeError: There are fewer.
    """
    if count < 0 or at + count > len(data):
        raise DecodeError(f"The frame ends inside {what}, at byte {len(data):,}.", len(data))
    return data[at : at + count]


def place(at: int) -> Step:
    """A place in an array."""
    return Index(at)


def _step(name: str | Step) -> Step:
    return Name(name) if isinstance(name, str) else name
