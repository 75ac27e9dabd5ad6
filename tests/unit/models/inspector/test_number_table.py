"""Numbers as a table of any size and shape."""

from __future__ import annotations

import numpy as np
from PySide6.QtTest import QAbstractItemModelTester

from zmqscope.core.decode.decoded import Numbers
from zmqscope.models.inspector.number_table import MAX_COLUMNS, NumberTableModel


def model_of(numbers: Numbers, data: bytes) -> NumberTableModel:
    model = NumberTableModel()
    model.set_numbers(numbers, data)
    return model


def test_one_dimension_is_a_column_and_many_are_rows_of_eight() -> None:
    data = np.arange(5_000, dtype=">u4").tobytes()
    short = model_of(Numbers(">u4", (10,)), data)
    tester = QAbstractItemModelTester(
        short, QAbstractItemModelTester.FailureReportingMode.Fatal, short
    )
    assert tester.model() is short
    assert (short.rowCount(), short.columnCount()) == (10, 2)
    long = model_of(Numbers(">u4", (5_000,)), data)
    assert (long.rowCount(), long.columnCount()) == (625, 9)
    assert long.index(1, 0).data() == "[8]"
    assert long.index(1, 3).data() == "10"


def test_bytes_and_numbers_find_each_other() -> None:
    model = model_of(Numbers("<i2", (2, 3), skip=4), bytes(4) + np.arange(6, dtype="<i2").tobytes())
    index = model.index(1, 2)
    assert index.data() == "4"
    assert model.byte_span(index) == (12, 14)
    assert model.byte_span(model.index(1, 0)) == (10, 16)
    assert model.index_at(13) == index
    assert not model.index_at(3).isValid()
    assert not model.index_at(16).isValid()


def test_wide_rows_are_cut_and_say_so() -> None:
    model = model_of(Numbers("|u1", (2, 3_000)), bytes(6_000))
    assert model.is_wide
    assert model.columnCount() == MAX_COLUMNS + 1


def test_places_in_more_dimensions() -> None:
    model = model_of(Numbers("|u1", (2, 3, 4)), bytes(range(24)))
    assert model.rowCount() == 6
    assert [model.index(row, 0).data() for row in (0, 5)] == ["[0, 0]", "[1, 2]"]
