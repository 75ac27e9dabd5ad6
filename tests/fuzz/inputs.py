"""What fuzzing begins with, and how one input stands for a message of several frames."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from random import Random

from tests.benchmarks.messages import FORMATS
from tests.decode_corpus import corpus

_MOST = 300


def frames_of(data: bytes) -> tuple[bytes, ...]:
    """A message: frames one after the other, each with 16 bits of length in front (big-endian)."""
    frames: list[bytes] = []
    while len(data) >= 2 and len(frames) < 64:
        size = int.from_bytes(data[:2], "big")
        frames.append(data[2 : 2 + size])
        data = data[2 + size :]
    return tuple(frames)


def input_of(frames: Iterable[bytes]) -> bytes:
    """The input that stands for a message; frames are cut where their length has no place."""
    return b"".join(len(frame[:0xFFFF]).to_bytes(2, "big") + frame[:0xFFFF] for frame in frames)


def seeds_of(name: str, random: Random) -> list[bytes]:
    """Valid inputs for a decoder, a compression or an envelope.

    Args:
        name: Which; an envelope gets messages, everything else single frames.
        random: Where contents come from.
    """
    module = f"tests.unit.core.envelopes.test_{name}"
    if importlib.util.find_spec(module) is not None:
        samples = importlib.import_module(module).SAMPLES
        # Some have the frames first, others the socket's type.
        parts = [next(part for part in each if isinstance(part, tuple)) for each in samples]
        return [input_of(frames) for frames in parts]
    own = [sample.data for sample in corpus() if name in sample.label.split(".")][:_MOST]
    others = [frame for make in FORMATS.values() for frame in make(random) if frame]
    return own + others
