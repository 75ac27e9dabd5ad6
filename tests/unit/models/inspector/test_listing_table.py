"""Lines of a listing, read as far as somebody looks."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex
from PySide6.QtTest import QAbstractItemModelTester

from zmqscope.core.decode.decoded import Listing, ListingLine
from zmqscope.core.decode.node import Span
from zmqscope.models.inspector.listing_table import ListingColumn, ListingTableModel


def lines() -> Iterator[ListingLine]:
    for at in itertools.count():
        yield ListingLine(Span(2 * at, 2 * at + 2), f"OP\x1b {at}", "note" if at else "")


def test_endless_lines_are_read_in_batches() -> None:
    model = ListingTableModel()
    model.set_listing(Listing("Ops", lines))
    first = model.rowCount()
    assert 0 < first < 3_000
    assert model.row_at(2 * first + 50) == first + 25


def test_the_first_lines_are_there_however_busy_the_machine_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("zmqscope.models.inspector.listing_table._BATCH_S", -1.0)
    model = ListingTableModel()
    model.set_listing(Listing("endless", lines))
    assert model.rowCount() == 32
    assert model.canFetchMore(QModelIndex())


def test_it_keeps_the_rules_of_item_models() -> None:
    model = ListingTableModel()
    model.set_listing(Listing("Ops", lambda: itertools.islice(lines(), 30)))
    tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Fatal, model
    )
    assert tester.model() is model


def test_cells() -> None:
    model = ListingTableModel()
    model.set_listing(Listing("Ops", lambda: itertools.islice(lines(), 3)))
    cells = [str(model.index(1, column).data()) for column in ListingColumn]
    assert cells == ["0002", "OP␛ 1", "note"]
    assert model.text().splitlines()[0] == "0000  OP␛ 0"
    assert model.row_at(400) == -1
    model.set_listing(None)
    assert model.rowCount() == 0
