"""The item model over lazy fields: reads no further than somebody looks."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from zmqscope.core.decode.field_path import Index, Name
from zmqscope.core.decode.node import Node, NodeKind, Span, error_node
from zmqscope.models.inspector import node_tree
from zmqscope.models.inspector.node_tree import BATCH, NodeColumn, NodeTreeModel


class Endless:
    """An array without an end that counts how far it was read."""

    def __init__(self) -> None:
        self.read = 0

    def children(self) -> Iterator[Node]:
        for at in itertools.count():
            self.read += 1
            yield Node(Index(at), NodeKind.NUMBER, "uint8", str(at), at, span=Span(at, at + 1))

    def node(self) -> Node:
        return Node(None, NodeKind.ARRAY, "array", children=self.children)


def leaf(name: str, value: int = 0) -> Node:
    return Node(Name(name), NodeKind.NUMBER, "int", str(value), value, span=Span(1, 3))


def container(*children: Node, name: str | None = None) -> Node:
    step = None if name is None else Name(name)
    return Node(step, NodeKind.OBJECT, "map", count=len(children), children=lambda: iter(children))


def model_of(root: Node) -> NodeTreeModel:
    model = NodeTreeModel()
    model.set_root(root)
    return model


def test_it_keeps_the_rules_of_item_models() -> None:
    model = model_of(container(leaf("a"), container(leaf("b"), name="c"), error_node("Cut.", 7)))
    # Made after the reset: it fetches more inside that, which its own book-keeping does not bear.
    tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Fatal, model
    )
    model.fetchMore(model.index(0, 0))
    model.at_rows((1, 0))
    assert tester.model() is model


def test_an_index_that_outlives_its_field_finds_nothing() -> None:
    model = model_of(container(leaf("a")))
    kept = model.at_rows((0,))
    model.set_root(container(leaf("b")))
    assert model.node(kept) is None
    assert model.steps(kept) == ()
    assert not model.parent(kept).isValid()
    model.set_root(None)
    assert model.rowCount() == 0


def test_it_reads_a_batch_at_a_time() -> None:
    endless = Endless()
    model = model_of(endless.node())
    root = model.index(0, 0)
    assert endless.read == 0
    assert model.hasChildren(root)
    model.fetchMore(root)
    assert model.rowCount(root) == endless.read <= BATCH
    model.fetchMore(root)
    assert model.rowCount(root) == endless.read


def test_a_list_without_end_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_tree, "MAX_CHILDREN", 700)
    model = model_of(Endless().node())
    root = model.index(0, 0)
    while model.canFetchMore(root):
        model.fetchMore(root)
    assert model.rowCount(root) == 701
    last = model.node(model.index(700, 0, root))
    assert last is not None
    assert last.kind is NodeKind.ERROR
    assert "700" in last.text


def test_fields_are_found_by_rows_and_by_steps() -> None:
    model = model_of(container(leaf("x"), container(leaf("p"), leaf("q", 7), name="in")))
    index = model.at_rows((1, 1))
    assert model.steps(index) == (Name("in"), Name("q"))
    assert not model.at_rows((1, 9)).isValid()
    found, done = model.at_steps((Name("in"), Name("q")))
    assert done == 2
    assert found == index
    found, done = model.at_steps((Name("in"), Name("gone")))
    assert done == 1
    assert model.steps(found) == (Name("in"),)


def test_an_element_far_behind_is_found_by_its_number() -> None:
    endless = Endless()
    model = model_of(endless.node())
    found, done = model.at_steps((Index(4 * BATCH + 3),), 5.0)
    assert done == 1
    assert found.row() == 4 * BATCH + 3
    assert endless.read <= 6 * BATCH


def test_looking_for_a_field_gives_up_in_time() -> None:
    _found, done = model_of(Endless().node()).at_steps((Name("never"),), 0.01)
    assert done == 0


def test_words_of_a_cell() -> None:
    model = model_of(
        container(Node(Name("s\x1b"), NodeKind.STRING, "str", "<b>\u202e", "<b>\u202e"))
    )
    root = model.index(0, 0)
    model.fetchMore(root)
    cells = [model.index(0, column, root).data() for column in NodeColumn]
    assert cells == ["s␛", '"<b>⟨U+202E⟩"', "str", ""]
    role = Qt.ItemDataRole.ToolTipRole
    assert "&lt;b&gt;" in str(model.index(0, NodeColumn.VALUE, root).data(role))
    spoken = model.index(0, 0, root).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == 's␛, "<b>⟨U+202E⟩", str'
    assert model.parent(model.index(0, 2, root)) == root
    assert model.data(QModelIndex()) is None
