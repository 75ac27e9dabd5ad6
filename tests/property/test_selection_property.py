"""Selecting goes both ways: the bytes of any field lead back to that field, or to one inside it."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.decode_corpus import recognisable
from tests.schema_rig import LAB, message_class, tree, write_schema
from zmqscope.core.decode.builtin import CEILINGS, builtin_decoders, builtin_layers
from zmqscope.core.decode.formats.protobuf.decoder import PROTOBUF
from zmqscope.core.decode.lookup import children_of, root_of
from zmqscope.core.decode.node import Node, NodeKind, Span
from zmqscope.core.decode.payload import DecodeOptions, DecoderChoice, Payload
from zmqscope.core.decode.registry import Registry
from zmqscope.models.inspector.node_search import Rows, field_at

REGISTRY = Registry(builtin_decoders(), builtin_layers(), CEILINGS)
_EACH = 8
_NODES, _CHILDREN, _DEPTH = 200, 50, 8
_LIMIT_S = 20.0


def nodes_of(root: Node) -> list[tuple[Rows, Node]]:
    """Fields with their rows, up to a bound."""
    found: list[tuple[Rows, Node]] = []
    waiting: list[tuple[Rows, Node]] = [((), root)]
    while waiting and len(found) < _NODES:
        rows, node = waiting.pop()
        found.append((rows, node))
        if len(rows) < _DEPTH:
            children = islice(children_of(node), _CHILDREN)
            waiting.extend(((*rows, row), child) for row, child in enumerate(children))
    return found


def at(root: Node, rows: Rows) -> Node:
    for row in rows:
        root = next(islice(children_of(root), row, None))
    return root


def has_bytes(node: Node, wanted: Span) -> bool:
    """Whether bytes are the field's value, its key, or both with what is between."""
    parts = [span for span in (node.span, node.key_span) if span is not None]
    if len(parts) == 2 and parts[1].start <= parts[0].start:
        parts.append(Span(parts[1].start, parts[0].stop))
    return any(part.start <= wanted.start and wanted.stop <= part.stop for part in parts)


def check_selection(root: Node) -> int:
    """Select the bytes of each field; returns how many there were."""
    count = 0
    for rows, node in nodes_of(root):
        for span in (node.span, node.key_span):
            if span is None or span.start == span.stop or node.kind is NodeKind.ERROR:
                continue
            found = field_at(root, span.start, span.stop, _LIMIT_S)
            assert found is not None, (rows, node)
            there = at(root, found)
            assert has_bytes(there, span), (rows, node, found, there)
            # Nothing wider than what was selected, but for keys and values that are shared.
            assert found[: len(rows)] == rows or _is_shared(there, node), (rows, node, found, there)
            count += 1
    return count


def _is_shared(there: Node, node: Node) -> bool:
    """Whether two fields have the same bytes, as in pickles, which write things once for all."""
    ours = {node.span, node.key_span} - {None}
    return bool(ours & {there.span, there.key_span})


SAMPLES = recognisable(_EACH)


@pytest.mark.parametrize("label", SAMPLES)
def test_fields_of_the_corpus(label: str) -> None:
    *layers, decoder = label.split(".")
    for sample in SAMPLES[label]:
        reading = REGISTRY.read(Payload(sample.data), DecoderChoice(decoder, tuple(layers)))
        assert reading.decoded is not None, (sample.note, reading.problem)
        root = root_of(reading.decoded)
        if root is not None:
            check_selection(root)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_schema(Path(tmp_path_factory.mktemp("lab")), "lab.proto", LAB)


_PARTS = st.sampled_from(("loose", "names", "points", "counts", "a_string", "a_point"))


def _part(name: str, number: int) -> dict[str, Any]:
    values: dict[str, Any] = {
        "loose": [number],
        "names": [str(number)],
        "points": [{"x": number}],
        "counts": {str(number): number},
        "a_string": str(number),
        "a_point": {"y": number},
    }
    return {name: values[name]}


@given(st.lists(_PARTS, min_size=1, max_size=12))
def test_fields_whose_elements_stand_between_others(lab: str, names: list[str]) -> None:
    # What is sent one after the other is one message: repeated fields go on.
    make = message_class(lab, "lab.All")
    data = b"".join(make(**_part(n, at)).SerializeToString() for at, n in enumerate(names, 1))
    root = tree(PROTOBUF, data, DecodeOptions(schema=lab, message="lab.All"))
    for rows, node in nodes_of(root):
        if node.children is None and node.span is not None and node.span.start < node.span.stop:
            assert field_at(root, *node.span, _LIMIT_S) == rows
