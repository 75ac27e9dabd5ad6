"""Messages of every format, as programs send them: what previews are measured with."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import pickle
import zlib
from collections.abc import Callable
from random import Random

import bson
import cbor2
import lz4.frame
import msgpack
import numpy as np
import zstandard
from PIL import Image

from tests.batches import Frames
from zmqscope.demo.robot import Notebook, Robot

_WORDS = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa")


def _order(random: Random) -> dict[str, object]:
    """A document of a dozen fields, some of them nested."""
    return {
        "id": random.getrandbits(40),
        "symbol": random.choice(_WORDS).upper(),
        "side": random.choice(("buy", "sell")),
        "px": round(random.uniform(1, 200), 4),
        "qty": random.randrange(1, 5_000),
        "ok": random.random() < 0.5,
        "tags": [random.choice(_WORDS) for _ in range(random.randrange(5))],
        "book": {"name": "FX-1", "net": random.randrange(-250_000, 250_000), "limit": 1e6},
        "depth": [[round(random.uniform(1, 2), 5), random.randrange(100)] for _ in range(6)],
        "note": " ".join(random.choices(_WORDS, k=random.randrange(12))),
    }


def _large(random: Random) -> dict[str, object]:
    """A document that is far longer than what a table sees of it."""
    return {"orders": [_order(random) for _ in range(8)], "kind": "snapshot"}


def _text(random: Random) -> bytes:
    return " ".join(random.choices(_WORDS, k=30)).encode()


def _floats(random: Random) -> bytes:
    return np.sin(np.arange(random.randrange(16, 2_000)) / 9).astype("<f4").tobytes()


def _png(random: Random) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, random.randrange(8, 64)), (random.randrange(255), 40, 90)).save(
        file, "png"
    )
    return file.getvalue()


FORMATS: dict[str, Callable[[Random], Frames]] = {
    "text": lambda random: (_text(random),),
    "json": lambda random: (json.dumps(_order(random)).encode(),),
    "json, large": lambda random: (json.dumps(_large(random)).encode(),),
    "msgpack": lambda random: (msgpack.packb(_order(random)),),
    "msgpack, large": lambda random: (msgpack.packb(_large(random)),),
    "cbor": lambda random: (cbor2.dumps(_order(random)),),
    "cbor, large": lambda random: (cbor2.dumps(_large(random)),),
    "bson": lambda random: (bson.encode(_order(random)),),
    "bson, large": lambda random: (bson.encode(_large(random)),),
    "protobuf": lambda random: (Robot(random).pose(random.uniform(0, 99))[1],),
    "pickle": lambda random: (pickle.dumps(_order(random)),),
    "pickle, large": lambda random: (pickle.dumps(_large(random)),),
    "numbers": lambda random: (_floats(random),),
    "png": lambda random: (_png(random),),
    "zlib json": lambda random: (zlib.compress(json.dumps(_large(random)).encode()),),
    "gzip json": lambda random: (gzip.compress(json.dumps(_large(random)).encode()),),
    "zstd msgpack": lambda random: (zstandard.compress(msgpack.packb(_large(random))),),
    "lz4 msgpack": lambda random: (lz4.frame.compress(msgpack.packb(_large(random))),),
    "jupyter": lambda random: tuple(Notebook(random).next_message()),
    "unknown": lambda random: (random.randbytes(300),),
    "unknown compression": lambda random: (bz2.compress(_text(random)),),
    "five frames": lambda random: (
        b"topic", b"", msgpack.packb(_order(random)), json.dumps(_order(random)).encode(), b"\x01",
    ),
}  # fmt: skip
"""One message of each kind, given where its content comes from."""
