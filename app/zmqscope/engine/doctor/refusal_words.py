"""Who was refused last, in words. Pure, any thread."""

from __future__ import annotations

from zmqscope.core.security.lock import Mechanism
from zmqscope.core.wording import quoted
from zmqscope.engine.access.record import AccessRecord
from zmqscope.engine.access.zap import ZapStatus

_SHOWN_LETTERS = 8


def refusal_words(decisions: tuple[AccessRecord, ...]) -> str:
    """A sentence about the last one that was refused; empty if nobody was.

    Args:
        decisions: Oldest first.
    """
    last = next((each for each in reversed(decisions) if each.status is ZapStatus.REFUSED), None)
    if last is None:
        return ""
    whence = f" from {last.address}" if last.address else ""
    return f"Last {_who(last)}{whence}: {last.reason or 'it is not on the list'}."


def _who(record: AccessRecord) -> str:
    if record.mechanism is Mechanism.CURVE and record.key:
        return f"the key {record.key[:_SHOWN_LETTERS]}…"
    if record.mechanism is Mechanism.PLAIN and record.user_id:
        return f"the user {quoted(record.user_id)}"
    return "a peer"
