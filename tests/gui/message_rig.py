"""Sockets and messages for the tests of table and inspector, without an engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np
from PySide6.QtCore import QObject, Signal

from zmqscope.bridge.controller import EngineController
from zmqscope.core.capture.segment import Batch
from zmqscope.core.capture.store import CaptureStore
from zmqscope.core.kernels.kernel_set import KernelSet
from zmqscope.core.types import (
    Direction,
    SocketId,
    SocketSnapshot,
    SocketSpec,
    SocketState,
    SocketType,
)

START_NS = 1_700_000_000_000_000_000


class SocketList(QObject):
    """What the panels need of the controller: sockets, and signals about them."""

    socket_changed = Signal(object)
    socket_removed = Signal(object)
    woken = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.snapshots: dict[SocketId, SocketSnapshot] = {}
        self.kernels = KernelSet()

    def as_controller(self) -> EngineController:
        """Itself, as the panels know it."""
        return cast(EngineController, self)

    def add(self, number: int, socket_type: SocketType, name: str) -> SocketId:
        """Have a socket."""
        socket_id = SocketId(number)
        spec = SocketSpec(socket_type, name=name)
        snapshot = SocketSnapshot(socket_id, spec, SocketState.CONNECTED)
        self.snapshots[socket_id] = snapshot
        self.socket_changed.emit(snapshot)
        return socket_id

    def rename(self, socket_id: SocketId, name: str) -> None:
        """Give a socket another name."""
        snapshot = self.snapshots[socket_id]
        changed = replace(snapshot, spec=replace(snapshot.spec, name=name))
        self.snapshots[socket_id] = changed
        self.socket_changed.emit(changed)


def put(
    store: CaptureStore,
    socket_id: int,
    *messages: Sequence[bytes],
    direction: Direction = Direction.RECEIVED,
    time_ns: int | None = None,
) -> None:
    """Store messages, a microsecond apart."""
    first_ns = START_NS + int(store.end_row) * 1_000 if time_ns is None else time_ns
    count = len(messages)
    store.append(
        Batch(
            socket_id,
            int(direction),
            first_ns + np.arange(count, dtype=np.int64) * 1_000,
            np.array([len(frames) for frames in messages], np.uint32),
            np.array([len(f) for frames in messages for f in frames], np.uint32),
            b"".join(f for frames in messages for f in frames),
        )
    )


def put_many(store: CaptureStore, socket_id: int, count: int, size: int = 16) -> None:
    """Store many one-frame messages in large batches."""
    for start in range(0, count, 100_000):
        part = min(100_000, count - start)
        store.append(
            Batch(
                socket_id,
                int(Direction.RECEIVED),
                START_NS + int(store.end_row) + np.arange(part, dtype=np.int64),
                np.ones(part, np.uint32),
                np.full(part, size, np.uint32),
                b"x" * (part * size),
            )
        )
