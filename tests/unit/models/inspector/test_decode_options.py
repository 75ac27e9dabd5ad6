"""What can be told a decoder."""

from __future__ import annotations

import pytest

from zmqscope.core.decode.payload import DecodeOptions
from zmqscope.models.inspector.decode_options import (
    number_type,
    options_words,
    read_shape,
    with_number_type,
)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("", ()),
        ("480, 640", (480, 640)),
        ("480x640", (480, 640)),
        ("480 × 640", (480, 640)),
        ("(3, -1)", (3, -1)),
        ("-1, -1", None),
        ("0", None),
        ("a", None),
        ("1,2,3,4,5,6,7,8,9", None),
    ],
)
def test_shapes(text: str, shape: tuple[int, ...] | None) -> None:
    assert read_shape(text) == shape


def test_number_types_go_back_and_forth() -> None:
    for code, big in (("f4", True), ("f4", False), ("u1", False)):
        options = with_number_type(DecodeOptions(), code, big=big)
        assert number_type(options) == (code, big)
    assert with_number_type(DecodeOptions(), "u1", big=True).dtype == "|u1"
    assert with_number_type(DecodeOptions(dtype="<f4"), "", big=True).dtype == ""


def test_words() -> None:
    options = DecodeOptions("", "<f4", (2, 3), 4, "/somewhere/robot.proto", "robot.Imu")
    assert options_words(options) == "float32, 2 × 3, skip 4, robot.proto, robot.Imu"
    assert options_words(DecodeOptions(dtype=">i2", shape=(-1, 2))) == "int16 big-endian, n × 2"
    assert options_words(DecodeOptions()) == ""
