"""From a path to a field, and what is said where there is none."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zmqscope.core.decode.decoded import Decoded, TextBody, Tree
from zmqscope.core.decode.field_path import (
    NUMBER_FORMS,
    FieldPath,
    Index,
    Key,
    Name,
    Step,
    form_bytes,
)
from zmqscope.core.decode.formats.numbers.decoder import NUMBERS
from zmqscope.core.decode.lookup import (
    FieldNotFoundError,
    choice_of,
    find_field,
    read_number,
    step_label,
)
from zmqscope.core.decode.node import Node, NodeKind, Span
from zmqscope.core.decode.payload import DecodeOptions, DecoderChoice, Payload
from zmqscope.core.decode.registry import Reading


def leaf(step: Step, value: float) -> Node:
    return Node(step, NodeKind.NUMBER, "float", repr(value), value)


def inner() -> Iterator[Node]:
    yield leaf(Index(0), 1.5)
    yield leaf(Index(1), 2.5)


def top() -> Iterator[Node]:
    yield Node(Name("a"), NodeKind.ARRAY, "array", children=inner)
    yield leaf(Name("b"), 7)
    yield leaf(Name("b", 2), 8)
    yield leaf(Key("5"), 9)


ROOT = Node(None, NodeKind.OBJECT, "map", children=top)
READING = Reading(b"\x00\x00\x80\x3f\xff", (), "msgpack", Decoded((TextBody(), Tree(ROOT))))


@pytest.mark.parametrize(
    ("steps", "value"),
    [
        ((Name("a"), Index(1)), 2.5),
        ((Name("b"),), 7),
        ((Name("b", 2),), 8),
        ((Key("5"),), 9),
    ],
)
def test_a_path_leads_to_its_field(steps: tuple[Step, ...], value: float) -> None:
    assert find_field(FieldPath(("msgpack",), steps), READING).value == value


def test_no_steps_lead_to_all_of_it() -> None:
    assert find_field(FieldPath(("msgpack",)), READING) is ROOT


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ((Name("c"),), "There is no msgpack.c."),
        ((Name("a"), Index(2)), "There is no msgpack.a[2]."),
        ((Name("b"), Name("x"), Name("y")), "There is no msgpack.b.x."),
    ],
)
def test_it_says_how_far_a_path_leads(steps: tuple[Step, ...], says: str) -> None:
    with pytest.raises(FieldNotFoundError, match=says.replace("[", r"\[")):
        find_field(FieldPath(("msgpack",), steps), READING)


def test_frames_without_fields_say_so() -> None:
    path = FieldPath(("text",), (Name("a"),))
    with pytest.raises(FieldNotFoundError, match="text has no fields"):
        find_field(path, Reading(b"x", (), "text", Decoded((TextBody(),))))
    with pytest.raises(FieldNotFoundError, match="Byte 3 is wrong"):
        find_field(path, Reading(b"x", (), "text", None, problem="Byte 3 is wrong."))
    with pytest.raises(FieldNotFoundError, match="This frame is not text"):
        find_field(path, Reading(b"x"))


def test_bytes_are_read_as_numbers() -> None:
    node = find_field(FieldPath(("bytes",), span=(0, 4), form="f32le"), READING)
    assert (node.value, node.type, node.span) == (1.0, "f32le", Span(0, 4))
    whole = find_field(FieldPath(("bytes",), span=(3, 5)), READING)
    assert (whole.value, whole.kind) == (b"\x3f\xff", NodeKind.BYTES)
    with pytest.raises(FieldNotFoundError, match="no byte 7: the frame has 5"):
        find_field(FieldPath(("bytes",), span=(4, 8), form="u32le"), READING)


@given(st.sampled_from(NUMBER_FORMS), st.binary(min_size=8, max_size=8))
def test_numbers_are_what_numpy_reads(form: str, data: bytes) -> None:
    part = data[: form_bytes(form)]
    sign = ">" if form.endswith("be") else "<"
    expected = np.frombuffer(part, f"{sign}{form[0]}{len(part)}")[0]
    value = read_number(part, form)
    assert value == expected or (math.isnan(value) and math.isnan(expected))


def test_a_path_says_how_to_read_a_frame() -> None:
    assert choice_of(FieldPath(("zlib", "json"), (Name("a"),))) == DecoderChoice("json", ("zlib",))
    assert choice_of(FieldPath(("bytes",), span=(0, 1))) == DecoderChoice("bytes", ())


def test_labels() -> None:
    steps = (Name("a"), Name("a", 2), Key("5"), Index(3), None)
    assert [step_label(step) for step in steps] == ["a", "a #2", "5", "[3]", ""]
    assert struct.calcsize("<e") == form_bytes("f16le")


def test_an_element_of_a_large_array_is_reached_at_once() -> None:
    numbers = np.arange(3_000_000, dtype="<i4")
    options = DecodeOptions(dtype="<i4", shape=(1_000, 3_000))
    decoded = NUMBERS.decode(Payload(numbers.tobytes()), options)
    reading = Reading(b"", (), "numbers", decoded)
    for row, column in ((0, 0), (999, 2_999), (500, 17)):
        node = find_field(FieldPath(("numbers",), (Index(row), Index(column))), reading)
        at = row * 3_000 + column
        assert (node.value, node.span) == (at, Span(at * 4, at * 4 + 4))
    for steps in ((Index(1_000),), (Index(0), Index(3_000)), (Name("x"),)):
        with pytest.raises(FieldNotFoundError):
            find_field(FieldPath(("numbers",), steps), reading)


def test_bytes_that_are_cut_end_in_an_ellipsis_and_floats_keep_their_digits() -> None:
    long = Reading(bytes(100))
    node = find_field(FieldPath(("bytes",), span=(0, 100)), long)
    assert node.text.endswith("00 …")
    assert node.value == bytes(100)
    packed = Reading(struct.pack("<f", 0.1))
    node = find_field(FieldPath(("bytes",), span=(0, 4), form="f32le"), packed)
    assert node.text == "0.1"
