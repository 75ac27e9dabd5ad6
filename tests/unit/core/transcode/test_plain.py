"""Masking, in the plain transcoder's hands."""

from __future__ import annotations

import pytest

from tests.link_rig import KEY, mixed
from zmqscope.core.transcode import layout as at
from zmqscope.core.transcode.plain import masked, next_key
from zmqscope.core.transcode.transcoder import new_state


def test_hello_as_rfc_6455_masks_it() -> None:
    key = int.from_bytes(KEY, "little")
    assert masked(memoryview(b"Hello"), key) == bytes.fromhex("7f9f4d5158")


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 5, 8, 1_001])
def test_masking_twice_gives_what_was_there(size: int) -> None:
    data = (bytes(range(256)) * 4)[:size]
    key = int.from_bytes(KEY, "little")
    once = masked(memoryview(data), key)
    assert once == mixed(data, KEY)
    assert masked(memoryview(once), key) == data


def test_keys_are_four_bytes_and_go_on_from_the_seed() -> None:
    state = new_state(at.ZMTP, at.WEBSOCKET, masks=True)
    state[at.SEED] = 1
    keys = [next_key(state) for _ in range(1_000)]
    assert all(0 <= key < 2**32 for key in keys)
    assert len(set(keys)) == len(keys)
    # Every bit of a key is as often set as not.
    for bit in range(32):
        assert 400 < sum(key >> bit & 1 for key in keys) < 600
    state[at.SEED] = 1
    assert next_key(state) == keys[0]
