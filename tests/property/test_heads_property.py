"""What a table sees of a frame, its first 512 bytes, does not contradict the whole."""

from __future__ import annotations

import random

import pytest

from tests.decode_corpus import Sample, corpus
from tests.decoder_checks import HEAD_BYTES
from zmqscope.core.decode.builtin import CEILINGS, builtin_decoders, builtin_layers
from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.payload import NO_OPTIONS, Payload
from zmqscope.core.decode.registry import Registry

REGISTRY = Registry(builtin_decoders(), builtin_layers(), CEILINGS)
SURE = 0.9
_CUTS = 4
_EACH = 60
_OF_HEADERS = ("image", "arrow", "avro", "numbers")
"""Formats of which a line says what the head tells, as far as it is there."""


def _sources(payload: Payload) -> tuple[tuple[str, ...], float]:
    guess = REGISTRY.guess(payload)
    if guess is None:
        return (), 0.0
    return (*guess.layers, *filter(None, (guess.decoder,))), guess.confidence


@pytest.mark.parametrize("is_size_known", [True, False])
def test_a_sure_guess_of_a_head_is_that_of_the_whole(is_size_known: bool) -> None:
    looked_at = 0
    for sample in corpus():
        # Of what only begins well nobody can know.
        if sample.label in ("random", "near") or len(sample.data) <= HEAD_BYTES:
            continue
        size = len(sample.data) if is_size_known else -1
        found, confidence = _sources(Payload(sample.data[:HEAD_BYTES], True, size))
        if confidence < SURE:
            continue
        looked_at += 1
        whole, sure = _sources(Payload(sample.data))
        # Some compressions give nothing out before their end.
        assert whole[: len(found)] == found, (sample.label, found, whole)
        assert sure >= 0.5, (sample.label, found)
    assert looked_at > 500


def _plain_samples() -> dict[str, list[Sample]]:
    found: dict[str, list[Sample]] = {}
    for sample in corpus():
        if sample.label in REGISTRY.decoders and len(sample.data) > 1:
            samples = found.setdefault(sample.label, [])
            if len(samples) < _EACH:
                samples.append(sample)
    return found


SAMPLES = _plain_samples()


@pytest.mark.parametrize("label", [label for label in SAMPLES if label not in _OF_HEADERS])
def test_a_line_of_cut_bytes_says_that_it_goes_on(label: str) -> None:
    decoder, source = REGISTRY.decoders[label], random.Random(7)
    for sample in SAMPLES[label]:
        for _ in range(_CUTS):
            stop = source.randrange(1, len(sample.data))
            for size in (len(sample.data), -1):
                payload = Payload(sample.data[:stop], True, size)
                try:
                    text = decoder.preview(payload, NO_OPTIONS)
                except DecodeError:
                    # Too little is there to say anything.
                    continue
                bare = f"pickle {sample.data[1]}"
                assert "…" in text or text == bare, (sample.note, stop, text)
