"""Rates of made-up sockets, and the model that reads them."""

from __future__ import annotations

from typing import cast

import numpy as np
from PySide6.QtCore import QObject, Signal

from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.rates import RateTable
from zmqscope.core.types import Direction, SocketId, SocketSnapshot, SocketSpec, SocketState
from zmqscope.core.types import SocketType as T
from zmqscope.models.rates.curves import CurveList
from zmqscope.models.rates.rates import RatesModel

S = 1_000_000_000


NOW = 1_795_442_532 * S


IN, OUT = Direction.RECEIVED, Direction.SENT


class Sockets(QObject):
    """Stands for the controller: only what a list of sockets needs."""

    socket_changed = Signal(object)
    socket_removed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.snapshots: dict[SocketId, SocketSnapshot] = {}

    def put(
        self, number: int, name: str, kind: T = T.PAIR, state: SocketState = SocketState.CONNECTED
    ) -> SocketId:
        socket_id = SocketId(number)
        self.snapshots[socket_id] = SocketSnapshot(socket_id, SocketSpec(kind, name=name), state)
        self.socket_changed.emit(self.snapshots[socket_id])
        return socket_id

    def remove(self, number: int) -> None:
        del self.snapshots[SocketId(number)]
        self.socket_removed.emit(SocketId(number))


class Bench:
    """A model over a rate table of its own."""

    def __init__(self) -> None:
        self.rates = RateTable()
        self.sockets = Sockets()
        self.curves = CurveList(self.rates, cast(EngineController, self.sockets))
        self.model = RatesModel(self.rates, self.curves)

    def carry(
        self, number: int, way: Direction, per_s: int, start_ns: int, end_ns: int, size: int = 10
    ) -> None:
        times = np.arange(start_ns, end_ns, S // per_s)
        self.rates.add(SocketId(number), way, times, np.full(len(times), size))

    def labels(self, now_ns: int = NOW) -> list[str]:
        self.model.sync(now_ns)
        return [curve.label for curve in self.curves.all]
