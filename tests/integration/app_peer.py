"""A second socket of the app in the place of a peer, obeying as the peers of other processes do."""

from __future__ import annotations

import itertools
from typing import Any

from tests.integration.talks import numbered
from tests.peers.session import Seen
from tests.rig import EngineRig
from zmqscope.core.types import Direction, RequestId, SocketId
from zmqscope.engine import commands as cmd

_numbers = itertools.count(2_000_000)


class AppPeer:
    """See ``tests/peers/session.py`` for what it can be told; the engine's steps move it.

    Args:
        rig: The engine.
        socket_id: The socket.
        last_id: The routing id of the peer that ``to_last`` means at first.
    """

    def __init__(self, rig: EngineRig, socket_id: SocketId, last_id: bytes = b"") -> None:
        self._rig = rig
        self._socket_id = socket_id
        self._last_id = last_id
        self._next = 0
        self._awaited: list[tuple[int, bool]] = []
        self._asked: list[RequestId] = []

    def do(self, what: str, **details: Any) -> None:
        """Give it a command."""
        if what == "await":
            self._awaited.append((details["count"], details.get("any", False)))
            return
        assert what == "send"
        prefix = [bytes.fromhex(frame) for frame in details["prefix"]]
        for _ in range(details["count"]):
            self.say(*prefix, numbered(self._next), to_last=details["to_last"])
            self._next += 1

    def say(self, *frames: bytes, to_last: bool = False) -> None:
        """Have it send one message."""
        request_id = RequestId(next(_numbers))
        self._asked.append(request_id)
        target = (self._newest_id(),) if to_last else ()
        self._rig.post(cmd.SendMessage(request_id, self._socket_id, (*target, *frames)))

    def fact(self, timeout_s: float = 0.0) -> dict[str, Any] | None:
        """What it would tell now; it cannot wait, since nothing moves meanwhile."""
        seen = self._seen()
        if not self._awaited:
            return None
        count, any_kind = self._awaited[0]
        received = seen.messages if any_kind else seen.numbered
        if received < count:
            return None
        del self._awaited[0]
        return {"received": received}

    def finish(self) -> dict[str, Any]:
        """Its summary."""
        reports = [self._rig.reports.get(request_id) for request_id in self._asked]
        seen = self._seen()
        return {
            "missing": seen.missing,
            "misordered": seen.misordered,
            "refused": sum(report is not None and not report.accepted for report in reports),
            "unsent": reports.count(None),
            "messages": seen.kept,
        }

    def _seen(self) -> Seen:
        seen = Seen()
        for frames in self._received():
            seen.take(list(frames))
        return seen

    def _newest_id(self) -> bytes:
        received = self._received()
        return received[-1][0] if received else self._last_id

    def _received(self) -> list[tuple[bytes, ...]]:
        messages = self._rig.messages(self._socket_id)
        return [m.frames for m in messages if m.direction is Direction.RECEIVED]
