"""Our walks through LZ4 and Snappy blocks give what the libraries give."""

from __future__ import annotations

import cramjam
import lz4.block
from hypothesis import given
from hypothesis import strategies as st

from zmqscope.core.decode.decoded import DecodeError
from zmqscope.core.decode.layers.lz4_block import unpack_block as unpack_lz4
from zmqscope.core.decode.layers.snappy_block import unpack_block as unpack_snappy
from zmqscope.core.decode.payload import Payload

WORDS = st.lists(
    st.one_of(st.binary(max_size=40), st.sampled_from([b"temperature", b"\0" * 90, b"ab" * 70])),
    max_size=60,
).map(b"".join)


@given(WORDS, st.integers(0, 9_000))
def test_lz4_blocks(data: bytes, limit: int) -> None:
    packed = lz4.block.compress(data, store_size=False)
    found = unpack_lz4(packed, limit)
    assert found == (data[:limit], len(data) > limit, "")
    # Cut by a byte the library gives out nothing; the walk gives out what is there.
    assert data.startswith(unpack_lz4(packed[:-1], 9_000).data)


@given(WORDS, st.integers(0, 9_000))
def test_snappy_blocks(data: bytes, limit: int) -> None:
    packed = bytes(cramjam.snappy.compress_raw(data))
    assert unpack_snappy(Payload(packed), limit) == (data[:limit], len(data) > limit, "")
    walked = unpack_snappy(Payload(packed, is_cut=True), limit)
    assert (walked.data, walked.problem) == (data[:limit], "")


@given(st.binary(min_size=1, max_size=300))
def test_any_bytes_as_a_snappy_block(data: bytes) -> None:
    try:
        by_library: bytes | None = bytes(cramjam.snappy.decompress_raw(data))
    except cramjam.DecompressionError:
        by_library = None
    try:
        found = unpack_snappy(Payload(data, is_cut=True), 10_000)
    except DecodeError:
        assert by_library is None
    else:
        if by_library is not None:
            assert found.data == by_library[:10_000]
