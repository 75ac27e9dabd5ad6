"""The state of a direction in which nothing has come yet."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from zmqscope.core.transcode import layout as at
from zmqscope.core.transcode.transcoder import new_state

FRAMINGS = (at.ZMTP, at.WEBSOCKET)


@pytest.mark.parametrize(("come_from", "go_into"), list(itertools.product(FRAMINGS, FRAMINGS)))
@pytest.mark.parametrize("filters", [False, True])
@pytest.mark.parametrize("is_masked", [False, True])
def test_only_zmtp_that_is_not_filtered_goes_as_it_came(
    come_from: int, go_into: int, filters: bool, is_masked: bool
) -> None:
    state = new_state(come_from, go_into, True, filters, is_masked)
    assert state.dtype == np.int64
    assert len(state) == at.STATE_SIZE
    assert (state[at.FROM], state[at.INTO]) == (come_from, go_into)
    assert (state[at.MASKS], state[at.FILTERS], state[at.IS_MASKED]) == (1, filters, is_masked)
    goes_as_it_came = come_from == go_into == at.ZMTP and not filters
    assert state[at.COPIES_NOTHING] == goes_as_it_came


def test_keys_begin_differently_each_time() -> None:
    seeds = {int(new_state(at.ZMTP, at.WEBSOCKET, masks=True)[at.SEED]) for _ in range(20)}
    assert len(seeds) == 20
    # Zero would stay zero.
    assert 0 not in seeds


def test_places_in_the_state_are_all_different() -> None:
    places = [
        at.FROM, at.INTO, at.MASKS, at.SEED, at.ESCAPES, at.FILTERS, at.COPIES_NOTHING,
        at.IS_MASKED, at.CONSUMED, at.PRODUCED, at.LEFT, at.DROPS, at.DROPS_REST, at.IS_INSIDE,
        at.IN_KEY, at.OUT_KEY, at.MESSAGES, at.FRAMES, at.BODY_BYTES, at.DROPPED,
    ]  # fmt: skip
    assert sorted(places) == list(range(at.STATE_SIZE))
