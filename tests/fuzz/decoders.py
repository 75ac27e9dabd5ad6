"""Fuzzes decoders, compressions and envelopes with atheris, which is no dependency of the tests.

From the checkout, with atheris installed: ``PYTHONPATH=.:app python tests/fuzz/decoders.py NAME
FOLDER -max_total_time=600 -timeout=10 -rss_limit_mb=2048``. NAME is a decoder, a compression or an
envelope, or ``all``; FOLDER keeps the corpus. pytest collects nothing here: what a run has found
goes to ``tests/fuzz/found``, which a test reads.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from random import Random
from typing import Any

atheris: Any = importlib.import_module("atheris")

with atheris.instrument_imports(include=["zmqscope.core.decode", "zmqscope.core.envelopes"]):
    from tests.decoder_checks import check_decoder, check_envelope, check_layer, outlines
    from tests.fuzz.inputs import frames_of, seeds_of
    from zmqscope.core.decode.builtin import builtin_decoders, builtin_layers
    from zmqscope.core.decode.payload import Payload
    from zmqscope.core.decode.registry import Registry
    from zmqscope.core.envelopes.builtin import builtin_envelopes

REGISTRY = Registry(builtin_decoders(), builtin_layers())
ENVELOPES = {envelope.name: envelope for envelope in builtin_envelopes()}


def fuzz_decoder(name: str, data: bytes) -> None:
    """One decoder."""
    if data:
        check_decoder(REGISTRY.decoders[name], data)


def fuzz_layer(name: str, data: bytes) -> None:
    """One compression, and whatever is behind it."""
    if data:
        check_layer(REGISTRY.layers[name], data)
        REGISTRY.preview(Payload(data))
        REGISTRY.read(Payload(data), limit=100_000)


def fuzz_envelope(name: str, data: bytes) -> None:
    """One envelope, a message of frames with 16-bit lengths."""
    frames = frames_of(data)
    if frames:
        for outline in outlines(frames):
            check_envelope(ENVELOPES[name], outline, frames)


def fuzz_all(data: bytes) -> None:
    """The way of a frame through the app."""
    REGISTRY.preview(Payload(data))
    REGISTRY.read(Payload(data), limit=100_000)


def main() -> None:
    """Fill the folder if it is empty, then fuzz."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    if not any(folder.iterdir()):
        for number, seed in enumerate(seeds_of(name, Random(1))):
            (folder / f"seed-{number}").write_bytes(seed)

    def fuzz(data: bytes) -> None:
        if name in REGISTRY.decoders:
            fuzz_decoder(name, data)
        elif name in REGISTRY.layers:
            fuzz_layer(name, data)
        elif name in ENVELOPES:
            fuzz_envelope(name, data)
        else:
            fuzz_all(data)

    atheris.Setup([sys.argv[0], *sys.argv[2:]], fuzz)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
