"""Which curves the rate plot has: one for each socket and direction. GUI thread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from zmqscope.core.types import Direction, SocketId, SocketSnapshot
from zmqscope.models.format import one_line

if TYPE_CHECKING:
    from zmqscope.bridge.controller import EngineController
    from zmqscope.core.capture.rates import RateTable


class CurveKey(NamedTuple):
    """What a curve is of."""

    socket_id: SocketId
    direction: Direction


@dataclass(frozen=True, slots=True)
class Curve:
    """One curve.

    Attributes:
        key: What it is of.
        name: The socket's name, safe in one line.
        color: Number of its colour; a socket keeps it for life.
        shown: Whether the user wants to see it.
        paused: Whether its socket's display is paused.
    """

    key: CurveKey
    name: str
    color: int
    shown: bool = True
    paused: bool = False

    @property
    def arrow(self) -> str:
        """The direction as one character."""
        return "↓" if self.key.direction is Direction.RECEIVED else "↑"

    @property
    def label(self) -> str:
        """Name and direction: ``quotes ↓``."""
        return f"{self.name} {self.arrow}"


class CurveList(QObject):
    """Follows the controller's sockets and the directions in which they carried something.

    Args:
        rates: Where it shows which sockets carried a message, and which way.
        controller: Where sockets are followed.
        parent: Owner.
    """

    changed = Signal()
    """Other curves, names or colours, or others of them shown."""

    def __init__(
        self, rates: RateTable, controller: EngineController, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._rates = rates
        self._controller = controller
        self._curves: list[Curve] = []
        self._hidden: set[CurveKey] = set()
        self._colors: dict[SocketId, int] = {}
        self._since_ns: dict[SocketId, int] = {}
        self._paused: frozenset[SocketId] = frozenset()
        self._stale = True
        self._keys_seen = 0
        controller.socket_changed.connect(self.on_controller_socket_changed)
        controller.socket_removed.connect(self.on_controller_socket_changed)

    @property
    def all(self) -> list[Curve]:
        """All curves, in the order of the sockets, received before sent."""
        return self._curves

    @property
    def shown(self) -> list[Curve]:
        """Those that the user wants to see."""
        return [curve for curve in self._curves if curve.shown]

    @property
    def has_sockets(self) -> bool:
        """Whether any socket is listed."""
        return bool(self._controller.snapshots)

    @property
    def has_traffic(self) -> bool:
        """Whether any listed socket ever carried a message."""
        listed = self._controller.snapshots
        return any(socket_id in listed for socket_id, _ in self._carried())

    def since_ns(self, socket_id: SocketId) -> int:
        """When a socket was first seen, on the capture clock."""
        return self._since_ns.get(socket_id, 0)

    @Slot(object)
    def on_controller_socket_changed(self, _what: object) -> None:
        """A socket came, went or has another name or state: look again at the next sync."""
        self._stale = True

    def sync(self, now_ns: int) -> None:
        """Bring the list up to date; cheap when nothing happened.

        Args:
            now_ns: The time now on the capture clock.
        """
        carried = self._carried()
        if not self._stale and len(carried) == self._keys_seen:
            return
        self._stale, self._keys_seen = False, len(carried)
        snapshots = self._controller.snapshots
        for gone in [socket_id for socket_id in self._colors if socket_id not in snapshots]:
            del self._colors[gone], self._since_ns[gone]
            self._hidden -= {CurveKey(gone, way) for way in Direction}
        curves: list[Curve] = []
        for socket_id, snapshot in snapshots.items():
            if socket_id not in self._colors:
                self._colors[socket_id] = _lowest_free(set(self._colors.values()))
                self._since_ns[socket_id] = now_ns
            ways = [way for way in Direction if (socket_id, way) in carried]
            curves += [self._curve(snapshot, way) for way in ways or _silent_ways(snapshot)]
        self._put(curves)

    def set_shown(self, key: CurveKey, shown: bool) -> None:
        """Switch a curve on or off."""
        self._set_hidden(self._hidden - {key} if shown else self._hidden | {key})

    def show_only(self, key: CurveKey) -> None:
        """Switch all others off."""
        self._set_hidden({curve.key for curve in self._curves} - {key})

    def show_all(self) -> None:
        """Switch all curves on."""
        self._set_hidden(set())

    def set_paused(self, paused: frozenset[SocketId]) -> None:
        """Mark the curves of sockets whose display is paused."""
        self._paused = paused
        self._put([replace(c, paused=c.key.socket_id in paused) for c in self._curves])

    def _set_hidden(self, hidden: Iterable[CurveKey]) -> None:
        self._hidden = set(hidden)
        self._put([replace(c, shown=c.key not in self._hidden) for c in self._curves])

    def _carried(self) -> set[tuple[SocketId, Direction]]:
        return set(self._rates.keys())

    def _curve(self, snapshot: SocketSnapshot, direction: Direction) -> Curve:
        key = CurveKey(snapshot.socket_id, direction)
        return Curve(
            key=key,
            name=one_line(snapshot.name),
            color=self._colors[snapshot.socket_id],
            shown=key not in self._hidden,
            paused=snapshot.socket_id in self._paused,
        )

    def _put(self, curves: list[Curve]) -> None:
        if curves != self._curves:
            self._curves = curves
            self.changed.emit()


def _silent_ways(snapshot: SocketSnapshot) -> list[Direction]:
    """The curve of a socket that has carried nothing: one, at zero, while it is open."""
    if not snapshot.is_open:
        return []
    return [Direction.RECEIVED if snapshot.spec.type.can_receive else Direction.SENT]


def _lowest_free(taken: set[int]) -> int:
    number = 0
    while number in taken:
        number += 1
    return number
