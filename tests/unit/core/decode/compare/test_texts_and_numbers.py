"""Texts by lines, arrays of numbers by element, and sequences side by side."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from itertools import chain

import numpy as np
import pytest

from zmqscope.core.decode.compare.align import align
from zmqscope.core.decode.compare.changes import ChangeKind
from zmqscope.core.decode.compare.numbers import compare_numbers, numbers_of
from zmqscope.core.decode.compare.text import LineChange, compare_lines, decode_lines
from zmqscope.core.decode.decoded import Numbers


def lines(before: str, after: str, *, with_equal: bool = False) -> list[tuple[object, ...]]:
    pair = decode_lines(before.encode(), "utf-8"), decode_lines(after.encode(), "utf-8")
    found = compare_lines(*pair, with_equal=with_equal)
    return [(c.kind.value, c.before, c.after, c.old, c.new) for c in found]


def test_lines() -> None:
    assert lines("a\nb\nc", "a\nb\nc") == []
    assert lines("a\nb\nc", "a\nx\nc") == [("changed", 2, 2, "b", "x")]
    assert lines("a\nc", "a\nb\nc") == [("added", None, 2, "", "b")]
    assert lines("a\r\nb\r\n", "a\nb\n") == []
    assert lines("a\nb", "b") == [("removed", 1, None, "a", "")]
    assert [kind for kind, *_ in lines("a\nb", "a\nc", with_equal=True)] == ["equal", "changed"]


def test_bytes_that_are_no_text_stand_as_such() -> None:
    assert decode_lines(b"\xef\xbb\xbfa\xff", "utf-8", 3) == ["a\\xff"]


def test_texts_with_nothing_in_common_are_compared_by_number() -> None:
    before = "\n".join(f"a{at}" for at in range(3_000))
    after = "\n".join(f"b{at}" for at in range(2_999)) + "\na2999"
    found = lines(before, after)
    assert len(found) == 2_999
    assert found[0] == ("changed", 1, 1, "a0", "b0")


def numbers(*values: float, skip: int = 0) -> tuple[bytes, Numbers]:
    data = bytes(skip) + np.array(values, "<f4").tobytes()
    return data, Numbers("<f4", (len(values),), skip)


def test_numbers() -> None:
    one, two = numbers(1, 2, float("nan")), numbers(1, 3, float("nan"), 7, skip=3)
    found = compare_numbers((one[0], two[0]), one[1], two[1])
    assert found is not None
    assert found.places.tolist() == [1]
    assert found.changed == 1
    assert (len(found.before), len(found.after)) == (3, 4)
    assert compare_numbers((b"", b""), Numbers("<f4", (0,)), Numbers("<f4", (0,))) is not None
    assert compare_numbers((one[0], two[0]), one[1], Numbers("<i4", (3,))) is None


def test_a_shape_that_does_not_fit_is_cut() -> None:
    assert len(numbers_of(bytes(10), Numbers("<f4", (1_000, 1_000)))) == 2
    assert len(numbers_of(b"", Numbers("<f4", (4,), 100))) == 0


@pytest.mark.parametrize("seed", range(20))
def test_align_finds_the_longest_common_part(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(50):
        a = [rng.randint(0, 3) for _ in range(rng.randint(0, 9))]
        b = [rng.randint(0, 3) for _ in range(rng.randint(0, 9))]
        table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
        for i, one in enumerate(a):
            for j, two in enumerate(b):
                longest = max(table[i][j + 1], table[i + 1][j])
                table[i + 1][j + 1] = table[i][j] + 1 if one == two else longest
        found = align(a, b, 20)
        assert found is not None
        assert sum(match.size for match in found) == table[-1][-1]
        for match in found:
            stop = match.before + match.size, match.after + match.size
            assert a[match.before : stop[0]] == b[match.after : stop[1]]


def test_align_gives_up() -> None:
    assert align([1, 2, 3], [4, 5, 6], 3) is None
    assert align(list(range(5_000)), list(range(5_000, 10_000)), 100) is None


def _cpu_ms(act: Callable[[], object]) -> float:
    began_ns = time.thread_time_ns()
    act()
    return (time.thread_time_ns() - began_ns) / 1e6


def test_lines_that_align_in_every_way_take_no_longer_than_others() -> None:
    """Every diagonal would run far, and then millions of equal lines would be listed one by one."""
    first, second = (
        [*chain.from_iterable([*[""] * 19_000, f"{word}{at}"] for at in range(210))]
        for word in "ab"
    )
    found: list[LineChange] = []
    assert _cpu_ms(lambda: found.extend(compare_lines(first, second))) < 1_000
    assert [change.before for change in found] == [19_001 * at for at in range(1, 211)]
    assert {change.kind for change in found} == {ChangeKind.CHANGED}


def test_lines_by_number_are_told_before_all_are_looked_at() -> None:
    first, second = [str(at) for at in range(5_000)], [str(-at) for at in range(1, 5_001)]
    changes = list(compare_lines(first, second, with_equal=True))
    assert [(change.before, change.after) for change in changes] == [
        (at, at) for at in range(1, 5_001)
    ]
    second[1_500:2_700] = first[1_500:2_700]
    kinds = [change.kind for change in compare_lines(first, second, with_equal=True)]
    assert kinds == [
        ChangeKind.EQUAL if 1_500 <= at < 2_700 else ChangeKind.CHANGED for at in range(5_000)
    ]
