"""Everything that decoders, compressions, envelopes and comparing do with one payload."""

from __future__ import annotations

import importlib
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

from tests.envelope_cases import outline_of
from zmqscope.core.decode.decoded import Decoded, DecodeError, Listing, Tree
from zmqscope.core.decode.decoder import Decoder
from zmqscope.core.decode.node import MAX_NODE_TEXT, Node
from zmqscope.core.decode.payload import DecodeOptions, DecoderChoice, Payload
from zmqscope.core.envelopes.envelope import Envelope
from zmqscope.core.types import Direction, Message, RowId, SocketId, SocketType
from zmqscope.models.comparison import Comparison
from zmqscope.models.formats import Formats
from zmqscope.models.inspected import Inspected

HEAD = 512
MAX_PREVIEW = 400
FIRST_NODES, CHILDREN_OF_ONE, FIRST_LINES = 2_000, 200, 500
"""What a tall window shows of a tree and of a listing, several times over."""

_SLICE_S = 0.008
_SLICES = 60
_OPTIONS: dict[str, tuple[DecodeOptions, ...]] = {
    "text": tuple(DecodeOptions(encoding=name) for name in ("utf-16", "utf-32", "utf-8", "cp037")),
    "numbers": (
        DecodeOptions(dtype="<f4"),
        DecodeOptions(dtype=">c16", skip=3),
        DecodeOptions(dtype="|u1", shape=(1 << 40, 1 << 40)),
        DecodeOptions(dtype="<f8", shape=(-1, 3), skip=1 << 62),
        DecodeOptions(dtype="|b1", shape=(1,) * 60),
    ),
}

Act = tuple[str, Callable[[], object]]
"""What it is called, and what to do."""


