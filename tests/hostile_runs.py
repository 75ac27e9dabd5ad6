"""Everything that decoders, compressions, envelopes and comparing do with one payload."""

from __future__ import annotations

import importlib
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

from tests.envelope_cases import outline_of
from tests.hostile_watch import Figure, taken
from zmqscope.core.decode.decoded import Decoded, DecodeError, Listing, Tree
from zmqscope.core.decode.decoder import Decoder, Layer
from zmqscope.core.decode.lookup import children_of
from zmqscope.core.decode.node import MAX_NODE_TEXT, Node
from zmqscope.core.decode.payload import DecodeOptions, DecoderChoice, Payload
from zmqscope.core.decode.registry import Reading
from zmqscope.core.envelopes.envelope import Envelope, Outline
from zmqscope.core.types import Direction, Message, RowId, SocketId, SocketType
from zmqscope.models.compare.comparison import Comparison
from zmqscope.models.formats import Formats
from zmqscope.models.inspector.inspected import Inspected

HEAD = 512
MAX_PREVIEW, MAX_SENTENCE, MAX_ROW = 400, 2_000, 5_000
FIRST_NODES, CHILDREN_OF_ONE, FIRST_LINES, FIRST_LEVELS = 2_000, 200, 500, 40
"""What a tall window shows of a tree and of a listing, several times over."""

