"""Rows that come, go and change places without a reset."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt

from zmqscope.models.peers.rows import KeyedTableModel, TableCells, TableColumn


class Letters(KeyedTableModel):
    """Single letters; sorted by themselves."""

    def __init__(self) -> None:
        super().__init__((TableColumn("Letter", "A letter"), TableColumn("Size", "Its size", True)))
        self.wanted: list[Hashable] = []

    def show(self, text: Sequence[str]) -> bool:
        return self.show_keys(list(text))

    def cells(self, start: int, stop: int) -> list[TableCells]:
        return [TableCells((str(key), "1"), ("text", "muted")) for key in self.keys[start:stop]]

    def tip(self, row: int, column: int) -> str:
        return f"{self.keys[row]} in {column}"

    def sorted_keys(self) -> list[Hashable]:
        column, descending = self.sorted_by
        assert column in (-1, 0, 1)
        return sorted(self.keys, key=str, reverse=descending)


_some_letters = st.lists(st.sampled_from("abcdefghij"), unique=True).map("".join)


@given(_some_letters, _some_letters)
def test_what_stays_keeps_its_index_and_what_goes_loses_it(before: str, after: str) -> None:
    model = Letters()
    model.show(before)
    kept = {key: QPersistentModelIndex(model.index(row, 1)) for row, key in enumerate(before)}
    assert model.show(after) is (before != after)
    assert model.keys == list(after)
    assert model.rowCount() == len(after)
    for key, index in kept.items():
        assert index.isValid() is (key in after)
        if index.isValid():
            assert (after[index.row()], index.column()) == (key, 1)


def test_any_number_of_rows_is_told_by_few_signals() -> None:
    model = Letters()
    model.show_keys(list(range(1_000)))
    told: list[str] = []
    model.rowsRemoved.connect(lambda *_: told.append("removed"))
    model.rowsInserted.connect(lambda *_: told.append("inserted"))
    model.layoutChanged.connect(lambda *_: told.append("moved"))
    model.modelReset.connect(lambda: told.append("reset"))
    model.show_keys([key for key in range(2_000) if key % 3])
    assert told == ["moved", "removed", "inserted"]


def test_texts_titles_and_tips() -> None:
    model = Letters()
    model.show("ba")
    model.sort(0)
    assert model.keys == ["a", "b"]
    index = model.index(1, 0)
    assert index.data() == "b"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "b in 0"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Letter: b"
    assert index.data(Qt.ItemDataRole.FontRole) is None
    assert model.index(0, 1).data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    horizontal = Qt.Orientation.Horizontal
    assert model.headerData(1, horizontal) == "Size"
    assert model.headerData(1, horizontal, Qt.ItemDataRole.ToolTipRole) == "Its size"
    assert model.headerData(0, Qt.Orientation.Vertical) is None
    figures_first = model.headerData(1, horizontal, Qt.ItemDataRole.InitialSortOrderRole)
    assert figures_first == Qt.SortOrder.DescendingOrder.value
    assert not model.index_of("z").isValid()
    assert model.key_at(5) is None
