"""Two frames as hex side by side."""

from __future__ import annotations

import random

import pytest

from zmqscope.core.decode.compare.bytes import RunKind, compare_bytes
from zmqscope.models.compare.hex import Fold, HexPair


def pair_of(before: bytes, after: bytes, width: int, *, folds: bool) -> HexPair:
    return HexPair((before, after), compare_bytes(before, after).runs, width, folds=folds)


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("width", [4, 16])
def test_every_byte_stands_in_one_line(seed: int, width: int) -> None:
    rng = random.Random(seed)
    before = rng.randbytes(rng.randint(0, 900))
    edited = bytearray(before)
    for _ in range(rng.randint(0, 4)):
        at = rng.randint(0, len(edited))
        edited[at : at + rng.randint(0, 5)] = rng.randbytes(rng.randint(0, 9))
    after = bytes(edited)
    for folds in (False, True):
        pair = pair_of(before, after, width, folds=folds)
        reached = [0, 0]
        for number in range(pair.line_count):
            line = pair.line(number)
            if isinstance(line, Fold):
                reached = [place + line.count for place in reached]
                continue
            assert 0 < len(line) <= width
            for cell in line:
                for side, offset in enumerate((cell.before, cell.after)):
                    if offset is not None:
                        assert offset == reached[side]
                        reached[side] += 1
                if cell.kind is RunKind.EQUAL:
                    assert cell.before is not None
                    assert cell.after is not None
                    assert before[cell.before] == after[cell.after]
        assert reached == [len(before), len(after)]


def test_long_equal_stretches_become_a_line() -> None:
    after = bytes(1_000) + b"x" + bytes(999)
    pair = pair_of(bytes(2_000), after, 8, folds=True)
    lines = [pair.line(number) for number in range(pair.line_count)]
    assert [isinstance(line, Fold) for line in lines] == [True, *[False] * 5, True]
    assert pair.line_of_run(1) == 3
    equal = pair_of(bytes(2_000), bytes(2_000), 8, folds=True)
    assert equal.line(0) == Fold(2_000)
    assert equal.line_count == 1


def test_a_large_pair_takes_no_time_to_lay_out() -> None:
    data = bytes(100_000_000)
    pair = pair_of(data, data[:-1] + b"x", 8, folds=False)
    assert pair.line_count == 12_500_000
    last = pair.line(12_499_999)
    assert not isinstance(last, Fold)
    assert last[-1].kind is RunKind.REPLACED
    assert pair.line_of_run(1) == 12_499_999
    assert pair.offset_digits == 8


def test_steps() -> None:
    pair = pair_of(b"a....b....c", b"A....b....C", 8, folds=False)
    assert pair.step(-1, 1) == 0
    assert pair.step(0, 1) == 2
    assert pair.step(2, 1) is None
    assert pair.step(-1, -1) == 2
    assert pair.run_at(5, 5) == 2
    assert pair.run_at(99, 99) == -1
