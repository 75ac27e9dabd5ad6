"""The sockets as a list for views, with live rates and sparklines. GUI thread."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Slot,
)

from zmqscope.core.diagnosis.finding import Finding
from zmqscope.core.types import Direction, SocketId, SocketSnapshot
from zmqscope.models.doctor import finding_words
from zmqscope.models.format import plain_tip
from zmqscope.models.sockets import socket_words

if TYPE_CHECKING:
    from zmqscope.bridge.controller import EngineController
    from zmqscope.core.capture.store import CaptureStore

SPARK_BINS = 60
SPARK_BIN_NS = 500_000_000

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class SocketRole(IntEnum):
    """Data roles beyond Qt's own."""

    ITEM = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a socket carries now.

    Attributes:
        received_per_s: Messages received in the last second.
        sent_per_s: Messages sent in the last second.
        spark: Messages/s over the last 30 s, oldest first; empty when there were none.
        spark_direction: The direction of ``spark``, the busier one.
    """

    received_per_s: float = 0.0
    sent_per_s: float = 0.0
    spark: tuple[float, ...] = ()
    spark_direction: Direction = Direction.RECEIVED


SILENT = Traffic()


@dataclass(frozen=True, slots=True)
class SocketItem:
    """One row, as a delegate paints it.

    Attributes:
        snapshot: The socket as it is now.
        traffic: What it carries now.
        paused: Whether its messages are kept off the display.
        findings: What the doctor has found, the worst first.
    """

    snapshot: SocketSnapshot
    traffic: Traffic = SILENT
    paused: bool = False
    findings: tuple[Finding, ...] = ()

    @property
    def directions(self) -> tuple[Direction, ...]:
        """The ways in which messages can go on this type of socket."""
        kind = self.snapshot.spec.type
        if kind.can_receive and kind.can_send:
            return tuple(Direction)
        return (Direction.RECEIVED,) if kind.can_receive else (Direction.SENT,)

    @property
    def received_per_s(self) -> float | None:
        """Messages/s received; None if the type cannot receive."""
        return self.traffic.received_per_s if self.snapshot.spec.type.can_receive else None

    @property
    def sent_per_s(self) -> float | None:
        """Messages/s sent; None if the type cannot send."""
        return self.traffic.sent_per_s if self.snapshot.spec.type.can_send else None


class SocketListModel(QAbstractListModel):
    """Follows the controller's sockets; rates are read on ``refresh``.

    Args:
        store: Where rates and totals are read.
        controller: Where sockets are followed and renamed.
        parent: Owner.
    """

    def __init__(
        self, store: CaptureStore, controller: EngineController, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._controller = controller
        self._items = [SocketItem(snapshot) for snapshot in controller.snapshots.values()]
        self._watched: dict[SocketId, tuple[int, int]] = {}  # total seen, silent from (ns)
        self._paused: Container[SocketId] = ()
        self._findings: dict[SocketId, tuple[Finding, ...]] = {}
        controller.socket_changed.connect(self.on_controller_socket_changed)
        controller.socket_removed.connect(self.on_controller_socket_removed)

    # ---- Qt's view of it --------------------------------------------------------------------

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._items):
            return None
        item = self._items[index.row()]
        match role:
            case SocketRole.ITEM:
                return item
            case Qt.ItemDataRole.DisplayRole:
                return socket_words.shown_name(item.snapshot)
            case Qt.ItemDataRole.EditRole:
                return item.snapshot.name
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(socket_words.tooltip(item.snapshot, item.findings))
            case Qt.ItemDataRole.AccessibleTextRole:
                return socket_words.accessible_text(
                    item.snapshot, item.received_per_s, item.sent_per_s, item.findings
                )
        return None

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for another name; the row changes when the engine has taken it."""
        if not index.isValid() or role != Qt.ItemDataRole.EditRole:
            return False
        snapshot = self._items[index.row()].snapshot
        name = str(value).strip()
        if not name or name == snapshot.name:
            return False
        self._controller.rename_socket(snapshot.socket_id, name)
        return True

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return (
            Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsEditable
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    # ---- our own ----------------------------------------------------------------------------

    def item(self, row: int) -> SocketItem:
        """The row's item."""
        return self._items[row]

    def row_of(self, socket_id: SocketId) -> int:
        """The row of a socket; -1 if it is not listed."""
        for row, item in enumerate(self._items):
            if item.snapshot.socket_id == socket_id:
                return row
        return -1

    def set_paused(self, paused: Container[SocketId]) -> None:
        """Mark the sockets whose display is paused."""
        self._paused = paused
        for row, item in enumerate(self._items):
            self._put(row, replace(item, paused=item.snapshot.socket_id in paused))

    def set_findings(self, findings: tuple[Finding, ...]) -> None:
        """Mark the sockets about which the doctor has found something."""
        self._findings = finding_words.by_socket(findings)
        for row, item in enumerate(self._items):
            found = self._findings.get(item.snapshot.socket_id, ())
            self._put(row, replace(item, findings=found))

    def refresh(self, now_ns: int) -> bool:
        """Read rates and sparklines again; rows that stay the same are left alone.

        Args:
            now_ns: The time now on the capture clock.

        Returns:
            Whether any socket carried a message in the last 30 s.
        """
        busy = False
        for row, item in enumerate(self._items):
            traffic = self._traffic(item, now_ns)
            busy = busy or traffic is not SILENT
            if traffic != item.traffic:
                self._put(row, replace(item, traffic=traffic))
        return busy

    @Slot(object)
    def on_controller_socket_changed(self, snapshot: SocketSnapshot) -> None:
        """Show a socket as it is now, or list a new one."""
        row = self.row_of(snapshot.socket_id)
        if row >= 0:
            self._put(row, replace(self._items[row], snapshot=snapshot))
            return
        end = len(self._items)
        self.beginInsertRows(QModelIndex(), end, end)
        socket_id = snapshot.socket_id
        found = self._findings.get(socket_id, ())
        self._items.append(SocketItem(snapshot, paused=socket_id in self._paused, findings=found))
        self.endInsertRows()

    @Slot(object)
    def on_controller_socket_removed(self, socket_id: SocketId) -> None:
        """Take a socket off the list."""
        row = self.row_of(socket_id)
        if row < 0:
            return
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._items[row]
        self._watched.pop(socket_id, None)
        self.endRemoveRows()

    def _put(self, row: int, item: SocketItem) -> None:
        if item == self._items[row]:
            return
        self._items[row] = item
        index = self.index(row)
        self.dataChanged.emit(index, index)

    def _traffic(self, item: SocketItem, now_ns: int) -> Traffic:
        socket_id = item.snapshot.socket_id
        counters = self._store.counters.of(socket_id)
        messages = counters.received.messages + counters.sent.messages
        seen, silent_from_ns = self._watched.get(socket_id, (0, 0))
        if messages != seen:
            silent_from_ns = now_ns + (SPARK_BINS + 1) * SPARK_BIN_NS
            self._watched[socket_id] = (messages, silent_from_ns)
        # An idle socket costs this comparison: its bins are read only until they are all zero.
        if now_ns >= silent_from_ns:
            return SILENT
        ways = item.directions
        sparks = {way: self._spark(socket_id, way, now_ns) for way in ways}
        rates = {way: self._current(socket_id, way, now_ns) for way in ways}
        busier = max(ways, key=lambda way: sum(sparks[way]))
        received, sent = (rates.get(way, 0.0) for way in Direction)
        return Traffic(received, sent, sparks[busier], busier)

    def _spark(self, socket_id: SocketId, direction: Direction, now_ns: int) -> tuple[float, ...]:
        end_ns = now_ns // SPARK_BIN_NS * SPARK_BIN_NS
        window = self._store.rates.window(socket_id, direction, end_ns, SPARK_BINS, SPARK_BIN_NS)
        return tuple(window.messages_per_s.tolist())

    def _current(self, socket_id: SocketId, direction: Direction, now_ns: int) -> float:
        return self._store.rates.current(socket_id, direction, now_ns)[0]
