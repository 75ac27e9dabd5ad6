"""Trees of decoded fields, held to what a library made of the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from zmqscope.core.decode.decoded import Decoded, Tree
from zmqscope.core.decode.decoder import Decoder
from zmqscope.core.decode.field_path import Index
from zmqscope.core.decode.lookup import children_of, root_of, step_label
from zmqscope.core.decode.node import Node, NodeKind
from zmqscope.core.decode.payload import NO_OPTIONS, Payload


def read(decoder: Decoder, data: bytes, *, is_cut: bool = False) -> Decoded:
    """Decode without options."""
    return decoder.decode(Payload(data, is_cut), NO_OPTIONS)


def tree(decoder: Decoder, data: bytes, *, is_cut: bool = False) -> Node:
    """The root of the fields."""
    decoded = read(decoder, data, is_cut=is_cut)
    assert isinstance(decoded.bodies[0], Tree)
    root = root_of(decoded)
    assert root is not None
    return root


def field(node: Node, *labels: str) -> Node:
    """A field by the labels on the way to it, as the tree view writes them."""
    for label in labels:
        node = next(child for child in children_of(node) if step_label(child.step) == label)
    return node


def labels(node: Node, count: int = 1_000) -> list[str]:
    """What the tree view writes before the first children."""
    return [step_label(child.step) for child in islice(children_of(node), count)]


def everything(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(children_of(node))


def last_error(node: Node) -> str:
    """The sentence in place of what could not be read; empty if there is none."""
    children = list(islice(children_of(node), 2_000))
    return children[-1].text if children and children[-1].kind is NodeKind.ERROR else ""


def check_bounded(decoder: Decoder, data: bytes) -> None:
    """A bomb ends in a view of some levels, and in a line; nothing else gets out."""
    root = tree(decoder, data)
    for _ in range(5):
        children = list(islice(children_of(root), 1_000))
        assert children
        if children[0].children is None:
            break
        root = children[0]
    assert len(decoder.preview(Payload(data), NO_OPTIONS)) <= 400
    assert decoder.sniff(Payload(data)) <= 1


def check_spans(node: Node) -> None:
    """Children stand in their parent, keys before values, one behind the other, all countable."""
    for parent in everything(node):
        assert parent.kind is not NodeKind.ERROR, parent.text
        assert parent.span is not None
        at, count = parent.span.start, 0
        for child in children_of(parent):
            assert child.span is not None
            assert child.key_span is None or at <= child.key_span.start
            at = at if child.key_span is None else child.key_span.stop
            assert at <= child.span.start <= child.span.stop <= parent.span.stop
            at = child.span.stop
            assert not isinstance(child.step, Index) or child.step.at == count
            count += 1
        assert parent.count is None or parent.count == count
        steps = [child.step for child in children_of(parent)]
        assert len(set(steps)) == len(steps)
