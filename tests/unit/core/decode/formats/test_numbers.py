"""Number arrays against NumPy: types, orders, shapes, guesses that stay modest."""

from __future__ import annotations

import random
import struct
import time
from itertools import islice

import bson
import cbor2
import msgpack
import numpy as np
import pytest

from zmqscope.core.decode.decoded import Decoded, DecodeError, Numbers, Tree
from zmqscope.core.decode.dtypes import NUMBER_TYPES, dtype_title, known_dtype
from zmqscope.core.decode.field_path import Index
from zmqscope.core.decode.formats.numbers.decoder import NUMBERS
from zmqscope.core.decode.formats.numbers.guess import MAX_CONFIDENCE, guess_numbers
from zmqscope.core.decode.lookup import children_of
from zmqscope.core.decode.node import Node, NodeKind, Span
from zmqscope.core.decode.payload import NO_OPTIONS, DecodeOptions, Payload

ALL = [f"{order}{one.code}" for one in NUMBER_TYPES for order in ("<>" if one.size > 1 else "|")]
NOISE = np.random.default_rng(7)
STEPS = np.arange(512)


def array_of(decoded: Decoded) -> Numbers:
    array = decoded.bodies[0]
    assert isinstance(array, Numbers)
    return array


def root_of(decoded: Decoded) -> Node:
    tree = decoded.bodies[1]
    assert isinstance(tree, Tree)
    return tree.root


def read(data: bytes, dtype: str, shape: tuple[int, ...] = (), skip: int = 0) -> Decoded:
    return NUMBERS.decode(Payload(data), DecodeOptions(dtype=dtype, shape=shape, skip=skip))


@pytest.mark.parametrize("dtype", ALL)
def test_all_types_in_both_orders(dtype: str) -> None:
    numbers = np.arange(20).astype(dtype)
    decoded = NUMBERS.decode(Payload(numbers.tobytes()), DecodeOptions(dtype=dtype))
    assert array_of(decoded) == Numbers(dtype, (20,))
    root = root_of(decoded)
    assert root.count == 20
    assert root.span == Span(0, numbers.nbytes)
    nodes = list(children_of(root))
    assert [node.step for node in nodes] == [Index(n) for n in range(20)]
    size = numbers.itemsize
    assert [node.span for node in nodes] == [Span(n * size, (n + 1) * size) for n in range(20)]
    if dtype[1] == "c":
        assert nodes[3].text == "3+0j"
    elif dtype[1] == "b":
        assert [node.kind for node in nodes[:2]] == [NodeKind.BOOL] * 2
        assert [node.text for node in nodes[:2]] == ["false", "true"]
    else:
        assert [node.value for node in nodes] == numbers.tolist()
    assert decoded.type == f"{dtype_title(dtype)} × 20"


def test_texts_have_as_many_digits_as_the_type() -> None:
    data = np.array([0.1, np.nan, np.inf, 1e30], "<f4").tobytes()
    texts = [node.text for node in children_of(root_of(read(data, dtype="<f4")))]
    assert texts == ["0.1", "nan", "inf", "1e+30"]
    odd = [node.text for node in children_of(root_of(read(b"\0\1\7", dtype="b1")))]
    assert odd == ["false", "true", "true (7)"]


def test_shape_skip_and_rest() -> None:
    data = b"HH" + np.arange(12, dtype="<i2").tobytes() + b"r"
    decoded = read(data, dtype="<i2", shape=(3, -1), skip=2)
    assert array_of(decoded) == Numbers("<i2", (3, 4), 2, 1)
    assert decoded.type == "int16 × 3 × 4"
    assert decoded.notes == ("Behind the last number is 1 byte more.",)
    rows = list(children_of(root_of(decoded)))
    assert [row.type for row in rows] == ["int16[4]"] * 3
    row = list(children_of(rows[2]))
    assert [node.value for node in row] == [8, 9, 10, 11]
    assert row[1].span == Span(2 + 18, 2 + 20)
    assert array_of(read(data, dtype="<i2", shape=(2, 2))).rest == len(data) - 8


