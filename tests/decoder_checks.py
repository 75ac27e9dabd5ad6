"""What must hold for any bytes that a decoder, a compression or an envelope is given."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from zmqscope.core.decode.decoded import Decoded, DecodeError, Listing, Numbers, TextBody, Tree
from zmqscope.core.decode.decoder import Decoder, Layer
from zmqscope.core.decode.field_path import FieldPath, parse_field_path
from zmqscope.core.decode.node import MAX_NODE_TEXT, Node, NodeKind
from zmqscope.core.decode.payload import NO_OPTIONS, DecodeOptions, Payload
from zmqscope.core.decode.registry import Registry
from zmqscope.core.envelopes.envelope import Envelope, Outline

HEAD_BYTES = 512
MAX_PREVIEW_CHARS = 400
_MAX_CHILDREN = 200
_MAX_NODES = 2_000
_MAX_DEPTH = 40
_MAX_LINES = 500
_UNPACKED = 200_000


def check_decoder(decoder: Decoder, data: bytes, options: DecodeOptions = NO_OPTIONS) -> bool:
    """Have a decoder do all that it can with some bytes, whole and as a table sees them.

    Returns:
        Whether it read them.
    """
    for payload in (Payload(data), Payload(data[:HEAD_BYTES], len(data) > HEAD_BYTES, len(data))):
        first = decoder.first_bytes
        if data and (first is None or data[0] in first):
            confidence = decoder.sniff(payload)
            assert 0.0 <= confidence <= 1.0, (decoder.name, confidence)
        try:
            text = decoder.preview(payload, options)
        except DecodeError as error:
            check_error(decoder.name, error, len(payload.data))
        else:
            assert len(text) <= MAX_PREVIEW_CHARS + 1, (decoder.name, len(text))
    try:
        decoded = decoder.decode(Payload(data), options)
    except DecodeError as error:
        check_error(decoder.name, error, len(data))
        return False
    check_decoded(decoder.name, decoded, len(data))
    return True


def check_error(name: str, error: DecodeError, size: int) -> None:
    """A failure is a sentence, and a byte that is there."""
    assert error.text, name
    assert error.at is None or 0 <= error.at <= size, (name, error.at)


def check_decoded(name: str, decoded: Decoded, size: int) -> None:
    """Look at all that was made of some bytes, up to a bound."""
    assert decoded.bodies, name
    for body in decoded.bodies:
        match body:
            case Tree(root):
                check_nodes(name, root, size)
            case TextBody(encoding):
                b"".decode(encoding)
            case Numbers(dtype, shape, skip, rest):
                assert dtype, name
                assert shape, name
                assert all(each >= 0 for each in shape), name
                assert skip >= 0 <= rest, name
            case Listing():
                for line in islice(body.lines(), _MAX_LINES):
                    assert 0 <= line.span.start <= line.span.stop <= size, (name, line)
            case _:
                pass


def check_nodes(name: str, root: Node, size: int) -> None:
    """Walk a tree, up to a bound in nodes and depth."""
    waiting: list[tuple[Node, FieldPath, int]] = [(root, FieldPath((name,)), 0)]
    seen = 0
    while waiting and seen < _MAX_NODES:
        node, path, depth = waiting.pop()
        seen += 1
        assert len(node.text) <= MAX_NODE_TEXT, (name, len(node.text))
        for span in (node.span, node.key_span):
            assert span is None or 0 <= span.start <= span.stop <= size, (name, str(path), span)
        if node.step is None:
            assert node is root or node.kind is NodeKind.ERROR, (name, node)
        assert node.kind is not NodeKind.ERROR or node.text, name
        if node.children is not None and depth < _MAX_DEPTH:
            for child in islice(node.children(), _MAX_CHILDREN):
                inner = path if child.step is None else path.child(child.step)
                waiting.append((child, inner, depth + 1))


def check_steps_differ(name: str, root: Node) -> None:
    """No two children of the root are reached by the same step, so that paths are unambiguous."""
    children: Iterator[Node] = iter(()) if root.children is None else root.children()
    steps = [child.step for child in islice(children, _MAX_NODES) if child.step is not None]
    assert len(set(steps)) == len(steps), name


def check_path(registry: Registry, path: FieldPath) -> None:
    """A path can be read back from its text."""
    assert parse_field_path(str(path), registry.words()) == path


def check_layer(layer: Layer, data: bytes) -> bytes:
    """Have a compression taken off; returns what came out."""
    head = Payload(data[:HEAD_BYTES], len(data) > HEAD_BYTES, len(data))
    for payload in (Payload(data), head):
        assert 0.0 <= layer.sniff(payload) <= 1.0, layer.name
        try:
            few = layer.unpack(payload, HEAD_BYTES)
        except DecodeError as error:
            check_error(layer.name, error, len(payload.data))
        else:
            assert len(few.data) <= HEAD_BYTES, layer.name
    try:
        unpacked = layer.unpack(Payload(data), _UNPACKED)
    except DecodeError:
        return b""
    assert len(unpacked.data) <= _UNPACKED, layer.name
    return unpacked.data


def check_envelope(envelope: Envelope, outline: Outline, frames: tuple[bytes, ...]) -> bool:
    """Show a message to an envelope; returns whether it knows it."""
    sighting = envelope.see(outline)
    if sighting is None:
        return False
    assert sighting.envelope == envelope.name
    assert 0.0 < sighting.confidence <= 1.0, envelope.name
    assert len(sighting.summary) <= MAX_PREVIEW_CHARS + 1, envelope.name
    assert len(sighting.frames) <= outline.frame_count, envelope.name
    assert 0 <= sighting.body < outline.frame_count, envelope.name
    for index, name in enumerate(sighting.frames):
        assert name.label, envelope.name
        size = outline.sizes[index] if index < len(outline.sizes) else name.offset
        assert 0 <= name.offset <= size, envelope.name
        if name.decoder == envelope.name:
            try:
                decoded = envelope.decode(index, frames[index])
            except DecodeError as error:
                check_error(envelope.name, error, len(frames[index]))
            else:
                check_decoded(envelope.name, decoded, len(frames[index]))
    for note in (*sighting.notes, *envelope.check(frames, sighting)):
        assert note.text, envelope.name
    return True


def outlines(frames: tuple[bytes, ...]) -> Iterator[Outline]:
    """A message as the inspector has it, and as the table does."""
    sizes = tuple(map(len, frames))
    yield Outline(frames, sizes, len(frames))
    heads = tuple(frame[:HEAD_BYTES] for frame in frames[:9])
    yield Outline(heads, sizes[:9], len(frames))
