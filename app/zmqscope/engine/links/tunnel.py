"""An open link that changes nothing: behind a proxy, libzmq itself speaks to the peer.

The links' thread.
"""

from __future__ import annotations

from zmqscope.core.transcode import layout as at
from zmqscope.core.transcode.transcoder import new_state
from zmqscope.engine.links.flow import Flow, Scratch
from zmqscope.engine.links.socks import ProxyFailedError
from zmqscope.engine.links.wire import Wire

_ALL_THAT_COMES = 1 << 62


class Tunnel:
    """Between the wire of a proxy and one of our own socket; see ``Bridge`` for what it can do.

    Args:
        outer: The proxy's, which leads to the peer.
        inner: Our socket's.
        scratch: Buffers.
    """

    def __init__(self, outer: Wire, inner: Wire, scratch: Scratch) -> None:
        self._outer, self._inner = outer, inner
        self._incoming = _passing(outer, inner, scratch)
        self._outgoing = _passing(inner, outer, scratch)

    @property
    def is_done(self) -> bool:
        """Whether anything has come from the peer: whatever it speaks, libzmq deals with it."""
        return bool(self._incoming.state[at.BODY_BYTES])

    @property
    def has_peer_left_early(self) -> bool:
        """Never: ``move`` raises the reason."""
        return False

    @property
    def has_ended(self) -> bool:
        """Whether one side has left, and what it said before has been passed on."""
        return any(flow.has_ended and not flow.writes for flow in (self._incoming, self._outgoing))

    def move(self) -> bool:
        """Move what can be moved, within a bound; whether there is more to do at once.

        Raises:
            OSError: A connection is broken.
            ProxyFailedError: The proxy closed its connection before anything came from the peer.
        """
        try:
            more = self._outgoing.move()
            more = self._incoming.move() or more
        except OSError:
            if not self.is_done:
                raise _nothing_came() from None
            raise
        if self._incoming.has_ended and not self.is_done:
            # Some proxies say that they have connected before they have (OpenSSH's -D).
            raise _nothing_came()
        return more

    def interests(self) -> list[tuple[Wire, int]]:
        """What each wire has to be ready for before there is more to do."""
        found: list[tuple[Wire, int]] = []
        for wire, source, sink in (
            (self._outer, self._incoming, self._outgoing),
            (self._inner, self._outgoing, self._incoming),
        ):
            reads = wire.receive_needs if source.reads else 0
            found.append((wire, reads | (wire.send_needs if sink.writes else 0)))
        return found

    def say_goodbye(self) -> None:
        """Tell the peer that no more will come."""
        self._outer.end()


def _passing(source: Wire, sink: Wire, scratch: Scratch) -> Flow:
    """A flow to which all that ever comes is the body of one frame."""
    state = new_state(at.ZMTP, at.ZMTP)
    state[at.LEFT] = _ALL_THAT_COMES
    return Flow(source, sink, state, scratch, len)


def _nothing_came() -> ProxyFailedError:
    return ProxyFailedError(
        "let the connection through, and closed it before anything came from there",
        "Check that the other program runs, and that the address is right as the proxy sees it.",
    )
