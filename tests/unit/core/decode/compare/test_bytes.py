"""Frames, byte by byte."""

from __future__ import annotations

import random
import time

import pytest

from zmqscope.core.decode.compare.bytes import MAX_RUNS, RunKind, compare_bytes

E, R, INS, DEL = RunKind.EQUAL, RunKind.REPLACED, RunKind.INSERTED, RunKind.DELETED


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (b"", b"", []),
        (b"abc", b"abc", [(E, 3)]),
        (b"", b"abc", [(INS, 3)]),
        (b"abc", b"", [(DEL, 3)]),
        (b"abcdef", b"abXdef", [(E, 2), (R, 1), (E, 3)]),
        (b"abcdef", b"abcXXdef", [(E, 3), (INS, 2), (E, 3)]),
        (b"abcXXdef", b"abcdef", [(E, 3), (DEL, 2), (E, 3)]),
        (b"aaaa", b"aa", [(E, 2), (DEL, 2)]),
        (b"0000abcd0000", b"0000xy0000", [(E, 4), (R, 2), (DEL, 2), (E, 4)]),
        # Two equal bytes between changes are chance.
        (b"....12345....", b"....x23x5....", [(E, 4), (R, 4), (E, 5)]),
    ],
)
def test_says_what_differs(before: bytes, after: bytes, found: list[tuple[RunKind, int]]) -> None:
    assert [(run.kind, run.length) for run in compare_bytes(before, after).runs] == found


def test_two_insertions_far_apart() -> None:
    data = random.Random(1).randbytes(100_000)
    after = data[:1_000] + b"one" + data[1_000:60_000] + b"two" + data[60_000:]
    runs = compare_bytes(data, after).runs
    assert [run.kind for run in runs] == [E, INS, E, INS, E]
    assert [run.length for run in runs if run.kind is INS] == [3, 3]


def test_more_changes_than_are_told_apart() -> None:
    before = bytes(400_000)
    after = bytes(range(1, 5)) + bytes(4)
    after = (after * 50_000)[:400_000]
    found = compare_bytes(before, after)
    assert found.is_stopped
    assert len(found.runs) <= MAX_RUNS + 2
    assert found.runs[-1].after[1] == len(after)


def test_two_hundred_megabytes() -> None:
    before = bytearray(200_000_000)
    after = bytearray(before)
    after[150_000_000] = 1
    pair = bytes(before), bytes(after)
    began = time.thread_time()
    found = compare_bytes(*pair)
    assert [run.kind for run in found.runs] == [E, R, E]
    assert found.runs[1].before == (150_000_000, 150_000_001)
    assert time.thread_time() - began < 10
    moved = compare_bytes(pair[0], b"\1" + pair[1][:1_000] + b"\1" + pair[1][1_000:])
    assert moved.is_rough
