"""Where hits are marked in the texts of a row."""

from __future__ import annotations

import pytest

from zmqscope.core.search.query import Query
from zmqscope.core.types import Direction, SocketId
from zmqscope.models.messages.cells import Column, RowCells
from zmqscope.models.messages.find_marks import Mark, mark_finder

TOPIC, PAYLOAD = Column.TOPIC, Column.PAYLOAD


def row(topic: str, payload: str) -> RowCells:
    texts = ("1", "12:00", "↓", "quotes", topic, "2", "10", payload)
    return RowCells(0, SocketId(1), Direction.RECEIVED, texts)


@pytest.mark.parametrize(
    ("query", "topic", "payload", "marks"),
    [
        (Query(), "EUR", "x", []),
        (Query(contains=b"px"), "EUR", '{"px":1,"px2":2}', [(PAYLOAD, 2, 2), (PAYLOAD, 9, 2)]),
        (Query(contains=b"EUR"), "EURUSD", "EUR", [(TOPIC, 0, 3), (PAYLOAD, 0, 3)]),
        (Query(contains=b"\x00\x6b"), "⟨ff 00 6b⟩", "00 6b 01", [(TOPIC, 4, 5), (PAYLOAD, 0, 5)]),
        (Query(contains="né".encode()), "–", "née", [(PAYLOAD, 0, 2)]),
        (Query(contains=b"a\nb"), "–", "xa␊b", [(PAYLOAD, 1, 3)]),
        (Query(contains=b"z" * 600), "–", "z" * 600, []),
        (Query(topic_prefix=b"EUR"), "EURUSD", "EUR", [(TOPIC, 0, 3)]),
        (Query(topic_prefix=b"\x00\x6b"), "⟨00 6b 8b⟩", "x", [(TOPIC, 1, 5)]),
        (Query(topic_prefix=b"job"), "–", "job 1 job", [(PAYLOAD, 0, 3)]),
        (Query(topic_prefix=b"job"), "jo", "job", []),
    ],
)
def test_marks(
    query: Query, topic: str, payload: str, marks: list[tuple[Column, int, int]]
) -> None:
    assert mark_finder(query).marks(row(topic, payload)) == [Mark(*mark) for mark in marks]


def test_one_cell_has_a_bound_number_of_marks() -> None:
    assert len(mark_finder(Query(contains=b"a")).marks(row("–", "a" * 400))) == 16
