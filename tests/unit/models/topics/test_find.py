"""Filtering topics by what was typed."""

from __future__ import annotations

import numpy as np
import pytest

from zmqscope.core.capture.topics import TopicTable
from zmqscope.models.topics.find import TopicFinder
from zmqscope.models.topics.keys import TopicKeys

NAMES: list[bytes | None] = [
    b"EURUSD",
    b"",
    b"eur/chf",
    b"\x00\x6b\x8b\x45",
    "MÜNCHEN".encode(),
    b"be",
    b"",
    b"US",
]


def found(typed: str, first: int = 0) -> list[int]:
    table = TopicTable()
    table.assign(1, 0, NAMES)
    finder = TopicFinder(typed)
    matches = finder.matches(TopicKeys.of(table), first + 2, len(table))
    # The empty topic is there once: names behind the second one are one place further up.
    assert len(matches) == len(table) - 2 - first
    return np.flatnonzero(matches).tolist()


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("", [0, 1, 2, 3, 4, 5, 6]),
        ("  ", [0, 1, 2, 3, 4, 5, 6]),
        ("eur", [0, 2]),
        ("USD", [0]),
        ("us", [0, 6]),
        ("/", [2]),
        ("münchen", [4]),
        ("ÜNCH", [4]),
        ("fe", []),
        ("dsomething longer than all names together, really longer than that", []),
    ],
)
def test_finds_text_in_either_case(typed: str, ids: list[int]) -> None:
    assert found(typed) == ids


@pytest.mark.parametrize("typed", ["6b 8b", "⟨00 6b 8b 45⟩", "00", "8B", "6b  8B 45"])
def test_finds_bytes_as_the_table_writes_them(typed: str) -> None:
    assert found(typed) == [3]


def test_hex_digits_do_not_find_letters_that_have_that_byte() -> None:
    # 0x55 is U: it is looked for only in names that are more than ASCII.
    assert found("55") == []
    assert found("be") == [5]


def test_does_not_find_across_the_end_of_a_name() -> None:
    assert found("deur") == []
    assert found("beus") == []


def test_looks_at_new_topics_only() -> None:
    assert found("us", first=2) == [4]
    assert found("us", first=7) == []
