"""Where bytes stand, and which one a point is on."""

from __future__ import annotations

import pytest

from zmqscope.models.hex.grid import HexGrid, Side, fit_bytes


@pytest.mark.parametrize("count", [4, 8, 12, 16])
def test_a_byte_is_found_where_it_is_drawn(count: int) -> None:
    grid = HexGrid(count, 6, 6.6)
    for index in range(count):
        for side in Side:
            left, right = grid.span_x(side, index, index)
            for x in (left + 0.1, (left + right) / 2, right - 0.1):
                assert grid.place_at(x) == (index, side, True)
    assert grid.span_x(Side.CHARACTERS, count - 1, count - 1)[1] == pytest.approx(grid.width)


def test_beside_the_columns_is_the_nearest_byte() -> None:
    grid = HexGrid(8, 4, 10.0)
    assert grid.place_at(0)[:2] == (0, Side.DIGITS)
    assert not grid.place_at(0).is_on_it
    assert grid.place_at(10_000) == (7, Side.CHARACTERS, False)
    assert grid.place_at(0, Side.CHARACTERS) == (0, Side.CHARACTERS, False)
    assert grid.place_at(10_000, Side.DIGITS)[:2] == (7, Side.DIGITS)


def test_groups_stand_apart() -> None:
    grid = HexGrid(8, 4, 10.0)
    assert grid.digits_x(1) - grid.digits_x(0) == 30
    assert grid.digits_x(4) - grid.digits_x(3) == 35


def test_as_many_bytes_as_fit() -> None:
    for count in (16, 12, 8, 4):
        width = HexGrid(count, 4, 6.6).width
        assert fit_bytes(width, 4, 6.6) == count
        assert fit_bytes(width - 1, 4, 6.6) == max(4, count - 4)
