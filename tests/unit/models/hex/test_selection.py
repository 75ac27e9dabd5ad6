"""The cursor in bytes."""

from __future__ import annotations

import pytest

from zmqscope.models.hex.selection import HexSelection, run_at


def test_a_cursor_selects_nothing_and_reaches_one_byte() -> None:
    cursor = HexSelection(10)
    cursor.move_to(4, extend=False)
    assert cursor.span == (4, 4)
    assert cursor.reach == (4, 5)


def test_extending_goes_both_ways_from_where_it_began() -> None:
    cursor = HexSelection(10)
    cursor.move_to(4, extend=False)
    cursor.move_to(6, extend=True)
    assert cursor.span == (4, 7)
    cursor.move_to(1, extend=True)
    assert cursor.span == (1, 5)
    cursor.move_to(99, extend=True)
    assert cursor.span == (4, 10)
    cursor.move_to(-5, extend=False)
    assert cursor.span == (0, 0)


def test_a_selection_is_cut_to_what_there_is() -> None:
    cursor = HexSelection(10)
    cursor.select(8, 99)
    assert cursor.span == (8, 10)
    cursor.select(50, 60)
    assert cursor.span == (9, 9)
    cursor.select(3, 3)
    assert cursor.span == (3, 3)


def test_no_bytes_no_selection() -> None:
    cursor = HexSelection(0)
    cursor.move_to(5, extend=True)
    cursor.select(0, 4)
    assert cursor.span == (0, 0)
    assert cursor.reach == (0, 0)


@pytest.mark.parametrize(
    ("offset", "run"),
    [(0, (0, 5)), (4, (0, 5)), (5, (5, 6)), (7, (6, 9)), (10, (9, 12)), (12, (12, 13))],
)
def test_runs(offset: int, run: tuple[int, int]) -> None:
    assert run_at(b"hello_"[:5] + b" " + b"a_1" + b"\0\0\0" + b"\xff", offset) == run


def test_a_run_is_bounded() -> None:
    assert run_at(bytes(1_000_000), 500_000) == (500_000 - 65_536, 500_000 + 65_536)
    assert run_at(b"", 0) == (0, 0)
    assert run_at(b"a", 1) == (1, 1)
