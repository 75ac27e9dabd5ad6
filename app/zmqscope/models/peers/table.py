"""The peer table as an item model: peers of one socket or of all, with live figures. GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from PySide6.QtCore import QObject

from zmqscope.core.peers import Peer, PeerId, SocketPeers
from zmqscope.core.types import SocketId, SocketSnapshot, SocketType
from zmqscope.models.messages.cells import CellWriter
from zmqscope.models.peers.cells import (
    EMPTY_CELLS,
    PeerColumn,
    address_text,
    identity_text,
    peer_cells,
    peer_columns,
    peer_tip,
    process_text,
    types_text,
)
from zmqscope.models.peers.rows import KeyedTableModel, TableCells

_LIVE = (
    *(PeerColumn.RECEIVED, PeerColumn.RECEIVED_BYTES, PeerColumn.SENT),
    *(PeerColumn.SENT_BYTES, PeerColumn.UNSENT),
)
# Rows that are sorted by what moves all the time change their places once a second.
_SORT_EVERY_NS = 1_000_000_000
_OPEN = ("", "NULL")


class PeerTableModel(KeyedTableModel):
    """All peers that were told, as far as they are wanted; told to show news by ``refresh``.

    Args:
        parent: Owner.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(peer_columns(), parent)
        self._told: dict[SocketId, SocketPeers] = {}
        self._peers: dict[PeerId, Peer] = {}
        self._names = CellWriter()
        self._only: SocketId | None = None
        self._typed = ""
        self._is_dirty = True
        self._now_ns = 0
        self._sorted_ns = 0

    # ---- what is told -----------------------------------------------------------------------

    def take(self, peers: SocketPeers) -> None:
        """The peers of a socket as they are now; shown at the next refresh."""
        self._told[peers.socket_id] = peers
        self._is_dirty = True

    def forget(self, socket_id: SocketId) -> None:
        """A socket is gone, and its peers with it."""
        if self._told.pop(socket_id, None) is not None:
            self._is_dirty = True

    def set_sockets(self, snapshots: Mapping[SocketId, SocketSnapshot]) -> bool:
        """Take in sockets' names and types; returns whether what is shown has changed."""
        changed = self._names.set_sockets(snapshots)
        self._is_dirty = self._is_dirty or changed
        return changed

    def set_socket(self, socket_id: SocketId | None) -> None:
        """Show the peers of this socket alone, or of all; shown at the next refresh."""
        if socket_id != self._only:
            self._only = socket_id
            self._is_dirty = True

    def set_filter(self, typed: str) -> None:
        """Show only peers that contain this, at once."""
        typed = typed.strip().casefold()
        if typed != self._typed:
            self._typed = typed
            self._read()
            self.show_keys(self.sorted_keys())

    # ---- what is shown ----------------------------------------------------------------------

    @property
    def known(self) -> int:
        """Peers there are, found or not, of the socket that is shown or of all."""
        return sum(len(told.peers) + told.more for told in self._wanted())

    @property
    def more(self) -> int:
        """Peers that were not told one by one."""
        return sum(told.more for told in self._wanted())

    @property
    def typed(self) -> str:
        """What the peers have to contain."""
        return self._typed

    def _wanted(self) -> list[SocketPeers]:
        if self._only is None:
            return list(self._told.values())
        told = self._told.get(self._only)
        return [] if told is None else [told]

    def refresh(self, now_ns: int, *, hold: bool = False) -> bool:
        """Show what was told since.

        Args:
            now_ns: The time now on the capture clock.
            hold: Leave rows where they are, because somebody is about to click one.

        Returns:
            Whether anything can have changed.
        """
        self._now_ns = now_ns
        if hold or not self._is_dirty:
            return False
        self._is_dirty = False
        self._read()
        if self._column in _LIVE and 0 <= now_ns - self._sorted_ns < _SORT_EVERY_NS:
            self.show_keys(self._kept_order())
        else:
            self._sorted_ns = now_ns
            self.show_keys(self.sorted_keys())
        return True

    def _read(self) -> None:
        shown = (peer for told in self._wanted() for peer in told.peers)
        if self._typed:
            shown = (peer for peer in shown if self._typed in self._words(peer))
        self._peers = {peer.peer_id: peer for peer in shown}

    def _words(self, peer: Peer) -> str:
        parts = (
            self._names.name(peer.socket_id),
            address_text(peer),
            process_text(peer.process),
            peer.process.command if peer.process is not None else "",
            types_text(peer.types),
            identity_text(peer),
            peer.mechanism,
            peer.user_id,
        )
        return "\n".join(parts).casefold()

    def _kept_order(self) -> list[Hashable]:
        stay: list[Hashable] = [key for key in self._keys if key in self._peers]
        known = set(stay)
        return stay + [key for key in self._peers if key not in known]

    def sorted_keys(self) -> list[Hashable]:
        """The shown peers in the order of the chosen column; what is not known comes last."""
        arrived = sorted(self._peers.values(), key=lambda peer: (peer.since_ns, peer.peer_id))
        if not 0 <= self._column < len(PeerColumn):
            return [peer.peer_id for peer in arrived]
        value = self._value(PeerColumn(self._column))
        known = [(found, peer) for peer in arrived if (found := value(peer)) is not None]
        known.sort(key=lambda pair: pair[0], reverse=self._descending)
        result: list[Hashable] = [peer.peer_id for _, peer in known]
        if len(result) < len(arrived):
            result += [peer.peer_id for peer in arrived if value(peer) is None]
        return result

    def _value(self, column: PeerColumn) -> Callable[[Peer], Any]:
        match column:
            case PeerColumn.SOCKET:
                return lambda peer: self._names.name(peer.socket_id).casefold()
            case PeerColumn.ADDRESS:
                return lambda peer: _address_order(peer.address) if peer.address else None
            case PeerColumn.PROCESS:
                return lambda peer: (
                    None
                    if peer.process is None
                    else (peer.process.name.casefold(), peer.process.pid)
                )
        return _VALUES[column]

    @property
    def has_locked(self) -> bool:
        """Whether any shown peer is locked: its mechanism is not NULL."""
        return any(peer.mechanism not in _OPEN for peer in self._peers.values())

    @property
    def has_users(self) -> bool:
        """Whether the authenticator calls any shown peer by a name."""
        return any(peer.user_id for peer in self._peers.values())

    @property
    def has_reconnects(self) -> bool:
        """Whether any shown peer has come again."""
        return any(peer.reconnects for peer in self._peers.values())

    def peer(self, key: Hashable | None) -> Peer | None:
        """The peer of a row; None if it is not shown."""
        return self._peers.get(PeerId(key)) if isinstance(key, int) else None

    def peer_at(self, row: int) -> Peer | None:
        """The peer in a row; None if there is no such row."""
        return self.peer(self.key_at(row))

    def kind(self, socket_id: SocketId) -> SocketType | None:
        """A socket's type, if it was ever told."""
        return self._names.type(socket_id)

    def socket_name(self, socket_id: SocketId) -> str:
        """What a socket is called."""
        return self._names.name(socket_id)

    def cells(self, start: int, stop: int) -> list[TableCells]:
        """The texts of rows."""
        shown = map(self.peer, self._keys[max(0, start) : max(0, stop)])
        return [
            # A row on its way out, while the table is told so.
            EMPTY_CELLS if peer is None else peer_cells(peer, self._names.name(peer.socket_id))
            for peer in shown
        ]

    def tip(self, row: int, column: int) -> str:
        """What a cell says when the mouse rests on it."""
        peer = self.peer_at(row)
        if peer is None:
            return ""
        text = self.cells(row, row + 1)[0].texts[column]
        own = "" if peer.own_socket is None else self._names.name(peer.own_socket)
        return peer_tip(peer, column, text, self.kind(peer.socket_id), self._now_ns, own)