@pytest.mark.parametrize(
    ("dtype", "shape", "skip", "words"),
    [
        ("O", (), 0, "no number type"),
        ("f4,f4", (), 0, "no number type"),
        ("V8", (), 0, "no number type"),
        ("<U4", (), 0, "no number type"),
        ("<f8", (), 15, "takes 8 bytes; there are 1"),
        ("<f4", (), 17, "cannot be skipped"),
        ("<f4", (), -1, "cannot be skipped"),
        ("<f4", (5,), 0, "takes 5 × float32, but there are only 4"),
        ("<f4", (10**30, -1), 0, "but there are only 4"),
        ("<f4", (-1, -1), 0, "no shape"),
        ("<f4", (0,), 0, "no shape"),
        ("<f4", (1,) * 9, 0, "no shape"),
    ],
)
def test_what_does_not_fit_is_said(
    dtype: str, shape: tuple[int, ...], skip: int, words: str
) -> None:
    with pytest.raises(DecodeError, match=words):
        read(bytes(16), dtype, shape, skip)


def test_no_bytes_are_no_numbers() -> None:
    with pytest.raises(DecodeError):
        NUMBERS.decode(Payload(b""), NO_OPTIONS)
    with pytest.raises(DecodeError):
        NUMBERS.preview(Payload(b""), NO_OPTIONS)
    assert NUMBERS.sniff(Payload(b"")) == 0.0


ARRAYS = {
    "<f4": (
        NOISE.normal(size=512).astype("<f4"),
        np.sin(STEPS / 20).astype("<f4"),
        np.linspace(0, 1, 512, dtype="<f4"),
        (NOISE.normal(size=512) * 1e5).astype("<f4"),
        np.array([0.1, 0.2, 9.8, 0, 0, 0], "<f4"),
    ),
    ">f4": (NOISE.normal(size=512).astype(">f4"),),
    "<f8": (NOISE.normal(size=512), STEPS * 0.5, STEPS * 0.1, 1.7e9 + STEPS * 0.01),
    ">f8": (NOISE.normal(size=512).astype(">f8"),),
    "<i2": (
        NOISE.integers(-500, 500, 512).astype("<i2"),
        (20_000 * np.sin(STEPS / 15) + NOISE.normal(size=512) * 300).astype("<i2"),
        STEPS.astype("<i2"),
    ),
    ">i2": (NOISE.integers(-500, 500, 512).astype(">i2"),),
    "<i4": (
        NOISE.integers(-500, 500, 512).astype("<i4"),
        (1_700_000_000 + 3 * STEPS).astype("<i4"),
        NOISE.integers(0, 1 << 24, 512).astype("<i4"),
    ),
    ">i4": (NOISE.integers(-500, 500, 512).astype(">i4"),),
    "<i8": (
        NOISE.integers(-500, 500, 512).astype("<i8"),
        (1_700_000_000_000_000_000 + 3_000_000 * STEPS).astype("<i8"),
    ),
    "|u1": ((128 + 100 * np.sin(STEPS / 15)).astype("u1"),),
}


@pytest.mark.parametrize(
    ("dtype", "numbers"), [(dtype, one) for dtype, some in ARRAYS.items() for one in some]
)
def test_plausible_numbers_are_guessed(dtype: str, numbers: np.ndarray) -> None:
    data = numbers.tobytes()
    found = guess_numbers(data[:512], len(data))
    assert found is not None
    assert found.dtype == dtype
    assert 0.5 <= found.confidence <= MAX_CONFIDENCE
    assert NUMBERS.sniff(Payload(data)) == found.confidence
    decoded = NUMBERS.decode(Payload(data), NO_OPTIONS)
    assert array_of(decoded).dtype == dtype
    assert "is a guess" in decoded.notes[0]


@pytest.mark.parametrize("encoding", ["shift_jis", "euc_jp"])
def test_characters_of_two_bytes_are_no_samples(encoding: str) -> None:
    text = "これは日本語の文章です。東京から大阪まで新幹線で行きます。"
    assert guess_numbers(text.encode(encoding), 2 * len(text)) is None


