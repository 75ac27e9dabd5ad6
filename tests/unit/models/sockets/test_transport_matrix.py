from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from zmqscope.core.endpoints import check_endpoint, parse_endpoint
from zmqscope.core.errors import EndpointError
from zmqscope.core.transports import ALL, Carrier
from zmqscope.core.types import Problem, Role, SocketType
from zmqscope.models.sockets.transport_choice import example_address
from zmqscope.models.sockets.transport_matrix import (
    MatrixCell,
    cell_words,
    help_text,
    legend,
    matrix,
    table_text,
)
from zmqscope.models.sockets.transport_table import TransportTable

HELP = Path(__file__).parents[4] / "resources" / "help" / "transports.md"


def cell(kind: SocketType, scheme: str) -> MatrixCell:
    return next(c for row in matrix() for c in row if (c.kind, c.scheme) == (kind, scheme))


def test_the_help_page_is_what_the_table_says() -> None:
    """If it is not, write ``help_text()`` to the file."""
    assert HELP.read_text(encoding="utf-8") == help_text()


def refusal(kind: SocketType, scheme: str, role: Role) -> Problem | None:
    """What an endpoint is told."""
    try:
        check_endpoint(kind, parse_endpoint(example_address(scheme, role), role))
    except EndpointError as error:
        return error.problem
    return None


@pytest.mark.parametrize("kind", list(SocketType))
def test_a_cell_says_what_an_endpoint_is_told(kind: SocketType) -> None:
    for found in next(row for row in matrix() if row[0].kind is kind):
        told = {role: refusal(kind, found.scheme, role) for role in Role}
        assert set(found.roles) == {role for role, problem in told.items() if problem is None}
        # Of a cell that can do nothing, the reason is that of the bind.
        reasons = [told[role] for role in (Role.BIND, Role.CONNECT) if told[role] is not None]
        assert found.reason == (reasons[0] if reasons else None)


@pytest.mark.parametrize(
    ("kind", "scheme", "sign", "words"),
    [
        (SocketType.SUB, "tcp", "✓", "binds and connects over tcp://. libzmq itself speaks"),
        (SocketType.SUB, "ws", "✓*", "A link of this app speaks"),
        (SocketType.CLIENT, "tcp", "✓*", "A CLIENT binds and connects"),
        (SocketType.RADIO, "udp", "c*", "only connects over udp://. Connect it; the DISH binds."),
        (SocketType.DISH, "udp", "b*", "only binds over udp://"),
        (SocketType.STREAM, "inproc", "–", "raw TCP"),
        (SocketType.PUB, "pgm", "–", "built without pgm://"),
    ],
)
def test_signs_and_their_sentences(kind: SocketType, scheme: str, sign: str, words: str) -> None:
    found = cell(kind, scheme)
    assert found.sign == sign
    assert words in cell_words(found)


def test_each_cell_has_a_sentence() -> None:
    for row in matrix():
        for found in row:
            assert cell_words(found).endswith(".")
            assert (found.carrier is None) is (not found.roles)


def test_what_this_process_lacks_is_one_answer_for_all() -> None:
    rows = matrix(lambda scheme: Problem(f"No {scheme}.", "Use another."))
    assert {found.sign for row in rows for found in row} == {"–"}
    assert {found.carrier for row in matrix() for found in row} == {*Carrier, None}


def test_the_text_is_a_table_with_a_legend() -> None:
    text = table_text(matrix())
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert len(lines) == len(SocketType) + 2
    assert len({len(line) for line in lines}) == 1
    assert {line.count("|") for line in lines} == {len(ALL) + 2}
    for sign, words in legend():
        assert f"- `{sign}` {words}" in text


def test_the_model_shows_and_speaks() -> None:
    table = TransportTable()
    assert (table.rowCount(), table.columnCount()) == (len(SocketType), len(ALL))
    role = Qt.ItemDataRole
    index = table.index(0, 0)
    assert table.data(index) == "✓"
    assert table.data(index, role.ToolTipRole) == table.data(index, role.AccessibleTextRole)
    assert table.headerData(0, Qt.Orientation.Horizontal) == "tcp"
    assert table.headerData(0, Qt.Orientation.Horizontal, role.ToolTipRole).endswith(".")
    titles = [table.headerData(row, Qt.Orientation.Vertical) for row in range(len(SocketType))]
    assert titles[0] == "PAIR"
    assert "RADIO (draft)" in titles
    assert table.data(index, role.DecorationRole) is None