_SLICE_S = 0.008
_SLICES = 12
_WALK_MS = 300.0
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
    yield "read guessed", partial(read, lambda: registry.read(whole))
    yield (
        "read cut",
        partial(read, lambda: registry.read(Payload(data[: len(data) // 2], is_cut=True))),
    )
    for decoder in registry.decoders.values():
        yield from _decoder_acts(formats, decoder, whole, head)
    for layer in registry.layers.values():
        if is_asked(layer, head):
            yield f"{layer.name} sniff whole", partial(layer.sniff, whole)
            yield f"{layer.name} sniff head", partial(layer.sniff, head)
        yield f"{layer.name} unpack", partial(_tried, partial(layer.unpack, whole, 16_000_000))
        yield f"{layer.name} unpack head", partial(_tried, partial(layer.unpack, head, HEAD))
        choice = DecoderChoice("text", (layer.name,) * 5)
        yield f"{layer.name} chosen", partial(read, partial(registry.read, whole, choice))
    yield from message_acts(formats, (data,), SocketType.PULL)
    yield from message_acts(formats, (b"topic", data), SocketType.SUB)
    yield from message_acts(formats, (b"id", b"", data), SocketType.ROUTER)
    yield from compare_acts(formats, data, other)


def _decoder_acts(
    formats: Formats, decoder: Decoder, whole: Payload, head: Payload
) -> Iterator[Act]:
    name, registry = decoder.name, formats.registry
    if is_asked(decoder, head):
        yield f"{name} sniff whole", partial(decoder.sniff, whole)
        yield f"{name} sniff head", partial(decoder.sniff, head)
    for options in (DecodeOptions(), *_OPTIONS.get(name, ())):
        words = f"{name} {options.encoding}{options.dtype}{options.shape or ''}".rstrip()
        choice = DecoderChoice(name, (), options)

        def line(payload: Payload, choice: DecoderChoice = choice) -> None:
            _checked_line(registry.preview(payload, choice).text)

        yield f"{words} read", partial(read, partial(registry.read, whole, choice))
        yield f"{words} preview head", partial(line, head)
        yield f"{words} preview whole", partial(line, whole)
    yield f"{name} hinted preview", lambda: _checked_line(registry.preview(head, None, name).text)


def is_asked(reader: Decoder | Layer, payload: Payload) -> bool:
    """Whether it is asked for a guess about such bytes."""
    first = reader.first_bytes
    return bool(payload.data) and (first is None or payload.data[0] in first)


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
    for sample in module.SAMPLES[:3]:
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


def _see(envelope: Envelope, frames: tuple[bytes, ...], outline: Outline) -> None:
    sighting = envelope.see(outline)
    if sighting is None:
        return
    _checked_line(sighting.summary)
    for index, name in enumerate(sighting.frames):
        assert len(name.label) <= MAX_PREVIEW, len(name.label)
        if name.decoder == envelope.name:
            _decode_frame(envelope, index, frames[index])
    for note in (*sighting.notes, *envelope.check(frames, sighting)):
        assert 0 < len(note.text) <= MAX_SENTENCE, len(note.text)


def _decode_frame(envelope: Envelope, index: int, frame: bytes) -> None:
    try:
        decoded = envelope.decode(index, frame)
    except DecodeError as error:
        _check_sentence(error)
    else:
        look(decoded)


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
            yield (
                f"compare {word} {number if number < 6 else 'on'}",
                partial(comparison.go_on, _SLICE_S),
            )
            if comparison.is_done or comparison.is_waiting:
                break
        yield f"compare {word} rows", partial(_look_at_rows, comparison)
        comparison.close()


def _look_at_rows(comparison: Comparison) -> None:
    for row in comparison.rows[:2_000]:
        for text in (row.label, row.before, row.after):
            assert len(text) <= MAX_ROW, len(text)


def read(act: Callable[[], Reading | Decoded]) -> Figure:
    """Read, then look at the first fields and lines, as the views do.

    Returns:
        What the slowest step took: reading is one, and each level that somebody opens is one.
    """
    found: list[Reading | Decoded] = []
    figure = taken(lambda: found.append(act()))
    if not found:
        raise AssertionError(figure.error)
    decoded = found[0].decoded if isinstance(found[0], Reading) else found[0]
    cpu_ms = figure.cpu_ms if decoded is None else max(figure.cpu_ms, look(decoded))
    return Figure(cpu_ms, figure.wall_ms)


def look(decoded: Decoded) -> float:
    """Look at what was read; what the slowest step took, in ms of CPU time."""
    slowest = 0.0
    assert len(decoded.type) <= MAX_NODE_TEXT, len(decoded.type)
    assert all(0 < len(note) <= MAX_SENTENCE for note in decoded.notes), decoded.notes
    for body in decoded.bodies:
        if isinstance(body, Tree):
            slowest = max(slowest, _walk(body.root))
        elif isinstance(body, Listing):
            slowest = max(slowest, taken(partial(_read_lines, body)).cpu_ms)
    return slowest


def _read_lines(body: Listing) -> None:
    for line in islice(body.lines(), FIRST_LINES):
        assert len(line.text) + len(line.note) <= MAX_SENTENCE, len(line.text)


def _walk(root: Node) -> float:
    """Breadth first, as somebody opens a tree level by level."""
    waiting = deque([(root, 0)])
    seen, slowest, spent_ms = 0, 0.0, 0.0
    while waiting and seen < FIRST_NODES and spent_ms < _WALK_MS:
        node, depth = waiting.popleft()
        seen += 1
        assert len(node.text) <= MAX_NODE_TEXT, (node.type, len(node.text))
        assert len(node.type) + len(node.note) <= MAX_NODE_TEXT, (len(node.type), len(node.note))
        if node.children is not None and depth < FIRST_LEVELS:
            found: list[Node] = []
            figure = taken(partial(_open, node, found))
            if figure.error:
                raise AssertionError(figure.error)
            slowest, spent_ms = max(slowest, figure.cpu_ms), spent_ms + figure.cpu_ms
            waiting.extend((child, depth + 1) for child in found)
    return slowest


def _open(node: Node, found: list[Node]) -> None:
    found.extend(islice(children_of(node), CHILDREN_OF_ONE))


def _tried(act: Callable[[], object]) -> None:
    try:
        act()
    except DecodeError as error:
        _check_sentence(error)


def _check_sentence(error: DecodeError) -> None:
    assert 0 < len(error.text) <= MAX_SENTENCE, len(error.text)


def _checked_line(text: str) -> None:
    assert len(text) <= MAX_PREVIEW + 1, len(text)
