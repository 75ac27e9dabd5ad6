"""Sorting topics by arrays."""

from __future__ import annotations

import random

import numpy as np
import pytest

from zmqscope.core.capture.topics import TopicTable
from zmqscope.models.topics.keys import TopicKeys
from zmqscope.models.topics.order import NameOrder, by_socket, by_value


@pytest.mark.parametrize("descending", [False, True])
def test_equal_figures_stay_in_the_order_of_their_ids(descending: bool) -> None:
    ids = np.array([9, 3, 5, 2, 4], np.int32)
    values = np.array([7, 7, 0, 1, 1 << 62], np.int64)
    expected = [4, 3, 9, 2, 5] if descending else [5, 2, 3, 9, 4]
    assert by_value(ids, values, descending=descending).tolist() == expected


def test_none_yet_comes_last_of_the_newest() -> None:
    values = np.array([-1, 0, 5], np.int64)
    assert by_value(np.arange(2, 5, dtype=np.int32), values, descending=True).tolist() == [4, 3, 2]


def test_sockets_by_name_then_direction() -> None:
    table = TopicTable()
    for socket, direction in ((7, 1), (7, 0), (900_000, 0), (7, 0)):
        table.assign(socket, direction, [f"{len(table)}".encode()])
    names = {7: "Zeta", 900_000: "alpha"}
    ids = np.arange(2, len(table), dtype=np.int32)
    order = by_socket(ids, TopicKeys.of(table), names.__getitem__, descending=False)
    assert order.tolist() == [4, 3, 5, 2]


def test_names_are_merged_as_they_come() -> None:
    table, chance = TopicTable(), random.Random(5)
    keys = TopicKeys.of(table)
    order = NameOrder(keys)
    assert order.ids(len(table)).tolist() == []
    names: list[bytes] = []
    for _ in range(20):
        new = [chance.randbytes(chance.randrange(12)).strip(b"\0") for _ in range(40)]
        table.assign(1, 0, list(new))
        names.extend(name for name in dict.fromkeys(new) if name not in names)
        listed = order.ids(len(table)).tolist()
        assert [names[topic - 2] for topic in listed] == sorted(names)
