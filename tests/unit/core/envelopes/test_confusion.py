"""Each envelope knows its own messages and leaves those of all others, and plain ones, alone."""

from __future__ import annotations

import importlib
import json
import pickle
import random
import struct
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import msgpack
import pytest

from tests.decoder_checks import check_envelope, outlines
from tests.envelope_cases import outline_of
from zmqscope.core.decode.builtin import builtin_decoders, builtin_layers
from zmqscope.core.decode.payload import Payload
from zmqscope.core.decode.registry import Registry
from zmqscope.core.envelopes.builtin import builtin_envelopes
from zmqscope.core.envelopes.envelope import Envelope, Outline
from zmqscope.core.envelopes.known import SHOWN_CONFIDENCE, KnownEnvelopes
from zmqscope.core.types import Direction, SocketType

ENVELOPES = {envelope.name: envelope for envelope in builtin_envelopes()}
KNOWN = KnownEnvelopes(ENVELOPES.values())
REGISTRY = Registry(builtin_decoders(), builtin_layers())
RIDES_ON = {("titanic", "majordomo")}
"""Who is spoken inside whom: Titanic's services are asked as Majordomo's are (RFC 9)."""


class Seen(NamedTuple):
    """A message, and the socket that saw it."""

    frames: tuple[bytes, ...]
    kind: SocketType | None
    direction: Direction


def samples_of(name: str) -> list[Seen]:
    """The messages that an envelope's own tests show to it."""
    module = importlib.import_module(f"tests.unit.core.envelopes.test_{name}")
    found: list[Seen] = []
    for sample in module.SAMPLES:
        if hasattr(sample, "kind"):
            found.append(Seen(sample.frames, sample.kind, Direction.RECEIVED))
        else:
            found.append(Seen(*sample))
    return found


ALL = {name: samples_of(name) for name in ENVELOPES}


@pytest.mark.parametrize("name", ENVELOPES)
@pytest.mark.parametrize("is_cut", [False, True])
def test_its_own_messages_are_known_as_its_own(name: str, is_cut: bool) -> None:
    assert len(ALL[name]) >= 2
    for frames, kind, direction in ALL[name]:
        sighting = KNOWN.see(outline_of(frames, kind, direction, is_cut=is_cut))
        assert sighting is not None, frames
        assert sighting.envelope == name, (frames, sighting)


def test_nobody_claims_what_belongs_to_another() -> None:
    table: Counter[tuple[str, str]] = Counter()
    for owner, samples in ALL.items():
        for frames, kind, direction in samples:
            for is_cut in (False, True):
                view = outline_of(frames, kind, direction, is_cut=is_cut)
                for name, envelope in ENVELOPES.items():
                    sighting = envelope.see(view)
                    if sighting is not None and sighting.confidence >= SHOWN_CONFIDENCE:
                        table[owner, name] += 1
    for (owner, name), times in sorted(table.items()):
        print(f"{owner:16} seen as {name:16} {times:6}")
    assert {pair for pair in table if pair[0] != pair[1]} == RIDES_ON


@pytest.mark.parametrize("name", ENVELOPES)
def test_frames_are_read_by_the_decoders_that_are_named(name: str) -> None:
    for frames, kind, direction in ALL[name]:
        sighting = KNOWN.see(outline_of(frames, kind, direction))
        assert sighting is not None
        for frame, found in zip(frames, sighting.frames, strict=False):
            assert found.decoder in ("", name, *REGISTRY.decoders)
            if found.decoder in REGISTRY.decoders and frame:
                reading = REGISTRY.read(Payload(frame[found.offset :]), None, found.decoder)
                assert (reading.decoder, reading.is_guess) == (found.decoder, False), frame
                assert reading.decoded is not None


# ---- plain messages ---------------------------------------------------------------------------


def values(chance: random.Random) -> Iterator[object]:
    yield {"id": chance.randrange(10**6), "name": "sensor", "values": [chance.random()] * 3}
    yield [chance.randrange(100), "text", {"a": None}]
    yield {"ts": chance.random(), "data": [1, 2, 3], "type": "event"}
    yield ["stats", {"count": chance.randrange(9)}, "node-1"]
    yield {"topic": "weather", "enc": "utf-8", "payload": "x" * chance.randrange(40)}
    yield {"header": {"id": 1}, "message": "hello"}
    yield {"msg_type": "status", "content": {"state": "idle"}}


def bodies(chance: random.Random) -> Iterator[bytes]:
    for value in values(chance):
        yield json.dumps(value).encode()
        yield bytes(msgpack.packb(value))
        yield pickle.dumps(value)
        yield zlib.compress(json.dumps(value).encode())
    yield chance.randbytes(chance.choice((4, 8, 32, 33, 41, 80, 300)))
    yield struct.pack("<d", chance.random())
    yield struct.pack(">Q", chance.randrange(10**6))
    yield f"{chance.random():.3f}".encode()
    yield b"please start the engine now"
    yield b"OK"
    yield b""
    yield struct.pack("<64f", *(chance.random() for _ in range(64)))


TOPICS = (b"", b"weather", b"eurusd", b"sensors/1/temp", b"hash", b"raw", b"event", b"log", b"\x01")
KINDS = (
    *(SocketType.SUB, SocketType.PULL, SocketType.ROUTER, SocketType.DEALER, SocketType.REP),
    *(SocketType.PAIR, SocketType.XPUB, None),
)


