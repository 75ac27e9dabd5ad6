"""Groups are joined and left as often as one likes, and laid out for the kernel."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from zmqscope.core.transcode.groups import GroupTable


def laid_out(table: GroupTable) -> list[bytes]:
    """The groups as the kernel sees them."""
    data, starts = table.data, table.starts
    assert data.dtype == np.uint8
    assert starts.dtype == np.int64
    assert len(data) >= 1, "a kernel needs an address"
    ends = starts.tolist()
    assert len(ends) == len(table) + 1
    return [data[begin:end].tobytes() for begin, end in itertools.pairwise(ends)]


def test_an_empty_table() -> None:
    table = GroupTable()
    assert len(table) == 0
    assert b"" not in table
    assert laid_out(table) == []


def test_they_are_in_order_and_of_any_bytes() -> None:
    table = GroupTable()
    groups = [b"b", b"", b"a\xff", b"a", b"\0", bytes(255)]
    for group in groups:
        assert table.join(group)
        assert group in table
    assert laid_out(table) == sorted(groups)


def test_joined_twice_it_has_to_be_left_twice() -> None:
    table = GroupTable()
    assert table.join(b"a")
    assert not table.join(b"a")
    assert laid_out(table) == [b"a"]
    assert not table.leave(b"a")
    assert b"a" in table
    assert table.leave(b"a")
    assert b"a" not in table
    assert laid_out(table) == []


def test_what_was_not_joined_cannot_be_left() -> None:
    table = GroupTable()
    assert not table.leave(b"a")
    table.join(b"b")
    assert not table.leave(b"a")
    assert laid_out(table) == [b"b"]


def test_it_is_laid_out_anew_only_when_a_group_is_new_or_gone() -> None:
    table = GroupTable()
    table.join(b"a")
    data = table.data
    table.join(b"a")
    table.leave(b"a")
    table.leave(b"never")
    assert table.data is data
    table.join(b"b")
    assert table.data is not data
    assert laid_out(table) == [b"a", b"b"]


@pytest.mark.parametrize("count", [1, 2, 3, 1_000])
def test_many(count: int) -> None:
    table = GroupTable()
    groups = [f"group {number}".encode() for number in range(count)]
    for group in groups:
        table.join(group)
    assert laid_out(table) == sorted(groups)
    for group in groups[::2]:
        assert table.leave(group)
    assert laid_out(table) == sorted(groups[1::2])
