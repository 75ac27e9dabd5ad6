"""Who wants what of PUB, XPUB and RADIO sockets, and what nobody wants, as an item model.

GUI thread.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject

from zmqscope.core.capture.topics import TopicTable
from zmqscope.core.peers import Peer, PeerId, PeerSubscription, SocketPeers
from zmqscope.core.types import Direction, SocketId, SocketSnapshot, SocketType
from zmqscope.models.format import format_clock_time, format_count
from zmqscope.models.messages.cells import CellWriter
from zmqscope.models.messages.message_text import NOTHING
from zmqscope.models.peers.cells import address_text, process_text
from zmqscope.models.peers.rows import KeyedTableModel, TableCells, TableColumn
from zmqscope.models.peers.topics import DemandBook
from zmqscope.models.topics.cells import topic_text

_MOST_NAMED = 3
_MOST_IN_TIP = 20
_EVERY_NS = 1_000_000_000


class WantColumn(IntEnum):
    """The columns of the subscriptions table, in their first order."""

    TOPIC = 0
    SOCKET = 1
    COUNT = 2
    WHO = 3
    SINCE = 4
    NOTE = 5


_EMPTY = TableCells(("",) * len(WantColumn), ("muted",) * len(WantColumn))


@dataclass(frozen=True, slots=True)
class WantRow:
    """A subscription, or a topic that nobody wants.

    Attributes:
        socket_id: The socket.
        topic: The prefix, group or topic.
        subscription: Who wants it; None for a topic that nobody wants.
        sent: Messages sent of a topic that nobody wants.
        is_unmatched: Whether nothing sent so far matches the subscription.
        has_sent: Whether the socket has sent anything at all.
    """

    socket_id: SocketId
    topic: bytes
    subscription: PeerSubscription | None
    sent: int = 0
    is_unmatched: bool = False
    has_sent: bool = False


def want_columns() -> tuple[TableColumn, ...]:
    """Titles and what they mean, in the order of ``WantColumn``."""
    return (
        TableColumn(
            _tr("Topic"), _tr("The prefix that is subscribed to, the group, or the topic sent")
        ),
        TableColumn(_tr("Socket"), _tr("The PUB, XPUB or RADIO of this app")),
        TableColumn(_tr("Wanted by"), _tr("How many peers want it"), True),
        TableColumn(_tr("Who"), _tr("The peers that want it, as far as they are known")),
        TableColumn(_tr("Since"), _tr("Since when the first of them wants it")),
        TableColumn(
            _tr("Match"),
            _tr("Whether anything that was sent matches, and whether anybody wants it"),
        ),
    )


class SubscriptionTableModel(KeyedTableModel):
    """Subscriptions of peers and unwanted topics; told to show news by ``refresh``.

    Args:
        table: The topics that were sent.
        parent: Owner.
    """

    def __init__(self, table: TopicTable, parent: QObject | None = None) -> None:
        super().__init__(want_columns(), parent)
        self._table = table
        self._book = DemandBook(table)
        self._told: dict[SocketId, SocketPeers] = {}
        self._peers: dict[PeerId, Peer] = {}
        self._rows: dict[Hashable, WantRow] = {}
        self._names = CellWriter()
        self._only: SocketId | None = None
        self._typed = ""
        self._separator: int | None = None
        self._is_dirty = True
        self._seen = -1
        self._looked_ns = 0

    # ---- what is told -----------------------------------------------------------------------

    def take(self, peers: SocketPeers) -> None:
        """The peers of a socket as they are now; shown at the next refresh."""
        before = self._told.get(peers.socket_id)
        if peers.subscriptions is None and before is None:
            return
        self._told[peers.socket_id] = peers
        self._is_dirty = True

    def forget(self, socket_id: SocketId) -> None:
        """A socket is gone."""
        self._book.forget(socket_id)
        if self._told.pop(socket_id, None) is not None:
            self._is_dirty = True

    def set_sockets(self, snapshots: Mapping[SocketId, SocketSnapshot]) -> bool:
        """Take in sockets' names and types; returns whether what is shown has changed."""
        changed = self._names.set_sockets(snapshots)
        self._is_dirty = self._is_dirty or changed
        return changed

    def set_socket(self, socket_id: SocketId | None) -> None:
        """Show this socket alone, or all; shown at the next refresh."""
        if socket_id != self._only:
            self._only, self._is_dirty = socket_id, True
            self._looked_ns = 0

    def set_separator(self, separator: int | None) -> None:
        """Topics end before this byte; None if they are whole."""
        self._separator, self._is_dirty = separator, True

    def set_filter(self, typed: str) -> None:
        """Show only topics that contain this, at once."""
        typed = typed.strip().casefold()
        if typed != self._typed:
            self._typed = typed
            self.show_keys(self.sorted_keys())

    # ---- what is shown ----------------------------------------------------------------------

    @property
    def known(self) -> int:
        """Rows there are, found or not."""
        return len(self._rows)

    @property
    def typed(self) -> str:
        """What the topics have to contain."""
        return self._typed

    def figures(self) -> tuple[int, int, int]:
        """Subscriptions, those of them that match nothing, and topics that nobody wants."""
        rows = self._rows.values()
        wants = [row for row in rows if row.subscription is not None]
        unmatched = sum(row.is_unmatched and row.has_sent for row in wants)
        return len(wants), unmatched, len(rows) - len(wants)

    def refresh(self, now_ns: int, *, hold: bool = False) -> bool:
        """Show what was told and sent since, once a second at most; returns whether it looked."""
        is_due = not 0 <= now_ns - self._looked_ns < _EVERY_NS
        messages = len(self._table)
        if hold or not is_due or not (self._is_dirty or messages != self._seen or self._rows):
            return False
        self._is_dirty, self._seen, self._looked_ns = False, messages, now_ns
        self._read()
        self.show_keys(self.sorted_keys())
        return True

    def _read(self) -> None:
        self._rows, self._peers = {}, {}
        for socket_id, told in self._told.items():
            if told.subscriptions is None or self._only not in (None, socket_id):
                continue
            kind = self._names.type(socket_id)
            is_exact = kind is not None and kind.has_groups
            demand = self._book.demand(told, is_exact=is_exact, separator=self._separator)
            self._peers.update((peer.peer_id, peer) for peer in told.peers)
            for topic, one in demand.subscriptions.items():
                is_unmatched = topic in demand.unmatched
                self._rows["want", socket_id, topic] = WantRow(
                    socket_id, topic, one, 0, is_unmatched, demand.has_sent
                )
            for topic, sent in demand.unwanted.items():
                self._rows["sent", socket_id, topic] = WantRow(socket_id, topic, None, sent)

    def sorted_keys(self) -> list[Hashable]:
        """The shown rows in the order of the chosen column."""
        found = [
            (key, row)
            for key, row in self._rows.items()
            if not self._typed or self._typed in self._topic(row).casefold()
        ]
        column = self._column if 0 <= self._column < len(WantColumn) else WantColumn.TOPIC
        found.sort(key=lambda pair: self._value(pair[1], column), reverse=self._descending)
        return [key for key, _ in found]

    def _value(self, row: WantRow, column: int) -> Any:
        match column:
            case WantColumn.SOCKET:
                return (self._names.name(row.socket_id).casefold(), row.topic)
            case WantColumn.COUNT:
                return (row.subscription.count if row.subscription else -1, row.sent)
            case WantColumn.WHO:
                return (self._who(row, _MOST_NAMED), row.topic)
            case WantColumn.SINCE:
                return (row.subscription.since_ns if row.subscription else 0, row.topic)
            case WantColumn.NOTE:
                return (row.subscription is None, row.is_unmatched, row.sent, row.topic)
        return (row.topic, row.subscription is None)

    def row(self, key: Hashable | None) -> WantRow | None:
        """What stands in a row; None if it is not there."""
        return self._rows.get(key)

    def kind(self, socket_id: SocketId) -> SocketType | None:
        """A socket's type, if it was ever told."""
        return self._names.type(socket_id)

    def _topic(self, row: WantRow) -> str:
        if not row.topic:
            return _tr("everything") if row.subscription is not None else NOTHING
        # As the table of topics writes it; an XPUB's own reading is for what it receives.
        return topic_text(row.topic, Direction.SENT, SocketType.PUB)

    def _who(self, row: WantRow, most: int) -> str:
        if row.subscription is None:
            return ""
        known = [self._peers[one] for one in row.subscription.peers[:most] if one in self._peers]
        names = []
        for peer in known:
            process = process_text(peer.process)
            names.append(address_text(peer) if process == NOTHING else process)
        more = row.subscription.count - len(names)
        if names and more > 0:
            names.append(_tr("{0} more").format(format_count(more)))
        return ", ".join(names)

    def cells(self, start: int, stop: int) -> list[TableCells]:
        """The texts of rows."""
        rows = map(self._rows.get, self._keys[max(0, start) : max(0, stop)])
        # Nothing stands in a row on its way out, while the table is told so.
        return [_EMPTY if row is None else self._cells(row) for row in rows]

    def _cells(self, row: WantRow) -> TableCells:
        want = row.subscription
        note, token = _note(row)
        texts = (
            self._topic(row),
            self._names.name(row.socket_id),
            _tr("nobody") if want is None else format_count(want.count),
            self._who(row, _MOST_NAMED) or NOTHING,
            format_clock_time(want.since_ns, 0) if want and want.since_ns else NOTHING,
            note,
        )
        topic = "accent" if row.topic else "muted"
        count = "waiting" if want is None else "text"
        return TableCells(texts, (topic, "text", count, "muted", "muted", token))

    def tip(self, row: int, column: int) -> str:
        """What a cell says when the mouse rests on it."""
        found = self._rows.get(self._keys[row])
        if found is None:
            return ""
        match column:
            case WantColumn.WHO:
                named = self._who(found, _MOST_IN_TIP).replace(", ", "\n")
                return named or _why_no_who(found)
            case WantColumn.NOTE | WantColumn.COUNT:
                return _note_tip(found)
        return self._cells(found).texts[column]


def _note(row: WantRow) -> tuple[str, str]:
    if row.subscription is None:
        if row.sent == 1:
            return _tr("1 message sent that nobody wants"), "waiting"
        return _tr("{0} sent that nobody wants").format(format_count(row.sent)), "waiting"
    if row.is_unmatched:
        if not row.has_sent:
            return _tr("nothing was sent yet"), "muted"
        return _tr("nothing sent matches"), "waiting"
    return _tr("matches what is sent"), "muted"


def _note_tip(row: WantRow) -> str:
    if row.subscription is None:
        return _tr(
            "No connected peer subscribes to this: libzmq drops such messages before they leave."
        )
    if row.is_unmatched and row.has_sent:
        return _tr(
            "None of the topics sent so far begins with this. Compare case, blanks and bytes: a "
            "subscription matches the first bytes of a message."
        )
    return _note(row)[0]


def _why_no_who(row: WantRow) -> str:
    if row.subscription is None:
        return _tr("No connected peer subscribes to this.")
    return _tr(
        "A subscription does not say who sent it: with one peer it is known, else only their "
        "number."
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("Subscriptions", text)
