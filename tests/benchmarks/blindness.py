"""The app without doctor, peers and monitors, to see what they cost. GUI thread of the app.

While it is blind, sockets that are opened have no events, and nothing looks at what passes.
"""

from __future__ import annotations

from typing import Any

import zmq

from zmqscope.engine import monitor
from zmqscope.engine.doctor.desk import DoctorDesk
from zmqscope.engine.event_book import EventBook
from zmqscope.engine.watch.watch import PeerWatch


def _nothing(*_: object) -> None:
    """Instead of looking."""


def _all_received(
    _watch: object, _publishers: object, received: list[Any], *_: object
) -> list[Any]:
    """Instead of taking first messages one by one."""
    return received


def _as_asked(_self: object, limit_ms: int) -> int:
    """Instead of waking up to look."""
    return limit_ms


_INSTEAD: tuple[tuple[type, str, Any], ...] = (
    (DoctorDesk, "on_pass", _nothing),
    (DoctorDesk, "on_peers", _nothing),
    (DoctorDesk, "on_sent", _nothing),
    (DoctorDesk, "look", _nothing),
    (PeerWatch, "read", _all_received),
    (PeerWatch, "on_idle", _nothing),
    (PeerWatch, "on_stored", _nothing),
    (PeerWatch, "on_emptied", _nothing),
    (PeerWatch, "look", _nothing),
    (PeerWatch, "wait_ms", _as_asked),
    (EventBook, "saw", _nothing),
)
_NO_EVENTS = zmq.Event(0)


class Blindness:
    """Comes and goes; sockets have to be opened anew each time."""

    def __init__(self) -> None:
        self._kept: list[tuple[type, str, Any]] = []
        self._events = monitor._EVENTS

    def set(self, is_blind: bool) -> None:
        """Close the app's eyes, or open them."""
        if is_blind and not self._kept:
            for kind, name, instead in _INSTEAD:
                self._kept.append((kind, name, getattr(kind, name)))
                setattr(kind, name, instead)
            monitor._EVENTS = _NO_EVENTS
        elif not is_blind:
            for kind, name, original in self._kept:
                setattr(kind, name, original)
            self._kept.clear()
            monitor._EVENTS = self._events