def plain_messages(chance: random.Random, many: int) -> Iterator[Seen]:
    while many > 0:
        for body in bodies(chance):
            kind = chance.choice(KINDS)
            frames: tuple[bytes, ...] = (body,)
            shape = chance.randrange(6)
            if shape == 1:
                frames = (chance.choice(TOPICS), body)
            elif shape == 2:
                frames = (chance.randbytes(5), b"", body)
            elif shape == 3:
                frames = (chance.choice(TOPICS), body, chance.randbytes(4))
            elif shape == 4:
                frames = (chance.choice(TOPICS), chance.randbytes(8), body)
            elif shape == 5:
                frames = (b"", body, *([b"x"] * chance.randrange(12)))
            yield Seen(frames, kind, Direction.RECEIVED)
            many -= 1


def test_plain_messages_are_nobodys() -> None:
    chance = random.Random(1)
    wrong: Counter[str] = Counter()
    examples: dict[str, Seen] = {}
    for seen in plain_messages(chance, 10_000):
        for is_cut in (False, True):
            sighting = KNOWN.see(outline_of(*seen, is_cut=is_cut))
            if sighting is not None:
                wrong[sighting.envelope] += 1
                examples[sighting.envelope] = seen
    assert not wrong, (wrong, examples)


# ---- anything ---------------------------------------------------------------------------------


def mutated(frames: tuple[bytes, ...], chance: random.Random) -> tuple[bytes, ...]:
    """The same message with something wrong with it."""
    changed = list(frames)
    for _ in range(chance.randrange(1, 4)):
        if not changed:
            break
        at = chance.randrange(len(changed))
        frame = bytearray(changed[at])
        match chance.randrange(8):
            case 0 if frame:
                frame[chance.randrange(len(frame))] ^= 1 << chance.randrange(8)
            case 1:
                del frame[chance.randrange(len(frame) + 1) :]
            case 2 if frame:
                frame[chance.randrange(len(frame))] = chance.choice(
                    b"\x00\xff\x80\xc1\xdd\xdf\xdb\xc6"
                )
            case 3:
                frame += chance.randbytes(chance.randrange(1, 9))
            case 4:
                changed.insert(at, chance.choice((b"", b"\xff", bytes(frame))))
                continue
            case 5:
                del changed[at]
                continue
            case 6 if len(frame) > 8:
                start = chance.randrange(len(frame) - 8)
                frame[start : start + 8] = chance.choice((b"\xff" * 8, b"\0" * 8, b"[" * 8))
            case _:
                frame = frame[chance.randrange(len(frame) + 1) :]
        changed[at] = bytes(frame)
    return tuple(changed) or (b"",)


@pytest.mark.parametrize("envelope", ENVELOPES.values(), ids=ENVELOPES)
def test_nothing_makes_an_envelope_raise(envelope: Envelope) -> None:
    chance = random.Random(2)
    own = ALL[envelope.name]
    others = [seen for samples in ALL.values() for seen in samples]
    for number in range(500):
        seen = chance.choice(own if number % 4 else others)
        frames = mutated(seen.frames, chance)
        for is_cut in (False, True):
            check_envelope(
                envelope, outline_of(frames, seen.kind, seen.direction, is_cut=is_cut), frames
            )
        for view in outlines(frames):
            check_envelope(envelope, view, frames)


@pytest.mark.parametrize("envelope", ENVELOPES.values(), ids=ENVELOPES)
def test_each_beginning_of_its_messages_is_taken(envelope: Envelope) -> None:
    for frames, kind, direction in ALL[envelope.name]:
        for size in range(0, 140, 3):
            cut = tuple(frame[:size] for frame in frames)
            for count in range(1, len(frames) + 1):
                check_envelope(envelope, outline_of(cut[:count], kind, direction), cut[:count])


def test_a_row_of_plain_traffic_costs_little() -> None:
    """Printed by itself; the bound is wide, since machines that test are busy."""
    views = [outline_of(*seen, is_cut=True) for seen in plain_messages(random.Random(3), 2_000)]
    for view in views:
        KNOWN.see(view)
    best = float("inf")
    for _ in range(5):
        began = time.thread_time()
        for view in views:
            KNOWN.see(view)
        best = min(best, (time.thread_time() - began) / len(views))
    print(f"plain traffic: {best * 1e6:.1f} µs a row, {len(ENVELOPES)} envelopes")
    for name, samples in ALL.items():
        own = [outline_of(*seen, is_cut=True) for seen in samples]
        began = time.thread_time()
        for _ in range(50):
            for view in own:
                KNOWN.see(view)
        print(f"{name:16} {(time.thread_time() - began) / len(own) / 50 * 1e6:6.1f} µs a row")
    assert best < 200e-6


def test_a_huge_frame_costs_no_more_than_its_beginning() -> None:
    filling = bytes(8_000_000)  # to copy it takes a millisecond
    for name, samples in ALL.items():
        for frames, kind, direction in samples:
            at = max(range(len(frames)), key=lambda index: len(frames[index]))
            huge = (*frames[:at], frames[at] + filling, *frames[at + 1 :])
            view = outline_of(huge, kind, direction)
            # The best of a few: somebody else's garbage may be collected meanwhile.
            assert min(_seconds(view) for _ in range(5)) < 0.000_8, name
            break


def _seconds(view: Outline) -> float:
    began = time.thread_time()
    KNOWN.see(view)
    return time.thread_time() - began
