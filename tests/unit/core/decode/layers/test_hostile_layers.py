"""Compressions of next to nothing, and lengths that no block can have."""

from __future__ import annotations

import gzip
import time

import pytest

from zmqscope.core.decode.builtin import builtin_decoders, builtin_layers
from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.payload import Payload
from zmqscope.core.decode.registry import Registry

REGISTRY = Registry(builtin_decoders(), builtin_layers())


@pytest.mark.parametrize(
    "data",
    [gzip.compress(b"") * 3_000, b"\x28\xb5\x2f\xfd\0\0\x01\0\0" * 6_000],
    ids=["gzip", "zstd"],
)
def test_a_line_of_thousands_of_empty_members_costs_little(data: bytes) -> None:
    REGISTRY.preview(Payload(data))
    began = time.thread_time()
    REGISTRY.preview(Payload(data))
    assert time.thread_time() - began < 0.2


def test_a_length_that_no_lz4_block_can_have() -> None:
    data = b"\xff" * 20_000_000
    with pytest.raises(DecodeError, match="no LZ4 block can have"):
        REGISTRY.layers["lz4block"].unpack(Payload(data), 16_000_000)
