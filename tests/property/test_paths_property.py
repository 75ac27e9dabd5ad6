"""The path of every field leads back to it, whatever its keys are, in decoders and envelopes."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import cbor2
import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.decode_corpus import recognisable
from tests.envelope_cases import outline_of
from zmqscope.core.decode.builtin import CEILINGS, builtin_decoders, builtin_layers
from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.field_path import FieldPath, Step, parse_field_path
from zmqscope.core.decode.lookup import children_of, find_field, root_of
from zmqscope.core.decode.node import Node, NodeKind
from zmqscope.core.decode.payload import DecoderChoice, Payload
from zmqscope.core.decode.registry import Reading, Registry
from zmqscope.core.envelopes.builtin import builtin_envelopes
from zmqscope.core.types import Direction

REGISTRY = Registry(builtin_decoders(), builtin_layers(), CEILINGS)
ENVELOPES = {envelope.name: envelope for envelope in builtin_envelopes()}
WORDS = REGISTRY.words(ENVELOPES)
_EACH = 25
_NODES, _CHILDREN, _DEPTH = 300, 60, 8


def fields_of(root: Node, path: FieldPath) -> Iterator[tuple[FieldPath, Node, Node | None]]:
    """Fields with their paths and parents, up to a bound; no sentences."""
    waiting: list[tuple[FieldPath, Node, Node | None]] = [(path, root, None)]
    seen = 0
    while waiting and seen < _NODES:
        seen += 1
        here, node, parent = waiting.pop()
        yield here, node, parent
        if len(here.steps) >= _DEPTH:
            continue
        steps: set[Step] = set()
        for child in islice(children_of(node), _CHILDREN):
            if child.step is None:
                assert child.kind is NodeKind.ERROR, (str(here), child)
                continue
            assert child.step not in steps, (str(here), child)
            steps.add(child.step)
            waiting.append((here.child(child.step), child, node))


def check_paths(reading: Reading) -> int:
    """Follow the path of every field; returns how many there were."""
    assert reading.decoded is not None
    root = root_of(reading.decoded)
    if root is None:
        return 0
    count = 0
    for path, node, _ in fields_of(root, FieldPath(reading.source)):
        count += 1
        assert parse_field_path(str(path), WORDS) == path
        found = find_field(path, reading)
        # NaN is not equal to itself.
        assert repr(found) == repr(node), str(path)
    return count


SAMPLES = recognisable(_EACH)


@pytest.mark.parametrize("label", SAMPLES)
def test_fields_of_the_corpus(label: str) -> None:
    *layers, decoder = label.split(".")
    for sample in SAMPLES[label]:
        choice = DecoderChoice(decoder, tuple(layers))
        reading = REGISTRY.read(Payload(sample.data), choice)
        assert reading.decoded is not None, (sample.note, reading.problem)
        check_paths(reading)


@pytest.mark.parametrize("name", ENVELOPES)
def test_fields_of_envelopes(name: str) -> None:
    module: Any = importlib.import_module(f"tests.unit.core.envelopes.test_{name}")
    envelope = ENVELOPES[name]
    for sample in module.SAMPLES:
        frames, kind = sample[:2]
        if hasattr(sample, "kind"):
            frames, kind = sample.frames, sample.kind
        for direction in Direction:
            sighting = envelope.see(outline_of(frames, kind, direction))
            for index, frame_name in enumerate(() if sighting is None else sighting.frames):
                if frame_name.decoder != name:
                    continue
                try:
                    decoded = envelope.decode(index, frames[index])
                except DecodeError:
                    continue
                check_paths(Reading(frames[index], decoder=name, decoded=decoded))


_KEYS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ("", "5", "05", "a-b", "a#2", "#2", "a.b", '"', "\\", "]", "\n", "ä", "key(5)")
    ),
)
_ODD_KEYS = st.one_of(
    *(_KEYS, st.integers(-(2**63), 2**64 - 1), st.binary(max_size=90), st.booleans(), st.none()),
    *(st.floats(), st.tuples(st.integers(0, 3), st.text(max_size=3))),
)


def _read(decoder: str, data: bytes) -> Reading:
    reading = REGISTRY.read(Payload(data), DecoderChoice(decoder, ()))
    assert reading.decoded is not None, reading.problem
    return reading


def _each_packed(pairs: list[tuple[Any, int]], pack: Callable[[Any], Any]) -> bytes:
    return b"".join(pack(key) + pack(value) for key, value in pairs)


@given(st.lists(st.tuples(_ODD_KEYS, st.integers(0, 5)), max_size=15))
def test_odd_and_doubled_keys_of_binary_formats(pairs: list[tuple[Any, int]]) -> None:
    packed = bytes((0x80 + len(pairs),)) + _each_packed(pairs, msgpack.packb)
    assert check_paths(_read("msgpack", packed)) == len(pairs) + 1
    packed = bytes((0xA0 + len(pairs),)) + _each_packed(pairs, cbor2.dumps)
    assert check_paths(_read("cbor", packed)) == len(pairs) + 1


@given(st.lists(st.tuples(_KEYS, st.integers(0, 5)), max_size=15))
def test_odd_and_doubled_keys_of_text(pairs: list[tuple[str, int]]) -> None:
    text = ",".join(f"{json.dumps(key)}:{value}" for key, value in pairs)
    assert check_paths(_read("json", f"{{{text}}}".encode())) == len(pairs) + 1
    names = [(key.replace("\0", "").encode(errors="replace"), value) for key, value in pairs]
    body = b"".join(b"\x10" + key + b"\0" + bytes((value, 0, 0, 0)) for key, value in names)
    document = (len(body) + 5).to_bytes(4, "little") + body + b"\0"
    assert check_paths(_read("bson", document)) == len(pairs) + 1
