"""Finding in bytes: every hit, from one to the next, in slices."""

from __future__ import annotations

import time

import pytest

from zmqscope.models.hex.pattern import HEX, Pattern, parse_pattern
from zmqscope.models.hex.search import ByteSearch, Found, Way

SLICE = 1 << 19


def search_for(data: bytes, text: str) -> ByteSearch:
    pattern = parse_pattern(text, HEX)
    assert pattern is not None
    return ByteSearch(data, pattern)


def count(search: ByteSearch) -> int:
    while search.count_on():
        pass
    assert search.is_counted
    assert search.share == 1.0
    return search.count


def look(search: ByteSearch, start: int, way: Way) -> Found:
    search.look(start, way)
    while True:
        found = search.look_on()
        if found is not None:
            assert not search.is_looking
            return found


def test_hits_overlap_and_are_all_counted() -> None:
    search = search_for(bytes(10), "00 00")
    assert count(search) == 9
    assert search.hits_in(0, 10) == list(range(9))
    assert search.hits_in(5, 6) == [4, 5]


def test_from_hit_to_hit_and_round() -> None:
    search = search_for(b"ab..ab..ab", "61 62")
    assert look(search, 0, Way.NEXT) == (0, False)
    assert look(search, 1, Way.NEXT) == (4, False)
    assert look(search, 9, Way.NEXT) == (0, True)
    assert look(search, 4, Way.PREVIOUS) == (0, False)
    assert look(search, 0, Way.PREVIOUS) == (8, True)
    assert [search.rank(offset) for offset in (0, 4, 8, 99)] == [0, 1, 2, 3]


def test_hits_across_slices() -> None:
    data = bytearray(3 * SLICE)
    for at in (SLICE - 1, 2 * SLICE - 2, len(data) - 2):
        data[at : at + 2] = b"\xde\xad"
    search = search_for(bytes(data), "de ad")
    assert look(search, 0, Way.NEXT) == (SLICE - 1, False)
    assert look(search, SLICE, Way.NEXT) == (2 * SLICE - 2, False)
    assert look(search, len(data), Way.NEXT) == (SLICE - 1, True)
    assert look(search, SLICE - 1, Way.PREVIOUS) == (len(data) - 2, True)
    assert search.rank(len(data) - 2) == 2
    assert count(search) == 3


def test_the_rank_is_unknown_while_slices_before_it_are() -> None:
    search = search_for(bytes(3 * SLICE), "00")
    assert search.rank(2 * SLICE) is None
    assert search.rank(5) == 5
    assert count(search) == 3 * SLICE


@pytest.mark.parametrize("data", [b"", b"a", b"\xde"])
def test_too_few_bytes_have_no_hit(data: bytes) -> None:
    search = search_for(data, "de ad")
    assert look(search, 0, Way.NEXT) == (None, False)
    assert look(search, 0, Way.PREVIOUS) == (None, False)
    assert count(search) == 0
    assert search.hits_in(0, 10) == []
    assert not search.is_hit(0)


def test_200_mb_of_hits_are_counted_in_small_steps() -> None:
    search = search_for(bytes(200_000_000), "00")
    started, longest, more = time.thread_time(), 0.0, True
    while more:
        before = time.thread_time()
        more = search.count_on()
        longest = max(longest, time.thread_time() - before)
    assert search.count == 200_000_000
    assert time.thread_time() - started < 25
    assert longest < 1.0


def test_a_long_pattern_is_looked_for_in_shorter_slices() -> None:
    search = ByteSearch(bytes(1 << 20), Pattern.exactly(bytes(1024)))
    before = time.thread_time()
    search.count_on()
    assert time.thread_time() - before < 2.0
    assert 0 < search.share < 1
