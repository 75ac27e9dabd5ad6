"""Messages as envelopes see them: whole, or as a table has them."""

from __future__ import annotations

from typing import NamedTuple

from zmqscope.core.decode.decoded import Decoded, Tree
from zmqscope.core.decode.field_path import Index, Key, Name
from zmqscope.core.decode.lookup import children_of
from zmqscope.core.decode.node import Node, NodeKind
from zmqscope.core.envelopes.envelope import Envelope, Outline, Sighting
from zmqscope.core.types import Direction, SocketType

HEAD_BYTES, HEAD_FRAMES = 512, 9
"""What a table asks the store for."""


class Sample(NamedTuple):
    """A message that a protocol's documentation or program gave.

    Attributes:
        kind: The type of the socket that saw it.
        frames: All frames.
        summary: What the envelope says of it.
        start: Frames that belong to the socket's own pattern.
    """

    kind: SocketType
    frames: tuple[bytes, ...]
    summary: str
    start: int = 0


def outline(
    frames: tuple[bytes, ...],
    kind: SocketType | None = None,
    start: int = 0,
    *,
    head: int = HEAD_BYTES,
    direction: Direction = Direction.RECEIVED,
) -> Outline:
    """A message as a table sees it."""
    seen = frames[:HEAD_FRAMES]
    heads = tuple(frame[:head] for frame in seen)
    return Outline(heads, tuple(map(len, seen)), len(frames), start, kind, direction)


def whole(frames: tuple[bytes, ...], kind: SocketType | None = None, start: int = 0) -> Outline:
    """A message as the inspector sees it."""
    return Outline(frames, tuple(map(len, frames)), len(frames), start, kind)


def see(envelope: Envelope, sample: Sample, *, head: int = HEAD_BYTES) -> Sighting:
    """The sighting of a sample.

    Raises:
        AssertionError: It was not recognised.
    """
    sighting = envelope.see(outline(sample.frames, sample.kind, sample.start, head=head))
    assert sighting is not None
    assert sighting.envelope == envelope.name
    assert 0 <= sighting.body < len(sample.frames)
    assert len(sighting.summary) <= 400
    return sighting


def labels(sighting: Sighting) -> list[str]:
    """What its frames are called."""
    return [frame.label for frame in sighting.frames]


def fields(decoded: Decoded) -> dict[str, Node]:
    """All fields of a tree by their paths, such as ``inputs[0].script``; the root is empty.

    Raises:
        AssertionError: A field could not be read.
    """
    (body,) = decoded.bodies
    assert isinstance(body, Tree)
    return dict(_walk(body.root, ""))


def _walk(node: Node, path: str) -> list[tuple[str, Node]]:
    assert node.kind is not NodeKind.ERROR, node.text
    found = [(path, node)]
    for child in children_of(node):
        found += _walk(child, f"{path}{_step(child)}".lstrip("."))
    return found


def _step(node: Node) -> str:
    match node.step:
        case Name(text) | Key(text):
            return f".{text}"
        case Index(at):
            return f"[{at}]"
        case None:
            return ""
