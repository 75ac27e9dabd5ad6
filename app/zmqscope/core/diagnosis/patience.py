"""How long the doctor waits before it speaks, and how long it remembers. Frozen, any thread."""

from __future__ import annotations

from dataclasses import dataclass

_S = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Patience:
    """All in ns.

    Attributes:
        unreached_ns: Nobody listens: a program may only be starting.
        undialled_ns: A machine does not answer at all.
        ambiguous_ns: A handshake fails and does not say why: what tells may come later.
        silent_ns: A connection whose handshake does not end.
        bind_memory_ns: What happened once at a bound endpoint is told for so long.
        healed_ns: Less long if a peer has come in since, and it has not happened again.
        lost_memory_ns: A connection that was cut.
        flapping_ns: Losses within this time are counted together.
        reply_ns: How long a REQ may wait, and a REP think.
        turn_ns: How long a send may be out of turn: the reply may be on its way.
        deadlock_ns: How long both sides of one exchange have to wait.
        refusal_ns: How long a refused send is worth a word.
        queued_ns: How long something may wait for a first peer.
        full_ns: How long libzmq has to refuse everything.
        unsubscribed_ns: How long a SUB may be without subscriptions.
        unmatched_ns: A subscription that nothing matches while others get messages.
        quiet_ns: Subscriptions that get nothing at all.
        slow_ns: How long a queue has to stay full.
        joined_ns: How long what the first subscriber missed is worth a word.
        stopped_ns: How long a process has to be stopped.
    """

    unreached_ns: int = 2 * _S
    undialled_ns: int = 5 * _S
    ambiguous_ns: int = 3 * _S
    silent_ns: int = 3 * _S
    bind_memory_ns: int = 60 * _S
    healed_ns: int = 5 * _S
    lost_memory_ns: int = 30 * _S
    flapping_ns: int = 60 * _S
    reply_ns: int = 5 * _S
    turn_ns: int = _S
    deadlock_ns: int = 2 * _S
    refusal_ns: int = 15 * _S
    queued_ns: int = 2 * _S
    full_ns: int = _S
    unsubscribed_ns: int = 2 * _S
    unmatched_ns: int = 60 * _S
    quiet_ns: int = 20 * _S
    slow_ns: int = 3 * _S
    joined_ns: int = 30 * _S
    stopped_ns: int = _S
