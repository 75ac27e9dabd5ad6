"""The envelopes that come with the app, in the order in which they win a draw."""

from __future__ import annotations

from zmqscope.core.envelopes.envelope import Envelope


def builtin_envelopes() -> tuple[Envelope, ...]:
    """All envelopes of the app."""
    return ()