def _address_order(address: str) -> tuple[str, int]:
    """Ports by number: ``:9`` before ``:10``."""
    host, _, port = address.rpartition(":")
    return (host, int(port)) if port.isdecimal() else (address, 0)


_VALUES: dict[PeerColumn, Callable[[Peer], Any]] = {
    PeerColumn.TYPE: lambda peer: types_text(peer.types) if peer.types else None,
    PeerColumn.IDENTITY: lambda peer: peer.identity,
    PeerColumn.MECHANISM: lambda peer: peer.mechanism or None,
    PeerColumn.VERSION: lambda peer: peer.version or None,
    PeerColumn.USER: lambda peer: peer.user_id or None,
    PeerColumn.SINCE: lambda peer: peer.since_ns,
    PeerColumn.RECONNECTS: lambda peer: peer.reconnects,
    PeerColumn.RECEIVED: lambda peer: peer.figures and peer.figures.received_messages,
    PeerColumn.RECEIVED_BYTES: lambda peer: peer.figures and peer.figures.received_bytes,
    PeerColumn.SENT: lambda peer: peer.figures and peer.figures.sent_messages,
    PeerColumn.SENT_BYTES: lambda peer: peer.figures and peer.figures.sent_bytes,
    PeerColumn.UNSENT: lambda peer: peer.unsent_bytes,
}
