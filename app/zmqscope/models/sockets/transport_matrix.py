"""Which socket type works over which transport, who speaks there, and why not, as a table. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from zmqscope.core.transports import ALL, Carrier, Transport, carrier_of, mismatch, missing_here
from zmqscope.core.types import Problem, Role, SocketType

_CONTEXT = "TransportMatrix"
_BOTH, _BIND, _CONNECT, _NONE, _LINK = "✓", "b", "c", "–", "*"

Missing = Callable[[str], Problem | None]
"""Why a transport, by its scheme, cannot be used at all; None if it can."""


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """A type over a transport.

    Attributes:
        kind: The type.
        scheme: The transport's.
        roles: What a socket can do there.
        carrier: Who speaks to the peer; None where nothing can be done.
        reason: Why it cannot be done, or not in the other role; None where all can.
    """

    kind: SocketType
    scheme: str
    roles: tuple[Role, ...]
    carrier: Carrier | None
    reason: Problem | None

    @property
    def sign(self) -> str:
        """The cell in one or two characters."""
        if not self.roles:
            return _NONE
        sign = _BOTH if len(self.roles) == len(Role) else _BIND
        if self.roles == (Role.CONNECT,):
            sign = _CONNECT
        return sign + (_LINK if self.carrier is Carrier.LINK else "")


def matrix(missing: Missing = missing_here) -> tuple[tuple[MatrixCell, ...], ...]:
    """A row for each type and a cell in it for each transport, in the order of both lists.

    Args:
        missing: What this process lacks.
    """
    return tuple(
        tuple(_cell(kind, transport.scheme, missing) for transport in ALL) for kind in SocketType
    )


def _cell(kind: SocketType, scheme: str, missing: Missing) -> MatrixCell:
    lack = missing(scheme)
    problems = {role: lack or mismatch(kind, scheme, role) for role in (Role.BIND, Role.CONNECT)}
    roles = tuple(role for role, problem in problems.items() if problem is None)
    reason = next((problem for problem in problems.values() if problem is not None), None)
    return MatrixCell(kind, scheme, roles, carrier_of(kind, scheme) if roles else None, reason)


# ---- in words -------------------------------------------------------------------------------


def cell_words(cell: MatrixCell) -> str:
    """A cell in sentences."""
    reason = cell.reason.sentence() if cell.reason is not None else ""
    if not cell.roles:
        return reason
    if len(cell.roles) == len(Role):
        can = _tr("A {0} binds and connects over {1}://.")
    elif cell.roles == (Role.BIND,):
        can = _tr("A {0} only binds over {1}://.")
    else:
        can = _tr("A {0} only connects over {1}://.")
    speaks = legend_words(cell.carrier) if cell.carrier is not None else ""
    parts = [can.format(cell.kind.name, cell.scheme), speaks]
    if cell.reason is not None and cell.reason.hint:
        parts.insert(1, cell.reason.hint)
    return " ".join(parts)


def legend_words(carrier: Carrier) -> str:
    """Who speaks to the peer, in one sentence."""
    if carrier is Carrier.LINK:
        return _tr("A link of this app speaks to the peer.")
    return _tr("libzmq itself speaks to the peer.")


def legend() -> tuple[tuple[str, str], ...]:
    """Each sign, and what it says."""
    return (
        (_BOTH, _tr("binds and connects")),
        (_BIND, _tr("binds only")),
        (_CONNECT, _tr("connects only")),
        (_NONE, _tr("cannot be used")),
        (_LINK, _tr("spoken by a link of this app, all others by libzmq")),
    )


def kind_words(kind: SocketType) -> str:
    """A type at the head of its row."""
    return _tr("{0} (draft)").format(kind.name) if kind.is_draft else kind.name


# ---- as text --------------------------------------------------------------------------------


def table_text(rows: Sequence[Sequence[MatrixCell]]) -> str:
    """The table in Markdown, its columns in line, with the legend below."""
    head = ["", *(cell.scheme for cell in rows[0])]
    lines = [head, ["-"] * len(head)]
    lines += [[kind_words(row[0].kind), *(cell.sign for cell in row)] for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    text = [_line(line, widths) for line in lines]
    return "\n".join([*text, "", *(f"- `{sign}` {words}" for sign, words in legend())]) + "\n"


def _line(cells: list[str], widths: list[int]) -> str:
    filler = "-" if cells[1] == "-" else " "
    return f"| {' | '.join(map(lambda c, w: c.ljust(w, filler), cells, widths))} |"


def help_text() -> str:
    """The help page: the same on every machine, so what a build may lack is told in words."""
    lines = [
        f"# {_tr('Types and transports')}",
        "",
        _tr("What a socket of each type can do over each transport in ZMQ Scope."),
        "",
        table_text(matrix(_nothing)),
        f"## {_tr('Transports')}",
        "",
        *(_transport_line(transport) for transport in ALL),
    ]
    return "\n".join(lines) + "\n"


def _transport_line(transport: Transport) -> str:
    line = f"- `{transport.scheme}://` {transport.meaning}"
    if transport.scheme == "tipc":
        line += " " + _tr("Only where libzmq was built with it and the system has TIPC.")
    elif transport.optional:
        line += " " + _tr("Only where the loaded libzmq was built with it.")
    return line


def _nothing(_scheme: str) -> None:
    """No build lacks anything."""


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