def test_what_are_no_numbers() -> None:
    picked = random.Random(3)
    wrong = 0
    for turn in range(8_000):
        record = {
            "type": "tick",
            "px": picked.random(),
            "n": picked.randrange(10 ** picked.randrange(1, 9)),
            "v": [picked.randrange(200) for _ in range(turn % 30)],
        }
        data = (
            picked.randbytes(picked.choice((16, 32, 64, 128, 512))),
            msgpack.packb(record),
            cbor2.dumps(record),
            bson.encode(record),
            struct.pack("<QIdH", record["n"], turn, record["px"], 3),
            struct.pack(">IHHQ", turn, 1, 2, record["n"]),
            bytes(64),
            b"\xff" * 64,
        )[turn % 8]
        wrong += NUMBERS.sniff(Payload(data)) >= 0.5
    assert wrong < 20


def test_a_preview_says_what_they_are_like() -> None:
    data = (np.arange(1024, dtype="<f4") / 8).tobytes()
    asked = DecodeOptions(dtype="<f4")
    assert NUMBERS.preview(Payload(data), asked) == (
        "float32 × 1,024  0 0.125 0.25 0.375 0.5 0.625 … mean 63.94"
    )
    assert NUMBERS.preview(Payload(data[:512], True, len(data)), asked) == (
        "float32 × 1,024  0 0.125 0.25 0.375 0.5 0.625 … mean 7.938 of the first 128"
    )
    # Behind a compression nobody knows how many there are.
    unpacked = Payload(data[:509], is_cut=True)
    assert NUMBERS.sniff(unpacked) >= 0.5
    assert NUMBERS.preview(unpacked, NO_OPTIONS) == (
        "float32 × 127 or more  0 0.125 0.25 0.375 0.5 0.625 … mean 7.875 of the first 127"
    )
    assert NUMBERS.preview(Payload(b"\1\0\7"), DecodeOptions(dtype="bool")) == (
        "bool × 3  true false true"
    )
    shaped = DecodeOptions(dtype=">i2", shape=(2, -1))
    assert NUMBERS.preview(Payload(struct.pack(">4h", 1, 2, 3, -4)), shaped) == (
        "int16 big-endian × 2 × 2  1 2 3 -4 mean 0.5"
    )


@pytest.mark.parametrize("dtype", ALL)
def test_any_bytes_have_a_preview(dtype: str) -> None:
    asked = DecodeOptions(dtype=dtype)
    for data in (b"\xff" * 512, bytes(512), NOISE.bytes(512), b"\x7f\xf0" * 256):
        text = NUMBERS.preview(Payload(data), asked)
        assert len(text) <= 400
        assert all(node.text for node in children_of(root_of(NUMBERS.decode(Payload(data), asked))))


def test_200_mb_take_no_longer() -> None:
    data = bytes(200_000_000)
    began = time.thread_time()
    decoded = read(data, dtype="<f4", shape=(-1, 1000))
    first = next(iter(children_of(root_of(decoded))))
    assert len(list(islice(children_of(first), 2_000))) == 1_000
    assert time.thread_time() - began < 2.0


def test_names_of_types() -> None:
    assert known_dtype("float32")[1] == "<f4"
    assert known_dtype("=i2")[1] == "<i2"
    assert known_dtype("?")[1] == "|b1"
    assert known_dtype(">u1")[1] == "|u1"
    assert {known.size for known in NUMBER_TYPES} == {1, 2, 4, 8, 16}
    assert all(np.dtype(name).itemsize == known_dtype(name)[0].size for name in ALL)


def test_what_stands_behind_a_shape_is_none_of_its_numbers() -> None:
    data = struct.pack("<6f", *range(6)) + b"\xff" * 5_000
    asked = DecodeOptions(dtype="<f4", shape=(2, 3))
    wanted = "float32 × 2 × 3  0 1 2 3 4 5 mean 2.5"
    assert NUMBERS.preview(Payload(data), asked) == wanted
    assert NUMBERS.preview(Payload(data[:512], True, len(data)), asked) == wanted
