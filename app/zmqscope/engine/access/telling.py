"""What the authenticator decides, in words, without flooding the log. One thread."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from zmqscope.core.events import EventKind
from zmqscope.core.security.lock import Mechanism
from zmqscope.core.types import Severity, SocketId
from zmqscope.core.wording import quoted
from zmqscope.engine.access.record import AccessRecord
from zmqscope.engine.access.zap import ZapStatus

TellEvent = Callable[[SocketId | None, EventKind, Severity, str, str, str], None]

_AT_ONCE = 10
_EACH_NS = 2_000_000_000
_MOST_SOCKETS = 1_000
_SHOWN_LETTERS = 8
_KNOCK_HINT = "Let it in or refuse it; until then nothing passes."


class AccessTeller:
    """Tells each decision; in a flood without what differs from one to the next.

    Args:
        tell: Takes what happened: socket, kind, severity, text, hint, address. Any thread.
    """

    def __init__(self, tell: TellEvent) -> None:
        self._tell = tell
        # Of each socket: until when particulars are used up, ns on the capture clock.
        self._used_ns: OrderedDict[SocketId, int] = OrderedDict()

    def told(self, record: AccessRecord) -> None:
        """Tell a decision."""
        has_room = self._has_room(record)
        who = _who(record) if has_room else "A peer"
        address = record.address if has_room else ""
        where = f" from {address}" if address else ""
        how = record.mechanism.value
        if record.status is ZapStatus.SUCCESS:
            severity, hint = Severity.INFO, ""
            text = f"{who}{where} was let in by {how}."
        else:
            reason = record.reason if has_room else _in_general(record)
            severity, hint = Severity.WARNING, ""
            if record.status is None:
                text, hint = f"{who}{where} waits to be let in: {reason}.", _KNOCK_HINT
            elif record.status is ZapStatus.TEMPORARY:
                text = f"{who}{where} was put off: {reason}."
            else:
                text = f"{who}{where} was refused: {reason}."
        self._tell(record.socket_id, EventKind.ACCESS, severity, text, hint, address)

    def _has_room(self, record: AccessRecord) -> bool:
        now_ns, used_ns = record.time_ns, self._used_ns.pop(record.socket_id, 0)
        used_ns = max(used_ns, now_ns)
        has_room = used_ns - now_ns < _AT_ONCE * _EACH_NS
        self._used_ns[record.socket_id] = used_ns + (_EACH_NS if has_room else 0)
        if len(self._used_ns) > _MOST_SOCKETS:
            self._used_ns.popitem(last=False)
        return has_room


def _who(record: AccessRecord) -> str:
    if record.key and record.user_id in ("", record.key):
        return f"A peer with the key {record.key[:_SHOWN_LETTERS]}…"
    if record.user_id:
        return quoted(record.user_id)
    return "A peer" if record.process is None else f"Process {record.process}"


def _in_general(record: AccessRecord) -> str:
    """Why, without whose key or name it is."""
    access = f"the list {quoted(record.access)}"
    if record.status is ZapStatus.TEMPORARY:
        return record.reason
    if record.mechanism is Mechanism.CURVE:
        return f"it does not fit {access}; there are many such peers"
    if record.mechanism is Mechanism.PLAIN:
        return f"its name or password does not fit {access}; there are many such peers"
    return f"{access} does not let it in; there are many such peers"