def acts(formats: Formats, data: bytes, other: bytes) -> Iterator[Act]:
    """All that can be done with a payload.

    Args:
        formats: Decoders and envelopes.
        data: The payload.
        other: Another one, to compare it with.
    """
    registry = formats.registry
    whole, head = Payload(data), Payload(data[:HEAD], len(data) > HEAD, len(data))
    yield "guess head", partial(registry.guess, head)
    yield "guess whole", partial(registry.guess, whole)
    yield "guesses whole", partial(registry.guesses, whole)
    yield "preview head", lambda: _checked_line(registry.preview(head).text)
    yield "preview whole", lambda: _checked_line(registry.preview(whole).text)
    yield "read guessed", lambda: look(registry.read(whole).decoded)
    yield "read cut", lambda: look(registry.read(Payload(data[: len(data) // 2], True)).decoded)
    for decoder in registry.decoders.values():
        yield from _decoder_acts(formats, decoder, whole, head)
    for layer in registry.layers.values():
        yield f"{layer.name} sniff whole", partial(layer.sniff, whole)
        yield f"{layer.name} sniff head", partial(layer.sniff, head)
        yield f"{layer.name} unpack", partial(_tried, partial(layer.unpack, whole, 16_000_000))
        yield f"{layer.name} unpack head", partial(_tried, partial(layer.unpack, head, HEAD))
        choice = DecoderChoice("text", (layer.name,) * 5)
        yield f"{layer.name} chosen", lambda choice=choice: look(registry.read(whole, choice).decoded)
    yield from message_acts(formats, (data,), SocketType.PULL)
    yield from message_acts(formats, (b"topic", data), SocketType.SUB)
    yield from message_acts(formats, (b"id", b"", data), SocketType.ROUTER)
    yield from compare_acts(formats, data, other)


def _decoder_acts(
    formats: Formats, decoder: Decoder, whole: Payload, head: Payload
) -> Iterator[Act]:
    name, registry = decoder.name, formats.registry
    yield f"{name} sniff whole", partial(decoder.sniff, whole)
    yield f"{name} sniff head", partial(decoder.sniff, head)
    for options in (DecodeOptions(), *_OPTIONS.get(name, ())):
        words = f"{name} {options.encoding}{options.dtype}{options.shape or ''}".rstrip()
        choice = DecoderChoice(name, (), options)

        def read(choice: DecoderChoice = choice) -> None:
            look(registry.read(whole, choice).decoded)

        def line(payload: Payload, choice: DecoderChoice = choice) -> None:
            _checked_line(registry.preview(payload, choice).text)

        yield f"{words} read", read
        yield f"{words} preview head", partial(line, head)
        yield f"{words} preview whole", partial(line, whole)
    yield f"{name} hinted", lambda: look(registry.read(whole, None, name).decoded)
    yield f"{name} hinted preview", lambda: _checked_line(registry.preview(head, None, name).text)


def message_acts(
    formats: Formats, frames: tuple[bytes, ...], kind: SocketType | None, word: str = ""
) -> Iterator[Act]:
    """What every envelope does with a message, as a table has it and whole."""
    for is_cut in (True, False):
        outline = outline_of(frames, kind, is_cut=is_cut)
        for envelope in formats.envelopes.by_name.values():
            name = f"{word}{envelope.name} sees {len(frames)}{' cut' if is_cut else ''}"
            yield name, partial(_see, envelope, frames, outline_of(frames, kind, is_cut=is_cut))
        yield f"{word}envelopes {len(frames)}", partial(formats.envelopes.see, outline)


def sample_acts(formats: Formats, name: str, data: bytes) -> Iterator[Act]:
    """An envelope's own messages with the payload in the place of each frame, and behind it."""
    module = importlib.import_module(f"tests.unit.core.envelopes.test_{name}")
    envelope = formats.envelopes.by_name[name]
    for sample in module.SAMPLES[:4]:
        frames, kind = (
            (sample.frames, sample.kind) if hasattr(sample, "kind") else (sample[0], sample[1])
        )
        for at in range(min(len(frames), 9)):
            for part in (data, frames[at][:40] + data, frames[at] + data):
                changed = (*frames[:at], part, *frames[at + 1 :])
                for is_cut in (True, False):
                    outline = outline_of(changed, kind, is_cut=is_cut)
                    yield f"{name} frame {at}", partial(_see, envelope, changed, outline)
                    # Also where the rest of the message would not do.
                yield f"{name} decode {at}", partial(_decode_frame, envelope, at, part)


def _see(envelope: Envelope, frames: tuple[bytes, ...], outline: object) -> None:
    sighting = envelope.see(outline)  # type: ignore[arg-type]
    if sighting is None:
        return
    _checked_line(sighting.summary)
    for index, name in enumerate(sighting.frames):
        assert len(name.label) <= MAX_PREVIEW, len(name.label)
        if name.decoder == envelope.name:
            _decode_frame(envelope, index, frames[index])
    for note in (*sighting.notes, *envelope.check(frames, sighting)):
        assert 0 < len(note.text) <= 2_000, len(note.text)


def _decode_frame(envelope: Envelope, index: int, frame: bytes) -> None:
    try:
        look(envelope.decode(index, frame))
    except DecodeError as error:
        assert 0 < len(error.text) <= 2_000, len(error.text)


def message_of(*frames: bytes) -> Message:
    """A message that a socket received."""
    return Message(RowId(0), 0, SocketId(1), Direction.RECEIVED, frames)


def compare_acts(formats: Formats, data: bytes, other: bytes) -> Iterator[Act]:
    """Compare with itself, slightly changed, and with another payload; slice by slice."""
    middle = len(data) // 2
    changed = data[:middle] + b"\x01" + data[middle + 1 :]
    for word, second in (("changed", changed), ("another", other)):
        pair = [
            Inspected(message_of(frame), "s", SocketType.PULL, formats) for frame in (data, second)
        ]
        comparison = Comparison(*pair, with_equal=word == "changed")
        for number in range(_SLICES):
            yield f"compare {word} {number if number < 6 else 'on'}", partial(
                comparison.go_on, _SLICE_S
            )
            if comparison.is_done or comparison.is_waiting:
                break
        yield f"compare {word} rows", partial(_look_at_rows, comparison)
        comparison.close()


def _look_at_rows(comparison: Comparison) -> None:
    for row in comparison.rows[:2_000]:
        for text in (row.label, row.before, row.after):
            assert len(text) <= 5_000, len(text)


def look(decoded: Decoded | None) -> None:
    """Look at the first fields and lines, as the views do."""
    if decoded is None:
        return
    assert len(decoded.type) <= MAX_NODE_TEXT, len(decoded.type)
    assert all(0 < len(note) <= 2_000 for note in decoded.notes), decoded.notes
    for body in decoded.bodies:
        if isinstance(body, Tree):
            _walk(body.root)
        elif isinstance(body, Listing):
            for line in islice(body.lines(), FIRST_LINES):
                assert len(line.text) + len(line.note) <= 5_000, len(line.text)


def _walk(root: Node) -> None:
    """Breadth first: what a tree shows that is opened level by level; then straight down."""
    waiting = deque([root])
    seen = 0
    while waiting and seen < FIRST_NODES:
        node = waiting.popleft()
        seen += 1
        assert len(node.text) <= MAX_NODE_TEXT, (node.type, len(node.text))
        assert len(node.type) + len(node.note) <= MAX_NODE_TEXT, (len(node.type), len(node.note))
        if node.children is not None:
            waiting.extend(islice(node.children(), CHILDREN_OF_ONE))


def _tried(act: Callable[[], object]) -> None:
    try:
        act()
    except DecodeError as error:
        assert 0 < len(error.text) <= 2_000, len(error.text)


def _checked_line(text: str) -> None:
    assert len(text) <= MAX_PREVIEW + 1, len(text)
